"""Registers sorted once: the order that is kept is what the books say, and is read again only for what bears on it."""

from collections.abc import Callable, Iterator
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridworker.app.register import register as registers
from gridworker.app.register import register_kept
from gridworker.app.register.register import Register
from gridworker.app.workspace import Workspace
from gridworker.domain.address import natural_key
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.erasure.eviction import evict
from gridworker.store.tables.changes import Act, Change
from gridworker.text import language
from tests.circle import delete
from tests.village import Village


@pytest.fixture
def doors(village: Village) -> list[int]:
    block = village.building("3")
    return [village.add("dwelling", building_id=block, unit_no="1", room_no=room) for room in ("1001", "201", "101")]


def is_kept(register: Register, kind: str = "dwelling", field: str = "room_no", *, down: bool = False) -> bool:
    """Whether an order is told without reading the register."""
    with patch.object(register, "_read_both_ways", side_effect=LookupError):
        try:
            register.order(kind, field, down=down)
        except LookupError:
            return False
    return True


def test_an_order_stays_until_a_record_of_its_kind_comes(
    workspace: Workspace, village: Village, doors: list[int]
) -> None:
    register = Register(workspace.session)
    assert list(register.order("dwelling", "room_no")) == doors[::-1]
    assert is_kept(register, down=True)
    village.add("building", grid_id=village.grid, building_name="9")
    assert is_kept(register)
    village.change("dwelling", doors[0], {"room_no": "99"})
    assert list(register.order("dwelling", "room_no")) == [doors[0], doors[2], doors[1]]
    delete(workspace, "dwelling", doors[1])
    assert list(register.order("dwelling", "room_no")) == [doors[0], doors[2]]
    workspace.records.undo()
    assert list(register.order("dwelling", "room_no")) == [doors[0], doors[2], doors[1]]
    evict(workspace.session.store, [doors[0]], Act("evict", workspace.session.who))
    assert list(register.order("dwelling", "room_no")) == [doors[2], doors[1]]
    wrong: dict[str, Value] = {"laptop": 1, "since": "2026-03-01T00:00:00Z", "seconds": 60}
    session = workspace.session
    session.write([Change("clock_correction", session.new_id(), wrong, create=True)], "create")
    assert not is_kept(register)


def _by_the_books(workspace: Workspace, field: str, *, down: bool) -> list[int]:
    register = Register(workspace.session)
    with workspace.session.store.db.read() as connection:
        return list(register._read_both_ways(connection, "dwelling", field)[down])


def add_door(workspace: Workspace, block: int, chance: Random) -> int:
    made = door(workspace, block, chance.choice(SOME_ROOMS), chance.choice([None, -1, 2, 10]))
    workspace.session.write([made], "create")
    return made.record


def _acts(workspace: Workspace, village: Village, doors: list[int], chance: Random) -> Iterator[Callable[[], object]]:
    """What may be done to doors."""
    yield lambda: doors.append(add_door(workspace, village.building("3"), chance))
    if doors:
        one = chance.choice(doors)
        yield lambda: village.change("dwelling", one, {"room_no": chance.choice(SOME_ROOMS)})
        yield lambda: village.change("dwelling", one, {"floor": chance.choice([None, 2, 10])})

        def remove() -> None:
            delete(workspace, "dwelling", one)
            doors.remove(one)

        def remove_and_undo() -> None:
            delete(workspace, "dwelling", one)
            workspace.records.undo()

        yield from (remove, remove_and_undo)


