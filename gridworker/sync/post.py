"""The post: packs what the other side has not confirmed into a sealed bundle, and takes bundles in.

pack:     collect -> write the file into the outbox, synced and read back -> hand it over, read back there -> number,
          chain and audit in one transaction; what goes wrong on the way leaves nothing behind
take in:  open and verify -> copy into the archive, synced -> ops, receipts, what is set aside and audit in one
          transaction, or nothing at all
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.attachment_files import Cabinet
from gridworker.store.engine.connection import scanning
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.filesafe import make_folder
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.clock import EPOCH, INCARNATION_BITS, OFFICE
from gridworker.store.meta import Meta
from gridworker.store.parcels import Parcels
from gridworker.store.scope import past
from gridworker.store.scope.spans import Spans
from gridworker.store.streams import BundleRow, Exchange
from gridworker.store.tables.changes import Act
from gridworker.sync import known
from gridworker.sync.bundle_batch import Received, Taking, take_plain
from gridworker.sync.counts import summary_of
from gridworker.sync.departing import let_go
from gridworker.sync.exchange_cache import CachedExchange
from gridworker.sync.files import filenotes
from gridworker.sync.files.archive import Archiving, archiving
from gridworker.sync.files.attaching import Brought, carried, finish, with_files
from gridworker.sync.files.files import SUFFIX, BundleName, load_bundle, save_bundle
from gridworker.sync.format import recovering, seal
from gridworker.sync.format.bundle import Bundle, Contents, read_bundle, room_beside, write_bundle
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.header import Header, pack_header
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.sections import ScopeChange
from gridworker.sync.format.states import MERGED, PAST, SENT
from gridworker.sync.incoming import Arrived, Taken, take_from_laptop, take_from_office
from gridworker.sync.news import has_news
from gridworker.sync.outgoing import Outgoing, to_office
from gridworker.sync.prefetch import Loaded
from gridworker.sync.preparing import Credentials, Prepared, prepare
from gridworker.sync.redact import Redacted, Redactor
from gridworker.sync.returning.answered import note_answered
from gridworker.sync.returning.life import notice_restore, settle_life
from gridworker.sync.returning.returns import HARD, Given
from gridworker.sync.returning.taking_back import take_back
from gridworker.sync.signers import as_it_was, signer_of
from gridworker.sync.summary import Summary
from gridworker.sync.unread import Nameless, Noted, Place, Unread, place_of

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store

Hand: TypeAlias = Callable[[str, bytes], Path]
"""Puts a bundle (its name, its bytes) where it is carried away from; raises where it does not get there whole."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle in the outbox: its file, where it was handed over, its number, what is in it."""

    path: Path
    handed: Path | None
    peer: int
    n: int
    summary: Summary


