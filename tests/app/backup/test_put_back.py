"""What putting a backup back leaves behind: no look goes off the record, and no work that only this computer had."""

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from gridworker.app.access.opening import open_session
from gridworker.app.backup.rescuing import Rescue
from gridworker.app.backup.restoring import Restoring, newer_lines
from gridworker.app.exchange.exchange import Exchange
from gridworker.app.openers import finish_cut_off, is_set_up
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, StoreDamaged
from gridworker.paths import Folder
from gridworker.store.attached import Files
from gridworker.store.backup import carried, moving_in, rescue, restore
from gridworker.store.backup import place as backup_place
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from tests import pictures
from tests.app.test_gate import act_as
from tests.circle import PASSPHRASE, Circle, Family, made_visit

PAGE = 4096


def opened(folder: Path) -> Workspace:
    return Workspace.open(folder, PASSPHRASE, profile=CHEAP)


def restoring(laptop: Workspace, backup: Path) -> Restoring:
    return Restoring(backup, laptop.session.folder.root, PASSPHRASE, profile=CHEAP)


def put_back(circle: Circle, laptop: Workspace, backup: Path) -> Workspace:
    """Close a laptop, put a backup back, open it again."""
    circle.close("laptop-1")
    restoring(laptop, backup).put_back()
    return circle.open("laptop-1")


def shut(laptop: Workspace) -> None:
    """Damage a page that the store does not open without, and that its journal does not need."""
    with laptop.session.store.cursor() as cursor:
        ((page,),) = cursor.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'staff'").fetchall()
    laptop.session.store.close()
    database = laptop.session.folder.database
    data = bytearray(database.read_bytes())
    data[(page - 1) * PAGE + 100] ^= 1
    database.write_bytes(data)


