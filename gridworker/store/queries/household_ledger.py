"""The rows of the household ledger."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log import chunks, id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class LedgerRow(NamedTuple):
    """One household as the ledger has it."""

    household: int
    grid: str | None
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None
    household_no: str | None
    head: str | None
    phone: str | None
    residence: str | None
    arrangement: str | None
    people: int
    status: str | None


def ledger(connection: "Connection", households: Iterable[int], today: date) -> list[LedgerRow]:
    """Rows by household, in no order."""
    found: list[LedgerRow] = []
    for part in chunks(households):
        rows = connection.exec_driver_sql(
            "SELECT h.id, g.name, b.estate_name, b.building_name, d.unit_no, d.room_no, h.household_no, "
            "coalesce(r.name, h.head_name), h.contact_phone, h.residence_status, h.living_arrangement, "
            "coalesce((SELECT nullif(count(*), 0) FROM household_member m WHERE m.household_id = h.id "
            "AND m.lives_here IS NOT 0 AND (m.valid_to IS NULL OR m.valid_to >= :today)), h.people_count, 0), h.status "
            "FROM json_each(:wanted) w CROSS JOIN household h ON h.id = w.value "
            "LEFT JOIN resident r ON r.id = h.head_id LEFT JOIN dwelling d ON d.id = h.dwelling_id "
            "LEFT JOIN building b ON b.id = d.building_id LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id)",
            {"wanted": id_list(part), "today": today.isoformat()},
        )
        found += [LedgerRow(*row) for row in rows]
    return found
