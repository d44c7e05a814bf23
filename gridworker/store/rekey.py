"""Another data key for a store: a copy is made under the new key beside the old store, checked, and put in its place.

SQLCipher could change the key of the file itself, but the key files would have to change in the same moment. So all
that depends on the key is made in a folder of its own::

    .rekey/  store.db, its journal MACed anew    keys.json twice    mark.json    sidecar.json    ready

``ready`` is written last, when everything else is synced. Killed before it, the old store is as it was; killed after
it, whoever opens the store next moves the rest over first (``finish``). Never is there neither.
"""

import os
import shutil
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from gridworker.errors import StoreBusy, StoreDamaged
from gridworker.paths import Folder
from gridworker.store.engine.connection import unlock
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.engine.diskspace import require_room
from gridworker.store.engine.faults import copying_problem
from gridworker.store.engine.filesafe import (
    clear_folder,
    disk_problems,
    fsync_folder,
    make_folder,
    put_in_place,
    write_durably,
)
from gridworker.store.engine.lock import writing
from gridworker.store.engine.moved import bring_all_in
from gridworker.store.health import freshness, sidecar
from gridworker.store.health.lives import store_state
from gridworker.store.log.journal import Journal
from gridworker.store.meta import STALE, Meta
from gridworker.store.relink import rechain
from gridworker.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from gridworker.store.keys.slots import Header
    from gridworker.store.keys.vault import Keys

STAGING, READY = ".rekey", "ready"


def rekey(folder: Folder, old: "Keys", new: "Keys", header: "Header") -> None:
    """Put the store under ``new``; ``header`` is its key file then. Nothing may have the store open.

    Raises StoreBusy, StoreDamaged, DiskFull, StoreProblem: up to the moment everything is there the old store stays.
    """
    with writing(folder):
        staging = Folder(folder.root / STAGING)
        clear_folder(staging.root)
        try:
            _stage(folder, staging, old, new)
            for path in (staging.keys, staging.keys_copy):
                write_durably(path, header.to_bytes())
            write_durably(staging.root / READY, b"")
        except BaseException:
            _give_up(staging)
            raise
        _move(staging, folder)


def finish(folder: Folder) -> None:
    """Before anything of a folder is opened: finish a change that was cut off, or clear away what it left.

    Raises StoreBusy where another process is at it just now.
    """
    staging = Folder(folder.root / STAGING)
    if not staging.root.exists():
        return
    if not (staging.root / READY).exists():  # the old store is as it was; where another one writes, so is what it does
        with suppress(StoreBusy), writing(folder, staging.database):
            shutil.rmtree(staging.root, ignore_errors=True)
        return
    with writing(folder, staging.database):
        _move(staging, folder)


def rekey_copy(copied: "Path", old: "Keys", new: "Keys") -> None:
    """Put a copy of a store, which nobody has open, under another key, its journal MACed anew.

    Raises StoreDamaged, DiskFull, StoreProblem: the copy is of no use then.
    """
    _encrypt_copy(copied, old.dek, new.dek)
    with closing(Store(Database(copied, new.dek), new.derive("chain"))) as store, store.db.write() as connection:
        rechain(raw_cursor(connection), old.derive("chain"), store.chain_key)


def _stage(folder: Folder, staging: Folder, old: "Keys", new: "Keys") -> None:
    require_room(folder.root, 2 * folder.database.stat().st_size)
    make_folder(staging.root)
    with closing(Database(folder.database, old.dek)) as present:
        bring_all_in(present)
        with present.read() as connection:
            present.copy(connection, staging.database)
    _encrypt_copy(staging.database, old.dek, new.dek)
    with closing(Store(Database(staging.database, new.dek), new.derive("chain"))) as store:
        with store.db.write() as connection:
            cursor = raw_cursor(connection)
            rechain(cursor, old.derive("chain"), store.chain_key)
            Meta(cursor).set(STALE, Journal(cursor, store.chain_key).last()[0] + 1)  # the old key opens them
        freshness.advance(staging, new, store_state(store))
        _require_sound(store)
        bring_all_in(store.db)
    sidecar.write(staging.sidecar, new, sidecar.read(folder.sidecar, old))
    with disk_problems(staging.database), staging.database.open("rb+") as file:
        os.fsync(file.fileno())


def _require_sound(store: Store) -> None:
    with store.cursor() as cursor:
        fault = next(Journal(cursor, store.chain_key).faults(), None)
    if fault is not None or store.db.integrity():
        raise StoreDamaged("The copy under the new key is not whole. The old key goes on; check the store.")


def _move(staging: Folder, folder: Folder) -> None:
    """Each step may have been done before. The old store was closed in order: its log holds nothing any more."""
    with disk_problems(folder.root):
        if staging.database.exists():
            for tail in ("-wal", "-shm"):
                folder.database.with_name(folder.database.name + tail).unlink(missing_ok=True)
        for made, place in (
            (staging.database, folder.database), (staging.keys, folder.keys), (staging.keys_copy, folder.keys_copy),
            (staging.mark, folder.mark), (staging.sidecar, folder.sidecar),
        ):  # fmt: skip
            put_in_place(made, place)
        fsync_folder(folder.root)
        shutil.rmtree(staging.root)


def _give_up(staging: Folder) -> None:
    """``ready`` goes first: were it left without the store, the next start would put the new keys beside the old one.

    Where not even that can be taken away everything stays, and the next start finishes the change.
    """
    with suppress(OSError):
        (staging.root / READY).unlink(missing_ok=True)
        fsync_folder(staging.root)
        shutil.rmtree(staging.root, ignore_errors=True)


def _encrypt_copy(copied: "Path", old: bytes, new: bytes) -> None:
    """Encrypt a copy that nobody has open under another key."""
    try:
        with closing(driver.connect(str(copied), isolation_level=None)) as connection:
            unlock(connection, old)
            connection.execute("PRAGMA secure_delete=ON").fetchall()
            connection.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # rekey says ok on a full disk too
    except driver.DatabaseError as error:
        raise copying_problem(error, copied.parent) from error
