"""Masked values: shown only while the eye or ``V`` is held, and every look is reported."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.clipboard import copy_private
from gridworker.gui.habits import habits
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

ONCE_SECONDS = 10
UP_MS = 30
"""A key is up that does not come down again within this: X11 repeats a held key as up and down, and Qt, that tells
them from a hand's, misses one now and then."""

_T = TypeVar("_T")


def _as_it_is(found: object) -> str:
    return str(found)


class _Eye(IconButton):
    """Says when it is held and let go, by mouse or by Space or V."""

    held = Signal()
    let_go = Signal()
    copied = Signal()

    def __init__(self, icon: str, name: str, key: str) -> None:
        super().__init__(icon, name, key)
        self._up = QTimer(self)
        self._up.setSingleShot(True)
        self._up.setInterval(UP_MS)
        self._up.timeout.connect(self.let_go)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.held.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in {Qt.Key.Key_V, Qt.Key.Key_Space} and not event.isAutoRepeat():
            if self._up.isActive():
                self._up.stop()
            else:
                self.held.emit()
        elif event.key() not in {Qt.Key.Key_V, Qt.Key.Key_Space}:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._up.start()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._up.stop()
        self.let_go.emit()


class MaskedValue(QWidget):
    """A masked value and its eye.

    ``reveal`` is called when the eye is pressed and gives the plain value; it writes the log line, so it is called once
    for each look, in a pool thread: the window does not wait for the disk, and nothing shows before the line is on it.
    The plain value is gone on release, on focus loss, when the window is left and when it is locked; let go before it
    came it does not show at all. Who cannot hold a key has it shown for ten seconds at one press (a setting).
    """

    revealed = Signal()
    hidden = Signal()
    refused = Signal(str)
    """Who asked may not see it; carries the sentence."""

    def __init__(
        self, masked: str, name: str, reveal: Callable[[], _T], shows: Callable[[_T], str] = _as_it_is
    ) -> None:
        """``name`` says whose and what. Without a masked value it is the eye alone: ``shows`` shows it elsewhere."""
        super().__init__()
        self._look = partial(background.run, reveal, done=partial(self._on_revealed, shows), failed=self._on_failed,
                             owner=self)  # fmt: skip
        self._asked: background.Task[Any] | None = None
        self._masked = masked
        self._text = Text(masked)
        if not masked:
            self._text.hide()
        self._eye = _Eye("eye", name, "V")
        habits().changed.connect(self._say_how)
        self._say_how()
        self._eye.held.connect(self._on_held)
        self._eye.let_go.connect(self._on_let_go)
        self._eye.copied.connect(self.copy)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ONCE_SECONDS * 1000)
        self._timer.timeout.connect(self.hide_value)
        self._shown = False
        layout = row(self._text, None, self._eye, gap=6)
        self.setLayout(layout)
        self.setFocusProxy(self._eye)

    def _say_how(self) -> None:
        held = gettext("Hold to show, let go to hide. Each look is written down.")
        once = gettext("Press to show for 10 seconds. Each look is written down.")
        self._eye.setToolTip(once if habits().reveal_once else held)

    def text(self) -> str:
        """What is on screen now."""
        return self._text.text()

    def show_value(self) -> None:
        """Reveal as soon as it is on record."""
        if self._shown or self._asked is not None:
            return
        self.window().installEventFilter(self)
        self._asked = self._look()

    def _on_revealed(self, shows: Callable[[Any], str], found: object) -> None:
        self._asked = None
        self._shown = True
        self._text.setText(shows(found))
        self._text.setProperty("bold", "true")
        self._repolish()
        self._eye.set_icon("eye-fill")
        if habits().reveal_once:
            self._timer.start()
        self.revealed.emit()

    def _on_failed(self, fault: Exception) -> None:
        self._forget()
        if not isinstance(fault, Problem):
            raise fault
        self._refuse(str(fault))

    def _forget(self) -> None:
        """What is still on its way does not show any more; the look stays on record."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
            self.window().removeEventFilter(self)

    def hide_value(self) -> None:
        """Mask again."""
        self._forget()
        if not self._shown:
            return
        self._shown = False
        self._timer.stop()
        self._text.setText(self._masked)
        self._text.setProperty("bold", "false")
        self._repolish()
        self._eye.set_icon("eye")
        self.window().removeEventFilter(self)
        self.hidden.emit()

    def _refuse(self, why: str) -> None:
        """Stay masked, and say why."""
        self._eye.setToolTip(why)
        self._eye.setAccessibleDescription(why)
        QToolTip.showText(self._eye.mapToGlobal(self._eye.rect().bottomLeft()), why, self._eye)
        self.refused.emit(why)

    def _repolish(self) -> None:
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)

    def _on_held(self) -> None:
        self.show_value()

    def _on_let_go(self) -> None:
        if not habits().reveal_once:
            self.hide_value()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mask when the window is left or hidden."""
        if event.type() in {QEvent.Type.WindowDeactivate, QEvent.Type.Hide}:
            self.hide_value()
        return super().eventFilter(watched, event)

    def copy(self) -> None:
        """Copy the plain value while it is shown, for half a minute."""
        if self._shown and self._text.text():
            copy_private(self._text.text())
