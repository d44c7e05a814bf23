"""Backing up and restoring as a script does it: through the real keys, marks and files."""

import io
import json
import re
import shutil
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from gridworker.app.backup import plan as backup_plan
from gridworker.app.backup.backups import Backups
from gridworker.app.workspace import Workspace
from gridworker.cli.main import main
from gridworker.errors import DiskFull
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys import kdf
from gridworker.store.search.parts import parts
from tests.pictures import photo

PASSPHRASE = "four words are enough"


@pytest.fixture(autouse=True)
def _cheap_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWORKER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(kdf, "PRODUCTION", kdf.CHEAP)
    monkeypatch.setattr("gridworker.text.system_language", lambda: "en")


class Script:
    """Runs commands and reads their answers."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def run(self, *words: object, given: object = None) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(given)))
        status = main([str(word) for word in words])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def json(self, *words: object, given: object = None) -> Any:
        status, out, err = self.run(*words, "--json", given=given)
        assert status == 0, err
        return json.loads(out)


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script(capsys, monkeypatch)


@pytest.fixture
def office(script: Script, tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    script.json(
        "office", "new", "--dir", folder, "--community", "420202005002", "--name", "师院社区办公室", "--clerk", "刘芳"
    )
    script.json("grid", "add", "--dir", folder, "第一网格")
    return folder


@pytest.fixture
def laptop(script: Script, office: Path, tmp_path: Path) -> Path:
    kit, code, folder = tmp_path / "kit.gwk", tmp_path / "code.txt", tmp_path / "laptop"
    script.json(
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格", "--out", kit, "--code-file", code
    )
    script.json("device", "enrol", kit, "--code-file", code, "--dir", folder)
    return folder


def round_trip(script: Script, office: Path, laptop: Path, stick: Path) -> None:
    stick.mkdir(exist_ok=True)
    for sender, receiver, to in ((laptop, office, "office"), (office, laptop, "all"), (laptop, office, "office")):
        for bundle in script.json("bundle", "pack", "--dir", sender, "--out", stick, "--to", to):
            script.json("bundle", "merge", bundle, "--dir", receiver)


def test_an_office_whose_disk_died_is_set_up_from_its_backup_and_both_agree(
    script: Script, office: Path, laptop: Path, tmp_path: Path
) -> None:
    round_trip(script, office, laptop, tmp_path / "stick")
    backup = script.json("backup", "--dir", office, "--out", tmp_path / "second")["path"]
    assert Path(backup).parent == tmp_path / "second"
    grid = script.json("grid", "list", "--dir", office)[0]["id"]
    building = {"grid_id": grid, "building_name": "3"}
    lost = script.json("record", "save", "building", "--dir", office, given=building)["id"]
    round_trip(script, office, laptop, tmp_path / "stick")
    new = tmp_path / "new-office"
    preview = script.json("restore", backup, "--dir", office, "--preview")
    assert preview["newer"]["create"] == 1
    assert script.json("restore", backup, "--dir", new, "--preview")["there"] is False
    done = script.json("restore", backup, "--dir", new)
    assert (done["life"] > 0, done["aside"], done["lost"]) == (True, None, [])
    assert script.run("record", "show", "building", lost, "--dir", new)[0] == 1
    for _ in range(2):
        round_trip(script, new, laptop, tmp_path / "stick")
    assert script.json("record", "show", "building", lost, "--dir", new)["id"] == lost
    digests = [script.json("digest", "--dir", folder, "--grid", "第一网格") for folder in (new, laptop)]
    assert digests[0] == digests[1]
    for folder in (new, laptop):
        assert script.json("check", "--dir", folder) == {"ok": True, "faults": []}


def said(out: str, *lines: str) -> bool:
    """Whether the output is these lines, each as a pattern."""
    return re.fullmatch("\n".join(lines) + "\n", out) is not None


def test_a_laptop_hears_that_the_office_has_what_is_newer_or_has_it_not(
    script: Script, office: Path, laptop: Path, tmp_path: Path
) -> None:
    backup = script.json("backup", "--dir", laptop)["path"]
    building = {"building_name": "3", "grid_id": script.json("grid", "list", "--dir", office)[0]["id"]}
    script.json("record", "save", "building", "--dir", laptop, given=building)
    back = "The office has all of it: it comes back with the next exchange."
    _, out, _ = script.run("restore", backup, "--dir", laptop, "--preview")
    assert ("by: 周敏" in out, "was never handed over" in out, back in out) == (True, True, False)
    round_trip(script, office, laptop, tmp_path / "stick")
    _, out, _ = script.run("restore", backup, "--dir", laptop, "--preview")
    assert ("was never handed over" in out, back in out) == (False, True)


def test_a_store_in_place_is_kept_aside_and_the_words_say_where(script: Script, office: Path) -> None:
    backup = script.json("backup", "--dir", office)["path"]
    status, out, _ = script.run("restore", backup, "--dir", office, "--preview")
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    nothing = "Nothing is newer than the backup\\.", "The store that is here would be kept aside\\."
    assert said(out, rf"The backup is of {moment}\.", *nothing, r"So far nothing was changed\.")
    script.json("record", "save", "staff", "--dir", office, given={"name": "赵海", "role": "grid_worker"})
    status, out, _ = script.run("restore", backup, "--dir", office, "--preview")
    assert status == 0
    assert said(
        out, rf"The backup is of {moment}\.", "It lacks what is newer here:", "Staff: 1",
        f"Written from {moment} to {moment} by: 刘芳", "Laptops bring back what they wrote .*", nothing[1],
        r"So far nothing was changed\.",
    )  # fmt: skip
    status, out, _ = script.run("restore", backup, "--dir", office)
    assert status == 0
    assert str(office / "before-restore-1") in out
    assert (office / "before-restore-1" / "store.db").exists()
    status, out, _ = script.run("restore", backup, "--dir", office, "--preview")
    assert "cannot be compared" not in out
    (office / "store.db").write_bytes(b"x" * 8192)
    status, out, _ = script.run("restore", backup, "--dir", office, "--preview")
    assert "cannot be compared" in out


def test_the_backup_of_a_laptop_is_not_put_in_the_place_of_the_office(
    script: Script, office: Path, laptop: Path
) -> None:
    backup = script.json("backup", "--dir", laptop)["path"]
    status, out, err = script.run("restore", backup, "--dir", office)
    assert (status, out) == (1, "")
    assert "of other data than those in office" in err
    assert not (office / "before-restore-1").exists()
    assert script.json("check", "--dir", office)["ok"]


def test_who_only_uses_the_command_line_has_the_search_index_put_together_with_a_backup(
    script: Script, office: Path, tmp_path: Path
) -> None:
    def count() -> int:
        with closing(Workspace.open(office, PASSPHRASE)) as opened, opened.session.store.db.read() as connection:
            return len(parts(raw_cursor(connection), "search_index"))

    with closing(Workspace.open(office, PASSPHRASE)) as opened:
        for name in ("陈桂芳", "陈建国", "赵翠英"):
            opened.records.save("resident", {"name": name, "status": "in_place"})
    assert count() > 1
    script.json("backup", "--dir", office, "--out", tmp_path / "stick")
    assert count() == 1


def test_a_preview_of_a_damaged_backup_says_that_it_is_damaged(script: Script, office: Path) -> None:
    """What is newer would be told all the same: its tables are read, not all of its pages."""
    backup = Path(script.json("backup", "--dir", office)["path"])
    data = bytearray((backup / "store.db").read_bytes())
    data[-100] ^= 1
    (backup / "store.db").write_bytes(data)
    status, out, err = script.run("restore", backup, "--dir", office, "--preview")
    assert (status, out) == (1, "")
    assert "This backup is damaged. Nothing was changed. Choose another one." in err


def test_what_is_no_backup_is_one_plain_sentence(script: Script, office: Path, tmp_path: Path) -> None:
    status, _, err = script.run("restore", tmp_path, "--dir", office)
    assert (status, err.count("\n")) == (1, 1)
    backup = Path(script.json("backup", "--dir", office)["path"])
    (backup / "store.db").write_bytes(b"x" * 8192)
    status, _, err = script.run("restore", backup, "--dir", office)
    assert (status, err) == (1, "This backup is damaged. Nothing was changed. Choose another one.\n")
    assert script.json("check", "--dir", office)["ok"]


def test_a_command_makes_the_backup_that_is_due_and_says_so(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_plan, "ACTS", 1)
    status, out, err = script.run("grid", "add", "--dir", office, "第二网格", "--json")
    assert (status, "A verified backup was made" in err, "backup" in out) == (0, True, False)
    assert len(list((office / "backups").glob("*/store.db"))) == 1
    assert "backup was made" not in script.run("digest", "--dir", office)[2]


def test_a_command_says_that_older_backups_still_hold_what_was_erased(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no window is ever open there is no other place to say so."""
    saved = script.json("record", "save", "resident", "--dir", office, given={"name": "陈桂芳", "status": "in_place"})
    script.json("backup", "--dir", office)
    with monkeypatch.context() as full:
        full.setattr(Backups, "renew", Mock(side_effect=DiskFull("The stick is full.")))
        assert script.run("erase", "resident", saved["id"], "--dir", office)[0] == 1
        assert "still hold what was erased. The stick is full." in script.run("digest", "--dir", office)[2]
    assert "erased" not in script.run("digest", "--dir", office)[2]


