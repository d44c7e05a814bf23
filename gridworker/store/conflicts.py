"""Conflicts as the log has them: records with several heads of different value, and who wrote each side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.clock import device_of, moment_of
from gridworker.store.heads import Packed, heads_of
from gridworker.store.log import Cursor, Log
from gridworker.store.op import OpRow, value_of


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
    return list(_contested(found, heads, ops, log))


def _contested(
    found: list[tuple[int, int, int, int]], heads: dict[int, Packed], ops: dict[int, OpRow], log: Log
) -> Iterator[Contested]:
    authors = log.author_table()
    for record, field, kind, waiting in found:
        known = discover.by_number().get(kind)
        if known is None or (field != ALIVE and field not in known.kind.numbered):
            continue
        clks = heads_of(heads[record], record, field)
        sides = tuple(
            Side(
                clk,
                value_of(ops[clk].what, record, ops[clk].vals, field),
                moment_of(clk),
                authors[ops[clk].author].who,
                device_of(clk),
            )
            for clk in clks
        )
        name = "alive" if field == ALIVE else known.kind.numbered[field].name
        yield Contested(known.kind.name, record, name, bool(waiting), sides)


def _all(packed: Packed, record: int) -> set[int]:
    return {record} | {clk for field in packed for clk in heads_of(packed, record, field)}
