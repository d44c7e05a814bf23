"""What the issues page reads: every issue something may still be done about, and the closed ones page by page.

An issue's state is the fold of its steps, which is Python's work. Folding every issue of many years to list a dozen
open ones would take seconds, so the statements here first set aside those that are surely closed: their steps went the
straight way from resolved over an answer to closed. Everything else is read and folded. That may be a few too many,
never one too few (``tests/store/queries/test_queries_issues.py`` holds it against the fold).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.issue_flow import STANDING
from gridworker.domain.issue_steps import Step, step_of
from gridworker.domain.links import read_ids
from gridworker.store.log.log import id_list
from gridworker.store.queries.gathered import gathered, gathered_ids
from gridworker.store.queries.made import made_at
from gridworker.store.queries.open_issues import last_seen

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class IssueRow(NamedTuple):
    """An issue, its place and who lives there, as stored. ``building`` is that of its door where it has one.

    What the order of the list follows from comes first; the rest is in it only where an issue is shown or its words
    are looked through.
    """

    id: int
    track: str | None
    severity: str
    reported_at: str
    on_site: int | None
    building: int | None
    issue_no: str | None = None
    title: str | None = ""
    category: str = ""
    subcategory: str | None = None
    early_sign: int | None = None
    source: str | None = None
    place_text: str | None = None
    household: int | None = None
    visit: int | None = None
    estate: str | None = None
    building_name: str | None = None
    unit: str | None = None
    room: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue and its steps in no order. ``orgs``: whom it was passed on to, by step."""

    issue: IssueRow
    steps: list[Step] = field(default_factory=list)
    orgs: dict[int, str] = field(default_factory=dict)


class StepRow(NamedTuple):
    """What a timeline shows of a step beside what the fold needs."""

    step: Step
    note: str | None
    to_org: str | None
    result: str | None
    method: str | None
    to_person: str | None = None
    solve_method: str | None = None


class MoreRow(NamedTuple):
    """What only the detail of an issue shows."""

    summary: str | None
    words: str | None
    people_count: int | None
    occurred_at: str | None
    visited_at: str | None
    due_at: str | None
    shop: str | None


class Wanted(NamedTuple):
    """Which issues: of a track, of a building; None is any."""

    track: str | None = None
    building: int | None = None


_ANSWER = "action = 'return_visit' AND satisfaction IN ('2', '3')"
_NOBODY = "action = 'return_visit' AND coalesce(satisfaction, '0') = '0'"
_CLOSED_AMONG = f"""
    SELECT issue_id, max(CASE WHEN action IN ('close', 'reject') THEN id END) AS done,
        min(CASE action WHEN 'resolve' THEN id END) AS resolved, max(CASE action WHEN 'close' THEN id END) AS closed,
        max(action = 'reopen' OR (action = 'return_visit' AND satisfaction = '1')
            OR {last_seen("issue_step")} > id) AS winding,
        max(CASE action WHEN 'handle' THEN id END) AS handled, max(action IN ('refer', 'suspend')) AS moved,
        min(CASE WHEN {_ANSWER} THEN id END) AS answered, count(CASE WHEN {_NOBODY} THEN 1 END) AS tries,
        min(CASE WHEN {_NOBODY} THEN id END) AS first_try, max(CASE WHEN {_NOBODY} THEN id END) AS last_try
    FROM issue_step WHERE issue_id IN ({{asked}})
    GROUP BY issue_id HAVING NOT coalesce(winding, 0) AND coalesce(
        CASE WHEN closed IS NOT NULL
            THEN coalesce(handled, 0) < resolved AND (coalesce(answered BETWEEN resolved AND closed, 0)
                OR (tries >= 3 AND first_try > resolved AND last_try < closed))
            ELSE done IS NOT NULL AND handled IS NULL AND resolved IS NULL AND NOT moved END, 0)"""
