"""The post: packs what the other side has not confirmed into a sealed bundle, and takes bundles in.

pack:     collect -> write the file into the outbox, synced and read back -> number, chain and audit in one transaction
take in:  open and verify -> copy into the archive, synced -> ops, receipts, what is set aside and audit in one
          transaction, or nothing at all
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.errors import UnknownSender
from gridworker.paths import Folder
from gridworker.store.changes import Act
from gridworker.store.clock import EPOCH, INCARNATION_BITS, OFFICE, device, device_of
from gridworker.store.database import raw_cursor
from gridworker.store.filesafe import make_folder
from gridworker.store.meta import Meta
from gridworker.store.op import OpRow, What
from gridworker.store.streams import BundleRow, Exchange, PeerKey
from gridworker.sync.bundle import Bundle, Contents, read_bundle, write_bundle
from gridworker.sync.files import BundleName, save_bundle
from gridworker.sync.header import Header, pack_header
from gridworker.sync.incoming import MERGED, SENT, Arrived, Taken, take_from_laptop, take_from_office
from gridworker.sync.keys import DeviceKeys, PublicKeys
from gridworker.sync.kit import introduced, introduction
from gridworker.sync.outgoing import Outgoing, to_laptop, to_office
from gridworker.sync.parts import Purpose
from gridworker.sync.sections import ScopeChange
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from pathlib import Path

    from gridworker.store.database import Connection
    from gridworker.store.store import Store
    from gridworker.store.transaction import Commit


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle in the outbox: its file, its number, what is in it."""

    path: "Path"
    peer: int
    n: int
    summary: Summary


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a bundle. ``taken`` is None where it had been taken in before."""

    row: BundleRow
    summary: Summary
    taken: Taken | None


class Post:
    """One store's way to bundles. ``who`` is the person at the keyboard, for the audit."""

    def __init__(self, store: "Store", folder: Folder, who: int) -> None:
        self._store = store
        self._folder = folder
        self._who = who
        with store.settings() as settings:
            self._keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
            self._recovery = PublicKeys.parse(settings.blob("recovery_keys") or b"")
            self._office_keys = settings.blob("office_keys")
            self._kit_secret = settings.secret("kit_secret")

    @property
    def _office(self) -> int:
        """The office's device number: it changes when the office was restored."""
        with self._store.cursor() as cursor:
            return Meta(cursor).number("office_device")

    @property
    def keys(self) -> PublicKeys:
        """This device's public keys."""
        return self._keys.public

    @property
    def office_keys(self) -> PublicKeys:
        """The office's public keys: our own at the office."""
        return PublicKeys.parse(self._office_keys) if self._office_keys else self._keys.public

    def peer_of(self, laptop: int) -> int:
        """Under which number a peer's stream is kept (see schema.EXCHANGE)."""
        return laptop if self._store.identity.is_office else self._office

    def pending(self) -> Outgoing:
        """What a laptop would hand over now."""
        with self._store.db.read() as connection:
            return to_office(connection, self._store.identity, self._office)

    def pack(self, now: datetime, laptop: int = OFFICE) -> Packed:
        """Write the next bundle for the office, or the office's reply to a laptop, into the outbox.

        Raises UnknownSender for a laptop that has not introduced itself yet, DiskFull, StoreProblem.
        """
        with self._store.db.read() as connection:
            exchange = Exchange(raw_cursor(connection))
            peer = self.peer_of(laptop)
            stream = exchange.stream(peer)
            outgoing = self._collect(connection, laptop)
            recipient, to = self._address(exchange, laptop)
            introduce = not self._store.identity.is_office and not exchange.marks()
        header = Header(
            purpose=Purpose.REPLY if self._store.identity.is_office else Purpose.BUNDLE,
            community=self._store.identity.community,
            sender=self._store.identity.device,
            recipient=recipient,
            n=stream.sent_n + 1,
            prev=stream.sent_hash.hex() if stream.sent_hash else None,
            time=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            since=outgoing.since,
            upto=outgoing.upto,
            have=outgoing.have,
            scope=stream.scope + bool(outgoing.leave) if self._store.identity.is_office else self._store.identity.scope,
            keys=self._keys.public if introduce else None,
            proof=self._proof() if introduce else None,
        )
        change = None
        if outgoing.enter or outgoing.leave:
            change = ScopeChange(header.scope, outgoing.grids, outgoing.enter, outgoing.leave)
        written = write_bundle(
            Contents(header, outgoing.rows, outgoing.authors, scope=change), self._keys, [to, self._recovery.recipient]
        )
        name = str(BundleName.of(self._store.identity.device, header.n, written.hash))
        make_folder(self._folder.outbox)
        path = self._folder.outbox / name
        save_bundle(path, written.data, private=True)
        summary = summary_of(outgoing)
        row = BundleRow(
            bytes.fromhex(written.hash), peer, header.n, 1, SENT, _ms(now), name, pack_header(header), summary.pack()
        )
        self._record(row, header.scope)
        return Packed(path, peer, header.n, summary)

    def read(self, data: bytes) -> Bundle:
        """Open and verify a bundle. Raises NotForUs, BundleAltered, UnknownSender, NewerFormat."""
        identity = self._store.identity
        with self._store.db.read() as connection:
            exchange = Exchange(raw_cursor(connection))
            pinned = exchange.pinned()

            def known(header: Header) -> PublicKeys | None:
                if identity.is_office:
                    return self._laptop_keys(exchange, pinned, header)
                return (
                    self.office_keys if header.purpose is Purpose.REPLY and _laptop(header.sender) == OFFICE else None
                )

            return read_bundle(
                data, [self._keys.identity], known=known, community=identity.community, device=identity.device
            )

    def take_in(self, data: bytes, now: datetime) -> Received:
        """Take a bundle in, whole or not at all. Raises what ``read`` raises, DiskFull, StoreProblem."""
        bundle = self.read(data)
        digest = bytes.fromhex(bundle.hash)
        with self._store.cursor() as cursor:
            before = Exchange(cursor).bundle(digest)
        if before is not None:
            return Received(before, Summary.parse(before.summary), None)
        header = bundle.header
        name = str(BundleName.of(header.sender, header.n, bundle.hash))
        make_folder(self._folder.archive)
        save_bundle(self._folder.archive / name, data, private=True)
        peer = _laptop(header.sender) if self._store.identity.is_office else header.sender
        summary = Summary(counts_of(bundle.ops), len(bundle.ops) + len(bundle.bad_ops), header.upto)
        row = BundleRow(digest, peer, header.n, 0, MERGED, _ms(now), name, pack_header(header), summary.pack())
        arrived = Arrived(
            header, digest, bundle.ops, bundle.authors, [bad.row for bad in bundle.bad_ops],
            tuple(bundle.scope.enter) if bundle.scope else (), tuple(bundle.scope.leave) if bundle.scope else (),
            self._to_pin(header, now),
        )  # fmt: skip
        act = Act("merge", self._who, count=len(bundle.ops), detail=bundle.hash[:8], always=True)
        take = take_from_laptop if self._store.identity.is_office else take_from_office
        taken = take(self._store, arrived, act, row)
        if not self._store.identity.is_office and header.scope != self._store.identity.scope:
            self._store.take_scope(header.scope)
        return Received(row, summary, taken)

    def _collect(self, connection: "Connection", laptop: int) -> Outgoing:
        if self._store.identity.is_office:
            return to_laptop(connection, laptop)
        return to_office(connection, self._store.identity, self._office)

    def _address(self, exchange: Exchange, laptop: int) -> tuple[int, str]:
        """The device number and the key a bundle goes to."""
        if not self._store.identity.is_office:
            return self._office, self.office_keys.recipient
        active = [key for key in exchange.pinned() if key.laptop == laptop and key.state == ACTIVE]
        if not active:
            raise UnknownSender(
                "Laptop {number} has not handed anything in yet, so nothing can be packed for it.", number=laptop
            )
        newest = max(active, key=lambda key: key.at)
        return newest.device, PublicKeys.parse(newest.keys).recipient

    def _proof(self) -> bytes:
        identity = self._store.identity
        return introduction(self._kit_secret or b"", identity.community, identity.device, self._keys.public)

    def _laptop_keys(self, exchange: Exchange, pinned: Sequence[PeerKey], header: Header) -> PublicKeys | None:
        """Keys are pinned to a laptop's number, whatever its life; the first valid introduction pins them."""
        if header.purpose is not Purpose.BUNDLE:
            return None
        own = [key for key in pinned if key.laptop == _laptop(header.sender)]
        if own:
            active = [key for key in own if key.state == ACTIVE]
            return PublicKeys.parse(active[-1].keys) if active else None
        kit = exchange.kit(_laptop(header.sender))
        return introduced(header, kit.secret) if kit else None

    def _to_pin(self, header: Header, now: datetime) -> PeerKey | None:
        if not self._store.identity.is_office:
            return None
        with self._store.cursor() as cursor:
            exchange = Exchange(cursor)
            pinned = {key.device: key for key in exchange.pinned()}
            keys = self._laptop_keys(exchange, list(pinned.values()), header)
        if header.sender in pinned or keys is None:
            return None
        return PeerKey(header.sender, _laptop(header.sender), keys.pack(), ACTIVE, _ms(now))

    def _record(self, row: BundleRow, scope: int) -> None:
        def beside(connection: "Connection", _commit: "Commit") -> None:
            exchange = Exchange(raw_cursor(connection))
            stream = exchange.stream(row.peer)
            exchange.save_stream(stream._replace(sent_n=row.n, sent_hash=row.hash, scope=scope))
            exchange.save_bundle(row)

        ops = Summary.parse(row.summary).ops
        self._store.write([], Act("pack", self._who, count=ops, detail=row.hash.hex()[:8], always=True), beside)


ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"
"""States of a laptop's keys."""


