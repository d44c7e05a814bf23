"""What an open issue, need or agency request still needs: however old it is, retention leaves it until that is over."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from gridworker.domain.codes_need import CLOSED
from gridworker.domain.issue_flow import fold
from gridworker.domain.issue_steps import Step, step_of
from gridworker.store.log.log import id_list
from gridworker.store.queries.made import made_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_STEP = ("action", "at", "follows", "actor_id", "due_on", "satisfaction")


def steps(connection: "Connection", issues: str, values: tuple[object, ...]) -> dict[int, list[Step]]:
    """The steps of the issues that a statement selects, by issue."""
    rows = connection.exec_driver_sql(
        f"SELECT s.issue_id, s.id, s.action, coalesce(s.at, {made_at('s')}), s.follows, s.actor_id, s.due_on, "
        f"s.satisfaction FROM issue_step s WHERE s.issue_id IN ({issues}) ORDER BY s.issue_id",
        values,
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for issue, step, *told in rows:
        found[issue].append(step_of(step, dict(zip(_STEP, told, strict=True))))
    return found


def issues(connection: "Connection", records: Collection[int]) -> set[int]:
    """Those of some issues that are open still."""
    return _of_open_issues(connection, "SELECT id, id FROM issue WHERE id IN (SELECT value FROM json_each(?))", records)


def visits(connection: "Connection", records: Collection[int]) -> set[int]:
    """Those of some visits on which an issue was found that is open still."""
    return _of_open_issues(
        connection, "SELECT id, visit_id FROM issue WHERE visit_id IN (SELECT value FROM json_each(?))", records
    )


def households(connection: "Connection", records: Collection[int]) -> set[int]:
    """Those of some households with an issue, a need or an agency request that is open still."""
    wanted = id_list(records)
    held = _of_open_issues(
        connection, "SELECT id, household_id FROM issue WHERE household_id IN (SELECT value FROM json_each(?))", records
    )
    closed = ", ".join(f"'{code}'" for code in sorted(CLOSED))
    rows = connection.exec_driver_sql(
        "SELECT household_id FROM need WHERE household_id IN (SELECT value FROM json_each(?1)) "
        f"AND coalesce(status, '') NOT IN ({closed}) UNION SELECT household_id FROM service_request "
        "WHERE household_id IN (SELECT value FROM json_each(?1)) AND finished_on IS NULL",
        (wanted,),
    )
    return held | {row[0] for row in rows}


def residents(connection: "Connection", records: Collection[int]) -> set[int]:
    """Those of some people who are a party of an open issue, or whose household moved out and leaves something open."""
    wanted = id_list(records)
    held = _of_open_issues(
        connection,
        "SELECT i.id, p.resident_id FROM issue_party p JOIN issue i ON i.id = p.issue_id "
        "WHERE p.resident_id IN (SELECT value FROM json_each(?))",
        records,
    )
    rows = connection.exec_driver_sql(
        "SELECT m.resident_id, m.household_id FROM household_member m JOIN household h ON h.id = m.household_id "
        "WHERE h.status = 'moved_out' AND m.resident_id IN (SELECT value FROM json_each(?))",
        (wanted,),
    ).all()
    homes = households(connection, {row[1] for row in rows})
    return held | {row[0] for row in rows if row[1] in homes}


def _of_open_issues(connection: "Connection", statement: str, records: Iterable[int]) -> set[int]:
    """Those of some records that a statement finds issues of, one of them open: pairs of an issue and a record."""
    pairs = [tuple(row) for row in connection.exec_driver_sql(statement, (id_list(records),)).all()]
    taken = steps(connection, "SELECT value FROM json_each(?)", (id_list(issue for issue, _ in pairs),))
    return {record for issue, record in pairs if fold(taken.get(issue, ())).state.is_open}
