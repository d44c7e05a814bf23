"""A file that was away is taken up again: one that was never handed in is nowhere else."""

from contextlib import closing
from pathlib import Path

import pytest

from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.attached import Attached, Files
from gridworker.store.backup.carried import left_behind
from gridworker.store.backup.rescue import begin_anew
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.keys.vault import Keys
from gridworker.sync.judging import guard
from tests.app.backup.test_put_back import put_back
from tests.builders import DEK
from tests.circle import Circle, Family
from tests.pictures import photo
from tests.sync.files.test_attaching import content, files, start

PHOTO = prepared(photo(7, 20_000)).data
LATER = prepared(photo(8, 20_000)).data
KEYS = Keys(DEK)


@pytest.fixture
def family(circle: Circle) -> Family:
    """Looked after by the laptop."""
    return start(circle)[0]


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """With a photo that nobody else has."""
    opened = circle.opened["laptop-1"]
    opened.attachments.add("household", family.household, PHOTO, "楼道杂物")
    return opened


def shown(workspace: Workspace) -> list[bytes | None]:
    """Every attachment a device knows of, as it has it."""
    return [content(workspace, view.id) for view in workspace.attachments.all()]


def mislaid(workspace: Workspace) -> list[Attached]:
    """The files whose keys are kept though they are gone."""
    with workspace.session.store.cursor() as cursor:
        return Files(cursor).mislaid()


def move_away(workspace: Workspace) -> Path:
    """The folder of the files is not there for a while, and that is noticed."""
    away = workspace.session.folder.root / "away"
    workspace.session.folder.attachments.rename(away)
    workspace.attachments.tidy()
    assert set(shown(workspace)) == {None}
    return away


def bring_back(workspace: Workspace, away: Path) -> None:
    """It is there again."""
    workspace.session.folder.attachments.mkdir(exist_ok=True)
    for path in away.iterdir():
        path.rename(workspace.session.folder.attachments / path.name)


@pytest.mark.parametrize("noticed", ["opening", "check", "bundle"])
def test_a_photo_that_was_never_handed_in_is_taken_up_where_it_lies_again(
    circle: Circle, laptop: Workspace, noticed: str
) -> None:
    away = move_away(laptop)
    circle.round(laptop)
    assert shown(circle.office) == [None]
    bring_back(laptop, away)
    if noticed == "opening":
        circle.close("laptop-1")
        laptop = circle.open("laptop-1")
        laptop.attachments.tidy()
    elif noticed == "check":
        laptop.self_check.daily()
    else:
        circle.reply(laptop)
    assert shown(laptop) == [PHOTO]
    assert mislaid(laptop) == []
    assert [one.sentence for one in laptop.care_of_store.check()] == []
    circle.round(laptop)
    assert shown(circle.office) == [PHOTO]


def test_the_opening_leaves_a_file_that_was_given_back_before_it_is_looked_at(laptop: Workspace) -> None:
    away = move_away(laptop)
    bring_back(laptop, away)
    before = files(laptop)
    laptop.attachments.tidy()
    assert files(laptop) == before
    assert shown(laptop) == [PHOTO]


def test_one_that_is_damaged_stays_named_until_somebody_lays_the_whole_one_there(laptop: Workspace) -> None:
    [path] = files(laptop)
    whole = path.read_bytes()
    path.write_bytes(bytes(len(whole)))
    said = [one.sentence for one in laptop.care_of_store.check() if one.where == "files"]
    assert "1 of them never reached the office" in said[0]
    laptop.attachments.tidy()
    assert shown(laptop) == [None]
    path.write_bytes(whole)
    assert laptop.care_of_store.check() == []
    assert shown(laptop) == [PHOTO]


