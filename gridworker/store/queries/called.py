"""What households are called that have no number: their door and their head."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class CalledRow(NamedTuple):
    """A household's door by its parts, and its head."""

    household: int
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None
    head: str | None


def called(connection: "Connection", households: Iterable[int]) -> list[CalledRow]:
    """Some households, whatever their status; those without a door have no parts of one."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, b.estate_name, b.building_name, d.unit_no, d.room_no, coalesce(r.name, h.head_name) "
        "FROM json_each(?) w CROSS JOIN household h ON h.id = w.value LEFT JOIN dwelling d ON d.id = h.dwelling_id "
        "LEFT JOIN building b ON b.id = d.building_id LEFT JOIN resident r ON r.id = h.head_id",
        (id_list(households),),
    )
    return [CalledRow(*row) for row in rows]