@pytest.mark.parametrize("seed", range(10))
def test_whatever_was_done_an_order_is_what_the_books_say(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """New doors, other numbers, deletions, undos, starts and readings that are kept, in any order."""
    chance, block, session = Random(seed), village.building("3"), workspace.session
    monkeypatch.setattr(register_kept, "WORTH_KEEPING", 1)
    monkeypatch.setattr(register_kept, "MOST", chance.choice([1, 40]))
    monkeypatch.setattr("gridworker.app.kept.LAG", chance.choice([0, 3]))
    register, doors = Register(session), [add_door(workspace, block, chance)]
    for _ in range(40):
        match chance.choice(["act", "act", "act", "ahead", "start"]):
            case "act":
                chance.choice(list(_acts(workspace, village, doors, chance)))()
            case "ahead":
                register.look_ahead("dwelling")()
            case "start":
                register = Register(session)
        field, down = chance.choice(["room_no", "floor"]), chance.choice([True, False])
        assert list(register.order("dwelling", field, down=down)) == _by_the_books(workspace, field, down=down)


def test_the_next_start_reads_no_large_register(
    workspace: Workspace, village: Village, doors: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_kept, "WORTH_KEEPING", 3)
    register = Register(workspace.session)
    register.look_ahead("dwelling")()
    village.change("dwelling", doors[0], {"room_no": "99"})
    begun = Register(workspace.session)
    assert is_kept(begun)
    assert list(begun.order("dwelling", "room_no")) == [doors[0], doors[2], doors[1]]
    evict(workspace.session.store, [doors[0]], Act("evict", workspace.session.who))
    assert not is_kept(Register(workspace.session))


SOME_ROOMS = ("1", "01", "001", "2", "10", "10A", "9", "甲", "甲2", "b")
ROOMS = st.sampled_from(SOME_ROOMS)
FLOORS = st.one_of(st.none(), st.integers(-2, 3))


def door(of: Workspace, block: int, room: str, floor: int | None) -> Change:
    values: dict[str, Value] = {"building_id": block, "room_no": room, "floor": floor}
    return Change("dwelling", of.session.new_id(), values, create=True)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.lists(st.tuples(ROOMS, FLOORS), max_size=20), lot=st.integers(1, 25))
def test_both_ways_are_what_one_sorts_by_hand(
    workspace: Workspace, village: Village, many: list[tuple[str, int | None]], lot: int
) -> None:
    """Numbers by size, those of one number as they came on the books, and who has none last, either way."""
    session, block = workspace.session, village.building("3")
    session.write([door(workspace, block, *one) for one in many] or [door(workspace, block, "1", None)], "create")
    with session.store.db.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, room_no, floor FROM dwelling ORDER BY id").all()
    with patch.object(records, "LOT", lot):
        register = Register(session)
        for place, field in enumerate(("room_no", "floor"), start=1):
            without = [row[0] for row in rows if row[place] is None]
            known = [row for row in rows if row[place] is not None]
            for down in (True, False):
                known.sort(key=lambda row, at=place: natural_key(str(row[at])), reverse=down)
                assert list(register.order("dwelling", field, down=down)) == [row[0] for row in known] + without
                known.sort()
        assert list(register.order("dwelling")) == [row[0] for row in rows]


def test_codes_are_sorted_by_their_words_in_the_language_spoken(workspace: Workspace, doors: list[int]) -> None:
    assert doors
    register = Register(workspace.session)
    with patch.object(registers, "language", return_value="en"):
        register.order("dwelling", "room_no")
        assert is_kept(register)
    with patch.object(registers, "language", return_value="zh_CN"):
        assert not is_kept(register)


def test_looking_ahead_reads_every_order_and_no_more_are_kept(workspace: Workspace, doors: list[int]) -> None:
    register = Register(workspace.session)
    register.look_ahead("dwelling")()
    assert all(
        is_kept(register, field=field, down=down) for field in register.sortable("dwelling") for down in (False, True)
    )
    assert list(register.order("dwelling", "room_no", down=True)) == doors
    with patch.object(register_kept, "KEPT", 1):
        register.order("building", "building_name")
        assert is_kept(register, "building", "building_name")
        assert not is_kept(register)


def test_a_reading_that_began_before_is_not_told_what_came_since(
    workspace: Workspace, village: Village, doors: list[int]
) -> None:
    register = Register(workspace.session)
    wanted = register_kept.Sorted("dwelling", "room_no", False, language())
    with workspace.session.store.db.read() as before:
        old, _ = register._read_both_ways(before, wanted.kind, wanted.field)
        village.change("dwelling", doors[0], {"room_no": "99"})
        new = register.order("dwelling", "room_no")
        assert register._kept.get(before, wanted, lambda: register._seating(before, wanted)) is None
        register._kept.keep(before, wanted, old)
    assert register.order("dwelling", "room_no") == new != old
