"""Conflicts as a person sees them: a record, the fields that differ, and the sides of each, masked as pages mask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.exchange.views import Trip
from gridworker.app.words.called import computer_called
from gridworker.app.words.showing import show
from gridworker.domain.masking import is_masked, masked
from gridworker.record import Type, Value
from gridworker.store import records
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Spec
    from gridworker.store.conflicts import Contested
    from gridworker.store.engine.database import Connection


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a field: the value, the same as pages show it (masked), who gave it, when."""

    clk: int
    value: Value
    shown: str
    at: datetime
    who: str

    @property
    def laptop(self) -> int:
        """The number of the laptop it was written on; 0 is the office."""
        return laptop_of(self.clk)

    @property
    def device(self) -> str:
        """What that computer is called."""
        return computer_called(self.laptop)

    @property
    def from_office(self) -> bool:
        """Whether it was written at the office."""
        return self.laptop == OFFICE


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

    @property
    def is_masked(self) -> bool:
        """Whether there is something here that pages mask: to see it in clear is a reveal."""
        return self.spec is not None and is_masked(self.spec) and any(side.value is not None for side in self.sides)

    def show(self, value: Value) -> str:
        """A value as pages show it: masked where they mask."""
        covers = self.is_masked and value is not None
        return masked(self.spec, value) if self.spec is not None and covers else show(self.spec, value)

    def show_clear(self, value: Value) -> str:
        """The same in clear; the look is put on record by who asks (Merge.reveal)."""
        return show(self.spec, value, masked=False)


class Named(NamedTuple):
    """A record in conflict by its kind and number: of ten thousand a list knows no more, and reads the one it shows."""

    kind: str
    record: int


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
    def named(self) -> Named:
        """Which it is."""
        return Named(self.kind, self.record)

    @property
    def title(self) -> str:
        """What it is called, after its door."""
        return " ".join(filter(None, (self.door, self.caption)))

    @property
    def waiting(self) -> bool:
        """Whether it only stands because something has not come yet; it is then not put before a person."""
        return all(field.waiting for field in self.fields)

    @property
    def masked(self) -> tuple[str, ...]:
        """The fields of which there is something that pages mask."""
        return tuple(field.name for field in self.fields if field.is_masked)

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
    conflicts: tuple[Named, ...]
    taken_back: bool = False
    """Somebody undid it as a whole; what others changed or used since stayed."""
    newer: int = 0
    """How much of it is of a newer version, and not shown yet."""


def conflicts_of(connection: "Connection", found: "Iterable[Contested]") -> list[Conflict]:
    """Fields that stand against each other, by record; a household that has no number is called by its kind yet."""
    found = list(found)
    staff = records.get_many(connection, "staff", {side.who for one in found for side in one.sides})
    names = {id_: str(values.get("name") or "") for id_, values in staff.items()}
    by_record: dict[tuple[str, int], list[Contested]] = {}
    for one in found:
        by_record.setdefault((one.kind, one.record), []).append(one)
    return [
        Conflict(
            kind, id_, _caption(records.get(connection, kind, id_), kind),
            tuple(_field(connection, kind, one, names) for one in listed),
        )
        for (kind, id_), listed in by_record.items()
    ]  # fmt: skip


def covered(conflict: Conflict) -> Conflict:
    """A conflict whose values are no more than pages show, for who may not see more."""
    return replace(
        conflict,
        fields=tuple(
            replace(field, sides=tuple(replace(side, value=side.shown) for side in field.sides))
            if field.is_masked
            else field
            for field in conflict.fields
        ),
    )


def _caption(values: Mapping[str, Value] | None, kind: str) -> str:
    record = records.kind_named(kind)
    return (record.caption(values) if values else "") or str(record.kind.title)


def _field(connection: "Connection", kind: str, one: "Contested", names: Mapping[int, str]) -> Field:
    spec = records.kind_named(kind).kind.specs.get(one.field)
    sides = tuple(Side(side.clk, side.value, "", side.at, names.get(side.who, "")) for side in one.sides)
    label = str(spec.label) if spec else gettext("Keep or delete")
    field = Field(one.field, label, spec, sides, one.waiting)
    shown = [field.show(side.value) for side in sides]
    if spec is not None and spec.ref:
        shown = [_referred(connection, spec.ref, side.value, text) for side, text in zip(sides, shown, strict=True)]
    return replace(field, sides=tuple(replace(side, shown=text) for side, text in zip(sides, shown, strict=True)))


def _referred(connection: "Connection", kind: str, value: Value, shown: str) -> str:
    """What a record that is referred to is called; its number where it is not here."""
    values = records.get(connection, kind, value) if isinstance(value, int) else None
    return _caption(values, kind) if values else shown
