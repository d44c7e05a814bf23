"""The rows of the ledgers that leave the house (domain.md 5.3), with codes and days as they are stored.

Every row is a mapping by name of column. Doors come along as ``estate``, ``building``, ``unit`` and ``room``, for the
order of rows; ``born`` and ``born_year`` belong to the person whose name stands in the row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from gridworker.store.log.log import chunks, id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.made import made_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.record import Value

Row: TypeAlias = "dict[str, Value]"

_DWELT = "LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id"
_HOME = f"""household h {_DWELT} LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id)
    LEFT JOIN resident k ON k.id = h.head_id"""
_PLACE = """g.name AS grid, b.estate_name AS estate, b.building_name AS building, d.unit_no AS unit, d.room_no AS room,
    h.household_no AS household_no, h.id AS home, h.head_id AS head_id"""
_DOOR = f"{_PLACE}, coalesce(k.name, h.head_name) AS head"
_IN_GRID = "(:grid IS NULL OR coalesce(d.grid_id, b.grid_id) = :grid)"
_THESE = "h.id IN (SELECT value FROM json_each(:wanted))"
_WANTED = "(:wanted IS NULL OR h.id IN (SELECT value FROM json_each(:wanted)))"
_HEAD_BORN = "k.birth_date AS born, k.birth_year AS born_year"

_HOUSEHOLDS = f"""
    SELECT h.id, {_DOOR}, {_HEAD_BORN}, h.contact_phone AS phone, h.residence_status AS residence,
        h.living_arrangement AS arrangement, h.status, h.remark, h.visit_policy, d.usage,
        coalesce((SELECT nullif(count(*), 0) FROM household_member m WHERE m.household_id = h.id
            AND m.lives_here IS NOT 0 AND {belongs()}), h.people_count) AS people
    FROM {_HOME} WHERE {_IN_GRID} AND {_WANTED} AND (:wanted IS NOT NULL OR h.status IS NOT 'moved_out')"""

_RESIDENTS = f"""
    SELECT r.id, h.id AS household, {_DOOR}, r.name, m.relation, r.sex, r.birth_date AS born, r.birth_year AS born_year,
        r.phones, m.lives_here, r.status, r.tags, r.note, r.id_number, r.id_last4, r.id IS NOT h.head_id AS other
    FROM {_HOME} JOIN household_member m ON m.household_id = h.id AND {belongs()}
    JOIN resident r ON r.id = m.resident_id
    WHERE h.status IS NOT 'moved_out' AND coalesce(r.status, 'in_place') = 'in_place' AND {_IN_GRID} AND {_WANTED}"""

_VISITS = f"""
    SELECT v.id, v.visit_no, coalesce(v.started_at, {made_at("v")}) AS started_at, v.ended_at,
        s.name AS visitor, {_PLACE}, coalesce(k.name, h.head_name, t.name) AS head, {_HEAD_BORN}, v.channel,
        v.visit_kind, v.outcome, v.topics, coalesce(v.resident_words, v.situation_note) AS words, v.measures,
        v.follow_up_on, v.satisfaction,
        came.numbers AS issues,
        (SELECT group_concat(n.need_no, ' ') FROM need n WHERE n.household_id = v.household_id
            AND n.source_channel = 'visit' AND n.raised_on = date(v.started_at, '+8 hours')) AS needs
    FROM visit v LEFT JOIN household h ON h.id = v.household_id {_DWELT} LEFT JOIN merchant t ON t.id = v.merchant_id
    LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id, v.grid_id) LEFT JOIN resident k ON k.id = h.head_id
    LEFT JOIN staff s ON s.id = v.visitor_id
    LEFT JOIN (SELECT visit_id, group_concat(issue_no, ' ') AS numbers FROM issue WHERE visit_id IS NOT NULL
        GROUP BY visit_id) came ON came.visit_id = v.id
    WHERE (:grid IS NULL OR g.id = :grid) AND {_WANTED} AND (h.id IS NOT NULL OR t.id IS NOT NULL)"""

_ISSUES = f"""
    SELECT i.id, i.issue_no, i.title, coalesce(i.reported_at, {made_at("i")}) AS reported_at, i.source_channel,
        i.category, i.subcategory, i.track, i.scale,
        i.severity, i.place_text, i.summary, i.people_count, i.on_site, i.due_at AS solve_by, i.extended_days,
        o.name AS owner, {_DOOR}, {_HEAD_BORN},
        coalesce(d.building_id, i.building_id) AS at_building, ib.estate_name AS other_estate,
        ib.building_name AS other_building, coalesce(g.name, ig.name) AS in_grid
    FROM issue i LEFT JOIN household h ON h.id = i.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = d.building_id LEFT JOIN building ib ON ib.id = i.building_id
    LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id)
    LEFT JOIN grid ig ON ig.id = coalesce(ib.grid_id, i.grid_id)
    LEFT JOIN resident k ON k.id = h.head_id LEFT JOIN staff o ON o.id = i.owner_id
    WHERE (:grid IS NULL OR coalesce(d.grid_id, b.grid_id, ib.grid_id, i.grid_id) = :grid)
        AND (:category IS NULL OR i.category = :category)"""

_SHOPS = """
    SELECT s.id, s.name, s.shop_kind, coalesce(s.credit_code, s.licence_no) AS credit_code, s.address, g.name AS grid,
        b.estate_name AS estate, b.building_name AS building, d.unit_no AS unit, d.room_no AS room,
        s.contact_name AS head, s.phone, s.trade, s.staff_count, s.development, s.demands, c.name AS contact,
        s.verified_on, s.closed_on
    FROM merchant s LEFT JOIN dwelling d ON d.id = s.dwelling_id
    LEFT JOIN building b ON b.id = coalesce(d.building_id, s.building_id)
    LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id, s.grid_id) LEFT JOIN staff c ON c.id = s.contact_id
    WHERE (:grid IS NULL OR coalesce(d.grid_id, b.grid_id, s.grid_id) = :grid) AND (:gone OR s.closed_on IS NULL)"""


_NEEDS = """
    SELECT n.id, n.need_no, n.raised_on, n.source_channel, n.need_kind, n.title, n.people_affected, n.rank, n.status,
        o.name AS owner, n.answer, n.published_on, n.urgency, n.household_id AS household,
        EXISTS (SELECT 1 FROM care_membership c LEFT JOIN household_member m ON m.resident_id = c.resident_id
            AND m.valid_to IS NULL WHERE coalesce(c.household_id, m.household_id) = n.household_id
            AND (c.end_on IS NULL OR c.end_on >= :today)) AS cared
    FROM need n LEFT JOIN household h ON h.id = n.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = coalesce(d.building_id, n.building_id) LEFT JOIN staff o ON o.id = n.owner_id
    WHERE (:grid IS NULL OR coalesce(d.grid_id, b.grid_id, n.grid_id) = :grid) ORDER BY n.raised_on, n.id"""


_HOME_OF = """LEFT JOIN household h ON h.id = q.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = d.building_id
    WHERE (:grid IS NULL OR coalesce(d.grid_id, b.grid_id, q.grid_id) = :grid)"""

_REGISTERS = {
    "service_request": f"SELECT q.*, h.household_no FROM service_request q {_HOME_OF} ORDER BY q.requested_on, q.id",
    "volunteer_service": f"SELECT q.*, h.household_no FROM volunteer_service q {_HOME_OF} ORDER BY q.day, q.id",
    "duty_shift": """
        SELECT q.*, s.name AS on_duty, o.name AS instead FROM duty_shift q LEFT JOIN staff s ON s.id = q.staff_id
        LEFT JOIN staff o ON o.id = q.swap_of ORDER BY q.day, q.slot, q.id""",
    "training_record": """
        SELECT q.*, s.name AS person FROM training_record q LEFT JOIN staff s ON s.id = q.staff_id
        ORDER BY q.start_on, q.id""",
    "post_assignment": """
        SELECT q.*, b.estate_name AS estate, b.building_name AS building, g.name AS grid FROM post_assignment q
        LEFT JOIN building b ON b.id = q.building_id LEFT JOIN grid g ON g.id = coalesce(b.grid_id, q.grid_id)
        WHERE :grid IS NULL OR g.id = :grid ORDER BY q.post, q.id""",
    "disclosure": """
        SELECT q.*, s.name AS approver FROM disclosure q LEFT JOIN staff s ON s.id = q.approved_by
        ORDER BY q.item_class, q.posted_on, q.id""",
}
"""The plain registers, by kind: their own fields, with names in place of references."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which grid, or of which households; None is all. ``category`` is one of issues; ``gone``: closed shops too."""

    today: date
    grid: int | None = None
    households: tuple[int, ...] | None = None
    category: str | None = None
    gone: bool = False
    entries: tuple[int, ...] | None = None
    """Of a ledger that has an entry for each record: only these."""


