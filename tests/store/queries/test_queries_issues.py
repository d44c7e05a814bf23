"""The issues page reads what is open and what is closed: the statements against the fold they stand in for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

from gridworker.app.issue.case import IssueCase
from gridworker.domain import codes_issue
from gridworker.domain.issue_flow import State, fold
from gridworker.domain.issue_steps import Step
from gridworker.domain.links import join_ids
from gridworker.store.queries import issues as queries
from gridworker.store.queries.issues import Wanted
from gridworker.store.store import Store
from tests.builders import add, make_store, remove

TABLES = ("issue", "issue_step", "household", "household_member", "dwelling", "building", "resident", "visit", "staff")
AT = "2026-03-18T01:00:00Z"


@pytest.fixture(scope="module")
def tables() -> Iterator[Connection]:
    """The tables alone, in memory: nothing but the statements is under test."""
    from gridworker import discover

    discover.kinds()
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        SQLModel.metadata.create_all(connection, tables=[SQLModel.metadata.tables[name] for name in TABLES])
        yield connection
    engine.dispose()


def put(connection: Connection, issue: int, steps: list[Step]) -> None:
    connection.exec_driver_sql(
        "INSERT INTO issue (id, title, category, severity, reported_at) VALUES (?, 'x', 'C', 'S3', ?)", (issue, AT)
    )
    connection.exec_driver_sql(
        "INSERT INTO issue_step (id, issue_id, action, at, follows, satisfaction) VALUES (?,?,?,?,?,?)",
        [(step.id, issue, step.action, AT, join_ids(step.follows), step.satisfaction) for step in steps],
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Steps of several authors, some of whom had not seen the others', some with a clock that is years behind."""
    likely = ("resolve", "return_visit", "close", "handle", "reject", "reopen")
    actions = st.sampled_from((*likely, *likely, *codes_issue.ACTION.labels))
    ids = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=9, unique=True))
    if draw(st.booleans()):
        ids.sort()
    steps: list[Step] = []
    for number, id_ in enumerate(ids):
        seen = draw(st.sets(st.sampled_from(ids[:number]), max_size=2)) if number else set()
        action = draw(actions) if number else "report"
        answer = draw(st.sampled_from(["3", "2", "1", "0", None])) if action == "return_visit" else None
        steps.append(Step(id_, action, AT, tuple(sorted(seen)), satisfaction=answer))
    return steps


@given(st.lists(histories(), max_size=4))
def test_nothing_open_is_ever_set_aside(tables: Connection, several: list[list[Step]]) -> None:
    for table in ("issue", "issue_step"):
        tables.exec_driver_sql(f"DELETE FROM {table}")
    for number, steps in enumerate(several):
        put(tables, number + 1, [_moved(step, number * 10**7) for step in steps])
    sure = queries.surely_closed(tables)
    shown = {file.issue.id for file in queries.maybe_open(tables, sure)}
    closed = set(queries.closed_order(tables, sure, Wanted()))
    assert shown | closed == set(range(1, len(several) + 1))
    assert not shown & closed
    assert all(not fold(steps).state.is_open for number, steps in enumerate(several, 1) if number in closed)
    narrow, whole = (
        {file.issue.id: IssueCase(file, datetime(2026, 3, 20, tzinfo=UTC)) for file in files}
        for files in (queries.maybe_open(tables, sure), queries.files_of(tables, shown).values())
    )
    assert {row.id for row, _ in queries.maybe_open_in_words(tables, sure)} == shown
    assert {issue: (case.part, case.urgency(), case.light) for issue, case in narrow.items()} == {
        issue: (case.part, case.urgency(), case.light) for issue, case in whole.items()
    }


def _moved(step: Step, by: int) -> Step:
    return Step(
        step.id + by, step.action, step.at, tuple(id_ + by for id_ in step.follows), None, None, step.satisfaction
    )


def chain(*words: str) -> list[Step]:
    steps = []
    for number, word in enumerate(words, 1):
        action, _, answer = word.partition("=")
        steps.append(Step(number, action, AT, (number - 1,) if number > 1 else (), satisfaction=answer or None))
    return steps