def test_one_that_came_by_another_way_is_not_taken_up_twice(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    away = move_away(laptop)
    for _ in range(2):
        circle.round(laptop)
    assert shown(laptop) == [PHOTO]
    assert mislaid(laptop) == []
    [kept] = files(laptop)
    bring_back(laptop, away)
    laptop.attachments.tidy()
    assert files(laptop) == [kept]


def test_the_same_photo_taken_once_more_does_for_it(laptop: Workspace, family: Family) -> None:
    move_away(laptop)
    laptop.attachments.add("household", family.household, PHOTO)
    assert shown(laptop) == [PHOTO, PHOTO]
    assert mislaid(laptop) == []


@pytest.mark.parametrize("at", ["office", "laptop-1"])
def test_who_is_forgotten_meanwhile_is_so_with_the_file(circle: Circle, laptop: Workspace, at: str) -> None:
    circle.round(laptop)
    device = circle.opened[at]
    [path] = files(device)
    gone = path.rename(device.session.folder.root / "away.gwa")
    with device.session.store.db.write() as connection:
        Files(raw_cursor(connection)).lose([file.hash for file in Files(raw_cursor(connection)).all()])
    assert len(mislaid(device)) == 1
    [view] = circle.office.attachments.all()
    circle.office.erasing.erase("attachment", view.id)
    circle.round(laptop)
    assert mislaid(device) == []
    gone.rename(path)
    device.attachments.tidy()
    assert files(device) == []


def test_a_damaged_file_is_removed_with_the_erasure(circle: Circle, laptop: Workspace) -> None:
    circle.round(laptop)
    for path in circle.office.session.folder.backups.rglob("*.gwa"):
        path.unlink()
    [path] = files(circle.office)
    path.write_bytes(bytes(path.stat().st_size))
    with circle.office.session.store.db.write() as connection:
        Files(raw_cursor(connection)).lose([file.hash for file in Files(raw_cursor(connection)).all()])
    [view] = circle.office.attachments.all()
    circle.office.erasing.erase("attachment", view.id)
    assert files(circle.office) == []


def test_a_backup_that_is_put_back_takes_over_what_was_mislaid(circle: Circle, laptop: Workspace) -> None:
    """Of before the photo: its record comes back from the office, which never had the file."""
    backup = laptop.backups.make().path
    later = laptop.attachments.add("household", laptop.records.page("household")[0].id, LATER, "消防通道").id
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    away = laptop.session.folder.root / "away"
    laptop.session.folder.attachments.rename(away)
    laptop.attachments.tidy()
    assert [file.path for file in mislaid(laptop)] != []
    laptop = put_back(circle, laptop, backup)
    bring_back(laptop, away)
    laptop.attachments.tidy()
    for _ in range(2):
        circle.round(laptop)
    assert content(laptop, later) == LATER
    assert content(circle.office, later) == LATER


def test_a_store_that_is_begun_anew_from_a_damaged_one_knows_them(
    circle: Circle, laptop: Workspace, tmp_path: Path
) -> None:
    move_away(laptop)
    kept = mislaid(laptop)
    circle.close("laptop-1")
    damaged = Folder(circle.folder / "laptop-1").database
    with closing(begin_anew(damaged, KEYS, tmp_path / "new.db")) as store, store.cursor() as cursor:
        assert Files(cursor).mislaid() == kept


def test_a_store_of_before_has_no_such_table_and_is_read_all_the_same(
    circle: Circle, laptop: Workspace, tmp_path: Path
) -> None:
    circle.close("laptop-1")
    folder = Folder(circle.folder / "laptop-1")
    with closing(Database(folder.database, KEYS.dek)) as db, db.write() as connection:
        raw_cursor(connection).execute("DROP TABLE mislaid")
    assert len(left_behind(folder, KEYS, 0).files) == 1
    with closing(begin_anew(folder.database, KEYS, tmp_path / "new.db")) as store, store.cursor() as cursor:
        assert len(Files(cursor).all()) == 1


@pytest.mark.parametrize("deleted", [False, True])
def test_one_that_is_away_while_its_household_leaves_is_handed_in_once_it_is_back(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, deleted: bool
) -> None:
    """Only its record stays for it; where that was deleted here, the office may refuse the deletion yet."""
    monkeypatch.setattr(guard, "FEW", 0)
    [added] = [view.id for view in laptop.attachments.all()]
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    circle.reply(laptop)
    away = move_away(laptop)
    if deleted:
        laptop.records.remove("attachment", added)
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    other = circle.office.devices.add_grid("第二网格")
    circle.office.records.save("building", {"grid_id": other}, family.building)
    for _ in range(3):
        circle.office.backups.make()
        circle.round(laptop)
    assert laptop.session.store.get("household", family.household) is None
    assert [one.where for one in laptop.care_of_store.check()] == ([] if deleted else ["files"])
    bring_back(laptop, away)
    if deleted:
        circle.office.asides.refuse([op.id for op in circle.office.asides.waiting()])
    for _ in range(4):
        laptop.attachments.tidy()
        circle.office.backups.make()
        circle.round(laptop)
    assert content(circle.office, added) == PHOTO
    assert laptop.session.store.get("attachment", added) is None
    assert files(laptop) == []


def test_one_that_the_office_has_leaves_with_its_household_though_it_is_away(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.round(laptop)
    move_away(laptop)
    other = circle.office.devices.add_grid("第二网格")
    circle.office.records.save("building", {"grid_id": other}, family.building)
    for _ in range(3):
        circle.office.backups.make()
        circle.round(laptop)
    assert laptop.attachments.all() == []
    assert mislaid(laptop) == []