def test_the_damaged_store_that_is_named_is_rescued_into_the_new_folder(
    script: Script, office: Path, laptop: Path, tmp_path: Path
) -> None:
    script.json("record", "save", "resident", "--dir", laptop, given={"name": "周海", "status": "in_place"})
    script.run("rescue", laptop, "--dir", office, "--out", tmp_path / "new")
    assert script.run("digest", "--dir", tmp_path / "new")[1] == script.run("digest", "--dir", laptop)[1]
    assert script.run("rescue", laptop, "--dir", tmp_path / "nowhere", "--out", tmp_path / "newer")[0] == 0


@pytest.mark.parametrize("has_keys", [True, False], ids=["where it lay", "carried away alone"])
def test_the_damaged_file_that_is_named_is_rescued_into_the_new_folder(
    script: Script, office: Path, laptop: Path, tmp_path: Path, *, has_keys: bool
) -> None:
    script.json("record", "save", "resident", "--dir", laptop, given={"name": "周海", "status": "in_place"})
    file = laptop / "store.db"
    if not has_keys:
        (tmp_path / "stick").mkdir()
        file = Path(shutil.copyfile(file, tmp_path / "stick" / "broken.db"))
    where = office if has_keys else laptop
    assert script.run("rescue", file, "--dir", where, "--out", tmp_path / "new")[0] == 0
    assert script.run("digest", "--dir", tmp_path / "new")[1] == script.run("digest", "--dir", laptop)[1]


