"""A disk that fills up just before the program ends: what was done is done, and is not denied."""

import json
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.paths import Folder
from gridworker.store.engine.filesafe import write_durably
from gridworker.store.health import freshness
from tests.cli.script import PASSPHRASE, Script, enrolled


@pytest.fixture
def full(office: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office's ballast: as long as it is there the disk has no room for the mark that is written at the end."""
    ballast = Folder(office).ballast
    monkeypatch.setattr("gridworker.store.engine.diskspace.Ballast.ensure", lambda _: ballast.exists())

    def write(path: Path, data: bytes) -> None:
        mark = json.loads(data)
        if ballast.exists() and len(mark["nonces"]) == 1 and not mark["running"]:
            raise DiskFull("The disk is full, so nothing was changed: make some room, then try again.")
        write_durably(path, data)

    monkeypatch.setattr(freshness, "write_durably", write)
    return ballast


def test_a_bundle_that_was_merged_is_said_to_be_and_the_ballast_makes_room(
    script: Script, office: Path, full: Path
) -> None:
    bundle = script.folder / "a.gwb"
    script.json("bundle", "pack", "--dir", enrolled(script, office), "--out", bundle)
    full.write_bytes(b"ballast")
    script.json("bundle", "merge", bundle, "--dir", office)
    assert not full.exists()
    assert not freshness.has_log(Folder(office)), "it was closed in order"


def test_without_any_room_it_still_ends_well_and_the_store_is_no_copy(
    script: Script, office: Path, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.write_bytes(b"full for ever")
    monkeypatch.setattr("gridworker.store.engine.diskspace.Ballast.release", lambda _: False)
    script.json("grid", "add", "--dir", office, "第二网格")
    assert freshness.has_log(Folder(office)), "by this the next start tells it from one that was put back"
    full.unlink()
    again = Workspace.open(office, PASSPHRASE)
    assert again.session.started is None
    assert len(again.devices.grids()) == 2
    again.close()
