"""The card of the shared folder: which one, when it was last looked into, and what is wrong, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class FolderLook:
    """What the card says: the folder's path, when it was last looked into in words, and sentences of what is wrong."""

    folder: str = ""
    looked: str = ""
    faults: Sequence[str] = ()


class SharedFolderCard(Card):
    """``choose_wanted`` asks for another folder, ``stop_wanted`` to watch none, ``look_wanted`` to look now.

    Who may not set the one or exchange finds no button for it.
    """

    choose_wanted = Signal()
    stop_wanted = Signal()
    look_wanted = Signal()

    def __init__(self, *, may_set: bool = True, may_look: bool = True) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._may_set, self._may_look = may_set, may_look
        self.place = ElidedText("", "body", "ink-2")
        self.unset = Text("", "body", "ink-2", wrap=True)
        self.state = Text("", "small", "ink-2", wrap=True)
        self.choose = Button(gettext("Choose a folder"), "folder-open", key="S", size="compact")
        self.now = Button(gettext("Look now"), "arrows-clockwise", key="W", size="compact")
        self.stop = Button(gettext("Stop"), key="Z", size="compact", kind="quiet")
        self.choose.clicked.connect(self.choose_wanted)
        self.now.clicked.connect(self.look_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        words = column(
            row(Text(gettext("Shared folder"), bold=True), None, gap=10), self.place, self.unset, self.state, gap=2
        )
        told = row(Icon("folder-open", 20, "ink-2"), gap=12)
        told.addLayout(words, 1)
        self.line = row(gap=12, margins=(16, 12, 16, 12))
        """Words and buttons, which a page with little room puts under each other."""
        self.line.addLayout(told, 1)
        self.line.addLayout(row(self.now, self.choose, self.stop, gap=12))
        self.body.addLayout(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.show_look(FolderLook())

    def show_look(self, look: FolderLook) -> None:
        """Say how it stands."""
        watched = bool(look.folder)
        self.place.setText(look.folder)
        self.place.setVisible(watched)
        words = gettext(
            "A folder that the other side sees too (a share, a netdisk): bundles then come and go by themselves."
        )
        self.unset.setText(words)
        self.unset.setVisible(not watched)
        self.state.setText("\n".join(look.faults) or look.looked)
        self.state.setVisible(bool(look.faults or look.looked))
        self.now.setVisible(watched and self._may_look)
        self.choose.setVisible(self._may_set)
        self.stop.setVisible(watched and self._may_set)
