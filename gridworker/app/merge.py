"""Conflicts waiting for a person: both sides with who and when, and the decision, which is itself an edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.app.session import Session
from gridworker.errors import NotFound, Problem
from gridworker.record import NOTE_MAX_LENGTH, Type, Value
from gridworker.store import records
from gridworker.store.changes import Change
from gridworker.store.conflicts import Contested, contested, count
from gridworker.store.database import raw_cursor

if TYPE_CHECKING:
    from gridworker.record import Spec
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

    @property
    def waiting(self) -> bool:
        """Whether it only stands because something has not come yet; it is then not put before a person."""
        return all(field.waiting for field in self.fields)


class Merge:
    """Listing and settling conflicts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        """How many records wait for a person."""
        with self._session.store.cursor() as cursor:
            return count(cursor)

    def conflicts(self, record: int | None = None) -> list[Conflict]:
        """All conflicts, or those of one record, in the order the records were made."""
        with self._session.store.db.read() as connection:
            found = contested(raw_cursor(connection), record)
            staff = records.get_many(connection, "staff", {side.who for one in found for side in one.sides})
            by_record: dict[tuple[str, int], list[Contested]] = {}
            for one in found:
                by_record.setdefault((one.kind, one.record), []).append(one)
            captions = {(kind, id_): self._caption(records.get(connection, kind, id_), kind) for kind, id_ in by_record}
        names = {id_: str(values.get("name") or "") for id_, values in staff.items()}
        return [
            Conflict(kind, id_, captions[kind, id_], tuple(self._field(kind, one, names) for one in listed))
            for (kind, id_), listed in by_record.items()
        ]

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

    @staticmethod
    def _caption(values: Mapping[str, Value] | None, kind: str) -> str:
        record = records.kind_named(kind)
        return (record.caption(values) if values else "") or str(record.kind.title)

    def _field(self, kind: str, one: Contested, names: Mapping[int, str]) -> Field:
        from gridworker.app.showing import show
        from gridworker.text import gettext

        spec = records.kind_named(kind).kind.specs.get(one.field)
        sides = tuple(
            Side(side.clk, side.value, show(spec, side.value), side.at, names.get(side.who, ""), side.device)
            for side in one.sides
        )
        label = str(spec.label) if spec else gettext("Keep or delete")
        return Field(one.field, label, spec, sides, one.waiting)
