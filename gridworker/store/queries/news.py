"""What the journal brought since a link of it: for who keeps something in memory that follows from the books."""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import Log
from gridworker.store.log.op import unpack_all, values_in

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST_LINKS, MOST_OPS = 1_000, 4_000
"""After more than so many, who kept something had better read it anew."""

EVICTED = "evict"
"""The act that takes records out of the tables without an op (store/erasure/eviction.py)."""


class News(NamedTuple):
    """One op: the number of its kind, the record, what it does to it, and the numbers of its fields."""

    kind: int
    record: int
    what: int
    fields: frozenset[int]


def newest(connection: "Connection") -> int:
    """The number of the newest link; 0 where there is none. Nothing changes a record without a new one."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(no), 0) FROM batch").scalar_one())


def since(connection: "Connection", link: int) -> list[News] | None:
    """The ops that came with the links after one; None where they do not tell all, or are many."""
    rows = connection.exec_driver_sql(
        "SELECT act, clks FROM batch WHERE no > ? ORDER BY no LIMIT ?", (link, MOST_LINKS + 1)
    ).all()
    clks = [clk for _, packed in rows for clk in unpack_clks(packed)] if len(rows) <= MOST_LINKS else []
    if len(rows) > MOST_LINKS or len(clks) > MOST_OPS or any(act == EVICTED for act, _ in rows):
        return None
    found = Log(raw_cursor(connection)).rows(clks)
    if len(found) != len(set(clks)):  # the log was shortened, or somebody's records were let go, meanwhile
        return None
    ops = list(found.values())
    return [
        News(op.kind, op.record, op.what, frozenset(at for at, _ in values_in(op.what, flat)))
        for op, flat in zip(ops, unpack_all([op.vals for op in ops]), strict=True)
    ]
