"""What doors, lists and files read, against the plain records."""

from datetime import date
from pathlib import Path

import pytest

from gridworker.store.history import histories, history
from gridworker.store.queries import doors, households, timeline
from gridworker.store.store import Store
from tests.builders import add, edit, make_store, remove

TODAY = date(2026, 3, 18)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def make_home(store: Store, room: str = "202") -> tuple[int, int, int]:
    """Building, household and head behind a door."""
    grid = add(store, "grid")
    building = add(store, "building", grid_id=grid, building_name="3")
    dwelling = add(store, "dwelling", building_id=building, unit_no="1", room_no=room)
    head = add(store, "resident")
    household = add(store, "household", dwelling_id=dwelling, head_id=head)
    add(store, "household_member", household_id=household, resident_id=head, relation="02")
    return building, household, head


def test_a_door_counts_those_who_live_there_now(store: Store) -> None:
    building, household, _ = make_home(store)
    for values in ({"lives_here": 0}, {"valid_to": "2026-03-18"}, {"valid_to": "2026-03-19"}):
        add(store, "household_member", household_id=household, resident_id=add(store, "resident"), **values)
    with store.db.read() as connection:
        (door,) = doors.doors(connection, building, TODAY)
        assert (door.household, door.people) == (household, 2)
        assert households.people_counts(connection, [household], TODAY) == {household: 2}


def test_who_moved_out_leaves_an_empty_door(store: Store) -> None:
    building, household, _ = make_home(store)
    edit(store, "household", household, status="moved_out")
    with store.db.read() as connection:
        (door,) = doors.doors(connection, building, TODAY)
        assert door.household is None
        assert households.places(connection, [household]) == []
        assert households.places_in(connection, [building]) == []
        assert households.neighbours(connection, building) == []
        found = households.home(connection, household)
        assert found is not None
        assert found.status == "moved_out"


def test_some_places_those_of_buildings_and_those_without(store: Store) -> None:
    one, first, _ = make_home(store)
    other, second, _ = make_home(store)
    nowhere = add(store, "household")
    with store.db.read() as connection:
        assert {place.household for place in households.places_in(connection, [one, other])} == {first, second}
        assert [place.household for place in households.places_nowhere(connection)] == [nowhere]
        assert [place.household for place in households.places(connection, [second, 7])] == [second]


def test_the_head_comes_first_whenever_it_was_added(store: Store) -> None:
    _, household, head = make_home(store)
    other = add(store, "resident", name="李红")
    add(store, "household_member", household_id=household, resident_id=other, relation="30")
    edit(store, "household", household, head_id=other)
    with store.db.read() as connection:
        assert [one.resident for one in households.members(connection, household)] == [other, head]


def test_several_histories_in_one_walk_are_those_of_each(store: Store) -> None:
    _, household, head = make_home(store)
    for phone in ("13800000001", "13800000002"):
        edit(store, "resident", head, phones=phone)
    edit(store, "household", household, remark="耳背")
    remove(store, "resident", head)
    with store.cursor() as cursor:
        together = histories(cursor, [household, head, 4711])
        assert together == {record: history(cursor, record) for record in (household, head)}
    with store.db.read() as connection:
        assert timeline.changes(connection, [head])[head] == together[head]
