"""A sample community of invented people, and a walk through the whole circle without a window."""
