"""A fact of a household: an icon, a line, a grey line under it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui import theme as themes
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import column, flow, row
from gridworker.gui.widgets.text import Text


class Icon(QWidget):
    """An icon alone, that says nothing the words beside it do not say."""

    def __init__(self, name: str, size: int = 18, colour: str = "ink-2") -> None:
        super().__init__()
        self._name, self._size, self._colour = name, size, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self._theme = themes.current()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        del event
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._theme.pixmap(self._name, self._size, self._colour))
        painter.end()


class Fact(QWidget):
    """One fact. ``strong`` follows the words in a colour of ink; ``chip`` stands behind them."""

    def __init__(
        self,
        icon_name: str,
        words: str,
        under: str = "",
        *,
        strong: tuple[str, str] = ("", "ink"),
        chip: ChipSpec | None = None,
    ) -> None:
        super().__init__()
        more, ink = strong
        if more or chip:
            parts: list[QWidget] = [Text(words)]
            parts += [Text(more, "body", ink, bold=True)] if more else []
            parts += [Chip(chip)] if chip else []
            top: QWidget = flow(*parts, gap=6, line_gap=2)
        else:
            top = Text(words, wrap=True)
        text = column(top, gap=2)
        if under:
            text.addWidget(Text(under, "small", "ink-2", wrap=True))
        layout = row(gap=10)
        layout.addLayout(column(2, Icon(icon_name), None))
        layout.addLayout(text, 1)
        self.setLayout(layout)