def test_who_only_uses_commands_is_told_that_nobody_went_through_the_store(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no window is ever open nothing is checked while nobody works."""
    monkeypatch.setattr(backup_plan, "ACTS", 1)
    never, before = "The store was never gone through", "The store was last gone through on"
    assert never in script.run("grid", "add", "--dir", office, "第二网格")[2]
    assert never not in script.run("digest", "--dir", office)[2], "once with the backup of the day"
    assert script.json("check", "--dir", office)["ok"]
    err = script.run("grid", "add", "--dir", office, "第三网格")[2]
    assert ("A verified backup was made" in err, "gone through" in err) == (True, False)
    with monkeypatch.context() as later:
        later.setattr("gridworker.app.session.Session.today", lambda _: date(2099, 1, 1))
        assert before in script.run("grid", "add", "--dir", office, "第四网格")[2]


def test_a_backup_goes_through_the_store_once_a_day_and_says_what_it_found(script: Script, office: Path) -> None:
    def faults() -> list[str]:
        made: list[str] = script.json("backup", "--dir", office)["faults"]
        return made

    script.json("record", "save", "resident", "--dir", office, given={"name": "陈桂芳", "status": "in_place"})
    with closing(Workspace.open(office, PASSPHRASE)) as opened, opened.session.store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM search_index")
    (found,) = faults()
    assert "gridworker check --mend-index" in found
    assert script.json("check", "--mend-index", "--dir", office)["ok"]
    assert faults() == [], "what a person had gone through counts as the check of the day"


def test_a_backup_that_is_refused_and_a_pack_that_is_stopped_leave_no_empty_folder(
    script: Script, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But what lay there before stays, empty or not."""
    there = tmp_path / "there"
    there.mkdir()

    def full(*_: object) -> None:
        raise DiskFull("The disk is full.")

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("gridworker.store.backup.backup.require_room", full)
        patch.setattr("gridworker.app.exchange.exchange.Exchange.pack_all", stopped)
        for command in ("backup", ("bundle", "pack")):
            words = (command,) if isinstance(command, str) else command
            for to in (f"{tmp_path}/new/deep/", f"{there}/"):
                assert script.run(*words, "--dir", office, "--out", to)[0] != 0
        assert script.run("backup", "--dir", office, "--out", tmp_path / "new")[0] == 1
    assert there.is_dir()
    assert not (tmp_path / "new").exists()
    made = script.json("backup", "--dir", office, "--out", f"{tmp_path}/new/deep/")
    assert Path(made["path"]).parent == tmp_path / "new" / "deep"


def test_a_backup_without_its_files_says_what_is_missing_and_photos_come_again(
    script: Script, office: Path, laptop: Path, tmp_path: Path
) -> None:
    """First from the laptop that has it, then, where nobody has it any more, out of the folder that turned up."""
    photo, _ = _photo_at_the_office(script, office, laptop, tmp_path)
    backup = Path(script.json("backup", "--dir", office, "--out", tmp_path / "second")["path"])
    files, away = backup.parent / "files", tmp_path / "away"
    files.rename(away)
    new = tmp_path / "new-office"
    status, out, _ = script.run("restore", backup, "--dir", new, "--preview")
    assert (status, "1 of the photos and papers" in out) == (0, True)
    assert (
        f"attachments/{next(iter((office / 'attachments').iterdir())).name}"
        in script.json("restore", backup, "--dir", new, "--preview")["lost"]
    )
    status, out, _ = script.run("restore", backup, "--dir", new)
    assert (status, "1 photo or paper did not come back" in out) == (0, True)
    assert "of the archive did not come back" in out
    assert script.json("attachment", "list", "--dir", new)[0]["here"] is False
    status, _, err = script.run("attachment", "save", photo, "--dir", new, "--out", tmp_path / "again.jpg")
    assert (status, "The file is not here: still on laptop 1." in err) == (1, True)
    for _ in range(2):
        round_trip(script, new, laptop, tmp_path / "stick")
    assert script.json("attachment", "list", "--dir", new)[0]["here"] is True
    script.json("attachment", "save", photo, "--dir", new, "--out", tmp_path / "again.jpg")
    assert (tmp_path / "again.jpg").stat().st_size > 1000
    late = tmp_path / "late-office"
    script.json("restore", backup, "--dir", late)
    assert script.json("attachment", "list", "--dir", late)[0]["here"] is False
    away.rename(files)
    script.json("backup", "--dir", late)
    assert script.json("attachment", "list", "--dir", late)[0]["here"] is True


def test_files_that_are_here_are_not_missed_where_the_backup_lost_them(
    script: Script, office: Path, laptop: Path, tmp_path: Path
) -> None:
    _photo_at_the_office(script, office, laptop, tmp_path)
    backup = Path(script.json("backup", "--dir", office, "--out", tmp_path / "second")["path"])
    for path in (backup.parent / "files").iterdir():
        path.unlink()
    assert script.json("restore", backup, "--dir", office, "--preview")["lost"] == []
    assert script.json("restore", backup, "--dir", office)["lost"] == []
    assert script.json("attachment", "list", "--dir", office)[0]["here"] is True


def _photo_at_the_office(script: Script, office: Path, laptop: Path, tmp_path: Path) -> tuple[int, int]:
    """A photo of a household that a laptop took, at the office too. Returns it, and the household."""
    grid = script.json("grid", "list", "--dir", office)[0]["id"]
    building = script.json(
        "record", "save", "building", "--dir", laptop, given={"building_name": "3", "grid_id": grid}
    )["id"]
    dwelling = script.json(
        "record", "save", "dwelling", "--dir", laptop, given={"building_id": building, "room_no": "101"}
    )["id"]
    household = script.json(
        "record", "save", "household", "--dir", laptop, given={"dwelling_id": dwelling, "status": "active"}
    )["id"]
    (tmp_path / "taken.jpg").write_bytes(photo(1, 20_000))
    added = script.json(
        "attachment", "add", tmp_path / "taken.jpg", "--to", "household", "--id", household, "--dir", laptop
    )
    round_trip(script, office, laptop, tmp_path / "stick")
    assert script.json("attachment", "list", "--dir", office)[0]["here"] is True
    return added["id"], household
