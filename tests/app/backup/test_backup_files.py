"""Photos in the office's backups: a copy counts once it was read back, and no laptop lets its own go before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from gridworker.errors import FilesNotWhole, NotFound, StoreDamaged, StoreProblem
from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.backup import files as backup_files
from gridworker.store.backup import place as backup_place
from gridworker.store.backup import restore
from gridworker.store.backup.files import TURNS, Along, Known, Pool
from gridworker.store.backup.place import listing
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from tests.builders import DEK
from tests.circle import Circle
from tests.pictures import photo

PHOTO = prepared(photo(1, 20_000)).data


@pytest.fixture
def place(circle: Circle) -> Path:
    """Where the office's backups go in these tests: a folder that is not its own."""
    return circle.folder / "second"


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    """One whose photo is at the office and in no backup yet."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.attachments.add("household", family.household, PHOTO, "楼道杂物")
    circle.round(laptop)
    return laptop


def garble(path: Path) -> None:
    """As a medium does: the same size, another byte."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


def pooled(circle: Circle, backup: Path) -> Path:
    """The copy of the photo that belongs to a backup."""
    (file,) = stored(circle)
    return backup.parent / "files" / listing(backup)[f"attachments/{file.name}"][0]


def stored(circle: Circle) -> list[Path]:
    """The photo at the office, as it lies."""
    return list(circle.office.session.folder.attachments.iterdir())


def lets_go(circle: Circle, laptop: Workspace) -> int:
    """How many files the laptop lets go, after it has heard from the office."""
    circle.round(laptop)
    return laptop.attachments.let_go(0).files


def linked(home: Path) -> Path:
    """The folder of backups by way of a link that lies elsewhere."""
    link = home.parent / "link"
    link.symlink_to(home / "backups", target_is_directory=True)
    return link


@pytest.mark.parametrize(
    "spelled", [lambda _: None, lambda home: home / "x" / ".." / "backups", lambda home: home / "mine", linked]
)
def test_where_backups_lie_elsewhere_one_that_goes_with_the_disk_covers_nothing(
    circle: Circle, laptop: Workspace, place: Path, spelled: Callable[[Path], Path | None]
) -> None:
    """The disk dies, and an older backup from elsewhere is put back: the photo must not be gone from the laptop too."""
    home = circle.office.session.folder.root
    circle.office.backups.make()
    older = circle.office.backups.make(place).path
    (grid, _), *_ = circle.office.devices.grids()
    family = circle.family(grid)
    circle.round(laptop)
    laptop.attachments.add("household", family.household, prepared(photo(2, 20_000)).data, "门口")
    circle.round(laptop)
    (home / "x").mkdir()
    circle.office.backups.make(spelled(home))
    assert lets_go(circle, laptop) == 1, "the one that the older backup has"
    assert "Laptops keep what left them" in circle.office.backup_plan.reminder()
    circle.office.backups.make(place)
    assert lets_go(circle, laptop) == 1
    assert older.exists()


