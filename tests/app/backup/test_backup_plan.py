"""When a backup is due: by the acts since the newest, whatever the clock says; and the second place."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gridworker.app.backup import plan as backup_plan
from gridworker.app.backup.restoring import Restoring
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, DiskFull, Problem, StoreDamaged, StoreProblem
from gridworker.store.backup import place as backup_place
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log.clock import moment_of
from tests.app.test_gate import act_as
from tests.circle import PASSPHRASE, Circle, write_keys


@pytest.fixture
def office(circle: Circle) -> Workspace:
    write_keys(circle.office.session.folder)
    circle.office.session.profile = CHEAP
    return circle.office


def act(office: Workspace, times: int = 1) -> None:
    for _ in range(times):
        office.devices.add_grid(f"第{len(office.devices.grids()) + 1}网格")


def own(office: Workspace) -> Path:
    return office.session.folder.backups


def test_the_first_is_due_at_once_and_the_next_after_an_act_on_another_day(office: Workspace, circle: Circle) -> None:
    assert office.backup_plan.due() == [own(office)]
    (made,) = office.backup_plan.keep_up()
    assert made.path.parent == own(office)
    act(office)
    assert office.backup_plan.due() == []
    circle.clock.move(days=1)
    assert office.backup_plan.due() == [own(office)]
    office.backup_plan.keep_up()
    circle.clock.move(days=1)
    assert office.backup_plan.due() == [], "what is only put on record is no reason"


def test_whoever_is_unlocked_the_store_is_backed_up_and_checked(office: Workspace) -> None:
    """Rights are about what is shown: a laptop whose volunteer alone unlocks it still must not lose a day's work."""
    office.session.who = office.devices.add_staff({"name": "赵海", "role": "volunteer"})
    office.session._staff = None
    assert len(office.backup_plan.keep_up()) == 1
    assert office.self_check.daily() == ()
    for shown in (office.backups.list, office.self_check.last, office.backups.make):
        with pytest.raises(Denied):
            shown()


def test_who_uses_the_command_line_only_has_a_daily_backup_too(office: Workspace, circle: Circle) -> None:
    plan = office.backup_plan
    circle.clock.at = moment_of(office.session.new_id())
    assert plan.after_command() is None, "on its first day a store has next to nothing to lose"
    circle.clock.move(days=1)
    assert plan.after_command() is not None
    act(office)
    assert plan.after_command() is None
    circle.clock.move(days=1)
    assert plan.after_command() is not None
    assert plan.after_command() is None


def test_a_clock_that_stands_still_or_runs_back_keeps_no_backup_from_being_made(
    office: Workspace, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_plan, "ACTS", 5)
    office.backup_plan.keep_up()
    act(office, 4)
    assert office.backup_plan.due() == []
    act(office)
    assert office.backup_plan.due() == [own(office)]
    office.backup_plan.keep_up()
    circle.clock.at = datetime(1999, 1, 1, tzinfo=UTC)
    act(office)
    assert office.backup_plan.due() == [own(office)]


def test_before_something_big_one_is_made_unless_the_newest_has_it_all(office: Workspace, tmp_path: Path) -> None:
    assert office.backup_plan.before() is not None
    assert office.backup_plan.before() is None
    act(office)
    big = tmp_path / "01-1-aaaaaaaa.gwb"
    big.write_bytes(bytes(backup_plan.BIG - 1))
    assert office.backup_plan.before_merge([big, tmp_path / "gone.gwb"]) is None
    assert office.exchange.merge_all([big, big])[0].problem is not None
    assert len(office.backups.list()) == 2, "big bundles are not taken in before there is a backup"


def test_the_second_place_gets_its_own_and_opens_without_the_first_computer(
    office: Workspace, circle: Circle, tmp_path: Path
) -> None:
    stick = tmp_path / "second"
    stick.mkdir()
    assert "second place" in office.backup_plan.reminder()
    office.backup_plan.choose(stick)
    assert office.backup_plan.reminder() == "There is no backup in the second place yet."
    assert {made.path.parent for made in office.backup_plan.keep_up()} == {own(office), stick}
    assert office.backup_plan.reminder() == ""
    (backup,) = office.backups.list(stick)
    circle.close("office")
    shutil.rmtree(circle.folder / "office")
    done = Restoring(backup.path, tmp_path / "new", PASSPHRASE, profile=CHEAP).restore()
    assert done.aside is None
    assert done.identity.is_office


