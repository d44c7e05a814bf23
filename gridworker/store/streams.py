"""What the exchange keeps: streams and receipts per peer, bundles written and taken in, ops set aside, pinned keys.

All functions run on a cursor of the caller's transaction; the rules are in ``gridworker.sync``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from gridworker.store.engine.rows import insert_rows
from gridworker.store.history import reachable
from gridworker.store.intake.own_ops_index import of_life
from gridworker.store.log import unread
from gridworker.store.log.blanking import Erased, blanked
from gridworker.store.log.clock import INCARNATION_BITS, MAX_INCARNATION, TICK
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import CHUNK, Columns, Cursor, Log, chunks, id_list, maybe_logged
from gridworker.store.log.op import Author, OpRow, as_ops
from gridworker.store.log.sheaves import SELECT, fetch_ops
from gridworker.store.log.verdicts import Verdicts


class Stream(NamedTuple):
    """Both directions with one peer. Numbers of bundles and hashes of the last ones; see schema.EXCHANGE."""

    peer: int
    sent_n: int = 0
    sent_hash: bytes | None = None
    got_n: int = 0
    got_hash: bytes | None = None
    received: int = 0
    acked: int = 0
    scope: int = 0
    backed_up: int = 0


class BundleRow(NamedTuple):
    """One bundle of the outbox or the archive. ``at`` is ms of clock.EPOCH."""

    hash: bytes
    peer: int
    n: int
    outgoing: int
    state: str
    at: int
    path: str
    header: bytes
    summary: bytes | None = None
    batch: int | None = None
    file: bytes | None = None
    """SHA-256 of the file, of one that was written here."""


RETURNED = "returned"
"""Why an op waits that a laptop gave back to a restored office out of a reply that an erasure had changed."""


class Aside(NamedTuple):
    """An op that was not applied, and why. ``ruling`` is what the office ruled about it (``verdicts.Ruling``)."""

    clk: int
    kind: int
    record: int
    what: int
    who: int
    scope: int
    vals: bytes
    reason: str
    source: bytes
    ruling: int | None = None
    written: int | None = None

    @property
    def row(self) -> OpRow:
        """The op as such; its author is told here, and has no number."""
        return OpRow(self.clk, self.kind, self.record, self.what, 0, self.vals)


class PeerKey(NamedTuple):
    """The public keys a device was pinned with. ``state``: active, retired, revoked, forked."""

    device: int
    laptop: int
    keys: bytes
    state: str
    at: int


class Agreed(NamedTuple):
    """The digests of both ends over what a laptop holds, at number ``n`` of the stream to it; None where unknown."""

    peer: int
    n: int
    scope: int
    own: bytes | None
    other: bytes | None
    at: int


class KitRow(NamedTuple):
    """What the office remembers of a kit until its laptop has shown itself."""

    laptop: int
    secret: bytes
    stream: int
    at: int


class Exchange:
    """The exchange tables on one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def stream(self, peer: int) -> Stream:
        """The stream with a peer; a new one where there is none yet."""
        self._cursor.execute(f"SELECT {', '.join(Stream._fields)} FROM stream WHERE peer = ?", (peer,))
        found = self._cursor.fetchone()
        return Stream(*found) if found else Stream(peer)

    def streams(self) -> list[Stream]:
        """All streams."""
        self._cursor.execute(f"SELECT {', '.join(Stream._fields)} FROM stream ORDER BY peer")
        return [Stream(*row) for row in self._cursor.fetchall()]

    def save_stream(self, stream: Stream) -> None:
        """Write a stream."""
        self._put("stream", stream)

    def marks(self) -> dict[int, int]:
        """Receipts: highest own clk by device (16 bits)."""
        self._cursor.execute("SELECT device, clk FROM mark")
        return dict(self._cursor.fetchall())

    def raise_marks(self, marks: Iterable[tuple[int, int]]) -> None:
        """Move receipts forward, never back."""
        self._cursor.executemany(
            "INSERT INTO mark VALUES (?,?) ON CONFLICT (device) DO UPDATE SET clk = max(clk, excluded.clk)", list(marks)
        )

    def set_marks(self, marks: Iterable[tuple[int, int]]) -> None:
        """Make receipts what they are said to be, and nothing else."""
        self._cursor.execute("DELETE FROM mark")
        self._cursor.executemany("INSERT INTO mark VALUES (?,?)", list(marks))

    def backed_up(self) -> dict[int, int]:
        """By device (16 bits): the highest own clk that is in a verified backup of the office too."""
        self._cursor.execute("SELECT device, clk FROM backed_up")
        return dict(self._cursor.fetchall())

    def set_backed_up(self, marks: Iterable[tuple[int, int]]) -> None:
        """Make them what they are said to be: an office that was restored may have less in its backup than before."""
        self._cursor.execute("DELETE FROM backed_up")
        self._cursor.executemany("INSERT INTO backed_up VALUES (?,?)", list(marks))

    def raise_backed_up(self, marks: Iterable[tuple[int, int]], number: int) -> None:
        """A backup was verified that holds own ops up to ``marks`` and the journal up to ``number``."""
        self._cursor.executemany(
            "INSERT INTO backed_up VALUES (?,?) ON CONFLICT (device) DO UPDATE SET clk = max(clk, excluded.clk)",
            list(marks),
        )
        self._cursor.execute("UPDATE stream SET backed_up = max(backed_up, ?)", (number,))

    def bundle(self, hash_: bytes) -> BundleRow | None:
        """A bundle by its hash, sent or received."""
        self._cursor.execute(f"SELECT {', '.join(BundleRow._fields)} FROM bundle WHERE hash = ?", (hash_,))
        found = self._cursor.fetchone()
        return BundleRow(*found) if found else None

    def here(self, hashes: Iterable[str]) -> set[str]:
        """Those of some bundles that are here, sent or received, by their hashes in hexadecimal digits."""
        self._cursor.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM bundle WHERE hash = unhex(value))",
            (json.dumps(list(hashes)),),
        )
        return {row[0] for row in self._cursor.fetchall()}

    def bundles(
        self, *, peer: int | None = None, outgoing: bool | None = None, limit: int | None = 200
    ) -> list[BundleRow]:
        """Bundles, those that came or went last first: by their place in the table, for clocks jump back.

        ``limit`` None: all there are.
        """
        wanted = {"peer": peer, "outgoing": outgoing}
        which = {f"{name} = ?": int(value) for name, value in wanted.items() if value is not None}
        self._cursor.execute(  # spelled as the index needs it: a laptop's are few among those of all
            f"SELECT {', '.join(BundleRow._fields)} FROM bundle WHERE {' AND '.join(which) or 'true'} "
            "ORDER BY place DESC LIMIT ?",
            (*which.values(), -1 if limit is None else limit),
        )
        return [BundleRow(*row) for row in self._cursor.fetchall()]

    def bundles_since(self, number: int) -> list[BundleRow]:
        """Bundles that were taken in after a number of the journal."""
        self._cursor.execute(
            f"SELECT {', '.join(BundleRow._fields)} FROM bundle WHERE NOT outgoing AND batch > ?", (number,)
        )
        return [BundleRow(*row) for row in self._cursor.fetchall()]

    def written(self, file: bytes) -> BundleRow | None:
        """A bundle that was written here by the SHA-256 of its file, in the outbox or no more."""
        self._cursor.execute(f"SELECT {', '.join(BundleRow._fields)} FROM bundle WHERE outgoing AND file = ?", (file,))
        found = self._cursor.fetchone()
        return BundleRow(*found) if found else None

    def save_bundle(self, row: BundleRow) -> None:
        """Write a bundle's row; one that is here keeps its place."""
        self.save_bundles([row])

    def save_bundles(self, rows: Iterable[BundleRow]) -> None:
        """Write the rows of bundles in the order given."""
        names = BundleRow._fields
        self._cursor.executemany(
            f"INSERT INTO bundle ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) ON CONFLICT (hash) DO "
            f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names[1:])}",
            rows,
        )

    def held(self, peer: int) -> set[int]:
        """Records a laptop holds, as far as it was told; see ``spans``."""
        self._cursor.execute("SELECT record FROM span WHERE peer = ? AND until IS NULL", (peer,))
        return {row[0] for row in self._cursor.fetchall()}

    def set_aside(self, ops: Iterable[Aside]) -> None:
        """Keep ops that are not applied; what was erased stays out of them."""
        kept = self.bare(list(ops))
        insert_rows(self._cursor, f"INSERT OR IGNORE INTO aside VALUES ({', '.join('?' * len(Aside._fields))})", kept)

    def bare(self, ops: Sequence[Aside]) -> Sequence[Aside]:
        """Ops as they are kept: without what was erased."""
        erased = Log(self._cursor).erasures({op.record for op in ops})
        return [op._replace(vals=_bare(op, erased[op.record])) if op.record in erased else op for op in ops]

    def set_aside_as(self, ops: Iterable[Aside], reason: str) -> None:
        """Ops that wait for the office's word wait on for another reason."""
        self._cursor.executemany(
            "UPDATE aside SET reason = ? WHERE clk = ? AND source = ? AND ruling IS NULL",
            [(reason, op.clk, op.source) for op in ops],
        )

    def take_from_aside(self, clks: Iterable[int]) -> None:
        """They were taken in after all, without the office's word."""
        self._cursor.executemany("DELETE FROM aside WHERE clk = ? AND ruling IS NULL", [(clk,) for clk in clks])

    def aside(self) -> list[Aside]:
        """The ops that wait for the office's word; what a laptop gave back may have come from elsewhere since."""
        return self._asides("ruling IS NULL AND (reason <> ? OR clk NOT IN (SELECT clk FROM op))", RETURNED)

    def ruled(self) -> list[Aside]:
        """The ops set aside that the office has ruled on."""
        return self._asides("ruling IS NOT NULL")

    def forks(self) -> list[Aside]:
        """The ops set aside that bear the clk of another, whether ruled on or not: few, whatever else was set aside."""
        return self._asides("reason = 'fork'")  # spelled as the index needs it

    def refused_creations(self) -> list[Aside]:
        """The creations set aside that the office did not accept: few, whatever else it has ruled on."""
        return self._asides("what = 0 AND ruling = 0")  # spelled as the index needs it

    def aside_among(self, clks: Iterable[int]) -> list[Aside]:
        """The ops set aside with one of these clks, whether ruled on or not."""
        return self._asides("clk IN (SELECT value FROM json_each(?))", id_list(clks))

    def aside_on(self, records: Iterable[int]) -> list[Aside]:
        """The ops set aside that are about some records, whether ruled on or not."""
        return self._asides("record IN (SELECT value FROM json_each(?))", id_list(records))

    def settle_aside(self, settled: Iterable[tuple[int, bytes, int, int]]) -> None:
        """Keep what was ruled: (clk, source, ruling, what was written)."""
        self._cursor.executemany(
            "UPDATE aside SET ruling = ?3, written = ?4 WHERE clk = ?1 AND source = ?2", list(settled)
        )

    def _asides(self, which: str, *parameters: object) -> list[Aside]:
        self._cursor.execute(f"SELECT {', '.join(Aside._fields)} FROM aside WHERE {which} ORDER BY clk", parameters)
        return [Aside(*row) for row in self._cursor.fetchall()]

    def pin(self, key: PeerKey) -> None:
        """Remember the keys of a device."""
        self._put("peer_key", key)

    def pinned(self, laptop: int | None = None) -> list[PeerKey]:
        """All pinned keys, or those of one laptop."""
        lives = (0, TICK) if laptop is None else (laptop << INCARNATION_BITS, (laptop + 1 << INCARNATION_BITS) - 1)
        self._cursor.execute(
            f"SELECT {', '.join(PeerKey._fields)} FROM peer_key WHERE device BETWEEN ? AND ? ORDER BY device", lives
        )
        return [PeerKey(*row) for row in self._cursor.fetchall()]

    def agreement(self, peer: int) -> Agreed | None:
        """The newest digests that were compared with a peer."""
        return next((agreed for agreed in self.agreements() if agreed.peer == peer), None)

    def agreements(self) -> list[Agreed]:
        """The newest digests compared, by peer."""
        self._cursor.execute(f"SELECT {', '.join(Agreed._fields)} FROM agreement ORDER BY peer")
        return [Agreed(*row) for row in self._cursor.fetchall()]

    def forget_agreements(self) -> None:
        """What was compared says nothing any more: this store is of another time."""
        self._cursor.execute("DELETE FROM agreement")

    def save_agreement(self, agreed: Agreed) -> None:
        """Keep what was compared."""
        self._put("agreement", agreed)

    def laptop_state(self, laptop: int) -> str:
        """What the office said of a laptop: active, retired, revoked; active where it is not listed here (yet)."""
        self._cursor.execute("SELECT state FROM device WHERE number = ?", (laptop,))
        found = self._cursor.fetchone()
        return str(found[0]) if found and found[0] else "active"

    def save_kit(self, kit: KitRow) -> None:
        """Remember a kit that was issued."""
        self._put("kit", kit)

    def kit(self, laptop: int) -> KitRow | None:
        """The kit of a laptop."""
        self._cursor.execute(f"SELECT {', '.join(KitRow._fields)} FROM kit WHERE laptop = ?", (laptop,))
        found = self._cursor.fetchone()
        return KitRow(*found) if found else None

    def _put(self, table: str, row: tuple[object, ...]) -> None:
        self._cursor.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _bare(op: Aside, erased: Erased) -> bytes:
    return blanked(op.row, erased).vals


