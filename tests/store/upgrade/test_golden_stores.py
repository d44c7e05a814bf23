"""Stores of every format that was ever written open, and are brought up to date after a verified backup."""

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gridworker.app.backup.restoring import Restoring
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.backup.backup import Source, back_up, verify
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Vault
from gridworker.store.log.sheaves import SHEAF
from gridworker.store.meta import Meta
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.tables import FORMAT, is_current
from tests.builders import new
from tests.store.golden_store import PASSPHRASE

STORES = Path(__file__).parents[2] / "data" / "stores"


def test_there_is_one_of_every_format() -> None:
    assert {path.name for path in STORES.iterdir()} == {f"format-{number}" for number in range(1, FORMAT + 1)}


@pytest.mark.parametrize("name", sorted(path.name for path in STORES.iterdir()))
@pytest.mark.parametrize("outdated", [False, True], ids=["as it is", "read anew"])
def test_it_opens_and_holds_what_was_written(name: str, tmp_path: Path, *, outdated: bool) -> None:
    folder = tmp_path / "data"
    shutil.copytree(STORES / name, folder)
    keys = Vault(Folder(folder), CHEAP).open(PASSPHRASE)
    if outdated:
        db = Database(Folder(folder).database, keys.dek)
        with db.write() as connection:
            Meta(raw_cursor(connection)).set("signature", "{}")
            connection.exec_driver_sql("DELETE FROM resident")
        db.close()
    office = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    backups = [view.path for view in office.backups.list()]
    if outdated:
        assert verify(backups[0], keys).manifest.chain > 0, "a backup comes before the upgrade"
    people = {found.values["name"] for found in office.records.page("resident")}
    assert people == {"陈桂香", "王小明"}
    assert [name for _, name in office.devices.grids()] == ["第一网格"]
    assert check(office.session.store) == []
    office.close()
    again = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    assert [view.path for view in again.backups.list()] == backups, "an upgrade is made once"
    again.close()


@pytest.mark.parametrize("name", sorted(path.name for path in STORES.iterdir()))
@pytest.mark.parametrize("elsewhere", [False, True], ids=["over it", "on a new computer"])
def test_a_backup_of_it_is_put_back_and_brought_up_to_date(name: str, tmp_path: Path, *, elsewhere: bool) -> None:
    """The backup is of the store as it was written then, as the one that comes before an upgrade."""
    folder, place = tmp_path / "data", tmp_path / "stick"
    shutil.copytree(STORES / name, folder)
    keys = Vault(Folder(folder), CHEAP).open(PASSPHRASE)
    with closing(Store(Database(Folder(folder).database, keys.dek), keys.derive("chain"))) as store:
        backup = back_up(Source(store, Folder(folder), keys, CHEAP), place, datetime.now(UTC))
    Workspace.open(folder, PASSPHRASE, profile=CHEAP).close()
    where = tmp_path / "new" if elsewhere else folder
    Restoring(backup.path, where, PASSPHRASE, profile=CHEAP).restore()
    office = Workspace.open(where, PASSPHRASE, profile=CHEAP)
    assert {found.values["name"] for found in office.records.page("resident")} == {"陈桂香", "王小明"}
    assert check(office.session.store) == []
    with office.session.store.db.read() as connection:
        assert is_current(connection)
    office.close()


def test_what_comes_into_a_store_of_before_is_kept_in_today_s_form_beside_what_is_there(tmp_path: Path) -> None:
    shutil.copytree(STORES / "format-1", tmp_path / "data")
    office = Workspace.open(tmp_path / "data", PASSPHRASE, profile=CHEAP)
    before = office.session.store
    before.write([new(before, "resident", name=f"王{at}") for at in range(SHEAF)], Act("import", office.session.who))
    office.close()
    again = Workspace.open(tmp_path / "data", PASSPHRASE, profile=CHEAP)
    with again.session.store.cursor() as cursor:
        cursor.execute("SELECT typeof(vals), count(*) FROM op GROUP BY 1")
        forms = dict(cursor.fetchall())
        cursor.execute("SELECT name FROM resident")
        people = {name for (name,) in cursor.fetchall()}
    assert forms["blob"] > 0
    assert forms["integer"] >= SHEAF
    assert people == {"陈桂香", "王小明", *(f"王{at}" for at in range(SHEAF))}
    assert check(again.session.store) == []
    again.close()
