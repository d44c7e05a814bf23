"""Countdown rings. All of them share one timer, which stops while none is on screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QMetaObject, QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.paint import painting
from gridworker.gui.widgets.themed import Square

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object  # it stands before a class of Qt's own, which brings the widget

ANNOUNCED_MINUTES = (60, 15, 0)


class Ticker(QObject):
    """One second, shared: ``ticked`` comes while at least one widget that has joined is alive.

    Joining or leaving twice is nothing more: a window that is put away hides what is hidden again when it is closed.
    """

    ticked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._joined: WeakKeyDictionary[QObject, QMetaObject.Connection] = WeakKeyDictionary()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_timeout)

    def join(self, widget: QObject, slot: Callable[[], object]) -> None:
        """Call ``slot`` each second for a widget that came on screen."""
        if widget not in self._joined:
            self._joined[widget] = self.ticked.connect(slot)
        self._timer.start()

    def leave(self, widget: QObject) -> None:
        """Call it no more; stop when the last one has gone."""
        connection = self._joined.pop(widget, None)
        if connection is not None:
            QObject.disconnect(connection)
        self._rest()

    def running(self) -> bool:
        """Whether it ticks for anybody."""
        self._rest()
        return self._timer.isActive()

    def _rest(self) -> None:
        if not any(shiboken6.isValid(widget) for widget in self._joined):
            self._timer.stop()

    def _on_timeout(self) -> None:
        self._rest()
        self.ticked.emit()


def ticker() -> Ticker:
    """The ticker of the application."""
    home = themes.look()
    found: Ticker | None = home.findChild(Ticker, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or Ticker(home)


class Ticking(_Widget):
    """A widget whose ``_on_ticked`` is called each second while it is on screen."""

    def _on_ticked(self) -> None:
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Tick while on screen."""
        super().showEvent(event)
        ticker().join(self, self._on_ticked)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden; the page shows the time left again when it comes back."""
        super().hideEvent(event)
        ticker().leave(self)


class CountdownRing(Ticking, Square, QWidget):
    """A ring that empties as the time to a deadline runs out, around an icon.

    The page says how much is left; the ring counts on by itself each second while it is on screen.
    """

    announced = Signal(int)
    """Minutes left, at 60, 15 and 0 only."""

    def __init__(self, icon: str, *, size: int = 38) -> None:
        super().__init__()
        self._icon, self._size = icon, size
        self._left, self._whole, self._soon = 0, 1, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def show_left(self, seconds: int, whole: int, soon: int = 7200) -> None:
        """Seconds left (negative: late by so many) of ``whole`` seconds; under ``soon`` it is amber."""
        self._left, self._whole, self._soon = seconds, max(whole, 1), soon
        self.update()

    def left(self) -> int:
        """Seconds left now."""
        return self._left

    def tone(self) -> Tone:
        """Late, soon, or in time."""
        if self._left <= 0:
            return "over"
        return "due" if self._left <= self._soon else "accent"

    def _on_ticked(self) -> None:
        self._left -= 1
        self.update()
        if self._left % 60 == 0 and self._left // 60 in ANNOUNCED_MINUTES:
            self.announced.emit(self._left // 60)
            if self.accessibleName():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring and the icon."""
        del event
        with painting(self) as painter:
            paint_ring(painter, self.rect(), self._icon, self.tone(), self._left / self._whole)


def paint_ring(painter: QPainter, rect: QRect, icon: str, tone: Tone, share: float) -> None:
    """Draw a ring with ``share`` of it left, from the top clockwise; late is a full ring."""
    theme = themes.current()
    width = theme.px(3)
    circle = QRectF(rect).adjusted(width / 2 + 0.5, width / 2 + 0.5, -width / 2 - 0.5, -width / 2 - 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("line"), width))
    painter.drawEllipse(circle)
    pen = QPen(theme.mark(tone), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    filled = 1.0 if tone == "over" else max(0.0, min(share, 1.0))
    painter.drawArc(circle, 90 * 16, -round(filled * 360 * 16))
    size = theme.px(16)
    inset = (rect.width() - size) // 2
    painter.drawPixmap(rect.left() + inset, rect.top() + inset, theme.toned(icon, 16, tone))
