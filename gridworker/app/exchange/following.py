"""What laptops wrote about a record before they heard that it is one with another, and what becomes of it by an undo.

References go to the other, and so does what was written in the record itself. Where the act is undone, they go back.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from gridworker.app.exchange.joining import Joining
from gridworker.app.exchange.parting import Into, Parting, way
from gridworker.errors import DiskFull
from gridworker.store import joined as memory
from gridworker.store.engine.database import raw_cursor
from gridworker.store.queries.care_gone import astray, same_care
from gridworker.store.queries.person import met_on
from gridworker.store.queries.referring import living
from gridworker.store.tables.changes import Act, Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.queries.care_gone import GoneCare
    from gridworker.store.store import Beside


class Following:
    """At the office, after each bundle: follows as ``follow_joined`` does, and looks only at the visits that came.

    These are all that were written to, in whatever way. At every visit it looks once, and again where it is new of
    somebody that they went. What an undo left is seen to first: the power may have gone, or the disk been full, between
    it and what follows it.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._gone: frozenset[int] | None = None
        self._came: set[int] = set()
        session.subscribe(self._hear)  # what is accepted or brought back names people as well as what comes in a bundle

    def _hear(self, commit: "Commit") -> None:
        if self._session.is_office:
            self._came.update(commit.touched.get("visit", ()))

    def follow(self) -> bool:
        """See ``follow_joined``."""
        _part(self._session)
        with self._session.store.cursor() as cursor:
            gone = frozenset(number for kind, number in memory.joined(cursor) if kind == "resident")
        known = self._gone is not None and gone <= self._gone
        came, self._came = self._came, set()
        try:
            found = follow_joined(self._session, came if known else None)
        except DiskFull:
            self._came |= came
            raise
        self._gone = gone
        return found


def follow_joined(session: "Session", visits: Collection[int] | None = None) -> bool:
    """What laptops wrote about a record before they heard that it is one with another goes to that other.

    Undo passes over it. ``visits``: those to be looked through for somebody who was met in another's home; all where
    none are given. Returns whether there was any.
    """
    _leave_circles(session)
    found = _found(session, visits)
    if found is None or session.read_only:
        return found is not None
    with session.together():  # what a bundle brings meanwhile would be written over unseen
        found = _found(session, visits)
        if found is not None:
            changes, beside = found
            session.announce(session.store.write(changes, _note(session, changes), beside))
    return True


def _found(session: "Session", visits: Collection[int] | None) -> "tuple[list[Change], Beside] | None":
    """What is to follow, and what is remembered with it; None where there is nothing."""
    with session.store.db.read() as connection:
        cursor = raw_cursor(connection)
        into, again = memory.joined(cursor), memory.come_back(cursor)
        if not into and not again:
            return None
        joining = _following(session, connection, ({**into, **again}, again), visits)
        changes = joining.changes()
    gone = {(change.kind, change.record) for change in changes if change.alive is False}

    def beside(connection: "Connection", _commit: object) -> None:
        memory.remember_moved(raw_cursor(connection), joining.moved, again.keys() & gone, joining.folded)

    return (changes, beside) if changes else None


def _leave_circles(session: "Session") -> None:
    """Bring back one of those that went into each other, so that the others are one with it."""
    with session.store.cursor() as cursor:
        circles = memory.in_circles({**memory.joined(cursor), **memory.come_back(cursor)})
    if circles and not session.read_only:
        changes = [Change(kind, record, alive=True) for kind, record in sorted(circles)]
        session.announce(session.store.write(changes, _note(session, changes)))


def part_again(session: "Session") -> None:
    """After an undo: what had followed goes back to what is on the books again, and what is one again follows.

    The undo is in by then. Where the disk is full, this is taken up again with the next bundle.
    """
    with suppress(DiskFull):
        _part(session)
        follow_joined(session)


def _part(session: "Session") -> None:
    with session.store.db.read() as connection:
        if not _Way(connection).is_one:
            return
    with session.together():  # what a bundle brings meanwhile would be written over unseen
        with session.store.db.read() as connection:
            way = _Way(connection)
        session.announce(session.store.write(way.changes, _note(session, way.changes), way.beside))


class _Way:
    """What is to go back, and what is remembered then."""

    def __init__(self, connection: "Connection") -> None:
        cursor = raw_cursor(connection)
        self._again, moved = memory.gone_again(cursor), memory.moved(cursor)
        self.changes: list[Change] = []
        if self._again or moved:
            back = [Change(kind, gone, alive=True) for kind, gone in self._again
                    if not living(connection, kind, (gone,))]  # fmt: skip
            into = {**memory.joined(cursor), **memory.come_back(cursor)}  # as what follows sees it
            self._parting = Parting(connection, into, set(self._again), memory.folded(cursor))
            self.changes = [*back, *self._parting.changes(moved)]

    @property
    def is_one(self) -> bool:
        """Whether there is anything to be done."""
        return bool(self.changes or self._again)

    def beside(self, connection: "Connection", _commit: object) -> None:
        """Forget what goes back, and remember what does not go all the way."""
        cursor = raw_cursor(connection)
        memory.forget_moved(cursor, self._parting.renamed, ())
        memory.remember_moved(cursor, self._parting.renamed.values(), ())
        memory.forget_moved(cursor, self._parting.parted, self._again, self._parting.unfolded)
        memory.remember_moved(cursor, self._parting.on_the_way, ())


def _note(session: "Session", changes: Sequence[Change]) -> Act:
    """Undo passes over it."""
    return Act.note("same", session.who, count=len(changes))


def _following(
    session: "Session", connection: "Connection", paths: tuple[Into, Into], visits: Collection[int] | None
) -> Joining:
    into, again = paths
    met = met_on(connection, [gone for kind, gone in into if kind == "resident"], visits)
    joining = Joining(session, connection, memory.once_joined(raw_cursor(connection), "household"), met)
    here = {kind: set(living(connection, kind, list(into.values()))) for kind in {kind for kind, _ in into}}
    for (kind, gone), stays in sorted(into.items()):  # households first: their visits tell who was met there
        # As far as there is any: one on the way may be back, and the last of them gone.
        keep = next((one for one in reversed(way(into, kind, stays)) if one in here[kind]), None)
        if keep is not None:
            if (kind, gone) in again and not joining.join_again(kind, keep, gone):
                continue
            joining.move(kind, keep, gone)
    for care in astray(connection):
        stays = _care_of_the_same(connection, into, care)
        if stays:
            joining.hand_contacts_on(stays, care.id)
    return joining


def _care_of_the_same(connection: "Connection", into: Into, gone: "GoneCare") -> int:
    """The care file that one went into when those they were of were made one; 0 where it went in another way."""
    kind = "household" if gone.resident is None else "resident"
    of = gone.household if gone.resident is None else gone.resident
    whose = way(into, kind, of or 0)
    return same_care(connection, kind, whose[-1], gone) if len(whose) > 1 else 0