"""Issues that no fold can find open, among those somebody closed or turned down. ``done`` is the step that closed
them, a clock reading.

A step that follows a later id was made by a clock that is far behind: then the order of ids is not that of the fold.
"""

_SETTLED_ONCE = "SELECT issue_id FROM issue_step WHERE action IN ('close', 'reject')"
_SURELY_CLOSED = _CLOSED_AMONG.format(asked=_SETTLED_ONCE)
_SOME = "SELECT value FROM json_each(?)"

_HEAD = """(SELECT r.name FROM resident r WHERE r.id = coalesce(h.head_id, (SELECT m.resident_id FROM household_member m
    WHERE m.household_id = h.id AND m.valid_to IS NULL ORDER BY m.relation = '02' DESC, m.id LIMIT 1)))"""
"""The name of the head of household ``h``, else of whoever stands for it."""

_NARROW = f"""
    i.id, i.track, i.severity, coalesce(i.reported_at, {made_at("i")}), i.on_site,
    coalesce(d.building_id, i.building_id)"""
_COLUMNS = f"""{_NARROW},
    i.issue_no, i.title, i.category, i.subcategory, i.early_sign, i.source_channel, i.place_text,
    i.household_id, i.visit_id, b.estate_name, b.building_name, d.unit_no, d.room_no, {_HEAD}"""
_AT = "LEFT JOIN household h ON h.id = i.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id"
_FROM = f"issue i {_AT} LEFT JOIN building b ON b.id = coalesce(d.building_id, i.building_id)"
_OF_TRACK = "SELECT i.id FROM json_each(?) w CROSS JOIN issue i WHERE i.id = w.value AND i.track = ?"
_OF_BUILDING = f"""
    SELECT i.id FROM dwelling d CROSS JOIN household h ON h.dwelling_id = d.id
    CROSS JOIN issue i ON i.household_id = h.id WHERE d.building_id = :building
    UNION ALL SELECT i.id FROM issue i {_AT} WHERE i.building_id = :building AND d.building_id IS NULL"""
"""From the doors of the building: to ask each issue where it is takes a look at as many doors as there are issues."""


_LOT = 1_000
"""Issues whose words are at hand at once."""

_WIDTH = len(IssueRow._fields)
_WIDTH_NARROW = _WIDTH - len(IssueRow._field_defaults)
_STANDING = ", ".join(f"'{action}'" for action in sorted(STANDING))
_REPORTED_BY = "(SELECT s.actor_id FROM issue_step s WHERE s.issue_id = i.id AND s.action = 'report' LIMIT 1)"
_ACTED = f"EXISTS (SELECT 1 FROM issue_step s WHERE s.issue_id = i.id AND s.action NOT IN ({_STANDING}))"


def surely_closed(connection: "Connection", among: Collection[int] | None = None) -> dict[int, int]:
    """The issues, or those of some, that no fold can find open, with the step that closed each."""
    closed = _SURELY_CLOSED if among is None else _CLOSED_AMONG.format(asked=_SOME)
    values = () if among is None else (id_list(among),)
    rows = gathered(
        connection, 2, f"SELECT s.issue_id, s.done FROM ({closed}) s WHERE s.issue_id IN (SELECT id FROM issue)", values
    )
    found: dict[int, int] = dict(rows)
    return found


def maybe_open(
    connection: "Connection", closed: Mapping[int, int], among: Collection[int] | None = None
) -> list[IssueFile]:
    """All issues, or those of some, that are not surely closed, with their steps and without what is shown of them.

    Those nobody has acted on come without steps: by the fold they are reported, with or without.
    """
    asked, ids = ("NOT IN", closed.keys()) if among is None else ("IN", set(among) - closed.keys())
    statement = f"SELECT {_NARROW}, {_ACTED} FROM issue i {_AT} WHERE i.id {asked} ({_SOME})"
    rows = gathered(connection, _WIDTH_NARROW + 1, statement, (id_list(ids),))
    idle = [IssueFile(IssueRow(*row)) for *row, acted in rows if not acted]
    return [*idle, *_with_steps(connection, [IssueRow(*row) for *row, acted in rows if acted])]


