"""What erasures wrote, borne by a copy of the store that is of another time, until it is put back.

That a record was erased such a copy is told beside its log (``erased``): its values go, and none comes back. But the
record would stand there blank and alive, and nobody else would hear of it: the op of the erasure, and the deletion that
named it, may be on no other disk. So the copy bears these too.

Its log cannot hold them. There they would be a link of the journal, numbers of links are stream numbers, and the life
that the copy is of may have sent something else under that number: it would pass for had (``recall.last_numbers``). So
they lie beside it, and the life that puts the copy back takes them in as what comes from elsewhere, in a link of its
own: under the ids and the names of those who wrote them.

With an erasure goes what names it, written in the same act, and what all of these name on their record, as far as the
copy has not got it: nobody is to wait for what is nowhere else. Nothing later goes along: the copy stays of its time.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgpack

from gridworker.store.log.blanking import blanked
from gridworker.store.log.log import Cursor, Log, id_list, ops_on
from gridworker.store.log.op import Author, OpRow, What, seen_in, unpack_all, unpack_edits
from gridworker.store.meta import BORNE_OPS, Meta


class Borne(NamedTuple):
    """An op, and who wrote it: its number for them is of another store."""

    row: OpRow
    author: Author


def written(cursor: Cursor) -> set[int]:
    """The erasures known here whose ops are here too, be it that they are only borne."""
    cursor.execute("SELECT DISTINCT clk FROM erased WHERE clk IN (SELECT clk FROM op)")
    return {row[0] for row in cursor.fetchall()} | {one.row.clk for one in borne(cursor) if one.row.what == What.ERASE}


def beyond(cursor: Cursor, other: Cursor) -> list[Borne]:
    """What ``other``, a store of the same data, has of erasures whose ops are not here."""
    return _lacking(cursor, _ops_of(other, written(other) - written(cursor)))


def borne(cursor: Cursor) -> list[Borne]:
    """What this store bears."""
    packed = Meta(cursor).blob(BORNE_OPS)
    return [Borne(OpRow(*row), Author(*author)) for row, author in msgpack.unpackb(packed)] if packed else []


def bear_ops(cursor: Cursor, ops: Iterable[Borne]) -> None:
    """Bear these from now on, beside what is borne already; all of it without what was erased since it was written."""
    whole = {one.row.clk: one for one in (*borne(cursor), *ops)}
    erased = Log(cursor).erasures({one.row.record for one in whole.values()})
    kept = [
        (blanked(one.row, erased[one.row.record]) if one.row.record in erased else one.row, one.author)
        for one in _lacking(cursor, whole.values())
    ]
    Meta(cursor).set(BORNE_OPS, msgpack.packb(kept) if kept else None)


def _lacking(cursor: Cursor, ops: Collection[Borne]) -> list[Borne]:
    here = Log(cursor).rows(one.row.clk for one in ops)
    return [one for one in ops if one.row.clk not in here]


def _ops_of(cursor: Cursor, wanted: Collection[int]) -> list[Borne]:
    if not wanted:
        return []
    log = Log(cursor)
    cursor.execute(
        "SELECT DISTINCT record FROM erased WHERE clk IN (SELECT value FROM json_each(?))", (id_list(wanted),)
    )
    rows = log.rows(ops_on(cursor, [row[0] for row in cursor.fetchall()]))
    named = {clk: _named_in(row) for clk, row in rows.items()}
    found, more = set[int](), {clk for clk, names in named.items() if clk in wanted or not names.isdisjoint(wanted)}
    while more:
        found |= more
        more = (set[int]().union(*(named[clk] for clk in more)) & rows.keys()) - found
    authors = log.author_table()
    return [Borne(rows[clk], authors[rows[clk].author]) for clk in sorted(found)]


def _named_in(row: OpRow) -> set[int]:
    """What an op says it replaced or had seen, and the creation of its record."""
    if row.what == What.CREATE:
        return set()
    (flat,) = unpack_all([row.vals])
    return {row.record, *seen_in(flat)}.union(*(edit.over for edit in unpack_edits(row.record, row.vals)))
