"""What of the replies that a restored office asks back a laptop has answered: neither given twice nor kept for it.

The office may ask on for what it has: a former life of this laptop, that may be at work elsewhere, reads the same
replies. So what counts is what the office names as taken in: the very bundles, by their hash. No receipt tells of one
that bore no ops, and one of a later bundle that bore no gift tells nothing of those before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gridworker.store.meta import Identity, Meta
from gridworker.store.streams import BundleRow, Exchange
from gridworker.sync.format import canonical
from gridworker.sync.format.asks import Ask
from gridworker.sync.format.canonical import Thing
from gridworker.sync.format.header import Header, kept_header
from gridworker.sync.returning.returns import MAX_DIRECTORY, Given, Stretch
from gridworker.sync.standing import LOOKED_BACK

GAVE = "asks_answered"
"""In ``meta``: the number of the newest bundle, if it gave anything back, and which stretches are answered with it."""
SETTLED = "asks_settled"
"""In ``meta``: which stretches an office surely has from a life of this laptop; the devices of both go first."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What this life answered in bundles that the present life of the office says it has taken in."""

    stretches: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, exchange: Exchange, settings: Meta) -> "Answered":
        """As far as it is known now."""
        office, own = settings.number("office_device"), Identity.load(settings).device
        here, *settled = _things(settings, SETTLED) or [None]
        known = [*_stretches(settled)] if here == [office, own] else []
        n, *given = _things(settings, GAVE) or [None]
        if isinstance(n, int) and _is_taken_in(exchange, office, own, n):
            known += _stretches(given)
        return cls(tuple(_joined(known)))

    def holds(self, reply: Header) -> bool:
        """Whether a reply, or a kit, is among it."""
        return self.reaches(reply.sender, reply.upto)

    def reaches(self, device: int, upto: int) -> bool:
        """Whether what a life of the office wrote that reaches up to a number is among it."""
        return any(device == one.device and one.low < upto <= one.high for one in self.stretches)

    def covers(self, stretches: Iterable[Stretch]) -> bool:
        """Whether all of these are among it."""
        return tuple(_joined([*self.stretches, *stretches])) == self.stretches


class Answering:
    """What of an ask a bundle answers, told from reply to reply; what could not be read today may be read tomorrow."""

    def __init__(self, ask: Ask) -> None:
        self._device = ask.device
        self._done: list[Stretch] = []
        self._low = self._high = ask.n

    def add(self, upto: int, *, is_done: bool) -> None:
        """The next one, that reaches to a number: whether it is given, or was before, or is too large to be ever."""
        if is_done:
            self._high = upto
            return
        self._done.append(Stretch(self._device, self._low, min(self._high, upto - 1)))
        self._low = self._high = upto

    def stretches(self) -> list[Stretch]:
        """Those that hold anything."""
        found = [*self._done, Stretch(self._device, self._low, self._high)]
        return [one for one in found if one.low < one.high]


def note_answered(exchange: Exchange, settings: Meta, n: int, given: Given) -> None:
    """Bundle ``n`` is written: remember what it gives back, and what was taken in of those before it."""
    answered = Answered.of(exchange, settings)
    if settings.blob(GAVE) and answered.stretches:
        who: Thing = [settings.number("office_device"), Identity.load(settings).device]
        settings.set(SETTLED, canonical.pack([who, *_packed(answered.stretches)]))
    if not answered.covers(given.answers):
        settings.set(GAVE, canonical.pack([n, *_packed(given.answers)]))
    elif settings.blob(GAVE):
        settings.set(GAVE, None)


def _is_taken_in(exchange: Exchange, office: int, own: int, n: int) -> bool:
    rows = exchange.bundles(peer=office, outgoing=True, limit=LOOKED_BACK)
    sent = next((row for row in rows if row.n == n and kept_header(row.header).sender == own), None)
    return sent is not None and sent.hash.hex() in _named(
        exchange.bundles(peer=office, outgoing=False, limit=LOOKED_BACK)
    )


def _named(replies: Sequence[BundleRow]) -> Iterator[str]:
    for header in (kept_header(row.header) for row in replies):
        yield from header.got
        yield from (one.hash for one in header.came)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same, as few as they can be, in order."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        last = found[-1] if found else None
        if last is not None and last.device == one.device and one.low <= last.high:
            found[-1] = last._replace(high=max(last.high, one.high))
        else:
            found.append(one)
    return found


def _things(settings: Meta, name: str) -> list[Thing]:
    packed = settings.blob(name)
    thing = canonical.unpack(packed, MAX_DIRECTORY) if packed else None
    return thing if isinstance(thing, list) else []


def _stretches(things: Iterable[Thing]) -> Iterator[Stretch]:
    return (Stretch._make(one) for one in things if isinstance(one, list))


def _packed(stretches: Iterable[Stretch]) -> list[Thing]:
    return [[one.device, one.low, one.high] for one in stretches]
