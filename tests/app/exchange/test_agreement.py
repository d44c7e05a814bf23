"""Both ends compare what they hold after each exchange, and say so where they differ."""

import pytest

from gridworker.app.exchange.agreement import Agreement, laptop_words, office_words
from gridworker.app.workspace import Workspace
from gridworker.sync.judging import guard
from tests.circle import Circle, Family, made_visit


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: "en")


@pytest.fixture
def family(circle: Circle, grids: tuple[int, int]) -> Family:
    circle.family(grids[1], "909", "王秀英")
    return circle.family(grids[0])


@pytest.fixture
def laptop(circle: Circle, grids: tuple[int, int], family: Family) -> Workspace:
    return circle.enrol("周敏", grids[0])


def agrees(workspace: Workspace) -> list[bool | None]:
    return [one.agrees for one in workspace.exchange.agreements()]


def test_both_ends_agree_after_an_exchange(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    made_visit(laptop, family.household)
    circle.round(laptop)
    assert agrees(circle.office) == agrees(laptop) == [True]
    circle.office.records.save("building", {"grid_id": grids[1]}, family.building)
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(laptop)
    assert agrees(circle.office) == agrees(laptop) == [True]
    assert circle.office.exchange.agreement_words()
    assert laptop.exchange.agreement_words()


def test_a_row_that_went_astray_is_noticed_on_both_ends(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql("UPDATE resident SET name = '别人' WHERE id = ?", (family.resident,))
    made_visit(circle.office, family.household)
    circle.round(laptop)
    assert agrees(circle.office) == agrees(laptop) == [False]


def test_nothing_is_said_while_the_laptop_has_what_the_office_has_not(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.hand_in(laptop)
    made_visit(laptop, family.household)
    circle.reply(laptop)
    assert agrees(laptop) == [None]
    assert laptop.exchange.agreement_words() == ""
    circle.round(laptop)
    assert agrees(laptop) == [True]


def test_nothing_is_said_while_something_waits_for_the_offices_word(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The laptop has taken it in, the office has not, and both are right."""
    visit = made_visit(laptop, family.household)
    circle.round(laptop)
    monkeypatch.setattr(guard, "FEW", 0)
    laptop.records.remove("visit", visit)
    circle.round(laptop)
    assert len(circle.office.asides.waiting()) == 1
    assert False not in agrees(circle.office) + agrees(laptop)


def test_a_reply_that_comes_late_is_not_held_against_what_came_since(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.round(laptop)
    late = circle.office.exchange.pack(circle.stick, 1)
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.clock.move(minutes=1)
    circle.reply(laptop)
    assert agrees(laptop) == [True]
    laptop.exchange.merge(late)
    assert agrees(laptop) == [True]


def test_one_line_says_it_for_all() -> None:
    def found(*states: bool | None) -> list[Agreement]:
        return [Agreement(number, state, None) for number, state in enumerate(states, 1)]

    assert "differ" in office_words([1, 2, 3], found(True, False, False))
    assert "Laptop 2" in office_words([1, 2, 3], found(True, False, True))
    assert "All 3" in office_words([1, 2, 3], found(True, True, True))
    assert "1 of 3" in office_words([1, 2, 3], found(None, True))
    assert office_words([1], found(None)) == ""
    assert office_words([], []) == ""


def test_a_laptop_that_differs_says_what_to_do(circle: Circle) -> None:
    session = circle.office.session
    assert "once more" in laptop_words([Agreement(0, False, session.now())], session.today())
    assert laptop_words([Agreement(0, None, session.now())], session.today()) == ""


def test_an_office_that_was_put_back_says_nothing_of_what_its_backup_remembers(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.round(laptop)
    circle.copy("office", "kept")
    office = circle.restore("office", "kept")
    assert agrees(office) == []
    assert not office.exchange.agreement_words()
    circle.round(laptop)
    circle.round(laptop)
    assert agrees(office) == [True]
