"""Wishes to be forgotten: heard at a door, put on record, carried to the office, and answered there."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from gridworker.app.household.asked import Asked, asked_words
from gridworker.app.workspace import Workspace
from gridworker.domain.rights import ROLES, Action, Matter, may
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store.queries import erase_requests
from gridworker.store.queries.erase_requests import DECLINED, WITHDRAWN
from gridworker.store.tables.changes import Change
from tests.app.exchange.test_joining import join
from tests.app.exchange.test_joining_restored import back, restored
from tests.app.inbox.test_duplicates import laptops
from tests.app.test_gate import act_as
from tests.circle import Circle, Family, delete
from tests.village import HandClock

__all__ = ["laptops"]  # a fixture

Two = tuple[Workspace, Workspace]
Act = tuple[bool, Callable[[str, int], None]]


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    assert family.resident
    return circle.enrol("周敏", circle.office.devices.grids()[0][0])


def waiting(at: Workspace) -> list[tuple[str, int]]:
    return [(one.kind, one.record) for one in at.erasing.asked.waiting()]


def strips(at: Workspace, household: int) -> list[str]:
    return [wish.words for wish in at.households.file(household).asked]


def test_from_the_door_to_the_office_and_back(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Asked on a laptop, seen at the office with the next bundle, erased there, and no word of it left on either."""
    assert waiting(laptop) == []
    laptop.erasing.ask_for("resident", family.resident)
    (here,) = laptop.erasing.asked.waiting()
    assert (here.whom, here.by, here.here) == ("陈建国", "周敏", True)
    assert strips(laptop, family.household) == ["陈建国 wishes to be forgotten. 周敏 asked the office on 18 Mar."]
    assert waiting(circle.office) == []
    circle.clock.move(days=1)
    circle.hand_in(laptop)
    (asked,) = circle.office.erasing.asked.waiting()
    assert asked == Asked("resident", family.resident, "陈建国", here.at, "周敏", "Laptop 1", (family.household,))
    said = "陈建国 wishes to be forgotten. 周敏 asked on 18 Mar (Laptop 1)."
    assert strips(circle.office, family.household) == [said]
    circle.office.erasing.erase("resident", family.resident)
    circle.reply(laptop)
    for at in (circle.office, laptop):
        assert waiting(at) == []
        assert strips(at, family.household) == []


def test_twice_asked_is_once_and_a_refusal_answers_both(circle: Circle, laptop: Workspace, family: Family) -> None:
    other = circle.enrol("赵海", circle.office.devices.grids()[0][0])
    for at in (laptop, other, laptop):
        at.erasing.ask_for("resident", family.resident)
        circle.clock.move(minutes=1)
    for at in (laptop, other):
        circle.hand_in(at)
    (asked,) = circle.office.erasing.asked.waiting()
    assert asked.by == "周敏", "who asked first"
    circle.office.erasing.asked.keep("resident", family.resident, "needed")
    assert waiting(circle.office) == []
    rows = [view for view in circle.office.audit.everywhere(limit=9) if view.action == DECLINED]
    assert {(view.who, view.record) for view in rows} == {("刘芳", family.resident)}
    assert rows[-1].detail == "Asked 2026-03-18 09:42"
    assert {view.purpose for view in rows} == {"Needed for what is being done for them"}
    with pytest.raises(NotFound, match="Nobody asked"):
        circle.office.erasing.asked.keep("resident", family.resident, "needed")


@pytest.mark.parametrize("years", [-3, 3])
def test_it_can_be_asked_again_whatever_the_clock_of_the_laptop_shows(
    circle: Circle, family: Family, years: int
) -> None:
    """The number of a row tells its clock: a refusal may bear a lower one than what it answers, or a higher one."""
    circle.clocks["laptop-1"] = wrong = HandClock()
    wrong.at = wrong.at + timedelta(days=365 * years)
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    for _ in range(2):
        laptop.erasing.ask_for("resident", family.resident)
        circle.hand_in(laptop)
        assert waiting(circle.office) == [("resident", family.resident)]
        circle.office.erasing.asked.keep("resident", family.resident, "needed")
        assert waiting(circle.office) == []