def own_ops(cursor: Cursor, laptop: int, marks: dict[int, int]) -> list[OpRow]:
    """Ops this laptop wrote, in any of its lives, above what was confirmed of each; ascending."""
    lives = laptop << INCARNATION_BITS, (laptop << INCARNATION_BITS) + MAX_INCARNATION
    cursor.execute("SELECT device, clk FROM newest WHERE device BETWEEN ? AND ?", lives)
    open_ = [device for device, clk in cursor.fetchall() if clk > marks.get(device, -1)]
    return sorted(chain.from_iterable(_of_life(cursor, device, marks.get(device, -1)) for device in open_))


def _of_life(cursor: Cursor, device: int, above: int) -> Iterator[OpRow]:
    part: list[OpRow] = []
    while not part or len(part) == CHUNK:
        cursor.execute(f"{SELECT} WHERE {of_life(device)} AND clk > ? ORDER BY clk LIMIT ?", (above, CHUNK))
        part = fetch_ops(cursor)
        if not part:
            return
        yield from part
        above = part[-1].clk


def clks_since(cursor: Cursor, number: int) -> tuple[list[int], int]:
    """Clks of everything that reached this store after a journal number, and the newest number."""
    cursor.execute("SELECT no, clks FROM batch WHERE no > ? ORDER BY no", (number,))
    found = cursor.fetchall()
    clks = [clk for _, packed in found for clk in unpack_clks(packed)]
    return clks, found[-1][0] if found else number


