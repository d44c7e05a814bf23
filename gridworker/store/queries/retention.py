"""What is due under the rules of retention (domain/retention.py): which records, since when, what is to be forgotten.

Only what still says something is due: once it was let go of, a record is found no more. What an open matter still
needs (held.py) is not due before that is over, and counted. Days are those of China.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.domain import retention as rules
from gridworker.domain.issue_flow import fold
from gridworker.domain.moments import CHINA, local_day, written
from gridworker.domain.retention import STANDS_FOR
from gridworker.store.concerned import all_about
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import moment_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Log, id_list
from gridworker.store.queries import held
from gridworker.store.wish import Wish

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_VISIT = ("accompany", "met_other", "resident_words", "situation_note", "backdated_reason")
_PARTY = ("display_name", "resident_id", "phone")
_RESIDENT = ("name", "birth_date", "phones", "id_number", "id_last4", "id_hash", "note", "tags")
_HOUSEHOLD = ("contact_phone", "contact_preference", "access_need", "remark", "head_name", "booklet_no")
_STAFF = ("name", "phone")
_HELPER, _HOLDER = ("name", "review"), ("holder", "review")
_BESIDE = {"care_membership": ("reason_note",), "consent": ("witness",)}
"""What else of a resident who is gone would say who they were."""

_DISPUTE, _SERVICE = "B", "E"


class Item(NamedTuple):
    """A record that is due, and the day it is counted from."""

    kind: str
    record: int
    since: date


class Due(NamedTuple):
    """What is due under a rule, and all that is to be forgotten with it. ``held``: how many an open matter keeps."""

    items: tuple[Item, ...]
    wishes: tuple[Wish, ...]
    held: int = 0


def due(connection: "Connection", last_due: Mapping[str, date]) -> dict[str, Due]:
    """All that is due, by rule, up to the last day that is; a rule that is not named keeps for good."""
    return {rule: _BY_RULE[rule](connection, day) for rule, day in last_due.items()}


def called(connection: "Connection", kind: str, field: str, records: Collection[int]) -> dict[int, str]:
    """What records of a kind say in a field."""
    rows = connection.exec_driver_sql(
        f'SELECT id, "{field}" FROM {kind} WHERE "{field}" IS NOT NULL AND id IN (SELECT value FROM json_each(?))',
        (id_list(records),),
    )
    return {row[0]: str(row[1]) for row in rows}


def undated(connection: "Connection") -> int:
    """How many people moved out or died, and nothing says when: they stay until somebody writes it down."""
    row = connection.exec_driver_sql(
        f"SELECT count(*) FROM resident r WHERE r.status IN ('moved_out', 'deceased') AND {_LEFT} IS NULL"
    ).one()
    return int(row[0])


def _visit_words(connection: "Connection", day: date) -> Due:
    rows = connection.exec_driver_sql(
        f"SELECT id, started_at FROM visit v WHERE started_at < ? AND ({_any_of(_VISIT)}"
        " OR EXISTS (SELECT 1 FROM attachment a WHERE a.visit_id = v.id)) ORDER BY id",
        (_after(day),),
    )
    since, kept = _freed({row[0]: local_day(row[1]) for row in rows}, partial(held.visits, connection))
    return _listed("visit", since, [*_parts("visit", since, _VISIT), *_below(connection, "visit", since)], kept)


def _closed_issues(connection: "Connection", day: date) -> Due:
    since = _closed(connection, day)
    return _listed("issue", since, [*_whole("issue", since), *_below(connection, "issue", since)])


def _party_names(connection: "Connection", day: date) -> Due:
    closed = _closed(connection, day, _DISPUTE)
    rows = connection.exec_driver_sql(
        "SELECT id, issue_id FROM issue_party WHERE issue_id IN (SELECT value FROM json_each(?)) AND "
        "(display_name IS NOT ? OR resident_id IS NOT NULL OR phone IS NOT NULL) ORDER BY id",
        (id_list(closed), STANDS_FOR["issue_party"]),
    )
    since = {row[0]: closed[row[1]] for row in rows}
    return _listed("issue_party", since, _renamed("issue_party", since, _PARTY))


def _service_papers(connection: "Connection", day: date) -> Due:
    closed = _closed(connection, day, _SERVICE)
    rows = connection.exec_driver_sql(
        "SELECT a.id, coalesce(a.issue_id, s.issue_id) FROM attachment a LEFT JOIN issue_step s "
        "ON s.id = a.issue_step_id WHERE coalesce(a.issue_id, s.issue_id) IN (SELECT value FROM json_each(?)) "
        "ORDER BY a.id",
        (id_list(closed),),
    )
    since = {row[0]: closed[row[1]] for row in rows}
    papers, asked = _listed("attachment", since, _whole("attachment", since)), _papers_of_requests(connection, day)
    return Due((*papers.items, *asked.items), (*papers.wishes, *asked.wishes))


def _papers_of_requests(connection: "Connection", day: date) -> Due:
    """What was taken in for agency requests that are done."""
    rows = connection.exec_driver_sql(
        "SELECT id, finished_on FROM service_request WHERE finished_on <= ? AND materials IS NOT NULL ORDER BY id",
        (day.isoformat(),),
    )
    since = {row[0]: date.fromisoformat(row[1]) for row in rows}
    return _listed("service_request", since, _parts("service_request", since, ("materials",)))


def _gone_people(connection: "Connection", day: date) -> Due:
    people, homes = _gone_residents(connection, day), _gone_households(connection, day)
    return Due((*people.items, *homes.items), (*people.wishes, *homes.wishes), people.held + homes.held)


_LEFT = "coalesce(r.status_date, (SELECT max(m.valid_to) FROM household_member m WHERE m.resident_id = r.id))"


def _gone_residents(connection: "Connection", day: date) -> Due:
    rows = connection.exec_driver_sql(
        f"SELECT r.id, {_LEFT} AS gone FROM resident r WHERE r.status IN ('moved_out', 'deceased') AND gone <= ? "
        f"AND (name IS NOT ? OR {_any_of(_RESIDENT[1:])}) ORDER BY r.id",
        (day.isoformat(), STANDS_FOR["resident"]),
    )
    since, kept = _freed({row[0]: date.fromisoformat(row[1]) for row in rows}, partial(held.residents, connection))
    wishes = _renamed("resident", since, _RESIDENT)
    for kind, fields in _BESIDE.items():
        wishes += _parts(kind, _of(connection, kind, "resident_id", since), fields)
    wishes += _contacts(connection, "resident_id", since)
    return _listed("resident", since, wishes, kept)


def _gone_households(connection: "Connection", day: date) -> Due:
    rows = connection.exec_driver_sql(
        f"SELECT id, status_date FROM household h WHERE status = 'moved_out' AND status_date <= ? AND "
        f"({_any_of(_HOUSEHOLD)} OR EXISTS (SELECT 1 FROM attachment a WHERE a.household_id = h.id)) ORDER BY id",
        (day.isoformat(),),
    )
    since, kept = _freed({row[0]: date.fromisoformat(row[1]) for row in rows}, partial(held.households, connection))
    photos = _whole("attachment", _of(connection, "attachment", "household_id", since))
    asked = _parts("service_request", _of(connection, "service_request", "household_id", since), ("received_by",))
    contacts = _contacts(connection, "household_id", since)
    return _listed("household", since, [*_parts("household", since, _HOUSEHOLD), *photos, *asked, *contacts], kept)


def _contacts(connection: "Connection", field: str, records: Collection[int]) -> list[Wish]:
    """Whom their care files name for an emergency: there is nobody to ring about any more."""
    return _whole(
        "care_contact", _of(connection, "care_contact", "care_id", _of(connection, "care_membership", field, records))
    )


def _past_volunteers(connection: "Connection", day: date) -> Due:
    """Volunteers who left, those who only stand in the register of volunteering, and holders of posts that ended."""
    found = (_past_staff(connection, day), _past_helpers(connection, day), _past_holders(connection, day))
    return Due(tuple(item for one in found for item in one.items), tuple(wish for one in found for wish in one.wishes))


_AT_WORK = "SELECT name FROM staff WHERE active IS NOT 0 AND name IS NOT NULL"


def _past_helpers(connection: "Connection", day: date) -> Due:
    """Who stands in the register by name alone left when they last helped, unless somebody of that name is at work."""
    rows = connection.exec_driver_sql(
        "SELECT id, max(day) OVER (PARTITION BY name) AS last FROM volunteer_service "
        f"WHERE (name IS NOT ?1 OR review IS NOT NULL) AND (name IS ?1 OR name NOT IN ({_AT_WORK})) ORDER BY id",
        (STANDS_FOR["volunteer_service"],),
    )
    since = {row[0]: date.fromisoformat(row[1]) for row in rows if row[1] and row[1] <= day.isoformat()}
    return _listed("volunteer_service", since, _renamed("volunteer_service", since, _HELPER))


def _past_holders(connection: "Connection", day: date) -> Due:
    """Posts that ended; a post without a day of its end is held still."""
    rows = connection.exec_driver_sql(
        "SELECT id, until FROM post_assignment WHERE until <= ? AND (holder IS NOT ? OR review IS NOT NULL) "
        "ORDER BY id",
        (day.isoformat(), STANDS_FOR["post_assignment"]),
    )
    since = {row[0]: date.fromisoformat(row[1]) for row in rows}
    return _listed("post_assignment", since, _renamed("post_assignment", since, _HOLDER))


def _past_staff(connection: "Connection", day: date) -> Due:
    """Nobody writes down when a volunteer left: it is when somebody wrote that they are not at work any more."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM staff WHERE role = 'volunteer' AND active = 0 AND (name IS NOT ? OR phone IS NOT NULL) "
        "ORDER BY id",
        (STANDS_FOR["staff"],),
    )
    number = discover.kinds()["staff"].kind.specs["active"].number
    heads = Log(raw_cursor(connection)).heads([row[0] for row in rows])
    left = {staff: local_day(moment_of(max(heads_of(packed, staff, number)))) for staff, packed in heads.items()}
    since = {staff: when for staff, when in left.items() if when <= day}
    return _listed("staff", since, _renamed("staff", since, _STAFF))