def _laptop(number: int) -> int:
    return number >> INCARNATION_BITS


def _ms(now: datetime) -> int:
    return int((now - EPOCH).total_seconds() * 1000)


def summary_of(outgoing: Outgoing) -> Summary:
    """What to remember of a bundle that goes out."""
    newest: dict[int, int] = {}
    for row in outgoing.rows:
        newest[device_of(row.clk)] = max(newest.get(device_of(row.clk), 0), row.clk)
    return Summary(
        counts_of(outgoing.rows),
        len(outgoing.rows),
        outgoing.upto,
        tuple(newest.values()),
        outgoing.enter,
        outgoing.leave,
    )


def counts_of(rows: Sequence[OpRow]) -> dict[str, int]:
    """Records by kind: created ones under the kind's name, others counted once as changed; audit rows left out."""
    known = discover.by_number()
    rows = [row for row in rows if row.kind not in known or not known[row.kind].kind.office_only]
    created = {row.record for row in rows if row.what == What.CREATE}
    counts = Counter(known[row.kind].kind.name for row in rows if row.what == What.CREATE and row.kind in known)
    changed = len({row.record for row in rows} - created)
    return dict(counts) | ({CHANGED: changed} if changed else {})


CHANGED = "changed"
"""Key of ``Summary.counts`` for records that were there before."""

FIRST_OFFICE = device(OFFICE, 0)
