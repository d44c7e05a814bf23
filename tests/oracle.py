"""The merge rule by its definition (sync.md 3), from scratch over a set of ops: where every store must have arrived."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, TypeAlias

from gridworker.record import ALIVE, Value
from gridworker.store.clock import OFFICE, laptop_of
from gridworker.store.op import OpRow, What, seen_in, unpack_all, unpack_create, unpack_edits

SEEN = -1
VOUCHED = 2
Understood: TypeAlias = Callable[[int, int, Value], bool]


class World(NamedTuple):
    """``heads`` and ``conflicts`` by (record, field); ``rows`` of what is visible; ``awaited`` (clk, record, field)."""

    heads: dict[tuple[int, int], frozenset[int]]
    rows: dict[int, dict[int, Value]]
    conflicts: set[tuple[int, int]]
    awaited: set[tuple[int, int, int]]
    judged: set[int]


def world(ops: Iterable[OpRow], understood: Understood = lambda _kind, _field, _value: True) -> World:
    """Read a set of ops. ``understood`` says of (kind, field, value) whether it may be shown."""
    logged = {row.clk: row for row in ops}
    rulings = _rulings(logged.values())
    here = {clk: row for clk, row in logged.items() if rulings.get(clk, VOUCHED) == VOUCHED}
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
    missing = {place for place in named if place[0] not in logged.keys() | rulings.keys()}
    found = World(heads, {}, set(), missing, {clk for clk, ruling in rulings.items() if ruling != VOUCHED})
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
        if 0 in edits and len(edits[0].over) == 1 and edits[0].value in (0, 1, 2):
            earlier = set(edits[1].over) - {row.clk} if 1 in edits else set()
            verdicts[edits[0].over[0]].append((row.clk, int(str(edits[0].value)), earlier))
    found = {}
    for on, listed in verdicts.items():
        replaced = set().union(*(earlier for _, _, earlier in listed))
        left = [(clk, ruling) for clk, ruling, _ in listed if clk not in replaced]
        found[on] = max(left or [(clk, ruling) for clk, ruling, _ in listed])[1]
    return found


def _shown(side: dict[int, Value], understood: Callable[[Value], bool]) -> Value:
    clks = [clk for clk in sorted(side) if understood(side[clk])]
    return side[clks[-1]] if clks else None
