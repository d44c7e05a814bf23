"""The numbers that were given to records for people to quote."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gridworker.domain.moments import CHINA
from gridworker.domain.numbering import NUMBERED
from gridworker.store.log.clock import EPOCH, MS_SHIFT

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def given(connection: "Connection", kind: str, day: date) -> list[str]:
    """The numbers of the records of a kind made since a day began."""
    field, _ = NUMBERED[kind]
    rows = connection.exec_driver_sql(
        f"SELECT {field} FROM {kind} WHERE id >= ? AND {field} IS NOT NULL",
        (first_id(datetime.combine(day, time(), CHINA)),),
    )
    return [row[0] for row in rows.all()]


def first_id(since: datetime) -> int:
    """The least id that a record made since a moment may have: an id says when its record was made."""
    return max(int((since - EPOCH) / timedelta(milliseconds=1)), 0) << MS_SHIFT
