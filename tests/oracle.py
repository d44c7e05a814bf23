"""The merge rule by its definition (sync.md 3), from scratch over a set of ops: where every store must have arrived."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, TypeAlias

from gridworker.record import ALIVE, Value
from gridworker.store.op import OpRow, What, seen_in, unpack_all, unpack_create, unpack_edits

SEEN = -1
Understood: TypeAlias = Callable[[int, int, Value], bool]


class World(NamedTuple):
    """``heads`` and ``conflicts`` by (record, field); ``rows`` of what is visible; ``awaited`` (clk, record, field)."""

    heads: dict[tuple[int, int], frozenset[int]]
    rows: dict[int, dict[int, Value]]
    conflicts: set[tuple[int, int]]
    awaited: set[tuple[int, int, int]]


def world(ops: Iterable[OpRow], understood: Understood = lambda _kind, _field, _value: True) -> World:
    """Read a set of ops. ``understood`` says of (kind, field, value) whether it may be shown."""
    here = {row.clk: row for row in ops}
    edits = [row for row in here.values() if row.what in (What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE)]
    kinds = {row.record: row.kind for row in here.values() if row.what == What.CREATE}
    values: dict[tuple[int, int], dict[int, Value]] = defaultdict(dict)
    named = {(row.record, row.record, SEEN) for row in edits}
    seen = {row.clk: set(seen_in(*unpack_all([row.vals]))) for row in edits}
    for row in edits:
        named |= {(clk, row.record, SEEN) for clk in seen[row.clk]}
        for edit in unpack_edits(row.record, row.vals):
            values[row.record, edit.field][row.clk] = edit.value
            named |= {(clk, row.record, edit.field) for clk in edit.over if clk != row.clk}
    for record in kinds:
        created = {ALIVE: 1, **unpack_create(here[record].vals)}
        for field in created.keys() | {field for owner, field in values if owner == record}:
            values[record, field][record] = created.get(field)
    heads = {place: frozenset(clk for clk in clks if (clk, *place) not in named) for place, clks in values.items()}
    found = World(heads, {}, set(), {place for place in named if place[0] not in here})
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


def _shown(side: dict[int, Value], understood: Callable[[Value], bool]) -> Value:
    clks = [clk for clk in sorted(side) if understood(side[clk])]
    return side[clks[-1]] if clks else None
