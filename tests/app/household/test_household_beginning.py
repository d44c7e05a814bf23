"""The first page of the list of households in every order: what the whole list begins with, read by indexes."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection

from gridworker.app.household import beginning as household_beginning
from gridworker.app.household import filtered_order
from gridworker.app.household import first as household_first
from gridworker.app.household import order as household_order
from gridworker.app.household.filter import HouseholdFilter, unvisited_since
from gridworker.app.household.roll import Roll
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.queries import household_filters, household_firsts, household_orders, households
from gridworker.store.search import sounds as search_sounds
from tests.app.conftest import made
from tests.app.test_gate import act_as
from tests.village import HandClock, Village

NAMES = (
    "陈桂芳", "陈桂芳", "陈国富", "程亮", "曾乐", "单芳", "阿依古丽", "安娜", "John", "李", "欧阳春华", "张志强",
    "左志", "王㐂",
)  # fmt: skip
"""Two of one name, one of two readings, one of a surname of two, and three without a sound: by their letters, last."""


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had asked for any list before: what is kept in memory is not asked."""
    monkeypatch.setattr(Roll, "first", lambda *_asked: None)
    monkeypatch.setattr(Roll, "whole", lambda *_asked: None)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A household for each name, in doors that do not follow their sounds; with cares, visits and people in turn."""
    session = made(Folder(tmp_path_factory.mktemp("beginning")), HandClock())
    village = Village(session)
    for at, name in enumerate(NAMES):
        home = village.household(name, str(5 - at * 7 % 5), "1", str(900 - at))
        if at % 3:
            village.visit(home, f"2026-03-{1 + at * 5 % 9:02}", "nobody_home" if at % 5 == 4 else "met_person")
        if at % 4 == 1:
            village.care(home, f"C{1 + at % 3}", person=name)
        if at % 4 == 2:
            village.care(home, f"C{3 + at % 2}", end="2026-02-01" if at == 6 else "2027-01-01")
        if at % 2:
            village.member(home, "李四", "20")
    gone = village.household("艾山", "1", "1", "101")
    village.visit(gone, "2026-03-15")
    village.care(gone, "C1", person="艾山")
    village.change("household", gone.id, {"status": "moved_out"})
    village.add("household", status="active", head_name="安宁", dwelling_id=None)
    village.add("household", status="active")
    yield Workspace(session, lambda: None)
    session.store.close()


ORDERS = [(by, down) for by in ("name", "care", "visit", "people", "newest", "door") for down in (False, True)]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("narrowed", [HouseholdFilter(), HouseholdFilter(unvisited="30")])
def test_the_first_page_is_what_the_whole_list_begins_with(
    books: Workspace, order: tuple[str, bool], narrowed: HouseholdFilter
) -> None:
    by, down = order
    whole = tuple(books.households.ids("", by, narrowed, down=down))
    for count in range(1, 5):
        found = books.households.first(count, by, narrowed, down=down)
        assert found in {(), whole[:count]}, (count, order)
        if narrowed.is_empty and count < 3:
            assert found, "it is there before the whole list"


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("narrowed", [HouseholdFilter(care="any"), HouseholdFilter(missing="phone", unvisited="30")])
def test_the_first_page_of_what_is_rare_is_read_without_the_doors_of_all_that_are_left(
    books: Workspace, order: tuple[str, bool], narrowed: HouseholdFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, down = order
    whole = tuple(books.households.ids("", by, narrowed, down=down))
    assert len(whole) > 3
    for many in (400, 1):
        patience = household_first.Patience(tried=0, one_in=0, some=many)  # nothing met at the beginning counts
        monkeypatch.setattr(household_first, "PATIENCE", patience)
        for count in range(1, len(whole) + 1):
            found = books.households.first(count, by, narrowed, down=down)
            assert found == whole[:count] or (by, found) == ("name", ()), (many, count)
        assert books.households.first(len(whole) + 1, by, narrowed, down=down) == whole, "or all there are"


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    "narrowed", [HouseholdFilter(care="any"), HouseholdFilter(missing="phone"), HouseholdFilter(unvisited="30")]
)
def test_by_door_the_doors_of_those_alone_are_read_whom_a_filter_leaves(
    books: Workspace, down: bool, narrowed: HouseholdFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tuple(books.households.ids("", "door", narrowed, down=down))
    monkeypatch.setattr(household_first, "PATIENCE", household_first.Patience(lots=100, tried=10_000))
    monkeypatch.setattr(households, "places_in", lambda *_asked: pytest.fail("all doors were read"))
    for count in range(1, len(whole) + 2):
        assert books.households.first(count, "door", narrowed, down=down) == whole[:count]


def test_who_has_most_people_is_not_looked_for_among_all_where_a_filter_leaves_few(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed = HouseholdFilter(missing="emptied")
    whole = tuple(books.households.ids("", "people", narrowed, down=True))
    monkeypatch.setattr(household_firsts, "most_people", lambda *_asked: pytest.fail("all were looked at"))
    assert books.households.first(9, "people", narrowed, down=True) == whole


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("narrowed", [HouseholdFilter(care="C3"), HouseholdFilter(care="C1", unvisited="30")])
def test_the_first_page_of_a_small_group_is_read_without_the_doors_of_all_of_it(
    books: Workspace, order: tuple[str, bool], narrowed: HouseholdFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, down = order
    whole = tuple(books.households.ids("", by, narrowed, down=down))
    assert whole
    for walked in (400, 1, 0):
        monkeypatch.setattr(filtered_order, "WALKED", walked)
        monkeypatch.setattr(filtered_order, "LOT", walked or 1)
        for count in range(1, len(whole) + 1):
            found = books.households.first(count, by, narrowed, down=down)
            assert found == whole[:count] or (by, found) == ("name", ()), (walked, count)  # not all have a sound
        assert books.households.first(len(whole) + 1, by, narrowed, down=down) == ()


def met_with_nobody(*_asked: object, **_values: object) -> household_beginning.Beginning:
    """As if a filter left nobody of those who come first."""
    return household_beginning.Beginning(iter(()), whole=False)


def test_a_page_by_care_is_read_from_the_groups_that_fill_it(books: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = HouseholdFilter(missing="phone")
    whole = {down: tuple(books.households.ids("", "care", rare, down=down)) for down in (False, True)}
    monkeypatch.setattr(household_first, "beginning", met_with_nobody)
    monkeypatch.setattr(household_first, "scanning", lambda *_asked: pytest.fail("all were looked at"))
    for down, first in whole.items():
        assert books.households.first(1, "care", rare, down=down) == first[:1]


def test_of_one_group_no_later_one_is_looked_at_and_of_those_before_who_is_in_both(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [
        village.household(name, "1", "1", room) for name, room in (("安一", "103"), ("安二", "102"), ("安三", "101"))
    ]
    for home, name, groups in zip(homes, ("安一", "安二", "安三"), (("C2",), ("C1", "C2"), ("C2", "C3")), strict=True):
        for group in groups:
            village.care(home, group, person=name)
    village.change("household_member", _membership(workspace, homes[2].id), {"valid_to": "2027-01-01"})
    asked = list[str]()
    in_group = household_firsts.in_group

    def spied(connection: Connection, group: str, *rest: Any) -> set[int]:
        asked.append(group)
        return in_group(connection, group, *rest)

    monkeypatch.setattr(household_firsts, "in_group", spied)
    monkeypatch.setattr(household_first, "PATIENCE", household_first.Patience(few=0, few_in_order=0))
    second = HouseholdFilter(care="C2")
    expected = {False: (homes[1].id, homes[2].id, homes[0].id), True: (homes[2].id, homes[0].id, homes[1].id)}
    for down, whole in expected.items():
        assert tuple(workspace.households.ids("", "care", second, down=down)) == whole
        assert workspace.households.first(2, "care", second, down=down) == whole[:2]
    assert set(asked) == {"C1", "C2"}


def _membership(workspace: Workspace, home: int) -> int:
    with workspace.session.store.db.read() as connection:
        statement = "SELECT id FROM household_member WHERE household_id = ?"
        return int(connection.exec_driver_sql(statement, (home,)).scalar_one())


def test_somebody_in_care_who_belongs_to_two_households_brings_both(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [village.household(name, "1", "1", room) for name, room in (("安一", "102"), ("安二", "101"))]
    village.add(
        "household_member", household_id=homes[1].id, resident_id=homes[0].people["安一"], relation="20", lives_here=1
    )
    village.care(homes[0], "C1", person="安一")
    monkeypatch.setattr(household_first, "beginning", met_with_nobody)
    for narrowed in (HouseholdFilter(missing="phone"), HouseholdFilter(care="C1")):
        whole = tuple(workspace.households.ids("", "care", narrowed))
        assert len(whole) == len(homes)
        assert [workspace.households.first(count, "care", narrowed) for count in (1, 2)] == [whole[:1], whole]


def test_the_last_visited_of_those_not_visited_lately_are_read_from_before_that(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = HouseholdFilter(unvisited="30")
    asked = list[str]()
    visited = household_firsts.visited

    def spied(connection: Connection, before: str = "") -> Iterator[list[tuple[str, int]]]:
        asked.append(before)
        return visited(connection, before)

    monkeypatch.setattr(household_firsts, "visited", spied)
    whole = tuple(books.households.ids("", "visit", late, down=True))
    assert books.households.first(1, "visit", late, down=True) == whole[:1]
    assert asked == [unvisited_since("30", books.session.today())]


@pytest.mark.parametrize(("most", "is_found"), [(32, True), (2, False)])
def test_many_visits_of_one_moment_are_read_together(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch, most: int, *, is_found: bool
) -> None:
    homes = [village.household("某", "9", "1", str(901 + number)).id for number in range(7)]
    for home in homes:
        village.add("visit", household_id=home, started_at="2026-03-18T01:00:00Z", outcome="met_person", channel="door",
                    visit_kind="routine", visitor_id=village.session.who)  # fmt: skip
    monkeypatch.setattr(household_firsts, "VISITS", 2)
    monkeypatch.setattr(household_firsts, "MOST_VISITS", most)
    assert workspace.households.first(7, "visit", down=True) == (tuple(homes) if is_found else ())


def in_small_parts(patch: pytest.MonkeyPatch) -> None:
    """As if there were so many that each part of an order has to be read by itself."""
    patch.setattr(household_beginning, "FEW", 0)
    patch.setattr(household_beginning, "LOT", 1)
    patch.setattr(household_order, "_FIRST_LOT", 1)
    patch.setattr(search_sounds, "MOST", 0)
    patch.setattr(household_firsts, "VISITS", 2)


@pytest.mark.parametrize("order", ORDERS)
def test_it_is_so_where_each_part_is_read_by_itself(
    books: Workspace, order: tuple[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    by, down = order
    in_small_parts(monkeypatch)
    whole = tuple(books.households.ids("", by, down=down))
    assert books.households.first(1, by, down=down) == whole[:1]
    for count in range(2, 6):
        assert books.households.first(count, by, down=down) in {(), whole[:count]}


FILTERS = [HouseholdFilter(care="any"), HouseholdFilter(unvisited="30"), HouseholdFilter(missing="phone")]


@pytest.mark.parametrize("narrowed", FILTERS)
def test_few_are_put_in_order_without_a_look_at_all(
    books: Workspace, narrowed: HouseholdFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [list(books.households.ids("", by, narrowed, down=down)) for by, down in ORDERS]
    monkeypatch.setattr(household_order, "_LOT_OF_SOME", 2)
    assert [list(books.households.ids("", by, narrowed, down=down)) for by, down in ORDERS] == few
    monkeypatch.setattr(household_order, "SOME", -1)
    assert [list(books.households.ids("", by, narrowed, down=down)) for by, down in ORDERS] == few
    assert len(few[0]) > 1
    monkeypatch.undo()
    for of_all in ("heads", "people", "cares"):
        monkeypatch.delattr(household_orders, of_all)
    assert [list(books.households.ids("", by, narrowed, down=down)) for by, down in ORDERS] == few


def test_most_people_come_first_whoever_moved_away_or_was_only_told_of(workspace: Workspace, village: Village) -> None:
    told = village.add("household", status="active", people_count=4)
    away = village.household("宁静", "9", "1", "102")
    for name, here in (("宁一", 1), ("宁二", 0), ("宁三", 0)):
        person = village.add("resident", name=name, status="in_place")
        village.add("household_member", household_id=away.id, resident_id=person, relation="20", lives_here=here)
    full = village.household("宁远", "9", "1", "101")
    for name in ("宁四", "宁五"):
        village.member(full, name, "20")
    gone = village.household("宁宁", "9", "1", "103")
    for name in ("宁六", "宁七", "宁八"):
        village.member(gone, name, "20")
    village.change("household", gone.id, {"status": "moved_out"})
    whole = workspace.households.ids("", "people", down=True)
    assert list(whole) == [told, full.id, away.id]
    for few in (0, 1, 2, 3, 2000):
        with patch.object(household_beginning, "FEW", few):
            for count in range(1, 4):
                found = workspace.households.first(count, "people", down=True)
                assert found in {(), tuple(whole[:count])}, (few, count)
    assert workspace.households.first(3, "people", down=True) == (told, full.id, away.id)


def test_names_without_a_sound_stand_behind_the_others_either_way(books: Workspace) -> None:
    rows = {row.id: row.name for row in books.households.rows(books.households.ids())}
    for down in (False, True):
        called = [rows[one] for one in books.households.ids("", "name", down=down)]
        assert called[-4:] == ["John", "李", "王㐂", called[-1]]
        assert called[:2] == (["左志", "张志强"] if down else ["阿依古丽", "安娜"])


def test_who_may_not_see_care_is_shown_no_order_of_it(books: Workspace) -> None:
    by_care = books.households.first(2, "care")
    act_as(books.session, "building_head")
    try:
        assert books.households.first(2, "care") == books.households.first(2, "door") != by_care
    finally:
        act_as(books.session, "grid_worker")


@pytest.mark.parametrize(
    "statement",
    [
        household_firsts.NEWEST_VISITS, household_firsts.HEADS, household_firsts.IN_GROUP, household_firsts.SIZE,
        household_firsts.CARES, household_firsts.MAY_BE,
        household_firsts.HOMES_IN, households.VISITED_OF_SOME, *household_firsts.GROUPS.values(),
    ],
)  # fmt: skip
def test_no_table_is_read_through_or_sorted_for_a_first_page(books: Workspace, statement: str) -> None:
    values = dict.fromkeys(("before", "limit", "among", "today", "last", "group", "count"), "[]")
    with books.session.store.db.read() as connection:
        steps = plan(connection, statement, values)
    assert not [step for step in steps if step.startswith("SCAN") and not is_of_list(step)], steps
    assert not [step for step in steps if "ORDER BY" in step], steps


def test_who_is_in_a_care_group_is_asked_of_the_index_over_groups(books: Workspace) -> None:
    with books.session.store.db.read() as connection:
        steps = plan(connection, household_filters.IN_GROUP, {"today": "", "group": ""})
    assert any("ix_care_membership_group (care_group=?)" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN") and not is_of_list(step) and step != "SCAN w"], steps


def test_most_people_are_counted_in_an_index(books: Workspace) -> None:
    with books.session.store.db.read() as connection:
        steps = plan(connection, household_firsts.MOST[0], {"today": "", "limit": ""})
    assert any("m USING COVERING INDEX" in step for step in steps), steps


def plan(connection: Connection, statement: str, values: dict[str, str]) -> list[str]:
    given = values if ":" in statement else ("[]",)
    return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]


def is_of_list(step: str) -> bool:
    """Whether it goes through what was asked for, and not through a table."""
    return "VIRTUAL TABLE" in step or "SUBQUERY" in step or "(subquery" in step
