"""What a laptop may hold from earlier days, when nobody remembers what it was sent.

After a restore, of the office or of a laptop, the list of what a laptop holds is gone. What is deleted by now, or has
left its grids, is in no table that would tell; the log still says where it was, unless that was erased.

An office that was restored asks that for every reply, for good. So it keeps what the log says of places, in the table
``past`` and with the link of the journal that it was read up to, as all is kept that was worked out (worked_out.py);
what came since is read beside it. What the office ruled, and whether a record is here, is looked up when it is asked.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgpack

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.engine.checks import Still
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.diskspace import BALLAST, ROOM_FOR_BALLAST, free_bytes
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import CHUNK, Cursor, Log, chunks, id_list
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.meta import Meta
from gridworker.store.recall import Recall
from gridworker.store.worked_out import PAST

if TYPE_CHECKING:
    from gridworker.store.engine.database import Database

ROOM = ROOM_FOR_BALLAST * BALLAST
"""Bytes of the disk that have to be free: the room is for what people write."""

LINKS = 1000
"""Links of the journal that are looked at together at most."""

_FORM = 1
"""Of what the table holds: raised with that."""

_ALL = 0
"""The place of what all hold."""


class _How(IntEnum):
    """How far it is believed that a record is at a place."""

    SURE = 0
    """Whatever the office ruled: who says so may always."""
    OF_RECORD = 1
    """If the op counts, and the record, which it is about, is here."""
    OF_PLACE = 2
    """The same where the op is about the place, which brings the record along."""
    MADE = 3
    """The place is the number of the laptop that made it."""
    SHARED = 4
    """All hold it."""


class _Said(NamedTuple):
    """What an op says: where ``place`` is in scope ``record`` is too. ``clk``: the op, where it has to count."""

    how: _How
    place: int
    record: int
    clk: int = 0


def ever_in_scope(cursor: Cursor, grids: Collection[int], laptop: int) -> set[int]:
    """Records that were ever placed in some grids, shown today or not; what all hold; what the laptop made.

    Reads the whole log where nothing of it is kept. By what was refused, or is about a record that is not here, a
    laptop places nothing but what it made itself: nobody but itself says that it had the rest.
    """
    past = _Past(cursor)
    found = past.at(_How.MADE, [laptop])
    further = {*grids, *found}
    while further:
        further = past.along(further) - found
        found |= further
    return found | past.at(_How.SHARED, [_ALL])


def created(cursor: Cursor, records: Iterable[int]) -> set[int]:
    """Those of some records whose creation is here: of others laptops say what they please, and nobody judged it."""
    found: set[int] = set()
    for part in chunks(records):
        cursor.execute(
            "SELECT clk FROM op WHERE clk IN (SELECT value FROM json_each(?)) AND what = ?",
            (id_list(part), int(What.CREATE)),
        )
        found.update(row[0] for row in cursor.fetchall())
    return found


def keep(db: "Database", folder: Path) -> None:
    """Bring the table up to date, where an office was restored: in short transactions that nobody has to hear of.

    Where the disk is nearly full, or this window only reads, it stays as it is, and what came since is read with each
    reply.
    """
    if db.read_only:
        return
    with db.read() as connection:
        cursor = raw_cursor(connection)
        is_due = bool(Recall(cursor).lost()) and _is_behind(cursor, _kept_upto(cursor))
    while is_due and free_bytes(folder) >= ROOM:
        with db.write(unheard=True) as connection:
            is_due = _read_on(raw_cursor(connection))


def differing(cursor: Cursor, still: Still = None) -> Iterator[int]:
    """Records of which the table does not say what the log says, as far as it was read into the table.

    Of what was erased since the log says no more, and the table may. Reads table and log once, where anything is kept.
    """
    upto = _kept_upto(cursor)
    if not upto:
        return
    cursor.execute("SELECT clks FROM batch WHERE no > ?", (upto,))
    since = set(chain.from_iterable(unpack_clks(packed) for (packed,) in cursor.fetchall()))
    unsaid = set[_Said]()
    for lot in _table(cursor):
        _ask(still)
        known = Log(cursor).rows({number for one in lot for number in (one.place, one.record, one.clk)})
        unsaid |= set(lot).difference(*map(_said_by, known.values()))  # creations and the ops themselves say the most
    for rows in Log(cursor).ops():
        _ask(still)
        said = {one for row in rows if row.clk not in since for one in _said_by(row)}
        yield from {one.record for one in _missing(cursor, said)}
        unsaid -= said
    cursor.execute("SELECT DISTINCT record FROM erased")
    erased = {row[0] for row in cursor.fetchall()}
    yield from {one.record for one in unsaid if not erased & {one.record, one.place}}


def _ask(still: Still) -> None:
    if still is not None:
        still()


def _table(cursor: Cursor) -> Iterator[list[_Said]]:
    """All of the table, lot by lot."""
    last: tuple[int, ...] = (-1, 0, 0, 0)
    while True:
        cursor.execute(
            "SELECT how, place, record, clk FROM past WHERE (how, place, record, clk) > (?,?,?,?) "
            "ORDER BY how, place, record, clk LIMIT ?",
            (*last, CHUNK),
        )
        lot = [_Said(*row) for row in cursor.fetchall()]
        if not lot:
            return
        yield lot
        last = lot[-1]


def _missing(cursor: Cursor, said: Collection[_Said]) -> set[_Said]:
    """Those that do not stand in the table."""
    found = set[_Said]()
    for part in chunks(said):
        cursor.execute(
            "SELECT j.key FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM past WHERE how = j.value->>0 "
            "AND place = j.value->>1 AND record = j.value->>2 AND clk = j.value->>3)",
            (json.dumps(part),),
        )
        found.update(part[at] for (at,) in cursor.fetchall())
    return found


def _read_on(cursor: Cursor) -> bool:
    """Take what some links brought into the table. Whether there are more."""
    upto = _kept_upto(cursor)
    if not upto:
        cursor.execute("DELETE FROM past")
    cursor.execute("SELECT no, mac, clks FROM batch WHERE no > ? ORDER BY no LIMIT ?", (upto, LINKS))
    clks: list[int] = []
    last = None
    for no, mac, packed in cursor.fetchall():
        last = no, mac
        clks += unpack_clks(packed)
        if len(clks) >= CHUNK:
            break
    for part in chunks(clks):
        rows = Log(cursor).rows(part).values()
        said = sorted({one for row in rows for one in _said_by(row)})
        cursor.executemany("INSERT OR IGNORE INTO past (how, place, record, clk) VALUES (?,?,?,?)", said)
    if last is None:
        return False
    Meta(cursor).set(PAST, msgpack.packb((_rule(), *last)))
    return _is_behind(cursor, last[0])


def _is_behind(cursor: Cursor, upto: int) -> bool:
    cursor.execute("SELECT 1 FROM batch WHERE no > ? LIMIT 1", (upto,))
    return cursor.fetchone() is not None


def _kept_upto(cursor: Cursor) -> int:
    """The link that the table was read up to; 0 where there is nothing to believe."""
    kept = Meta(cursor).blob(PAST)
    if kept is None:
        return 0
    rule, no, mac = msgpack.unpackb(kept)
    cursor.execute("SELECT 1 FROM batch WHERE no = ? AND mac = ?", (no, mac))
    return int(no) if rule == _rule() and cursor.fetchone() is not None else 0


def _rule() -> bytes:
    """What the table follows from beside the log."""
    kinds = [
        (kind.number, kind.office_only, kind.everywhere, kind.within, kind.brings,
         [kind.specs[name].number for name in (*kind.within, *kind.brings)])
        for kind in (record.kind for record in discover.by_number().values())
    ]  # fmt: skip
    return hashlib.sha256(repr((_FORM, kinds)).encode()).digest()[:16]


class _Past:
    """What the log says: of the links that are in the table, and of those that came since."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._upto = _kept_upto(cursor)
        self._since: dict[_How, dict[int, list[_Said]]] = {how: defaultdict(list) for how in _How}
        for row in self._ops_since():
            for one in _said_by(row):
                self._since[one.how][one.place].append(one)

    def at(self, how: _How, places: Collection[int]) -> set[int]:
        """The records that are said to be at some places in one way."""
        return {one.record for one in self._said(how, places)}

    def along(self, places: Collection[int]) -> set[int]:
        """The records that are believed to be at some places."""
        told = [*self._said(_How.OF_RECORD, places), *self._said(_How.OF_PLACE, places)]
        judged = Verdicts(self._cursor).judged(one.clk for one in told)
        here = created(self._cursor, {_about(one) for one in told})
        believed = {one.record for one in told if one.clk not in judged and _about(one) in here}
        return believed | self.at(_How.SURE, places)

    def _said(self, how: _How, places: Collection[int]) -> Iterator[_Said]:
        since = self._since[how]
        yield from chain.from_iterable(since[place] for place in since.keys() & places)
        for part in chunks(places) if self._upto else ():
            self._cursor.execute(
                "SELECT how, place, record, clk FROM past WHERE how = ? AND place IN (SELECT value FROM json_each(?))",
                (int(how), id_list(part)),
            )
            yield from map(_Said._make, self._cursor.fetchall())

    def _ops_since(self) -> Iterator[OpRow]:
        log = Log(self._cursor)
        if not self._upto:
            yield from chain.from_iterable(log.ops())
            return
        self._cursor.execute("SELECT clks FROM batch WHERE no > ? ORDER BY no", (self._upto,))
        clks = chain.from_iterable(unpack_clks(packed) for (packed,) in self._cursor.fetchall())
        yield from log.rows(clks).values()


