"""What laptops wrote about a record before they heard that it is one with another, and what becomes of it by an undo.

References go to the other, and so does what was written in the record itself. Where the act is undone, they go back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from gridworker.app.exchange.joining import Joining
from gridworker.store import joined as memory
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import Moved
from gridworker.store.queries.person import met_on
from gridworker.store.queries.referring import living
from gridworker.store.records import get_many
from gridworker.store.tables.changes import Act, Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

Into = Mapping[tuple[str, int], int]


class Following:
    """At the office, after each bundle: follows as ``follow_joined`` does, and looks only at the visits that came.

    At all of them once, and again where it is new of somebody that they went. Once too what an undo left is seen to:
    the power may have gone between it and what follows it.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._gone: frozenset[int] | None = None
        self._came: set[int] = set()

    def hear(self, commit: "Commit") -> None:
        """Note what came."""
        self._came.update(commit.touched.get("visit", ()))

    def follow(self) -> bool:
        """See ``follow_joined``."""
        if self._gone is None:
            _part(self._session)
        with self._session.store.cursor() as cursor:
            gone = frozenset(number for kind, number in memory.joined(cursor) if kind == "resident")
        known = self._gone is not None and gone <= self._gone
        found = follow_joined(self._session, self._came if known else None)
        self._gone, self._came = gone, set()
        return found


def follow_joined(session: "Session", visits: Collection[int] | None = None) -> bool:
    """What laptops wrote about a record before they heard that it is one with another goes to that other.

    Undo passes over it. ``visits``: those to be looked through for somebody who was met in another's home; all where
    none are given. Returns whether there was any.
    """
    _leave_circles(session)
    with session.store.db.read() as connection:
        cursor = raw_cursor(connection)
        into, again = memory.joined(cursor), memory.come_back(cursor)
        if not into and not again:
            return False
        joining = _following(session, connection, ({**into, **again}, again), visits)
        changes = joining.changes()
    if not changes or session.read_only:
        return bool(changes)
    gone = {(change.kind, change.record) for change in changes if change.alive is False}

    def beside(connection: "Connection", _commit: object) -> None:
        memory.remember_moved(raw_cursor(connection), joining.moved, again.keys() & gone, joining.folded)

    session.announce(session.store.write(changes, Act.note("same", session.who, count=len(changes)), beside))
    return True


def _leave_circles(session: "Session") -> None:
    """Bring back one of those that went into each other, so that the others are one with it."""
    with session.store.cursor() as cursor:
        circles = memory.in_circles({**memory.joined(cursor), **memory.come_back(cursor)})
    if circles and not session.read_only:
        changes = [Change(kind, record, alive=True) for kind, record in sorted(circles)]
        session.announce(session.store.write(changes, Act.note("same", session.who, count=len(changes))))


def part_again(session: "Session") -> None:
    """After an undo: what had followed goes back to what is on the books again, and what is one again follows."""
    _part(session)
    follow_joined(session)


def _part(session: "Session") -> None:
    with session.store.db.read() as connection:
        cursor = raw_cursor(connection)
        again = memory.gone_again(cursor)
        back = [Change(kind, gone, alive=True) for kind, gone in again if not living(connection, kind, (gone,))]
        parted = _Parted(connection, memory.joined(cursor), set(again), memory.folded(cursor))
        changes = [*back, *parted.changes(memory.moved(cursor))]
    if changes or again:

        def beside(connection: "Connection", _commit: object) -> None:
            memory.forget_moved(raw_cursor(connection), parted.parted, again, parted.unfolded)
            memory.remember_moved(raw_cursor(connection), parted.on_the_way, ())

        session.announce(session.store.write(changes, Act.note("same", session.who, count=len(changes)), beside))