def test_a_look_stays_on_record_and_so_does_the_putting_back(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    backup = laptop.backups.make().path
    laptop.people.reveal(family.resident, "phones")
    again = put_back(circle, laptop, backup)
    circle.hand_in(again)
    for seen in (again.audit.here(), circle.office.audit.everywhere()):
        (look,) = [row for row in seen if row.action == "reveal"]
        (back,) = [row for row in seen if row.action == "put_back"]
        assert (look.who, look.device, look.detail) == ("周敏", "Laptop 1", "Phone")
        assert (back.who, back.detail) == ("周敏", backup.name)
        assert back.count is not None
        assert back.count > 0
    circle.close("laptop-1")
    rescued = Rescue.of(again.session.folder.root, PASSPHRASE, CHEAP).into_present()
    assert rescued.new == 0, "what was carried over is not taken out once more"
    assert check(circle.open("laptop-1").session.store) == []


def test_a_damaged_store_gives_what_it_holds_beyond_the_backup(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.round(laptop)
    backup = laptop.backups.make().path
    visit = made_visit(laptop, family.household)
    photo = laptop.attachments.add("household", family.household, pictures.photo(1, 50_000))
    laptop.drafts.keep("visit:1", {"note": "没写完"})
    shut(laptop)
    with pytest.raises(StoreDamaged):
        open_session(Folder(laptop.session.folder.root), PASSPHRASE, CHEAP)
    way = restoring(laptop, backup)
    found = way.preview().newer
    assert found is not None
    assert found.known
    assert found.unsent > 0
    assert "taken over from the store that was here" in way.put_back()
    again = circle.open("laptop-1")
    assert again.records.show("visit", visit).id == visit
    assert [draft.fields for draft in again.drafts.all("visit:")] == [{"note": "没写完"}]
    assert again.attachments.show(photo.id)
    circle.hand_in(again)
    assert circle.office.records.show("visit", visit).id == visit


def first_page(laptop: Workspace) -> None:
    """Damage where the engine begins to read: nothing of the store is to be had by it any more."""
    laptop.session.store.close()
    database = laptop.session.folder.database
    database.write_bytes(os.urandom(PAGE) + database.read_bytes()[PAGE:])


def page_of(table: str) -> Callable[[Workspace], None]:
    """Damage the page on which a table begins."""

    def damage(laptop: Workspace) -> None:
        with laptop.session.store.cursor() as cursor:
            ((page,),) = cursor.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchall()
        laptop.session.store.close()
        data = bytearray(laptop.session.folder.database.read_bytes())
        data[(page - 1) * PAGE + 100] ^= 1
        laptop.session.folder.database.write_bytes(data)

    return damage


@pytest.mark.parametrize("damage", [first_page, page_of("meta")], ids=["first", "meta"])
def test_what_is_in_no_log_comes_out_of_a_store_that_the_engine_cannot_read(
    circle: Circle, laptop: Workspace, family: Family, damage: Callable[[Workspace], None]
) -> None:
    """A half-written visit, and the keys of photos: without those the files would be swept away."""
    circle.round(laptop)
    backup = laptop.backups.make().path
    photo = laptop.attachments.add("household", family.household, pictures.photo(1, 50_000))
    away = laptop.attachments.add("household", family.household, pictures.photo(2, 50_000))
    laptop.drafts.keep("visit:1", {"note": "没写完"})
    with laptop.session.store.cursor() as cursor:
        path = laptop.session.folder.attachments / str(Files(cursor).all()[-1].path)
    whole = path.rename(laptop.session.folder.root / path.name)
    laptop.attachments.tidy()
    damage(laptop)
    restoring(laptop, backup).put_back()
    again = circle.open("laptop-1")
    assert [draft.fields for draft in again.drafts.all("visit:")] == [{"note": "没写完"}]
    whole.rename(path)
    again.attachments.tidy()
    assert again.attachments.show(photo.id) != again.attachments.show(away.id)


def test_going_back_on_purpose_keeps_a_backup_of_what_was_and_the_one_it_goes_to(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle.round(laptop)
    oldest = laptop.backups.make().path
    for _ in range(4):
        visit = made_visit(laptop, family.household)
        laptop.backups.make()
    last = made_visit(laptop, family.household)
    monkeypatch.setattr(backup_place.thin, "__defaults__", (3, None, lambda _path: True))
    circle.close("laptop-1")
    way = restoring(laptop, oldest)
    said = newer_lines(None, way.preview())
    assert said[0] == "Visits: 5"
    assert "changes were never handed over, so no exchange brings them back" in said[-1]
    way.put_back()
    again = circle.open("laptop-1")
    assert len(again.records.page("visit")) == 0
    newest = again.backups.list()[0].path
    back = put_back(circle, again, newest)
    assert {visit, last} <= {one.id for one in back.records.page("visit")}


def test_a_disk_found_full_after_it_was_put_back_does_not_say_that_nothing_was_changed(
    circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever believes that puts it back once more, and that can be done so often only."""
    circle.office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    backup = circle.office.backups.make().path
    with monkeypatch.context() as full:
        full.setattr("gridworker.app.access.opening._log_in", Mock(side_effect=DiskFull("So nothing was changed.")))
        with pytest.raises(DiskFull, match=r"^The backup was put back\. .* then unlock them\.$"):
            Restoring(backup, tmp_path / "new", PASSPHRASE, profile=CHEAP).restore()
    again = Workspace.open(tmp_path / "new", PASSPHRASE, profile=CHEAP)
    assert [one.caption for one in again.records.page("resident")] == ["陈桂芳"]
    again.close()


def test_what_the_self_check_found_bad_is_salvaged_too(circle: Circle, laptop: Workspace, family: Family) -> None:
    backup = laptop.backups.make().path
    visit = made_visit(laptop, family.household)
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql("UPDATE visit SET outcome = 'refused' WHERE id = ?", (visit,))
    assert laptop.self_check.daily()
    again = put_back(circle, laptop, backup)
    assert again.records.show("visit", visit).values["outcome"] == "met_person"


CUTS = {
    False: (
        (restore, "move_in", 1),
        (moving_in, "put_in_place", 2),
        (moving_in, "put_in_place", 5),
        (restore, "_mark", 1),
    ),
    True: ((Path, "replace", 3), (Exchange, "recover", 1), (rescue, "salvage", 1), (carried.Follows, "done", 1)),
}
"""Where the power goes while a backup is put back, of a sound and of a damaged store: whose, what, which call of it."""


def cut_off(way: Restoring, ready: Path, where: tuple[object, str, int]) -> bool:
    """Put a backup back in a process that dies there. Returns whether it came so far."""
    owner, name, nth = where
    child = os.fork()
    if child == 0:
        try:
            with pytest.MonkeyPatch.context() as patch:
                real, calls = getattr(owner, name), itertools.count(1)

                def dying(*args: Any, **kwargs: Any) -> object:
                    if (owner is not Path or ready.exists()) and next(calls) == nth:
                        os._exit(9)
                    return real(*args, **kwargs)

                patch.setattr(owner, name, dying)
                way.restore()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_killed_at_any_step_nothing_that_goes_over_is_lost_or_doubled(
    circle: Circle, laptop: Workspace, family: Family, tmp_path: Path, *, damaged: bool
) -> None:
    circle.round(laptop)
    backup = laptop.backups.make().path
    visit = made_visit(laptop, family.household)
    laptop.people.reveal(family.resident, "phones")
    laptop.drafts.keep("visit:1", {"note": "没写完"})
    laptop.attachments.add("household", family.household, pictures.photo(1, 50_000))
    root = laptop.session.folder.root
    photos = [path.name for path in laptop.session.folder.attachments.iterdir()]
    if damaged:
        shut(laptop)
    else:
        circle.close("laptop-1")
    for at, where in enumerate(CUTS[damaged]):
        copy = tmp_path / f"cut-{at}"
        shutil.copytree(root, copy)
        way = Restoring(copy / backup.relative_to(root), copy, PASSPHRASE, profile=CHEAP)
        assert cut_off(way, copy / ".restore" / "ready", where), where
        assert is_set_up(copy)
        finish_cut_off(Folder(copy))
        if not list(copy.glob("before-restore-*")):
            way.restore()  # the old store stood as it was
        again = opened(copy)
        rows = again.audit.here()
        assert [sum(row.action == name for row in rows) for name in ("reveal", "put_back")] == [1, 1], where
        assert [draft.fields for draft in again.drafts.all("visit:")] == [{"note": "没写完"}], where
        assert again.session.store.get("visit", visit) is not None or not damaged, where
        assert [path.name for path in again.session.folder.attachments.iterdir()] == photos, where
        assert check(again.session.store) == []
        again.close()


@pytest.fixture
def bare(circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An office out of whose damaged store nothing of the log could be taken, and a bundle lay in its archive."""
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    [clerk] = circle.office.people_here.listed()
    folder = circle.office.session.folder.root
    circle.close("office")
    monkeypatch.setattr(rescue, "_ops", lambda _carved: [])
    Rescue.of(folder, PASSPHRASE, CHEAP).into_new(tmp_path / "new")
    again = opened(tmp_path / "new")
    assert again.session.store.get("staff", clerk.person) is None
    again.close()
    return tmp_path / "new"


def test_an_office_whose_staff_is_lost_still_takes_in_what_laptops_give_back(
    bare: Path, circle: Circle, laptop: Workspace, grids: tuple[int, int]
) -> None:
    """Else nobody could: its own people come back with the bundles alone."""
    again = opened(bare)
    assert (again.session.role, again.session.person) == ("office", "")
    circle.opened["office"] = again
    circle.round(laptop)
    circle.round(laptop)
    assert (again.session.role, again.session.person) == ("office", "刘芳")
    assert circle.agrees(laptop, grids[0])
    again.close()


def role_anew(office: Workspace) -> str | None:
    office.session._staff = None
    return office.session.role


def test_nobody_else_becomes_the_office_so(bare: Path) -> None:
    again = opened(bare)
    clerk, again.session.who = again.session.who, again.session.new_id()
    assert role_anew(again) is None
    again.session.who = clerk
    assert role_anew(again) == "office"
    other = again.records.save("staff", {"name": "王敏", "role": "office", "active": True}).id
    assert role_anew(again) is None, "somebody of it is in the books"
    again.session.who = other
    assert role_anew(again) == "office"
    again.close()


@pytest.mark.parametrize("role", ["auditor", "volunteer"])
def test_what_follows_a_backup_waits_for_nobody_with_a_right_to_it(
    circle: Circle, laptop: Workspace, family: Family, role: str
) -> None:
    """The power went while it was put back, and who opens the office next may be anybody of it."""
    root = circle.office.session.folder.root
    backup = circle.office.backups.make().path
    visit = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    circle.close("office")
    restore.restore(backup, Folder(root), Vault(Folder(root), CHEAP).open(PASSPHRASE), CHEAP)
    again = opened(root)
    act_as(again.session, role)
    Exchange(again.session).recover()
    assert again.session.store.get("visit", visit) is not None
    again.close()


def test_without_a_backup_photos_and_what_is_half_written_come_along(
    laptop: Workspace, family: Family, tmp_path: Path
) -> None:
    photo = laptop.attachments.add("household", family.household, pictures.photo(1, 50_000))
    laptop.drafts.keep("visit:1", {"note": "没写完"})
    shut(laptop)
    Rescue.of(laptop.session.folder.root, PASSPHRASE, CHEAP).into_new(tmp_path / "new")
    again = opened(tmp_path / "new")
    assert again.attachments.show(photo.id)
    assert again.drafts.get("visit:1") is not None
    archived = [path.name for path in laptop.session.folder.archive.iterdir()]
    assert sorted(path.name for path in again.session.folder.archive.iterdir()) == sorted(archived)
    again.close()
