"""What has the cursor is in sight, in a form that scrolls."""

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

MARGIN = 60
"""Pixels that are shown around it."""


class InSight(QObject):
    """Brings what has the cursor into view: keys jump, and Qt scrolls for Tab alone. It goes with the area."""

    def __init__(self, area: QScrollArea, form: QWidget) -> None:
        super().__init__(area)
        self.area, self.form = area, form
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def bring_into_view(self, now: QWidget) -> None:
        """Scroll as far as it takes, where the widget is still part of the form."""
        if self.form.isAncestorOf(now):
            self.area.ensureWidgetVisible(now, 0, MARGIN)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.form.isAncestorOf(now):
            self.bring_into_view(now)
            QTimer.singleShot(0, now, partial(self.bring_into_view, now))  # what was made just now has its place then
