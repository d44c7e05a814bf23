"""A laptop gives back to an office that was restored what it had from it, see returns.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.store.engine.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.streams import BundleRow, Exchange
from gridworker.sync.files.files import load_bundle
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.asks import Ask, Reach
from gridworker.sync.format.bundle import OPS, header_of, sections_of
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import unpack_ops
from gridworker.sync.returning.answered import Answered, Answering
from gridworker.sync.returning.returns import MAX_DIRECTORY, Given, Portion, Stretch

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

ASKS = "asks"
"""In ``meta``: what the office asks back."""
KIT = "kit_inner"
"""In ``secret``: the inner bundle of the kit, until a backup of the office holds it."""

EVERYTHING = 100_000


def heed(exchange: Exchange, settings: Meta, asks: Sequence[Ask]) -> None:
    """Remember what the office asks back; what its backups hold of former lives need not be kept any longer."""
    settings.set(ASKS, canonical.pack([ask.thing() for ask in asks]))
    for ask in asks:
        stream = exchange.stream(ask.device)
        if stream.received and ask.backed_up > stream.backed_up:
            exchange.save_stream(stream._replace(backed_up=ask.backed_up))


def give(connection: "Connection", folder: Folder, keys: DeviceKeys) -> Given:
    """The replies the office asked for and has not got from this life, oldest first, as many as fit one bundle."""
    settings, exchange = Meta(raw_cursor(connection)), Exchange(raw_cursor(connection))
    asks = Asked.of(settings).asks
    if not asks:
        return Given()
    portion, reaches, answers = Portion(), list[Reach](), list[Stretch]()
    rows, answered = exchange.bundles(outgoing=False, limit=EVERYTHING), Answered.of(exchange, settings)
    for ask in asks:
        reach, answering = ask.n, Answering(ask)
        for had in _had(rows, settings.secret(KIT), ask, folder):
            is_done = answered.reaches(ask.device, had.upto)
            if not (is_done or portion.full):
                inner = had.load(keys)
                reach = had.upto if portion.offer(inner) else reach
                is_done = bool(inner) and not portion.full
            else:
                reach = had.upto
            answering.add(had.upto, is_done=is_done)
        reaches.append(Reach(ask.device, reach))
        answers += answering.stretches()
    return Given(tuple(portion.inners), tuple(reaches), tuple(answers))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the office asks back; nothing, nearly always."""

    asks: tuple[Ask, ...]

    @classmethod
    def of(cls, settings: Meta) -> "Asked":
        """As the newest reply said."""
        packed = settings.blob(ASKS)
        things = canonical.unpack(packed, MAX_DIRECTORY) if packed else []
        return cls(tuple(map(Ask.of, things)) if isinstance(things, list) else ())

    def wants(self, reply: Header) -> bool:
        """Whether a reply, or a kit, is asked back."""
        return any(reply.sender == ask.device and reply.upto > ask.n for ask in self.asks)


@dataclass(frozen=True, slots=True)
class _Had:
    """A reply, or the kit, that this laptop had from the office: the number it reaches, and where it is."""

    upto: int
    n: int
    path: Path | None
    kit: bytes = field(default=b"", repr=False)

    def load(self, keys: DeviceKeys) -> bytes:
        """The inner bundle, or what an erasure left of it, signed by this laptop; nothing where it cannot be read."""
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
        header = kept_header(row.header)
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


def purge_kit(settings: Meta, records: Collection[int], answered: Answered) -> bool:
    """Let the kit go where it holds records whose values were erased. Returns whether none is left that does.

    One that is asked back stays until it is among what was ``answered``.
    """
    kit = settings.secret(KIT)
    if kit and any(row.record in records for row in unpack_ops(sections_of(kit)[OPS]).rows):
        header = header_of(kit)
        if Asked.of(settings).wants(header) and not answered.holds(header):
            return False
        settings.forget_secret(KIT)
    return True
