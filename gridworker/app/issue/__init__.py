"""Issues from report to closing, and the task slip."""
