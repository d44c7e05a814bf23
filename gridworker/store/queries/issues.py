"""What the issues page reads: every issue something is still to be done about, and the closed ones page by page."""

from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING

from gridworker.store.clock import EPOCH, MS_SHIFT

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def numbers_since(connection: "Connection", day: date, zone: tzinfo) -> list[str]:
    """The numbers of the issues made since a day began in a zone; an id says when its record was made."""
    start = datetime.combine(day, time(), zone)
    first = max(int((start - EPOCH).total_seconds()), 0) * 1000 << MS_SHIFT
    rows = connection.exec_driver_sql("SELECT issue_no FROM issue WHERE id >= ? AND issue_no IS NOT NULL", (first,))
    return [row[0] for row in rows]
