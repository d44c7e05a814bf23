"""Conflicts waiting for a person: both sides with who and when, and the decision, which is itself an edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.app.exchange_views import Trip
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.session import Session
from gridworker.errors import NotFound, Problem
from gridworker.record import NOTE_MAX_LENGTH, Type, Value
from gridworker.store import records
from gridworker.store.changes import Change
from gridworker.store.clock import OFFICE, laptop_of
from gridworker.store.conflicts import Contested, contested, count
from gridworker.store.database import raw_cursor

if TYPE_CHECKING:
    from gridworker.record import Spec
    from gridworker.store.database import Connection
    from gridworker.store.transaction import Commit

ALIVE = "alive"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a field: the value, who gave it, when, on which device (16 bits)."""

    clk: int
    value: Value
    shown: str
    at: datetime
    who: str
    device: int

    @property
    def from_office(self) -> bool:
        """Whether it was written at the office."""
        return laptop_of(self.clk) == OFFICE


@dataclass(frozen=True, slots=True)
class Field:
    """A field in conflict. ``spec`` is None for a deletion against an edit. ``can_keep_both``: notes and lists."""

    name: str
    label: str
    spec: "Spec | None"
    sides: tuple[Side, ...]
    waiting: bool

    @property
    def can_keep_both(self) -> bool:
        """Whether the two values can stand together."""
        return self.spec is not None and self.spec.type in {Type.NOTE, Type.CODES, Type.PHONES}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record two people changed without knowing of each other."""

    kind: str
    record: int
    caption: str
    fields: tuple[Field, ...]
    door: str = ""
    """Of the household it is about; empty where it is about none."""

    @property
    def title(self) -> str:
        """What it is called, after its door."""
        return " ".join(filter(None, (self.door, self.caption)))

    @property
    def waiting(self) -> bool:
        """Whether it only stands because something has not come yet; it is then not put before a person."""
        return all(field.waiting for field in self.fields)

    @property
    def clks(self) -> set[int]:
        """The ops that stand against each other."""
        return {side.clk for field in self.fields for side in field.sides}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A bundle that came in, and what of it waits for a person."""

    trip: Trip
    worker: str
    grids: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    taken_back: bool = False
    """Somebody undid it as a whole; what others changed or used since stayed."""


