"""What the journal brought since a link of it: for who keeps something in memory that follows from the books."""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.engine.database import raw_cursor, reading_cursor
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import Log
from gridworker.store.log.op import unpack_all, values_in

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST_LINKS, MOST_OPS = 1_000, 4_000
"""After more than so many, who kept something had better read it anew."""

_MOST_BYTES = 14 * MOST_OPS + 5 * MOST_LINKS
"""So much is no more than that takes: nine bytes a number at most, and five for a part or a link."""

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
    cursor = reading_cursor(connection)
    cursor.execute("SELECT coalesce(max(no), 0) FROM batch")
    return int(cursor.fetchone()[0])


def is_told(connection: "Connection", link: int) -> bool:
    """Whether what came after a link can be told: it is not very much, and nothing went without a word."""
    return _clks(connection, link) is not None


def since(connection: "Connection", link: int) -> list[News] | None:
    """The ops that came with the links after one; None where they do not tell all, or are many."""
    clks = _clks(connection, link)
    if clks is None:
        return None
    found = Log(raw_cursor(connection)).rows(clks)
    if len(found) != len(set(clks)):  # the log was shortened, or somebody's records were let go, meanwhile
        return None
    ops = list(found.values())
    return [
        News(op.kind, op.record, op.what, frozenset(at for at, _ in values_in(op.what, flat)))
        for op, flat in zip(ops, unpack_all([op.vals for op in ops]), strict=True)
    ]


def _clks(connection: "Connection", link: int) -> list[int] | None:
    """Those of the ops after a link; None where they are many, which their bytes tell without taking them apart."""
    links, size, went = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(length(clks)), 0), coalesce(max(act = ?), 0) FROM batch WHERE no > ?",
        (EVICTED, link),
    ).one()
    if went or links > MOST_LINKS or size > _MOST_BYTES:
        return None
    rows = connection.exec_driver_sql("SELECT clks FROM batch WHERE no > ? ORDER BY no", (link,)).all()
    clks = [clk for (packed,) in rows for clk in unpack_clks(packed)]
    return clks if len(clks) <= MOST_OPS else None
