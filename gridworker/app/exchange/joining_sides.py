"""Conflicts that wait while two records become one: a side that names the one that goes names the other afterwards.

Else a clerk who settles such a conflict later would point at a record that is not on the books any more.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from gridworker.record import Type
from gridworker.store.conflicts import Contested, contested
from gridworker.store.engine.database import raw_cursor
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change, Side

if TYPE_CHECKING:
    from gridworker.record import Spec, Value
    from gridworker.store.engine.database import Connection

Into = Mapping[tuple[str, int], int]


class Open:
    """The conflicts of a store."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    @cached_property
    def _all(self) -> list[Contested]:
        return contested(raw_cursor(self._connection))

    def waits(self, *records: int, besides: int = 0) -> bool:
        """Whether one of some records has a conflict; not whether ``besides`` is still there."""
        own = (one for one in self._all if one.record in records)
        return any((one.record, one.field) != (besides, "alive") for one in own)

    def holds(self, record: int, field: str) -> bool:
        """Whether a field is in conflict."""
        return any((one.record, one.field) == (record, field) for one in self._all)

    def rewritten(self, into: Into) -> Iterator[Change]:
        """Those that name one that goes, written anew; settled where all sides say the same then."""
        for one in self._all:
            spec = kind_named(one.kind).kind.specs.get(one.field)
            if spec is None:
                continue
            before = [side.value for side in one.sides]
            after = [_named(spec, value, into) for value in before]
            if after != before:
                each = reversed(dict.fromkeys(reversed(after)))  # the one that is shown stays the last
                yield Change(one.kind, one.record, again={spec.number: tuple(map(Side, each))})


def _named(spec: "Spec", value: "Value", into: Into) -> "Value":
    if spec.type is Type.REF and isinstance(value, int):
        return into.get((spec.ref or "", value), value)
    if spec.name == "met" and value is not None:
        people = (into.get(("resident", int(one)), int(one)) for one in str(value).split())
        return " ".join(map(str, dict.fromkeys(people)))
    return value
