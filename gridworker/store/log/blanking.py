"""The rule of erasure on plain values: which values of an op go, and which ops are nobody's head any more.

An erasure is an op that sets fields of a record to nothing. It replaces every op on such a field that does not name it
in its ``over``: those had not seen it, whatever they say and whenever they come. So it holds in any order of arrival,
and an old bundle cannot undo it. An op that was written with the erasure in sight names it, for as long as there is
one, and keeps its value.

Whether an op had seen an erasure is read from that op alone, not from a chain of others: a chain may have gaps, and a
gap would have to keep the value alive until it is filled.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgpack

from gridworker import discover
from gridworker.record import ALIVE
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.op import OpRow, What, overs, unpack_edits

Erased: TypeAlias = Mapping[int, Collection[int]]
"""Of one record: the clks of the erasures by number of field."""

_BARE = frozenset(map(int, (What.ERASE, What.VERDICT)))
"""What carries no value of a record; sorts that are not known here may."""
NEVER = -1
"""The clk of no op: nothing has seen it."""

_EMPTY = msgpack.packb([])
_NOTHING: Erased = MappingProxyType({})


def is_blind(erasures: Collection[int], over: Collection[int]) -> bool:
    """Whether an op that names ``over`` on a field had not seen one of the erasures of it."""
    return not set(erasures) <= set(over)


def blanked(row: OpRow, erased: Erased) -> OpRow:
    """An op without the values it may not have any more; itself where it has none of them.

    Fields and overs stay, so heads are what they were. Of an op that breaks the format nothing is kept.
    """
    try:
        flat = msgpack.unpackb(row.vals)
        if row.what == What.CREATE:
            left = [part for field, value in _pairs(flat) if field not in erased for part in (field, value)]
        elif row.what in _BARE:
            return row
        else:
            left = list(_triples(row.record, flat, erased))
    except (ValueError, TypeError, IndexError, msgpack.UnpackException):
        return row._replace(vals=_EMPTY)
    return row if left == flat else row._replace(vals=msgpack.packb(left))


def says_nothing(row: OpRow, erased: Erased) -> bool:
    """Whether an edit says no more than what was erased before it: it is nobody's head, on whatever record."""
    if row.what != What.EDIT or not erased:
        return False
    edits = unpack_edits(row.record, row.vals)
    return all(edit.field in erased and is_blind(erased[edit.field], edit.over) for edit in edits)


def emptied(row: OpRow, fields: Collection[int]) -> OpRow:
    """An op without its values of some fields, whatever it had seen."""
    return blanked(row, dict.fromkeys(fields, (NEVER,)))


def is_same(one: OpRow, other: OpRow, erased: Erased = _NOTHING) -> bool:
    """Whether two ops of one clk are one, what was ``erased`` of their record left out of both."""
    if erased:
        one, other = blanked(one, erased), blanked(other, erased)
    return (*one[:4], one.vals) == (*other[:4], other.vals)


def is_less(one: OpRow, other: OpRow) -> bool:
    """Whether an op is another of its clk but for values that are not in it.

    Of what only puts an act on record no value ever goes: two that differ are what two copies of a laptop did.
    """
    known = discover.by_number().get(one.kind)
    if one[:4] != other[:4] or (known is not None and known.kind.office_only):
        return False
    try:
        gone = _values(other).items() - _values(one).items()
        return emptied(other, {field for field, _ in gone}).vals == one.vals
    except (ValueError, TypeError, IndexError, msgpack.UnpackException):
        return False


def fields_of(row: OpRow) -> list[int]:
    """The fields an erasure takes away. One that is not the office's, as of a laptop that was refused, binds nobody."""
    if laptop_of(row.clk) != OFFICE:
        return []
    return [field for field in msgpack.unpackb(row.vals)[::3] if field > ALIVE]


def _values(row: OpRow) -> dict[int, Any]:
    flat = msgpack.unpackb(row.vals)
    step = 3 if row.what else 2
    return dict(zip(flat[: len(flat) - len(flat) % step : step], flat[1::step], strict=True))


def _pairs(flat: list[Any]) -> Iterator[tuple[int, Any]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _triples(record: int, flat: list[Any], erased: Erased) -> Iterator[Any]:
    whole = len(flat) - len(flat) % 3
    for at in range(0, whole, 3):
        field, value, over = flat[at : at + 3]
        yield from (field, None if field in erased and is_blind(erased[field], overs(record, over)) else value, over)
    yield from flat[whole:]
