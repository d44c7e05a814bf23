"""The emergency contacts of care that is in force, for a household and its people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection


class ContactRow(NamedTuple):
    """Whom a care file names; ``resident`` is None where the care is for all of a household."""

    id: int
    care: int
    resident: int | None
    name: str
    relation: str | None
    phones: str


def contacts(connection: "Connection", household: int, residents: Iterable[int], today: "date") -> list[ContactRow]:
    """By care file, in the order in which they were written down."""
    rows = connection.exec_driver_sql(
        "SELECT k.id, k.care_id, c.resident_id, k.name, k.relation, coalesce(k.phone, '') FROM care_membership c "
        "CROSS JOIN care_contact k ON k.care_id = c.id "
        "WHERE (c.household_id = ?1 OR c.resident_id IN (SELECT value FROM json_each(?2))) "
        "AND (c.end_on IS NULL OR c.end_on >= ?3) ORDER BY k.care_id, k.id",
        (household, id_list(residents), today.isoformat()),
    )
    return [ContactRow(*row) for row in rows]


def of_cares(connection: "Connection", cares: Iterable[int]) -> list[ContactRow]:
    """Those of some care files, in the order in which they were written down."""
    rows = connection.exec_driver_sql(
        "SELECT k.id, k.care_id, c.resident_id, k.name, k.relation, coalesce(k.phone, '') FROM care_contact k "
        "JOIN care_membership c ON c.id = k.care_id "
        "WHERE k.care_id IN (SELECT value FROM json_each(?)) ORDER BY k.id",
        (id_list(cares),),
    )
    return [ContactRow(*row) for row in rows]


def names(connection: "Connection", cares: Iterable[int]) -> dict[int, str]:
    """Those of some care files, in force or not, and what they are called."""
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(name, '') FROM care_contact WHERE care_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (id_list(cares),),
    )
    return {row[0]: row[1] for row in rows}
