"""Where a record in conflict belongs: its door and who heads the household there, so that a clerk knows whom to ask."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.address import door_label
from gridworker.store import records
from gridworker.store.queries.called import called
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.store.engine.database import Connection

_LEADS = ("household_id", "dwelling_id", "issue_id", "issue_step_id", "visit_id", "resident_id")
"""References that lead to a door, the surest first."""

_STEPS = 4
"""An attachment of a step of an issue of a household is the longest way."""


class Place(NamedTuple):
    """A door and the head of its household; empty where there is none."""

    door: str = ""
    head: str = ""


def place_of(connection: "Connection", kind: str, record: int) -> Place:
    """Follow a record to its door."""
    for _ in range(_STEPS):
        if kind == "household":
            return _home(connection, record)
        values: Mapping[str, Value] = records.get(connection, kind, record) or {}
        if kind == "dwelling":
            return Place(_door(connection, values))
        if kind == "resident":
            values = _membership(connection, record)
        lead = next((name for name in _LEADS if isinstance(values.get(name), int)), None)
        if lead is None:
            return Place()
        specs = kind_named("household_member" if kind == "resident" else kind).kind.specs
        kind, record = specs[lead].ref or "", int(str(values[lead]))
    return Place()


def titled(connection: "Connection", kind: str, record: int, *, people: bool) -> tuple[str, str]:
    """A record's door, and what it is called: by the head or the person it is about, where ``people`` may be read."""
    values, place = records.get(connection, kind, record) or {}, place_of(connection, kind, record)
    known = kind_named(kind)
    own = (known.caption(values) if values else "") or str(known.kind.title)
    if people:
        own = (place.head if kind == "household" else person_in(connection, values)) or own
    return ("", place.door or own) if kind == "dwelling" else (place.door, own)


def person_in(connection: "Connection", values: "Mapping[str, Value]") -> str:
    """The name of the person a record is about; empty where it is about none."""
    resident = values.get("resident_id")
    person = records.get(connection, "resident", resident) if isinstance(resident, int) else None
    return str((person or {}).get("name") or "")


def _home(connection: "Connection", household: int) -> Place:
    for row in called(connection, [household]):
        door = door_label(row.building, row.unit, row.room) if row.building else row.room
        return Place(door or "", row.head or "")
    return Place()


def _door(connection: "Connection", values: "Mapping[str, Value]") -> str:
    above = values.get("building_id")
    building = records.get(connection, "building", above) if isinstance(above, int) else None
    name = str((building or {}).get("building_name") or "")
    return door_label(name, *(str(values.get(part) or "") for part in ("unit_no", "room_no")))


def _membership(connection: "Connection", resident: int) -> "Mapping[str, Value]":
    """Where a person lives now, else where they lived."""
    found = records.page(connection, "household_member", where={"resident_id": resident})
    ordered = sorted(found, key=lambda one: one[1]["valid_to"] is not None)
    return ordered[0][1] if ordered else {}
