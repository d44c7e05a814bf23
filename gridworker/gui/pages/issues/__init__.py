"""The issues page: the list by what to do first, and one issue in full beside it."""

from gridworker.gui.pages.issues.page import IssuesPage

__all__ = ["IssuesPage"]
