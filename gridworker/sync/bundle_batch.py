"""Many small bundles merged in one batch, at the office.

Most bundles are plain: the sender is known, it edits or adds records within its scope, and nothing is missing or
doubtful. The fixed cost of such a bundle (queries, journal, audit, receipt) exceeds that of its few ops, so a batch
pays it once. The guarantee: every bundle gets its own journal link, audit row, bundle row and number, and the store is
the same as if each had gone in alone (tests/sync/test_bundle_batch.py, test_bundle_batch_new.py).

``_Row.add`` decides what is plain. A batch ends before the first bundle that is not, and before one that names a record
which is in the batch already. That bundle goes in by itself through ``incoming``, which can report all that may be
wrong with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from gridworker.errors import UnknownSender
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import INCARNATION_BITS, MAX_INCARNATION, laptop_of, newest_of
from gridworker.store.log.log import Cursor, Log, Standing
from gridworker.store.log.op import What
from gridworker.store.recall import Recall
from gridworker.store.store import Incoming
from gridworker.store.streams import BundleRow, Exchange, Stream, last_number
from gridworker.store.tables.changes import Act
from gridworker.store.waiting import Waiting, Which
from gridworker.sync.agreement import compare_at_office
from gridworker.sync.counts import counts_of, is_work
from gridworker.sync.drift import of_laptop
from gridworker.sync.exchange_cache import CachedExchange
from gridworker.sync.files.archive import Archiving
from gridworker.sync.files.attaching import Brought, receive
from gridworker.sync.files.filenotes import SECTION as FILES
from gridworker.sync.files.filenotes import FileNotes
from gridworker.sync.files.files import BundleName
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.states import MERGED, REVOKED
from gridworker.sync.incoming import Arrived, Taken, confirm, own_marks
from gridworker.sync.judging.basis import basis_of, records_named
from gridworker.sync.judging.judge import OUT_OF_SCOPE, Office, all_plain, judge
from gridworker.sync.judging.made import is_placed, made_in, note_made
from gridworker.sync.judging.moving import moves
from gridworker.sync.returning.life import unknown
from gridworker.sync.signers import signer_of
from gridworker.sync.standing import LOOKED_BACK, marks_of, uncovered
from gridworker.sync.standing import Standing as Stands
from gridworker.sync.summary import Summary
from gridworker.sync.unread import Unread

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store
    from gridworker.sync.format.bundle import Bundle
    from gridworker.sync.prefetch import Loaded

AT_LEAST = 2
"""A row of one saves nothing."""

_PLAIN = frozenset({What.CREATE, What.EDIT})


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a bundle. ``taken`` is None where it had been taken in before."""

    row: BundleRow
    summary: Summary
    taken: Taken | None


class Taking(NamedTuple):
    """Who takes bundles in and when (ms of clock.EPOCH), with the office's keys, the archive and what did not check."""

    who: int
    at: int
    keys: PublicKeys
    copies: Archiving
    unread: Unread


def take_plain(store: "Store", opened: Sequence["Loaded"], taking: Taking) -> list[Received]:
    """Take in the first of these, as many as are plain and go together; none where that are fewer than two.

    For a transaction that several bundles share (``Store.together``). Raises DiskFull, StoreProblem.
    """
    if len(opened) < AT_LEAST or not (opened[0].bundle and _is_bare(opened[0].bundle) and store.identity.is_office):
        return []
    with store.db.read() as connection:
        row = _Row(raw_cursor(connection), store, taking, [one.bundle.hash for one in opened if one.bundle])
        for one in opened:
            if one.bundle is None or not row.add(one.bundle):
                break
        known = row.judge(connection)
    if len(row.plain) < AT_LEAST:
        return []
    with taking.copies.put({plain.row.path: one.data for one, plain in zip(opened, row.plain, strict=False)}):
        return row.take(store, known)


def _is_bare(bundle: "Bundle") -> bool:
    """Whether a bundle brings edits and new records alone: no pieces of files, nothing given back, no broken op."""
    return (
        not (bundle.bad_ops or bundle.chunks or bundle.scope or bundle.header.redacts or bundle.header.returns)
        and bundle.other.keys() <= {FILES}
        and bool(bundle.ops)
        and {row.what for row in bundle.ops} <= _PLAIN
    )


@dataclass
class _Peer:
    """The life of a laptop that sends: its stream, the number and the hash of its last bundle that came."""

    stream: Stream
    n: int
    hash: bytes


class _Plain(NamedTuple):
    """A plain bundle, with its row and what is to be remembered of it."""

    arrived: Arrived
    row: BundleRow
    summary: Summary
    marks: Sequence[tuple[int, int]]


@dataclass
class _Now:
    """What the bundles of a row move: receipts, by device the newest op, and the records that are edited."""

    marks: dict[int, int]
    newest: dict[int, int]
    records: set[int] = field(default_factory=set)


