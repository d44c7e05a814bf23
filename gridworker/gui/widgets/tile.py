"""Filter tiles: an icon, two lines, a warning and a number; checkable."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import AvatarSpec, paint_avatar
from gridworker.gui.widgets.chip import ChipSpec, chip_width, paint_chip
from gridworker.gui.widgets.paint import LEFT, RIGHT, box, line_of, painting, ring
from gridworker.gui.widgets.themed import Themed

_PAD, _END = 15, 17


class Tile(Themed, QAbstractButton):
    """One tile (治安隐患 第一时间排查 · 2). ``toggled`` says whether it filters."""

    def __init__(self, title: str, text: str, icon: str, key: str = "") -> None:
        super().__init__()
        self._title, self._line, self._icon = title, text, icon
        self._count, self._chip = 0, ChipSpec("")
        self.setCheckable(True)
        self.setToolTip(key)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)
        self.show_count(0)

    def show_count(self, count: int, chip: ChipSpec | None = None) -> None:
        """Show a number, and a warning beside it where there is one."""
        self._count, self._chip = count, chip or ChipSpec("")
        self.setAccessibleName(" ".join(part for part in (self._title, str(count), self._chip.text) if part))
        self.update()

    def sizeHint(self) -> QSize:
        """Wide as its words, as high as a card head."""
        theme = self._theme
        words = max(
            theme.metrics("body", True).horizontalAdvance(self._title),
            theme.metrics("caption").horizontalAdvance(self._line),
        )
        return QSize(14 + theme.px(36) + 12 + words + 16 + theme.px(32), theme.px(65))

    def minimumSizeHint(self) -> QSize:
        """Without the icon, the number below the words: they are never clipped."""
        theme = self._theme
        words = theme.metrics("body", True).horizontalAdvance(self._title)
        line = theme.metrics("caption").horizontalAdvance(self._line)
        number = theme.metrics("title").horizontalAdvance(str(self._count)) + 8
        return QSize(_PAD + max(words, line + number) + _END, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile."""
        del event
        with painting(self) as painter:
            theme, height = self._theme, self.height()
            fill = "sel" if self.isChecked() else "hover" if self.underMouse() else "card"
            box(
                painter,
                self.rect(),
                12,
                theme.colour(fill),
                theme.colour("accent-line" if self.isChecked() else "line"),
            )
            left = self.words_at()
            if left > _PAD:
                side = theme.px(36)
                area = QRect(_PAD, (height - side) // 2, side, side)
                paint_avatar(painter, theme, area, AvatarSpec(icon=self._icon))
            top = (height - theme.line("body") - theme.line("caption")) // 2
            title = QRect(left, top, self.width() - left, theme.line("body"))
            line_of(painter, title, self._title, (theme.font("body", True), theme.colour("ink")), LEFT)
            narrow = left == _PAD
            number = QRect(0, title.bottom() if narrow else 0, self.width() - _END, theme.line("caption") + 4)
            number.setHeight(number.height() if narrow else height)
            font = theme.font("title" if narrow else "display")
            line_of(painter, number, str(self._count), (font, theme.colour("ink")), RIGHT)
            below = QRect(left, title.bottom() + 1, title.width(), theme.line("caption"))
            self._paint_line(painter, below)
            if self.hasFocus():
                ring(painter, self.rect(), 12, theme.colour("focus"))

    def words_at(self) -> int:
        """Where the words begin: behind the icon, or in its place where there is no room for both."""
        return _PAD if self.width() < self.sizeHint().width() else _PAD + self._theme.px(36) + 12

    def _paint_line(self, painter: QPainter, below: QRect) -> None:
        """The second line and the warning; where there is no room for both beside each other, the warning alone."""
        theme = self._theme
        words = max(
            theme.metrics("body", True).horizontalAdvance(self._title),
            theme.metrics("caption").horizontalAdvance(self._line),
        )
        width = chip_width(theme, self._chip) if self._chip.text else 0
        right = self.width() - 17 - theme.metrics("display").horizontalAdvance(str(self._count)) - 12
        beside = below.left() + words + 8 <= right - width
        if beside or not width:
            line_of(painter, below, self._line, (theme.font("caption"), theme.colour("ink-3")), LEFT)
        if width and beside:
            paint_chip(painter, theme, (right - width, self.height() // 2), self._chip)
        elif width:
            paint_chip(painter, theme, (below.left(), below.center().y() + theme.px(5)), self._chip)
