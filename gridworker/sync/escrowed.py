"""Where the two ends keep what they need against a forgotten passphrase: the office its seed, a laptop the point."""

from typing import TYPE_CHECKING

from gridworker.store.escrow import key_for, new_seed
from gridworker.store.meta import Meta

if TYPE_CHECKING:
    from gridworker.store.meta import Identity

ESCROW = "escrow"
"""In ``meta`` of a laptop: the point the office gave it."""
_SEED = "escrow_seed"


def seed_of(settings: Meta) -> bytes:
    """The office's seed; made where there is none yet, in the transaction that is open."""
    seed = settings.secret(_SEED)
    if seed is None:
        seed = new_seed()
        settings.set_secret(_SEED, seed)
    return seed


def point_for(settings: Meta, identity: "Identity", laptop: int) -> bytes | None:
    """What a reply brings a laptop; None where this office has no seed yet."""
    seed = settings.secret(_SEED)
    return key_for(seed, identity.community, laptop) if seed else None
