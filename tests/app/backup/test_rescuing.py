"""A damaged store: the backup is put back and what is whole is taken over; without a backup, into a new folder."""

import hashlib
import json
import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.app.backup import rescuing
from gridworker.app.backup.rescuing import Rescue
from gridworker.app.backup.restoring import Restoring
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, DiskFull, NotFound, Problem, StoreDamaged, StoreMissing, StoreNewer
from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.meta import Meta
from gridworker.store.upgrade.tables import FORMAT
from tests.circle import PASSPHRASE as CIRCLE_PASSPHRASE
from tests.circle import Circle, Family
from tests.pictures import photo
from tests.store.golden_store import PASSPHRASE
from tests.store.upgrade.test_golden_stores import STORES

PAGE = 4096
BOTH = pytest.mark.parametrize("folder", ["format-1", "format-2"], indirect=True)


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """That of a store in which values lie in sheaves; where a test asks for it, of one of before there were any."""
    shutil.copytree(STORES / getattr(request, "param", "format-2"), tmp_path / "data")
    return tmp_path / "data"


def opened(folder: Path) -> Workspace:
    return Workspace.open(folder, PASSPHRASE, profile=CHEAP)


def names(folder: Path) -> set[str]:
    office = opened(folder)
    found = {str(one.values["name"]) for one in office.records.page("resident")}
    assert check(office.session.store) == []
    office.close()
    return found


def damage(folder: Path, page: int) -> None:
    """Flip a bit of a page that the store opens without."""
    data = bytearray(Folder(folder).database.read_bytes())
    data[page * PAGE + 100] ^= 1
    Folder(folder).database.write_bytes(data)


@BOTH
def test_after_a_backup_was_put_back_a_damaged_store_gives_what_is_newer(folder: Path) -> None:
    office = opened(folder)
    backup = office.backups.make().path
    office.records.save("resident", {"name": "周海", "status": "in_place"})
    office.close()
    damage(folder, 0)
    restoring = Restoring(backup, folder, PASSPHRASE, profile=CHEAP)
    words = restoring.put_back()
    assert restoring.salvaged >= 1
    assert "taken over from the store that was here" in words
    assert "1 page of it is damaged" in words
    assert len(words.splitlines()) == 4, "a sentence a line: Chinese puts no blank between two"
    assert names(folder) == {"陈桂香", "王小明", "周海"}
    again = Rescue.of(folder, PASSPHRASE, CHEAP).into_present()
    assert (again.new, again.damaged) == (0, 1)


def test_of_a_damaged_store_that_gives_nothing_it_is_said_that_something_is_lost(folder: Path) -> None:
    """“What it lacks comes back with the next bundles” is no word for what was never handed over."""
    office = opened(folder)
    backup = office.backups.make().path
    office.records.save("resident", {"name": "周海", "status": "in_place"})
    office.close()
    sealed = Folder(folder).database.read_bytes()
    Folder(folder).database.write_bytes(bytes(len(sealed)))
    restoring = Restoring(backup, folder, PASSPHRASE, profile=CHEAP)
    words = restoring.put_back()
    assert restoring.salvaged == 0
    assert f"{len(sealed) // PAGE} pages of it are damaged: what stood there alone" in words


def test_files_that_lie_beside_a_damaged_store_elsewhere_go_along(
    circle: Circle, laptop: Workspace, family: Family, tmp_path: Path
) -> None:
    """The backup went to a new computer, and the folder of the old one was copied off its disk afterwards."""
    folder = laptop.session.folder.root
    backup = (
        shutil.copytree(laptop.backups.make().path.parent, tmp_path / "drawer") / laptop.backups.list()[0].path.name
    )
    taken, gone, later = (
        laptop.attachments.add("household", family.household, photo(seed, 20_000)) for seed in (1, 2, 3)
    )
    shown = laptop.attachments.show(taken.id)
    laptop.attachments.show(later.id)
    with laptop.session.store.cursor() as cursor:
        paths = {file.hash: str(file.path) for file in Files(cursor).all()}
    bad = hashlib.sha256(laptop.attachments.show(gone.id)).digest()
    (laptop.session.folder.attachments / paths[bad]).unlink()
    circle.close("laptop-1")
    old = shutil.move(folder, tmp_path / "old")
    damage(Path(old), 0)
    Restoring(backup, folder, CIRCLE_PASSPHRASE, profile=CHEAP).put_back()
    assert Rescue.of(folder, CIRCLE_PASSPHRASE, CHEAP).into_present(Path(old)).new > 0
    again = circle.open("laptop-1")
    assert again.attachments.show(taken.id) == shown
    assert again.attachments.show(later.id)
    circle.hand_in(again)
    assert circle.office.attachments.show(taken.id) == shown
    with pytest.raises(NotFound):
        again.attachments.show(gone.id)


@BOTH
def test_without_a_backup_what_is_whole_goes_into_a_new_folder(folder: Path, tmp_path: Path) -> None:
    before = Folder(folder).database.read_bytes()
    done = Rescue.of(folder, PASSPHRASE, CHEAP).into_new(tmp_path / "new")
    assert done.new == done.ops > 5
    assert Folder(folder).database.read_bytes() == before
    assert names(tmp_path / "new") == {"陈桂香", "王小明"}


