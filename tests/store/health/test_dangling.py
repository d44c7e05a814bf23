"""A reference is a fault only where nothing explains that what it names is not here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gridworker.store.departed import Departed, Entry
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.check import check
from gridworker.store.health.dangling import dangling
from gridworker.store.log.clock import MS_SHIFT, device, device_of
from gridworker.store.recall import Recall
from gridworker.store.store import Store
from gridworker.store.streams import Aside, Exchange
from gridworker.text import gettext
from tests.builders import MORNING, add, batches, edit, make_store, remove, take


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    """With laptops 1 and 2 enrolled."""
    yield from _store(tmp_path / "office", 0)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Store]:
    yield from _store(tmp_path / "laptop", 1)


def _store(folder: Path, laptop: int) -> Iterator[Store]:
    store = make_store(folder, laptop=laptop)
    for number in (1, 2):
        add(store, "device", number=number, state="active")
    yield store
    store.close()


def foreign(laptop: int, incarnation: int = 0) -> int:
    """An id that a computer gave out in the morning."""
    return (MORNING << MS_SHIFT) | device(laptop, incarnation)


def home_of(store: Store, resident: int) -> int:
    """A household that names a resident as its head."""
    return add(store, "household", head_id=resident)


def targets(store: Store) -> set[int]:
    """What households refer to in vain."""
    with store.cursor() as cursor:
        return {one.target for one in dangling(cursor, store.identity)}


def test_one_that_never_existed_is_named_with_its_kind_field_and_number(office: Store) -> None:
    target = office.new_id()
    home = home_of(office, target)
    [fault] = check(office)
    assert (fault.where, fault.record, fault.serious) == ("references", home, False)
    named = str(home), str(target), gettext("Head of household"), gettext("Household")
    assert all(part in fault.sentence for part in named)


@pytest.mark.parametrize("target", [999, 7, -5])
def test_what_no_computer_of_the_community_gave_out_is_one_everywhere(
    office: Store, laptop: Store, target: int
) -> None:
    for store in (office, laptop):
        home_of(store, target)
        assert targets(store) == {target}


def test_a_record_of_another_kind_is_one(office: Store) -> None:
    grid = add(office, "grid")
    home_of(office, grid)
    assert targets(office) == {grid}


def test_a_deleted_record_is_none(office: Store) -> None:
    head = add(office, "resident")
    home_of(office, head)
    remove(office, "resident", head)
    assert office.get("resident", head) is None
    assert targets(office) == set()


def test_one_that_was_edited_before_its_creation_came_is_none(office: Store, laptop: Store) -> None:
    head = add(laptop, "resident")
    home_of(office, head)
    below(office, head)
    edit(laptop, "resident", head, note="x")
    take(office, *batches(laptop)[-1])
    assert office.get("resident", head) is None
    assert targets(office) == set()


def below(store: Store, clk: int) -> None:
    """The office has all that a laptop wrote up to there."""
    with store.db.write() as connection:
        Exchange(raw_cursor(connection)).raise_marks([(device_of(clk), clk)])


def test_at_the_office_what_a_laptop_has_not_handed_over_yet_is_none(office: Store) -> None:
    target = foreign(1)
    home_of(office, target)
    assert targets(office) == set()
    below(office, target)
    assert targets(office) == {target}


def test_what_waits_for_the_word_of_the_office_is_none(office: Store) -> None:
    target = foreign(1)
    home_of(office, target)
    below(office, target)
    with office.db.write() as connection:
        Exchange(raw_cursor(connection)).set_aside([Aside(target, 6, target, 0, 1, 0, b"\x90", "scope", b"x")])
    assert targets(office) == set()


def test_at_a_restored_office_what_may_come_back_is_none(office: Store) -> None:
    target = foreign(0, 0)
    office.adopt(replace(office.identity, incarnation=1))
    home_of(office, target)
    assert targets(office) == {target}
    with office.db.write() as connection:
        Recall(raw_cursor(connection)).add_lost(device(0, 0), 1)
    assert targets(office) == set()


@pytest.mark.parametrize("target", [foreign(0), foreign(2), foreign(1, 1)])
def test_on_a_laptop_what_others_wrote_is_none(laptop: Store, target: int) -> None:
    """It lies outside its grids, or is still to come."""
    home_of(laptop, target)
    assert targets(laptop) == set()


def test_on_a_laptop_what_left_it_is_none(laptop: Store) -> None:
    target = laptop.new_id()
    home_of(laptop, target)
    assert targets(laptop) == {target}
    with laptop.db.write() as connection:
        Departed(raw_cursor(connection)).leave({target: Entry(0, 1)}, 0)
    assert targets(laptop) == set()
