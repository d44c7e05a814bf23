"""Undo as the window offers it: what the toast's button does, and the words for what came of it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gridworker.gui import background
from gridworker.gui.page import Shell, Undo
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


class Undone(Protocol):
    """What an undo tells of itself."""

    @property
    def kept(self) -> int:
        """How much stays as it is: changed or rested on since."""


def undo_of(ws: "Workspace", shell: Shell, batch: int, then: Callable[[], object] | None = None) -> Undo:
    """Take back just the act with this number, whatever was done since, and say so; ``then`` reads the page again."""

    def tell(undone: Undone) -> None:
        if then is not None:
            then()
        shell.toast(undone_line(undone.kept))

    return Undo(partial(background.run, partial(ws.records.undo_batch, batch), done=tell, owner=shell))


def undone_line(kept: int = 0) -> str:
    """What an undo did. ``kept`` counts what stays as it is, for somebody changed it or used it since."""
    if not kept:
        return gettext("Undone.")
    said = ngettext(
        "Undone, but for {count} thing that was changed or used since.",
        "Undone, but for {count} things that were changed or used since.", kept,
    )  # fmt: skip
    return said.format(count=kept)


def nothing_undone() -> str:
    """The answer to Ctrl Z where no act is offered for undo any more."""
    return gettext(
        "Nothing was undone. That works while the line about an act is shown; later, change it in its place."
    )
