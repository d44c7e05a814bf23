"""The room the form scrolls in: what has the cursor is always in sight."""

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from gridworker.gui.pages.visit.hazard import HazardPanel
from gridworker.gui.pages.visit.needs import NeedsRaised

_MARGIN = 60


class CursorInSight(QObject):
    """Brings what has the cursor into view: keys jump, and Qt scrolls for Tab alone. It goes with the area."""

    def __init__(self, area: QScrollArea, form: QWidget) -> None:
        super().__init__(area)
        self._area, self._form = area, form
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        area.verticalScrollBar().rangeChanged.connect(self._on_grown)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._form.isAncestorOf(now):
            self._bring_into_view(now)
            QTimer.singleShot(0, now, partial(self._bring_into_view, now))  # what was made just now has its place then

    def _on_grown(self) -> None:
        now = QApplication.focusWidget()
        if now is not None and isinstance(now.parentWidget(), HazardPanel | NeedsRaised):
            self._bring_into_view(now)

    def _bring_into_view(self, now: QWidget) -> None:
        """Of an issue that a check brought up the whole, with the time to respond by."""
        if not self._form.isAncestorOf(now):
            return
        panel = now.parentWidget()
        whole = isinstance(panel, HazardPanel)
        self._area.ensureWidgetVisible(panel if whole and panel is not None else now, 0, 0 if whole else _MARGIN)
