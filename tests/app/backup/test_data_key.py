"""Another data key: everything is there under it and nothing under the old one; cut off anywhere, one of them holds."""

import shutil
from errno import EIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.backup.backups import Backups
from gridworker.app.backup.data_key import Rekeying, left_words
from gridworker.app.backup.restoring import Restoring
from gridworker.app.openers import who_opens
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, Problem, StoreBusy, StoreDamaged, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store import rekey as rekeying
from gridworker.store.backup import restore
from gridworker.store.engine import filesafe
from gridworker.store.engine.database import Database
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.sync.format.keys import new_recovery
from gridworker.sync.format.recovering import trust
from tests import pictures
from tests.builders import DEK
from tests.circle import PASSPHRASE, Circle

SECOND = "山茶 砚台 毛巾 秋天"


class Cut(BaseException):
    """A power cut."""


def opened(folder: Folder, passphrase: str = PASSPHRASE) -> Workspace:
    return Workspace.open(folder.root, passphrase, profile=CHEAP)


def prepared(circle: Circle, name: str = "office") -> tuple[Folder, Rekeying]:
    """A device that was opened as the window does, has a person in it, and is closed and ready."""
    circle.close(name)
    workspace = opened(Folder(circle.folder / name))
    workspace.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    ready = workspace.data_key.prepare(PASSPHRASE)
    workspace.close()
    return workspace.session.folder, ready


def people(workspace: Workspace) -> list[str]:
    return [one.caption for one in workspace.records.page("resident")]


def test_everything_is_there_under_the_new_key_and_nothing_under_the_old(circle: Circle) -> None:
    folder, ready = prepared(circle)
    done = ready.run()
    assert (done.backups, done.elsewhere) == (1, ())
    with pytest.raises(StoreDamaged):
        Database(folder.database, DEK)
    workspace = opened(folder)
    assert workspace.session.keys.dek != DEK
    assert workspace.session.started is None, "it is the store that was closed here last"
    assert workspace.session.store.identity.incarnation == 0
    assert people(workspace) == ["陈桂芳"]
    assert workspace.care_of_store.check() == []
    assert [one.counts is not None for one in workspace.backups.list()] == [True, True]
    assert {"Changed a key", "Made a backup"} <= {row.did for row in workspace.audit.everywhere(limit=9)}
    keys = workspace.audit.everywhere(Filter(actions=("key",)))
    assert [row.detail for row in keys] == ["Data key made anew", "New data key asked for"], "also where it was cut off"
    workspace.records.undo()
    assert people(workspace) == []
    workspace.close()
    assert not (folder.root / ".rekey").exists()


