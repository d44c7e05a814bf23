"""Bundles that came and could not be read: remembered, and named among what is missing until what was in them came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gridworker.app.exchange.views import FORMER, Merged, Missing
from gridworker.errors import BundleAltered, NotForUs
from gridworker.store.log.clock import EPOCH, INCARNATION_BITS

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.sync.post import Post
    from gridworker.sync.unread import Nameless, Noted


def note_unread(post: "Post", results: Sequence[Merged], now: datetime) -> None:
    """Remember what did not check, once all is in: what it was to bring may have come together with it.

    Of what nobody here waits for nothing is remembered.
    """
    for result in results:
        if isinstance(result.problem, BundleAltered | NotForUs) and not result.left:
            post.note_unread(result.file, now, is_ours=isinstance(result.problem, BundleAltered))


def with_unread(
    session: "Session", missing: "Sequence[Missing]", noted: "Sequence[Noted]", nameless: "Nameless | None"
) -> list[Missing]:
    """What never came, and what came and could not be read; of what is both, that it came."""
    found = {(one.laptop, one.n, one.office): one for one in missing}
    for note in noted:
        life = note.office if session.is_office else session.store.identity.device
        office = FORMER if life != session.store.identity.device else ""
        place = (note.device >> INCARNATION_BITS, note.n, office)
        known = found.get(place, Missing(*place[:2], written=None, covered=False, office=office))
        found[place] = replace(known, covered=False, came=_moment(note.at))
    last = [Missing(None, None, None, covered=False, came=_moment(nameless.at))] if nameless else []
    return [*found.values(), *last]


def _moment(at: int) -> datetime | None:
    return EPOCH + timedelta(milliseconds=at) if at else None
