"""What was taken in, and is refused later, leaves nothing behind that names it: what hangs on it waits."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import PlaceRefused
from gridworker.store.health.check import Fault
from gridworker.store.tables.changes import Change
from gridworker.text import gettext
from tests.circle import Circle, Family, made_visit


def moved_in(laptop: Workspace, home: int) -> tuple[int, int]:
    """Somebody moves in. Returns the membership and the person."""
    resident = laptop.records.save("resident", {"name": "王小明", "status": "in_place"}).id
    values = {"household_id": home, "resident_id": resident, "relation": "80"}
    return laptop.records.save("household_member", values).id, resident


def hand_in_while_lost(circle: Circle, laptop: Workspace) -> None:
    """The laptop was thought to be stolen, and was found: all it wrote waits."""
    number = laptop.session.store.identity.laptop
    circle.office.devices.revoke(number)
    circle.hand_in(laptop)
    circle.office.devices.readmit(number)


def ids(office: Workspace, *records: int) -> list[str]:
    """The numbers of what was set aside about some records."""
    found = [*office.asides.waiting(), *office.asides.ruled()]
    return [one.id for one in found if one.record in records]


def waiting(office: Workspace) -> set[int]:
    """The records of which changes wait, but for what was only put on record."""
    return {one.record for one in office.asides.waiting() if one.kind != "audit_event"}


def is_there(at: Workspace, kind: str, record: int) -> bool:
    return at.session.store.get(kind, record) is not None


def faults(*devices: Workspace) -> list[list[Fault]]:
    return [at.care_of_store.check() for at in devices]


@pytest.fixture
def other(circle: Circle, grid: int, laptop: Workspace) -> Workspace:
    """A second laptop of the same grid."""
    other = circle.enrol("赵海", grid)
    circle.round(laptop, other)
    return other


@pytest.fixture
def house(circle: Circle, grid: int, laptop: Workspace, other: Workspace) -> dict[str, int]:
    """A laptop made a house with a household of one, and the office accepted it; everybody has it."""
    save = laptop.records.save
    building = save("building", {"grid_id": grid, "building_name": "9"}).id
    dwelling = save("dwelling", {"building_id": building, "room_no": "901"}).id
    home = save("household", {"dwelling_id": dwelling, "status": "active"}).id
    member, resident = moved_in(laptop, home)
    hand_in_while_lost(circle, laptop)
    circle.office.asides.accept(ids(circle.office, member))
    circle.round(laptop, other)
    return {"building": building, "dwelling": dwelling, "household": home, "household_member": member,
            "resident": resident}  # fmt: skip


def test_a_membership_waits_when_its_person_is_refused_after_both_were_taken_in(
    circle: Circle, laptop: Workspace, other: Workspace, family: Family
) -> None:
    office = circle.office
    member, resident = moved_in(laptop, family.household)
    hand_in_while_lost(circle, laptop)
    office.asides.accept(ids(office, member))
    circle.round(laptop, other)
    assert all(is_there(at, "household_member", member) for at in (office, laptop, other))
    office.asides.refuse(ids(office, resident))
    assert waiting(office) == {member}
    (one,) = [one for one in office.asides.waiting() if one.record == member]
    assert (one.reason, one.acceptable) == ("on_refused", True)
    for _ in range(2):
        circle.round(laptop, other)
    for at in (office, laptop, other):
        assert not is_there(at, "household_member", member)
    assert faults(office, laptop, other) == [[], [], []]
    with pytest.raises(PlaceRefused):
        office.asides.accept(ids(office, member))
    office.asides.accept(ids(office, member), places=True)
    circle.round(laptop, other)
    for at in (office, laptop, other):
        assert is_there(at, "household_member", member)
        assert is_there(at, "resident", resident)
    assert faults(office, laptop, other) == [[], [], []]


def test_a_house_that_is_refused_takes_along_what_stands_in_it_whoever_wrote_it(
    circle: Circle, laptop: Workspace, other: Workspace, house: dict[str, int]
) -> None:
    office = circle.office
    visits = [made_visit(laptop, house["household"]), made_visit(other, house["household"])]
    circle.round(laptop, other)
    office.asides.refuse(ids(office, house["building"]))
    left = {record for kind, record in house.items() if kind != "building"}
    assert waiting(office) == {*left, *visits}
    circle.round(laptop, other)
    for at in (office, laptop, other):
        assert not any(is_there(at, kind, record) for kind, record in house.items())
        assert not any(is_there(at, "visit", visit) for visit in visits)
    assert faults(office, laptop, other) == [[], [], []]
    office.asides.accept(ids(office, *house.values(), *visits))
    circle.round(laptop, other)
    for at in (office, laptop, other):
        assert all(is_there(at, kind, record) for kind, record in house.items())
        assert all(is_there(at, "visit", visit) for visit in visits)
    assert faults(office, laptop, other) == [[], [], []]


def test_an_accepted_move_into_what_is_refused_later_is_taken_back(
    circle: Circle, laptop: Workspace, family: Family, house: dict[str, int]
) -> None:
    """An op of the office stands for it."""
    office = circle.office
    laptop.session.write([Change("household", family.household, {"dwelling_id": house["dwelling"]})], "edit")
    hand_in_while_lost(circle, laptop)
    move = ids(office, family.household)
    office.asides.accept(move)
    assert (office.session.store.get("household", family.household) or {})["dwelling_id"] == house["dwelling"]
    circle.round(laptop)
    office.asides.refuse(ids(office, house["dwelling"]))
    assert family.household in waiting(office)
    circle.round(laptop)
    for at in (office, laptop):
        assert (at.session.store.get("household", family.household) or {})["dwelling_id"] == family.dwelling
    assert office.merge.count() == 0
    assert faults(office, laptop) == [[], []]
    office.asides.accept(move, places=True)
    assert (office.session.store.get("household", family.household) or {})["dwelling_id"] == house["dwelling"]
    assert office.merge.count() == 0


def test_who_was_there_for_a_membership_alone_waits_when_that_is_refused(circle: Circle, house: dict[str, int]) -> None:
    office = circle.office
    office.asides.refuse(ids(office, house["household_member"]))
    assert waiting(office) == {house["resident"]}
    assert not is_there(office, "resident", house["resident"])


def test_who_lives_somewhere_else_too_stays_when_a_membership_is_refused(
    circle: Circle, laptop: Workspace, family: Family, house: dict[str, int]
) -> None:
    office = circle.office
    values = {"household_id": family.household, "resident_id": house["resident"], "relation": "80"}
    office.records.save("household_member", values)
    office.asides.refuse(ids(office, house["household_member"]))
    assert waiting(office) == set()
    assert is_there(office, "resident", house["resident"])


def test_what_is_written_on_what_was_refused_waits_though_its_writer_was_told_to_hold_that(
    circle: Circle, laptop: Workspace, other: Workspace, house: dict[str, int]
) -> None:
    """The one who made it, and another of the grid: neither has heard of the refusal."""
    office = circle.office
    office.asides.refuse(ids(office, house["building"]))
    before = waiting(office)
    visits = [made_visit(laptop, house["household"]), made_visit(other, house["household"])]
    for _ in range(2):
        circle.round(laptop, other)
    assert waiting(office) == {*before, *visits}
    assert not any(is_there(office, "visit", visit) for visit in visits)
    assert faults(office) == [[]]


def test_what_the_office_itself_wrote_on_what_it_refuses_is_named_by_the_check(
    circle: Circle, house: dict[str, int]
) -> None:
    """Nobody else can say what becomes of it; and what only refers to somebody does not go with them."""
    office = circle.office
    visit = made_visit(office, house["household"])
    office.records.save("household", {"head_id": house["resident"]}, house["household"])
    office.asides.refuse(ids(office, house["household"]))
    assert is_there(office, "visit", visit)
    (fault,) = office.care_of_store.check()
    assert (fault.where, fault.record, fault.serious) == ("references", visit, False)
    assert fault.sentence.endswith("which the office refused.")
    office.asides.accept(ids(office, house["household"]))
    assert faults(office) == [[]]
    office.asides.refuse(ids(office, house["resident"]))
    (fault,) = office.care_of_store.check()
    assert (fault.record, gettext("Head of household") in fault.sentence) == (house["household"], True)
