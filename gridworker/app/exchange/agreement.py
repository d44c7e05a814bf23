"""Whether the laptops hold what the office holds: what was compared at the last exchange, and one line that says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gridworker.app.words.days import near_moment
from gridworker.store.log.clock import EPOCH
from gridworker.store.streams import Exchange
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.session import Session


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was compared with one laptop, or on a laptop with the office (``peer`` 0). ``agrees`` None: nothing yet."""

    peer: int
    agrees: bool | None
    at: datetime | None


def agreements(session: "Session") -> list[Agreement]:
    """The newest comparison with each peer; on a laptop only with the office as it is now.

    At an office that was put back nothing was compared: what its backup remembers is of another time.
    """
    from gridworker.sync.returning.life import is_settled

    if session.is_office and not is_settled(session.store):
        return []
    with session.store.cursor() as cursor:
        found = Exchange(cursor).agreements()
    if not session.is_office:
        found = [one._replace(peer=0) for one in found[-1:]]
    return [
        Agreement(
            one.peer,
            None if None in (one.own, one.other) else one.own == one.other,
            EPOCH + timedelta(milliseconds=one.at),
        )
        for one in found
    ]


def office_words(laptops: Sequence[int], found: Sequence[Agreement]) -> str:
    """One line about all laptops in use: all agree, or which differ; and how many have not been compared."""
    by_peer = {one.peer: one.agrees for one in found}
    differ = [laptop for laptop in laptops if by_peer.get(laptop) is False]
    same = [laptop for laptop in laptops if by_peer.get(laptop)]
    if differ:
        numbers = gettext(", ").join(str(laptop) for laptop in differ)
        return ngettext(
            "Laptop {numbers} differs from the office", "Laptops {numbers} differ from the office", len(differ)
        ).format(numbers=numbers)
    if not same:
        return ""
    if len(same) == len(laptops):
        return ngettext("{count} laptop agrees with the office", "All {count} laptops agree with the office",
                        len(same)).format(count=len(same))  # fmt: skip
    return gettext("{count} of {all} laptops agree, the others have not been compared").format(
        count=len(same), all=len(laptops)
    )


def laptop_words(found: Sequence[Agreement], today: date) -> str:
    """One line on a laptop."""
    for one in found:
        if one.at is not None and one.agrees is not None:
            words = gettext("Same as the office, {moment}") if one.agrees else gettext(
                "Not the same as the office, {moment}: hand over and receive once more")  # fmt: skip
            return words.format(moment=near_moment(one.at, today))
    return ""
