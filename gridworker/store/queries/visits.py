"""What the visit form reads: the visits before, the numbers given today, whether a visit is written down already."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.moments import CHINA
from gridworker.store.clock import EPOCH, MS_SHIFT

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


def past(connection: "Connection", household: int, limit: int = 60) -> list[PastRow]:
    """The last visits and attempts at a household, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT started_at, coalesce(outcome, ''), coalesce(channel, ''), met, situation_note, home_checks FROM visit "
        "WHERE household_id = ? AND started_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT ?",
        (household, limit),
    )
    return [PastRow(*row) for row in rows.all()]


def numbers_given(connection: "Connection", day: date) -> list[str]:
    """The numbers of the visits written down since a day began; an id says when its record was made."""
    start = datetime.combine(day, time(), CHINA)
    first = max(int((start - EPOCH) / timedelta(milliseconds=1)), 0) << MS_SHIFT
    rows = connection.exec_driver_sql("SELECT visit_no FROM visit WHERE id >= ? AND visit_no IS NOT NULL", (first,))
    return [row[0] for row in rows.all()]


def written_down(connection: "Connection", household: int, started_at: str) -> int:
    """How many visits at a household began at this second: one form makes one."""
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM visit WHERE household_id = ? AND started_at = ?", (household, started_at)
        ).scalar_one()
    )
