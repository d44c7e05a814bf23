"""The command line: one file per group of commands."""

STOPPED = 130
"""The exit status after Ctrl C, as shells have it."""
