"""Backups: which there are and what they cover, making one now, the second place, putting one back."""

from gridworker.gui.pages.backups.page import BackupsPage

__all__ = ["BackupsPage"]
