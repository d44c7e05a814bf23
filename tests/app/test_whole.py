"""Setting up, the sample community, the circle: the parts together, on real folders."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from errno import EIO
from pathlib import Path

import pytest

from gridworker.app.access import new_store
from gridworker.app.access.enrolment import enrol
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.access.new_store import STAGING
from gridworker.app.demo.demo import make_demo
from gridworker.app.demo.tour import Circle
from gridworker.app.openers import is_set_up
from gridworker.app.workspace import Workspace
from gridworker.errors import NotForUs, NotFound, StoreBusy, StoreMissing, StoreProblem, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.engine import filesafe
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.store import Store

PASSPHRASE = "four words are enough"
FOUNDING = Founding("420202005002", "师院社区办公室", "刘芳")


def test_an_office_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    with pytest.raises(WrongPassphrase):
        Workspace.open(tmp_path, "something else", profile=CHEAP)
    office = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    assert office.session.is_office
    (community,) = office.records.page("community")
    assert (community.values["city"], community.values["name"]) == ("黄石市", "师院社区")
    office.close()


def test_a_second_office_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    before = Folder(tmp_path).keys.read_bytes()
    with pytest.raises(StoreMissing):
        found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    assert Folder(tmp_path).keys.read_bytes() == before


def test_an_unknown_community_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        found_office(tmp_path / "office", PASSPHRASE, Founding("999999999999", "x", "y"), profile=CHEAP)
    assert not (tmp_path / "office").exists()


def test_a_disk_that_fails_at_the_very_end_leaves_no_office_without_its_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, sheet = Folder(tmp_path / "office"), tmp_path / "recovery.key"

    def failing(place: Path) -> None:
        if folder.database.exists():
            raise OSError(EIO, "Input/output error")

    monkeypatch.setattr(filesafe, "fsync_folder", failing)
    with pytest.raises(StoreProblem):
        found_office(folder.root, PASSPHRASE, replace(FOUNDING, recovery=sheet), profile=CHEAP)
    monkeypatch.undo()
    assert not sheet.exists()
    assert not is_set_up(folder.root)
    found_office(folder.root, PASSPHRASE, replace(FOUNDING, recovery=sheet), profile=CHEAP)
    Workspace.open(folder.root, PASSPHRASE, profile=CHEAP).close()


def test_a_set_up_that_was_cut_off_before_its_store_came_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed where nothing is moved back: the unlock page would find no store, and have no way on."""
    folder = Folder(tmp_path / "office")

    def killed(staging: Folder, target: Folder) -> None:
        staging.keys.replace(target.keys)
        shutil.copytree(staging.root, tmp_path / "left")
        raise OSError(EIO, "Input/output error")

    monkeypatch.setattr(new_store, "_move_in", killed)
    with pytest.raises(StoreProblem):
        found_office(folder.root, PASSPHRASE, FOUNDING, profile=CHEAP)
    monkeypatch.undo()
    shutil.copytree(tmp_path / "left", folder.root / STAGING)
    assert not is_set_up(folder.root)
    found_office(folder.root, PASSPHRASE, FOUNDING, profile=CHEAP)
    assert is_set_up(folder.root)
    Workspace.open(folder.root, PASSPHRASE, profile=CHEAP).close()


def test_what_a_failing_disk_left_in_the_log_is_in_the_new_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = Store.close

    def close(store: Store) -> None:
        """As where the calls by which the engine brings the log in at the end fail: it says nothing, and leaves it."""
        files = [tmp_path / STAGING / name for name in ("store.db", "store.db-wal")]
        left = [file.read_bytes() for file in files]
        closing(store)
        for file, data in zip(files, left, strict=True):
            file.write_bytes(data)

    monkeypatch.setattr(Store, "close", close)
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    monkeypatch.undo()
    office = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    assert office.care_of_store.check() == []
    assert office.session.person == "刘芳"
    office.close()


def test_a_set_up_that_was_cut_off_can_be_done_again(tmp_path: Path) -> None:
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / "store.db").write_bytes(b"half a store")
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP).close()
    assert not (tmp_path / STAGING).exists()


def test_keys_whose_store_was_moved_away_are_kept_beside_the_new_ones(tmp_path: Path) -> None:
    folder, moved = Folder(tmp_path / "here"), Folder(tmp_path / "moved")
    found_office(folder.root, PASSPHRASE, FOUNDING, profile=CHEAP)
    old = folder.keys.read_bytes()
    moved.root.mkdir()
    folder.database.rename(moved.database)
    found_office(folder.root, "another four words here", FOUNDING, profile=CHEAP)
    (kept,) = (
        path for path in folder.root.glob("keys.*.json") if path.read_bytes() == old and ".bak." not in path.name
    )
    kept.rename(moved.keys)
    Workspace.open(moved.root, PASSPHRASE, profile=CHEAP).close()