def test_a_medium_that_garbles_gives_no_backup_and_covers_nothing(
    circle: Circle, laptop: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = backup_place.copy_synced

    def garbling(source: Path, target: Path) -> None:
        sound(source, target)
        garble(target)

    monkeypatch.setattr(backup_place, "copy_synced", garbling)
    with pytest.raises(StoreProblem, match="reads back differently"):
        circle.office.backups.make(place)
    assert circle.office.backups.list(place) == []
    assert list((place / "files").glob("*.part")) == []
    assert lets_go(circle, laptop) == 0


def test_a_check_finds_what_is_bad_or_missing_and_the_next_backup_brings_it_anew(
    circle: Circle, laptop: Workspace, place: Path
) -> None:
    office = circle.office
    backup = office.backups.make(place).path
    garble(pooled(circle, backup))
    with pytest.raises(FilesNotWhole) as found:
        office.backups.verify(backup)
    (name,) = found.value.names
    assert name == f"attachments/{stored(circle)[0].name}"
    assert name in str(found.value)
    assert lets_go(circle, laptop) == 0, "it is not safe any more"
    again = office.backups.make(place)
    assert office.backups.verify(again.path) == again
    listed = listing(again.path)
    bundle = min(listed.keys() - {name})
    pooled(circle, again.path).unlink()
    garble(place / "files" / listed[bundle][0])
    with pytest.raises(FilesNotWhole) as found:
        office.backups.verify(again.path)
    assert found.value.names == (bundle, name)
    again = office.backups.make(place)
    assert office.backups.verify(again.path) == again
    assert lets_go(circle, laptop) == 1


def test_what_a_laptop_still_asks_after_is_read_again(circle: Circle, laptop: Workspace, place: Path) -> None:
    """Between the first backup of a photo and the reply that tells of it, the copy may rot."""
    garble(pooled(circle, circle.office.backups.make(place).path))
    again = circle.office.backups.make(place)
    assert circle.office.backups.verify(again.path) == again
    assert lets_go(circle, laptop) == 1


def test_a_photo_that_is_damaged_at_the_office_is_asked_for_again(
    circle: Circle, laptop: Workspace, place: Path
) -> None:
    garble(*stored(circle))
    circle.office.backups.make(place)
    assert lets_go(circle, laptop) == 0
    (view,) = circle.office.attachments.all()
    assert circle.office.attachments.show(view.id) == PHOTO
    circle.office.backups.make(place)
    assert lets_go(circle, laptop) == 1


def test_a_photo_that_rots_at_the_office_stays_in_its_backups(circle: Circle, laptop: Workspace, place: Path) -> None:
    first = circle.office.backups.make(place).path
    lets_go(circle, laptop)
    garble(*stored(circle))
    second = circle.office.backups.make(place).path
    assert pooled(circle, second) == pooled(circle, first)
    (view,) = circle.office.attachments.all()
    with pytest.raises(StoreDamaged):
        circle.office.attachments.show(view.id)


def test_a_backup_beside_the_store_has_a_copy_of_its_own(circle: Circle, laptop: Workspace) -> None:
    copy = pooled(circle, circle.office.backups.make().path)
    assert not copy.samefile(*stored(circle))
    copy.unlink()
    copy.hardlink_to(*stored(circle))
    backup = circle.office.backups.make().path
    assert not copy.samefile(*stored(circle)), "a link is no copy"
    garble(*stored(circle))
    assert circle.office.backups.verify(backup).path == backup
    assert lets_go(circle, laptop) == 1


def test_what_was_brought_is_read_again_only_in_its_turn(
    circle: Circle, laptop: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = circle.office
    backup = office.backups.make(place).path
    circle.round(laptop)
    name, before = f"attachments/{stored(circle)[0].name}", listing(backup)
    with office.session.store.cursor() as cursor:
        (file,) = Files(cursor).all()
    read: list[str] = []

    def reading(path: Path, _digest: str) -> bool:
        read.append(path.name)
        return True

    monkeypatch.setattr(backup_files, "reads_as", reading)
    stored(circle)[0].unlink()  # nor is it read where it lies
    for turn in range(TURNS):
        pool = Pool(place, office.session.folder, Known(before, turn=turn))
        assert pool.bring([Along(name, file)]) == {name: before[name]}
    assert read == [before[name][0]]
    pool = Pool(place, office.session.folder, Known(before, doubted=read, turn=int(read[0][:8], 16) + 1))
    pool.bring([Along(name, file)])
    assert len(read) == 2


def test_a_file_that_cannot_be_read_holds_no_backup_up(
    circle: Circle, laptop: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> str:
        raise StoreProblem("The disk gives no answer.")

    monkeypatch.setattr("gridworker.store.attachment_files.Cabinet.sealed_hash", unreadable)
    made = circle.office.backups.make(place)
    assert not [name for name in listing(made.path) if name.startswith("attachments/")]
    assert lets_go(circle, laptop) == 0
    (view,) = circle.office.attachments.all()
    assert view.here, "it may be readable tomorrow"
    with pytest.raises(NotFound):
        circle.office.attachments.show(view.id + 1)


@pytest.mark.parametrize("is_here", [True, False], ids=["over a good one", "where there is none"])
def test_a_file_that_rotted_beside_its_backup_is_not_put_back(
    circle: Circle, laptop: Workspace, place: Path, *, is_here: bool
) -> None:
    """It would pass for the photo, and take the place of a good one."""
    backup = circle.office.backups.make(place).path
    garble(pooled(circle, backup))
    (file,) = stored(circle)
    name, whole = f"attachments/{file.name}", file.read_bytes()
    if not is_here:
        file.unlink()
    circle.close("office")
    done = restore.restore(backup, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    assert done.lost == (() if is_here else (name,))
    assert file.exists() == is_here
    assert not is_here or file.read_bytes() == whole
