"""Today: whom to visit next and why, and what waits for a first response."""
