"""What a laptop may hold from earlier days, by its definition: one reading of the whole log (store/scope/past.py)."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from gridworker.store.recall import Recall
from gridworker.store.scope.past import ever_in_scope
from gridworker.store.scope.scope import grids_of
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Store


def by_definition(cursor: Cursor, grids: Collection[int], laptop: int) -> set[int]:
    """What was ever placed in some grids, what all hold, and what the laptop made.

    Of a place an op says what counts for nothing where it was judged, or its record is not here; but what the office
    said of it, and whoever made the record, is believed.
    """
    ops = [row for rows in Log(cursor).ops() for row in rows]
    cursor.execute("SELECT clk FROM judged")
    judged = {row[0] for row in cursor.fetchall()}
    here = {row.record for row in ops if row.what == What.CREATE}
    known = {number: record.kind for number, record in discover.by_number().items()}
    along: dict[int, set[int]] = defaultdict(set)
    made, shared = set[int](), set[int]()
    for row in ops:
        kind = known.get(row.kind)
        if kind is None or kind.office_only:
            continue
        if kind.everywhere:
            shared.add(row.record)
            continue
        if row.what == What.CREATE and laptop_of(row.clk) == laptop:
            made.add(row.record)
        for place, record in _links(kind, row):
            if laptop_of(row.clk) in {OFFICE, laptop_of(record)} or (row.clk not in judged and row.record in here):
                along[place].add(record)
    found, further = set(made), [*grids, *made]
    while further:
        more = along.pop(further.pop(), set()) - found
        found |= more
        further += more
    return found | shared


def _links(kind: Kind, row: OpRow) -> Iterator[tuple[int, int]]:
    """(one, another): where the first is in scope the second is too, by what an op says."""
    is_new = row.what == What.CREATE
    edits = () if is_new else unpack_edits(row.record, row.vals)
    values = unpack_create(row.vals) if is_new else {edit.field: edit.value for edit in edits}
    for name in (*kind.within, *kind.brings):
        value = values.get(kind.specs[name].number)
        if isinstance(value, int):
            yield (value, row.record) if name in kind.within else (row.record, value)


def require_as_defined(store: Store, laptop: int) -> None:
    """Where an office was restored: what it keeps of the log for a laptop's replies says what the log does."""
    with store.db.read() as connection:
        cursor = raw_cursor(connection)
        given = (grids for _, grids in Spans(cursor, laptop).grids())
        grids = set(grids_of(connection, laptop)).union(*given)
        if Recall(cursor).lost():
            assert ever_in_scope(cursor, grids, laptop) == by_definition(cursor, grids, laptop)
