"""The one window. It shows the front (unlock, first run) or the desk (sidebar and pages), and says what went wrong."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from gridworker.errors import Problem
from gridworker.gui import messages
from gridworker.gui.page import Undo
from gridworker.gui.undoing import nothing_undone
from gridworker.gui.widgets.mark import mark_pixmap
from gridworker.gui.widgets.toast import Toast
from gridworker.text import gettext

SIZE, LEAST = QSize(1440, 900), QSize(1180, 680)
FRAME = QSize(8, 40)
"""What title bar and borders take at most, in the looks that are common."""


class Window(QMainWindow):
    """A native frame around one widget at a time."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(LEAST)
        self.setWindowIcon(QIcon(mark_pixmap(64)))
        self._toast: Toast | None = None
        self._undo: Undo | None = None
        self.may_close: Callable[[], bool] = lambda: True
        """Asked before it closes."""
        self.show_place("")

    def show_place(self, place: str) -> None:
        """The title: the community and the grid, or that it is locked. Never a name."""
        self.setWindowTitle(f"Gridworker — {place}" if place else "Gridworker")

    def show_content(self, content: QWidget) -> None:
        """Show a widget and delete the one before: what was on screen is gone with it."""
        before = self._stack.currentWidget()
        self._stack.addWidget(content)
        self._stack.setCurrentWidget(content)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()
        self.hide_toast()

    def content(self) -> QWidget | None:
        """What it shows."""
        return self._stack.currentWidget()

    def toast(self, text: str, undo: Undo | None = None) -> None:
        """Say what was done, with undo where there is one."""
        if self._toast is None:
            self._toast = Toast(self._stack)
            self._toast.undone.connect(self.undo)
            self._toast.faded.connect(self.hide_toast)
        self._undo = undo
        label = (undo.label or gettext("Undo")) if undo else ""
        self._toast.show_text(text, label, "Ctrl Z" if undo and not undo.label else "")

    def hide_toast(self) -> None:
        """Take the toast away, and its undo with it."""
        self._undo = None
        if self._toast is not None:
            self._toast.hide()

    def cover_toast(self) -> None:
        """Take the words away at once, for they may name somebody; what they offered can still be undone by its key."""
        if self._toast is not None:
            self._toast.hide()

    def undo(self) -> None:
        """Undo what the toast said; when it is gone, say that nothing was undone."""
        undo, self._undo = self._undo, None
        self.hide_toast()
        if undo is None:
            self.toast(nothing_undone())
        else:
            undo.run()

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong and what to do, without stopping anybody."""
        self.toast(str(problem))

    def sizeHint(self) -> QSize:
        """The size of the mock-ups."""
        return SIZE

    def fit(self, room: QSize, frame: QSize = FRAME) -> None:
        """Take the size of the mock-ups; where the screen has no room for it and its frame, all the screen.

        Nobody asks the window manager how large a frame is before it drew one: a window as large as the room stands
        with its foot under the edge of the screen.
        """
        inside = room - frame
        self.setMinimumSize(LEAST.boundedTo(inside))
        self.resize(SIZE.boundedTo(inside))
        if SIZE.boundedTo(inside) != SIZE:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the desk keep what is half typed, unless something holds it open."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def blank(self) -> None:
        """Show nothing: before locking, so that no last frame stays in a task switcher.

        Menus, boxes and dialogs are windows of their own, and go too: those of a page with it, a box of no page here.
        """
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.hide()
                if other.parent() in {None, self}:
                    messages.put_away(other)
        if self._toast is not None:  # hidden, it would go on holding what it said of somebody
            self._toast.deleteLater()
            self._toast = None
        empty = QWidget()
        empty.setProperty("surface", "canvas")
        empty.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.show_content(empty)
        self.repaint()
