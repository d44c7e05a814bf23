"""Making a store, opening it, its keys and key files, the office's help, the audit."""
