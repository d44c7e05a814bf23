"""The needs of a household."""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.codes_need import CLOSED

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class NeedRow(NamedTuple):
    """One need of a household."""

    id: int
    title: str
    kind: str | None
    status: str | None
    urgency: str | None
    raised_on: str | None
    rank: int | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status not in CLOSED


def needs(connection: "Connection", household: int) -> list[NeedRow]:
    """All of a household, the first in the queue first; those nobody ranked come after, by their day."""
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(title, ''), need_kind, status, urgency, raised_on, rank FROM need WHERE household_id = ? "
        "ORDER BY rank IS NULL, rank, raised_on, id",
        (household,),
    )
    return [NeedRow(*row) for row in rows]
