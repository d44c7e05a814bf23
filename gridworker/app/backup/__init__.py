"""Backups made and put back, damaged stores, the self-check, another data key."""
