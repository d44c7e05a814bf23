"""Keys. Each carries what it does in words, so that F1 can list them all.

A single letter never fires while a text field has the focus: text fields take letters before shortcuts do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gridworker.gui.habits import habits
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.gui.widgets.button import Button

_LABEL, _OFFERED = "label", "offered"
_OF_THE_FOCUS = tuple(map(QKeySequence, ("Space", "Return", "Enter", "Del", "Esc")))


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does."""

    keys: str
    label: str


def keys_of_a_list(enter: str) -> list[Key]:
    """What every list answers by itself, for F1; ``enter`` is its main action."""
    return [
        Key("Enter", enter),
        Key("↑ ↓", gettext("From row to row")),
        Key("PgUp PgDn", gettext("A page up or down")),
        Key("Home End", gettext("To the first or the last")),
    ]


def bind(owner: QWidget, keys: str, slot: Callable[[], object], label: str, *, everywhere: bool = False) -> QShortcut:
    """``keys`` (``Ctrl+K``, ``N``, ``Alt+3``) call ``slot`` while the focus is in ``owner``, or in its window."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setContext(
        Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    shortcut.setProperty(_LABEL, label)
    shortcut.activated.connect(slot)
    if len(keys) == 1:
        _follow_habits(shortcut)
    return shortcut


def bind_button(owner: QWidget, button: "Button", *, everywhere: bool = False) -> QShortcut:
    """The key that is shown on a button presses it, where the button is to be seen."""

    def press() -> None:
        if button.isVisible():
            button.click()

    return bind(owner, button.key().replace(" ", "+"), press, button.label(), everywhere=everywhere)


def reach_the_window(owner: QWidget) -> None:
    """Let the keys of a page answer wherever the focus is in its window, while the page shows: in the sidebar too.

    Keys that press what has the focus, and Esc, which the window has itself, stay where the focus is in the page.
    """
    for one in _own(owner):
        if one.key() not in _OF_THE_FOCUS:
            one.setContext(Qt.ShortcutContext.WindowShortcut)


def _follow_habits(shortcut: QShortcut) -> None:
    """A single letter is a key only where a person wants it to be."""
    known = habits()

    def follow() -> None:
        _enable(shortcut)

    known.changed.connect(follow)
    shortcut.destroyed.connect(lambda: known.changed.disconnect(follow))
    follow()


def offer(shortcut: QShortcut, *, there: bool) -> None:
    """Let a key answer, and be listed, only where what it does can be done."""
    shortcut.setProperty(_OFFERED, there)
    _enable(shortcut)


def _enable(shortcut: QShortcut) -> None:
    letter = len(shortcut.key().toString()) == 1
    shortcut.setEnabled(shortcut.property(_OFFERED) is not False and (habits().letters or not letter))


def listed(owner: QWidget) -> list[Key]:
    """The keys bound to a widget itself, in the order they were bound, as they are called on buttons."""
    return [
        Key(one.key().toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter"), _label_of(one))
        for one in _own(owner)
        if one.property(_LABEL) and one.isEnabled()
    ]


def _label_of(shortcut: QShortcut) -> str:
    return str(shortcut.property(_LABEL))


def _own(owner: QWidget) -> list[QShortcut]:
    return owner.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)
