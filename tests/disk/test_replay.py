"""The disk of the power cuts itself: it keeps what was synced, and anything of the rest."""

from pathlib import Path
from random import Random

import pytest

from tests.disk import replay
from tests.disk.replay import Disk, Event, State, cuts, without_syncs

FILE, ROOT, BESIDE = 1, 2, 3
OLD, NEW = b"o" * 2048, b"n" * 1024
ROOT_OPEN = Event(replay.OPEN, ROOT, 0, b"")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one").write_bytes(OLD)
    return tmp_path


def states(folder: Path, *done: Event) -> list[State]:
    """What may be left after these calls, as often as it takes to see everything."""
    disk = Disk(folder)
    for event in done:
        disk.add(event)
    chance = Random(1)
    return [disk.left(chance) for _ in range(400)]


def opened(name: bytes = b"one", file: int = FILE) -> Event:
    return Event(replay.OPEN, file, 0, name)


def test_what_was_synced_is_there(folder: Path) -> None:
    left = states(folder, opened(), Event(replay.WRITE, FILE, 512, NEW), Event(replay.SYNC, FILE, 0, b""))
    assert {state["one"] for state in left} == {OLD[:512] + NEW + OLD[1536:]}


def test_of_what_was_not_any_sector_may_be(folder: Path) -> None:
    left = {state["one"] for state in states(folder, opened(), Event(replay.WRITE, FILE, 512, NEW))}
    first, second = OLD[:512] + NEW[:512] + OLD[1024:], OLD[:1024] + NEW[512:] + OLD[1536:]
    assert left == {OLD, first, second, OLD[:512] + NEW + OLD[1536:]}


def test_a_later_write_may_be_there_without_an_earlier_one(folder: Path) -> None:
    left = {
        state["one"]
        for state in states(folder, opened(), Event(replay.WRITE, FILE, 0, b"a"), Event(replay.WRITE, FILE, 1, b"b"))
    }
    assert {b"ab", b"ob", b"ao", b"oo"} == {data[:2] for data in left if data}


def test_a_length_may_be_there_without_its_data(folder: Path) -> None:
    left = {state["one"] for state in states(folder, opened(), Event(replay.WRITE, FILE, 2048, NEW))}
    assert {OLD, OLD + NEW, OLD + bytes(1024)} <= left


def test_a_cut_may_come_before_a_length_is_less(folder: Path) -> None:
    assert {state["one"] for state in states(folder, opened(), Event(replay.RESIZE, FILE, 0, b""))} == {OLD, b""}


def test_a_new_name_is_there_when_its_folder_was_synced(folder: Path) -> None:
    made = (
        Event(replay.CREATE, BESIDE, 0, b"two"),
        Event(replay.WRITE, BESIDE, 0, NEW),
        Event(replay.SYNC, BESIDE, 0, b""),
    )
    assert {state.get("two") for state in states(folder, *made)} == {None, NEW}
    assert {state.get("two") for state in states(folder, *made, ROOT_OPEN, Event(replay.SYNC, ROOT, 0, b""))} == {NEW}


def test_a_file_renamed_over_another_is_one_of_the_two(folder: Path) -> None:
    """And half of it where nobody synced it before: the very thing that writing beside is for."""
    made = Event(replay.CREATE, BESIDE, 0, b"one.part"), Event(replay.WRITE, BESIDE, 0, NEW)
    renamed = Event(replay.RENAME, 0, 0, b"one.part\0one")
    synced = {state["one"] for state in states(folder, *made, Event(replay.SYNC, BESIDE, 0, b""), renamed)}
    assert synced == {OLD, NEW}
    assert b"" in {state["one"] for state in states(folder, *made, renamed)}


def test_names_reach_the_disk_in_their_order(folder: Path) -> None:
    left = states(folder, Event(replay.FOLDER, 0, 0, b"in"), Event(replay.UNLINK, 0, 0, b"one"))
    assert {("in" in state, "one" in state) for state in left} == {(False, True), (True, True), (True, False)}


def test_a_cut_counts_what_was_told_by_then(folder: Path) -> None:
    done = [opened(), Event(replay.MARK, 0, 1, b""), Event(replay.WRITE, FILE, 0, NEW), Event(replay.MARK, 0, 1, b"")]
    assert {told for told, _ in cuts(folder, done, 60, Random(1))} == {0, 1, 2}


@pytest.mark.parametrize(("ending", "safe"), [("one", False), ("two", True)])
def test_a_control_takes_the_syncs_of_some_files_away(folder: Path, ending: str, safe: bool) -> None:
    done = [opened(), Event(replay.WRITE, FILE, 0, NEW), Event(replay.SYNC, FILE, 0, b"")]
    left = states(folder, *without_syncs(done, ending))
    assert ({state["one"] for state in left} == {NEW + OLD[1024:]}) is safe
