"""Import a roster: the page and its parts."""

from gridworker.gui.pages.roster.page import RosterPage

__all__ = ["RosterPage"]
