"""D7: what a stranger finds in the files of a computer: nothing that anybody typed, said, searched or was told."""

import logging
import os
import tempfile
from pathlib import Path

import pytest
from zstandard import ZstdCompressor

from gridworker.app.backup.rescuing import Rescue
from gridworker.app.backup.restoring import Restoring
from gridworker.app.demo.demo import make_demo
from gridworker.app.files.bug_log import write_down
from gridworker.app.forgotten import Forgotten
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder, log_file
from gridworker.store.engine.diskspace import Ballast
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log import sheaves
from tests.app.canaries import Canaries, Day

AT_LEAST = int(os.environ.get("GRIDWORKER_CANARIES", "50"))
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA")


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All of a computer's folders: those of the data, of logs and settings, and the temporary one."""
    for name in HOMES:
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(Ballast, "ensure", lambda _ballast: False)  # megabytes of zeros to be searched
    return tmp_path


def crash(canaries: Canaries) -> None:
    """A bug whose exception quotes what was typed is logged."""
    log = logging.getLogger("gridworker")
    before = list(log.handlers)
    fault = ValueError(canaries.word())
    fault.__cause__ = KeyError(canaries.phone())
    write_down(fault)
    for handler in set(log.handlers) - set(before):
        log.removeHandler(handler)
        handler.close()


def test_nothing_typed_is_readable_in_any_file(
    root: Path, canaries: Canaries, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every workflow once, the stores open, then closed, then put back from a backup and salvaged.

    What is made is bound in sheaves, as it is where it comes by the hundred.
    """
    monkeypatch.setattr(sheaves, "FEWEST", 1)
    demo = make_demo(root, people=40, profile=CHEAP)
    laptop = Workspace.open(demo.laptops[0], demo.passphrase, profile=CHEAP)
    office = Workspace.open(demo.office, demo.passphrase, profile=CHEAP)
    for device in (office, laptop):
        day = Day(device, canaries, tmp_path_factory.mktemp("outside"))
        assert day.fill_in_every_field() > 8
        day.visit()
        day.issue()
        day.search()
        day.take_back()
        day.passphrases(demo.passphrase)
    Day(office, canaries, tmp_path_factory.mktemp("outside")).office_rules(root / "stick")
    Day(office, canaries, tmp_path_factory.mktemp("outside")).ledger(office.session.grids()[0])
    person = laptop.records.page("resident", limit=1)[0].id
    for device in (office, laptop):
        device.records.save("resident", {"note": canaries.word()}, person)
    for _ in range(2):
        assert office.exchange.merge(laptop.exchange.pack(root)).trip
        laptop.exchange.merge(office.exchange.pack(root, 1))
    [conflict] = office.merge.conflicts(person)
    office.merge.resolve("resident", person, {one.name: one.sides[0].value for one in conflict.fields})
    made = office.backups.make()
    laptop.backups.make(root / "stick")
    office.erasing.erase("resident", person)
    assert office.self_check.daily() == laptop.self_check.daily() == ()
    crash(canaries)
    assert canaries.hits(root) == []
    kept = office.backups.list()[0].path
    assert not made.path.exists(), "an erasure makes backups anew"
    assert laptop.approvals.ask(None, 5)
    laptop.close()
    office.close()
    forgotten = Forgotten(demo.laptops[0], profile=CHEAP)
    slot = laptop.session.keys.slot
    assert forgotten.ask(" ".join(canaries.word() for _ in range(4)), slot).file_name
    Restoring(kept, demo.office, demo.passphrase, profile=CHEAP).restore()
    Rescue.of(demo.laptops[0], demo.passphrase, CHEAP).into_new(root / "rescued")
    assert len(set(canaries.words)) == len(canaries.words) >= AT_LEAST
    assert canaries.hits(root) == []
    assert Folder(demo.laptops[0]).reset.exists()
    assert {path.suffix for path in root.rglob("*") if path.is_file()} >= {".db", ".json", ".gwb", ".gwk", ".log"}
    assert log_file().is_relative_to(root)
    open_files = [path.name for path in demo.laptops[0].rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert open_files == [], "only this user may read the folder"


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "gb18030"])
def test_the_search_would_find_one(tmp_path: Path, canaries: Canaries, code: str) -> None:
    word = canaries.word()
    (tmp_path / "leak.log").write_bytes(f"saved {word}".encode(code))
    (tmp_path / f"{canaries.word()}.txt").touch()
    packed = ZstdCompressor().compress(f"{'住户台账走访记录' * 9}{word}{[*range(99)]}".encode(code))
    assert word.encode(code) not in packed
    (tmp_path / "leak.tmp").write_bytes(b"before" + packed + b"after")
    found = canaries.hits(tmp_path)
    assert f"leak.log: {word} as {code}" in found
    assert f"leak.tmp: {word} as {code}" in found
    assert any(hit.startswith(canaries.words[1]) for hit in found)
