"""The keys of who decides on the merge page."""

from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QWidget

from gridworker.gui.pages.merge.deciding import KEYS
from gridworker.gui.shortcuts import bind
from gridworker.text import gettext


class Deeds(Protocol):
    """What the page does; each does something only where what it is about is on screen."""

    def keep(self, side: int) -> None:
        """Keep a side of the current field."""

    def keep_both(self) -> None:
        """Keep all sides of it."""

    def edit(self) -> None:
        """Type another value."""

    def settle(self) -> None:
        """Save the decisions and go on."""

    def later(self) -> None:
        """Leave this one for later."""

    def rule(self, *, accept: bool) -> None:
        """The office's word on what was set aside."""


def bind_deciding(page: QWidget, deeds: Deeds) -> None:
    """Bind them to the page."""
    words = (gettext("Keep the first side"), gettext("Keep the second side"))
    for side, key in enumerate(KEYS):
        bind(page, key, partial(deeds.keep, side), words[side] if side < len(words) else "")
    bind(page, "Space", deeds.keep_both, gettext("Keep both"))
    bind(page, "E", deeds.edit, gettext("Edit"))
    bind(page, "Return", deeds.settle, gettext("Settle, next"))
    bind(page, "S", deeds.later, gettext("Later"))
    bind(page, "Y", partial(deeds.rule, accept=True), gettext("Accept"))
    bind(page, "X", partial(deeds.rule, accept=False), gettext("Do not accept"))
