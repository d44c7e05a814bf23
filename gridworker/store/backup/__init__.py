"""Verified backups, putting one back, and salvage from a damaged store."""
