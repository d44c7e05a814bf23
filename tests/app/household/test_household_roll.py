"""Lists kept in memory: what they answer is what the books say, whatever came meanwhile and from whom."""

from array import array
from collections.abc import Callable, Collection, Sequence
from itertools import chain, product
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.household import roll, roll_seats
from gridworker.app.household.filter import EVERYBODY, HouseholdFilter, Part, parts
from gridworker.app.household.households import Households
from gridworker.app.household.order import DOOR, NEWEST, Order, ordered, orders
from gridworker.app.household.roll import Roll, everything
from gridworker.app.household.roll_homes import PLACE
from gridworker.app.household.roll_news import follows_from
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import Connection
from gridworker.store.erasure.eviction import evict
from gridworker.store.queries import news
from gridworker.store.tables.changes import Act, Change
from tests.circle import delete
from tests.village import HandClock, Home, Village

NAMES = ("陈桂芳", "陈桂芳", "程亮", "曾乐", "John", "左志", "李", "阿依古丽")
FILTERS = [
    EVERYBODY,
    *(HouseholdFilter(**{part.name: part.value}) for part in parts()),
    HouseholdFilter(care="any", unvisited="30"),
    HouseholdFilter(care="C3", missing="phone", unvisited="30"),
]


ASKED = [
    *product(orders(), [EVERYBODY]), *product([Order()], FILTERS), *product([Order("care", down=True)], FILTERS[-2:]),
]  # fmt: skip
"""Each order and each filter once, and some of both."""


@pytest.fixture
def homes(village: Village) -> list[Home]:
    """A household for each name, some in care, some visited, some with a phone, in doors that follow nothing."""
    found = []
    for at, name in enumerate(NAMES):
        home = village.household(name, str(3 - at % 3), "1", str(900 - at), birth="1950-02-01" if at % 2 else None)
        if at % 3:
            village.visit(home, f"2026-0{1 + at % 3}-{10 + at:02}", "nobody_home" if at == 5 else "met_person")
        if at % 4 == 1:
            village.care(home, f"C{1 + at % 3}", person=name)
        if at % 2:
            village.member(home, "李四", "20", phones="13800000142")
        found.append(home)
    village.add("household", status="active", head_name="安宁", people_count=3)
    return found


@pytest.fixture
def kept(workspace: Workspace, homes: list[Home]) -> Households:
    """Everything of them is kept."""
    assert homes
    workspace.households.look_ahead()()
    return workspace.households


def test_the_first_household_of_an_empty_store_is_listed(workspace: Workspace, village: Village) -> None:
    """That there was nobody is forgotten with the first who comes, in every order."""
    workspace.households.look_ahead()()
    home = village.household("陈桂芳", "3", "1", "101").id
    assert list(workspace.households.ids()) == [home]
    workspace.households.look_ahead()()
    assert {tuple(workspace.households.ids("", one.by, down=one.down)) for one in orders()} == {(home,)}


class Scrolled(Exception):
    """Somebody does something."""


def test_reading_ahead_lets_go_after_a_piece_and_goes_on_from_there(workspace: Workspace, homes: list[Home]) -> None:
    def scroll(_share: float) -> None:
        raise Scrolled

    assert homes
    with pytest.raises(Scrolled):
        workspace.households.look_ahead()(scroll)
    assert known(workspace.households) == {one for one in orders() if one.by in {DOOR, NEWEST}}
    workspace.households.look_ahead()()
    assert known(workspace.households) == {*everything()}


def roll_of(households: Households) -> Roll:
    return households._roll


def knows(households: Households, what: Order | Part) -> bool:
    with households._session.store.db.read() as connection:
        return roll_of(households).knows(connection, what)


def known(households: Households) -> set[Order | Part]:
    return {what for what in everything() if knows(households, what)}


def require_right(households: Households) -> None:
    """What is answered from memory is what somebody who has nothing in memory reads."""
    session = households._session
    for order, wanted in ASKED:
        with session.store.db.read() as connection:
            found = roll_of(households).first(connection, 100, order, wanted)
            if found is None:
                continue
        assert found == tuple(Households(session).ids("", order.by, wanted, down=order.down)), (order, wanted)


