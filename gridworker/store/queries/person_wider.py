"""What a store holds that concerns one person with others: their household, what happened there, who else there is."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Privacy, Type
from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.person import visits_met

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OF_ALL = frozenset({
    "contact_preference", "access_need", "remark", "title", "answer", "item", "materials", "reason_note", "place_text",
    "reason", "to_address", "content",
})  # fmt: skip
"""Free text about the household as a whole: it is theirs as much as the others'."""

_THEN = (
    "household_member m CROSS JOIN {table} t ON t.household_id = m.household_id WHERE m.resident_id = :resident "
    "AND (m.valid_from IS NULL OR date({day}) >= m.valid_from) AND (m.valid_to IS NULL OR date({day}) <= m.valid_to)"
)
"""What is dated and lies in the time they belonged to the household."""

_DATED = (
    ("care_membership", "t.start_on"), ("consent", "t.given_on"), ("need", "t.raised_on"),
    ("service_request", "t.requested_on"), ("visit", "datetime(t.started_at, '+8 hours')"),
    ("issue", "datetime(t.reported_at, '+8 hours')"), ("volunteer_service", "t.day"),
    ("handover_request", "datetime(t.asked_at, '+8 hours')"),
)  # fmt: skip

_FOR_ALL = {
    "issue": "AND t.visibility IS NOT 'office' AND NOT EXISTS (SELECT 1 FROM issue_party p WHERE p.issue_id = t.id) ",
    "care_membership": "AND t.resident_id IS NULL ",
    "consent": "AND t.resident_id IS NULL ",
}
"""Of the household as a whole: no issue between others or that is not for everybody to see, nothing of one other."""

_SEEN = (
    "SELECT DISTINCT a.id FROM household_member m CROSS JOIN attachment a ON a.household_id = m.household_id "
    f"WHERE m.resident_id = :resident AND {belongs()} AND (m.valid_from IS NULL OR a.taken_at IS NULL "
    "OR date(a.taken_at, '+8 hours') >= m.valid_from) ORDER BY a.id"
)
"""Pictures of the household they belong to; none of before they came: those show who was there then."""


def of_homes(connection: "Connection", resident: int, today: str) -> Iterator[tuple[str, int]]:
    """The household they belong to and its pictures; what happened in each while they did. By kind and id."""
    values = {"resident": resident, "today": today}
    here = f"SELECT m.household_id FROM household_member m WHERE m.resident_id = :resident AND {belongs()}"
    there = f"SELECT id FROM household WHERE id IN ({here}) ORDER BY id"
    for kind, statement in (("household", there), ("attachment", _SEEN)):
        yield from ((kind, row[0]) for row in connection.exec_driver_sql(statement, values).all())
    for kind, day in _DATED:
        more = _FOR_ALL.get(kind, "")
        statement = f"SELECT DISTINCT t.id FROM {_THEN.format(table=kind, day=day)} {more}ORDER BY {day}, t.id"
        yield from ((kind, row[0]) for row in connection.exec_driver_sql(statement, values).all())


def steps_of(connection: "Connection", issue: int) -> list[int]:
    """What was done about an issue, oldest first."""
    rows = connection.exec_driver_sql("SELECT id FROM issue_step WHERE issue_id = ? ORDER BY at, id", (issue,))
    return [row[0] for row in rows]


def matters_of(connection: "Connection", resident: int) -> list[tuple[str, int]]:
    """Visits on which they were met and issues they are a party of, by kind and id, oldest first."""
    issues = connection.exec_driver_sql(
        "SELECT DISTINCT i.id FROM issue_party p JOIN issue i ON i.id = p.issue_id WHERE p.resident_id = ? "
        "ORDER BY i.id",
        (resident,),
    ).all()
    met = sorted(visits_met(connection, resident))
    return [*(("visit", visit) for visit in met), *(("issue", row[0]) for row in issues)]


def others(connection: "Connection", resident: int, issues: Iterable[int]) -> list[str]:
    """The names of those who were in the same households, or are other parties of issues, the longest first."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT r.name FROM household_member m JOIN household_member o ON o.household_id = m.household_id "
        "JOIN resident r ON r.id = o.resident_id WHERE m.resident_id = ?1 AND o.resident_id <> ?1 "
        "AND length(r.name) > 1 UNION SELECT display_name FROM issue_party WHERE resident_id IS NOT ?1 "
        "AND length(display_name) > 1 AND issue_id IN (SELECT value FROM json_each(?2))",
        (resident, id_list(issues)),
    )
    return sorted((row[0] for row in rows), key=len, reverse=True)


def shared_name(connection: "Connection", resident: int) -> bool:
    """Whether somebody else here has the same name: whom a text means nobody could tell then."""
    row = connection.exec_driver_sql(
        "SELECT count(*) > 1 FROM resident WHERE name = (SELECT name FROM resident WHERE id = ?)", (resident,)
    ).one()
    return bool(row[0])


def naming(connection: "Connection", name: str) -> Iterator[tuple[str, int, str]]:
    """Where a name stands in texts as they are now: kind, record, field; also in what is theirs anyhow."""
    for kind in discover.kinds().values():
        about = kind.kind
        if about.office_only or about.name in {"resident", "staff", "audit_event"}:
            continue
        for spec in about.specs.values():
            if spec.type in {Type.TEXT, Type.NOTE} and spec.privacy >= Privacy.PERSONAL:
                rows = connection.exec_driver_sql(
                    f'SELECT id FROM "{about.name}" WHERE instr("{spec.name}", ?) > 0 ORDER BY id', (name,)
                )
                yield from ((about.name, row[0], spec.name) for row in rows.all())
