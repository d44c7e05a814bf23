"""When a household is called on next, and why."""
