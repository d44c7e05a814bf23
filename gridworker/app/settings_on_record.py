"""Settings of this computer that guard what is shown: they lie outside the store, that they were changed does not."""

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from gridworker.errors import Problem

if TYPE_CHECKING:
    from gridworker.app.session import Session


class Guards(Protocol):
    """Minutes until the window locks itself, and whether a masked number is shown at one press or while held."""

    lock_minutes: int
    reveal_once: bool


def note_guards(session: "Session", before: Guards, now: Guards) -> None:
    """Put on record which of them changed. Nobody is kept from it where that cannot be written."""
    with suppress(Problem):
        if before.lock_minutes != now.lock_minutes:
            session.note("settings", count=now.lock_minutes, detail="lock_minutes")
        if before.reveal_once != now.reveal_once:
            session.note("settings", detail="reveal_once on" if now.reveal_once else "reveal_once off")
