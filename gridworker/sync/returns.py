"""What a laptop gives back to an office that was restored: the replies it had, whole, as the office signed them.

The restored office names in its replies, for each of its former lives, the number above which it may have lost what it
sent (``asks``). A laptop answers with those replies out of its archive, oldest first, as many as fit, in the section
``returns``, and says how far it could go on (``returns`` in the header). The office checks each by its own signature,
so nobody has to be believed: its own edits come back, and what other laptops wrote and it had passed on. How far a
laptop has answered is kept, and asked on from there, so a lost bundle costs nothing and doubles change nothing.

The section is u32 (big-endian) length of a directory, the directory - a canonical array with the length of each inner
bundle - and the inner bundles one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import BundleProblem, Problem
from gridworker.paths import Folder
from gridworker.store.changes import Act
from gridworker.store.clock import EPOCH, INCARNATION_BITS, OFFICE
from gridworker.store.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.recall import Recall
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, BundleRow, Exchange
from gridworker.sync import canonical, seal
from gridworker.sync.asks import Ask, Reach
from gridworker.sync.bundle import Bundle, header_of, read_inner
from gridworker.sync.canonical import Damaged
from gridworker.sync.counts import counts_of
from gridworker.sync.files import BundleName, load_bundle
from gridworker.sync.header import Header, pack_header, unpack_header
from gridworker.sync.judge import FORK
from gridworker.sync.keys import DeviceKeys, PublicKeys
from gridworker.sync.parts import Purpose, is_count
from gridworker.sync.states import PAST
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.database import Connection
    from gridworker.store.store import Store
    from gridworker.store.transaction import Commit

SECTION = "returns"
ASKS = "asks"
"""In ``meta`` of a laptop: what the office asks back."""
KIT = "kit_inner"
"""In ``secret`` of a laptop: the inner bundle of its kit, until a backup of the office holds it."""

SOFT = 6 * 1024 * 1024
"""Bytes given back in one bundle; one reply goes whatever its size, alone and without ops if it is larger."""
HARD = 24 * 1024 * 1024
"""Larger ones cannot be given back: no bundle would hold them."""
MAX_INNER = 4096
MAX_DIRECTORY = 64 * 1024
EVERYTHING = 100_000
_U32 = 4


@dataclass(frozen=True, slots=True)
class Given:
    """What a laptop's next bundle gives back."""

    inner: tuple[bytes, ...] = field(default=(), repr=False)
    reaches: tuple[Reach, ...] = ()

    @property
    def large(self) -> bool:
        """Whether there is no room for ops beside it."""
        return sum(map(len, self.inner)) > SOFT

    def sections(self) -> dict[str, bytes]:
        """The section, where there is something."""
        return {SECTION: pack_inners(self.inner)} if self.inner else {}


def pack_inners(inners: Sequence[bytes]) -> bytes:
    """The section ``returns``."""
    directory = canonical.pack([len(inner) for inner in inners])
    return b"".join([len(directory).to_bytes(_U32, "big"), directory, *inners])


def unpack_inners(section: bytes) -> list[bytes]:
    """Read what ``pack_inners`` gave. Raises Damaged."""
    at = _U32 + int.from_bytes(section[:_U32], "big")
    lengths = canonical.unpack(section[_U32:at], MAX_DIRECTORY)
    if not isinstance(lengths, list) or len(lengths) > MAX_INNER or not all(map(is_count, lengths)):
        raise Damaged("returns: directory")
    inners = []
    for length in map(int, lengths):  # type: ignore[arg-type]  # counts, as was just seen
        inners.append(section[at : at + length])
        at += length
    if at != len(section):
        raise Damaged("returns: length")
    return inners


# ------------------------------------------------------------------------------------------------------------ a laptop


def heed(exchange: Exchange, settings: Meta, asks: Sequence[Ask]) -> None:
    """Remember what the office asks back; what its backups hold of former lives need not be kept any longer."""
    settings.set(ASKS, canonical.pack([ask.thing() for ask in asks]))
    for ask in asks:
        stream = exchange.stream(ask.device)
        if stream.received and ask.backed_up > stream.backed_up:
            exchange.save_stream(stream._replace(backed_up=ask.backed_up))


def give(connection: "Connection", folder: Folder, keys: DeviceKeys) -> Given:
    """The replies the office asked for, oldest first, as many as fit one bundle."""
    settings, exchange = Meta(raw_cursor(connection)), Exchange(raw_cursor(connection))
    packed = settings.blob(ASKS)
    things = canonical.unpack(packed, MAX_DIRECTORY) if packed else []
    asks = [Ask.of(thing) for thing in things] if isinstance(things, list) else []
    portion, reaches = Portion(), []
    rows = exchange.bundles(outgoing=False, limit=EVERYTHING) if asks else []
    for ask in asks:
        reach = ask.n
        for had in _had(rows, settings.secret(KIT), ask, folder):
            if portion.full or portion.offer(had.load(keys)):
                reach = had.upto
        reaches.append(Reach(ask.device, reach))
    return Given(tuple(portion.inners), tuple(reaches))