@pytest.mark.parametrize(
    "way",
    [
        "report first_response resolve return_visit=3 close",
        "report resolve return_visit=2 close",
        "report handle handle refer suspend handle resolve verify schedule_return return_visit=0 return_visit=3 close",
        "report resolve return_visit=0 return_visit=0 return_visit=0 close",
        "report first_response reject",
        "report resolve return_visit=3 close schedule_return return_visit=3 note",
    ],
)
def test_the_straight_way_is_set_aside(tables: Connection, way: str) -> None:
    """Else every page would read the issues of all years."""
    for table in ("issue", "issue_step"):
        tables.exec_driver_sql(f"DELETE FROM {table}")
    put(tables, 1, chain(*way.split()))
    assert not fold(chain(*way.split())).state.is_open
    assert queries.maybe_open(tables, queries.surely_closed(tables)) == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path, laptop=7)
    yield made
    made.close()


def an_issue(store: Store, *ways: str, **values: object) -> int:
    said = {"title": "燃气软管老化", "category": "C", "track": "F3", "severity": "S2", "reported_at": AT, **values}
    issue = add(store, "issue", 1, **said)
    before: list[int] = []
    for way in ways:
        action, _, answer = way.partition("=")
        values = {"issue_id": issue, "action": action, "at": AT, "follows": join_ids(before), "actor_id": 1}
        before = [add(store, "issue_step", 1, satisfaction=answer or None, **values)]
    return issue


def test_a_row_says_where_and_whose(store: Store) -> None:
    grid = add(store, "grid")
    building = add(store, "building", grid_id=grid, estate_name="师院南苑", building_name="3")
    dwelling = add(store, "dwelling", building_id=building, unit_no="1", room_no="202")
    head = add(store, "resident", name="陈桂芳")
    household = add(store, "household", dwelling_id=dwelling)
    add(store, "household_member", household_id=household, resident_id=head, relation="02")
    here = an_issue(store, "report", household_id=household)
    outside = an_issue(store, "report", building_id=building, place_text="楼道")
    nowhere = an_issue(store, "report", place_text="小广场")
    with store.db.read() as connection:
        said = list(queries.maybe_open_in_words(connection, {}))
    rows = {row.id: row for row, _ in said}
    assert (rows[here].estate, rows[here].building_name, rows[here].unit, rows[here].room) == (
        "师院南苑",
        "3",
        "1",
        "202",
    )
    assert (rows[here].head, rows[here].building) == ("陈桂芳", building)
    assert (rows[outside].building_name, rows[outside].head, rows[outside].place_text) == ("3", None, "楼道")
    assert (rows[nowhere].building, rows[nowhere].place_text) == (None, "小广场")


def test_steps_come_with_their_issue(store: Store) -> None:
    issue = an_issue(store, "report", "resolve", "return_visit=1")
    other = an_issue(store)
    add(store, "issue_step", 1, issue_id=issue, action="refer", at=AT, to_org="街道城管")
    with store.db.read() as connection:
        files = queries.files_of(connection, [issue, other])
        one = queries.file_of(connection, issue)
        steps = queries.steps_of(connection, issue)
    assert files[other].steps == []
    assert fold(files[issue].steps).reopened == 1
    assert list(files[issue].orgs.values()) == ["街道城管"]
    assert one == files[issue]
    assert sorted(row.step.action for row in steps) == ["refer", "report", "resolve", "return_visit"]
    assert [row.to_org for row in steps if row.step.action == "refer"] == ["街道城管"]


def test_closed_issues_come_with_the_step_that_closed_them(store: Store) -> None:
    way = ("report", "resolve", "return_visit=3", "close")
    made = [an_issue(store, *way, track=f"F{number % 2 + 1}") for number in range(7)]
    an_issue(store, "report")
    with store.db.read() as connection:
        sure = queries.surely_closed(connection)
        everything = queries.closed_order(connection, sure, Wanted())
        second = queries.closed_order(connection, sure, Wanted(track="F2"))
    assert sorted(everything, key=lambda issue: everything[issue]) == made
    assert second == {issue: everything[issue] for issue in (made[1], made[3], made[5])}
    assert all(fold(queries_steps(store, issue)).state is State.CLOSED for issue in everything)


