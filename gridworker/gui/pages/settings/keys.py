"""The keys everything goes to and is signed with, to compare; and how to change what opens this store."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication

from gridworker.gui.page import PageEntry
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.layout import clear, column, flow, row, rule
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import KeyCard


_WAYS = {
    "backups": "B", "audit": "A", "recovery": "R", "newsheet": "N", "datakey": "K", "reset": "F",
    "passphrase": "Ctrl Shift P", "peoplehere": "Ctrl Shift U", "drafts": "Ctrl Shift D",
}  # fmt: skip
"""The keys of the ways on: a letter on this page, or the one that leads there from everywhere."""


class KeysCard(Card):
    """The keys, filled when they were read; below them the ways on. ``wanted`` carries the name of one."""

    wanted = Signal(str)

    def __init__(self, ways: Sequence[PageEntry]) -> None:
        super().__init__()
        self.body.addWidget(card_head(gettext("Keys and fingerprints"), ruled=True))
        self.body.addWidget(rule())
        self._area = column(gap=8, margins=(0, 12, 0, 0))
        self.body.addLayout(self._area)
        self.ways = {
            entry.name: Button(str(entry.label), entry.icon, key=_WAYS.get(entry.name, ""), size="compact")
            for entry in ways
        }
        for name, button in self.ways.items():
            button.clicked.connect(partial(self.wanted.emit, name))
        if self.ways:
            self.body.addSpacing(12)
            self.body.addWidget(flow(*self.ways.values()))

    def show_keys(self, office: "KeyCard", own: "KeyCard") -> None:
        """Show the key of the office, and below it this laptop's own; at the office they are one."""
        clear(self._area)
        self._show(office, gettext("Key of the office"), gettext("Picture of the office's key"))
        if own.digest != office.digest:
            self._area.addSpacing(8)
            self._show(own, gettext("Key of this laptop"), gettext("Picture of this laptop's key"))

    def _show(self, key: "KeyCard", title: str, picture: str) -> None:
        copy = IconButton("copy", gettext("Copy the fingerprint"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(key.fingerprint))
        words = column(Text(title, bold=True), Text(gettext(", ").join(key.words), wrap=True), gap=4)
        line = row(KeyPicture(key.digest, picture), gap=14)
        line.addLayout(words, 1)
        print_ = gettext("Fingerprint {fingerprint}").format(fingerprint=key.fingerprint)
        below = row(Text(print_, "small", "ink-2", wrap=True), copy)
        below.setStretch(0, 1)
        self._area.addLayout(line)
        self._area.addLayout(below)
