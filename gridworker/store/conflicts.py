"""Conflicts as the log has them: records with several heads of different value, and who wrote each side."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store import reopened
from gridworker.store.log.clock import device_of, moment_of
from gridworker.store.log.corrected import NO_CORRECTIONS, Corrections
from gridworker.store.log.heads import Packed, heads_of
from gridworker.store.log.log import Cursor, Log, id_list
from gridworker.store.log.op import Author, OpRow, seen_in, unpack_all, value_of
from gridworker.store.tables.reading import in_order


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


def disputed(cursor: Cursor) -> list[tuple[str, int]]:
    """The kind and number of all records with a conflict that a person can settle, by number.

    What stands against what is not read: of ten thousand that takes half a second.
    """
    cursor.execute("SELECT record, field, kind FROM conflict WHERE waiting = 0 ORDER BY record")
    known = ((record, _name_of(kind, field)) for record, field, kind in cursor.fetchall())
    return list(dict.fromkeys((name, record) for record, name in known if name))


def contested(cursor: Cursor, record: int | None = None) -> list[Contested]:
    """All conflicts, or those of one record, by record and field."""
    cursor.execute(
        "SELECT record, field, kind, waiting FROM conflict WHERE ?1 IS NULL OR record = ?1 ORDER BY record, field",
        (record,),
    )
    return _read(cursor, cursor.fetchall())


def contested_of(cursor: Cursor, records: Collection[int]) -> list[Contested]:
    """Those of some records."""
    cursor.execute(
        "SELECT record, field, kind, waiting FROM conflict WHERE record IN (SELECT value FROM json_each(?)) "
        "ORDER BY record, field",
        (id_list(records),),
    )
    return _read(cursor, cursor.fetchall())


def _read(cursor: Cursor, found: list[tuple[int, int, int, int]]) -> list[Contested]:
    log = Log(cursor)
    heads = log.heads({row[0] for row in found})
    ops = log.rows({clk for owner, packed in heads.items() for clk in _all(packed, owner)})
    givers = reopened.givers(log, [(owner, field) for owner, field, _, _ in found], heads, ops)
    clocks = Corrections.of(cursor) if found else NO_CORRECTIONS
    return list(_contested(found, _Around(heads, ops, givers, log.author_table(), clocks)))


class _Around(NamedTuple):
    """What conflicts are told with."""

    heads: Mapping[int, Packed]
    ops: Mapping[int, OpRow]
    givers: Mapping[reopened.Place, Mapping[int, int]]
    authors: Mapping[int, Author]
    clocks: Corrections


def _contested(found: list[tuple[int, int, int, int]], around: _Around) -> Iterator[Contested]:
    for record, field, kind, waiting in found:
        known = discover.by_number().get(kind)
        if known is None or not _name_of(kind, field):
            continue
        sides = _existence(record, around) if field == ALIVE else _sides(record, field, kind, around)
        name = "alive" if field == ALIVE else known.kind.numbered[field].name
        yield Contested(known.kind.name, record, name, bool(waiting), tuple(sides))


def _name_of(kind: int, field: int) -> str:
    """The name of a kind that is known here with this field; else empty."""
    known = discover.by_number().get(kind)
    is_known = known is not None and (field == ALIVE or field in known.kind.numbered)
    return known.kind.name if known is not None and is_known else ""


def _sides(record: int, field: int, kind: int, around: _Around) -> Iterator[Side]:
    """The heads of a field, the one that is shown last."""
    givers = around.givers.get(reopened.Place(record, field), {})
    for clk in in_order(kind, around.clocks).ordered(heads_of(around.heads[record], record, field)):
        row = around.ops[clk]  # it may name somebody else than its giver did
        yield _side(around.ops[givers.get(clk, clk)], value_of(row.what, record, row.vals, field), around.authors)


def _existence(record: int, around: _Around) -> list[Side]:
    """Those who deleted a record, then those who would keep it."""
    sides = list(_sides(record, ALIVE, 0, around))
    if not any(side.value for side in sides):
        packed, ops = around.heads[record], around.ops
        unseen = _unseen(record, packed, heads_of(packed, record, ALIVE), ops)
        givers = {
            at: clk for place, found in around.givers.items() if place.record == record for at, clk in found.items()
        }
        sides += [_side(ops[clk], 1, around.authors) for clk in sorted({givers.get(clk, clk) for clk in unseen})]
    return sides


def _side(row: OpRow, value: Value, authors: Mapping[int, Author]) -> Side:
    return Side(row.clk, value, moment_of(row.clk), authors[row.author].who, device_of(row.clk))


def _unseen(record: int, packed: Packed, deletions: list[int], ops: Mapping[int, OpRow]) -> list[int]:
    """The edits that whoever deleted the record had not seen: the side that would keep it."""
    seen = {record}.union(*(seen_in(flat) for flat in unpack_all([ops[clk].vals for clk in deletions])))
    edits = {clk for field in packed if field > ALIVE for clk in heads_of(packed, record, field)}
    return sorted(edits - seen)


def _all(packed: Packed, record: int) -> set[int]:
    return {record} | {clk for field in packed for clk in heads_of(packed, record, field)}
