"""What a store holds about one person beyond the records that are about them alone."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NAMING = (("service_request", "received_by"), ("volunteer_service", "name"), ("post_assignment", "holder"))
"""Registers with a field for a name that need not be a resident's."""

FEW_MET = 8
"""People whom the engine looks for on visits; of more each visit that names anybody is looked at here."""


def visits_met(connection: "Connection", resident: int) -> list[int]:
    """Visits to their households on which they were met, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT v.id FROM household_member m CROSS JOIN visit v ON v.household_id = m.household_id "
        "WHERE m.resident_id = :resident AND ' ' || v.met || ' ' LIKE '% ' || :resident || ' %' "
        "ORDER BY v.started_at DESC, v.id DESC",
        {"resident": resident},
    )
    return [row[0] for row in rows.all()]


def visits_naming(
    connection: "Connection", resident: int, known_as: Collection[int], homes: Collection[int] = ()
) -> list[int]:
    """Visits that name somebody as met, oldest first.

    To the households they belong to or head under any of some numbers, and to ``homes``.
    """
    rows = connection.exec_driver_sql(
        "WITH who AS (SELECT value FROM json_each(?1)), home AS ("
        "SELECT household_id AS id FROM household_member WHERE resident_id IN who "
        "UNION SELECT id FROM household WHERE head_id IN who UNION SELECT value FROM json_each(?3)) "
        "SELECT v.id FROM home CROSS JOIN visit v ON v.household_id = home.id "
        "WHERE ' ' || v.met || ' ' LIKE '% ' || ?2 || ' %' ORDER BY v.id",
        (id_list(known_as), resident, id_list(homes)),
    )
    return [row[0] for row in rows.all()]


def met_on(
    connection: "Connection", residents: Collection[int], visits: Collection[int] | None = None
) -> dict[int, list[int]]:
    """By resident all visits that name them as met, whoever's they are; of some visits, or by a walk through all.

    The walk is the engine's: of a million visits it hands over in vain what has the digits of one in another's number.
    """
    wanted = {str(one): one for one in residents}
    found: dict[int, list[int]] = {}
    if not wanted:
        return found
    among = "" if visits is None else "AND id IN (SELECT value FROM json_each(?))"
    naming = " OR ".join(["instr(met, ?)"] * len(wanted)) if len(wanted) <= FEW_MET else "met IS NOT NULL"
    cursor = raw_cursor(connection)
    cursor.execute(
        f"SELECT id, met FROM visit WHERE ({naming}) {among} ORDER BY id",
        (*(wanted if len(wanted) <= FEW_MET else ()), *(() if visits is None else (id_list(visits),))),
    )
    for visit, met in iter(cursor.fetchone, None):
        for one in wanted.keys() & met.split():
            found.setdefault(wanted[one], []).append(visit)
    return found


def parties(connection: "Connection", resident: int) -> list[int]:
    """Where they are a party of an issue, oldest first."""
    rows = connection.exec_driver_sql("SELECT id FROM issue_party WHERE resident_id = ? ORDER BY id", (resident,))
    return [row[0] for row in rows.all()]


def named_in_registers(connection: "Connection", resident: int) -> list[tuple[str, int]]:
    """Entries of registers that name them in full, by kind and id, oldest first.

    None where somebody else here has the same name: whose the entry is nobody could tell, and it is not to be shown to
    the wrong one.
    """
    alike = "SELECT name FROM resident WHERE name = (SELECT name FROM resident WHERE id = ?)"
    names = [tuple(row) for row in connection.exec_driver_sql(alike, (resident,)).all()]
    if len(names) != 1:
        return []
    return [
        (kind, row[0])
        for kind, field in _NAMING
        for row in connection.exec_driver_sql(f'SELECT id FROM {kind} WHERE "{field}" = ? ORDER BY id', names[0]).all()
    ]


def looks(connection: "Connection", records: Collection[int]) -> list[tuple[str, str, int | None]]:
    """When and how somebody looked at their records or handed them out: moment, action, staff; newest first."""
    rows = connection.exec_driver_sql(
        "SELECT at, action, staff_id FROM audit_event WHERE record IN (SELECT value FROM json_each(?)) "
        "AND action IN ('reveal', 'export', 'print') ORDER BY at DESC, id DESC",
        (id_list(records),),
    )
    return [(row[0], row[1], row[2]) for row in rows.all()]
