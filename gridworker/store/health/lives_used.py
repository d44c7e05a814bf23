"""Which of its 64 lives a device has lived, as far as its store knows, and which one it takes next.

A life that was lived once must never be lived again, for two states of one store would give out the same ids
(sync.md 5). Known are: those written down here (from the file beside the store), those that have ops in the log,
those of which the office has confirmed something, the present one, and one of the office that laptops follow.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from gridworker.store.log.clock import INCARNATION_BITS, MAX_INCARNATION
from gridworker.store.log.log import Cursor, Log
from gridworker.store.meta import Meta
from gridworker.store.other_office import elsewhere
from gridworker.store.streams import Exchange

if TYPE_CHECKING:
    from gridworker.store.meta import Identity

LIVED = "lived"
"""In ``meta``: the lives known from outside the store."""
AHEAD = 8
"""An office that takes a life by chance takes one of the next so many: laptops tell its newer lives by that."""
FEW = 8
"""With so many lives left or fewer, the laptop asks for another number."""


def lived(cursor: Cursor, identity: "Identity") -> frozenset[int]:
    """The lives of this device that are known here."""
    devices = {*Log(cursor).newest(), *Exchange(cursor).marks(), identity.device}
    own = {device & MAX_INCARNATION for device in devices if device >> INCARNATION_BITS == identity.laptop}
    other = elsewhere(cursor, identity)
    told = other.lived(identity) if other else ()
    return frozenset(own.union(told, map(int, Meta(cursor).text(LIVED).split())))


def remember_lived(meta: Meta, lives: Collection[int]) -> None:
    """Write down which lives there were."""
    meta.set(LIVED, " ".join(map(str, sorted(lives))))


def lives_left(cursor: Cursor, identity: "Identity") -> int:
    """How many lives are left."""
    return MAX_INCARNATION + 1 - len(lived(cursor, identity))


def few_left(cursor: Cursor, identity: "Identity") -> int | None:
    """How many lives are left where these are few: the office is told, and gives the laptop a new number."""
    left = lives_left(cursor, identity)
    return left if left <= FEW else None


def next_life(
    identity: "Identity", known: Collection[int], choose: Callable[[Sequence[int]], int], after: int | None = None
) -> int:
    """A life that is not ``known``, as long as there is one.

    ``after``: these are surely all, and this is the last one. The next one is taken then; a copy at work elsewhere,
    which took one by chance, goes on from there. Otherwise one by chance: whoever puts the same old copy back twice
    must not live the same life twice. That of an office goes up, above all that are known: laptops follow the latest.
    """
    present = identity.incarnation
    free = [life for life in range(MAX_INCARNATION + 1) if life not in known]
    last = max(present, *known) if identity.is_office and known else present
    if after is not None and free:
        after = max(after, last) if identity.is_office else after
        return next((life for life in free if life > after), free[0])
    ahead = [life for life in free if life > last] or [life for life in free if life > present]
    # With none left, one of long ago is better than the present one, which has just been told to be another's too.
    return choose(
        (ahead[:AHEAD] if identity.is_office else [])
        or free
        or [life for life in range(MAX_INCARNATION + 1) if life != present]
    )
