"""Who wishes to be forgotten: a strip that says how many, and the list on which each is decided, erased or kept.

Somebody asked for may be in no household's file; here they are found all the same.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.household.asked import asked_about, asked_words
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page
from gridworker.gui.person.eraser import Eraser
from gridworker.gui.person.wishes import Wishes
from gridworker.gui.shortcuts import bind_button, offer
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import clear, column, flow, row
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gridworker.app.household.asked import Asked
    from gridworker.app.session import Session

_LEAST = 280
"""The height at 100% below which the page scrolls rather than words are cut."""


def asked_count(count: int) -> str:
    """How many there are, in a sentence."""
    words = ngettext("{count} resident asked to be forgotten.", "{count} residents asked to be forgotten.", count)
    return words.format(count=count)


class AskedStrip(QWidget):
    """Hidden where nobody waits. ``wanted`` asks for the list."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._layout = column(margins=(0, 8, 0, 0))
        self.setLayout(self._layout)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many."""
        clear(self._layout)
        if count:
            strip = Strip(asked_count(count), tone="info", icon="user-minus", action=gettext("See who"))
            strip.pressed.connect(self.wanted)
            self._layout.addWidget(strip)
        self.setVisible(bool(count))


class AskedCard(Card):
    """The list, what is said of the one chosen, and what can be done about it."""

    def __init__(self, session: "Session") -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._session = session
        self._asked: Sequence[Asked] = ()
        self.list = RowList(name=gettext("Wishes to be forgotten"))
        self.list.row_chosen.connect(lambda _key: self._offer())
        self.meaning = Strip("", tone="info", icon="user-minus")
        self.erase = Button(gettext("Erase"), "trash", key="Del", kind="danger")
        self.keep = Button(gettext("Keep"), "check", key="K")
        self.file = Button(gettext("Open the file"), "door", key="O", kind="quiet")
        self.homeless = Text(gettext("In no household's file."), "small", "ink-2", wrap=True)
        told = gettext("What is erased goes for good, everywhere. What is kept stays, with the reason on record.")
        title = row(Text(gettext("Wishes to be forgotten"), "large", bold=True), None, margins=(16, 12, 16, 0))
        self.body.addLayout(title)
        self.body.addLayout(row(self.list, margins=(4, 8, 4, 0)), 1)
        words = column(self.meaning, 8, self.homeless, Text(told, "small", "ink-2", wrap=True))
        words.setContentsMargins(16, 8, 16, 0)
        self.body.addLayout(words)
        self.body.addLayout(column(flow(self.erase, self.keep, self.file), margins=(16, 8, 16, 14)))
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setMinimumHeight(themes.current().px(_LEAST))

    def show_asked(self, asked: "Sequence[Asked]") -> None:
        """Show them, the one that was chosen if it still waits, else the first."""
        self._asked = asked
        rows = [
            Row((one.kind, one.record), one.whom, "", asked_about(self._session, one), AvatarSpec(icon="user-minus"))
            for one in asked
        ]
        self.list.show_rows(rows, self.list.current_key() or (rows[0].key if rows else None))
        self._offer()

    def chosen(self) -> "Asked | None":
        """The one that is chosen."""
        key = self.list.current_key()
        return next((one for one in self._asked if (one.kind, one.record) == key), None)

    def _offer(self) -> None:
        one = self.chosen()
        self.meaning.say(asked_words(self._session, one) if one else "")
        self.meaning.setVisible(one is not None)
        self.homeless.setVisible(one is not None and not one.households)
        self.file.setVisible(one is not None and bool(one.households))
        self.erase.setEnabled(one is not None)
        self.keep.setEnabled(one is not None)


class Asking(QObject):
    """Decides for the page; ``told`` is called when something was decided."""

    def __init__(self, page: Page, told: "Callable[[], object]") -> None:
        super().__init__(page)
        self._shell, self._told = page.shell, told
        self.strip, self.card = AskedStrip(), AskedCard(page.ws.session)
        eraser = Eraser(page, page.ws.erasing)
        eraser.erased.connect(told)
        self._wishes = Wishes(page, page.ws.session, page.ws.erasing, eraser)
        self._wishes.told.connect(self._on_told)
        self.card.erase.clicked.connect(lambda: self._with_chosen(self._wishes.erase))
        self.card.keep.clicked.connect(lambda: self._with_chosen(self._wishes.keep))
        self.card.file.clicked.connect(lambda: self._with_chosen(self._open))
        buttons = (self.card.erase, self.card.keep, self.card.file)
        self._keys = [bind_button(page, button) for button in buttons] if page.ws.erasing.asked.may_answer else []

    def show(self, asked: "Sequence[Asked]") -> None:
        """Show who waits."""
        self.strip.show_count(len(asked))
        self.card.show_asked(asked)
        for key in self._keys:
            offer(key, there=bool(asked))

    def begin(self) -> None:
        """The focus to the list."""
        self.card.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _with_chosen(self, act: "Callable[[Asked], object]") -> None:
        one = self.card.chosen()
        if one is not None:
            act(one)

    def _open(self, one: "Asked") -> None:
        self._shell.go("household", one.households[0])

    def _on_told(self, words: str) -> None:
        self._shell.toast(words)
        self._told()