def test_a_rescue_that_a_full_disk_stops_leaves_nothing_in_the_way_of_the_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, there = tmp_path / "new", tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").touch()
    with monkeypatch.context() as full:
        full.setattr(rescuing, "_bring_along", Mock(side_effect=DiskFull("full")))
        for place in (target, there):
            with pytest.raises(DiskFull):
                Rescue.of(folder, PASSPHRASE, CHEAP).into_new(place)
    assert not target.exists()
    assert [path.name for path in there.iterdir()] == ["mine.txt"]
    Rescue.of(folder, PASSPHRASE, CHEAP).into_new(target)
    assert names(target) == {"陈桂香", "王小明"}


def test_without_key_files_a_backup_brings_them(folder: Path, tmp_path: Path) -> None:
    """The sentence at the unlock page leads there, so nothing may call the folder empty."""
    office = opened(folder)
    backup = office.backups.make().path
    office.records.save("resident", {"name": "周海", "status": "in_place"})
    office.close()
    for path in (Folder(folder).keys, Folder(folder).keys_copy):
        path.unlink()
    with pytest.raises(StoreDamaged, match=r"Put back keys\.json from a backup"):
        Rescue.of(folder, PASSPHRASE, CHEAP)
    assert Restoring(backup, folder, PASSPHRASE, profile=CHEAP).restore().aside
    assert names(folder) == {"陈桂香", "王小明", "周海"}


def test_no_new_store_is_made_within_the_damaged_one(folder: Path, tmp_path: Path) -> None:
    """Whoever puts that folder away, or a backup in its place, would put the new store away with it."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    for target in (folder / "new", other / "backups" / "new"):
        with pytest.raises(Problem, match="lies in the damaged one"):
            Rescue.of(folder, PASSPHRASE, CHEAP).into_new(target, other)
        assert not target.exists()
    Rescue.of(folder, PASSPHRASE, CHEAP).into_new(tmp_path / "new", Folder(other).database)
    assert names(tmp_path / "new") == {"陈桂香", "王小明"}


@BOTH
def test_nor_need_its_first_page_be_left(folder: Path, tmp_path: Path) -> None:
    """It has what every page opens by, and the way to every table; both stand elsewhere too."""
    opened(folder).close()
    store = Folder(folder).database
    store.write_bytes(bytes(PAGE) + store.read_bytes()[PAGE:])
    done = Rescue.of(folder, PASSPHRASE, CHEAP).into_new(tmp_path / "new")
    assert (done.damaged, done.new) == (1, done.ops)
    assert done.ops > 5
    assert names(tmp_path / "new") == {"陈桂香", "王小明"}


def test_what_a_newer_program_wrote_is_left_to_that(folder: Path, tmp_path: Path) -> None:
    """It would be passed over without a word: of a form of values that is not known here nothing looks like an op."""
    newer = tmp_path / "newer"
    shutil.copytree(folder, newer)
    office = opened(newer)
    with office.session.store.db.write() as connection:
        meta = Meta(raw_cursor(connection))
        meta.set("signature", json.dumps({**json.loads(meta.text("signature")), "format": FORMAT + 1}))
    office.close()
    with pytest.raises(StoreNewer, match="Install the newer one"):
        Rescue.of(newer, PASSPHRASE, CHEAP).into_new(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(StoreNewer, match="Install the newer one"):
        Rescue.of(folder, PASSPHRASE, CHEAP).into_present(newer)


def test_where_there_is_nothing_to_rescue_it_says_so(folder: Path, tmp_path: Path) -> None:
    rescue = Rescue.of(folder, PASSPHRASE, CHEAP)
    with pytest.raises(StoreMissing, match="kept aside"):
        rescue.into_present()
    with pytest.raises(StoreMissing, match="no store"):
        rescue.into_present(tmp_path / "nothing.db")


@pytest.mark.parametrize("role", ["volunteer", "auditor"])
def test_who_may_not_change_the_store_neither_puts_a_backup_back_nor_salvages(
    folder: Path, tmp_path: Path, role: str
) -> None:
    """Both go past the open store: whoever has a passphrase could else turn everything back to an earlier day."""
    office = opened(folder)
    person = office.devices.add_staff({"name": "赵海", "role": role})
    office.people_here.add(person, "a passphrase of one's own")
    backup = office.backups.make().path
    office.records.save("resident", {"name": "周海", "status": "in_place"})
    office.close()
    restoring = Restoring(backup, folder, "a passphrase of one's own", profile=CHEAP)
    with pytest.raises(Denied, match="is not for your role"):
        restoring.restore()
    with pytest.raises(Denied):
        Rescue.of(folder, "a passphrase of one's own", CHEAP).into_present(Folder(folder).database)
    with pytest.raises(Denied):
        Rescue.of(folder, "a passphrase of one's own", CHEAP).into_new(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(folder.glob("before-restore-*"))
    damage(folder, 0)
    with pytest.raises(Denied):
        Restoring(backup, folder, "a passphrase of one's own", profile=CHEAP).restore()
    Restoring(backup, folder, PASSPHRASE, profile=CHEAP).restore()
    assert "周海" in names(folder)