def test_a_second_place_that_is_old_or_pulled_out_is_said(office: Workspace, circle: Circle, tmp_path: Path) -> None:
    stick = tmp_path / "second"
    stick.mkdir()
    office.backup_plan.choose(stick)
    office.backup_plan.keep_up()
    act(office)
    circle.clock.move(days=6)
    stick.rename(tmp_path / "pulled")
    assert office.backup_plan.reminder() == ""
    circle.clock.move(days=1)
    assert "Plug it in" in office.backup_plan.reminder()
    assert office.backup_plan.due() == [own(office)]
    stick.mkdir()  # the place where it is mounted, with nothing in it: no backup goes onto the wrong disk
    assert office.backup_plan.due() == [own(office)]
    office.backup_plan.keep_up()
    assert list(stick.iterdir()) == []
    stick.rmdir()
    (tmp_path / "pulled").rename(stick)
    assert "is from" in office.backup_plan.reminder()
    office.backup_plan.keep_up()
    assert office.backup_plan.reminder() == ""


def test_a_second_place_far_behind_is_said_on_the_same_day(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "second"
    stick.mkdir()
    office.backup_plan.choose(stick)
    office.backup_plan.keep_up()
    stick.rename(tmp_path / "pulled")
    monkeypatch.setattr(backup_plan, "OLD_ACTS", 3)
    for reminder in ("", "", "The second place is not here; its newest backup is from today"):
        act(office)
        assert office.backup_plan.reminder().startswith(reminder)
        assert bool(office.backup_plan.reminder()) == bool(reminder)


def test_a_stick_that_was_emptied_or_has_another_s_name_begins_anew_once_it_is_chosen(
    office: Workspace, circle: Circle, tmp_path: Path
) -> None:
    """Drives go by letters, and sticks are formatted: unasked, another place is not taken for the second one."""
    stick = tmp_path / "second"
    stick.mkdir()
    office.backup_plan.choose(stick)
    assert len(office.backup_plan.keep_up()) == len({own(office), stick})
    shutil.rmtree(stick)
    stick.mkdir()
    act(office)
    circle.clock.move(days=8)
    assert [one.path.parent for one in office.backup_plan.keep_up()] == [own(office)]
    assert "is not here" in office.backup_plan.reminder()
    office.backup_plan.choose(stick)
    assert [one.path.parent for one in office.backup_plan.keep_up()] == [stick]
    assert office.backup_plan.reminder() == ""


@pytest.mark.parametrize("left", ["mount point", "nothing", "not even the folder above"])
def test_in_place_of_a_stick_that_is_pulled_out_none_is_made_on_the_disk(
    office: Workspace, tmp_path: Path, left: str
) -> None:
    """By the command, which names a folder and is often run by itself: it would count as one elsewhere."""
    place = tmp_path / "media" / "usb"
    place.mkdir(parents=True)
    office.backups.make(place)
    away = (place if left != "not even the folder above" else place.parent).rename(tmp_path / "away")
    if left == "mount point":
        place.mkdir()
    act(office)
    with pytest.raises(Problem, match="there are none now"):
        office.backups.make(place)
    assert not list(place.glob("*"))
    away.rename(tmp_path / "media") if left == "not even the folder above" else shutil.copytree(
        away, place, dirs_exist_ok=True
    )
    assert office.backups.make(place).path.parent == place
    with pytest.raises(Problem, match="no folder for"):
        office.backups.make(tmp_path / "no stick" / "usb")
    assert not (tmp_path / "no stick").exists()


def test_another_stick_in_its_place_takes_backups(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "usb"
    office.backups.make(place)
    place.rename(tmp_path / "drawer")
    place.mkdir()
    monkeypatch.setattr(backup_place, "is_same_disk", lambda *_: False)
    assert office.backups.make(place).path.parent == place


@pytest.mark.parametrize("file", ["manifest.json", "store.db"])
def test_a_second_place_with_ruined_backups_alone_is_here_and_says_how_many_and_gets_a_new_one(
    office: Workspace, circle: Circle, tmp_path: Path, file: str
) -> None:
    """Without a whole manifest one does not say whose it is; with one, that it is bad comes out when it is read."""
    stick = tmp_path / "second"
    stick.mkdir()
    office.backup_plan.choose(stick)
    office.backup_plan.keep_up()
    act(office)
    circle.clock.move(days=1)
    office.backup_plan.keep_up()
    assert office.backup_plan.due() == []
    ruined = sorted(stick.glob("0*"))
    for backup in ruined:
        (backup / file).write_bytes(b"")
        if file == "store.db":
            with pytest.raises(StoreDamaged):
                office.backups.verify(backup)
    second = office.backup_plan.second()
    assert second is not None
    assert second.here
    assert [one.path for one in second.ruined] == ruined[::-1]
    assert office.backup_plan.reminder().startswith("The second place is here, and all 2 backups in it are damaged: ")
    assert office.backup_plan.due() == [stick]
    (made,) = office.backup_plan.keep_up()
    assert made.path.parent == stick
    second = office.backup_plan.second()
    assert second is not None
    assert second.ruined == ()
    assert "are damaged" not in office.backup_plan.reminder()


def test_a_second_place_that_is_no_use_is_refused(office: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="out of reach"):
        office.backup_plan.choose(tmp_path / "nowhere")
    with pytest.raises(Problem, match="data folder"):
        office.backup_plan.choose(office.session.folder.root)
    office.backup_plan.choose(None)
    assert office.backup_plan.second() is None


def test_nothing_is_due_where_another_window_writes(office: Workspace) -> None:
    office.session.writer = "周敏"
    assert office.backup_plan.due() == []


def test_backup_is_stopped_and_leaves_nothing(office: Workspace) -> None:
    class Stopped(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.4:
            raise Stopped

    with pytest.raises(Stopped):
        office.backups.make(report=stop)
    assert office.backups.list() == []
    assert not own(office).exists()
    told: list[float] = []
    office.backups.verify(office.backups.make(report=told.append).path, lambda _share: None)
    assert told == sorted(told)
    assert told[-1] >= 0.9


def test_a_second_place_that_takes_nothing_says_why_and_is_left_in_peace_for_a_while(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = office.backup_plan
    plan.choose(tmp_path)
    make = office.backups.make
    tried: list[Path] = []

    def full(place: Path, *options: Any) -> object:
        if place == tmp_path:
            tried.append(place)
            raise DiskFull("The disk is full.")
        return make(place, *options)

    monkeypatch.setattr(office.backups, "make", full)
    for _ in range(3):
        plan.keep_up()
    assert tried == [tmp_path]
    assert plan.reminder() == "The second place took no backup: The disk is full."
    monkeypatch.undo()
    monkeypatch.setattr(backup_plan, "RETRY", 0)
    assert [view.path.parent for view in plan.keep_up()] == [tmp_path]
    assert plan.reminder() == ""


def test_a_place_in_which_nothing_can_be_kept_is_refused_and_not_remembered(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise StoreProblem("The disk is read-only.")

    with monkeypatch.context() as patch:
        patch.setattr(backup_place, "write_durably", refuse)
        with pytest.raises(StoreProblem):
            office.backup_plan.choose(tmp_path)
    assert office.backup_plan.second() is None
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem):
        office.backups.make(tmp_path / "file" / "below")
    assert office.backups.places() == (office.session.folder.backups,)


def test_an_old_backup_is_read_through_again_every_day_and_a_rotten_one_is_said(
    office: Workspace, circle: Circle
) -> None:
    plan = office.backup_plan
    first, second = office.backups.make(), office.backups.make()
    data = bytearray((first.path / "store.db").read_bytes())
    data[-3000] ^= 1
    (first.path / "store.db").write_bytes(data)
    assert all(one.counts is not None for one in office.backups.list()), "what it says of itself still checks"
    act_as(office.session, "volunteer")
    assert (plan.reread(), plan.reread()) == (first, None)
    circle.clock.move(days=1)
    assert plan.reread() == second
    act_as(office.session, "office")
    assert [one.counts is None for one in office.backups.list()] == [False, True]
    assert plan.reminder() == (
        f"A backup was read through again and is damaged: {first.path.name}. Make a new one now."
    )
    shutil.rmtree(first.path)
    assert "damaged" not in plan.reminder()
