"""Whether a visit was left half written: for the unlock page when it was kept, and for after it where to go on.

Noted among the preferences as the store is closed, for nothing can be read in it while it is locked; it says nothing
about anybody.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.gui import background
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.gui.desk import Desk
    from gridworker.gui.preferences import Preferences

_VISIT = "visit:"
"""How drafts of visits are named."""


def note_parked(ws: "Workspace", preferences: "Preferences", household: int | None = None) -> None:
    """Note when the newest was kept, or that there is none; saved with the rest.

    ``household`` is the one whose visit was on screen as the window was locked.
    """
    kept = ws.drafts.all(_VISIT) if ws.session.knows("CREATE VISITS") else []
    preferences.parked = kept[0].kept_at.isoformat() if kept else ""
    preferences.midway = household is not None and bool(kept) and kept[0].name == f"{_VISIT}{household}"


def way_on(ws: "Workspace", preferences: "Preferences", now: datetime) -> Callable[["Desk"], None]:
    """How to go on with the visit that the lock came into, by whoever wrote it and on that day; else it does nothing.

    To be asked before the note is cleared.
    """
    mine = preferences.midway and preferences.last == ws.people_here.own_slot and ws.session.knows("CREATE VISITS")
    kept = datetime.fromisoformat(preferences.parked) if mine and preferences.parked else None
    if kept is None or kept.astimezone(now.tzinfo).date() != now.date():
        return lambda _desk: None

    def go_on(desk: "Desk") -> None:
        def found(household: int | None) -> None:
            if household is not None:
                desk.open("visit", household)

        background.run(ws.visits.newest, done=found, owner=desk)

    return go_on


def parked_words(preferences: "Preferences", slots: Iterable[str], now: datetime) -> str:
    """When it was kept, in words; empty for none, and for a store that is not the one that was closed last."""
    if not preferences.parked or preferences.last not in slots:
        return ""
    from gridworker.app.words.days import near_moment

    moment = near_moment(datetime.fromisoformat(preferences.parked), now.date())
    return gettext("Kept {moment}").format(moment=moment)


def cut_short_words() -> str:
    """What to say at the unlock page after a lock that ended what was being written: a line, and more."""
    more = gettext(
        "It is saved whole or not at all: look whether it is there, and do it once more if not. Bundles can be taken "
        "in again, and an erasure goes on by itself."
    )
    return "\n".join((gettext("What was being saved was cut short by the lock."), more))