def test_what_a_crash_left_beside_a_store_that_was_moved_away_spoils_no_new_one(tmp_path: Path) -> None:
    here = Folder(tmp_path / "here")
    found_office(here.root, PASSPHRASE, FOUNDING, profile=CHEAP)
    office = Workspace.open(here.root, PASSPHRASE, profile=CHEAP)
    office.devices.add_grid("第一网格")
    log = here.database.with_name("store.db-wal")
    unfinished = log.read_bytes()
    office.close()
    here.database.rename(tmp_path / "moved.db")
    log.write_bytes(unfinished)
    found_office(here.root, PASSPHRASE, FOUNDING, profile=CHEAP)
    office = Workspace.open(here.root, PASSPHRASE, profile=CHEAP)
    assert office.devices.grids() == []
    office.close()
    assert [path.read_bytes() for path in here.root.glob("store.*.db-wal")] == [unfinished]


def test_a_second_window_only_reads_and_says_who_writes(tmp_path: Path) -> None:
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    first = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    second = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    assert second.session.writer == "刘芳"
    with pytest.raises(Exception, match="刘芳"):
        second.devices.add_grid("第一网格")
    assert second.devices.grids() == []
    second.close()
    first.close()
    third = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    assert not third.session.read_only
    third.close()


def test_a_second_window_that_saves_a_masked_record_says_who_writes(tmp_path: Path) -> None:
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    first = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    person = {"name": "毛辉永", "status": "in_place", "basis": "official_ledger", "id_number": "11010519491231002X"}
    kept = first.records.save("resident", person).id
    second = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    with pytest.raises(StoreBusy, match="刘芳"):
        second.records.save("resident", {"name": "毛辉勇"}, kept)
    second.close()
    first.close()


def test_a_copied_store_goes_on_as_another_life(tmp_path: Path) -> None:
    import shutil

    found_office(tmp_path / "office", PASSPHRASE, FOUNDING, profile=CHEAP)
    office = Workspace.open(tmp_path / "office", PASSPHRASE, profile=CHEAP)
    first = office.session.store.identity.incarnation
    office.close()
    shutil.copytree(tmp_path / "office", tmp_path / "copy")
    copy = Workspace.open(tmp_path / "copy", PASSPHRASE, profile=CHEAP)
    assert copy.session.store.identity.incarnation != first
    copy.close()
    same = Workspace.open(tmp_path / "office", PASSPHRASE, profile=CHEAP)
    assert same.session.store.identity.incarnation == first
    same.close()


def test_a_kit_with_the_wrong_code_makes_nothing(tmp_path: Path) -> None:
    from gridworker.sync.format.code import Code

    found_office(tmp_path / "office", PASSPHRASE, FOUNDING, profile=CHEAP)
    office = Workspace.open(tmp_path / "office", PASSPHRASE, profile=CHEAP)
    kit = tmp_path / "kit.gwk"
    office.devices.issue_kit("周敏", [office.devices.add_grid("第一网格")], kit)
    office.close()
    with pytest.raises(NotForUs):
        enrol(kit, Code.new().text, tmp_path / "laptop", PASSPHRASE, profile=CHEAP)
    assert not (tmp_path / "laptop" / "store.db").exists()


def test_the_sample_community_is_whole_and_says_that_it_is_one(tmp_path: Path) -> None:
    shares: list[float] = []
    demo = make_demo(tmp_path, people=150, report=shares.append, profile=CHEAP)
    assert shares == sorted(shares)
    for folder in (demo.office, *demo.laptops):
        opened = Workspace.open(folder, demo.passphrase, profile=CHEAP)
        assert opened.session.is_sample
        assert opened.care_of_store.check() == []
        assert opened.records.page("resident", limit=1)
        opened.close()
    assert not list(tmp_path.glob("*.gwk"))


def test_the_same_seed_invents_the_same_people(tmp_path: Path) -> None:
    names = []
    for run in ("a", "b"):
        demo = make_demo(tmp_path / run, people=60, seed=11, profile=CHEAP)
        opened = Workspace.open(demo.office, demo.passphrase, profile=CHEAP)
        names.append([one.caption for one in opened.records.page("resident")])
        opened.close()
    assert names[0] == names[1]


def test_the_circle_closes(tmp_path: Path) -> None:
    circle = Circle(tmp_path, CHEAP)
    steps = list(circle.run())
    circle.close()
    assert [step.name for step in steps if not step.ok] == []
    assert steps[-1].name == "check"


def test_a_circle_that_breaks_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.app.inbox.merge.Merge.conflicts", lambda *_: [])
    circle = Circle(tmp_path, CHEAP)
    steps = list(circle.run())
    circle.close()
    assert [(step.name, step.ok) for step in steps][-1] == ("bundles", False)


def test_a_draft_survives_a_kill(tmp_path: Path) -> None:
    found_office(tmp_path, PASSPHRASE, FOUNDING, profile=CHEAP)
    code = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from gridworker.app.workspace import Workspace
        from gridworker.store.keys.kdf import CHEAP
        opened = Workspace.open(Path({str(tmp_path)!r}), {PASSPHRASE!r}, profile=CHEAP)
        opened.drafts.keep("visit:1", {{"note": "药已送到"}})
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    killed = subprocess.run([sys.executable, "-c", code], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    opened = Workspace.open(tmp_path, PASSPHRASE, profile=CHEAP)
    draft = opened.drafts.get("visit:1")
    opened.close()
    assert draft is not None
    assert draft.fields == {"note": "药已送到"}
