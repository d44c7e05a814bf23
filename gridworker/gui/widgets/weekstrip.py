"""The week: seven days, each with a mark per visit: done, planned, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.paint import box, line_of, painting, ring

_MARK, _STEP = 6, 9


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day: its value for the page, the words (三), the number (18) and how many visits of each sort."""

    value: str
    name: str
    number: int
    done: int = 0
    planned: int = 0
    overdue: int = 0
    today: bool = False
    accessible: str = ""


class WeekStrip(QWidget):
    """Seven days. ``chosen`` carries the value of the day clicked."""

    chosen = Signal(str)

    def __init__(self, days: Sequence[WeekDay] = (), name: str = "") -> None:
        super().__init__()
        self._days = list(days)
        self._focus = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def show_days(self, days: Sequence[WeekDay]) -> None:
        """Show a week."""
        self._days = list(days)
        self._focus = next((number for number, day in enumerate(days) if day.today), 0)
        self._describe()
        self.update()

    def _describe(self) -> None:
        if self._days:
            day = self._days[self._focus]
            self.setAccessibleDescription(day.accessible or f"{day.name} {day.number}")

    def _restyle(self) -> None:
        self._theme = themes.current()
        self.setFixedHeight(self._theme.px(66))
        self.update()

    def sizeHint(self) -> QSize:
        """Seven narrow cells."""
        return QSize(self._theme.px(7 * 72), self._theme.px(66))

    def _cell(self, number: int) -> QRect:
        width = self.width() / max(len(self._days), 1)
        return QRect(round(number * width), 0, round(width) - 4, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk the days, Enter chooses."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._days:
            self._focus = max(0, min(self._focus + step, len(self._days) - 1))
            self._describe()
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._days:
            self.chosen.emit(self._days[self._focus].value)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the pointer."""
        for number, day in enumerate(self._days):
            if self._cell(number).contains(event.position().toPoint()):
                self._focus = number
                self.chosen.emit(day.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the days."""
        del event
        with painting(self) as painter:
            for number, day in enumerate(self._days):
                cell = self._cell(number)
                if day.today:
                    box(painter, cell, 10, self._theme.colour("card"), self._theme.colour("line"))
                self._paint_day(painter, self._theme, cell, day)
                if self.hasFocus() and number == self._focus:
                    ring(painter, cell, 10, self._theme.colour("focus"))

    def _paint_day(self, painter: QPainter, theme: Theme, cell: QRect, day: WeekDay) -> None:
        line = QRect(cell.left() + 12, cell.top() + theme.px(8), cell.width() - 12, theme.px(20))
        name_look = (theme.font("small", day.today), theme.colour("accent-ink" if day.today else "ink-3"))
        line_of(painter, line, day.name, name_look)
        line.setLeft(line.left() + theme.metrics("small", day.today).horizontalAdvance(day.name) + theme.px(6))
        number_look = (theme.font("body", True), theme.colour("ink" if day.today else "ink-2"))
        line_of(painter, line, str(day.number), number_look)
        self._paint_marks(painter, theme, cell, day)

    @staticmethod
    def _paint_marks(painter: QPainter, theme: Theme, cell: QRect, day: WeekDay) -> None:
        side, step = theme.px(_MARK), theme.px(_STEP)
        x, y = float(cell.left() + 12), cell.bottom() - theme.px(16)
        room = max((cell.width() - 16) // step, 1)
        marks = ["over"] * day.overdue + ["done"] * day.done + ["plan"] * day.planned
        for mark in marks[:room]:
            square = QRectF(x, y, side, side)
            if mark == "over":
                middle, half = square.center(), side / 2 + 0.5
                points = [QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)]
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.mark("over"))
                painter.drawPolygon(QPolygonF([middle + point for point in points]))
            elif mark == "done":
                box(painter, square, 2, theme.colour("r4"))
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("r3"), 1.3))
                painter.drawRoundedRect(square.adjusted(0.7, 0.7, -0.7, -0.7), 2, 2)
            x += step
