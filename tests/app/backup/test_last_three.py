"""An erasure takes nobody's way back: of each place the last backups stay, made anew without who was erased."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.app.backup.remaking import Remaking
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.store.backup.restore import preview
from gridworker.store.engine.database import PAGE_SIZE
from gridworker.store.keys.vault import Keys
from tests.app.backup.test_remade import PHOTO, put_back, require_all_know, require_gone
from tests.builders import DEK
from tests.circle import Circle, Family
from tests.pages import found_in

NAME = "金丝雀一号"


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"), "101", NAME)


def make(circle: Circle, family: Family, place: Path | None, *remarks: str) -> list[Path]:
    """A backup after each of some remarks."""
    made = []
    for remark in remarks:
        circle.clock.move(hours=1)
        circle.office.records.save("household", {"remark": remark}, family.household)
        made.append(circle.office.backups.make(place).path)
    return made


def moments(office: Workspace, place: Path | None = None) -> list[tuple[int, str]]:
    """Of those that check, newest first: how far each had come, and its moment."""
    views = [view for view in office.backups.list(place) if view.counts is not None]
    assert all(office.backups.verify(view.path) == view for view in views)
    return [(view.chain, f"{view.at:%H:%M}") for view in views]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_the_last_ones_are_made_anew_under_their_own_moments(
    circle: Circle, family: Family, *, elsewhere: bool
) -> None:
    place = circle.folder / "stick" if elsewhere else None
    made = make(circle, family, place, "一", "二", "三", "四")
    before = moments(circle.office, place)
    circle.clock.move(hours=1)
    outcome = circle.office.erasing.erase("resident", family.resident)
    assert outcome.backups == len(made)
    assert moments(circle.office, place)[1:] == before[:2]
    lying = list((place or circle.office.session.folder.backups).rglob("store.db"))
    assert len(lying) == 3
    assert not any(found_in(path, [NAME], DEK) for path in lying)
    assert not circle.office.backups.are_stale()


def test_one_that_was_made_anew_is_put_back_as_it_was_but_for_who_was_erased(circle: Circle, family: Family) -> None:
    grid = circle.office.devices.grids()[0][0]
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    make(circle, family, None, "早上", "中午", "晚上")
    circle.office.erasing.erase("resident", family.resident)
    wanted = circle.office.backups.list()[2].path
    office = put_back(circle, "office", wanted, gone=False)
    assert office.records.show("household", family.household).values["remark"] == "中午"
    require_gone(office, "resident", family.resident)
    require_all_know(circle, laptop, grid)
    require_gone(laptop, "resident", family.resident)


def test_what_is_newer_than_it_is_told_as_of_any_other(circle: Circle, family: Family) -> None:
    make(circle, family, None, "早上", "中午", "晚上")
    circle.office.erasing.erase("resident", family.resident)
    wanted = circle.office.backups.list()[2].path
    found = preview(wanted, circle.office.session.folder, Keys(DEK)).newer
    assert found is not None
    assert found.known
    assert family.household in found.records["household"]


def test_several_erasures_in_a_row_leave_three(circle: Circle, family: Family) -> None:
    grid = circle.office.devices.grids()[0][0]
    others = [circle.family(grid, str(number), f"金丝雀{number}号") for number in (102, 103)]
    make(circle, family, None, "一", "二", "三")
    for one in (family, *others):
        circle.office.erasing.erase("resident", one.resident)
        assert len(moments(circle.office)) == 3
    lying = circle.office.session.folder.backups.rglob("store.db")
    assert not any(found_in(path, ["金丝雀"], DEK) for path in lying)


def test_the_photos_of_others_stay_with_them(circle: Circle, family: Family) -> None:
    other = circle.family(circle.office.devices.grids()[0][0], "102", "王秀英")
    for one in (family, other):
        circle.office.attachments.add("household", one.household, PHOTO + str(one.household).encode())
    make(circle, family, None, "一", "二", "三")
    circle.office.erasing.erase("household", family.household)
    files = circle.office.session.folder.backups / "files"
    assert len(list(files.iterdir())) == 1
    assert len(moments(circle.office)) == 3


def test_where_there_is_no_room_for_that_the_erasure_does_not_wait(
    circle: Circle, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(circle, family, None, "一", "二", "三")
    monkeypatch.setattr(Remaking, "_remake", Mock(side_effect=DiskFull("full")))
    circle.office.erasing.erase("resident", family.resident)
    assert len(moments(circle.office)) == 1


@pytest.mark.parametrize("place", [1.5, 2, 3, 5], ids=str)
def test_one_that_is_damaged_anywhere_goes_and_the_other_is_made_anew(
    circle: Circle, family: Family, place: float
) -> None:
    made = make(circle, family, None, "一", "二", "三")
    whole = (made[2] / "store.db").read_bytes()
    at = int(len(whole) / PAGE_SIZE / place) * PAGE_SIZE + 100
    (made[2] / "store.db").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    circle.office.erasing.erase("resident", family.resident)
    assert not made[2].exists()
    assert len(moments(circle.office)) == 2


def test_cut_off_in_between_it_goes_on_and_makes_none_twice(
    circle: Circle, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(circle, family, None, "一", "二", "三")
    remake, done = Remaking._remake, list[Path]()

    def cut(self: Remaking, backup: Path, *rest: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(backup)
        remake(self, backup, *rest)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patched:
        patched.setattr(Remaking, "_remake", cut)
        with pytest.raises(KeyboardInterrupt):
            circle.office.erasing.erase("resident", family.resident)
    assert circle.office.backups.are_stale()
    again = Mock(wraps=remake)
    monkeypatch.setattr(Remaking, "_remake", lambda self, *rest: again(self, *rest))
    circle.office.backup_plan.keep_up()
    assert done == made[1:2]
    assert [call.args[1] for call in again.call_args_list] == made[2:]
    assert len(moments(circle.office)) == 3
    assert not circle.office.backups.are_stale()


def test_the_old_sheet_opens_none_of_them(circle: Circle, family: Family, tmp_path: Path) -> None:
    make(circle, family, None, "一", "二", "三")
    before = moments(circle.office)
    sheet = circle.office.recovery.renew(tmp_path / "new.age")
    old = (circle.office.backups.list()[0].path / "keys.json").read_bytes()
    circle.office.recovery.test(tmp_path / "new.age", sheet.code)
    views = circle.office.backups.list()
    assert [view.chain for view in views][1:] == [chain for chain, _ in before[:2]]
    assert old not in {(view.path / "keys.json").read_bytes() for view in views}
