"""Households and who lives in them: the list, one file, its timeline, what can happen to it."""
