"""What the judgement of a laptop's ops rests on, as the office has it at this moment."""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.known import known_among
from gridworker.store.log.log import Log, chunks
from gridworker.store.log.op import Author, OpRow, unpack_all, values_in
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.records import get
from gridworker.store.scope.scope import among, grids_of
from gridworker.store.scope.spans import Spans, turns_of_grids
from gridworker.store.streams import Exchange
from gridworker.store.waiting import Waiting
from gridworker.sync.judging.early import came_before
from gridworker.sync.judging.judge import REVOKED, Office, references_of
from gridworker.sync.judging.pending_references import counting

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


def basis_of(connection: "Connection", laptop: int, rows: Sequence[OpRow], authors: Sequence[Author]) -> Office:
    """What the judgement of some ops of a laptop rests on."""
    cursor = raw_cursor(connection)
    spans, grids, exchange = Spans(cursor, laptop), grids_of(connection, laptop), Exchange(cursor)
    named = records_named(rows)
    found = known_among(cursor, laptop, named)
    early, then = came_before(cursor, laptop, rows, found.edited - found.kinds.keys(), len(authors))
    if early:
        named = records_named([*rows, *chain.from_iterable(early.values())])
        found = known_among(cursor, laptop, named)
    kinds, told, gone, standing, _ = found
    known = discover.by_number()
    everywhere = {number for number, record in known.items() if record.kind.everywhere}
    placed = kinds
    if not everywhere.isdisjoint(kinds.values()):
        placed = {record: kind for record, kind in kinds.items() if kind not in everywhere}
    # What the office did not accept is nowhere, though laptops were told of it while it counted.
    if nowhere := Verdicts(cursor).unmade(placed):
        placed = {record: kind for record, kind in placed.items() if record not in nowhere}
    # Mostly it is told apart by what the laptop was told to hold; only the others need the climb.
    told, given = told & placed.keys(), turns_of_grids(spans.grids())
    others = {record: placed[record] for record in placed.keys() - told}
    scope = among(connection, others, grids, laptop) | told | given.keys() | set(grids)
    lost = {grid: turns for grid, turns in given.items() if turns[0][1] is not None}
    left = {**spans.turns_among(gone & placed.keys()), **lost}
    unmade = Waiting(cursor).unmade(named)
    revoked = exchange.laptop_state(laptop) == REVOKED
    scopes = tuple(author.scope for author in (*authors, *then))
    return Office(
        laptop, scope, kinds, left, scopes, revoked, unmade, lambda kind, id_: get(connection, kind, id_) or {},
        lambda kind, id_: bool(among(connection, {id_: kind}, grids, laptop)),
        ops=partial(counting, cursor), standing=standing, early=early,
        erased=Log(cursor).erasures({row.record for row in rows}),
    )  # fmt: skip


def records_named(rows: Sequence[OpRow]) -> dict[int, int]:
    """Records the ops are about and those that place them, each with the number of the kind it is said to be of.

    This is what ``Office.kinds`` has to cover.
    """
    named = {row.record: row.kind for row in rows}
    for number in {row.kind for row in rows}:  # a record may be said to be of several
        referring = references_of(number)
        for lot in chunks(row for row in rows if row.kind == number) if referring else ():
            for row, flat in zip(lot, unpack_all([row.vals for row in lot]), strict=True):
                for at, value in values_in(row.what, flat):
                    if at in referring and isinstance(value, int):
                        named[value] = referring[at]
    return named
