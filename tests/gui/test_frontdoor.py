"""The real ways in: places, strength, a sample that is made once."""

from pathlib import Path

import pytest

from gridworker.app.demo import demo
from gridworker.gui.frontdoor import AppFrontDoor, Sample
from gridworker.gui.watching.drives import Drive


def test_places_go_from_province_to_community() -> None:
    door, parent, levels = AppFrontDoor(), "", []
    while below := door.places(parent):
        levels.append(below[0].level)
        parent = below[0].code
    assert levels == ["province", "city", "district", "subdistrict", "community"]


def test_strength_is_said_in_words() -> None:
    door = AppFrontDoor()
    short, weak, good = door.judge("abc"), door.judge("1234567890"), door.judge("三只蓝猫 爱喝 绿豆汤")
    assert (short.enough, weak.enough, good.enough) == (False, True, True)
    assert (short.good, weak.good, good.good) == (False, False, True)
    assert len({short.words, weak.words, good.words}) == 3


def test_a_sample_is_made_apart_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def make_demo(folder: Path, *, report: object) -> demo.Demo:
        made.append(folder)
        laptop = folder / "laptop-1"
        laptop.mkdir(parents=True)
        (laptop / "keys.json").write_text("{}")
        return demo.Demo(folder / "office", (laptop,), demo.PASSPHRASE)

    monkeypatch.setattr(demo, "make_demo", make_demo)
    door = AppFrontDoor()
    first = door.make_sample(tmp_path, lambda _: None)
    second = door.make_sample(tmp_path, lambda _: None)
    assert first == second == Sample(tmp_path / "sample" / "laptop-1", demo.PASSPHRASE)
    assert made == [tmp_path / "sample"]


def test_kits_lie_at_the_top_of_a_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "laptop-03.gwk").touch()
    (tmp_path / "photo.jpg").touch()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "laptop-04.gwk").touch()
    gone = Drive(tmp_path / "gone", "", 0)
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", lambda: [gone, Drive(tmp_path, "KINGSTON", 0)])
    assert AppFrontDoor().kits() == [tmp_path / "laptop-03.gwk"]
