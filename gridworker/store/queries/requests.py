"""What the office does for the households of a building, as the door matrix is coloured by it."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class RequestRow(NamedTuple):
    """One agency request of a household that lives there now."""

    household: int
    item: str
    requested_on: str
    done: bool


def requests_of(connection: "Connection", building: int) -> list[RequestRow]:
    """Those of a building, the oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, trim(coalesce(r.item, '')), coalesce(r.requested_on, ''), r.finished_on IS NOT NULL "
        "FROM dwelling d JOIN household h ON h.dwelling_id = d.id AND h.status IS NOT 'moved_out' "
        "JOIN service_request r ON r.household_id = h.id WHERE d.building_id = ? ORDER BY r.requested_on, r.id",
        (building,),
    )
    return [RequestRow(household, item, day, bool(done)) for household, item, day, done in rows]
