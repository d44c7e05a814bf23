"""What the visit form reads: the visits before, who came and went meanwhile, whether it is written down already."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.moments import local_day
from gridworker.store.queries.made import made_at
from gridworker.store.queries.numbers import first_id

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class PastRow(NamedTuple):
    """A visit or an attempt before this one."""

    at: str
    outcome: str
    channel: str
    met: str | None
    note: str | None
    checks: str | None
    visit: int
    visitor: int | None


def past(connection: "Connection", household: int, limit: int = 60) -> list[PastRow]:
    """The last visits and attempts at a household, newest first."""
    rows = connection.exec_driver_sql(
        f"SELECT coalesce(v.started_at, {made_at('v')}) AS at, coalesce(v.outcome, ''), coalesce(v.channel, ''), "
        "v.met, v.situation_note, v.home_checks, v.id, v.visitor_id FROM visit v WHERE v.household_id = ? "
        "ORDER BY at DESC, v.id DESC LIMIT ?",
        (household, limit),
    )
    return [PastRow(*row) for row in rows.all()]


def roster_changes(connection: "Connection", household: int, since: datetime) -> list[str]:
    """How people came into a household since a moment, and how they left it on that day: codes, each once."""
    rows = connection.exec_driver_sql(
        "SELECT came_by FROM household_member WHERE household_id = :home AND id >= :first AND came_by IS NOT NULL "
        "UNION SELECT left_by FROM household_member WHERE household_id = :home AND valid_to = :day "
        "AND left_by IS NOT NULL",
        {"home": household, "first": first_id(since), "day": local_day(since).isoformat()},
    )
    return [row[0] for row in rows.all()]


def written_down(connection: "Connection", household: int, started_at: str) -> int:
    """How many visits at a household began at this second: one form makes one."""
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM visit WHERE household_id = ? AND started_at = ?", (household, started_at)
        ).scalar_one()
    )