_BY_RULE = MappingProxyType({
    rules.VISIT_WORDS: _visit_words,
    rules.CLOSED_ISSUES: _closed_issues,
    rules.PARTY_NAMES: _party_names,
    rules.SERVICE_PAPERS: _service_papers,
    rules.GONE_PEOPLE: _gone_people,
    rules.PAST_VOLUNTEERS: _past_volunteers,
})  # fmt: skip


def _closed(connection: "Connection", day: date, category: str | None = None) -> dict[int, date]:
    """Issues closed or not taken on by a day, and on which: the fold of their steps says so, and no single step."""
    steps = held.steps(
        connection,
        "SELECT i.id FROM issue i WHERE (?1 IS NULL OR i.category = ?1) AND i.id IN "
        "(SELECT issue_id FROM issue_step WHERE action IN ('close', 'reject') AND at < ?2)",
        (category, _after(day)),
    )
    found = {}
    for issue, taken in steps.items():
        status = fold(taken)
        ended = next((local_day(step.at) for step in taken if step.id == status.since and step.at), None)
        if not status.state.is_open and ended is not None and ended <= day:
            found[issue] = ended
    return found


def _below(connection: "Connection", kind: str, records: Collection[int]) -> list[Wish]:
    """All that is about some records alone, to go whole; also what was deleted and only the log still says."""
    about = all_about(connection, kind, records) if records else []
    return [Wish(one.kind, one.record) for one in about if one.record not in records]


