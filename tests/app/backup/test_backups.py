"""Backups as an office makes them: what they cover reaches the laptops, and only the office's count."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gridworker.errors import Problem, StoreBusy
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.backup.manifest import Manifest
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import RENEWED, Meta
from gridworker.store.streams import Exchange
from gridworker.sync.format.header import kept_header
from gridworker.sync.incoming import _take_receipt
from tests.builders import DEK
from tests.circle import Circle
from tests.pages import found_in


def test_what_the_office_backed_up_reaches_the_laptop_and_no_more(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    device, life = laptop.session.store.identity.device, circle.office.session.store.identity.device
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(laptop)
    with circle.office.session.store.cursor() as cursor:
        covered = Exchange(cursor).marks()[device]
    made = circle.office.backups.make()
    laptop.records.save("resident", {"phones": "13800000002"}, family.resident)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        assert exchange.backed_up() == {device: covered}
        assert exchange.marks()[device] > covered
        assert exchange.stream(life).backed_up == made.chain
        assert exchange.stream(life).received > made.chain


def test_what_is_backed_up_counts_as_far_as_it_is_confirmed(circle: Circle) -> None:
    """More of it may be that of a copy, which writes under the same life."""
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    device = laptop.session.store.identity.device
    circle.round(laptop)
    with laptop.session.store.db.write() as connection:
        cursor = raw_cursor(connection)
        exchange, meta = Exchange(cursor), Meta(cursor)
        confirmed = exchange.marks()[device]
        header = kept_header(exchange.bundles(outgoing=False)[0].header)
        later = replace(header.have, clk=confirmed + (1 << 16))
        _take_receipt(exchange, meta, replace(header, have=later, backed_up_to=later, came=()))
        assert exchange.marks()[device] == confirmed
        assert exchange.backed_up()[device] == confirmed


def test_a_laptops_own_backup_covers_nothing(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    made = laptop.backups.make()
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(laptop)
    assert [view.path for view in laptop.backups.list()] == [made.path]
    assert laptop.backups.verify(made.path) == made
    with laptop.session.store.cursor() as cursor:
        assert Exchange(cursor).backed_up() == {}


def test_an_erasure_after_a_restore_reaches_the_place_of_the_first_backup_and_where_it_was_put_back_from(
    circle: Circle,
) -> None:
    family = circle.family(circle.office.devices.add_grid("第一网格"))
    first = circle.office.backups.make(circle.folder / "first").path
    stick = shutil.copytree(first.parent, circle.folder / "another") / first.name
    circle.close("office")
    restore.restore(stick, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    office = circle.open("office")
    outcome = office.erasing.erase("resident", family.resident)
    assert outcome.backups == 2
    assert outcome.elsewhere == (str(circle.folder / "office" / "before-restore-1"),)
    for place in (first.parent, stick.parent):
        views = office.backups.list(place)
        assert len(views) == 2
        assert all(office.backups.verify(view.path) == view for view in views)
        assert not any(found_in(view.path / "store.db", ["陈桂芳"]) for view in views)
    assert not first.exists()
    assert not stick.exists()


@pytest.mark.parametrize("is_cut_off", [False, True], ids=["made in between", "half removed"])
def test_a_restore_of_a_backup_older_than_an_erasure_leaves_nobody_in_those_made_in_between(
    circle: Circle, *, is_cut_off: bool
) -> None:
    """The journal begins again where the backup ended: by its numbers those in between are of the time to come."""
    office, stick = circle.office, circle.folder / "stick"
    family = circle.family(office.devices.add_grid("第一网格"), "101", "金丝雀一号")
    older = office.backups.make(stick).path
    for number in range(12):
        office.records.save("resident", {"note": f"第{number}次上门"}, family.resident)
    between = office.backups.make(stick).path
    drawer = stick.rename(circle.folder / "drawer")
    office.erasing.erase("resident", family.resident)
    drawer.rename(stick)
    made = office.backups.make(circle.folder / "clean").path
    clean = made.rename(stick / made.name.replace("-0001-", "-0003-"))
    circle.close("office")
    restore.restore(older, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    shutil.rmtree(older)
    office = circle.open("office")
    if is_cut_off:
        between.rename(between.with_name(f"{between.name}.part"))
    assert office.backups.are_stale()
    office.backup_plan.keep_up()
    assert not office.backups.are_stale()
    left = {view.path for view in office.backups.list(stick)}
    assert between not in left
    assert clean in left, "what it holds may be nowhere else"
    assert len(left) == 2
    assert not any(found_in(path, ["金丝雀一号"]) for path in stick.rglob("store.db"))


def test_one_that_does_not_check_is_none_of_the_last_three(circle: Circle) -> None:
    made = []
    for name in "一二三四五六七":
        circle.office.devices.add_grid(f"第{name}网格")
        made.append(circle.office.backups.make().path)
        if name in "四五六":
            manifest = made[-1] / "manifest.json"
            manifest.write_text(manifest.read_text().replace('"serial": ', '"serial": 1'))
    sound = [view.path for view in circle.office.backups.list() if view.counts is not None]
    assert sound == [made[6], made[2], made[1], made[0]]
    for name in "八九":
        circle.office.devices.add_grid(f"第{name}网格")
        circle.office.backups.make()
    left = circle.office.backups.list()
    assert sum(view.counts is not None for view in left) >= 3
    assert not any(view.counts is None for view in left), "bad ones go once three that check are newer"


def test_a_backup_that_goes_while_they_are_listed_hides_no_other(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is read in the background, and a new backup lets go of an old one meanwhile."""
    office = circle.office
    goes, stays = office.backups.make(), office.backups.make()
    read = Manifest.read

    def gone(path: Path, keys: Keys) -> Manifest:
        if path == goes.path and path.is_dir():
            shutil.rmtree(path)
        return read(path, keys)

    monkeypatch.setattr(Manifest, "read", gone)
    assert office.backups.list() == [stays]


