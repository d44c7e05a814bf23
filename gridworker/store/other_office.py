"""That another computer is at work as the office: laptops address a later life of it than this store has lived.

The office was restored there and went on here all the same, or this store was set back to before it was restored.
Laptops follow the latest life they heard of, so what they write is confirmed there, and comes here no more.
"""

from typing import NamedTuple

from gridworker.store.log.clock import MAX_INCARNATION
from gridworker.store.log.log import Cursor
from gridworker.store.meta import Identity, Meta
from gridworker.store.streams import Exchange

OTHER = "other_office"
"""In ``meta``: the latest life that was addressed, since when (ms of clock.EPOCH), and the laptops that did."""

REVOKED = "revoked"
REACH = 16
"""So far above this one can a life be that was really lived: each goes up by a few. No laptop is believed further."""


class Elsewhere(NamedTuple):
    """A later life of the office, when a bundle for it first came here, and the laptops such bundles came from."""

    life: int
    at: int
    laptops: tuple[int, ...]

    def lived(self, identity: Identity) -> set[int]:
        """The life, where it counts as lived: a laptop's word alone must not use the lives up."""
        return {self.life} if self.life <= identity.incarnation + REACH else set()


def elsewhere(cursor: Cursor, identity: Identity) -> Elsewhere | None:
    """The office that laptops follow instead of this one; None where this one is the latest.

    The word of a laptop that was revoked counts for nothing: one that lies is silenced by that.
    """
    told = Meta(cursor).text(OTHER)
    if not told or not identity.is_office:
        return None
    life, at, *told_by = map(int, told.split())
    exchange = Exchange(cursor)
    laptops = tuple(laptop for laptop in told_by if exchange.laptop_state(laptop) != REVOKED)
    return Elsewhere(life, at, laptops) if laptops and life > identity.incarnation else None


def note_recipient(cursor: Cursor, identity: Identity, laptop: int, recipient: int, at: int) -> None:
    """A laptop's bundle came that is for another life of the office: what was compared with it before counts no more.

    Where that life is a later one, keep it in mind until this computer lives one later still. One for a former life,
    that comes when this one was heard of already, is only late.
    """
    exchange, life = Exchange(cursor), recipient & MAX_INCARNATION
    is_later = life > identity.incarnation
    before = exchange.agreement(laptop)
    if before is not None and (is_later or not exchange.stream(laptop).acked):
        exchange.save_agreement(before._replace(own=None, other=None, at=at))
    if not is_later:
        return
    known = elsewhere(cursor, identity) or Elsewhere(life, at, ())
    life = max(known.life, life, key=lambda one: (one <= identity.incarnation + REACH, one))
    Meta(cursor).set(OTHER, " ".join(map(str, (life, known.at, *sorted({*known.laptops, laptop})))))
