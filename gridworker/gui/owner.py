"""Whose window it is: the community, the grid or the office, and the person at the keyboard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Owner:
    """What stands at the top of the sidebar and in the title."""

    community: str
    about: str
    place: str = ""
    """Community and grid, for the window's title and the locked screen: no person's name."""
    sample: bool = False


def owner_of(ws: "Workspace") -> Owner:
    """Read it from an open store. What a store does not know yet is left out."""
    communities = ws.records.page("community", limit=1)
    community = communities[0].caption if communities else "Gridworker"
    if ws.session.is_office:
        unit = str(communities[0].values.get("office_name") or "") if communities else ""
    else:
        unit = gettext(", ").join(ws.records.show("grid", grid).caption for grid in ws.session.grids()[:3])
    staff = ws.records.show("staff", ws.session.who).caption
    about = gettext("{place} · {person}").format(place=unit, person=staff) if unit else staff
    place = gettext("{community} · {unit}").format(community=community, unit=unit) if unit else community
    return Owner(community, about, place, sample=ws.session.is_sample)