def _following(
    session: "Session", connection: "Connection", paths: tuple[Into, Into], visits: Collection[int] | None
) -> Joining:
    into, again = paths
    met = met_on(connection, [gone for kind, gone in into if kind == "resident"], visits)
    joining = Joining(session, connection, memory.once_joined(raw_cursor(connection), "household"), met)
    here = {kind: set(living(connection, kind, list(into.values()))) for kind in {kind for kind, _ in into}}
    for (kind, gone), stays in sorted(into.items()):  # households first: their visits tell who was met there
        keep = _end(into, kind, stays)
        if keep in here[kind]:
            if (kind, gone) in again and not joining.join_again(kind, keep, gone):
                continue
            joining.move(kind, keep, gone)
    return joining


def _end(into: Into, kind: str, record: int) -> int:
    """Into which a record went in the end."""
    steps = len(into)
    while (kind, record) in into and steps:
        record, steps = into[kind, record], steps - 1
    return record


class _Parted:
    """What names one that it would not follow to any more. ``returned`` are those that come back beside.

    ``folded`` are those that went by following: what they said stood there already.
    """

    def __init__(
        self, connection: "Connection", into: Into, returned: set[tuple[str, int]], folded: set[tuple[str, int]]
    ) -> None:
        self._connection = connection
        self._into = into
        self._returned = returned
        self._folded = folded
        self.unfolded: dict[tuple[str, int], None] = {}
        """Of these what comes back, with whom it named."""
        self._values: dict[tuple[str, int], dict[str, Value]] = {}
        self.parted: list[Moved] = []
        """What goes back."""
        self.on_the_way: list[Moved] = []
        """Of these what does not go all the way back, and would where another act is undone too."""

    def changes(self, moved: Iterable[Moved]) -> list[Change]:
        """With whom they named before."""
        together: dict[tuple[str, int, str, int], list[tuple[Moved, int]]] = defaultdict(list)
        for one in moved:
            kind, named = one.named
            target = _end(self._into, kind, named)
            if target != one.now and not self._is_here(kind, target):
                target = one.now
            together[one.kind, one.record, one.field, one.now].append((one, target))
        for alike in together.values():
            if any(target != one.now for one, target in alike):
                self._part(alike)
        back = [Change(kind, record, alive=True) for kind, record in self.unfolded]
        return [*back, *(Change(kind, record, values) for (kind, record), values in self._values.items())]

    def _is_here(self, kind: str, record: int) -> bool:
        return (kind, record) in self._returned or bool(living(self._connection, kind, (record,)))

    def _part(self, alike: Sequence[tuple[Moved, int]]) -> None:
        """Those of one field that name the same since, each with whom it is to name."""
        one = alike[0][0]
        values = get_many(self._connection, one.kind, (one.record,)).get(one.record)
        if values is None:
            if (one.kind, one.record) in self._folded:
                self.unfolded[one.kind, one.record] = None
                self.parted += [moved for moved, _ in alike]
            return
        value = self._values.get((one.kind, one.record), values).get(one.field, values[one.field])
        back = _put_back(alike, value)
        if back == value:  # it says something else since
            self.parted += [moved for moved, target in alike if target == moved.named[1]]
            return
        self._values.setdefault((one.kind, one.record), {})[one.field] = back
        self.parted += [moved for moved, _ in alike]
        people = str(value or "").split()
        there = set(people) if _stood(alike) else set(people) - {str(one.now)}
        there.update(str(target) for moved, target in alike if target == moved.named[1])
        for moved, target in alike:
            if target != moved.named[1]:
                self.on_the_way.append(moved._replace(now=target, beside=str(target) in there))
                there.add(str(target))


def _stood(alike: Sequence[tuple[Moved, int]]) -> bool:
    """Whether whom they name now stood there already, in a list of people."""
    return all(one.beside for one, _ in alike)


def _put_back(alike: Sequence[tuple[Moved, int]], value: "Value") -> "Value":
    """What a field says with people or a household put back; as it is where it says something else since.

    In a list of people stays who stood there already, and whom others still go by.
    """
    now, targets = alike[0][0].now, [target for _, target in alike]
    if alike[0][0].field != "met":
        return next(target for target in targets if target != now) if value == now else value
    people = str(value or "").split()
    if str(now) in people:
        place = people.index(str(now))
        people[place : place + 1] = map(str, [now, *targets] if _stood(alike) else targets)
    return " ".join(dict.fromkeys(people)) or None