def test_every_page_is_there_without_reading(kept: Households, monkeypatch: pytest.MonkeyPatch) -> None:
    assert known(kept) == {*everything()}
    require_right(kept)
    whole = {order: kept.ids("", order.by, FILTERS[-2], down=order.down) for order in orders()}
    monkeypatch.setattr("gridworker.app.household.households.first_page", None)
    monkeypatch.setattr("gridworker.app.household.households.ordered", None)
    for order, wanted in product(orders(), FILTERS):
        assert len(kept.first(2, order.by, wanted, down=order.down)) <= 2
    for order, found in whole.items():
        assert kept.first(2, order.by, FILTERS[-2], down=order.down) == tuple(found[:2])


def test_whoever_asks_for_one_list_has_that_one_kept(workspace: Workspace, homes: list[Home]) -> None:
    assert homes
    assert known(workspace.households) == set()
    workspace.households.ids()
    assert known(workspace.households) == {Order(), *(order for order in orders() if order.by == "newest")}
    workspace.households.ids("", "door", HouseholdFilter(missing="phone"))
    assert knows(workspace.households, Part("missing", "phone"))
    assert not knows(workspace.households, Part("missing", "birth"))


def _visit(village: Village, homes: list[Home]) -> None:
    village.visit(homes[0], "2026-03-18")


def _visit_of_long_ago(village: Village, homes: list[Home]) -> None:
    village.visit(homes[0], "2025-03-18")
    for home in homes[3:7]:  # in one moment, in doors that follow nothing
        village.visit(home, "2026-03-16")


def _attempt(village: Village, homes: list[Home]) -> None:
    village.visit(homes[3], "2026-03-18", "nobody_home")


def _care(village: Village, homes: list[Home]) -> None:
    village.care(homes[2], "C4")
    village.care(homes[0], "C1", person=NAMES[0])


def _consent(village: Village, homes: list[Home]) -> None:
    village.add("consent", household_id=homes[1].id, purpose="file", scope="basic", method="oral",
                given_on="2026-03-01")  # fmt: skip


def _phone(village: Village, homes: list[Home]) -> None:
    village.change("resident", homes[2].people[NAMES[2]], {"phones": "13800000143"})
    village.change("household", homes[0].id, {"contact_phone": "13800000144"})


def _member(village: Village, homes: list[Home]) -> None:
    village.member(homes[4], "安娜", "20", birth="2030-01-01")


def _issue(village: Village, homes: list[Home]) -> None:
    village.add("issue_step", issue_id=homes[0].id, action="note", at="2026-03-18T02:00:00Z")


def _given_away(village: Village, homes: list[Home]) -> None:
    home = homes[1]
    membership = village.add("household_member", household_id=home.id, resident_id=home.people[NAMES[1]])
    village.change("household_member", membership, {"household_id": homes[2].id})


def _moves_out(village: Village, homes: list[Home]) -> None:
    village.change("household", homes[1].id, {"status": "moved_out"})


def _moves(village: Village, homes: list[Home]) -> None:
    village.change("household", homes[1].id, {"dwelling_id": homes[6].dwelling})


def _new(village: Village, homes: list[Home]) -> None:
    assert homes
    village.household("宁静", "9", "1", "101")


def _another_door(village: Village, homes: list[Home]) -> None:
    village.change("dwelling", homes[0].dwelling, {"room_no": "101"})


def _renamed(village: Village, homes: list[Home]) -> None:
    village.change("resident", homes[0].people[NAMES[0]], {"name": "赵一"})


def _other_head(village: Village, homes: list[Home]) -> None:
    village.change("household", homes[1].id, {"head_id": homes[1].people["李四"]})


def _visit_deleted(village: Village, homes: list[Home]) -> None:
    visit = village.visit(homes[0], "2026-03-18")
    delete(Workspace(village.session, lambda: None), "visit", visit)


def _visit_of_another(village: Village, homes: list[Home]) -> None:
    visit = village.visit(homes[0], "2026-03-18")
    village.change("visit", visit, {"household_id": homes[1].id})


def _evicted(village: Village, homes: list[Home]) -> None:
    store = village.session.store
    evict(store, [homes[0].people[NAMES[0]]], Act("evict", village.session.who))


def _another_name_of_a_building(village: Village, homes: list[Home]) -> None:
    assert homes
    village.change("building", village.building("3"), {"building_name": "12"})


def _no_door(village: Village, homes: list[Home]) -> None:
    village.change("household", homes[4].id, {"dwelling_id": None})


