"""Whose households those records are that the journal brought (``news.py``)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def owners(
    connection: "Connection", kind: str, records: Collection[int], *, person: bool
) -> dict[int, tuple[int | None, int | None]]:
    """The household and the person that records of a kind name; those not there are left out."""
    other = "resident_id" if person else "NULL"
    rows = connection.exec_driver_sql(
        f'SELECT id, household_id, {other} FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))',
        (id_list(records),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def lived_in(connection: "Connection", people: Collection[int]) -> set[int]:
    """The households that people belong to or belonged to."""
    rows = connection.exec_driver_sql(
        "SELECT household_id FROM household_member WHERE household_id IS NOT NULL "
        "AND resident_id IN (SELECT value FROM json_each(?))",
        (id_list(people),),
    )
    return {row[0] for row in rows}


def any_leads(connection: "Connection", people: Collection[int]) -> bool:
    """Whether anybody of these is head of a household."""
    found = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM household WHERE head_id IN (SELECT value FROM json_each(?)))", (id_list(people),)
    )
    return bool(found.scalar_one())