class Merge(Service):
    """Listing and settling conflicts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.READ, Matter.CONFLICTS)
    def count(self) -> int:
        """How many records wait for a person."""
        with self._session.store.cursor() as cursor:
            return count(cursor)

    @needs(Action.READ, Matter.CONFLICTS)
    def conflicts(self, record: int | None = None) -> list[Conflict]:
        """All conflicts, or those of one record, in the order the records were made."""
        with self._session.store.db.read() as connection:
            found = contested(raw_cursor(connection), record)
            staff = records.get_many(connection, "staff", {side.who for one in found for side in one.sides})
            names = {id_: str(values.get("name") or "") for id_, values in staff.items()}
            by_record: dict[tuple[str, int], list[Contested]] = {}
            for one in found:
                by_record.setdefault((one.kind, one.record), []).append(one)
            return [
                self._conflict(connection, kind, id_, tuple(_field(connection, kind, one, names) for one in listed))
                for (kind, id_), listed in by_record.items()
            ]

    def _conflict(self, connection: "Connection", kind: str, id_: int, fields: tuple[Field, ...]) -> Conflict:
        """With its door and a name: that of the head or the person it is about, where people may be read."""
        from gridworker.app.conflict_place import Place, person_in, place_of

        values, place = records.get(connection, kind, id_), place_of(connection, kind, id_)
        own = records.kind_named(kind).caption(values) if values else ""
        if self.may(Action.READ, Matter.PEOPLE):
            own = (place.head if kind == "household" else person_in(connection, values or {})) or own
        if kind == "dwelling":
            own, place = place.door or own, Place()
        return Conflict(kind, id_, own or str(records.kind_named(kind).kind.title), fields, place.door)

    @needs(Action.READ, Matter.BUNDLES)
    def arrivals(self, limit: int = 200) -> list[Arrival]:
        """Bundles taken in, newest first, each with the conflicts a person can settle that it brought a side of.

        A conflict that came with several is with the newest of them.
        """
        from gridworker.app.devices import Devices
        from gridworker.app.exchange import Exchange
        from gridworker.store.batch import Journal

        trips = [trip for trip in Exchange(self._session).trips(limit) if not trip.outgoing]
        laptops = {laptop.number: laptop for laptop in Devices(self._session).laptops()}
        open_ones = [conflict for conflict in self.conflicts() if not conflict.waiting]
        found = []
        with self._session.store.cursor() as cursor:
            journal = Journal(cursor, self._session.store.chain_key)
            undone = journal.undone()
            for trip in trips:
                link = journal.link(trip.batch) if trip.batch and open_ones else None
                clks = set(link.op_clks) if link else set()
                own = [one for one in open_ones if not clks.isdisjoint(one.clks)]
                open_ones = [one for one in open_ones if one not in own]
                laptop = laptops.get(trip.peer)
                worker, grids = (laptop.worker, laptop.grids) if laptop else ("", ())
                found.append(Arrival(trip, worker, grids, tuple(own), taken_back=trip.batch in undone))
        return found

    @needs(Action.READ, Matter.CONFLICTS)
    def unclaimed(self, arrivals: Sequence[Arrival]) -> list[Conflict]:
        """Conflicts to settle that came with no bundle of a list: by a restore, or long ago."""
        claimed = {(one.kind, one.record) for arrival in arrivals for one in arrival.conflicts}
        return [one for one in self.conflicts() if not one.waiting and (one.kind, one.record) not in claimed]

    @needs(Action.DECIDE, Matter.CONFLICTS)
    def resolve(self, kind: str, record: int, decisions: Mapping[str, Value]) -> "Commit":
        """Settle fields with the values decided on; the other sides stay in the history.

        ``decisions`` maps field names to values; for "alive" 1 keeps the record and 0 deletes it. Raises NotFound where
        a field is not in conflict, Invalid.
        """
        waiting = {one.name for conflict in self.conflicts(record) for one in conflict.fields}
        unknown = decisions.keys() - waiting
        if unknown or not decisions:
            raise NotFound("There is no conflict to settle in {field}.", field=", ".join(sorted(unknown)) or kind)
        values = {name: value for name, value in decisions.items() if name != ALIVE}
        checked = records.kind_named(kind).checked(values, partial=True)
        changes = [Change(kind, record, checked)] if checked else []
        if ALIVE in decisions:
            changes.append(Change(kind, record, alive=bool(decisions[ALIVE])))
        return self._session.write(changes, "resolve", resolve=True)

    @needs(Action.READ, Matter.CONFLICTS)
    def both(self, kind: str, field: str, values: tuple[Value, ...]) -> Value:
        """The value that keeps both sides of a note or a list. Raises Problem where that cannot be."""
        spec = records.kind_named(kind).kind.specs[field]
        words = [str(value) for value in dict.fromkeys(values) if value is not None]
        if spec.type in {Type.CODES, Type.PHONES}:
            return " ".join(dict.fromkeys(word for value in words for word in value.split()))
        joined = "\n".join(words)
        if spec.type is not Type.NOTE or len(joined) > NOTE_MAX_LENGTH:
            raise Problem("“{field}” cannot keep both; choose one side.", field=spec.label)
        return joined


def _caption(values: Mapping[str, Value] | None, kind: str) -> str:
    record = records.kind_named(kind)
    return (record.caption(values) if values else "") or str(record.kind.title)


def _field(connection: "Connection", kind: str, one: Contested, names: Mapping[int, str]) -> Field:
    from gridworker.app.showing import show_apart
    from gridworker.text import gettext

    spec = records.kind_named(kind).kind.specs.get(one.field)
    shown = show_apart(spec, [side.value for side in one.sides])
    if spec is not None and spec.ref:
        shown = [_referred(connection, spec.ref, side.value, text) for side, text in zip(one.sides, shown, strict=True)]
    sides = tuple(
        Side(side.clk, side.value, text, side.at, names.get(side.who, ""), side.device)
        for side, text in zip(one.sides, shown, strict=True)
    )
    label = str(spec.label) if spec else gettext("Keep or delete")
    return Field(one.field, label, spec, sides, one.waiting)


def _referred(connection: "Connection", kind: str, value: Value, shown: str) -> str:
    """What a record that is referred to is called; its number where it is not here."""
    values = records.get(connection, kind, value) if isinstance(value, int) else None
    return _caption(values, kind) if values else shown
