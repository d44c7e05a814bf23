"""Passphrase fields: dots far apart, an eye to look, warnings for caps lock and input methods, strength in words."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.paint import middle, painting
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class Judged(Protocol):
    """What is said of a new passphrase."""

    @property
    def enough(self) -> bool:
        """Whether it is long enough to be taken."""

    @property
    def good(self) -> bool:
        """Whether it is hard to guess."""

    @property
    def words(self) -> str:
        """The word for it."""


class _Line(QLineEdit):
    """The line itself; says when caps lock may be on and when an input method is at work."""

    caps_seen = Signal(bool)
    composing = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "passphrase")
        self.setProperty("empty", "true")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textChanged.connect(self._on_changed)

    def _on_changed(self, text: str) -> None:
        empty = "false" if text else "true"
        if self.property("empty") != empty:
            self.setProperty("empty", empty)
            self.repolish()

    def repolish(self) -> None:
        """Read the style sheet again."""
        self.style().unpolish(self)
        self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A capital without Shift, or a small letter with it: caps lock."""
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(QGuiApplication.keyboardModifiers() & event.modifiers() & event.modifiers().ShiftModifier)
            self.caps_seen.emit(text.isupper() != shifted)
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Chinese is being composed."""
        self.composing.emit(bool(event.preeditString()))
        super().inputMethodEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lock at the left."""
        super().paintEvent(event)
        theme = themes.current()
        with painting(self) as painter:
            size = theme.px(18)
            painter.drawPixmap(12, middle(self.rect(), size), theme.pixmap("lock-key", 18, "ink-2"))


class PassphraseField(QWidget):
    """One passphrase. ``entered`` is Enter; ``changed`` every change; ``aside_pressed`` the way out under it."""

    entered = Signal()
    changed = Signal(str)
    aside_pressed = Signal()

    def __init__(self, label: str, hint: str = "", aside: str = "", *, aside_key: str = "") -> None:
        """``aside`` is the way out at the right under the field, ``aside_key`` the key that the page binds for it."""
        super().__init__()
        self._line = _Line()
        self._line.setAccessibleName(label)
        self._line.setPlaceholderText(hint)
        self._eye = IconButton("eye", gettext("Show the passphrase"), "Alt V", size=20)
        self._eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes on to what is done with the passphrase
        bind(self, "Alt+V", self._eye.click, gettext("Show the passphrase"))
        self._eye.setParent(self._line)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self._warning = Text("", "small", "due", wrap=bool(aside))
        self._caps, self._composing = False, False
        title = Text(label, "small", "ink-2")
        title.setBuddy(self._line)
        below = row()
        below.addWidget(self._warning, 1)
        if aside:
            way_out = Button(aside, key=aside_key, kind="quiet", size="inline")
            way_out.clicked.connect(self.aside_pressed)
            below.addWidget(way_out)
        self.setLayout(column(title, self._line, below, gap=6))
        self._line.returnPressed.connect(self.entered)
        self._line.textChanged.connect(self.changed)
        self._line.caps_seen.connect(self._on_caps)
        self._line.composing.connect(self._on_composing)
        self.setFocusProxy(self._line)
        themes.follow(self._place_eye)

    def text(self) -> str:
        """What is typed."""
        return self._line.text()

    def clear(self) -> None:
        """Empty it."""
        self._line.clear()

    def line(self) -> QLineEdit:
        """The line, for the keyboard focus and for tests."""
        return self._line

    def warn(self, text: str, ink: str = "due") -> None:
        """Say what is wrong, in amber, or how good it is; '' for nothing."""
        self._warning.setText(text or self._own_warning())
        self._warning.set_ink(ink)

    def warning(self) -> str:
        """What the amber line says."""
        return self._warning.text()

    def _own_warning(self) -> str:
        if self._caps:
            return gettext("Caps lock is on")
        return gettext("A Chinese input method is on") if self._composing else ""

    def _on_caps(self, caps: bool) -> None:
        self._caps = caps
        self._warning.setText(self._own_warning())

    def _on_composing(self, composing: bool) -> None:
        self._composing = composing
        self._warning.setText(self._own_warning())

    def _on_eye(self, shown: bool) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._line.setProperty("plain", "true" if shown else "false")
        self._line.repolish()
        self._eye.set_icon("eye-slash" if shown else "eye")

    def _place_eye(self) -> None:
        size = self._eye.sizeHint()
        self._eye.setGeometry(
            QRect(
                self._line.width() - size.width() - 6,
                middle(self._line.rect(), size.height()),
                size.width(),
                size.height(),
            )
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the right end."""
        super().resizeEvent(event)
        self._place_eye()


class NewPassphrase(QWidget):
    """A passphrase for the first time: typed twice, its strength said in words by ``judge``."""

    changed = Signal()

    def __init__(self, judge: Callable[[str], Judged], label: str = "") -> None:
        """``label`` where "Passphrase" would not tell it from the present one above it."""
        super().__init__()
        self._judge = judge
        self._first = PassphraseField(label or gettext("Passphrase"), gettext("Four words, or ten signs"))
        self._second = PassphraseField(gettext("Once more"))
        self.setLayout(column(self._first, self._second, gap=6))
        self._first.changed.connect(self._on_changed)
        self._second.changed.connect(self._on_changed)
        self.setFocusProxy(self._first)

    def judge_by(self, judge: Callable[[str], Judged]) -> None:
        """Judge by another measure from now on."""
        self._judge = judge
        self._on_changed()

    def passphrase(self) -> str:
        """The passphrase, or '' as long as it is too short or the two differ."""
        first = self._first.text()
        return first if first == self._second.text() and self._judge(first).enough else ""

    def fields(self) -> tuple[PassphraseField, PassphraseField]:
        """Both fields."""
        return self._first, self._second

    def _on_changed(self) -> None:
        first, second = self._first.text(), self._second.text()
        judged = self._judge(first)
        self._first.warn(judged.words if first else "", "ok" if judged.good else "due")
        self._second.warn(gettext("The two are not the same yet") if second and second != first else "")
        self.changed.emit()