def test_what_takes_only_a_part_is_no_answer(circle: Circle, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    circle.office.erasing.erase("resident", family.resident, ["phones", "id_number"])
    assert waiting(circle.office) == [("resident", family.resident)]


def test_who_was_deleted_is_not_forgotten_yet(circle: Circle, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    delete(circle.office, "resident", family.resident)
    (asked,) = circle.office.erasing.asked.waiting()
    assert asked.whom == f"Resident {family.resident}"
    circle.office.erasing.erase("resident", family.resident)
    assert waiting(circle.office) == []


def test_who_is_forgotten_and_known_again_may_ask_again(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.office.erasing.ask_for("resident", family.resident)
    circle.office.erasing.erase("resident", family.resident)
    again = Change("resident", family.resident, {"name": "陈建国", "status": "in_place"}, alive=True)
    circle.office.session.write([again], "restore")
    assert waiting(circle.office) == []
    circle.office.erasing.ask_for("resident", family.resident)
    assert waiting(circle.office) == [("resident", family.resident)]


def test_who_went_into_another_counts_for_that_one(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    found = restored(circle, laptops)
    keep, gone = found.here, found.gone
    other.erasing.ask_for("resident", gone)
    circle.hand_in(other)
    assert waiting(circle.office) == [("resident", keep)]
    assert strips(circle.office, found.first.id)
    one.erasing.ask_for("resident", keep)
    circle.hand_in(one)
    assert waiting(circle.office) == [("resident", keep)]
    circle.office.erasing.asked.keep("resident", keep, "needed")
    assert waiting(circle.office) == []
    circle.office.records.undo()
    assert waiting(circle.office) == [], "the answer was to both"


def test_who_went_into_another_is_whom_they_were_again(circle: Circle, laptops: Two) -> None:
    found = restored(circle, laptops)
    found.other.erasing.ask_for("resident", found.gone)
    circle.hand_in(found.other)
    back(found)
    circle.hand_in(found.other)
    assert waiting(circle.office) == [("resident", found.gone)]
    join(circle)
    assert waiting(circle.office) == [("resident", found.here)]
    circle.office.records.undo()
    assert waiting(circle.office) == [("resident", found.gone)]


def test_an_office_that_erased_one_before_it_heard_who_that_is_asks_about_the_other(
    circle: Circle, laptops: Two
) -> None:
    """Once: where a clerk said to keep them, the next bundle does not ask again."""
    found = restored(circle, laptops)
    back(found)
    circle.office.erasing.erase("resident", found.gone)
    assert waiting(circle.office) == []
    found.settle()
    (asked,) = circle.office.erasing.asked.waiting()
    assert (asked.record, asked.by_itself, asked.here) == (found.here, True, False)
    (words,) = strips(circle.office, found.first.id)
    assert words == "李红 is one with somebody who was erased. Are they to be forgotten too?"
    found.settle()
    assert len(circle.office.erasing.asked.waiting()) == 1
    circle.office.erasing.asked.keep("resident", found.here, "needed")
    found.settle()
    assert waiting(circle.office) == []


def test_nobody_is_asked_about_who_went_with_the_other(circle: Circle, laptops: Two) -> None:
    found = restored(circle, laptops)
    circle.office.erasing.erase("resident", found.here)
    found.settle()
    assert circle.office.session.store.get("resident", found.here) is None
    assert waiting(circle.office) == []


def test_who_asked_takes_it_back_and_nobody_else_does(circle: Circle, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    who = laptop.session.who
    act_as(laptop.session, "office")
    with pytest.raises(Problem, match="Only the office"):
        laptop.erasing.asked.keep("resident", family.resident, "needed")
    laptop.session.who, laptop.session._staff = who, None
    circle.hand_in(laptop)
    with pytest.raises(NotFound):
        circle.office.erasing.asked.take_back("resident", family.resident)
    laptop.erasing.asked.take_back("resident", family.resident)
    assert waiting(laptop) == []
    assert strips(laptop, family.household) == []
    circle.hand_in(laptop)
    assert waiting(circle.office) == []


@pytest.mark.parametrize("action", [DECLINED, WITHDRAWN])
def test_a_laptop_answers_for_nobody(circle: Circle, laptop: Workspace, family: Family, action: str) -> None:
    """A row is easily made up; it counts where it is by who may give that answer."""
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    with circle.office.session.store.db.read() as connection:
        (request,) = erase_requests.unanswered(connection)
    other = circle.enrol("赵海", circle.office.devices.grids()[0][0])
    for detail in (str(request.id), "x", "9" * 300):
        other.session.note(action, kind="resident", record=family.resident, detail=detail)
    circle.hand_in(other)
    assert waiting(circle.office) == [("resident", family.resident)]
    assert [view for view in circle.office.audit.everywhere() if view.action == action]


def test_what_is_nobody_is_not_asked_for(circle: Circle, laptop: Workspace, family: Family) -> None:
    with pytest.raises(NotFound, match="not here"):
        laptop.erasing.ask_for("resident", 5)
    with pytest.raises(NotFound, match="not here"):
        laptop.erasing.ask_for("resident", family.household)
    with pytest.raises(NotFound, match="no kind"):
        laptop.erasing.ask_for("neighbour", family.resident)
    with pytest.raises(Problem, match="Only what is about residents"):
        laptop.erasing.ask_for("grid", circle.office.devices.grids()[0][0])
    for kind, record in (("neighbour", 5), ("grid", 5), ("resident", 5), ("visit", family.resident), ("", 0)):
        laptop.session.note("erase_request", kind=kind, record=record)
    circle.hand_in(laptop)
    assert waiting(circle.office) == []


def test_a_household_and_what_is_kept_of_one_stand_in_its_file(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    consent = {"resident_id": family.resident, "purpose": "file", "scope": "phone", "method": "oral"}
    kept = circle.office.records.save("consent", {**consent, "given_on": "2026-01-02"}).id
    for kind, record in (("household", family.household), ("consent", kept)):
        circle.office.erasing.ask_for(kind, record)
    assert [one.households for one in circle.office.erasing.asked.waiting()] == [(family.household,)] * 2
    assert len(strips(circle.office, family.household)) == 2
    assert asked_words(circle.office.session, circle.office.erasing.asked.waiting()[0])


def test_who_looks_on_sees_nothing_of_it(circle: Circle, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    assert laptop.households.file(family.household).asked
    assert not laptop.households.file(family.household, sharing=True).asked
    act_as(laptop.session, "building_head")
    assert not laptop.households.file(family.household).asked


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_role_at_either_end(circle: Circle, laptop: Workspace, family: Family, role: str | None) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    changes = may(role, Action.CHANGE, Matter.PEOPLE)
    erases = may(role, Action.ERASE, Matter.PEOPLE)
    for at in (laptop, circle.office):
        act_as(at.session, role)
        asked = at.erasing.asked
        decides = erases and at.session.is_office
        assert (asked.may_ask, asked.may_answer) == (changes and not decides, decides)
        keep = partial(asked.keep, why="law")
        acts: list[Act] = [(changes, asked.ask), (changes, asked.take_back), (erases, keep)]
        for allowed, act in acts:
            if not allowed:
                with pytest.raises(Denied):
                    act("resident", family.resident)
        if not may(role, Action.READ, Matter.PEOPLE):
            with pytest.raises(Denied):
                asked.waiting()
    assert {one for one in ROLES if may(one, Action.ERASE, Matter.PEOPLE)} == {"office"}


def test_they_are_found_by_an_index_of_their_own(laptop: Workspace) -> None:
    with laptop.session.store.db.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {erase_requests._ROWS}").all()
    assert any("ix_audit_event_forgetting" in str(step) for step in plan)


@pytest.mark.parametrize("why", ["", "because", "visit"])
def test_what_is_kept_is_kept_for_a_reason(circle: Circle, laptop: Workspace, family: Family, why: str) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    with pytest.raises(Problem, match=r"Say why it is kept: law \(The law has it kept longer\)"):
        circle.office.erasing.asked.keep("resident", family.resident, why)
    assert waiting(circle.office) == [("resident", family.resident)]


def test_a_reason_may_be_given_in_words(circle: Circle, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    circle.office.erasing.asked.keep("resident", family.resident, "法定保存期还没到")
    assert circle.office.audit.everywhere(limit=1)[0].purpose == "The law has it kept longer"