def _back(village: Village, homes: list[Home]) -> None:
    village.change("household", homes[1].id, {"status": "active"})


def _counted(village: Village, homes: list[Home]) -> None:
    assert homes
    village.add("household", status="active", head_name="ABC", people_count=9, since="2020-01-01")


def _undone(village: Village, homes: list[Home]) -> None:
    village.visit(homes[0], "2026-03-18")
    Workspace(village.session, lambda: None).records.undo()


def _member_undone(village: Village, homes: list[Home]) -> None:
    home = homes[2]
    village.add("household_member", household_id=home.id, resident_id=homes[1].people[NAMES[1]])
    Workspace(village.session, lambda: None).records.undo()


def _care_undone(village: Village, homes: list[Home]) -> None:
    village.care(homes[6], "C1", person=NAMES[6])
    Workspace(village.session, lambda: None).records.undo()


def _care_of_another(village: Village, homes: list[Home]) -> None:
    care = village.care(homes[2], "C2")
    village.change("care_membership", care, {"household_id": homes[5].id})
    village.change("care_membership", care, {"household_id": None, "resident_id": homes[4].people[NAMES[4]]})


LOOKED_UP: list[Callable[[Village, list[Home]], None]] = [
    _visit, _visit_of_long_ago, _attempt, _care, _consent, _phone, _member, _issue, _moves, _new, _another_door,
    _renamed, _other_head, _another_name_of_a_building, _no_door, _moves_out, _back, _counted, _given_away,
    _visit_deleted, _visit_of_another, _undone, _member_undone, _care_undone, _care_of_another,
]  # fmt: skip

READ_ANEW = [_evicted]


def test_what_households_did_is_looked_up_for_those(kept: Households, village: Village, homes: list[Home]) -> None:
    for act in LOOKED_UP:
        kept.look_ahead()()
        act(village, homes)
        require_right(kept)
        assert {*everything()} - known(kept) <= {Part("missing", "number")}, act


