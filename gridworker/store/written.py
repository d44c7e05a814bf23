"""What one laptop wrote, as far as it is here, and which of its records others have made their own since.

Goes through the whole log, which has no index by author: for what seldom happens.
"""

from collections.abc import Collection, Iterator

from gridworker import discover
from gridworker.store.log.clock import DEVICE_BITS, INCARNATION_BITS
from gridworker.store.log.log import CHUNK, Cursor, chunks, id_list
from gridworker.store.log.op import OpRow
from gridworker.store.log.sheaves import SELECT, fetch_ops

_DEVICE = (1 << DEVICE_BITS) - 1


def written_by(cursor: Cursor, laptop: int) -> Iterator[OpRow]:
    """All ops of a laptop in the log, ascending, read by the thousand."""
    above = -1
    while True:
        cursor.execute(
            f"{SELECT} WHERE clk > ? AND ((clk & {_DEVICE}) >> {INCARNATION_BITS}) = ? ORDER BY clk LIMIT ?",
            (above, laptop, CHUNK),
        )
        part = fetch_ops(cursor)
        if not part:
            return
        yield from part
        above = part[-1].clk


def brought_by_others(cursor: Cursor, records: Collection[int], laptop: int) -> set[int]:
    """Those of some records that records of somebody else bring along, as a membership does its person."""
    found: set[int] = set()
    for record in discover.kinds().values():
        for reference in record.kind.brings:
            for part in chunks(records):
                cursor.execute(
                    f'SELECT "{reference}" FROM "{record.kind.name}" WHERE "{reference}" IN '
                    f"(SELECT value FROM json_each(?)) AND ((id & {_DEVICE}) >> {INCARNATION_BITS}) <> ?",
                    (id_list(part), laptop),
                )
                found.update(row[0] for row in cursor.fetchall())
    return found
