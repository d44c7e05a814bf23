"""The toast: what was just done, with undo for eight seconds."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.text import Text

SECONDS = 8
_SHADOW = 12
_LEFT, _GAP, _RIGHT = 18, 16, 12
_BESIDE = 24
"""Between the strip and the edges of a narrow window, at least."""
_FOOT = "foot"


def keep_free(foot: QWidget) -> None:
    """A toast never lies on the foot of a page or panel, with its buttons: it floats above it while it shows."""
    foot.setObjectName(_FOOT)
    foot.installEventFilter(_Foot(foot))


class Toast(QWidget):
    """Floats at the foot of its parent. ``undone`` comes from the button; ``Ctrl Z`` is the window's."""

    undone = Signal()
    faded = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._text = Text("", "small", "canvas")
        self._button = Button("", kind="hero", size="compact")
        self._button.clicked.connect(self._on_undone)
        self.setLayout(
            row(
                self._text,
                self._button,
                gap=_GAP,
                margins=(_LEFT + _SHADOW, 8 + _SHADOW, _RIGHT + _SHADOW, 8 + _SHADOW),
            )
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        parent.installEventFilter(self)
        self.hide()
        themes.follow(self.stay_clear)

    def show_text(self, text: str, action: str = "", key: str = "", *, seconds: int = SECONDS) -> None:
        """Say it, read it aloud politely, and offer ``action`` when there is one."""
        self._text.setText(text)
        self._button.set_label(action)
        self._button.set_key(key)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        self.raise_()
        self.show()
        self._timer.start(seconds * 1000)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _on_undone(self) -> None:
        self.hide()
        self.undone.emit()

    def _on_timeout(self) -> None:
        self.hide()
        self.faded.emit()

    def stay_clear(self) -> None:
        """What it may not lie on came, went or moved."""
        if self.isVisible():
            self._place()

    def _fit(self) -> None:
        """One line where the window has room for it, else as many as the words take."""
        self._text.ensurePolished()  # before it was ever shown it has not its own font yet
        words = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 2
        button = _GAP + self._button.sizeHint().width() if not self._button.isHidden() else 0
        room = max(self._parent.width() - 2 * _BESIDE - _LEFT - _RIGHT - button, 1)
        self._text.setWordWrap(words > room)
        self._text.setFixedWidth(min(words, room))
        self.adjustSize()

    def _place(self) -> None:
        parent = self._parent
        self._fit()
        left = (parent.width() - self.width()) // 2
        feet = [
            place
            for one in parent.findChildren(QWidget, _FOOT)
            if one.isVisible()
            and (place := QRect(one.mapTo(parent, QPoint(0, 0)), one.size())).right() > left + _SHADOW
            and place.left() < left + self.width() - _SHADOW
        ]
        floor = min((place.top() + _SHADOW for place in feet), default=parent.height() - 16)
        self.move(QPoint(left, floor - self.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the window changes size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a soft shadow and the dark strip."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            for step in range(_SHADOW):
                colour = theme.colour("ink").darker(400)
                colour.setAlphaF(0.012 + 0.004 * step)
                box(painter, self.rect().adjusted(step, step + 2, -step, -step + 2), 12 + _SHADOW - step, colour)
            inner = self.rect().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
            box(painter, inner, 10, theme.colour("ink"))


class _Foot(QObject):
    """Tells the toast of the window."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The foot came, went, moved."""
        moved = {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize}
        if event.type() in moved and isinstance(watched, QWidget):
            for toast in watched.window().findChildren(Toast):
                toast.stay_clear()
        return super().eventFilter(watched, event)
