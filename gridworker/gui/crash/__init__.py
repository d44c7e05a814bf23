"""What a bug shows, and the log that goes to whoever mends it."""