def all_issues(connection: "Connection") -> set[int]:
    """All issues there are."""
    return gathered_ids(connection, "SELECT id FROM issue")


def tracks_of(connection: "Connection", issues: Iterable[int]) -> dict[int, str]:
    """The tracks of some issues, of those that have one."""
    statement = "SELECT i.id, i.track FROM json_each(?) w CROSS JOIN issue i ON i.id = w.value WHERE i.track <> ''"
    return dict(gathered(connection, 2, statement, (id_list(issues),)))


def whose_steps(connection: "Connection", steps: Collection[int]) -> dict[int, int | None]:
    """The issues that steps are of, by step; those not here are left out."""
    statement = f"SELECT id, issue_id FROM issue_step WHERE id IN ({_SOME})"
    return {row[0]: row[1] for row in connection.exec_driver_sql(statement, (id_list(steps),))}


def at_homes(connection: "Connection", homes: Collection[int]) -> set[int]:
    """The issues of some households."""
    statement = f"SELECT id FROM issue WHERE household_id IN ({_SOME})"
    return {row[0] for row in connection.exec_driver_sql(statement, (id_list(homes),))}


def in_buildings(connection: "Connection", buildings: Collection[int]) -> set[int]:
    """The issues that name some buildings themselves."""
    if not buildings:
        return set()
    statement = f"SELECT id FROM issue WHERE building_id IN ({_SOME})"
    return {row[0] for row in connection.exec_driver_sql(statement, (id_list(buildings),))}


def maybe_open_in_words(
    connection: "Connection", closed: Mapping[int, int], among: Collection[int] | None = None
) -> Iterator[tuple[IssueRow, int | None]]:
    """All issues, or those of some, that are not surely closed, with all that is shown of them and who reported each.

    Their other steps are not read. Lot by lot: of tens of thousands not all need to be at hand at once.
    """
    if among is None:
        among = all_issues(connection)
    return _in_words(connection, set(among) - closed.keys())


def closed_in_words(
    connection: "Connection", closed: Mapping[int, int], among: Collection[int] | None = None
) -> Iterator[tuple[IssueRow, int | None]]:
    """The same of those, or some of those, that are surely closed."""
    return _in_words(connection, closed.keys() if among is None else closed.keys() & set(among))


def _in_words(connection: "Connection", issues: Iterable[int]) -> Iterator[tuple[IssueRow, int | None]]:
    statement = f"SELECT {_COLUMNS}, {_REPORTED_BY} FROM json_each(?) w CROSS JOIN {_FROM} WHERE i.id = w.value"
    ids = sorted(issues)  # as they lie in the file
    for at in range(0, len(ids), _LOT):
        for *row, who in gathered(connection, _WIDTH + 1, statement, (id_list(ids[at : at + _LOT]),)):
            yield IssueRow(*row), who


def closed_order(connection: "Connection", closed: Mapping[int, int], wanted: Wanted) -> dict[int, int]:
    """Those of the surely closed that are wanted, with the step that closed them."""
    left = dict(closed)
    if wanted.building is not None:
        here = gathered(connection, 1, _OF_BUILDING, {"building": wanted.building})
        left = {issue: closed[issue] for (issue,) in here if issue in closed}
    if wanted.track is not None:
        left = {issue: closed[issue] for (issue,) in gathered(connection, 1, _OF_TRACK, (id_list(left), wanted.track))}
    return left


def files_of(connection: "Connection", issues: Iterable[int]) -> dict[int, IssueFile]:
    """Some issues with their steps and all that is shown of them, by id."""
    rows = gathered(
        connection,
        _WIDTH,
        f"SELECT {_COLUMNS} FROM json_each(?) w CROSS JOIN {_FROM} WHERE i.id = w.value",
        (id_list(issues),),
    )
    return {file.issue.id: file for file in _with_steps(connection, [IssueRow(*row) for row in rows])}


