"""Files a service writes for a person: codes, PDFs, the bug log; nobody's own file is written over."""
