"""By priority or by route: two words at the right of the list, the chosen one in ink."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import painting
from gridworker.gui.widgets.pill import ICON, Pill
from gridworker.text import gettext


class _OrderButton(Pill):
    def __init__(self, icon: str, words: str) -> None:
        super().__init__(words, pad=8, height=32)
        self._icon = icon
        self.setToolTip(f"{words}  G")
        self.setCheckable(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, ink = self._theme, "ink" if self.isChecked() else "ink-3"
        ground = theme.colour("hover") if self.underMouse() else None
        with painting(self) as painter:
            self.draw(painter, theme.pixmap(self._icon, ICON, ink), theme.colour(ink), ground)


class OrderSwitch(QWidget):
    """``chosen`` carries whether the list goes by route."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._priority = _OrderButton("sort-ascending", gettext("By priority"))
        self._route = _OrderButton("path", gettext("By route"))
        self._priority.setChecked(True)
        group = QButtonGroup(self)
        for button in (self._priority, self._route):
            group.addButton(button)
            button.clicked.connect(self._on_clicked)
        self.setLayout(row(self._priority, self._route, gap=2))
        self.setAccessibleName(gettext("Order of the list"))

    @property
    def by_route(self) -> bool:
        """Whether the route is chosen."""
        return self._route.isChecked()

    def switch(self) -> None:
        """The other order, as a click on it does."""
        (self._priority if self.by_route else self._route).click()

    def _on_clicked(self) -> None:
        self.chosen.emit(self.by_route)
