"""The merge rule by its definition (sync.md 3), from scratch over a set of ops: where every store must have arrived."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from gridworker.record import ALIVE, Value
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.op import (
    OpRow,
    What,
    pack_create,
    pack_edits,
    seen_in,
    unpack_all,
    unpack_create,
    unpack_edits,
)

SEEN = -1
VOUCHED = 2
_EDITS = (What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE)
Values: TypeAlias = "defaultdict[tuple[int, int], dict[int, Value]]"
Understood: TypeAlias = Callable[[int, int, Value], bool]


class World(NamedTuple):
    """``heads`` and ``conflicts`` by (record, field); ``rows`` of what is visible; ``awaited`` (clk, record, field).

    ``erased``: the erasures by (record, field).
    """

    heads: dict[tuple[int, int], frozenset[int]]
    rows: dict[int, dict[int, Value]]
    conflicts: set[tuple[int, int]]
    awaited: set[tuple[int, int, int]]
    judged: set[int]
    erased: dict[tuple[int, int], set[int]]


def world(ops: Iterable[OpRow], understood: Understood = lambda _kind, _field, _value: True) -> World:
    """Read a set of ops. ``understood`` says of (kind, field, value) whether it may be shown."""
    logged = {row.clk: row for row in ops}
    rulings = _rulings(logged.values())
    here = {clk: row for clk, row in logged.items() if rulings.get(clk, VOUCHED) == VOUCHED}
    kinds = {row.record: row.kind for row in here.values() if row.what == What.CREATE}
    erased = erasures(here.values())
    woken = {*kinds, *(row.record for row in here.values() if row.what in _EDITS)}
    edits = [row for row in here.values() if row.what in _EDITS or (row.what == What.ERASE and row.record in woken)]
    seen = {row.clk: set(seen_in(*unpack_all([row.vals]))) for row in edits}
    named = _named(edits, seen)
    values = _values(here, edits, erased)
    heads = {place: frozenset(clk for clk in clks if (clk, *place) not in named) for place, clks in values.items()}
    missing = {place for place in named if place[0] not in logged.keys() | rulings.keys()}
    found = World(heads, {}, set(), missing, {clk for clk, ruling in rulings.items() if ruling != VOUCHED}, erased)
    for record, kind in kinds.items():
        sides = {at: {clk: values[of, at][clk] for clk in clks} for (of, at), clks in heads.items() if of == record}
        alive = sides.pop(ALIVE)
        dead = {clk for clk, value in alive.items() if value == 0}
        differ = {at for at, side in sides.items() if len({(type(value), value) for value in side.values()}) > 1}
        unseen = set().union(*sides.values()) - {record}.union(*(seen[clk] for clk in dead))
        if dead and (unseen or len(dead) < len(alive)):
            differ.add(ALIVE)
        found.conflicts.update((record, at) for at in differ)
        if not dead or ALIVE in differ:
            found.rows[record] = {at: _shown(side, partial(understood, kind, at)) for at, side in sides.items()}
    return found


def _rulings(ops: Iterable[OpRow]) -> dict[int, int]:
    """By clk: what the office ruled about an op. A verdict on a verdict rules about nothing that is merged."""
    verdicts: dict[int, list[tuple[int, int, set[int]]]] = defaultdict(list)
    for row in ops:
        if row.what != What.VERDICT or laptop_of(row.clk) != OFFICE:
            continue
        edits = {edit.field: edit for edit in unpack_edits(row.record, row.vals)}
        if 0 in edits and len(edits[0].over) == 1 and edits[0].value in (0, 1, 2, 3):
            earlier = set(edits[1].over) - {row.clk} if 1 in edits else set()
            verdicts[edits[0].over[0]].append((row.clk, int(str(edits[0].value)), earlier))
    found = {}
    for on, listed in verdicts.items():
        replaced = set().union(*(earlier for _, _, earlier in listed))
        left = [(clk, ruling) for clk, ruling, _ in listed if clk not in replaced]
        found[on] = max(left or [(clk, ruling) for clk, ruling, _ in listed])[1]
    return found


def _named(edits: list[OpRow], seen: Mapping[int, set[int]]) -> set[tuple[int, int, int]]:
    named = {(row.record, row.record, SEEN) for row in edits}
    for row in edits:
        named |= {(clk, row.record, SEEN) for clk in seen[row.clk]}
        for edit in unpack_edits(row.record, row.vals):
            named |= {(clk, row.record, edit.field) for clk in edit.over if clk != row.clk}
    return named


def _values(here: Mapping[int, OpRow], edits: list[OpRow], erased: Mapping[tuple[int, int], set[int]]) -> Values:
    """What each op gave to a field by (record, field); nothing where an erasure is in its place."""
    values: Values = defaultdict(dict)
    for row in edits:
        for edit in unpack_edits(row.record, row.vals):
            side = values[row.record, edit.field]
            if row.what == What.ERASE or erased.get((row.record, edit.field), set()) <= set(edit.over):
                side[row.clk] = edit.value
    for record in [row.record for row in here.values() if row.what == What.CREATE]:
        created = {ALIVE: 1, **unpack_create(here[record].vals)}
        for field in created.keys() | {field for owner, field in (*values, *erased) if owner == record}:
            side = values[record, field]
            if (record, field) not in erased:
                side[record] = created.get(field)
    return values


def erasures(ops: Iterable[OpRow]) -> dict[tuple[int, int], set[int]]:
    """The office's erasures among some ops by (record, field)."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in ops:
        is_heeded = row.what == What.ERASE and laptop_of(row.clk) == OFFICE
        for edit in unpack_edits(row.record, row.vals) if is_heeded else ():
            found[row.record, edit.field].add(row.clk)
    return dict(found)


def bare(row: OpRow, erased: Mapping[tuple[int, int], set[int]]) -> bytes:
    """The vals an op may have where these erasures were: without the values whose author had not seen all of them."""
    if row.what == What.CREATE:
        given = unpack_create(row.vals)
        return pack_create({field: value for field, value in given.items() if (row.record, field) not in erased})
    if row.what == What.ERASE:
        return row.vals
    edits = [
        edit if erased.get((row.record, edit.field), set()) <= set(edit.over) else edit._replace(value=None)
        for edit in unpack_edits(row.record, row.vals)
    ]
    flat = unpack_all([row.vals])[0]
    return pack_edits(row.record, edits, flat[-1] if len(flat) % 3 else None)


def _shown(side: dict[int, Value], understood: Callable[[Value], bool]) -> Value:
    clks = [clk for clk in sorted(side) if understood(side[clk])]
    return side[clks[-1]] if clks else None
