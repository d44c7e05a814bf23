"""Conflicts that wait while two records become one: a side that names the one that goes names the other afterwards.

Else a clerk who settles such a conflict later would point at a record that is not on the books any more. No side is
left out by that: where all name the same then it is no conflict any more, and where the two are parted it is one again.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from gridworker.record import Type
from gridworker.store.conflicts import Contested, contested
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import Moved
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change, Side, each_once

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

    def sides(self, record: int, field: str) -> "list[Value]":
        """What stands in a field that is in conflict, the one that is shown last; nothing in one that is not."""
        found = (one.sides for one in self._all if (one.record, one.field) == (record, field))
        return [side.value for side in next(found, ())]

    def rewritten(self, into: Into) -> "Iterator[tuple[Change, list[Moved]]]":
        """Those that name one that goes, written anew, and what followed by that."""
        for one in self._all:
            spec = kind_named(one.kind).kind.specs.get(one.field)
            if spec is None:
                continue
            before = [side.value for side in one.sides]
            after = [_named(spec, value, into) for value in before]
            if after != before:
                each = tuple(map(Side, each_once(after)))
                yield Change(one.kind, one.record, again={spec.number: each}), _moved(one, spec, into)


def _moved(one: Contested, spec: "Spec", into: Into) -> list[Moved]:
    """What the sides of a conflict name another instead of."""
    kind = spec.ref or "resident"
    found: dict[int, Moved] = {}
    for people in _told(one, spec):
        there = set(people)
        for named in people:
            now = into.get((kind, named))
            if now is not None:
                beside = now in there or (named in found and found[named].beside)
                found[named] = Moved(one.kind, one.record, one.field, (kind, named), now, beside)
                there.add(now)
    return list(found.values())


def _told(one: Contested, spec: "Spec") -> list[list[int]]:
    """Whom a conflict names: a list of people side by side, else all sides together."""
    each = [[int(word) for word in str(side.value or "").split()] for side in one.sides]
    return each if spec.name == "met" else [list(dict.fromkeys(named for people in each for named in people))]


def _named(spec: "Spec", value: "Value", into: Into) -> "Value":
    if spec.type is Type.REF and isinstance(value, int):
        return into.get((spec.ref or "", value), value)
    if spec.name == "met" and value is not None:
        people = (into.get(("resident", int(one)), int(one)) for one in str(value).split())
        return " ".join(map(str, dict.fromkeys(people)))
    return value
