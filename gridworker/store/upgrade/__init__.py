"""Tables of this version made, and read anew from the log."""
