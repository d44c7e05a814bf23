"""That two computers are at work as the office: said to whoever sits at the one that laptops follow no more."""

from datetime import timedelta
from typing import TYPE_CHECKING

from gridworker.app.words.days import short_day
from gridworker.domain.moments import local_day
from gridworker.store.log.clock import EPOCH
from gridworker.store.meta import Meta
from gridworker.store.other_office import elsewhere
from gridworker.store.streams import Exchange
from gridworker.sync.format.states import MERGED
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.session import Session

LOOKED_BACK = 50
"""Replies among which a laptop looks for the last one it took in: others were only noted after it was set back."""


def other_office_words(session: "Session") -> str:
    """What is the matter and what to do; empty where nothing tells of another office."""
    if not session.is_office:
        return _at_laptop(session)
    with session.store.cursor() as cursor:
        other = elsewhere(cursor, session.store.identity)
    if other is None:
        return ""
    day = short_day(local_day(EPOCH + timedelta(milliseconds=other.at)), session.today())
    numbers = gettext(", ").join(str(laptop) for laptop in other.laptops)
    return ngettext(
        "Another computer has been at work as the office, since {day} or longer (laptop {numbers} says so). Do not go "
        "on here: what laptops write is handed in there and may be missing here. Work on that computer, and enter "
        "there what was written here since. If this computer is to be the office instead, stop work on the other one, "
        "back up here and put that backup back here: laptops then follow this one.",
        "Another computer has been at work as the office, since {day} or longer (laptops {numbers} say so). Do not go "
        "on here: what laptops write is handed in there and may be missing here. Work on that computer, and enter "
        "there what was written here since. If this computer is to be the office instead, stop work on the other one, "
        "back up here and put that backup back here: laptops then follow this one.",
        len(other.laptops),
    ).format(day=day, numbers=numbers)


def _at_laptop(session: "Session") -> str:
    """Whether the last reply is of an office in the place of which this laptop knows a later one."""
    with session.store.cursor() as cursor:
        replies = Exchange(cursor).bundles(outgoing=False, limit=LOOKED_BACK)
        newest = Meta(cursor).number("office_device")
    last = next((reply.peer for reply in replies if reply.state == MERGED), newest)
    if last >= newest:
        return ""
    return gettext(
        "The last reply is from an office that was put back on another computer since, or from before that. Ask the "
        "office which computer is in use; whether this laptop has the same as the office is not known."
    )
