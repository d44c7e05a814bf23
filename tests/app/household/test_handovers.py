"""Hand-over requests: the worker asks, the office moves the household or says why not, and both see it."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.record import Value
from gridworker.store.tables.changes import Change
from tests.app.test_gate import act_as
from tests.circle import Circle, Family


@pytest.fixture
def grids(circle: Circle) -> list[int]:
    return [circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格")]


@pytest.fixture
def home(circle: Circle, grids: list[int]) -> Family:
    return circle.family(grids[0])


@pytest.fixture
def laptop(circle: Circle, grids: list[int], home: Family) -> Workspace:
    del home
    return circle.enrol("周敏", grids[0])


def test_a_household_that_moved_is_handed_over_by_the_office(
    circle: Circle, laptop: Workspace, home: Family, grids: list[int]
) -> None:
    target = circle.family(grids[1], "303")
    laptop.handovers.ask(home.household, {"reason": "搬到二网格", "to_grid_id": grids[1]})
    with pytest.raises(Problem, match="already"):
        laptop.handovers.ask(home.household, {"reason": "再问一次"})
    assert "handover" in laptop.households.file(home.household).strips
    circle.hand_in(laptop)
    (request,) = circle.office.handovers.waiting()
    assert (request.household, request.reason, request.asked_by) == (home.household, "搬到二网格", "周敏")
    assert "搬到二网格" in circle.office.households.file(home.household).strips["handover"]
    done = circle.office.handovers.complete(request.id, target.dwelling)
    assert circle.office.records.show("household", home.household).values["dwelling_id"] == target.dwelling
    assert circle.office.records.show("dwelling", home.dwelling).values["vacancy"] == "vacant"
    circle.office.records.undo_batch(done.batch)
    assert len(circle.office.handovers.waiting()) == 1
    circle.office.handovers.complete(request.id, target.dwelling)
    circle.round(laptop)
    found = laptop.handovers.of(home.household)
    assert found is not None
    assert found.state == "done"
    assert laptop.households.file(home.household).strips.keys() == {"left"}
    with pytest.raises(NotFound):
        circle.office.handovers.complete(request.id, target.dwelling)


@pytest.mark.parametrize("role", ["grid_worker", "branch_secretary"])
def test_who_may_not_answer_a_request_takes_no_answer_back(
    circle: Circle, laptop: Workspace, home: Family, role: str
) -> None:
    laptop.handovers.ask(home.household, {"reason": "搬走了"})
    circle.hand_in(laptop)
    office = circle.office
    (request,) = office.handovers.waiting()
    done = office.handovers.decline(request.id, "还住在这里")
    act_as(office.session, role)
    with pytest.raises(Denied):
        office.records.undo_batch(done.batch)
    act_as(office.session, "office")
    assert office.handovers.waiting() == []
    office.records.undo_batch(done.batch)
    assert [one.id for one in office.handovers.waiting()] == [request.id]


def test_a_request_is_declined_with_a_reason_and_the_worker_sees_it(
    circle: Circle, laptop: Workspace, home: Family
) -> None:
    laptop.handovers.ask(home.household, {"reason": "搬走了"})
    circle.hand_in(laptop)
    (request,) = circle.office.handovers.waiting()
    with pytest.raises(Invalid):
        circle.office.handovers.decline(request.id, "  ")
    circle.office.handovers.decline(request.id, "还住在这里")
    circle.reply(laptop)
    assert "还住在这里" in laptop.households.file(home.household).strips["declined"]
    assert circle.office.handovers.waiting() == []
    laptop.handovers.ask(home.household, {"reason": "这回真搬了"})
    assert "handover" in laptop.households.file(home.household).strips


def test_who_may_do_what(circle: Circle, laptop: Workspace, home: Family) -> None:
    with pytest.raises(Invalid):
        laptop.handovers.ask(home.household, {"reason": ""})
    with pytest.raises(NotFound):
        laptop.handovers.ask(7, {"reason": "搬走了"})
    laptop.handovers.ask(home.household, {"reason": "搬走了"})
    (request,) = laptop.handovers.waiting()
    with pytest.raises(Denied):
        laptop.handovers.complete(request.id, home.dwelling)
    circle.hand_in(laptop)
    with pytest.raises(NotFound):
        circle.office.handovers.complete(request.id, 7)


def test_a_household_that_left_the_laptops_grids_is_not_asked_about_there(
    circle: Circle, laptop: Workspace, home: Family, grids: list[int]
) -> None:
    """It is only shown there: the office would set such a request aside, and the worker wait for an answer."""
    circle.office.records.save("building", {"grid_id": grids[1]}, home.building)
    circle.round(laptop)
    with pytest.raises(Problem) as saving:
        laptop.records.save("household", {"remark": "搬了"}, home.household)
    with pytest.raises(Problem) as asking:
        laptop.handovers.ask(home.household, {"reason": "搬走了"})
    assert str(asking.value) == str(saving.value)
    assert laptop.handovers.all() == []


def test_a_request_that_never_was_is_told_from_one_that_was_answered(
    circle: Circle, laptop: Workspace, home: Family
) -> None:
    laptop.handovers.ask(home.household, {"reason": "搬走了"})
    circle.hand_in(laptop)
    office = circle.office
    (request,) = office.handovers.waiting()
    office.handovers.decline(request.id, "还住在这里")
    for number, words in ((request.id, "waits no longer"), (7, "There is no record 7 of kind .Hand-over request.")):
        with pytest.raises(NotFound, match=words):
            office.handovers.complete(number, home.dwelling)
        with pytest.raises(NotFound, match=words):
            office.handovers.decline(number, "还住在这里")


def test_a_laptop_that_moves_a_household_out_itself_is_not_followed(
    circle: Circle, laptop: Workspace, home: Family, grids: list[int]
) -> None:
    target = circle.family(grids[1], "303")
    moved: dict[str, Value] = {"dwelling_id": target.dwelling, "remark": "搬了"}
    with pytest.raises(Invalid, match="no record"):
        laptop.records.save("household", moved, home.household)
    laptop.session.write([Change("household", home.household, moved)], "edit")
    circle.hand_in(laptop)
    assert circle.office.records.show("household", home.household).values["dwelling_id"] == home.dwelling
    assert [aside.reason for aside in circle.office.asides.waiting()] == ["out_of_scope"]
