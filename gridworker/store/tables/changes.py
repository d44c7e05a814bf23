"""What a person does: changes of records, and the act they belong to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gridworker.record import ALIVE, Value
from gridworker.store.tables.layout import table_named

AUDIT = "audit_event"

IMPORT = "import"
"""The act by which a ledger is taken in."""
COMPACT = "compact"
"""The act by which a laptop lets go of values that were replaced."""
NOTE = "note:"
"""Begins the name of an act that undo passes over."""


class Side(NamedTuple):
    """One of the values that stand beside each other in a field, and the ops that gave it.

    ``seen``: of a deletion, the heads it had seen.
    """

    value: Value
    ops: frozenset[int] = frozenset()
    seen: frozenset[int] | None = None
    into: int = 0
    """Of a deletion: the record that it is one with from then on."""


Sides: TypeAlias = tuple[Side, ...]
"""The one to show last."""


def each_once(values: Iterable[Value]) -> list[Value]:
    """What is to stand side by side, each once; the one to show stays the last."""
    return list(dict.fromkeys(reversed(list(values))))[::-1]


class Change(NamedTuple):
    """One record as a person wants it: a new one, some fields of one, or its deletion or return."""

    kind: str
    record: int
    values: Mapping[str, Value] = MappingProxyType({})
    create: bool = False
    alive: bool | None = None
    erase: frozenset[int] = frozenset()
    """Numbers of fields whose values go for good, all that ever were (the office alone may, see erasure.py)."""
    again: Mapping[int, Sides] = MappingProxyType({})
    """By number of field: conflicts that are opened again. Each side is an op of its own, and none names another."""
    into: int = 0
    """Of a deletion: the record that it is one with from now on."""

    def outcomes(self) -> Iterator[tuple[str, Value]]:
        """What its fields hold then, by name; of a conflict every side, the one to show last."""
        yield from self.values.items()
        numbered = table_named(self.kind).kind.numbered
        for number, sides in self.again.items():
            yield from ((numbered[number].name, side.value) for side in sides if number > ALIVE)


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, by whom, and what the audit says of it. Names of acts are fixed words, never data."""

    name: str
    who: int
    purpose: str = ""
    detail: str = ""
    kind: str = ""
    record: int | None = None
    count: int | None = None
    undoes: int | None = None
    resolve: bool = False
    """The edits settle conflicts: they replace all heads."""
    always: bool = False
    """Write the audit row even where nothing changed (unlock, reveal, export)."""

    @staticmethod
    def note(name: str, who: int, **audit: Value) -> "Act":
        """An act that changes nothing and is only put on record."""
        return Act(name=f"{NOTE}{name}", who=who, always=True, **audit)  # type: ignore[arg-type]  # fields by name


def sorted_out(changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """One change a record: those that create one, ascending, and those of records that are here."""
    if len(changes) == 1:  # nearly every save
        return (list(changes), []) if changes[0].create else ([], list(changes))
    combined = _combined(changes)
    created = sorted((change for change in combined if change.create), key=attrgetter("record"))
    return created, [change for change in combined if not change.create] if len(created) < len(combined) else []


def _combined(changes: Sequence[Change]) -> list[Change]:
    """One change a record: two ops of one act must not stand beside each other as if their authors were two."""
    if len({change.record for change in changes}) == len(changes):
        return list(changes)
    found: dict[int, Change] = {}
    for change in changes:
        before = found.get(change.record)
        found[change.record] = change if before is None else change._replace(
            values={**before.values, **change.values},
            create=before.create or change.create,
            alive=before.alive if change.alive is None else change.alive,
            erase=before.erase | change.erase,
            again={**before.again, **change.again},
            into=change.into or before.into,
        )  # fmt: skip
    return list(found.values())
