"""Issues nobody has acted on yet, each with its clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gridworker.app.due.today_view import WaitingIssues, WaitingView
from gridworker.domain.address import building_label, door_label
from gridworker.domain.codes_issue import CATEGORY
from gridworker.domain.deadline import Deadline, first_action
from gridworker.domain.moments import moment
from gridworker.store.queries import today as rows
from gridworker.store.queries.open_issues import ClockRow, IssueRow, issues, unanswered
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


_NOTHING = timedelta(0)

SHOWN = 20
"""More than the page shows; the counts speak of all."""


def waiting(connection: "Connection", now: datetime, *, sharing: bool) -> WaitingIssues:
    """The issues without a first action, the shortest time left first."""
    clocks = sorted(((_deadline(row), row.id) for row in unanswered(connection)), key=lambda one: one[0].left(now))
    running = next((one for one in clocks if one[0].left(now) > _NOTHING), None)
    first = [*clocks[:SHOWN], *([running] if running else [])]
    known = {issue.id: issue for issue in issues(connection, {id for _, id in first})}
    shown = [(deadline, known[id]) for deadline, id in first]
    doors = rows.houses(connection, {issue.household for _, issue in shown if issue.household})
    blocks = rows.buildings(connection, {issue.building for _, issue in shown if issue.building})
    places = _Places(doors, blocks, sharing)
    views = [_view(issue, deadline, places, now) for deadline, issue in shown]
    return WaitingIssues(
        len(clocks),
        sum(deadline.left(now) <= _NOTHING for deadline, _ in clocks),
        tuple(views[: len(clocks[:SHOWN])]),
        views[-1] if running else None,
    )


def _deadline(issue: ClockRow) -> Deadline:
    return first_action(issue.track, moment(issue.reported_at), on_site=bool(issue.on_site))


def _view(row: IssueRow, deadline: Deadline, places: _Places, now: datetime) -> WaitingView:
    category = CATEGORY.label(row.category)
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
