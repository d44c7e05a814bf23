"""Registers sorted once: the order that is kept is what the books say, and is read again only for what bears on it."""

from unittest.mock import patch

import pytest

from gridworker.app import register as registers
from gridworker.app import register_kept
from gridworker.app.register import Register
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.store.changes import Act, Change
from gridworker.store.eviction import evict
from gridworker.text import language
from tests.circle import delete
from tests.village import Village


@pytest.fixture
def doors(village: Village) -> list[int]:
    block = village.building("3")
    return [village.add("dwelling", building_id=block, unit_no="1", room_no=room) for room in ("1001", "201", "101")]


def is_kept(register: Register, kind: str = "dwelling", field: str = "room_no", *, down: bool = False) -> bool:
    """Whether an order is told without reading the register."""
    with patch.object(register, "_read_order", side_effect=LookupError):
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
    assert not is_kept(register, down=True)
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
        old = register._read_order(before, wanted)
        village.change("dwelling", doors[0], {"room_no": "99"})
        new = register.order("dwelling", "room_no")
        assert register._kept.get(before, wanted) is None
        register._kept.keep(before, wanted, old)
    assert register.order("dwelling", "room_no") == new != old