def households(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each household: those that live here, or those asked for."""
    return _rows(connection, _HOUSEHOLDS, wanted)


def residents(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each person who lives here."""
    return _rows(connection, _RESIDENTS, wanted)


def homes_by_place(connection: "Connection", wanted: Wanted) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """The households that live here, each with grid, estate, building, unit and room; in no order."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, g.name, b.estate_name, b.building_name, d.unit_no, d.room_no "
        f"FROM {_HOME} WHERE {_IN_GRID} AND h.status IS NOT 'moved_out'",
        {"grid": wanted.grid},
    )
    return ((row[0], tuple(row[1:])) for row in rows)


def residents_count(connection: "Connection", wanted: Wanted, without: Iterable[int] = ()) -> int:
    """How many people live here, but for some."""
    parameters = {
        "grid": wanted.grid, "today": wanted.today.isoformat(), "wanted": None, "without": id_list(without),
    }  # fmt: skip
    others = "r.id NOT IN (SELECT value FROM json_each(:without))"
    row = connection.exec_driver_sql(f"SELECT count(*) FROM ({_RESIDENTS} AND {others})", parameters).one()
    return int(row[0])


def visits(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each visit and each attempt."""
    return _rows(connection, _VISITS, wanted)


def issues(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each issue; its steps and parties are asked for apart."""
    return _rows(connection, _ISSUES, wanted)


def needs(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each need, in the order they were raised."""
    return _rows(connection, _NEEDS, wanted)


def shops(connection: "Connection", wanted: Wanted) -> list[Row]:
    """One for each shop that is not closed."""
    return _rows(connection, _SHOPS, wanted)


def register(connection: "Connection", kind: str, wanted: Wanted) -> list[Row]:
    """One for each record of a plain register."""
    return _rows(connection, _REGISTERS[kind], wanted)


def entries_by_time(connection: "Connection", ledger: str, wanted: Wanted) -> Iterator[tuple[int, str | None]]:
    """The entries of a ledger with the day or the moment each is of; in no order."""
    statement, at = ENTRIES[ledger]
    rows = connection.exec_driver_sql(f"SELECT id, {at} FROM ({statement})", _parameters(wanted))
    return ((row[0], row[1]) for row in rows)


def steps(connection: "Connection", issues: Iterable[int]) -> dict[int, list[Row]]:
    """The steps of issues, by issue, with what was noted."""
    return _below(
        connection,
        f"SELECT s.issue_id AS issue, s.id, s.action, coalesce(s.at, {made_at('s')}) AS at, s.follows, s.actor_id, "
        "s.due_on, s.satisfaction, s.note, s.result, s.method, s.solve_method, a.name AS actor "
        "FROM json_each(:ids) w JOIN issue_step s ON s.issue_id = w.value "
        "LEFT JOIN staff a ON a.id = s.actor_id ORDER BY s.id",
        issues,
    )


def parties(connection: "Connection", issues: Iterable[int]) -> dict[int, list[Row]]:
    """The parties of issues, by issue."""
    return _below(
        connection,
        "SELECT p.issue_id AS issue, p.role, p.display_name, p.resident_id FROM json_each(:ids) w "
        "JOIN issue_party p ON p.issue_id = w.value ORDER BY p.id",
        issues,
    )


def cares(connection: "Connection", today: date, residents: Iterable[int], households: Iterable[int] = ()) -> list[Row]:
    """All care in force of some residents and households."""
    rows = connection.exec_driver_sql(
        "SELECT resident_id, household_id, care_group, living_arrangement, cadence FROM care_membership "
        "WHERE (resident_id IN (SELECT value FROM json_each(?)) OR household_id IN (SELECT value FROM json_each(?))) "
        "AND (end_on IS NULL OR end_on >= ?) ORDER BY care_group, id",
        (id_list(residents), id_list(households), today.isoformat()),
    )
    return [dict(row) for row in rows.mappings()]


ENTRIES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "visits": (_VISITS, "started_at"), "issues": (_ISSUES, "reported_at"), "disputes": (_ISSUES, "reported_at"),
    "requests": (_REGISTERS["service_request"], "requested_on"),
    "volunteering": (_REGISTERS["volunteer_service"], "day"),
})  # fmt: skip
"""Ledgers that grow by a record for each thing done, in the order it was done in: their statements, and the time."""


def _parameters(wanted: Wanted) -> "Mapping[str, Value]":
    return {
        "grid": wanted.grid, "today": wanted.today.isoformat(), "category": wanted.category,
        "gone": wanted.gone,
        "wanted": None if wanted.households is None else id_list(wanted.households),
        "entries": None if wanted.entries is None else id_list(wanted.entries),
    }  # fmt: skip


def narrowed(statement: str) -> str:
    """The statement of a ledger for some entries, which are looked up: no other is read."""
    return f"SELECT * FROM ({statement}) WHERE id IN (SELECT value FROM json_each(:entries))"


def _rows(connection: "Connection", statement: str, wanted: Wanted) -> list[Row]:
    if wanted.households is not None:  # said plainly, those are looked up and all others are not read
        statement = statement.replace(_WANTED, _THESE)
    if wanted.entries is not None:
        statement = narrowed(statement)
    return [dict(row) for row in connection.exec_driver_sql(statement, _parameters(wanted)).mappings()]


def _below(connection: "Connection", statement: str, issues: Iterable[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for part in chunks(issues):
        for row in connection.exec_driver_sql(statement, {"ids": id_list(part)}).mappings():
            found.setdefault(row["issue"], []).append(dict(row))
    return found
