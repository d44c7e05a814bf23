"""Heads and awaited ops derived from the whole log by their definition: for reading it anew, and to check the merge."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from gridworker.record import MAX_INTEGER
from gridworker.store.log.heads import SEEN, Packed, heads_by_definition
from gridworker.store.log.log import Cursor, Log, id_list
from gridworker.store.log.op import Flat, What, overs, seen_in, unpack_all

LOT = 5_000

MERGED = tuple(map(int, (What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE, What.ERASE)))
"""The sorts of ops that replace others."""

_COUNTING = f"what IN ({','.join(map(str, MERGED))}) AND clk NOT IN (SELECT clk FROM judged)"


class Derived(NamedTuple):
    """One record that has edits."""

    record: int
    kind: int
    """0: its creating op has not come."""
    packed: Packed
    awaited: set[tuple[int, int, int]]
    """(clk, record, field)"""


def derived(reading: Cursor, log: Log, *, above: int = -MAX_INTEGER - 1) -> Iterator[Derived]:
    """All records with edits, ascending. ``reading`` is kept busy; ``log`` needs another cursor."""
    reading.execute(
        f"SELECT record, clk FROM op WHERE record > ?1 AND {_COUNTING} "
        "UNION ALL SELECT record, clk FROM erased WHERE record > ?1 ORDER BY record, clk",
        (above,),
    )
    places = iter(reading.fetchone, None)
    records = ((record, [clk for _, clk in group]) for record, group in groupby(places, itemgetter(0)))
    while lot := _lot(records):
        yield from of_records(log, lot)


def derived_for(cursor: Cursor, wanted: Collection[int]) -> list[Derived]:
    """The same of some records. Looks at the whole log: it knows its ops by clk alone."""
    cursor.execute(
        f"SELECT record, clk FROM op WHERE record IN (SELECT value FROM json_each(?1)) AND {_COUNTING} "
        "UNION ALL SELECT record, clk FROM erased WHERE record IN (SELECT value FROM json_each(?1)) "
        "ORDER BY record, clk",
        (id_list(wanted),),
    )
    records = [(record, [clk for _, clk in group]) for record, group in groupby(cursor.fetchall(), itemgetter(0))]
    return list(of_records(Log(cursor), records))


def _lot(records: Iterator[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    lot = []
    size = 0
    for record, clks in records:
        lot.append((record, clks))
        size += len(clks)
        if size >= LOT:
            break
    return lot


def of_records(log: Log, lot: Sequence[tuple[int, Collection[int]]]) -> Iterator[Derived]:
    """The same for some records, given with the clks of all ops on them but the creation.

    A record of which nothing but erasures has come has no heads and waits for nothing.
    """
    rows = log.rows(clk for _, clks in lot for clk in clks)
    flats = dict(zip(rows, unpack_all([row.vals for row in rows.values()]), strict=True))
    kinds = log.kinds(record for record, _ in lot)
    edits = {record: [(clk, flats[clk]) for clk in sorted(set(clks)) if clk in flats] for record, clks in lot}
    erased = log.erasures(edits)
    for record in erased:
        if record not in kinds and all(rows[clk].what == What.ERASE for clk, _ in edits[record]):
            del edits[record]
    named = {record: _named(record, record in kinds, listed) for record, listed in edits.items()}
    clks = {clk for places in named.values() for clk, _, _ in places}
    missing = clks - log.present(clks)
    for record, listed in edits.items():
        packed = heads_by_definition(record, record in kinds, listed, erased.get(record, {}))
        awaited = {place for place in named[record] if place[0] in missing}
        yield Derived(record, kinds.get(record, 0), packed, awaited)


def _named(record: int, created: bool, edits: Sequence[tuple[int, Flat]]) -> set[tuple[int, int, int]]:
    """All that a record's edits name, by (clk, record, field)."""
    named = set() if created else {(record, record, SEEN)}
    for own, flat in edits:
        named.update((clk, record, SEEN) for clk in seen_in(flat))
        for at in range(0, len(flat) - 2, 3):
            named.update((clk, record, flat[at]) for clk in overs(record, flat[at + 2]) if clk != own)
    return named
