"""Reporting an issue from anywhere."""

from gridworker.gui.pages.report.dialog import ReportDialog

__all__ = ["ReportDialog"]
