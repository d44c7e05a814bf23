"""A verified backup: copied through the driver, opened anew, checked and compared, and only then called a backup.

    copy one state of the store into <name>.part -> sync -> open it on a connection of its own: every page, the journal
    from its first link, its head and the rows of every table against that state -> files that go along -> manifest ->
    rename -> sync the folder

What has the final name was verified. Along go the bundles of the archive (a laptop gives them back to an office that
was restored; the office proves with them what it took in) and attachments. The outbox does not: all that is in it is in
the store, and what was on the way is packed anew. What is restored is in restore.py.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreDamaged
from gridworker.paths import Folder
from gridworker.store import backup_place, beside
from gridworker.store.batch import Journal
from gridworker.store.database import Database, raw_cursor
from gridworker.store.diskspace import require_room
from gridworker.store.filesafe import disk_problems, fsync_folder, make_folder, write_durably
from gridworker.store.log import Cursor
from gridworker.store.manifest import LISTING, Manifest, damaged, file_hash
from gridworker.store.recall import Asked, Recall
from gridworker.store.streams import Exchange
from gridworker.store.vault import Keys, Vault

if TYPE_CHECKING:
    from datetime import datetime

    from gridworker.store.kdf import KdfProfile
    from gridworker.store.store import Store

SPARE = 1.1
"""Room asked for, in sizes of the store: a little is always written beside."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified backup. ``marks`` are the receipts inside it: own ops of laptops up to these are covered."""

    path: Path
    manifest: Manifest
    marks: tuple[tuple[int, int], ...] = ()
    returned: tuple[Asked, ...] = ()
    """How far laptops had given back what the office lost in a restore."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open store and what belongs to it outside; ``profile`` is the cost of its key slots."""

    store: "Store"
    folder: Folder
    keys: Keys
    profile: "KdfProfile"


@dataclass(frozen=True, slots=True)
class State:
    """What a store is at one moment: the end of its journal and the rows of every table."""

    chain: int
    head: str
    counts: dict[str, int]


def back_up(source: Source, place: Path, now: "datetime") -> Backup:
    """Make a verified backup in ``place``. Raises DiskFull, StoreProblem, StoreDamaged; nothing is left of it then."""
    make_folder(place)
    require_room(place, int(source.folder.database.stat().st_size * SPARE))
    laptop = source.store.identity.laptop
    backup_place.clear_parts(place, laptop)
    vault = Vault(source.folder, source.profile)
    slots, store_id = vault.file(source.keys), vault.store(source.keys)
    serial = max((named.serial for named, _ in backup_place.finished(place)), default=0) + 1
    part = place / f"new-{laptop:02d}{backup_place.PART}"
    if part.exists():
        backup_place.remove(part)
    make_folder(part)
    try:
        state, files = _copy(source, part / "store.db")
        covered = compare(part / "store.db", source.keys, state)
        for name in ("keys.json", "keys.bak.json"):
            write_durably(part / name, slots)
        listed = backup_place.add_files(place, source.folder.root, iter(files))
        write_durably(part / LISTING, json.dumps(listed, sort_keys=True).encode())
        manifest = Manifest(
            store=store_id, device=source.store.identity.device, serial=serial, chain=state.chain, head=state.head,
            at=now.strftime("%Y%m%dT%H%M%SZ"), counts=state.counts, hashes=_hashes(part),
        )  # fmt: skip
        manifest.write(part, source.keys)
        final = place / str(manifest.named)
        with disk_problems(final):
            part.rename(final)
            fsync_folder(place)
    except BaseException:
        if part.exists():
            backup_place.remove(part)
        raise
    beside.copy_to(place, store_id, source.folder, source.keys)
    return Backup(final, manifest, *covered)


def verify(backup: Path, keys: Keys) -> Backup:
    """Check a backup that was made before, as it was checked then. Raises StoreDamaged, StoreMissing, StoreNewer."""
    manifest = Manifest.read(backup, keys)
    with disk_problems(backup):
        present = all((backup / name).is_file() for name in manifest.hashes)
        if not present or _hashes(backup) != manifest.hashes:
            raise damaged()
    state = State(manifest.chain, manifest.head, dict(manifest.counts))
    return Backup(backup, manifest, *compare(backup / "store.db", keys, state))


def compare(path: Path, keys: Keys, state: State) -> tuple[tuple[tuple[int, int], ...], tuple[Asked, ...]]:
    """Open a copy on fresh connections and hold it against ``state``. Returns ``marks`` and ``returned`` inside it."""
    db = Database(path, keys.dek, read_only=True)
    try:
        faults = db.sealed_integrity()
        if faults:
            raise damaged()
        with db.read() as connection:
            cursor = raw_cursor(connection)
            sound = next(Journal(cursor, keys.derive("chain")).faults(), None) is None
            if not sound or state_of(cursor, keys) != state:
                raise damaged()
            return tuple(sorted(Exchange(cursor).marks().items())), tuple(Recall(cursor).all())
    except StoreDamaged as fault:
        raise damaged() from fault
    finally:
        db.close()


def state_of(cursor: Cursor, keys: Keys) -> State:
    """The end of the journal and the rows of every table, seen by one reading connection."""
    number, head = Journal(cursor, keys.derive("chain")).last()
    cursor.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_%' ORDER BY name"
    )
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        counts[name] = cursor.fetchone()[0]
    return State(number, head.hex(), counts)


def _copy(source: Source, target: Path) -> tuple[State, list[str]]:
    """Copy one state of the store. Returns it, and the files that go along."""
    with source.store.db.read() as connection:
        cursor = raw_cursor(connection)
        state = state_of(cursor, source.keys)
        files = list(_files(cursor))
        source.store.db.copy(connection, target)
    with disk_problems(target):
        _sync(target)
    return state, files


def _files(cursor: Cursor) -> Iterator[str]:
    cursor.execute("SELECT path FROM bundle WHERE outgoing = 0 ORDER BY path")
    yield from (f"archive/{path}" for (path,) in cursor.fetchall())
    cursor.execute("SELECT path FROM attached WHERE path IS NOT NULL ORDER BY path")
    yield from (f"attachments/{path}" for (path,) in cursor.fetchall())


def _hashes(backup: Path) -> dict[str, str]:
    return {name: file_hash(backup / name) for name in ("store.db", "keys.json", "keys.bak.json", LISTING)}


def _sync(path: Path) -> None:
    """Bring a file to its medium, and where the system lets us ask for it, have it read from there afterwards."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
