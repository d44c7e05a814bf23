"""What is said above a household's file: how each thing looks, by what it is about, and what it offers."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import FileView, WishView
    from gridworker.app.session import Session
    from gridworker.gui.look.theme import Tone

_LOOKS: "dict[str, tuple[Tone, str]]" = {
    "moved": ("neu", "sign-out"),
    "conflict": ("conf", "warning"),
    "consent": ("info", "lock-simple"),
    "emptied": ("due", "sign-out"),
    "no": ("info", "lock-simple"),
    "foreign": ("neu", "lock-simple"),
    "left": ("neu", "lock-simple"),
    "handover": ("info", "sign-out"),
    "declined": ("neu", "sign-out"),
    "attention": ("due", "warning"),
}


class FileStrips(QWidget):
    """The strips of a file. What they offer comes as a signal; ``household_wanted`` carries the id of another one."""

    consent_wanted = Signal()
    consents_wanted = Signal()
    close_wanted = Signal()
    """The household is to be written down as moved out."""
    decision_wanted = Signal()
    household_wanted = Signal(object)
    erase_wanted = Signal(object)
    keep_wanted = Signal(object)
    take_back_wanted = Signal(object)
    """What is to become of a wish to be forgotten, which they carry."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self._strips = column(gap=8)
        self.setLayout(self._strips)

    def show_file(self, view: "FileView") -> None:
        """Say what is to be said of a file."""
        clear(self._strips)
        for about, words in view.strips.items():
            self._strips.addWidget(self._strip(about, words, view))
        for wish in view.asked:
            self._strips.addWidget(self._wish(wish, view))
        if view.behind:
            self._strips.addWidget(self._behind(view))
        self._strips.setContentsMargins(0, 0, 0, 12 if self._strips.count() else 0)

    def _strip(self, about: str, words: str, view: "FileView") -> Strip:
        tone, icon = _LOOKS[about]
        action, wanted = self._offered(about, view)
        strip = Strip(words, tone=tone, icon=icon, action=action)
        if wanted is not None:
            strip.pressed.connect(wanted)
        return strip

    def _offered(self, about: str, view: "FileView") -> tuple[str, SignalInstance | None]:
        """The words of what can be done about it, and what asks for that."""
        alone = view.may_edit and not view.home.sharing
        if about == "consent" and alone:
            return gettext("Record consent"), self.consent_wanted
        if about == "no" and alone:
            return gettext("What they agreed to"), self.consents_wanted
        if about == "emptied" and view.may_edit:
            return gettext("The household moved out"), self.close_wanted
        if about == "handover" and self._session.is_office and self._session.can("DECIDE HANDOVERS"):
            return gettext("Decide"), self.decision_wanted
        return "", None

    def _wish(self, wish: "WishView", view: "FileView") -> Strip:
        """Who wishes to be forgotten: the office erases or keeps, whoever asked takes it back."""
        decides = self._session.is_office and self._session.can("ERASE PEOPLE")
        takes_back = wish.here and view.may_edit and not decides
        verb = gettext("Erase") if decides else gettext("Take it back") if takes_back else ""
        strip = Strip(wish.words, tone="info", icon="user-minus", action=verb)
        strip.pressed.connect(partial((self.erase_wanted if decides else self.take_back_wanted).emit, wish))
        if decides:
            strip.offer(gettext("Keep")).clicked.connect(partial(self.keep_wanted.emit, wish))
        return strip

    def _behind(self, view: "FileView") -> Strip:
        """Who else lives behind the door, and the way to the next of them: one after the other leads back here."""
        names = gettext(", ").join(name for _, name in view.behind)
        words = gettext("Behind the same door: {names}").format(names=names)
        strip = Strip(words, tone="neu", icon="users", action=gettext("Open the file"))
        strip.pressed.connect(partial(self.household_wanted.emit, view.behind[0][0]))
        return strip
