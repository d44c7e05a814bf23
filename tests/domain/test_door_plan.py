"""The doors of a new building."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.door_plan import DoorPlan, PlanFault, doors_of
from gridworker.domain.dwelling import Dwelling


def labels(plan: DoorPlan) -> list[str]:
    return [door.label for door in doors_of(plan)]


def test_units_times_floors_times_doors() -> None:
    assert labels(DoorPlan(2, 2, 2)) == ["1-101", "1-102", "1-201", "1-202", "2-101", "2-102", "2-201", "2-202"]


def test_without_units() -> None:
    assert labels(DoorPlan(0, 2, 1)) == ["101", "201"]


def test_exceptions_by_hand() -> None:
    plan = DoorPlan(1, 4, 2, skipped="4", without="1-101，1-302", besides="1-501 1-B01")
    assert labels(plan) == ["1-102", "1-201", "1-202", "1-301", "1-501", "1-B01"]
    assert {door.label: door.floor for door in doors_of(plan)}["1-501"] == 5


def test_one_unit_needs_no_number() -> None:
    assert labels(DoorPlan(1, 1, 2, without="102")) == ["1-101"]


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (DoorPlan(-1, 6, 2), "units"),
        (DoorPlan(41, 6, 2), "units"),
        (DoorPlan(1, 0, 2), "floors"),
        (DoorPlan(1, 6, 0), "on_a_floor"),
        (DoorPlan(40, 120, 60), "on_a_floor"),
        (DoorPlan(1, 6, 2, skipped="four"), "skipped"),
        (DoorPlan(2, 6, 2, without="501"), "without"),
        (DoorPlan(2, 6, 2, without="3-501"), "without"),
        (DoorPlan(0, 6, 2, besides="1-501"), "besides"),
        (DoorPlan(1, 1, 1, without="101"), "on_a_floor"),
    ],
)
def test_what_cannot_be_is_named(plan: DoorPlan, field: str) -> None:
    with pytest.raises(PlanFault) as caught:
        doors_of(plan)
    assert caught.value.field == field


@given(st.integers(0, 14), st.integers(1, 33), st.integers(1, 12), st.sets(st.integers(1, 33), max_size=4))
def test_every_door_once_in_order(units: int, floors: int, on_a_floor: int, skipped: set[int]) -> None:
    """However large: as many doors as the product says, each once, each on the floor its number tells."""
    left = [floor for floor in range(1, floors + 1) if floor not in skipped]
    plan = DoorPlan(units, floors, on_a_floor, " ".join(map(str, skipped)))
    wanted = max(units, 1) * len(left) * on_a_floor
    if not 0 < wanted <= 4000:
        with pytest.raises(PlanFault):
            doors_of(plan)
        return
    found = doors_of(plan)
    assert len(found) == len({(door.unit, door.room) for door in found}) == wanted
    assert {door.floor for door in found} == set(left)
    assert all(door.room == f"{door.floor}{door.room[-2:]}" for door in found)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_answered(skipped: str, without: str, besides: str) -> None:
    """With doors a dwelling can have, or with the field at fault."""
    assert answer(DoorPlan(2, 3, 2, skipped, without, besides)) in {"skipped", "without", "besides", "on_a_floor", ""}


def answer(plan: DoorPlan) -> str:
    try:
        found = doors_of(plan)
    except PlanFault as fault:
        return fault.field
    assert found
    for door in found:
        Dwelling.checked({"building_id": 1, "unit_no": door.unit, "floor": door.floor, "room_no": door.room})
    return ""


def test_a_door_too_long_for_its_plate() -> None:
    assert answer(DoorPlan(2, 3, 2, besides=f"1-{'9' * 30}")) == "besides"
    assert answer(DoorPlan(2, 3, 2, besides=f"{'9' * 30}-101")) == "besides"
