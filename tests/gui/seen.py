"""What a person would see or hear: which words do not fit where they stand, and what has no name."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui import background
from gridworker.gui.widgets.text import ElidedText

Found = TypeVar("Found", bound=QWidget)


def laid_out(widget: QWidget, width: int = 0, height: int = 0) -> QWidget:
    """Show a widget at a size (its own hint for 0) and let its layout settle."""
    hint = widget.sizeHint()
    widget.resize(width or hint.width(), height or max(hint.height(), widget.heightForWidth(width or hint.width())))
    widget.show()
    QApplication.processEvents()
    return widget


def settle(qtbot: QtBot) -> None:
    """Let background work come home, and what it starts in turn."""
    for _ in range(6):
        background.wait()
        qtbot.wait(5)


def only(parent: QWidget, kind: type[Found], name: str = "") -> Found:
    """The one widget of a kind that shows inside another, with a name as screen readers say it where one is given."""
    [found] = [
        one for one in parent.findChildren(kind) if one.isVisible() and (not name or one.accessibleName() == name)
    ]
    return found


def clipped(widget: QWidget) -> list[str]:
    """The words on labels and buttons inside a widget that are wider or higher than their place."""
    labels = [*widget.findChildren(QLabel), *([widget] if isinstance(widget, QLabel) else [])]
    buttons = [*widget.findChildren(QAbstractButton), *([widget] if isinstance(widget, QAbstractButton) else [])]
    return [
        *(label.text() for label in labels if label.isVisible() and label.text() and not _label_fits(label)),
        *(button.accessibleName() for button in buttons if button.isVisible() and not _button_fits(button)),
    ]


def unnamed(widget: QWidget) -> list[QWidget]:
    """What can be pressed or typed into inside a widget, and has no name for screen readers."""
    reachable = [
        one
        for one in widget.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one, QScrollArea)
    ]
    return [one for one in reachable if not (one.accessibleName() or getattr(one, "text", str)())]


def _label_fits(label: QLabel) -> bool:
    room = label.contentsRect()
    if isinstance(label, ElidedText):
        return True
    if label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height() + 1
    return label.fontMetrics().horizontalAdvance(label.text()) <= room.width() + 1 and (
        label.fontMetrics().height() <= room.height() + 1
    )


def _button_fits(button: QAbstractButton) -> bool:
    least = button.minimumSizeHint()
    least = least if least.isValid() else button.sizeHint()
    return button.width() >= least.width() - 1 and button.height() >= least.height() - 1
