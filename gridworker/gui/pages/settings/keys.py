"""The key everything goes to, to compare by picture, words or fingerprint; and how to change what opens this store."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.layout import clear, column, row, rule
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange import KeyCard


class KeysCard(Card):
    """The office's key. Filled when it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(card_head(gettext("Keys and fingerprints")))
        self.body.addWidget(rule())
        self._area = column(gap=8, margins=(0, 12, 0, 0))
        self.body.addLayout(self._area)

    def show_key(self, key: "KeyCard") -> None:
        """Show the key of the office."""
        clear(self._area)
        copy = IconButton("copy", gettext("Copy the fingerprint"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(key.fingerprint))
        words = column(
            Text(gettext("Key of the office"), bold=True),
            Text(gettext(", ").join(key.words), wrap=True),
            gap=4,
        )
        picture = KeyPicture(key.digest, gettext("Picture of the office's key"))
        line = row(picture, gap=14)
        line.addLayout(words, 1)
        finger = ElidedText(gettext("Fingerprint {fingerprint}").format(fingerprint=key.fingerprint), "small", "ink-2")
        below = row(finger, copy)
        below.setStretch(0, 1)
        self._area.addLayout(line)
        self._area.addLayout(below)