@dataclass
class Portion:
    """What goes into one bundle. Once something had no room nothing behind it goes: the office asks on from there."""

    inners: list[bytes] = field(default_factory=list)
    full: bool = False

    def offer(self, inner: bytes) -> bool:
        """Take one in if there is room. Returns whether it can be given back at all."""
        if not 0 < len(inner) <= HARD:
            return False
        if self.inners and sum(map(len, self.inners)) + len(inner) > SOFT:
            self.full = True
        else:
            self.inners.append(inner)
        return True


@dataclass(frozen=True, slots=True)
class _Had:
    """A reply, or the kit, that this laptop had from the office: the number it reaches, and where it is."""

    upto: int
    n: int
    path: Path | None
    kit: bytes = field(default=b"", repr=False)

    def load(self, keys: DeviceKeys) -> bytes:
        """The inner bundle; nothing where the file does not open any more."""
        if self.path is None:
            return self.kit
        try:
            return seal.open_sealed(load_bundle(self.path), [keys.identity])
        except Problem:
            return b""


def _had(rows: Sequence[BundleRow], kit: bytes | None, ask: Ask, folder: Folder) -> list[_Had]:
    """What a laptop had from a life of the office above a number, oldest first."""
    found = []
    if kit:
        header = header_of(kit)
        if header.sender == ask.device and header.upto > ask.n:
            found.append(_Had(header.upto, 0, None, kit))
    for row in rows:
        header = unpack_header(row.header)
        path = folder.archive / row.path
        if header.sender == ask.device and header.upto > ask.n and path.is_file():
            found.append(_Had(header.upto, header.n, path))
    return sorted(found, key=lambda had: (had.upto, had.n))


def forget_kit(exchange: Exchange, settings: Meta) -> None:
    """Let the kit go once a backup of the office holds what was in it."""
    kit = settings.secret(KIT)
    if kit:
        header = header_of(kit)
        if exchange.stream(header.sender).backed_up >= header.upto:
            settings.forget_secret(KIT)


# ---------------------------------------------------------------------------------------------------------- the office


def asks_of(connection: "Connection", laptop: int) -> tuple[Ask, ...]:
    """What the office asks a laptop for."""
    asked = Recall(raw_cursor(connection)).asked(laptop)
    return tuple(Ask(one.device, one.n, one.backed_up) for one in asked)


def take_back(store: "Store", bundle: Bundle, own: PublicKeys, who: int) -> list["Commit"]:
    """The office takes in what a laptop gave back, each reply in a transaction of its own, and what it can still give.

    One that bears another signature than the office's is passed over: it proves nothing.
    """
    laptop = bundle.header.sender >> INCARNATION_BITS
    commits = []
    for inner in _inners(bundle):
        try:
            found = read_inner(inner, known=partial(_signer, own), community=store.identity.community)
        except BundleProblem:
            continue
        commits.append(_take_one(store, found, laptop, who))
    _heard(store, laptop, bundle.header.returns)
    return commits


def is_waited_for(connection: "Connection", laptop: int) -> bool:
    """Whether a laptop may still give back what decides on its own ops: grids it was given, records it holds."""
    return any(asked.is_open for asked in Recall(raw_cursor(connection)).asked(laptop))


def _inners(bundle: Bundle) -> list[bytes]:
    section = bundle.other.get(SECTION)
    try:
        return unpack_inners(section) if section else []
    except Damaged:
        return []


def _signer(own: PublicKeys, header: Header) -> PublicKeys | None:
    ours = header.purpose in {Purpose.REPLY, Purpose.KIT} and header.sender >> INCARNATION_BITS == OFFICE
    return own if ours else None


def _take_one(store: "Store", found: Bundle, laptop: int, who: int) -> "Commit":
    digest, header = bytes.fromhex(found.hash), found.header
    name = str(BundleName.of(header.sender, header.n, found.hash))
    summary = Summary(counts_of(found.ops), len(found.ops), header.upto)
    row = BundleRow(
        digest, header.recipient >> INCARNATION_BITS, header.n, 1, PAST, _at(header), name, pack_header(header),
        summary.pack(),
    )  # fmt: skip

    def beside(connection: "Connection", commit: "Commit") -> None:
        exchange, recall = Exchange(raw_cursor(connection)), Recall(raw_cursor(connection))
        exchange.set_aside(
            Aside(fork.clk, fork.kind, fork.record, fork.what, *found.authors[fork.author], fork.vals, FORK, digest)
            for fork in commit.forks
        )
        if header.purpose is Purpose.REPLY and exchange.bundle(digest) is None:
            exchange.save_bundle(row._replace(batch=commit.batch))
        recall.save(
            one._replace(n=max(one.n, header.upto)) for one in recall.asked(laptop) if one.device == header.sender
        )

    act = Act("return", who, count=len(found.ops), detail=found.hash[:8], always=True)
    return store.apply(Incoming(found.ops, found.authors, act, source=digest, beside=beside))


def _heard(store: "Store", laptop: int, reaches: Sequence[Reach]) -> None:
    """Remember how far a laptop can answer."""
    upto = {reach.device: reach.n for reach in reaches}
    if upto:
        with store.db.write() as connection:
            recall = Recall(raw_cursor(connection))
            recall.save(one._replace(upto=upto[one.device]) for one in recall.asked(laptop) if one.device in upto)


def _at(header: Header) -> int:
    return int((datetime.fromisoformat(header.time) - EPOCH).total_seconds() * 1000)