def test_a_disk_found_full_once_the_engine_called_the_key_changed_is_said(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the engine does it: ``PRAGMA rekey`` answers ok, and only the next statement tells that nothing was kept."""
    driver: Any = vars(rekeying)["driver"]

    class Full:
        def __init__(self, path: str, **options: Any) -> None:
            self._real, self._full = driver.connect(path, **options), False

        def execute(self, words: str) -> Any:
            if self._full:
                raise driver.OperationalError("database or disk is full")
            self._full = words.startswith("PRAGMA rekey")
            return self._real.execute("SELECT 'ok'" if self._full else words)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    folder, ready = prepared(circle)
    with monkeypatch.context() as patch:
        patch.setattr(rekeying, "driver", Mock(connect=Full, DatabaseError=driver.DatabaseError))
        with pytest.raises(DiskFull):
            ready.run()
    workspace = opened(folder)
    assert people(workspace) == ["陈桂芳"]
    workspace.close()


def test_backups_under_the_old_key_go_though_it_was_cut_off_before(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ready = prepared(circle)
    with monkeypatch.context() as cut:
        cut.setattr("gridworker.app.access.opening._session", Mock(side_effect=Cut))
        with pytest.raises(Cut):
            ready.run()
    (old,) = folder.backups.glob("00-*")
    workspace = opened(folder)
    workspace.backup_plan.keep_up()
    assert not old.exists()
    (view,) = workspace.backups.list()
    workspace.backups.verify(view.path)
    workspace.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [(DiskFull("No room, so nothing was changed."), "goes on with it"), (StoreProblem("Unplugged."), "tries it again")],
)
def test_where_only_its_backups_could_not_be_made_anew_nobody_hears_that_the_key_is_the_old_one(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, fault: StoreProblem, words: str
) -> None:
    folder, ready = prepared(circle)
    with monkeypatch.context() as cut:
        cut.setattr(Backups, "renew", Mock(side_effect=fault))
        with pytest.raises(type(fault), match=rf"^The data have a new key\. .* {words} by itself\.$"):
            ready.run()
    workspace = opened(folder)
    assert workspace.session.keys.dek != DEK
    workspace.close()


def test_a_laptop_goes_on_exchanging(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    family = circle.family(grid)
    circle.round(laptop)
    folder, ready = prepared(circle, "laptop-1")
    ready.run()
    again = circle.opened["laptop-1"] = opened(folder)
    again.records.save("resident", {"note": "新的"}, family.resident)
    circle.hand_in(again)
    circle.reply(again)
    assert circle.office.records.show("resident", family.resident).values["note"] == "新的"
    assert circle.agrees(again, grid)


def test_the_recovery_key_opens_it_and_others_passphrases_do_not(circle: Circle) -> None:
    recovery = new_recovery()
    with circle.office.session.store.settings() as settings:
        trust(settings, recovery.public)
    circle.close("office")
    folder = Folder(circle.folder / "office")
    workspace = opened(folder)
    person = workspace.devices.add_staff({"name": "王强", "role": "office"})
    workspace.people_here.add(person, SECOND)
    assert workspace.data_key.losing() == ("王强",)
    with pytest.raises(WrongPassphrase):
        workspace.data_key.prepare(SECOND)
    ready = workspace.data_key.prepare(PASSPHRASE)
    workspace.close()
    ready.run()
    with pytest.raises(WrongPassphrase):
        opened(folder, SECOND)
    workspace = opened(folder)
    keys = workspace.recovery._vault().open_with_recovery(recovery.secret)
    assert keys.dek == workspace.session.keys.dek
    assert [one.name for one in workspace.people_here.listed()] == ["刘芳"]
    workspace.people_here.add(person, SECOND)
    workspace.close()
    opened(folder, SECOND).close()


def test_a_backup_under_the_old_key_brings_back_nobody_who_was_erased_since(circle: Circle, tmp_path: Path) -> None:
    folder, ready = prepared(circle)
    shutil.copytree(folder.backups, tmp_path / "drawer")
    ready.run()
    workspace = opened(folder)
    [person] = workspace.records.page("resident")
    workspace.erasing.erase("resident", person.id)
    workspace.close()
    [backup] = (tmp_path / "drawer").glob("0*")
    Restoring(backup, folder.root, PASSPHRASE, profile=CHEAP).restore()
    workspace = opened(folder)
    assert workspace.session.keys.dek == DEK
    assert people(workspace) == [], "its deletion comes out of the store that was here, its name from nowhere"
    workspace.close()


def test_backups_left_under_the_old_key_say_so(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power failed before they were made anew: they are not damaged, and the passphrase of that time opens them."""
    folder, ready = prepared(circle)

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr("gridworker.app.backup.backups.Backups.renew", cut)
        with pytest.raises(Cut):
            ready.run()
    workspace = opened(folder)
    [left] = workspace.backups.list()
    assert (left.former, left.counts) == (True, None)
    assert workspace.backup_plan.reread() is None, "it is nobody's turn"
    with pytest.raises(Problem, match="former data key"):
        workspace.backups.verify(left.path)
    assert "damaged" not in workspace.backup_plan.reminder()
    for _ in range(3):
        made = workspace.backups.make()
    assert [one.former for one in workspace.backups.list()] == [False] * 3, "it goes once three are newer"
    manifest = made.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"chain": ', '"chain": 1'))
    newest = workspace.backups.list()[0]
    assert (newest.former, newest.counts) == (False, None), "one that was changed is damaged"
    workspace.close()


@pytest.fixture
def photo_of_a_former_life(circle: Circle) -> tuple[Workspace, int]:
    """An older backup was put back; a photo that the laptop let go for the newer one's sake is in that one alone."""
    place = circle.folder / "place"
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    older = circle.office.backups.make(place).path
    added = laptop.attachments.add("household", family.household, pictures.photo(1, 50_000)).id
    circle.round(laptop)
    circle.office.backups.make(place)
    circle.office.backups.make(place)
    circle.round(laptop)
    laptop.attachments.let_go(0)
    assert not any(one.here for one in laptop.attachments.all())
    circle.close("office")
    restore.restore(older, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    circle.open("office")
    return laptop, added


def test_what_is_in_a_backup_of_a_former_life_alone_is_under_the_new_key_too(
    circle: Circle, photo_of_a_former_life: tuple[Workspace, int]
) -> None:
    laptop, added = photo_of_a_former_life
    aside = str(circle.folder / "office" / "before-restore-1")
    before = {path.name for path in (circle.folder / "place").glob("00-*")}
    folder, ready = prepared(circle)
    assert ready.run().elsewhere == (aside,)
    office = circle.opened["office"] = opened(folder)
    left = {path.name for path in (circle.folder / "place").glob("00-*")}
    assert (left & before, len(left)) == (set(), 3), "the last one of the former life, and two of this"
    for view in office.backups.list(circle.folder / "place"):
        office.backups.verify(view.path)
    for _ in range(2):
        circle.round(laptop)
    assert office.attachments.show(added)
    assert office.care_of_store.check() == []


def test_where_it_was_cut_off_a_backup_of_a_former_life_is_named_and_stays(
    circle: Circle, photo_of_a_former_life: tuple[Workspace, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key went with the process that was killed: nobody can make it anew, and nobody is to remove it."""
    place = circle.folder / "place"
    formers = list(place.glob("00-*"))
    folder, ready = prepared(circle)
    with monkeypatch.context() as cut:
        cut.setattr("gridworker.app.access.opening._session", Mock(side_effect=Cut))
        with pytest.raises(Cut):
            ready.run()
    office = opened(folder)
    assert office.backups.are_stale()
    _, elsewhere = office.backups.renew()
    assert set(map(str, formers)) <= set(elsewhere)
    assert not office.backups.are_stale()
    for _ in range(4):
        office.backups.make(place)
    assert all(path.is_dir() for path in formers)
    assert [view.former for view in office.backups.list(place)] == [False] * 5 + [True] * len(formers)
    office.erasing.erase("resident", office.records.page("resident")[0].id)
    assert all(path.is_dir() for path in formers)
    office.close()


STEPS = ("write_durably", "_move", "moved 1")


@pytest.mark.parametrize("step", STEPS)
def test_cut_off_anywhere_the_old_key_holds_or_the_new(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder, ready = prepared(circle)

    def cut(*_: object, **__: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr("gridworker.store.rekey.shutil.rmtree", lambda *_, **__: None)  # a power cut clears nothing away
        if step.startswith("moved"):
            left, put = int(step[-1]), filesafe.put_in_place

            def put_some(made: Path, place: Path) -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    raise Cut
                put(made, place)

            patch.setattr(rekeying, "put_in_place", put_some)
        else:
            patch.setattr(rekeying, step, cut)
        with pytest.raises(Cut):
            ready.run()
    is_new = step != "write_durably"
    assert who_opens(folder.root, CHEAP)
    workspace = opened(folder)
    assert (workspace.session.keys.dek != DEK) is is_new
    assert people(workspace) == ["陈桂芳"]
    assert workspace.care_of_store.check() == []
    assert workspace.session.started is None
    workspace.close()
    assert not (folder.root / rekeying.STAGING).exists()


def test_what_is_under_the_new_key_is_where_it_was_made_until_its_new_names_are_on_the_disk(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut may take the new names and leave the old ones removed: then it would be nowhere."""
    folder, ready = prepared(circle)
    there: list[set[str]] = []
    sync = filesafe.fsync_folder

    def synced(of: Path) -> None:
        there.append({path.name for path in (folder.root / rekeying.STAGING).iterdir()})
        sync(of)

    monkeypatch.setattr(rekeying, "fsync_folder", synced)
    ready.run()
    made = {path.name for path in (folder.database, folder.keys, folder.keys_copy, folder.mark, folder.sidecar)}
    assert there == [{*made, rekeying.READY}]


def test_what_a_failing_disk_did_not_clear_away_keeps_nobody_out(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store has two names then, both its own."""
    folder, ready = prepared(circle)

    def stopped(staging: Path, **_: object) -> None:
        (staging / rekeying.READY).unlink(missing_ok=True)
        raise OSError(EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("gridworker.store.rekey.shutil.rmtree", lambda *_, **__: None)
        patch.setattr(
            rekeying, "fsync_folder", lambda _: patch.setattr("gridworker.store.rekey.shutil.rmtree", stopped)
        )
        with pytest.raises(StoreProblem):
            ready.run()
    assert folder.database.stat().st_nlink > 1
    workspace = opened(folder)
    assert workspace.session.keys.dek != DEK
    workspace.close()
    assert folder.database.stat().st_nlink == 1


def test_a_journal_that_was_changed_is_not_made_good_by_it(circle: Circle) -> None:
    folder, ready = prepared(circle)
    database = Database(folder.database, DEK)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET at = at + 1 WHERE no = 1")
    database.close()
    with pytest.raises(StoreDamaged):
        ready.run()
    assert not (folder.root / rekeying.STAGING).exists()
    Database(folder.database, DEK).close()


def test_where_it_is_open_it_is_not_done(circle: Circle) -> None:
    folder, ready = prepared(circle)
    workspace = opened(folder)
    with pytest.raises(StoreBusy):
        ready.run()
    workspace.close()
    ready.run()
    (folder.root / rekeying.STAGING).mkdir()
    first = opened(folder)
    assert not (folder.root / rekeying.STAGING).exists()
    (folder.root / rekeying.STAGING).mkdir()
    second = opened(folder)
    assert second.session.read_only
    shutil.copy(folder.keys, folder.root / rekeying.STAGING / rekeying.READY)
    with pytest.raises(StoreProblem):
        opened(folder)
    for one in (first, second):
        one.close()


def test_of_a_place_out_of_reach_it_is_said_what_may_be_there_and_what_to_do() -> None:
    """It said “See to drawer yourself.”: of what, and how, nobody could tell."""
    assert left_words(["drawer"]) == [
        "drawer may still hold copies under the old key, out of reach from here: delete them there."
    ]
