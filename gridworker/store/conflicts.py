"""Conflicts as the log has them: records with several heads of different value, and who wrote each side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.clock import device_of, moment_of
from gridworker.store.corrected import NO_CORRECTIONS, Corrections
from gridworker.store.heads import Packed, heads_of
from gridworker.store.log import Cursor, Log
from gridworker.store.op import Author, OpRow, seen_in, unpack_all, value_of
from gridworker.store.reading import in_order


@dataclass(frozen=True, slots=True)
class Side:
    """One head: a value somebody gave without knowing of the other."""

    clk: int
    value: Value
    at: datetime
    who: int
    device: int


@dataclass(frozen=True, slots=True)
class Contested:
    """A field with several heads, the shown one last. ``field`` "alive": a deletion met an edit it had not seen."""

    kind: str
    record: int
    field: str
    waiting: bool
    """An op that may settle it has not come yet."""
    sides: tuple[Side, ...]


def count(cursor: Cursor) -> int:
    """How many records have a conflict that a person can settle."""
    cursor.execute("SELECT count(DISTINCT record) FROM conflict WHERE waiting = 0")
    number: int = cursor.fetchone()[0]
    return number


def contested(cursor: Cursor, record: int | None = None) -> list[Contested]:
    """All conflicts, or those of one record, by record and field."""
    cursor.execute(
        "SELECT record, field, kind, waiting FROM conflict WHERE ?1 IS NULL OR record = ?1 ORDER BY record, field",
        (record,),
    )
    found = cursor.fetchall()
    log = Log(cursor)
    heads = log.heads({row[0] for row in found})
    ops = log.rows({clk for owner, packed in heads.items() for clk in _all(packed, owner)})
    clocks = Corrections.of(cursor) if found else NO_CORRECTIONS
    return [_shown_last(one, clocks) for one in _contested(found, heads, ops, log)]


def _contested(
    found: list[tuple[int, int, int, int]], heads: dict[int, Packed], ops: dict[int, OpRow], log: Log
) -> Iterator[Contested]:
    authors = log.author_table()
    for record, field, kind, waiting in found:
        known = discover.by_number().get(kind)
        if known is None or (field != ALIVE and field not in known.kind.numbered):
            continue
        clks = heads_of(heads[record], record, field)
        sides = tuple(_side(ops[clk], value_of(ops[clk].what, record, ops[clk].vals, field), authors) for clk in clks)
        if field == ALIVE and not any(side.value for side in sides):
            sides = (*sides, *(_side(ops[clk], 1, authors) for clk in _unseen(record, heads[record], clks, ops)))
        name = "alive" if field == ALIVE else known.kind.numbered[field].name
        yield Contested(known.kind.name, record, name, bool(waiting), sides)


def _shown_last(one: Contested, clocks: Corrections) -> Contested:
    if one.field == "alive":  # those who deleted it, then those who would keep it
        return one
    kind = discover.kinds()[one.kind].kind.number
    return replace(one, sides=tuple(sorted(one.sides, key=lambda side: in_order(kind, clocks).key(side.clk))))


def _side(row: OpRow, value: Value, authors: Mapping[int, Author]) -> Side:
    return Side(row.clk, value, moment_of(row.clk), authors[row.author].who, device_of(row.clk))


def _unseen(record: int, packed: Packed, deletions: list[int], ops: Mapping[int, OpRow]) -> list[int]:
    """The edits that whoever deleted the record had not seen: the side that would keep it."""
    seen = {record}.union(*(seen_in(flat) for flat in unpack_all([ops[clk].vals for clk in deletions])))
    edits = {clk for field in packed if field > ALIVE for clk in heads_of(packed, record, field)}
    return sorted(edits - seen)


def _all(packed: Packed, record: int) -> set[int]:
    return {record} | {clk for field in packed for clk in heads_of(packed, record, field)}
