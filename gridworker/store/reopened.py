"""Whose the sides of a conflict are that an undo opened again, or that were written anew with one side changed.

The undo wrote each value anew, beside the other and in place of the settlement. Whoever settles the conflict again
wants to know who gave the values in the first place, and when: that is read from what the settlement had replaced.
Where one side names somebody else since, all are written anew in place of all: the others are whose they were, and so
is that one, where it is plain which it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from gridworker.record import ALIVE
from gridworker.store.history import reachable
from gridworker.store.log.clock import device_of
from gridworker.store.log.heads import Packed, heads_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, Over, What, seen_in, unpack_all, unpack_edits, value_of


class Place(NamedTuple):
    """A field of a record."""

    record: int
    field: int


def givers(
    log: Log, places: Iterable[tuple[int, int]], heads: Mapping[int, Packed], ops: dict[int, OpRow]
) -> dict[Place, dict[int, int]]:
    """By place and head: the op that gave the value first, where the head is one that was written anew.

    The ops this leads to are added to ``ops``. There are nearly never any, and then nothing is read.
    """
    found: dict[Place, dict[int, int]] = {}
    for place in sorted((Place(*place) for place in places), reverse=True):  # existence last: it asks for the rest
        clks = _anew(place, heads[place.record], ops, found)
        if clks:
            ops.update(reachable(log, {place.record: heads[place.record]}))
            found[place] = {clk: _giver(place, clk, clks, ops) for clk in clks}
    return found


def _anew(
    place: Place, packed: Packed, ops: Mapping[int, OpRow], known: Mapping[Place, Mapping[int, int]]
) -> list[int]:
    """Heads of a place that were written anew, by an undo in place of the one settlement there was."""
    found: dict[tuple[int, Over], list[int]] = defaultdict(list)
    for clk in heads_of(packed, place.record, place.field):
        over = _over(ops[clk], place.field)
        if len(over) > 1 or (over and place.record not in over):
            found[device_of(clk), over].append(clk)
    # Of one device, and still none names another: nobody's hand writes that.
    beside = [clk for clks in found.values() if len(clks) > 1 for clk in clks]
    if place.field > ALIVE:
        return beside
    alone = [(over[0], clks[0]) for (_, over), clks in found.items() if len(over) == 1 and len(clks) == 1]
    others = {
        clk: known.get(Place(place.record, field), {}).get(clk, clk)
        for field in packed
        if field > ALIVE
        for clk in heads_of(packed, place.record, field)
    }
    return [*beside, *(clk for settled, clk in alone if _is_unseeing(place, ops[clk], others, settled))]


def _is_unseeing(place: Place, row: OpRow, others: Mapping[int, int], settled: int) -> bool:
    """Whether a deletion says it had not seen an edit that is older than what it replaced, or was before it came anew.

    ``others``: by what stands in the other fields, the op that gave it first.
    """
    unseen = others.keys() - _seen(row) - {place.record}
    return row.what == What.DELETE and any(others[clk] < settled for clk in unseen)


def _giver(place: Place, clk: int, beside: Collection[int], ops: Mapping[int, OpRow]) -> int:
    """Back over one settlement after the other to where the value was not written anew."""
    passed: set[int] = set()  # ops that name each other come from nobody's hand, but may come
    while clk not in passed:
        passed.add(clk)
        over = _over(ops[clk], place.field)
        is_deletion = place.field == ALIVE and ops[clk].what == What.DELETE
        if not (is_deletion or _is_beside(place, clk, beside, ops)):  # somebody's hand: theirs it is
            break
        replaced = [ops[one] for one in over if one in ops] if len(over) == 1 else [ops[clk]]
        others, beside = beside, {one for row in replaced for one in _over(row, place.field)}
        alike = [one for one in others if one != clk and _is_beside(place, one, (clk,), ops)]
        left = _left(place, alike, beside, ops) if len(over) > 1 else []
        clk = max((one for one in beside if _same(place, one, clk, ops)), default=left[0] if len(left) == 1 else clk)
    return clk


def _left(place: Place, others: Iterable[int], replaced: Iterable[int], ops: Mapping[int, OpRow]) -> list[int]:
    """Of what was written anew those that no other side says any more. None where two sides are not among it."""
    again, before = [one for one in others if one in ops], [one for one in replaced if one in ops]
    said = {one: {old for old in before if _same(place, old, one, ops)} for one in again}
    return [one for one in before if not any(one in same for same in said.values())] if all(said.values()) else []


def _is_beside(place: Place, clk: int, others: Iterable[int], ops: Mapping[int, OpRow]) -> bool:
    """Whether an op was written together with another that took the place of the same."""
    over = _over(ops[clk], place.field)
    same = (one for one in others if one in ops and device_of(one) == device_of(clk))
    return any(one != clk and _over(ops[one], place.field) == over for one in same)


def _same(place: Place, one: int, other: int, ops: Mapping[int, OpRow]) -> bool:
    """Whether an op says the same of a field as a later one: of a deletion, that it had seen no more."""
    if one not in ops:
        return False
    rows = ops[one], ops[other]
    first, second = (value_of(row.what, place.record, row.vals, place.field) for row in rows)
    return (type(first), first) == (type(second), second) and (place.field != ALIVE or _seen(rows[0]) <= _seen(rows[1]))


def _seen(row: OpRow) -> set[int]:
    return set(seen_in(unpack_all([row.vals])[0]))


def _over(row: OpRow, field: int) -> Over:
    if row.what == What.CREATE:
        return ()
    return next((edit.over for edit in unpack_edits(row.record, row.vals) if edit.field == field), ())
