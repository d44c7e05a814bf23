"""Ledgers of residents taken in, as offices keep them: compared, previewed, saved, reported, undone."""
