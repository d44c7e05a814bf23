"""The room the form scrolls in: what has the cursor is always in sight."""

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from gridworker.gui.pages.visit.hazard import HazardPanel
from gridworker.gui.pages.visit.needs import NeedsRaised
from gridworker.gui.widgets.insight import InSight


class CursorInSight(InSight):
    """That of a visit, in which a check brings up an issue, and each need one more line."""

    def __init__(self, area: QScrollArea, form: QWidget) -> None:
        super().__init__(area, form)
        area.verticalScrollBar().rangeChanged.connect(self._on_grown)

    def bring_into_view(self, now: QWidget) -> None:
        """Of an issue that a check brought up the whole, with the time to respond by."""
        panel = now.parentWidget()
        if isinstance(panel, HazardPanel) and self.form.isAncestorOf(now):
            self.area.ensureWidgetVisible(panel, 0, 0)
        else:
            super().bring_into_view(now)

    def _on_grown(self) -> None:
        now = QApplication.focusWidget()
        if now is not None and isinstance(now.parentWidget(), HazardPanel | NeedsRaised):
            self.bring_into_view(now)
