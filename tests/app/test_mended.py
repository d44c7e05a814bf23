"""Faults that were found by trying, each kept from coming back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.app.access.enrolment import enrol
from gridworker.app.demo.demo import make_demo
from gridworker.app.workspace import Workspace
from gridworker.cli.main import main
from gridworker.errors import NotFound, UnknownSender
from gridworker.store.keys.kdf import CHEAP
from tests.circle import delete


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """An office and a laptop whose households and people are the same."""
    demo = make_demo(tmp_path, people=40, profile=CHEAP)
    office = Workspace.open(demo.office, demo.passphrase, profile=CHEAP)
    laptop = Workspace.open(demo.laptops[0], demo.passphrase, profile=CHEAP)
    yield office, laptop
    office.close()
    laptop.close()


def _contested(office: Workspace, laptop: Workspace, folder: Path) -> int:
    """A person the office deletes while the laptop, not knowing, writes about them."""
    person = laptop.records.page("resident", limit=1)[0].id
    delete(office, "resident", person)
    laptop.records.save("resident", {"note": "周三在家"}, person)
    office.exchange.merge(laptop.exchange.pack(folder))
    return person


def test_a_deletion_against_an_edit_shows_who_deleted_and_who_edited(
    pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    office, laptop = pair
    _contested(office, laptop, tmp_path)
    (conflict,) = office.merge.conflicts()
    (field,) = conflict.fields
    assert [(side.value, side.who) for side in field.sides] == [(0, "刘芳"), (1, "周敏")]


def test_undoing_the_choice_to_keep_a_person_does_not_hide_them(
    pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    office, laptop = pair
    person = _contested(office, laptop, tmp_path)
    waiting = office.merge.conflicts()
    office.merge.resolve("resident", person, {"alive": 1})
    office.records.undo()
    assert office.merge.conflicts() == waiting
    assert office.records.show("resident", person).values["note"] == "周三在家"


def test_undo_after_packing_takes_back_the_last_edit(pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    _, laptop = pair
    person = laptop.records.page("resident", limit=1)[0].id
    before = laptop.records.show("resident", person).values["note"]
    laptop.records.save("resident", {"note": "周三在家"}, person)
    laptop.exchange.pack(tmp_path)
    laptop.records.undo()
    assert laptop.records.show("resident", person).values["note"] == before


def test_a_second_computer_with_the_same_kit_is_told_apart(pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    office, _ = pair
    kit = tmp_path / "kit.gwk"
    issued = office.devices.issue_kit("钱进", [office.devices.grids()[0][0]], kit)
    for name in ("first", "second"):
        enrol(kit, issued.code, tmp_path / name, "four words are enough", profile=CHEAP)
    first, second = (
        Workspace.open(tmp_path / name, "four words are enough", profile=CHEAP) for name in ("first", "second")
    )
    files = [first.exchange.pack(tmp_path), second.exchange.pack(tmp_path)]
    known, other = office.exchange.merge_all(files)
    assert known.trip
    assert isinstance(other.problem, UnknownSender), "though it was opened before anybody had shown that kit"
    with pytest.raises(UnknownSender, match="second computer"):
        office.exchange.merge(files[1])
    first.close()
    second.close()


def test_a_laptop_gives_no_digest_of_a_grid_it_does_not_hold(pair: tuple[Workspace, Workspace]) -> None:
    _, laptop = pair
    with pytest.raises(NotFound):
        laptop.care_of_store.digest("第三网格")


def test_without_a_display_the_window_says_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([]) == 1
    assert "make tour" in capsys.readouterr().err
