"""A visit: what one needs before the door opens, and the form."""

from gridworker.gui.pages.visit.page import VisitPage

__all__ = ["VisitPage"]
