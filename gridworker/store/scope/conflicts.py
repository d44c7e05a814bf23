"""Where records are whose place is in conflict: in all the grids that any of their heads names (sync.md 6).

The tables show one value of a field; two people who moved a household to different grids are both believed until
somebody settles it, so that nobody loses sight of it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Cursor, Log, id_list
from gridworker.store.log.op import value_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Contested:
    """What the heads of references in conflict name, beside what the tables show."""

    places: Mapping[str, Mapping[int, frozenset[int]]] = field(default_factory=dict)
    """By kind and record: every record that may place it."""
    brought: Mapping[tuple[str, str], Mapping[int, frozenset[int]]] = field(default_factory=dict)
    """By (kind, reference) and record: every record that it may bring along."""


def contested(connection: "Connection") -> Contested:
    """The references in conflict that decide where records are; mostly there are none."""
    cursor = raw_cursor(connection)
    named = _heads_in_conflict(cursor)
    if not named:
        return Contested()
    places: dict[str, dict[int, frozenset[int]]] = defaultdict(dict)
    brought: dict[tuple[str, str], dict[int, frozenset[int]]] = defaultdict(dict)
    for name, by_record in named.items():
        kind = discover.kinds()[name].kind
        for record, shown in _shown(cursor, kind, by_record).items():
            values = {**{reference: {value} for reference, value in shown.items()}, **by_record[record]}
            places[name][record] = frozenset(_all_places(kind, values))
            for reference in kind.brings:
                brought[name, reference][record] = frozenset(one for one in values[reference] if one is not None)
    return Contested(places, brought)


def _heads_in_conflict(cursor: Cursor) -> dict[str, dict[int, dict[str, set[int | None]]]]:
    """By kind, record and reference: the values of all heads."""
    watched = {
        (kind.number, kind.specs[name].number): (kind.name, name)
        for kind in (record.kind for record in discover.kinds().values())
        for name in (*kind.within, *kind.brings)
    }
    cursor.execute("SELECT record, kind, field FROM conflict")
    found = [(record, number, *watched[kind, number]) for record, kind, number in cursor.fetchall()
             if (kind, number) in watched]  # fmt: skip
    log = Log(cursor)
    packed = log.heads({record for record, *_ in found})
    heads = {(record, number): heads_of(packed[record], record, number) for record, number, *_ in found}
    ops = log.rows({clk for clks in heads.values() for clk in clks})
    named: dict[str, dict[int, dict[str, set[int | None]]]] = defaultdict(lambda: defaultdict(dict))
    for record, number, kind, reference in found:
        values = [value_of(ops[clk].what, record, ops[clk].vals, number) for clk in heads[record, number]]
        named[kind][record][reference] = {value if isinstance(value, int) else None for value in values}
    return named


def _shown(cursor: Cursor, kind: Kind, records: Mapping[int, object]) -> dict[int, dict[str, int | None]]:
    """What the tables show of the references of records that are there."""
    names = (*kind.within, *kind.brings)
    cursor.execute(
        f"SELECT id, {', '.join(names)} FROM {kind.name} WHERE id IN (SELECT value FROM json_each(?))",
        (id_list(records),),
    )
    return {record: dict(zip(names, values, strict=True)) for record, *values in cursor.fetchall()}


def _all_places(kind: Kind, values: Mapping[str, set[int | None]]) -> set[int]:
    """The first reference that is set places a record; one that may be empty lets the next one speak too."""
    places = set[int]()
    for name in kind.within:
        places.update(value for value in values[name] if value is not None)
        if None not in values[name]:
            break
    return places
