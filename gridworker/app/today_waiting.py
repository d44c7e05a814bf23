"""Issues nobody has acted on yet, each with its clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.app.today_view import WaitingView
from gridworker.domain.address import building_label, door_label
from gridworker.domain.codes_issue import CATEGORY
from gridworker.domain.deadline import first_action
from gridworker.domain.moments import moment
from gridworker.store.queries import today as rows
from gridworker.store.queries.open_issues import IssueRow, unanswered
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.database import Connection


def waiting(connection: "Connection", now: datetime, *, sharing: bool) -> tuple[WaitingView, ...]:
    """The issues without a first action, the shortest time left first."""
    issues = unanswered(connection)
    doors = rows.houses(connection, {issue.household for issue in issues if issue.household})
    blocks = rows.buildings(connection, {issue.building for issue in issues if issue.building})
    views = (_view(found, _place(found, doors, blocks, sharing=sharing), now, sharing=sharing) for found in issues)
    return tuple(sorted(views, key=lambda view: view.left))


def _view(row: IssueRow, place: str, now: datetime, *, sharing: bool) -> WaitingView:
    deadline = first_action(row.track, moment(row.reported_at), on_site=bool(row.on_site))
    category = CATEGORY.label(row.category)
    return WaitingView(
        issue=row.id,
        track=row.track or "",
        title=category if sharing else row.title,
        about=place if sharing else _about(category, place),
        left=int(deadline.left(now).total_seconds()),
        whole=int(deadline.limit.total_seconds()),
    )


def _about(category: str, place: str) -> str:
    return gettext("{kind}·{place}").format(kind=category, place=place) if place else category


def _place(row: IssueRow, doors: Mapping[int, rows.HouseRow], blocks: Mapping[int, str], *, sharing: bool) -> str:
    """Where it is; what was typed for it may name people, so where somebody looks on only the door."""
    if row.place and not sharing:
        return row.place
    house = doors.get(row.household) if row.household else None
    if house is not None:
        return door_label(house.building or "", house.unit, house.room)
    block = blocks.get(row.building) if row.building else None
    return building_label(block) if block else ""
