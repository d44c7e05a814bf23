"""What the statements of Today let through: everybody the rules call due, few others."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.app.due.cases import Matters, case_of
from gridworker.app.due.outlook import in_brief, outlook
from gridworker.app.today import round as today_round
from gridworker.app.today.parts import Parts, Wanted
from gridworker.app.today.urgent import Looking
from gridworker.domain.moments import CHINA, written
from gridworker.domain.moments import moment as stored_moment
from gridworker.domain.today_order import Entry, Place, Section, section_of
from gridworker.domain.visit_due import Due, ReturnDue, next_visit
from gridworker.domain.visit_policy import POLICIES
from gridworker.domain.visit_regular import Regular, first_of
from gridworker.store.engine.database import Database
from gridworker.store.log.clock import EPOCH, MS_SHIFT
from gridworker.store.queries import due, today
from tests.store.crowd import create, insert

TODAY = date(2026, 3, 18)
SUNDAY = date(2026, 3, 22)
AHEAD = due.Ahead(TODAY, SUNDAY, POLICIES)

Rows = dict[str, list[dict[str, object]]]


@contextmanager
def tables(connection: Connection, rows: Rows) -> Iterator[None]:
    """The rows in the tables, and out again."""
    for kind in ("dwelling", "building", "household", "household_member", "resident", "care_membership", "visit"):
        connection.exec_driver_sql(f"DELETE FROM {kind}")
    for kind, several in rows.items():
        if several:
            insert(connection, kind, several)
    yield


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = Database(tmp_path_factory.mktemp("today") / "store.db", bytes(32), create=True)
    with found.write() as connection:
        create(connection)
    yield found
    found.close()


def moment(days_ago: int, hour: int) -> str:
    day = TODAY - timedelta(days=days_ago)
    return written(datetime(day.year, day.month, day.day, hour, tzinfo=CHINA))


def id_at(days_ago: int, hour: int, step: int) -> int:
    day = TODAY - timedelta(days=days_ago)
    at = datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
    return int((at - EPOCH) / timedelta(milliseconds=1)) + step << MS_SHIFT


HOURS = st.sampled_from([0, 9, 23])
AGES = st.one_of(
    st.builds(lambda interval, early: interval - early, st.sampled_from([7, 15, 30, 90, 180]), st.integers(2, 6)),
    st.integers(0, 400),
)
"""Days before today: most often so that the next visit falls around the end of the week."""
OUTCOMES = st.sampled_from(["met_person", "met_family", "declined", "nobody_home", "postponed", "met_neighbour"])
JUST_NOW = st.integers(0, 3)
"""Days since a call: after an attempt as fresh as that the next one is on another day than the one it was due."""
CALLS = st.lists(
    st.tuples(AGES | JUST_NOW, HOURS, OUTCOMES, st.none() | AGES, st.sampled_from(["door", "phone"])),
    max_size=3,
)
CARES = st.lists(
    st.tuples(st.sampled_from(["V1", "V2", "V3", None]), AGES | st.integers(-10, 0), st.booleans(), st.booleans()),
    max_size=2,
)
HOUSEHOLDS = st.lists(
    st.fixed_dictionaries({
        "age": AGES,
        "hour": HOURS,
        "wish": st.sampled_from([None, "welcome", "phone_only", "not_wanted"]),
        "status": st.sampled_from(["active", "active", "active", "moved_out"]),
        "usage": st.sampled_from([None, "own", "rented"]),
        "room": st.sampled_from(["101", "202", "1001"]),
        "calls": CALLS,
        "cares": CARES,
        "cadence": st.sampled_from([None, None, "V1", "V2", "V3"]),
    }),
    min_size=1,
    max_size=12,
)  # fmt: skip


def rows_of(households: list[dict[str, object]]) -> Rows:
    rows: Rows = {"dwelling": [], "household": [], "household_member": [], "care_membership": [], "visit": []}
    number = 0
    for place, one in enumerate(households):
        household = id_at(int(str(one["age"])), int(str(one["hour"])), place)
        rows["dwelling"].append({"id": place + 1, "usage": one["usage"], "room_no": one.get("room", "101")})
        rows["household"].append(
            {
                "id": household, "dwelling_id": place + 1, "status": one["status"], "visit_wish": one["wish"],
                "visit_policy": one.get("cadence"),
            }
        )  # fmt: skip
        rows["household_member"].append(
            {"id": place + 1, "household_id": household, "resident_id": place + 1, "relation": "02"}
        )
        for cadence, started, by_person, over in one["cares"]:  # type: ignore[attr-defined]  # drawn as tuples above
            number += 1
            who = {"resident_id": place + 1} if by_person else {"household_id": household}
            day = TODAY - timedelta(days=started)
            end = (TODAY - timedelta(days=1)).isoformat() if over else None
            care = {"id": number, "cadence": cadence, "care_group": "C3", "start_on": day.isoformat(), "end_on": end}
            rows["care_membership"].append({"household_id": None, "resident_id": None, **care, **who})
        for days_ago, hour, outcome, follow, channel in one["calls"]:  # type: ignore[attr-defined]  # drawn as tuples above
            number += 1
            agreed = (TODAY - timedelta(days=days_ago - follow)).isoformat() if follow is not None else None
            rows["visit"].append({
                "id": number, "household_id": household, "started_at": moment(days_ago, hour), "outcome": outcome,
                "channel": channel, "follow_up_on": agreed,
            })  # fmt: skip
    return rows


def found_due(connection: Connection) -> set[int]:
    """What the statements let through."""
    plain = {household for row in due.plain_due(connection, AHEAD) for household in row.households}
    cared = {household for row in due.care_due(connection, AHEAD) for household in row.households}
    return plain | cared | due.agreed_by(connection, SUNDAY)


def really_due(connection: Connection) -> set[int]:
    """What the rules call due, asked about everybody."""
    return {household for household, found in all_dues(connection).items() if found.on <= SUNDAY}


def all_dues(connection: Connection, matters: Matters | None = None) -> dict[int, Due]:
    """What the rules say of everybody, with what issues ask of them."""
    matters = matters or Matters()
    every = [row[0] for row in connection.exec_driver_sql("SELECT id FROM household")]
    houses, calls = today.houses(connection, every), today.calls(connection, every)
    cares = today.cares(connection, every, TODAY)
    dues = {
        household: next_visit(
            case_of(house, due.made_on(household), calls.get(household, ()), cares.get(household, ()), matters), TODAY
        )
        for household, house in houses.items()
    }
    return {household: found for household, found in dues.items() if found is not None}


@settings(max_examples=300)
@given(HOUSEHOLDS)
def test_nobody_who_is_due_is_left_out(database: Database, households: list[dict[str, object]]) -> None:
    with database.write() as connection, tables(connection, rows_of(households)):
        assert really_due(connection) <= found_due(connection)


def test_thousands_of_equal_visits_are_read_as_one_row(database: Database) -> None:
    alike: dict[str, object] = {"age": 400, "hour": 9, "wish": None, "status": "active", "usage": "own", "cares": []}
    calls = [[(200, 9, "met_person", None, "door")], [(200, 23, "met_family", None, "phone")]]
    rows = rows_of([{**alike, "calls": calls[number % 2]} for number in range(1000)])
    with database.write() as connection, tables(connection, rows):
        found = due.plain_due(connection, AHEAD)
    assert [len(row.households) for row in found] == [1000]
    regular: dict[tuple[Regular, ...], list[int]] = {}
    assert today_round._take_usual([*found, found[0]._replace(plain=0, households=[7])], regular) == {7}
    assert [len(households) for households in regular.values()] == [1000]


@settings(max_examples=300)
@given(HOUSEHOLDS)
def test_the_short_way_gives_the_answer_of_the_rules(database: Database, households: list[dict[str, object]]) -> None:
    with database.write() as connection, tables(connection, rows_of(households)):
        visits, others = today_round._regular(due.care_due(connection, AHEAD))
        others |= today_round._take_usual(due.plain_due(connection, AHEAD), visits)
        rules = all_dues(connection)
    regular = {household: first_of(several, TODAY) for several, alike in visits.items() for household in alike}
    for household in regular.keys() - others:
        visit = regular[household]
        found = rules[household]
        assert visit.score(TODAY) == found.score(TODAY)
        assert section_of(visit, TODAY) == section_of(found, TODAY)
        assert max(visit.on, TODAY) == max(found.on, TODAY)


PLAIN = st.lists(
    st.fixed_dictionaries({
        "age": AGES,
        "hour": HOURS,
        "wish": st.sampled_from([None, "phone_only"]),
        "status": st.just("active"),
        "usage": st.sampled_from([None, "rented"]),
        "calls": st.lists(st.tuples(AGES | JUST_NOW, HOURS, OUTCOMES, st.none(), st.just("door")), max_size=2),
        "cares": st.just([])
        | st.lists(st.tuples(st.sampled_from(["V2", "V3"]), AGES, st.booleans(), st.just(False)), max_size=2),
        "cadence": st.sampled_from([None, None, "V3"]),
    }),
    min_size=5,
    max_size=12,
)  # fmt: skip
"""Households of which nothing special speaks."""


@settings(max_examples=100)
@given(HOUSEHOLDS | PLAIN)
def test_a_list_shows_the_signs_the_rules_lead_to(database: Database, households: list[dict[str, object]]) -> None:
    with database.write() as connection, tables(connection, rows_of(households)):
        every = [row[0] for row in connection.exec_driver_sql("SELECT id FROM household")]
        whole, brief = outlook(connection, every, TODAY), in_brief(connection, every, TODAY)
    with patch.object(whole, "_soon", whole.due):
        for household in every:
            assert brief.next_sign(household) == whole.next_sign(household)
            assert brief.overdue_sign(household) == whole.overdue_sign(household)
            assert brief.overdue(household) == whole.overdue(household)
            assert brief.last(household) == whole.last(household)


def test_a_call_by_phone_is_no_answer_to_something_urgent_in_a_list_either(database: Database) -> None:
    calls = [(1, 9, "met_person", None, "phone")]
    rows = rows_of(
        [{"age": 9, "hour": 9, "wish": None, "status": "active", "usage": None, "calls": calls, "cares": []}]
    )
    home = rows["household"][0]["id"]
    rows["issue"] = [{"id": 1, "household_id": home, "severity": "S1", "reported_at": moment(2, 9), "title": "x"}]
    rows["issue_step"] = [{"id": 2, "issue_id": 1, "action": "report", "at": moment(2, 9)}]
    with database.write() as connection, tables(connection, rows):
        found = in_brief(connection, [int(str(home))], TODAY)
        connection.exec_driver_sql("DELETE FROM issue")
        connection.exec_driver_sql("DELETE FROM issue_step")
    assert found.overdue(int(str(home))) == 1


@settings(max_examples=200)
@given(HOUSEHOLDS, st.integers(1, 4), st.sets(st.integers(0, 11), max_size=3))
def test_what_is_only_counted_changes_no_count_and_not_who_is_first(
    database: Database, households: list[dict[str, object]], most: int, wanted: set[int]
) -> None:
    rows = rows_of(households)
    also = frozenset(int(str(rows["household"][place]["id"])) for place in wanted if place < len(rows["household"]))
    with database.write() as connection, tables(connection, rows):
        whole = Parts(today_round.read_round(connection, TODAY, also), Wanted())
        with patch.object(today_round, "MOST", most):
            short = Parts(today_round.read_round(connection, TODAY, also), Wanted())
    assert {code: short.count(code) for code in short.codes()} == {code: whole.count(code) for code in whole.codes()}
    assert (short.overdue(), +Counter(short.planned())) == (whole.overdue(), +Counter(whole.planned()))
    assert short.first == whole.first


def usually(visited: int, missed: int | None = None) -> dict[str, object]:
    """A household of which nothing special speaks, visited so many days ago, and nobody met since."""
    calls = [(visited, 9, "met_person", None, "door")]
    calls += [(missed, 9, "nobody_home", None, "door")] if missed is not None else []
    return {"age": 400, "hour": 9, "wish": None, "status": "active", "usage": "own", "cares": [], "calls": calls}


ASKED = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.lists(st.tuples(st.integers(-6, 40), st.sampled_from(["F1", "F2"])), max_size=2),
        st.lists(st.tuples(st.integers(0, 40), HOURS), max_size=2),
    ),
    max_size=8,
)
"""Of households by their place: days ago of return visits, and when urgent issues were reported."""


def matters_in(rows: Rows, asked: list[tuple[int, list[tuple[int, str]], list[tuple[int, int]]]]) -> Matters:
    """As ``matters_of`` puts them together."""
    found = Matters()
    for place, returns, urgent in asked:
        household = int(str(rows["household"][place % len(rows["household"])]["id"]))
        days = [ReturnDue(TODAY - timedelta(days=ago), 1, track) for ago, track in returns]
        moments = [stored_moment(moment(ago, hour)) for ago, hour in urgent]
        found.returns.update({household: days} if days else {})
        found.urgent.update({household: moments} if moments else {})
    return found


@settings(max_examples=100)
@given(HOUSEHOLDS, ASKED)
@example([usually(60, 0)], [(0, [(3, "F1")], [])]).via("tried again today, asked about three days ago")
@example([usually(1)], [(0, [], [(5, 9)])]).via("called on since the urgent issue")
@example([usually(1, 1)], [(0, [(0, "F1")], [])]).via("met and missed in the same minute")
def test_what_issues_ask_for_is_counted_as_the_rules_say(
    database: Database,
    households: list[dict[str, object]],
    asked: list[tuple[int, list[tuple[int, str]], list[tuple[int, int]]]],
) -> None:
    rows = rows_of(households)
    matters = matters_in(rows, asked)
    with database.write() as connection, tables(connection, rows), patch.object(today_round, "MOST", 0):
        usual = today_round.read_usual(connection, AHEAD)
        asks = today_round.read_asks(connection, AHEAD, today_round.Elsewhere(lambda: matters, lambda: usual))
        short = today_round.read_round(connection, TODAY, asks=asks, looking=Looking(0, matters=matters))
        rules = all_dues(connection, matters)
    entries = [Entry(household, found, Place()) for household, found in rules.items() if found.on <= SUNDAY]
    whole = today_round.Round(TODAY, entries=entries)
    assert sections(short) == sections(whole)
    assert (Parts(short, Wanted()).overdue(), +Counter(Parts(short, Wanted()).planned())) == (
        Parts(whole, Wanted()).overdue(),
        +Counter(Parts(whole, Wanted()).planned()),
    )


def sections(found: today_round.Round) -> dict[Section, int]:
    """How many households stand in each, listed or only counted."""
    listed = Counter(section_of(entry.due, TODAY) for entry in found.entries)
    return {section: listed[section] + found.counted(section) for section in Section}


def in_care(rooms: list[str], **more: object) -> list[dict[str, object]]:
    """Households in monthly care, visited forty days ago, behind these doors."""
    return [
        {"age": 400, "hour": 9, "wish": None, "status": "active", "usage": "own", "room": room,
         "calls": [(40, 9, "met_person", None, "door")], "cares": [("V2", 300, True, False)], **more}
        for room in rooms
    ]  # fmt: skip


def test_among_equals_the_order_of_the_doors_says_who_is_looked_at(database: Database) -> None:
    rows = rows_of(in_care(["303", "101", "202"]))
    with database.write() as connection, tables(connection, rows), patch.object(today_round, "MOST", 1):
        found = today_round.read_round(connection, TODAY)
    assert [entry.place.room for entry in found.entries] == ["101"]
    assert found.counted(Section.OVERDUE) == 2


def test_no_more_households_than_a_lot_are_at_hand_while_the_rules_are_asked(database: Database) -> None:
    rows = rows_of(in_care([str(room) for room in range(101, 108)]))
    asked: list[int] = []

    def counted(connection: Connection, households: Iterable[int]) -> dict[int, today.HouseRow]:
        asked.append(len(list(households)))
        return read_houses(connection, households)

    read_houses = today.houses
    with (
        database.write() as connection,
        tables(connection, rows),
        patch.object(today_round, "_LOT", 3),
        patch.object(today, "houses", counted),
    ):
        found = today_round.read_round(connection, TODAY)
    assert len(found.entries) == 7
    assert max(asked) == 3
    assert not found.houses


def test_what_is_overdue_and_tried_again_today_is_counted_as_overdue(database: Database) -> None:
    calls = [(40, 9, "met_person", None, "door"), (2, 9, "nobody_home", None, "door")]
    rows = rows_of(in_care(["101", "102"], calls=calls))
    with database.write() as connection, tables(connection, rows), patch.object(today_round, "MOST", 1):
        found = today_round.read_round(connection, TODAY)
    assert [(entry.due.on, entry.due.overdue(TODAY)) for entry in found.entries] == [(TODAY, 10)]
    assert (found.counted(Section.OVERDUE), found.counted(Section.TODAY)) == (1, 0)


@given(HOUSEHOLDS)
def test_the_last_calls_come_newest_first(database: Database, households: list[dict[str, object]]) -> None:
    rows = rows_of(households)
    with database.write() as connection, tables(connection, rows):
        found = today.calls(connection, [int(str(row["id"])) for row in rows["household"]])
    for several in found.values():
        assert [call.at for call in several] == sorted((call.at for call in several), reverse=True)
    assert sum(map(len, found.values())) == len(rows["visit"])


def test_most_households_are_left_out(database: Database) -> None:
    visited: list[dict[str, object]] = [
        {"age": 400, "hour": 9, "wish": None, "status": "active", "usage": "own", "cares": [],
         "calls": [(days, 9, "met_person", None, "door")]}
        for days in range(0, 200, 2)
    ]  # fmt: skip
    with database.write() as connection, tables(connection, rows_of(visited)):
        assert len(found_due(connection)) == sum(days >= 180 - 4 for days in range(0, 200, 2))


def test_visits_of_the_week_leave_attempts_out(database: Database) -> None:
    home: list[dict[str, object]] = [
        {"age": 400, "hour": 9, "wish": None, "status": "active", "usage": "own", "cares": [],
         "calls": [(0, 0, "met_person", None, "door"), (1, 9, "nobody_home", None, "door"),
                   (2, 23, "declined", None, "door"), (3, 23, "met_person", None, "door")]}
    ]  # fmt: skip
    with database.write() as connection, tables(connection, rows_of(home)):
        monday = TODAY - timedelta(days=2)
        assert due.visited(connection, monday) == {monday: 1, TODAY: 1}


def test_the_head_is_named_else_who_stands_for_it(database: Database) -> None:
    rows: Rows = {
        "household": [
            {"id": 1, "status": "active", "head_id": 7},
            {"id": 2, "status": "active"},
            {"id": 3, "status": "moved_out"},
        ],
        "household_member": [
            {"id": 1, "household_id": 2, "resident_id": 20, "relation": "20"},
            {"id": 2, "household_id": 2, "resident_id": 21, "relation": "02"},
        ],
    }  # fmt: skip
    with database.write() as connection, tables(connection, rows):
        found = today.houses(connection, [1, 2, 3])
    assert {household: row.head for household, row in found.items()} == {1: 7, 2: 21}


def test_the_last_visit_is_read_from_an_index_alone(database: Database) -> None:
    with database.read() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT max(started_at), follow_up_on FROM visit WHERE household_id = 1"
        ).fetchall()
    assert "COVERING INDEX ix_visit_calls" in plan[0][-1]


@given(st.integers(0, 2**41 - 1))
def test_the_day_a_record_came_on_the_books_is_that_of_the_clock_here(ms: int) -> None:
    at = (EPOCH + timedelta(milliseconds=ms)).astimezone(CHINA)
    assert due.made_on(ms << MS_SHIFT | 7) == at.date()
    last = 16 * 3_600_000 - 1  # ms of the epoch's own day that are left here, at +08:00
    assert [due.made_on(ms << MS_SHIFT) for ms in (0, last, last + 1)] == [date(2020, 1, day) for day in (1, 1, 2)]
