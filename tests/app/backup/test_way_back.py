"""A way on where a store does not open: which backup is offered, what it says of itself, and what it gives back."""

import json
import shutil
from pathlib import Path

import pytest

from gridworker.app.access.opening import open_session
from gridworker.app.backup.way_back import newest_whole
from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE, Circle


def bend(path: Path, at: int = 5000) -> None:
    """Damage a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.fixture
def office(circle: Circle) -> Path:
    """A data folder with two backups, a person between them and one after; closed and damaged."""
    office = circle.office
    for name in ("陈桂芳", "李强"):
        office.backups.make()
        office.records.save("resident", {"name": name, "status": "in_place"})
    circle.close("office")
    bend(office.session.folder.database)
    return office.session.folder.root


def found(folder: Path, passphrase: str = PASSPHRASE, place: Path | None = None) -> int | None:
    """The number of the backup that is offered."""
    way = newest_whole(folder, passphrase, place, profile=CHEAP)
    return None if way is None else way.restoring.preview().backup.serial


def people(folder: Path) -> set[object]:
    session, close = open_session(Folder(folder), PASSPHRASE, CHEAP)
    with session.store.db.read() as connection:
        names = {row[0] for row in connection.exec_driver_sql("SELECT name FROM resident")}
    close()
    return names


def test_the_newest_whole_backup_gives_back_what_it_holds(office: Path) -> None:
    with pytest.raises(StoreDamaged):
        open_session(Folder(office), PASSPHRASE, CHEAP)
    way = newest_whole(office, PASSPHRASE, profile=CHEAP)
    assert way is not None
    assert way.newer
    assert way.lacks
    assert "The backup was put back." in way.restoring.put_back()
    assert "陈桂芳" in people(office)
    assert list(office.glob("before-restore-1/store.db"))


def test_where_nothing_is_newer_nothing_is_said_to_be_lacking(circle: Circle) -> None:
    circle.office.backups.make()
    folder = circle.office.session.folder.root
    circle.close("office")
    way = newest_whole(folder, PASSPHRASE, profile=CHEAP)
    assert way is not None
    assert (way.newer, way.lacks) == (("Nothing is newer than the backup.",), False)


def test_a_damaged_backup_is_passed_over(office: Path) -> None:
    assert found(office) == 2
    bend(max((office / "backups").glob("*-0002-*")) / "store.db")
    assert found(office) == 1
    bend(max((office / "backups").glob("*-0001-*")) / "store.db")
    with pytest.raises(StoreProblem, match=r"^Backups that lie here: 2\. None .* Damaged: .*, .*\.$"):
        found(office)


def test_backups_that_say_nothing_of_themselves_any_more_are_told_as_damaged(office: Path) -> None:
    """Without a whole manifest nobody knows of which store one is; it lies here all the same."""
    for backup in (office / "backups").glob("0*"):
        (backup / "manifest.json").write_bytes(b"")
    with pytest.raises(StoreProblem, match=r"lie here: 2\. None .* Damaged: "):
        found(office)


def test_why_none_can_be_put_back_is_said_of_each(office: Path) -> None:
    newer, bent = sorted((office / "backups").glob("0*"))
    bend(bent / "store.db")
    said = json.loads((newer / "manifest.json").read_text())
    (newer / "manifest.json").write_text(json.dumps(said | {"format": 99}))
    with pytest.raises(StoreProblem) as fault:
        found(office)
    assert "Damaged: " in str(fault.value)
    assert "Made by a newer Gridworker: " in str(fault.value)


def test_where_no_backup_lies_there_is_none_to_tell_of(office: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert found(office, place=tmp_path / "empty") is None


def test_a_wrong_passphrase_opens_no_backup(office: Path) -> None:
    with pytest.raises(StoreProblem, match=r"lie here: 2\. None .* Not opened by this passphrase: .*, .*\.$"):
        found(office, "nothing like it")


def test_a_store_that_is_gone_and_keys_that_are_gone_are_no_obstacle(office: Path) -> None:
    (office / "store.db").unlink()
    assert found(office) == 2
    for name in ("keys.json", "keys.bak.json"):
        (office / name).unlink()
    way = newest_whole(office, PASSPHRASE, profile=CHEAP)
    assert way is not None
    assert way.newer == ("There is no store in the folder; the backup would be put there.",)


def test_backups_of_another_store_are_not_offered(office: Path, tmp_path: Path) -> None:
    other, place = Circle(tmp_path / "other"), tmp_path / "place"
    place.mkdir()
    laptop = other.enrol("周敏", other.office.devices.add_grid("第一网格"))
    laptop.backups.make(place)
    other.close()
    assert found(office, place=place) is None
    assert found(laptop.session.folder.root, place=place) == 1
    shutil.copytree(office / "backups", place, dirs_exist_ok=True)
    assert found(office, place=place) == 2