def last_number(cursor: Cursor) -> int:
    """The newest number of the journal."""
    cursor.execute("SELECT coalesce(max(no), 0) FROM batch")
    number: int = cursor.fetchone()[0]
    return number


def histories(cursor: Cursor, records: Iterable[int]) -> list[OpRow]:
    """Every op on these records, ascending: what a record takes along when it enters a laptop's scope."""
    log, verdicts = Log(cursor), Verdicts(cursor)
    ops: dict[int, OpRow] = {}
    for part in chunks(sorted(records)):
        ops.update(reachable(log, log.heads(part), [*verdicts.about(part), *unread.on(cursor, part)]))
    return [ops[clk] for clk in sorted(ops)]


def authors_of(cursor: Cursor, rows: Iterable[OpRow]) -> tuple[list[OpRow], list[Author]]:
    """Rows with their author numbers turned into indexes of the list beside them, as bundles have it."""
    table = Log(cursor).author_table()
    ops = Columns.of(list(rows))
    numbers = sorted(set(ops.author))
    index = {number: place for place, number in enumerate(numbers)}
    indexed = ops._replace(author=list(map(index.__getitem__, ops.author)))
    return list(as_ops(zip(*indexed, strict=True))), [table[number] for number in numbers]


def kinds_of(cursor: Cursor, records: Iterable[int]) -> dict[int, int]:
    """The kind each record was created as, for those that are here.

    An op on another record may bear its number as its clk: that of a copy of the laptop that made the record.
    """
    kinds: dict[int, int] = {}
    for part in chunks(records):
        here = id_list(maybe_logged(cursor, part))
        cursor.execute(
            "SELECT clk, kind FROM op WHERE clk IN (SELECT value FROM json_each(?)) AND record = clk", (here,)
        )
        kinds.update(cursor.fetchall())
    return kinds
