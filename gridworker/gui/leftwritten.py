"""Whether a visit was left half written, for the unlock page: when it was kept, and nothing about anybody.

Noted among the preferences as the store is closed, for nothing can be read in it while it is locked.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.gui.preferences import Preferences

_VISIT = "visit:"
"""How drafts of visits are named."""


def note_parked(ws: "Workspace", preferences: "Preferences") -> None:
    """Note when the newest was kept, or that there is none; saved with the rest."""
    kept = ws.drafts.all(_VISIT) if ws.session.knows("CREATE VISITS") else []
    preferences.parked = kept[0].kept_at.isoformat() if kept else ""


def parked_words(preferences: "Preferences", slots: Iterable[str], now: datetime) -> str:
    """When it was kept, in words; empty for none, and for a store that is not the one that was closed last."""
    if not preferences.parked or preferences.last not in slots:
        return ""
    from gridworker.app.days import near_moment

    moment = near_moment(datetime.fromisoformat(preferences.parked), now.date())
    return gettext("Kept {moment}").format(moment=moment)
