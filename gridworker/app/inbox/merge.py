"""Conflicts waiting for a person: both sides with who and when, and the decision, which is itself an edit."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from gridworker.app.exchange.keep_both import keep_both
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.inbox.conflict_views import Arrival, Conflict, Field, Named, conflicts_of, covered
from gridworker.app.session import Session
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.conflicts import contested, contested_of, count, disputed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.tables.changes import Change
from gridworker.text import Label

if TYPE_CHECKING:
    from gridworker.app.inbox.duplicates import Duplicates
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

ALIVE = "alive"

_BY_RECORD = attrgetter("record")


class Merge(Service):
    """Listing and settling conflicts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    @free("Each of its acts asks for itself.")
    def duplicates(self) -> "Duplicates":
        """People and households that may be on the books twice."""
        from gridworker.app.inbox.duplicates import Duplicates

        return Duplicates(self._session)

    @needs(Action.READ, Matter.CONFLICTS)
    def count(self) -> int:
        """How many records wait for a person."""
        with self._session.store.cursor() as cursor:
            return count(cursor)

    @needs(Action.READ, Matter.CONFLICTS)
    def conflicts(self, record: int | None = None) -> list[Conflict]:
        """All conflicts, or those of one record, in the order the records were made."""
        with self._session.store.db.read() as connection:
            found = conflicts_of(connection, contested(raw_cursor(connection), record))
            return [self._placed(connection, one) for one in found]

    @needs(Action.READ, Matter.CONFLICTS)
    def told(self, named: Collection[Named]) -> list[Conflict]:
        """Some conflicts; those settled meanwhile are left out."""
        with self._session.store.db.read() as connection:
            found = conflicts_of(connection, contested_of(raw_cursor(connection), {one.record for one in named}))
            return [self._placed(connection, one) for one in found if one.named in named]

    def _placed(self, connection: "Connection", one: Conflict) -> Conflict:
        """With its door and a name: that of the head or the person it is about, where people may be read."""
        from gridworker.app.inbox.conflict_place import titled

        door, own = titled(connection, one.kind, one.record, people=self.may(Action.READ, Matter.PEOPLE))
        return replace(one, caption=own, door=door)

    @needs(Action.READ, Matter.CONFLICTS)
    def in_clear(self) -> list[Conflict]:
        """All conflicts as a script needs them: what pages mask stays masked only for who may not see it in clear.

        Which records were shown so is put on record first.
        """
        found = [one if self._reveals(one.kind) else covered(one) for one in self.conflicts()]
        shown = [one for one in found if one.masked and self._reveals(one.kind)]
        if shown:
            with self._session.store.together():
                for one in shown:
                    self._session.note("reveal", kind=one.kind, record=one.record, detail=" ".join(one.masked))
        return found

    @needs(Action.REVEAL, of="kind")
    def reveal(self, kind: str, record: int, field: str) -> dict[int, str]:
        """Both sides of a field in clear, by clk; each look is put on record first. Raises NotFound, StoreBusy."""
        found = [one for one in self.conflicts(record) if one.kind == kind]
        asked = [one for conflict in found for one in conflict.fields if one.name == field]
        if not asked:
            raise NotFound("There is no conflict to settle in {field}.", field=field)
        self._session.note("reveal", kind=kind, record=record, detail=field)
        return {side.clk: asked[0].show_clear(side.value) for side in asked[0].sides}

    def _reveals(self, kind: str) -> bool:
        return not self._session.read_only and self.may(Action.REVEAL, self.matter(kind))

    @needs(Action.READ, Matter.BUNDLES)
    def arrivals(self, limit: int = 200, *, counted: bool = True) -> list[Arrival]:
        """Bundles taken in, newest first, each with the conflicts a person can settle that it brought a side of.

        A conflict that came with several is with the newest of them. ``counted``: without it no conflicts are looked
        for, which takes half a second of ten thousand.
        """
        from gridworker.app.exchange.devices import Devices
        from gridworker.app.exchange.exchange import Exchange
        from gridworker.store.log.journal import Journal
        from gridworker.store.newer_version import Newer
        from gridworker.store.undone import taken_back

        trips = Exchange(self._session).trips(limit, outgoing=False)
        laptops = {laptop.number: laptop for laptop in Devices(self._session).laptops()}
        by_clk = self._open_by_clk() if counted else {}
        claimed, found = set[Named](), list[Arrival]()
        with self._session.store.cursor() as cursor:
            journal = Journal(cursor, self._session.store.chain_key)
            undone, newer = taken_back(cursor), Newer(cursor, self._session.store.chain_key)
            for trip in trips:
                link = journal.link(trip.batch) if trip.batch and by_clk else None
                met = {one for clk in link.op_clks for one in by_clk.get(clk, ())} if link else set()
                own = sorted(met - claimed, key=_BY_RECORD)
                claimed.update(own)
                laptop = laptops.get(trip.peer)
                worker, grids = (laptop.worker, laptop.grids) if laptop else ("", ())
                back = trip.batch in undone
                found.append(Arrival(trip, worker, grids, tuple(own), back, newer.count(trip.batch)))
        return found

    def _open_by_clk(self) -> Mapping[int, Collection[Named]]:
        """The conflicts that do not only wait, by each op that stands in one."""
        with self._session.store.cursor() as cursor:
            found = contested(cursor)
        is_open = {(one.kind, one.record) for one in found if not one.waiting}
        by_clk: defaultdict[int, set[Named]] = defaultdict(set)
        for one in found:
            if (one.kind, one.record) in is_open:
                for side in one.sides:
                    by_clk[side.clk].add(Named(one.kind, one.record))
        return by_clk

    @needs(Action.READ, Matter.CONFLICTS)
    def unclaimed(self, arrivals: Sequence[Arrival]) -> list[Named]:
        """Conflicts to settle that came with no bundle of a list: by a restore, or long ago."""
        claimed = {one for arrival in arrivals for one in arrival.conflicts}
        with self._session.store.cursor() as cursor:
            return [one for one in (Named(*one) for one in disputed(cursor)) if one not in claimed]

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def resolve(
        self, kind: str, record: int, decisions: Mapping[str, Value], seen: Collection[int] | None = None
    ) -> "Commit":
        """Settle fields with the values decided on; the other sides stay in the history.

        ``decisions`` maps field names to values; for "alive" 1 keeps the record and 0 deletes it. ``seen`` are the
        sides somebody looked at (``Conflict.clks``): a bundle may bring another before they decide. Raises NotFound
        where a field is not in conflict, Invalid, Problem where nothing was decided or not all sides were seen.
        """
        if not decisions:
            raise Problem("Nothing was decided: name each field in conflict and the value to keep.")
        self._session.require_writer()
        with self._session.together():
            found = [one for conflict in self.conflicts(record) if conflict.kind == kind for one in conflict.fields]
            if unknown := decisions.keys() - {one.name for one in found}:
                raise NotFound("There is no conflict to settle in {field}.", field=", ".join(sorted(unknown)))
            if seen is not None:
                _require_seen(kind, [one for one in found if one.name in decisions], seen)
            values = {name: value for name, value in decisions.items() if name != ALIVE}
            checked = records.kind_named(kind).checked(values, partial=True)
            changes = [Change(kind, record, checked)] if checked else []
            if ALIVE in decisions:
                changes.append(Change(kind, record, alive=_existence(decisions[ALIVE])))
            return self._session.write(changes, "resolve", resolve=True)

    @needs(Action.READ, Matter.CONFLICTS)
    def both(self, kind: str, field: str, values: tuple[Value, ...]) -> Value:
        """The value that keeps both sides of a note or a list. Raises Problem where that cannot be."""
        return keep_both(kind, field, values)


def _require_seen(kind: str, fields: Sequence[Field], seen: Collection[int]) -> None:
    """Raises Problem where a field has a side that whoever decides has not seen."""
    for one in fields:
        if not {side.clk for side in one.sides} <= set(seen):
            raise Problem(
                "“{kind}, {field}” was changed in the meantime. Look at it once more.",
                kind=records.kind_named(kind).kind.title, field=one.label,
            )  # fmt: skip


def _existence(decision: Value) -> bool:
    """Whether a record is to be kept. Raises Invalid for what only might mean so: a slip must delete nobody."""
    if not isinstance(decision, int) or decision not in {0, 1}:
        fault = Problem("Only true keeps the record, and only false deletes it.")
        raise Invalid({ALIVE: fault}, {ALIVE: Label("Keep or delete")})
    return bool(decision)
