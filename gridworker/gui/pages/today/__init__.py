"""Today: whom to visit next, why, and what waits at the side."""

from gridworker.gui.pages.today.page import TodayPage

__all__ = ["TodayPage"]
