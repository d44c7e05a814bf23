"""Which laptops the office knows: keys pinned by the first valid introduction, one laptop through all its lives."""

from collections.abc import Sequence

from gridworker.errors import UnknownSender
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.store.streams import Exchange, PeerKey
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.states import ACTIVE
from gridworker.sync.kit import introduced


def laptop_keys(exchange: Exchange, header: Header, office: PublicKeys | None = None) -> PublicKeys | None:
    """Whose signature a laptop's bundle must carry; None where it is not known here.

    Also of one that was retired or revoked: the work on a retired one is still good, and what comes from a stolen one
    is kept aside for a person to look at (sync.md 4). With the ``office``'s own keys given, a laptop that was enrolled
    after the copy this office was set back to is known by the word the office gave it then.
    """
    if header.purpose is not Purpose.BUNDLE:
        return None
    laptop = header.sender >> INCARNATION_BITS
    own = exchange.pinned(laptop)
    if own:
        _refuse_a_second(exchange, header, own)
        return PublicKeys.parse(own[-1].keys)
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
            "A second computer was set up with the device bundle of laptop {number}, so nothing was merged: give it "
            "one of its own.",
            number=header.sender >> INCARNATION_BITS,
        )


def to_pin(exchange: Exchange, header: Header, at: int, office: PublicKeys | None = None) -> PeerKey | None:
    """The keys to remember for a life of a laptop that shows itself for the first time.

    A later life is pinned at a later moment, even where this computer's clock was set back meanwhile.
    """
    laptop = header.sender >> INCARNATION_BITS
    pinned = exchange.pinned(laptop)
    if any(key.device == header.sender for key in pinned):
        return None
    keys = laptop_keys(exchange, header, office)
    if keys is None:
        return None
    after = max((key.at + 1 for key in pinned), default=at)
    return PeerKey(header.sender, laptop, keys.pack(), ACTIVE, max(at, after))


def address(exchange: Exchange, laptop: int) -> tuple[int, str]:
    """The device number and the key a reply goes to. Raises UnknownSender."""
    if exchange.laptop_state(laptop) != ACTIVE:
        raise UnknownSender(
            "Laptop {number} is not in use any more, so nothing is packed for it. Take it into use again first.",
            number=laptop,
        )
    active = exchange.pinned(laptop)
    if not active:
        raise UnknownSender(
            "Laptop {number} has not handed anything in yet, so nothing can be packed for it.", number=laptop
        )
    newest = max(active, key=lambda key: key.at)
    return newest.device, PublicKeys.parse(newest.keys).recipient
