"""By priority or by route: two words at the right of the list, the chosen one in ink."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import LEFT, box, line_of, middle, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.themed import Themed
from gridworker.text import gettext

_PAD, _GAP, _ICON = 8, 6, 16


class _OrderButton(Themed, Pressable):
    def __init__(self, icon: str, words: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}  G")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        words = self._theme.metrics("small").horizontalAdvance(self.text())
        return QSize(words + self._theme.px(_ICON) + _GAP + 2 * _PAD, max(32, self._theme.px(32)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, ink = self._theme, "ink" if self.isChecked() else "ink-3"
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 8, theme.colour("hover"))
            size = theme.px(_ICON)
            painter.drawPixmap(_PAD, middle(self.rect(), size), theme.pixmap(self._icon, _ICON, ink))
            words = QRect(_PAD + size + _GAP, 0, self.width(), self.height())
            line_of(painter, words, self.text(), (theme.font("small"), theme.colour(ink)), LEFT)
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))


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
