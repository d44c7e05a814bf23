"""Which laptops the office knows: keys pinned by the first valid introduction, one laptop through all its lives."""

from collections.abc import Sequence

from gridworker.errors import UnknownSender
from gridworker.store.clock import INCARNATION_BITS
from gridworker.store.streams import Exchange, PeerKey
from gridworker.sync.header import Header
from gridworker.sync.keys import PublicKeys
from gridworker.sync.kit import introduced
from gridworker.sync.parts import Purpose
from gridworker.sync.states import ACTIVE


def laptop_keys(exchange: Exchange, header: Header, office: PublicKeys | None = None) -> PublicKeys | None:
    """Whose signature a laptop's bundle must carry; None where it is not known here or no longer.

    With the ``office``'s own keys given, a laptop that was enrolled after the copy this office was set back to is known
    by the word the office gave it then.
    """
    if header.purpose is not Purpose.BUNDLE:
        return None
    laptop = header.sender >> INCARNATION_BITS
    own = [key for key in exchange.pinned() if key.laptop == laptop]
    if own:
        _refuse_a_second(exchange, header, own)
        active = [key for key in own if key.state == ACTIVE]
        return PublicKeys.parse(active[-1].keys) if active else None
    kit = exchange.kit(laptop)
    if kit is None and header.vouch and office and header.vouch.holds(header.community, laptop, office):
        return introduced(header, header.vouch.secret)
    return introduced(header, kit.secret) if kit else None


def _refuse_a_second(exchange: Exchange, header: Header, own: Sequence[PeerKey]) -> None:
    """Raise UnknownSender where another computer introduces itself with a kit that is in use (sync.md 8: a fork)."""
    kit = exchange.kit(header.sender >> INCARNATION_BITS)
    keys = introduced(header, kit.secret) if kit else None
    if keys is not None and all(PublicKeys.parse(key.keys) != keys for key in own):
        raise UnknownSender(
            "A second computer was set up with the kit of laptop {number}. Nothing was merged; give it its own kit.",
            number=header.sender >> INCARNATION_BITS,
        )


def to_pin(exchange: Exchange, header: Header, at: int, office: PublicKeys | None = None) -> PeerKey | None:
    """The keys to remember for a life of a laptop that shows itself for the first time."""
    keys = laptop_keys(exchange, header, office)
    if keys is None or any(key.device == header.sender for key in exchange.pinned()):
        return None
    return PeerKey(header.sender, header.sender >> INCARNATION_BITS, keys.pack(), ACTIVE, at)


def address(exchange: Exchange, laptop: int) -> tuple[int, str]:
    """The device number and the key a reply goes to. Raises UnknownSender."""
    active = [key for key in exchange.pinned() if key.laptop == laptop and key.state == ACTIVE]
    if not active:
        raise UnknownSender(
            "Laptop {number} has not handed anything in yet, so nothing can be packed for it.", number=laptop
        )
    newest = max(active, key=lambda key: key.at)
    return newest.device, PublicKeys.parse(newest.keys).recipient
