"""By how much a clock is wrong at least, told by what could not be otherwise (sync.md 1, 4).

A bundle is written before it is taken in, and after the bundles its writer had taken in by then. Bundles lie about for
days, so a clock may be wrong by more than this tells; of two clocks that are right neither is said to be wrong.

Nothing is refused by it: it is shown, and the office may correct it (store/log/corrected.py).
"""

from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.store.health.lives import leave_wrong_time
from gridworker.store.log.clock import ABSORB_MS, EPOCH, LATEST_MS, OFFICE, ms_of
from gridworker.store.log.corrected import Corrections

if TYPE_CHECKING:
    from gridworker.store.store import Store
    from gridworker.store.streams import Exchange
    from gridworker.sync.format.header import Header

TOLERANCE_MS = ABSORB_MS
"""Two clocks that run like this beside each other do no harm, and ours follows others as far."""


def of_laptop(exchange: "Exchange", header: "Header", now: int) -> int:
    """At the office: seconds by which a laptop's clock is ahead (less than 0: behind), for all a bundle tells.

    What it wrote may be ahead where its clock was set right again: its times only ever go up. ``now``: ms of EPOCH.
    Told as far as its ids followed it, for a correction is about them.
    """
    written = min(_ms(header), LATEST_MS)
    ahead = max(written, ms_of(header.upto)) - now
    if ahead > TOLERANCE_MS:
        return ahead // 1000
    had = exchange.bundle(bytes.fromhex(header.got[-1])) if header.got else None
    behind = had.at - written if had is not None else 0
    return -(behind // 1000) if behind > TOLERANCE_MS else 0


def of_own(exchange: "Exchange", header: "Header", now: int) -> int:
    """On a laptop: the same of its own clock, for all a reply of the office tells."""
    written = _ms(header)
    if written - now > TOLERANCE_MS:
        return -((written - now) // 1000)
    own = (exchange.bundle(bytes.fromhex(one.hash)) for one in header.came)
    ahead = max((row.at - written for row in own if row is not None and row.outgoing), default=0)
    return ahead // 1000 if ahead > TOLERANCE_MS else 0


def heed_correction(store: "Store") -> None:
    """On a laptop: once the office has corrected its times and its clock is right again, go on by that clock.

    Its times only ever go up, so those of this life would stay wrong for ever; a new life begins at the clock.
    """
    if store.identity.laptop == OFFICE:
        return
    with store.cursor() as cursor:
        corrected = Corrections.of(cursor).covers(store.newest)
    if corrected and ms_of(store.newest) - store.wall_ms() > TOLERANCE_MS:
        leave_wrong_time(store)


def _ms(header: "Header") -> int:
    return int((datetime.fromisoformat(header.time) - EPOCH).total_seconds() * 1000)