class Post:
    """One store's way to bundles. ``who`` is the person at the keyboard, for the audit."""

    def __init__(self, store: "Store", folder: Folder, who: int) -> None:
        self._store = store
        self._folder = folder
        self._unread = Unread(folder)
        self._who = who
        self._copies: Archiving | None = None
        """Copies of the bundles that are taken in together."""
        self._erased = False
        self._heard_of_erasure = False
        with store.cursor() as cursor:
            self._own = Credentials.of(Meta(cursor))

    @property
    def _office(self) -> int:
        """The office's device number: it changes when the office was restored."""
        with self._store.cursor() as cursor:
            return Meta(cursor).number("office_device")

    @property
    def _recovery(self) -> PublicKeys:
        """The recovery key in force: it may be made anew while this is open."""
        with self._store.cursor() as cursor:
            return recovering.current(Meta(cursor)).keys

    @property
    def keys(self) -> PublicKeys:
        """This device's public keys."""
        return self._own.keys.public

    @property
    def office_keys(self) -> PublicKeys:
        """The office's public keys: our own at the office."""
        return self._own.office

    def pending(self) -> Outgoing:
        """What a laptop would hand over now."""
        with self._store.db.read() as connection, scanning(connection):
            return to_office(connection, self._store.identity, self._office)

    def has_news(self, laptop: int = OFFICE, *, files: bool = True) -> bool:
        """Whether the other side should hear from this one without being asked."""
        past.keep(self._store.db, self._folder.root)  # a folder that is watched asks it again and again
        with self._store.db.read() as connection:
            return has_news(connection, self._store.identity, laptop or self._office, files=files)

    def redact(self) -> Redacted:
        """Take what was erased out of the files of the outbox and the archive, if there is any left to take out."""
        return Redactor(
            self._store, self._folder, self._own.keys, self._recovery, self._known, lambda _records: self._remove_shed()
        ).run()

    def _remove_shed(self) -> None:
        """Remove the files whose keys an erasure made forgotten."""
        with self._store.cursor() as cursor:
            names = [name for name in Files(cursor).shed().values() if name]
        for name in names:
            Cabinet(self._folder).remove(name)

    def prepared(self, now: datetime, laptop: int = OFFICE) -> Prepared:
        """What ``pack`` would write next. Raises UnknownSender, StoreProblem."""
        return prepare(self._store, self._folder, self._own, laptop, now)

    def pack(self, now: datetime, laptop: int = OFFICE, hand: Hand | None = None, limit: int = seal.MAX_FILE) -> Packed:
        """Write the next bundle for the office, or the office's reply to a laptop, into the outbox, and hand it over.

        ``limit``: attachments take no more room than makes a file of so many bytes; the rest goes with the next one.
        Raises UnknownSender for a laptop that has not introduced itself yet, DiskFull, StoreProblem; nothing was
        changed then, and no file is left.
        """
        settle_life(self._store)
        self.redact()
        past.keep(self._store.db, self._folder.root)
        limit = min(limit, HARD) if self._store.identity.is_office else limit
        header, outgoing, to, given = self.prepared(now, laptop)
        change = None
        if outgoing.enter or outgoing.leave or outgoing.shift.is_new_scope:
            change = ScopeChange(header.scope, outgoing.grids, outgoing.enter, outgoing.leave, outgoing.numbers)
        contents = Contents(header, outgoing.rows, outgoing.authors, scope=change, other=given.sections())
        with self._store.db.read() as connection:
            contents = with_files(connection, contents, Cabinet(self._folder), laptop, partial(self._room, limit=limit))
        written = write_bundle(contents, self._own.keys, [to, self._recovery.recipient])
        name = str(BundleName.of(header.sender, header.n, written.hash))
        path, handed = self._folder.outbox / name, None
        with self._store.cursor() as cursor:
            summary = summary_of(cursor, outgoing)
        peer = laptop if self._store.identity.is_office else header.recipient
        row = BundleRow(
            bytes.fromhex(written.hash), peer, header.n, 1, SENT, _ms(now), name, pack_header(header), summary.pack(),
            file=written.file,
        )  # fmt: skip
        try:
            make_folder(self._folder.outbox)
            save_bundle(path, written.data, private=True)
            handed = hand(name, written.data) if hand else None
            self._record(row, header.scope, outgoing, carried(contents.chunks), given)
        except BaseException:
            for file in (path, handed):
                _remove(file)
            raise
        return Packed(path, handed, peer, header.n, summary)

    def read(self, data: bytes) -> Bundle:
        """Open and verify a bundle. Raises NotForUs, BundleAltered, UnknownSender, NewerFormat."""
        with self.reading() as read:
            return read(data)

    def known_by(self, data: bytes) -> str:
        """The hash by which a bundle is remembered that was taken in, also where an erasure changed its file since."""
        return as_it_was(self.read(data)).hash

    @contextmanager
    def reading(self) -> Iterator[Callable[[bytes], Bundle]]:
        """What reads bundles like ``read``, all of them as the store is now."""
        us, own = self._store.identity, [self._own.keys.identity]
        with self._store.db.read() as connection, collecting_paused():
            signer = partial(self._known, CachedExchange(raw_cursor(connection)))
            yield partial(read_bundle, identities=own, known=signer, community=us.community, device=us.device)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Take several bundles in as one durable transaction: each whole, and all of them or none.

        Ten bundles that change the same pages then cost little more than one.
        """
        try:
            with archiving(self._folder.archive) as copies, self._store.together(much=True):
                self._copies = copies
                yield
                copies.settle()
        finally:
            self._copies = None
        self._settle_files()

    def take_plain(self, opened: Sequence[Loaded], now: datetime) -> list[Received]:
        """Merge the first of these, as many as are plain, in one batch; only while taking in together."""
        if self._copies is None:
            return []
        settle_life(self._store)
        return take_plain(self._store, opened, Taking(self._who, _ms(now), self.keys, self._copies, self._unread))

    def take_in(self, data: bytes, now: datetime, opened: Bundle | None = None) -> Received:
        """Take a bundle in (``opened`` by ``read`` before), or nothing. Raises as ``read``, DiskFull, StoreProblem."""
        settle_life(self._store)
        with self._store.cursor() as cursor:
            exchange = Exchange(cursor)  # who has to have signed it may be another since it was opened
            is_good = opened is not None and self._known(exchange, opened.header) == opened.keys
            bundle = as_it_was(opened if opened and is_good else self.read(data))
            digest = bytes.fromhex(bundle.hash)
            before = exchange.bundle(digest)
        if before is not None:
            return Received(before, Summary.parse(before.summary), None)
        header = bundle.header
        name = str(BundleName.of(header.sender, header.n, bundle.hash))
        peer = header.sender >> INCARNATION_BITS if self._store.identity.is_office else header.sender
        summary = Summary(ops=len(bundle.ops) + len(bundle.bad_ops), upto=header.upto)
        row = BundleRow(digest, peer, header.n, 0, MERGED, _ms(now), name, pack_header(header), summary.pack())
        shared = nullcontext(self._copies) if self._copies else archiving(self._folder.archive)
        with shared as copies, copies.put({name: data}):
            if self._copies is None:
                copies.settle()
            taken = self._take(bundle, row, now)
        settled = self._unread.came if taken.standing.gaps else self._unread.forget
        settled(header.sender, header.n, self._store.identity.device)
        self._erased |= taken.erased or any(commit.erased for commit in (*taken.back, taken.commit))
        if self._copies is None:
            self._settle_files()
        return Received(taken.row, Summary.parse(taken.row.summary), taken)

    def _settle_files(self) -> None:
        """After the transaction: attachments that are whole now; and where something was erased, files and disk."""
        finish(self._store, Cabinet(self._folder))
        if self._erased:
            self._erased = False
            self._heard_of_erasure = True
            self.redact()
            self._store.db.checkpoint()

    def heard_of_erasure(self) -> bool:
        """Whether what was taken in since this was asked last erased somebody: backups made before still hold them."""
        heard, self._heard_of_erasure = self._heard_of_erasure, False
        return heard

    def let_go(self) -> "Commit | None":
        """On a laptop, remove what left its grids, once all of ours is in the office's backup."""
        return let_go(self._store, self._who)

    def note_unread(self, name: str, now: datetime, *, is_ours: bool) -> None:
        """Remember that a file did not check; as far as its name says whose it is, by sender and number.

        Not one that is in the books, or that a later one covered: of that a bad copy means nothing. ``is_ours``: it
        was sealed for this computer. Of others a laptop says nothing, for most likely they are another's; nor does the
        office of what is named like one of no laptop that it ever enrolled, or like one far beyond what came of it.
        """
        own, place = self._store.identity, self.place_of(name)
        if not (is_ours or own.is_office) or place is Place.COVERED:
            return
        said = BundleName.parse(name)
        if said is not None and place is Place.AWAITED:
            self._unread.note(said.device, said.n, own.device, _ms(now))
        elif is_ours or (said is None and name.lower().endswith(SUFFIX)):
            self._unread.note_nameless(_ms(now))

    def place_of(self, name: str) -> Place:
        """What a file that cannot be opened is to this computer, as far as its name tells."""
        said, own = BundleName.parse(name), self._store.identity
        with self._store.cursor() as cursor:
            return place_of(Exchange(cursor), said, own)

    def not_read(self, senders: Collection[int]) -> tuple[Sequence[Noted], Nameless | None]:
        """What came and did not check: by sender and number; and when one came of which nobody can say whose it is.

        The latter until something came from each of ``senders``, laptops or 0 for the office, that leaves nothing open.
        """
        return self._unread.all(), self._unread.nameless(senders)

    def note_archived(self, path: Path, now: datetime) -> None:
        """A laptop that was set back remembers a reply in its archive without taking it in, to be able to give it back.

        What is in it comes with the next reply, in order. Raises what ``read`` raises.
        """
        bundle = self.read(load_bundle(path))
        header = bundle.header
        row = BundleRow(
            bytes.fromhex(bundle.hash), header.sender, header.n, 0, PAST, _ms(now), path.name, pack_header(header),
            Summary(upto=header.upto).pack(),
        )  # fmt: skip
        with self._store.db.write() as connection:
            Exchange(raw_cursor(connection)).save_bundle(row)

    def _take(self, bundle: Bundle, row: BundleRow, now: datetime) -> Taken:
        arrived = self._arrived(bundle, now)
        act = Act("merge", self._who, count=len(arrived.rows), detail=row.hash.hex()[:8], always=True)
        with collecting_paused():
            if not self._store.identity.is_office:
                return take_from_office(self._store, arrived, act, row)
            standing = notice_restore(self._store, arrived.header, arrived.hash, self._who)
            is_one = standing is not None and not (standing.is_shared or standing.missing or standing.late)
            back = take_back(self._store, bundle, self.keys, self._who, is_one_chain=is_one)
            taken = take_from_laptop(self._store, arrived, act, row, None if back else standing)
            return replace(taken, back=tuple(back))

    def _arrived(self, bundle: Bundle, now: datetime) -> Arrived:
        header, pin = bundle.header, None
        if self._store.identity.is_office:
            with self._store.cursor() as cursor:
                pin = known.to_pin(Exchange(cursor), header, _ms(now), self.keys)
        scope = bundle.scope
        try:
            brought = Brought(filenotes.FileNotes.parse(bundle.other.get(filenotes.SECTION)), bundle.chunks)
        except Damaged as fault:
            raise seal.altered() from fault
        return Arrived(
            header, bytes.fromhex(bundle.hash), bundle.ops, bundle.authors, [bad.row for bad in bundle.bad_ops],
            tuple(scope.enter) if scope else (), tuple(scope.leave) if scope else (), pin,
            scope.numbers if scope else (), brought,
        )  # fmt: skip

    def _known(self, exchange: Exchange, header: Header) -> PublicKeys | None:
        return signer_of(exchange, header, self._store.identity, self.office_keys)

    def _room(self, contents: Contents, limit: int) -> int:
        return room_beside(contents, self._own.keys, limit)

    def _record(self, row: BundleRow, scope: int, outgoing: Outgoing, sent: Mapping[bytes, int], given: Given) -> None:
        def beside(connection: "Connection", _commit: "Commit") -> None:
            exchange = Exchange(raw_cursor(connection))
            if self._store.identity.is_office:
                Spans(raw_cursor(connection), row.peer).shift(outgoing.shift, scope, outgoing.upto)
            exchange.save_stream(exchange.stream(row.peer)._replace(sent_n=row.n, sent_hash=row.hash, scope=scope))
            exchange.save_bundle(row)
            if not self._store.identity.is_office:
                note_answered(exchange, Meta(raw_cursor(connection)), row.n, given)
            Parcels(raw_cursor(connection), row.peer if self._store.identity.is_office else OFFICE).carry(sent.items())

        ops = Summary.parse(row.summary).ops
        self._store.write([], Act.note("pack", self._who, count=ops, detail=row.hash.hex()[:8]), beside)


def _remove(file: Path | None) -> None:
    if file is not None:
        with suppress(OSError):
            file.unlink()


def _ms(now: datetime) -> int:
    return int((now - EPOCH).total_seconds() * 1000)