def file_of(connection: "Connection", issue: int) -> IssueFile | None:
    """One issue with its steps, or None where it is not here."""
    return files_of(connection, [issue]).get(issue)


def more_of(connection: "Connection", issue: int) -> MoreRow:
    """What only the detail shows."""
    row = connection.exec_driver_sql(
        "SELECT i.summary, i.words, i.people_count, i.occurred_at, v.started_at, i.due_at, s.name FROM issue i "
        "LEFT JOIN visit v ON v.id = i.visit_id LEFT JOIN merchant s ON s.id = i.merchant_id WHERE i.id = ?",
        (issue,),
    ).first()
    return MoreRow(*row) if row is not None else MoreRow(*(None,) * 7)


def steps_of(connection: "Connection", issue: int) -> list[StepRow]:
    """All steps of an issue, in no order."""
    rows = connection.exec_driver_sql(
        f"SELECT s.id, s.action, coalesce(s.at, {made_at('s')}), s.follows, s.actor_id, s.due_on, s.satisfaction, "
        "s.note, s.to_org, s.result, s.method, s.to_person, s.solve_method FROM issue_step s WHERE s.issue_id = ?",
        (issue,),
    )
    return [StepRow(_step(row[0], row[1:7]), *row[7:]) for row in rows]


def home(connection: "Connection", household: int) -> tuple[str | None, str | None, str | None, str | None] | None:
    """Building, unit, room and head of a household, or None where it is not here."""
    row = connection.exec_driver_sql(
        f"SELECT b.building_name, d.unit_no, d.room_no, {_HEAD} FROM household h "
        "LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id WHERE h.id = ?",
        (household,),
    ).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def door(connection: "Connection", dwelling: int) -> tuple[int, str | None, str | None, str | None] | None:
    """The building of a door, its name, unit and room; None where the door or its building is not here."""
    row = connection.exec_driver_sql(
        "SELECT b.id, b.building_name, d.unit_no, d.room_no FROM dwelling d JOIN building b ON b.id = d.building_id "
        "WHERE d.id = ?",
        (dwelling,),
    ).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def staff_names(connection: "Connection") -> dict[int, str]:
    """The names of all staff, by id."""
    return {row[0]: row[1] or "" for row in connection.exec_driver_sql("SELECT id, name FROM staff")}


def office_name(connection: "Connection") -> str:
    """What the office calls itself; empty where it does not say."""
    row = connection.exec_driver_sql("SELECT office_name FROM community WHERE office_name IS NOT NULL LIMIT 1").first()
    return str(row[0]) if row is not None else ""


def grids(connection: "Connection") -> list[tuple[int, str]]:
    """All grids: id and name."""
    return [(row[0], row[1] or "") for row in connection.exec_driver_sql("SELECT id, name FROM grid ORDER BY id")]


def _with_steps(connection: "Connection", issues: Iterable[IssueRow]) -> list[IssueFile]:
    files = {issue.id: IssueFile(issue) for issue in issues}
    rows = gathered(
        connection,
        9,
        f"SELECT s.id, s.issue_id, s.action, coalesce(s.at, {made_at('s')}), s.follows, s.actor_id, s.due_on, "
        "s.satisfaction, s.to_org FROM json_each(?) w CROSS JOIN issue_step s ON s.issue_id = w.value",
        (id_list(files),),
    )
    for step, issue, action, at, follows, actor, due_on, satisfaction, org in rows:
        files[issue].steps.append(
            Step(step, action or "note", at or "", read_ids(follows), actor, due_on, satisfaction)
        )
        if org:
            files[issue].orgs[step] = org
    return list(files.values())


_STEP = ("action", "at", "follows", "actor_id", "due_on", "satisfaction")


def _step(record: int, values: Iterable[str | int | None]) -> Step:
    return step_of(record, dict(zip(_STEP, values, strict=True)))
