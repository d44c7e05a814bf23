"""The data key: derived, sealed in slots, kept in two copies, replaced with the office's help."""
