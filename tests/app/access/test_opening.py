"""Opening a store of another version: it is refused before anything of it is touched."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from gridworker.app.backup.restoring import Restoring
from gridworker.app.forgotten import Forgotten
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreNewer, StoreProblem
from gridworker.store.engine.diskspace import Ballast
from gridworker.store.engine.log_room import ROOM
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.meta import Meta
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import seal_recovery
from tests.circle import PASSPHRASE, RECOVERY, Circle


def test_a_newer_store_is_left_as_it_is_and_no_backup_is_made_of_it(circle: Circle) -> None:
    """By an older program: it says which one opens it, and neither reads anything anew nor offers another way."""
    session = circle.office.session
    with session.store.cursor() as cursor:
        signature = json.loads(Meta(cursor).text("signature"))
    with session.store.settings() as settings:
        settings.set("signature", json.dumps({**signature, "known": [*signature["known"], [9999, 1]]}))
        settings.set("version", "9.9.9")
    folder = session.folder
    circle.close("office")
    before = contents(folder.root)
    with pytest.raises(StoreNewer, match=r"Gridworker 9\.9\.9 .* Install the newer one"):
        Workspace.open(folder.root, PASSPHRASE, profile=CHEAP)
    assert contents(folder.root) == before


def test_a_backup_that_somebody_opens_stays_one(circle: Circle, tmp_path: Path) -> None:
    """Unlocked like a data folder it took a new life and a row for the opening, and could not be put back any more."""
    office = circle.office
    circle.family(office.devices.add_grid("第一网格"))
    backup = office.backups.make().path
    before = contents(backup)
    sealed = tmp_path / "recovery.key"
    sealed.write_bytes(seal_recovery(RECOVERY, code := Code.new()))
    for act in (
        lambda: Workspace.open(backup, PASSPHRASE, profile=CHEAP),
        lambda: Forgotten(backup, profile=CHEAP).recover(sealed, code.text, "another one entirely", "51075107"),
        lambda: Forgotten(backup, profile=CHEAP).ask("another one entirely", "51075107"),
        lambda: Restoring(backup, backup, PASSPHRASE, profile=CHEAP).restore(),
    ):
        with pytest.raises(StoreProblem, match="This folder is a backup"):
            act()
    assert contents(backup) == before
    assert office.backups.verify(backup).path == backup


@pytest.mark.parametrize("plenty", [True, False])
def test_who_works_has_room_for_the_log_where_the_disk_has(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, plenty: bool
) -> None:
    """No save waits for the file to grow; a disk that is nearly full is left what it has."""
    folder = circle.office.session.folder
    circle.close("office")
    monkeypatch.setattr(Ballast, "ensure", lambda _ballast: plenty)
    with closing(Workspace.open(folder.root, PASSPHRASE, profile=CHEAP)):
        log = folder.database.with_name("store.db-wal")
        assert (log.stat().st_size == ROOM) is plenty


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a data folder but the count of wrong passphrases and the lock."""
    found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if "lock" not in name and not name.endswith("-shm")}
