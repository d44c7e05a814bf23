"""How the window tells people things: problems as a strip or a toast, and the few questions asked in a box."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gridworker.errors import Problem
from gridworker.text import gettext


def show_problem(source: QObject | None, problem: Problem) -> None:
    """Show a problem at the nearest place around ``source``: a strip, the window's toast, or a box when there is none.

    A place is any widget with a method ``show_problem(problem)``.
    """
    place: QObject | None = source
    while place is not None:
        show = getattr(place, "show_problem", None)
        if callable(show):
            show(problem)
            return
        place = place.parent()
    window = QApplication.activeWindow()
    show = getattr(window, "show_problem", None)
    if window is not source and callable(show):
        show(problem)
    else:
        tell(window, str(problem))


@dataclass(frozen=True, slots=True)
class Question:
    """A question with two answers, or three; ``yes`` is the verb of what happens."""

    text: str
    more: str
    yes: str
    no: str = ""
    other: str = ""
    """The verb of something else that can be done, '' for nothing."""


def ask(
    parent: QWidget, question: Question, agreed: Callable[[], object], other: Callable[[], object] = list
) -> QMessageBox:
    """Ask before something that cannot be undone (rare: undo is better). Never blocks.

    Enter leaves all as it is: what cannot be undone is not done by a key that was meant for something else.
    """
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Gridworker", question.text, parent=parent)
    box.setInformativeText(question.more)
    yes = box.addButton(question.yes, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(question.no or gettext("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(no)
    box.setDefaultButton(no)
    yes.clicked.connect(agreed)
    if question.other:
        box.addButton(question.other, QMessageBox.ButtonRole.AcceptRole).clicked.connect(lambda: other())
    _open(box)
    return box


def tell(parent: QWidget | None, text: str, more: str = "") -> QMessageBox:
    """Say something where there is no window to say it in. Never blocks."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Gridworker", text, parent=parent)
    box.setInformativeText(more)
    box.addButton(gettext("OK"), QMessageBox.ButtonRole.AcceptRole)
    _open(box)
    return box


def put_away(box: QWidget) -> None:
    """Where it is a box, leave all as it is and let it go, with its words."""
    if isinstance(box, QMessageBox):
        box.reject()


def _open(box: QMessageBox) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    # The connection keeps a box without a parent alive until it is closed; nobody else does.
    box.finished.connect(partial(_closed, box))
    box.open()


def _closed(box: QMessageBox, _result: int) -> None:
    box.hide()
