"""The search index and what is found by it."""
