"""Enter while an input method still composes ends the composition and does nothing else (ux.md 3).

Most input methods keep that key to themselves, but not all do: then a field would pass it on, and a form would go to
its next field, or be saved, with half a word in it.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_NAME = "composing"
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HEARD = frozenset({QEvent.Type.InputMethod, QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})


class _Composing(QObject):
    """Watches only what has the focus: a filter on the whole application would be asked about every event."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._composing = False
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        self._composing = False
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and now.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Enter from the field, and its shortcuts from the window, while there is unfinished text."""
        if event.type() not in _HEARD:
            return super().eventFilter(watched, event)
        if isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif self._composing and isinstance(event, QKeyEvent) and _ends_it(event):
            event.accept()
            if event.type() is QEvent.Type.KeyPress:
                QGuiApplication.inputMethod().commit()
                self._composing = False  # not all answer; one that goes on composing says so with the next letter
            return True
        return super().eventFilter(watched, event)


def _ends_it(event: QKeyEvent) -> bool:
    """Ctrl Enter finishes what is written, also in the middle of a word."""
    return event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier


def keep_enter(app: QApplication) -> None:
    """Keep Enter to the composition in all fields of the application, from now on."""
    if app.findChild(QObject, _NAME, Qt.FindChildOption.FindDirectChildrenOnly) is None:
        _Composing(app)
