"""Reading one field or one record from its heads: what is shown, what is in conflict, what is not understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import not_
from typing import NamedTuple

from gridworker.record import ALIVE, Kind, Spec, Value
from gridworker.store.log.corrected import KIND as CORRECTION
from gridworker.store.log.corrected import NO_CORRECTIONS, Corrections
from gridworker.store.log.heads import MISSING, Packed, heads_of
from gridworker.store.log.op import OpRow, seen_in, unpack_all, unpack_create, unpack_edits
from gridworker.store.tables.fitting import understands


class FieldReading(NamedTuple):
    """One field: its value for the table, whether its heads differ, which of them this version can show."""

    shown: Value
    differ: bool
    understood: list[bool]


@dataclass
class Reading:
    """One record."""

    row: dict[str, Value] = field(default_factory=dict)
    """Values by field name."""
    alive: bool = True
    conflicts: list[int] = field(default_factory=list)
    """Fields whose heads differ; ALIVE where a deletion met an edit it had not seen."""
    not_understood: list[tuple[int, int]] = field(default_factory=list)
    """(field, clk) of heads this version cannot show; field ALIVE stands for the whole record."""


def read_field(spec: Spec | None, values: Sequence[Value]) -> FieldReading:
    """Read a field from the values of its heads, the one to show last. ``spec`` None is a field of a newer version."""
    understood = [understands(spec, value) for value in values]
    shown = next(compress(values[::-1], understood[::-1]), None)
    differ = len(values) > 1 and len({(type(value), value) for value in values}) > 1
    return FieldReading(shown, differ, understood)


def in_order(kind: int | None, clocks: Corrections) -> Corrections:
    """What orders the heads of a kind: the corrections are not ordered by what they say themselves."""
    return NO_CORRECTIONS if kind == CORRECTION.number else clocks


def read(
    record: int,
    packed: Packed,
    ops: Mapping[int, OpRow],
    kind: Kind | None,
    clocks: Corrections = NO_CORRECTIONS,
) -> Reading:
    """Read a created record. ``ops`` must hold the creating op and all heads; ``kind`` None is of a newer version."""
    order = in_order(kind.number if kind else None, clocks)
    created = unpack_create(ops[record].vals)
    values: dict[int, dict[int, Value]] = {record: {**created, ALIVE: 1}}
    for clk in all_heads(record, packed) - {record}:
        values[clk] = {edit.field: edit.value for edit in unpack_edits(record, ops[clk].vals)}
    reading = Reading()
    specs: Mapping[int, Spec] = kind.numbered if kind else {}
    _read_unedited(record, packed, created, specs, reading)
    for number in packed.keys() - {ALIVE, MISSING}:
        heads = order.ordered(heads_of(packed, record, number))
        found = read_field(specs.get(number), [values[clk].get(number) for clk in heads])
        if found.differ:
            reading.conflicts.append(number)
        if number in specs:
            reading.row[specs[number].name] = found.shown
        reading.not_understood += ((number, clk) for clk in compress(heads, map(not_, found.understood)))
    if kind is None:
        reading.not_understood = [(ALIVE, record)]
    _read_alive(record, packed, values, ops, reading)
    return reading


def _read_unedited(
    record: int, packed: Packed, created: Mapping[int, Value], specs: Mapping[int, Spec], reading: Reading
) -> None:
    """Fields of which the creating op is the head, and a null in place of all others."""
    for number, spec in specs.items():
        value = created.get(number)
        clear = value is None or number in packed or spec.understands(value)
        reading.row[spec.name] = value if clear else None
        if not clear:
            reading.not_understood.append((number, record))
    unknown = created.keys() - specs.keys() - packed.keys() - {ALIVE}
    reading.not_understood += ((number, record) for number in unknown)


def all_heads(record: int, packed: Packed) -> set[int]:
    """The clks of all heads of a record, the creating op among them."""
    return {record}.union(*(heads_of(packed, record, number) for number in packed if number >= ALIVE))


def _read_alive(
    record: int,
    packed: Packed,
    values: Mapping[int, Mapping[int, Value]],
    ops: Mapping[int, OpRow],
    reading: Reading,
) -> None:
    """Dead where all say so and every other head was seen by one who deleted it; otherwise shown, if in conflict."""
    if ALIVE not in packed:
        return
    heads = heads_of(packed, record, ALIVE)
    dead = [clk for clk in heads if values[clk].get(ALIVE) == 0]
    if not dead:
        return
    seen = {record}.union(*map(seen_in, unpack_all([ops[clk].vals for clk in dead])))
    others = {clk for number in packed if number > ALIVE for clk in heads_of(packed, record, number)}
    if len(dead) < len(heads) or others - seen:
        reading.conflicts.append(ALIVE)
    else:
        reading.alive = False
