"""What a person has decided about one conflict so far, field by field; no widgets."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridworker.record import Value

if TYPE_CHECKING:
    from gridworker.app.inbox.conflict_views import Conflict, Field, Side
    from gridworker.app.workspace import Workspace


KEYS = "ABCDFG"
"""The keys of the first sides, in their order; E edits and S puts off. More sides than these are picked by pointing."""


def sides_of(one: "Field") -> "list[Side]":
    """The sides in the order of the columns: the office's first, then by time."""
    return sorted(one.sides, key=lambda side: (not side.from_office, side.at, side.clk))


@dataclass
class Deciding:
    """Decisions about one record. ``picked`` holds sides by number, ``typed`` a value of one's own."""

    conflict: "Conflict"
    picked: dict[str, frozenset[int]] = field(default_factory=dict)
    typed: dict[str, Value] = field(default_factory=dict)
    current: int = 0

    @property
    def fields(self) -> "list[Field]":
        """The fields to settle; one that waits for a bundle may settle by itself."""
        return [one for one in self.conflict.fields if not one.waiting]

    def now(self) -> "Field | None":
        """The field the keys act on."""
        return self.fields[self.current] if self.current < len(self.fields) else None

    def pick(self, name: str, *sides: int) -> None:
        """Keep these sides of a field, and go on to the next that is open."""
        self.picked[name] = frozenset(sides)
        self.typed.pop(name, None)
        self._go_on()

    def write(self, name: str, value: Value) -> None:
        """Keep a value of one's own."""
        self.typed[name] = value
        self.picked.pop(name, None)
        self._go_on()

    def is_settled(self, name: str) -> bool:
        """Whether a field is decided."""
        return name in self.typed or bool(self.picked.get(name))

    def left(self) -> int:
        """How many fields are open."""
        return sum(not self.is_settled(one.name) for one in self.fields)

    def value(self, ws: "Workspace", one: "Field") -> Value:
        """What a decided field will be. Raises Problem where both do not fit."""
        if one.name in self.typed:
            return self.typed[one.name]
        sides = sides_of(one)
        chosen = [sides[number].value for number in sorted(self.picked[one.name])]
        return chosen[0] if len(chosen) == 1 else ws.merge.both(self.conflict.kind, one.name, tuple(chosen))

    def to_edit(self, ws: "Workspace", one: "Field") -> Value:
        """What a form begins with. In clear it is a look like any other, so it is put on record first.

        Raises Denied for who may not look, StoreBusy, Problem.
        """
        value = self.value(ws, one) if self.is_settled(one.name) else sides_of(one)[-1].value
        if one.is_masked and value is not None:
            ws.merge.reveal(self.conflict.kind, self.conflict.record, one.name)
        return value

    def decisions(self, ws: "Workspace") -> dict[str, Value]:
        """All decisions, for saving."""
        return {one.name: self.value(ws, one) for one in self.fields}

    def _go_on(self) -> None:
        names = [one.name for one in self.fields]
        after = [*range(self.current + 1, len(names)), *range(self.current + 1)]
        self.current = next((number for number in after if not self.is_settled(names[number])), self.current)
