"""Writing what shortens ID numbers: when the office lays the rule down, and when a laptop brings some late."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gridworker.app.id_keeping import IdKeeping, shortened
from gridworker.store.tables.changes import Act, Change

if TYPE_CHECKING:
    from gridworker.app.session import Session


def shorten_late(session: "Session") -> bool:
    """Shorten at the office the numbers that came from laptops which had not heard of the rule. Returns whether any."""
    keeping = IdKeeping.load(session.store)
    if not keeping.short or not shortened(session.store, keeping):
        return False
    with session.together():  # what a bundle brings meanwhile would be settled unseen
        changes = shortened(session.store, keeping)
        write_shortened(session, changes, len(changes))
    return True


def write_shortened(session: "Session", changes: Sequence[Change], people: int) -> None:
    """Write them as an act that undo passes over: to go back would leave people with neither number nor hash."""
    session.require_writer()
    act = Act.note("settings", session.who, detail="short_ids", count=people)
    session.announce(session.store.write(changes, replace(act, resolve=True)))