def _of(connection: "Connection", kind: str, field: str, records: Iterable[int]) -> list[int]:
    rows = connection.exec_driver_sql(
        f"SELECT id FROM {kind} WHERE {field} IN (SELECT value FROM json_each(?)) ORDER BY id", (id_list(records),)
    )
    return [row[0] for row in rows]


def _freed(since: dict[int, date], held_among: Callable[[Collection[int]], set[int]]) -> tuple[dict[int, date], int]:
    """What no open matter keeps, and how many one keeps."""
    kept = held_among(since) if since else set()
    return {record: day for record, day in since.items() if record not in kept}, len(kept)


def _listed(kind: str, since: Mapping[int, date], wishes: Iterable[Wish], kept: int = 0) -> Due:
    return Due(tuple(Item(kind, record, day) for record, day in since.items()), tuple(wishes), kept)


def _renamed(kind: str, records: Iterable[int], fields: tuple[str, ...]) -> list[Wish]:
    return [Wish(kind, one, fields, gone=False, instead={fields[0]: STANDS_FOR[kind]}) for one in records]


def _parts(kind: str, records: Iterable[int], fields: tuple[str, ...]) -> list[Wish]:
    return [Wish(kind, one, fields, gone=False) for one in records]


def _whole(kind: str, records: Iterable[int]) -> list[Wish]:
    return [Wish(kind, one) for one in records]


def _any_of(fields: Iterable[str]) -> str:
    return " OR ".join(f"{name} IS NOT NULL" for name in fields)


def _after(day: date) -> str:
    """The moment after which a stored one is of a later day."""
    return written(datetime.combine(day + timedelta(days=1), time(), CHINA))