def test_steps_of_an_issue_that_is_gone_count_for_nothing(store: Store) -> None:
    gone = an_issue(store, "report", "resolve", "return_visit=3", "close")
    remove(store, "issue", gone)
    with store.db.read() as connection:
        assert queries.surely_closed(connection) == {}
        assert queries.maybe_open(connection, {}) == []


def queries_steps(store: Store, issue: int) -> list[Step]:
    with store.db.read() as connection:
        return [row.step for row in queries.steps_of(connection, issue)]


def test_the_detail_says_what_the_list_does_not(store: Store) -> None:
    household = add(store, "household")
    visit = add(
        store, "visit", visit_no="V1", household_id=household, started_at=AT, visitor_id=1, channel="door",
        visit_kind="routine", outcome="met_person",
    )  # fmt: skip
    issue = an_issue(store, "report", visit_id=visit, summary="软管发硬有裂纹。", words="有点味", people_count=2)
    with store.db.read() as connection:
        more = queries.more_of(connection, issue)
        assert queries.file_of(connection, household) is None
    assert more == queries.MoreRow("软管发硬有裂纹。", "有点味", 2, None, AT, None, None)


def test_names(store: Store) -> None:
    worker = add(store, "staff", name="周敏")
    add(store, "community", office_name="师院社区办公室")
    with store.db.read() as connection:
        assert queries.staff_names(connection) == {worker: "周敏"}
        assert queries.office_name(connection) == "师院社区办公室"


def test_the_tables_of_steps_are_read_by_their_index(store: Store) -> None:
    """What asks all steps at once must not read their notes."""
    with store.db.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {queries._SURELY_CLOSED}").fetchall()
    assert any("COVERING INDEX ix_issue_step_way" in str(row) for row in plan)


def test_the_issues_of_a_building_are_found_without_a_look_at_all(store: Store) -> None:
    """By its doors, and by what names the building itself: an office has tens of thousands of issues."""
    asked = {"building": add(store, "building", grid_id=add(store, "grid"), building_name="3")}
    with store.db.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {queries._OF_BUILDING}", asked).fetchall()
    assert not [row for row in plan if "SCAN" in str(row)]


def test_closed_ones_of_a_building_and_a_track(store: Store) -> None:
    """By their door where they have one in a building, else by what they name themselves."""
    chance, ways = Random(3), ("report", "resolve", "return_visit=3", "close")
    grid = add(store, "grid")
    buildings = [add(store, "building", grid_id=grid, building_name=str(number)) for number in range(2)]
    doors = [add(store, "dwelling", building_id=building, room_no="101") for building in buildings]
    homes = [add(store, "household", dwelling_id=door) for door in (*doors, None)]
    for _ in range(30):
        where = {"household_id": chance.choice([None, *homes]), "building_id": chance.choice([None, *buildings])}
        an_issue(store, *ways[: chance.choice([2, 4])], track=chance.choice(["F1", "F2", None]), **where)
    plain = (
        "SELECT i.id FROM issue i LEFT JOIN household h ON h.id = i.household_id LEFT JOIN dwelling d "
        "ON d.id = h.dwelling_id WHERE (?1 IS NULL OR i.track = ?1) "
        "AND (?2 IS NULL OR coalesce(d.building_id, i.building_id) = ?2)"
    )
    with store.db.read() as connection:
        sure = queries.surely_closed(connection)
        for track, building in product((None, "F1", "F3"), (None, *buildings, 1)):
            meant = {id_ for (id_,) in connection.exec_driver_sql(plain, (track, building))}
            found = queries.closed_order(connection, sure, Wanted(track, building))
            assert found == {issue: step for issue, step in sure.items() if issue in meant}
