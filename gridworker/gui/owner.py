"""Whose window it is: the community, the grid or the office, and the person at the keyboard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.errors import Problem
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
    covered: Problem | None = None
    """Why share mode stays on, for who may see people masked only."""
    only_shows: Problem | None = None
    """Who writes in another window instead of this one, or that the person at the keyboard is not at work any more."""


def owner_of(ws: "Workspace") -> Owner:
    """Read it from an open store. What a store does not know yet is left out."""
    communities = ws.records.page("community", limit=1) if ws.session.knows("READ AREAS") else []
    community = communities[0].caption if communities else "Gridworker"
    if ws.session.is_office:
        unit = str(communities[0].values.get("office_name") or "") if communities else ""
    elif not communities:
        unit = ""
    else:
        unit = gettext(", ").join(ws.records.show("grid", grid).caption for grid in ws.session.grids()[:3])
    staff = ws.session.person
    about = gettext("{place} · {person}").format(place=unit, person=staff) if unit else staff
    place = gettext("{community} · {unit}").format(community=community, unit=unit) if unit else community
    masked = ws.session.knows("MASKED PEOPLE") and not ws.session.knows("READ PEOPLE")
    covered = ws.session.refusal("READ PEOPLE") if masked else None
    only_shows = ws.session.writing_elsewhere or _not_at_work(ws)
    return Owner(community, about, place, sample=ws.session.is_sample, covered=covered, only_shows=only_shows)


def _not_at_work(ws: "Workspace") -> Problem | None:
    """Who left, or has no role, may open nothing: an empty window alone would look like lost data."""
    if ws.session.role is not None:
        return None
    return Problem(
        "{name} is not at work here any more, so no page opens. Nothing is lost: the community office can give a role "
        "back.",
        name=ws.session.person,
    )
