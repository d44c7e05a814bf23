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
from gridworker.sync.format.canonical import Thing
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import unpack_ops
from gridworker.sync.format.states import CONFIRMED
from gridworker.sync.returning.returns import MAX_DIRECTORY, Given, Portion, Stretch

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

ASKS = "asks"
"""In ``meta``: what the office asks back."""
GAVE = "asks_answered"
"""In ``meta``: the number of the newest bundle that gave anything back, and which stretches it answered."""
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
    """The replies the office asked for, oldest first, as many as fit one bundle."""
    settings, exchange = Meta(raw_cursor(connection)), Exchange(raw_cursor(connection))
    asks = Asked.of(settings).asks
    portion, reaches, answers = Portion(), list[Reach](), list[Stretch]()
    rows = exchange.bundles(outgoing=False, limit=EVERYTHING) if asks else []
    for ask in asks:
        reach, answered = ask.n, _Answered(ask)
        for had in _had(rows, settings.secret(KIT), ask, folder):
            inner = b"" if portion.full else had.load(keys)
            if portion.full or portion.offer(inner):
                reach = had.upto
            if not portion.full:
                answered.add(had.upto, was_read=bool(inner))
        reaches.append(Reach(ask.device, reach))
        answers += answered.stretches()
    return Given(tuple(portion.inners), tuple(reaches), tuple(answers))


class _Answered:
    """What of an ask is answered, told from reply to reply; what could not be read today may be read tomorrow."""

    def __init__(self, ask: Ask) -> None:
        self._device = ask.device
        self._done: list[Stretch] = []
        self._low = self._high = ask.n

    def add(self, upto: int, *, was_read: bool) -> None:
        """The next one, that reaches to a number: where it was read it is given, or so large that it never can be."""
        if was_read:
            self._high = upto
            return
        self._done.append(Stretch(self._device, self._low, min(self._high, upto - 1)))
        self._low = self._high = upto

    def stretches(self) -> list[Stretch]:
        """Those that hold anything."""
        found = [*self._done, Stretch(self._device, self._low, self._high)]
        return [one for one in found if one.low < one.high]


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
class Answered:
    """What this life answered in a bundle that the office confirmed.

    The office may ask on: a former life of this laptop, that may be at work elsewhere, reads the same replies.
    """

    stretches: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, exchange: Exchange, settings: Meta, own: int) -> "Answered":
        """As the bundles of the life ``own`` stand."""
        packed = settings.blob(GAVE)
        thing = canonical.unpack(packed, MAX_DIRECTORY) if packed else None
        if not isinstance(thing, list):
            return cls()
        n, *stretches = thing
        office = settings.number("office_device")
        rows = exchange.bundles(peer=office, outgoing=True, limit=EVERYTHING)
        is_there = any(r.n == n and r.state == CONFIRMED and kept_header(r.header).sender == own for r in rows)
        return cls(tuple(Stretch._make(one) for one in stretches if isinstance(one, list)) if is_there else ())

    def holds(self, reply: Header) -> bool:
        """Whether a reply, or a kit, is among it."""
        return any(reply.sender == one.device and one.low < reply.upto <= one.high for one in self.stretches)


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


def note_answered(settings: Meta, n: int, given: Given) -> None:
    """Remember what bundle ``n`` gives back, where it gives anything."""
    if given.inner and given.answers:
        told: list[Thing] = [[one.device, one.low, one.high] for one in given.answers]
        settings.set(GAVE, canonical.pack([n, *told]))


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