def test_a_folder_without_what_it_says_of_itself_hides_no_backup(circle: Circle) -> None:
    half, whole = circle.office.backups.make(), circle.office.backups.make()
    (half.path / "manifest.json").unlink()
    assert circle.office.backups.list() == [whole]
    assert circle.office.backups.make().serial == whole.serial + 1
    assert circle.office.backups.renew()[1] == (str(half.path),), "what was erased may stand in it"


def test_a_check_of_a_store_that_is_being_read_waits_for_another_time(circle: Circle) -> None:
    """It is no fault of the store, and no reason to say that no backup was made."""
    session = circle.office.session
    with session.store.db.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM op").fetchall()
        circle.office.devices.add_grid("第一网格")
        with pytest.raises(StoreBusy), ThreadPoolExecutor(1) as pool:
            pool.submit(session.store.db.integrity).result()
        assert circle.office.self_check.daily() == ()
    assert circle.office.self_check.overdue()


@pytest.mark.parametrize("name", [".", ".restore", ".rekey", "attachments", "archive/deep", "link"])
def test_no_backup_is_made_where_the_store_clears_away(circle: Circle, name: str) -> None:
    """The next opening would remove it, and it was said to be one."""
    folder = circle.office.session.folder
    place = folder.root / name
    if name == "link":
        place = circle.folder / name
        place.symlink_to(folder.root / ".restore")
    with pytest.raises(Problem, match="data folder itself"):
        circle.office.backups.make(place)
    assert not list(folder.root.rglob("manifest.json"))
    assert circle.office.backups.places() == (folder.backups,)
    assert circle.office.backups.make().path.parent == folder.backups


@pytest.mark.parametrize("below", ["", "deep", "../files"])
def test_no_backup_is_made_in_a_backup_or_among_its_files(circle: Circle, below: str) -> None:
    """It would go with that one, when its turn comes."""
    stick = circle.folder / "stick"
    circle.family(circle.office.devices.add_grid("第一网格"))
    place = circle.office.backups.make(stick).path / below
    place.mkdir(exist_ok=True)
    before = sorted(circle.folder.rglob("*"))
    for asked in (circle.office.backups.make, circle.office.backup_plan.choose):
        with pytest.raises(Problem, match=r"part of the backups that lie in .stick"):
            asked(place)
    assert sorted(circle.folder.rglob("*")) == before
    assert circle.office.backups.make(stick).path.parent == stick


def test_an_erasure_reaches_every_stick_that_takes_turns_in_one_place(circle: Circle) -> None:
    """Two sticks have one name: the one that was in a drawer comes back after the other one was gone through."""
    office, place = circle.office, circle.folder / "stick"
    family = circle.family(office.devices.add_grid("第一网格"), "101", "金丝雀一号")
    office.backups.make(place)
    drawer = place.rename(circle.folder / "drawer")
    place.mkdir()
    office.backup_plan.choose(place)
    office.backups.make(place)
    office.erasing.erase("resident", family.resident)
    assert not office.backups.are_stale()
    first = place.rename(circle.folder / "first")
    drawer.rename(place)
    assert found_in(next(place.rglob("store.db")), ["金丝雀一号"])
    assert office.backups.are_stale()
    office.backup_plan.keep_up()
    assert not office.backups.are_stale()
    place.rename(drawer)
    first.rename(place)
    assert not office.backups.are_stale()
    for stick in (place, drawer):
        found = list(stick.rglob("store.db"))
        assert found
        assert not any(found_in(path, ["金丝雀一号"]) for path in found)


def test_what_an_earlier_program_remembered_of_places_says_nothing_of_what_lay_there(circle: Circle) -> None:
    office, place = circle.office, circle.folder / "stick"
    family = circle.family(office.devices.add_grid("第一网格"))
    office.backups.make(place)
    drawer = place.rename(circle.folder / "drawer")
    place.mkdir()
    office.backup_plan.choose(place)
    office.backups.make(place)
    office.erasing.erase("resident", family.resident)
    with office.session.store.settings() as settings:
        names = json.loads(settings.text(RENEWED))
        settings.set(RENEWED, json.dumps({name: link for name, (link, _) in names.items()}))
    assert not office.backups.are_stale()
    place.rename(circle.folder / "first")
    drawer.rename(place)
    assert office.backups.are_stale()
    office.backup_plan.keep_up()
    assert not office.backups.are_stale()
