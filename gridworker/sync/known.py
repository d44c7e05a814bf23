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


def laptop_keys(exchange: Exchange, header: Header) -> PublicKeys | None:
    """Whose signature a laptop's bundle must carry; None where it is not known here or no longer."""
    if header.purpose is not Purpose.BUNDLE:
        return None
    laptop = header.sender >> INCARNATION_BITS
    own = [key for key in exchange.pinned() if key.laptop == laptop]
    if own:
        _refuse_a_second(exchange, header, own)
        active = [key for key in own if key.state == ACTIVE]
        return PublicKeys.parse(active[-1].keys) if active else None
    kit = exchange.kit(laptop)
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


def to_pin(exchange: Exchange, header: Header, at: int) -> PeerKey | None:
    """The keys to remember for a life of a laptop that shows itself for the first time.

    A later life is pinned at a later moment, even where this computer's clock was set back meanwhile.
    """
    keys, pinned, laptop = laptop_keys(exchange, header), exchange.pinned(), header.sender >> INCARNATION_BITS
    if keys is None or any(key.device == header.sender for key in pinned):
        return None
    after = max((key.at + 1 for key in pinned if key.laptop == laptop), default=at)
    return PeerKey(header.sender, laptop, keys.pack(), ACTIVE, max(at, after))


def address(exchange: Exchange, laptop: int) -> tuple[int, str]:
    """The device number and the key a reply goes to. Raises UnknownSender."""
    active = [key for key in exchange.pinned() if key.laptop == laptop and key.state == ACTIVE]
    if not active:
        raise UnknownSender(
            "Laptop {number} has not handed anything in yet, so nothing can be packed for it.", number=laptop
        )
    newest = max(active, key=lambda key: key.at)
    return newest.device, PublicKeys.parse(newest.keys).recipient
