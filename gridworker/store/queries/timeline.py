"""What happened at one household: visits, what was done about issues, and the history of its records."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.household_life import SHARED_FLAT
from gridworker.store.engine.database import raw_cursor
from gridworker.store.history import Event, histories
from gridworker.store.log.log import id_list
from gridworker.store.queries.made import made_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class VisitRow(NamedTuple):
    """A visit or an attempt as the timeline shows it."""

    id: int
    at: str
    outcome: str
    kind: str
    channel: str
    note: str | None
    words: str | None
    checks: str | None
    visitor: str | None


class StepRow(NamedTuple):
    """One thing done about an issue."""

    id: int
    issue: int
    action: str
    at: str
    note: str | None
    to_org: str | None
    satisfaction: str | None
    actor: str | None


def visits(connection: "Connection", household: int) -> list[VisitRow]:
    """All visits and attempts at a household, newest first."""
    rows = connection.exec_driver_sql(
        f"SELECT v.id, coalesce(v.started_at, {made_at('v')}) AS at, coalesce(v.outcome, ''), "
        "coalesce(v.visit_kind, ''), coalesce(v.channel, ''), "
        "v.situation_note, v.resident_words, v.home_checks, s.name FROM visit v LEFT JOIN staff s "
        "ON s.id = v.visitor_id WHERE v.household_id = ? ORDER BY at DESC",
        (household,),
    )
    return [VisitRow(*row) for row in rows]


def raised(connection: "Connection", household: int) -> list[tuple[int, str, int]]:
    """What visits at a household brought up: by visit the kind and the record, oldest first.

    A need says no visit: it is one of the day, told on a visit (as in the ledger of visits).
    """
    rows = connection.exec_driver_sql(
        "SELECT v.id, 'issue', i.id FROM issue i JOIN visit v ON v.id = i.visit_id WHERE i.household_id = ?1 "
        "UNION ALL SELECT v.id, 'need', n.id FROM need n JOIN visit v ON v.household_id = n.household_id "
        "AND n.raised_on = date(v.started_at, '+8 hours') WHERE n.household_id = ?1 AND n.source_channel = 'visit' "
        "ORDER BY 3",
        (household,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def steps(connection: "Connection", issues: Iterable[int]) -> list[StepRow]:
    """What was done about issues, newest first."""
    rows = connection.exec_driver_sql(
        f"SELECT t.id, t.issue_id, t.action, coalesce(t.at, {made_at('t')}) AS at, t.note, t.to_org, t.satisfaction, "
        "s.name FROM json_each(?) w "
        "CROSS JOIN issue_step t ON t.issue_id = w.value LEFT JOIN staff s ON s.id = t.actor_id ORDER BY at DESC",
        (id_list(issues),),
    )
    return [StepRow(*row) for row in rows]


def changes(connection: "Connection", records: Iterable[int]) -> dict[int, list[Event]]:
    """The history of several records, newest first, by record."""
    return histories(raw_cursor(connection), records)


class SharerRow(NamedTuple):
    """Tenants behind a door, and what their head is called."""

    household: int
    name: str
    dwelling: int


def sharers(connection: "Connection", household: int) -> list[SharerRow]:
    """Tenants behind the door of a household who are on the books since after it."""
    rows = connection.exec_driver_sql(
        "SELECT o.id, coalesce(r.name, o.head_name, ''), o.dwelling_id FROM household h CROSS JOIN household o "
        "ON o.dwelling_id = h.dwelling_id AND o.id > h.id LEFT JOIN resident r ON r.id = o.head_id "
        "WHERE h.id = ? AND o.living_arrangement = ? ORDER BY o.id",
        (household, SHARED_FLAT),
    )
    return [SharerRow(*row) for row in rows]


def staff_names(connection: "Connection", ids: Iterable[int]) -> dict[int, str]:
    """Names of staff by id."""
    rows = connection.exec_driver_sql(
        "SELECT id, name FROM staff WHERE id IN (SELECT value FROM json_each(?))", (id_list(ids),)
    )
    return {row[0]: row[1] or "" for row in rows}
