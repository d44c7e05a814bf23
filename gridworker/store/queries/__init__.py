"""What the pages read: one module a page, functions that take a connection and give plain rows."""