@pytest.mark.parametrize("few", [0, 8])
def test_where_several_belong_is_told_by_their_doors_or_from_the_order_by_door(
    kept: Households, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("gridworker.app.household.roll_pieces.FEW", few)
    monkeypatch.setattr("gridworker.app.household.roll_seats._FEW_REMOVED", few)
    for act in LOOKED_UP:
        act(village, homes)
    require_right(kept)
    assert {*everything()} - known(kept) <= {Part("missing", "number")}


def test_a_door_is_asked_for_among_those_alone_that_are_equal_but_for_it(
    kept: Households, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, really = set[int](), roll_seats._doors_of

    def doors_of(connection: Connection, some: Collection[int]) -> dict[int, tuple[bool, object]]:
        asked.update(some)
        return really(connection, some)

    monkeypatch.setattr(roll_seats, "_doors_of", doors_of)
    village.visit(homes[0], "2026-03-18")
    assert kept.first(100, "visit", down=True)[0] == homes[0].id
    assert asked == set()
    village.visit(homes[1], "2026-03-18")
    assert kept.first(100, "visit", down=True)[:2] == (homes[1].id, homes[0].id)
    assert asked == {homes[0].id, homes[1].id}
    require_right(kept)


def test_what_may_bear_on_others_is_read_anew(kept: Households, village: Village, homes: list[Home]) -> None:
    for act in READ_ANEW:
        act(village, homes)
        require_right(kept)
        assert known(kept) < {*everything()}, act
        kept.look_ahead()()
        assert known(kept) == {*everything()}, act


def test_a_visit_that_moves_between_two_questions_is_not_taken_for_new(
    kept: Households, village: Village, homes: list[Home]
) -> None:
    visit = village.visit(homes[0], "2026-03-18")
    require_right(kept)
    village.change("visit", visit, {"household_id": homes[1].id})
    require_right(kept)


def _ending(village: Village, homes: list[Home]) -> None:
    """What comes to its end in the days to come, or begins then."""
    village.care(homes[0], "C2", end="2026-03-19")
    village.care(homes[3], "C3", person=NAMES[3], start="2026-03-20")
    village.add("consent", household_id=homes[1].id, purpose="file", scope="basic", method="oral",
                given_on="2026-03-01", expires_on="2026-03-20")  # fmt: skip
    village.add("consent", resident_id=homes[2].people[NAMES[2]], purpose="file", scope="basic", method="oral",
                given_on="2026-03-01", withdrawn_on="2026-03-21")  # fmt: skip
    resident = village.add("resident", name="安然", status="in_place", birth_date="2026-03-21")
    village.add("household_member", household_id=homes[5].id, resident_id=resident, valid_to="2026-03-20")
    village.visit(homes[6], "2026-02-18")
    village.visit(homes[7], "2026-02-19")


def test_what_another_day_does_by_itself_is_looked_up(
    kept: Households, village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.household.roll_pieces.LAG", 0)  # what comes is worked out after all of it
    _ending(village, homes)
    kept.look_ahead()()
    for _ in range(5):
        clock.move(days=1)
        require_right(kept)
        assert {*everything()} - known(kept) <= {Part("missing", "identity")}


def test_what_was_written_since_counts_on_another_day_too(
    kept: Households, village: Village, homes: list[Home], clock: HandClock
) -> None:
    _ending(village, homes)
    require_right(kept)
    for _ in range(5):
        clock.move(days=1)
        require_right(kept)
    assert {*everything()} - known(kept) <= {Part("missing", "identity")}


def test_a_day_that_is_far_or_before_is_another_list(kept: Households, clock: HandClock) -> None:
    for days, stay in ((41, {"missing"}), (-45, {"missing"})):
        kept.look_ahead()()
        clock.move(days=days)
        require_right(kept)
        assert not knows(kept, Part("care", "any"))
        assert not knows(kept, Order("people"))
        assert knows(kept, Order())
        assert {one.name for one in known(kept) if isinstance(one, Part) and one.name == "missing"} == stay


def test_a_reading_that_began_before_is_not_answered_from_what_came_since(
    kept: Households, village: Village, homes: list[Home]
) -> None:
    with village.session.store.db.read() as before:
        news.newest(before)
        village.visit(homes[0], "2026-03-18")
        assert knows(kept, Order())
        assert roll_of(kept).first(before, 2, Order(), EVERYBODY) is None
        roll_of(kept).keep(before, Order(), ordered(before, None, Order(), village.session.today()))
    require_right(kept)


def test_many_visits_at_once_leave_the_order_of_visits_to_be_read(
    kept: Households, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.household.roll_pieces.MOVED", 1)
    village.session.write(
        [
            Change("visit", village.session.new_id(), {
                "household_id": home.id, "started_at": "2026-03-17T02:00:00Z", "outcome": "met_person",
            }, create=True)
            for home in homes[:2]
        ],
        "create",
    )  # fmt: skip
    require_right(kept)
    assert not knows(kept, Order("visit"))
    assert knows(kept, Part("unvisited", "30"))


def test_after_very_much_nothing_is_believed(
    kept: Households, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MOST_LINKS", "MOST_OPS"):
        kept.look_ahead()()
        monkeypatch.setattr(news, limit, 0)
        village.visit(homes[0], "2026-03-18")
        assert known(kept) == set()
        monkeypatch.undo()


def test_every_filter_says_what_it_follows_from() -> None:
    assert all(follows_from(part) for part in parts())


@given(st.lists(st.integers(0, 2**20).map(lambda place: place * 257), unique=True, max_size=40), st.data())
def test_few_are_taken_out_of_an_order_as_many_are(order: list[int], data: st.DataObject) -> None:
    """Places whose bytes are alike among them, and ones that are not in it."""
    moved = data.draw(st.sets(st.sampled_from([*order, 1, 256, 65536]), max_size=5))
    found = [list(_without_by(few, order, moved)) for few in (0, 40)]
    assert found[0] == found[1] == [place for place in order if place not in moved]


@given(st.permutations(range(9)), st.lists(st.lists(st.booleans(), min_size=9, max_size=9), max_size=3))
def test_a_filter_leaves_the_same_of_an_order_in_whatever_lots(order: list[int], filters: list[list[bool]]) -> None:
    marks = [bytearray(one) for one in filters]
    with patch.object(roll, "_PICKED", 2):
        found = list(chain.from_iterable(roll._left(array(PLACE, order), marks)))
    assert found == [place for place in order if all(one[place] for one in filters)]


def _without_by(few: int, order: list[int], moved: set[int]) -> Sequence[int]:
    with patch.object(roll_seats, "_FEW_REMOVED", few):
        return roll_seats._without(array(PLACE, order), moved)