def _about(said: _Said) -> int:
    return said.place if said.how == _How.OF_PLACE else said.record


def _said_by(row: OpRow) -> Iterator[_Said]:
    known = discover.by_number().get(row.kind)
    if known is None or known.kind.office_only:
        return
    if known.kind.everywhere:
        yield _Said(_How.SHARED, _ALL, row.record)  # kept apart: places nothing, see in_scope
        return
    maker = laptop_of(row.clk)
    if row.what == What.CREATE and maker != OFFICE:
        yield _Said(_How.MADE, maker, row.record)
    for how, place, record in _links(known.kind, row):
        # The office's word counts whatever was ruled since, and that of whoever made the record.
        is_sure = maker in {OFFICE, laptop_of(record)}
        yield _Said(_How.SURE, place, record) if is_sure else _Said(how, place, record, row.clk)


def _links(kind: Kind, row: OpRow) -> Iterator[tuple[_How, int, int]]:
    """(how, one, another): where the first is in scope the second is too, by what an op says."""
    values = _values(row)
    for name in (*kind.within, *kind.brings):
        value = values.get(kind.specs[name].number)
        if isinstance(value, int):
            yield (_How.OF_RECORD, value, row.record) if name in kind.within else (_How.OF_PLACE, row.record, value)


def _values(row: OpRow) -> dict[int, object]:
    if row.what == What.CREATE:
        return dict(unpack_create(row.vals))
    return {edit.field: edit.value for edit in unpack_edits(row.record, row.vals)}
