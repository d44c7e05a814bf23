"""Issues nobody has acted on yet, each with its clock."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.app.due.today_view import WaitingIssues, WaitingView
from gridworker.app.issue.book import Part
from gridworker.app.issue.standing import tick_of
from gridworker.domain.address import building_label, door_label
from gridworker.domain.codes_issue import CATEGORY
from gridworker.domain.deadline import first_action
from gridworker.domain.moments import moment
from gridworker.store.queries import today as rows
from gridworker.store.queries.open_issues import IssueRow, issues
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


@dataclass(frozen=True, slots=True)
class _Places:
    """Where issues are, in words. ``sharing``: somebody looks on."""

    doors: Mapping[int, rows.HouseRow]
    blocks: Mapping[int, str]
    sharing: bool

    def place(self, row: IssueRow) -> str:
        """What was typed for it may name people, so where somebody looks on only the door."""
        if row.place and not self.sharing:
            return row.place
        house = self.doors.get(row.household) if row.household else None
        if house is not None:
            return door_label(house.building or "", house.unit, house.room)
        block = self.blocks.get(row.building) if row.building else None
        return building_label(block) if block else ""


SHOWN = 20
"""More than the page shows; the counts speak of all."""


def waiting(connection: "Connection", now: datetime, clocks: Part, *, sharing: bool) -> WaitingIssues:
    """The issues without a first action. ``clocks``: all of them, the shortest time left first.

    Those that are gone since these were told are passed over.
    """
    late = bisect_right(clocks.column("late"), tick_of(now) + 1)  # when its time is up it is not late yet
    told = clocks.issues[:SHOWN], clocks.issues[late : late + 1]
    known = {issue.id: issue for issue in issues(connection, {one for some in told for one in some})}
    first, running = ([one for one in some if one in known] for some in told)
    doors = rows.houses(connection, {issue.household for issue in known.values() if issue.household})
    blocks = rows.buildings(connection, {issue.building for issue in known.values() if issue.building})
    places = _Places(doors, blocks, sharing)
    views = [_view(known[one], places, now) for one in (*first, *running)]
    return WaitingIssues(len(clocks), late, tuple(views[: len(first)]), views[-1] if running else None)


def _view(row: IssueRow, places: _Places, now: datetime) -> WaitingView:
    category = CATEGORY.label(row.category)
    deadline = first_action(row.track, moment(row.reported_at), on_site=bool(row.on_site))
    return WaitingView(
        issue=row.id,
        track=row.track or "",
        title=category if places.sharing else row.called,
        about=places.place(row) if places.sharing else _about(category, places.place(row)),
        left=int(deadline.left(now).total_seconds()),
        whole=int(deadline.limit.total_seconds()),
    )


def _about(category: str, place: str) -> str:
    return gettext("{kind}·{place}").format(kind=category, place=place) if place else category
