"""On a laptop: that records which left its grids are still here, and what they wait for before they go."""

from typing import TYPE_CHECKING

from gridworker.store.departed import Departed
from gridworker.store.records import kind_named
from gridworker.store.streams import kinds_of
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.session import Session


def still_here_words(session: "Session") -> str:
    """How many, in households where there are any; empty where all that left is gone, and at the office."""
    if session.is_office:
        return ""
    with session.store.cursor() as cursor:
        here = Departed(cursor).here()
        kinds = kinds_of(cursor, here) if here else {}
    if not kinds:
        return ""
    households = sum(kind == kind_named("household").kind.number for kind in kinds.values())
    if households:
        left = ngettext(
            "{count} household that left this laptop's grids is still here, for reading only.",
            "{count} households that left this laptop's grids are still here, for reading only.",
            households,
        )
    else:
        left = ngettext(
            "{count} record that left this laptop's grids is still here, for reading only.",
            "{count} records that left this laptop's grids are still here, for reading only.",
            len(kinds),
        )
    goes = gettext(
        "What left goes by itself: first the office has to have all that was written here in a backup, and then say so "
        "in a reply."
    )
    return " ".join((left.format(count=households or len(kinds)), goes))