def _adds(one: _Plain, office: Office, held: dict[int, bool]) -> bool:
    """Whether all of a bundle goes in that makes records, and moves none that are here: for others in the row see that.

    ``held``: of what was made in the row before, whether it is in some grid, and so held by its maker. What this one
    makes is added.
    """
    rows = one.arrived.rows
    new = {row.record: is_placed(row.kind) for row in rows if row.what == What.CREATE}
    if any(moves(row, new) for row in rows) or not office.early.keys().isdisjoint(new):
        return False
    if not all(held[record] for record in held.keys() & records_named(rows).keys()):
        return False  # where it is here, nobody holds it; where it has yet to come, it passes for its maker's
    if judge(rows, replace(office, scopes=tuple(author.scope for author in one.arrived.authors))).aside:
        return False
    held.update(new)
    return True


class _Row:
    """A batch of bundles, found to be plain one after the other."""

    def __init__(self, cursor: Cursor, store: "Store", taking: Taking, hashes: Iterable[str]) -> None:
        """``hashes`` of the bundles that may be added."""
        self._cursor = cursor
        self._identity = store.identity
        self._taking = taking
        self._exchange = CachedExchange(cursor)
        self._here = self._exchange.here(hashes)
        self._now = _Now(self._exchange.marks(), Log(cursor).newest())
        self._numbers = last_number(cursor)
        self._forked = {laptop_of(op.clk) for op in self._exchange.forks()}
        self._peers: dict[int, _Peer | None] = {}
        self.plain: list[_Plain] = []

    def add(self, bundle: "Bundle") -> bool:
        """Take a bundle into the row, if it is plain."""
        if not (_is_bare(bundle) and self._is_heard(bundle)):
            return False
        header, digest = bundle.header, bytes.fromhex(bundle.hash)
        peer = self._peer(header.sender)
        if peer is None or not (self._follows(header, peer) and self._is_new(bundle) and not self._tells(header)):
            return False
        try:
            brought = Brought(FileNotes.parse(bundle.other.get(FILES)))
        except Damaged:
            return False
        arrived = Arrived(header, digest, bundle.ops, bundle.authors, brought=brought)
        peer.n, peer.hash = header.n, digest
        one = self._remembered(arrived, bundle.packed)
        for device, clk in one.marks:
            self._now.marks[device] = max(self._now.marks.get(device, 0), clk)
            self._now.newest[device] = max(self._now.newest.get(device, -1), clk)
        self._now.records.update(row.record for row in bundle.ops)
        self.plain.append(one)
        return True

    def judge(self, connection: "Connection") -> Standing:
        """Keep those up to the first of which the office has to judge ops one by one. Returns how the records stand."""
        known = Standing({}, {})
        if len(self.plain) < AT_LEAST:
            return known
        if Log(self._cursor).erasures(self._now.records):
            self.plain.clear()
        whole: dict[int, list[Arrived]] = {}
        for one in self.plain:
            whole.setdefault(one.arrived.laptop, []).append(one.arrived)
        offices = {
            laptop: basis_of(connection, laptop, [row for one in sent for row in one.rows], sent[0].authors)
            for laptop, sent in whole.items()
        }
        held = dict[int, bool]()
        for at, one in enumerate(self.plain):
            office = offices[one.arrived.laptop]
            if office.revoked or not (all_plain(one.arrived.rows, office) or _adds(one, office, held)):
                del self.plain[at:]
                break
        for office in offices.values():
            if office.standing is not None:
                known.kinds.update(office.standing.kinds)
                known.heads.update(office.standing.heads)
        return known

    def take(self, store: "Store", known: Standing) -> list[Received]:
        """Take them in."""
        written: list[BundleRow] = []
        summaries: list[Summary] = []

        def beside(connection: "Connection", commits: "Sequence[Commit]") -> None:
            for one, commit in zip(self.plain, commits, strict=True):
                summaries.append(replace(one.summary, conflicts=commit.conflicts))
                written.append(one.row._replace(summary=summaries[-1].pack(), batch=commit.batch))
            self._write(raw_cursor(connection), written)

        who = self._taking.who
        commits = store.apply_each(
            [
                Incoming(
                    one.arrived.rows, one.arrived.authors,
                    Act("merge", who, count=len(one.arrived.rows), detail=one.row.hash.hex()[:8], always=True),
                    one.arrived.hash,
                )
                for one in self.plain
            ],
            known,
            beside,
        )  # fmt: skip
        for sender, n in {one.arrived.header.sender: one.arrived.header.n for one in self.plain}.items():
            self._taking.unread.forget(sender, n, self._identity.device)
        return [
            Received(row, summary, Taken(commit, len(one.arrived.rows), row, Stands()))
            for one, row, summary, commit in zip(self.plain, written, summaries, commits, strict=True)
        ]

    def _write(self, cursor: Cursor, written: Sequence[BundleRow]) -> None:
        """Write receipts, streams, rows, and what is said of files: of that the last word of each laptop counts."""
        exchange, streams, last = Exchange(cursor), dict[int, Stream](), dict[int, Arrived]()
        exchange.raise_marks([mark for one in self.plain for mark in one.marks])
        for one, batch in zip(self.plain, (row.batch or 0 for row in written), strict=True):
            arrived, laptop = one.arrived, one.arrived.laptop
            note_made(cursor, laptop, made_in(arrived.rows, arrived.authors), arrived.header.scope, batch)
            stream = streams.get(laptop) or exchange.stream(laptop)
            if arrived.header.have.n != stream.acked:
                exchange.save_stream(stream)
                confirm(exchange, arrived, Stands())
                stream = exchange.stream(laptop)
            compare_at_office(exchange, laptop, arrived.header, one.row.at)
            streams[laptop] = stream._replace(got_n=max(stream.got_n, arrived.header.n), got_hash=arrived.hash)
            last[laptop] = arrived
        for laptop, arrived in last.items():
            exchange.save_stream(streams[laptop])
            receive(cursor, laptop, arrived.brought, late=False)
        exchange.save_bundles(written)

    def _is_heard(self, bundle: "Bundle") -> bool:
        """Whether it is for this life of the office, signed by whom it has to be."""
        header = bundle.header
        if header.recipient != self._identity.device:
            return False
        try:
            return signer_of(self._exchange, header, self._identity, self._taking.keys) == bundle.keys
        except UnknownSender:
            return False

    def _peer(self, sender: int) -> _Peer | None:
        """What is known of the life of a laptop that sends; None where more has to be looked at."""
        if sender not in self._peers:
            self._peers[sender] = self._met(sender)
        return self._peers[sender]

    def _met(self, sender: int) -> _Peer | None:
        laptop = sender >> INCARNATION_BITS
        is_alone = [key.device for key in self._exchange.pinned(laptop)] == [sender]
        if not is_alone or laptop in self._forked or self._exchange.laptop_state(laptop) == REVOKED:
            return None
        if Recall(self._cursor).asked(sender) or Waiting(self._cursor).has(Which(laptop=laptop, reason=OUT_OF_SCOPE)):
            return None
        rows = self._exchange.bundles(peer=laptop, outgoing=False, limit=LOOKED_BACK)
        came = [(row, kept_header(row.header)) for row in rows]
        to_us = [row for row, header in came if header.recipient == self._identity.device]
        if any(header.sender != sender for _, header in came) or (not to_us and sender & MAX_INCARNATION):
            return None
        last = max(to_us, key=lambda row: row.n, default=None)
        stream = self._exchange.stream(laptop)
        return _Peer(stream, last.n if last else 0, last.hash if last else b"")

    def _follows(self, header: Header, peer: _Peer) -> bool:
        """Whether it is the next of its stream, and nothing lies between: see ``standing_of``."""
        marks = self._now.marks
        covered = {**marks_of(header.have), header.sender: header.since}
        return (
            header.n == peer.n + 1
            and header.n > peer.stream.got_n
            and (header.prev is None or not peer.n or header.prev == peer.hash.hex())
            and header.scope <= peer.stream.scope
            and all(clk <= marks.get(device, 0) for device, clk in covered.items())
        )

    def _is_new(self, bundle: "Bundle") -> bool:
        """Whether the bundle is not here, nor any op of it, and the row edits none of its records."""
        lowest, newest = min(row.clk for row in bundle.ops), self._now.newest
        return (
            all(lowest > newest.get(device, -1) for device in newest_of([row.clk for row in bundle.ops]))
            and self._now.records.isdisjoint(row.record for row in bundle.ops)
            and bundle.hash not in self._here
        )

    def _tells(self, header: Header) -> bool:
        """Whether it says, or shows, that this office had been further than it is: see ``notice_restore``."""
        if header.have.n > self._numbers or unknown(self._exchange, header):
            return True
        if not header.tickets:
            return False
        got = filter(None, (self._exchange.bundle(bytes.fromhex(digest)) for digest in header.got))
        return not {one.ticket for one in header.tickets} <= {kept_header(row.header).ticket for row in got}

    def _remembered(self, arrived: Arrived, packed: bytes) -> _Plain:
        header, at = arrived.header, self._taking.at
        name = str(BundleName.of(header.sender, header.n, arrived.hash.hex()))
        row = BundleRow(arrived.hash, arrived.laptop, header.n, 0, MERGED, at, name, packed)
        summary = Summary(
            counts_of(self._cursor, arrived.rows), len(arrived.rows), header.upto,
            tuple(uncovered(header, [op.clk for op in arrived.rows])), off=of_laptop(self._exchange, header, at),
            work=is_work(arrived.rows),
        )  # fmt: skip
        return _Plain(arrived, row, summary, own_marks(arrived, ()))
