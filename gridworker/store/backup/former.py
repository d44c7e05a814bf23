"""Backups that a former life of this store left in a place, and what was erased that they do not know of.

The journal of a store that was restored begins again where the backup ended, so its numbers do not tell whether a
backup of the life before was made before an erasure or after it. What is erased in it does: each is looked into.
"""

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from gridworker.errors import StoreProblem
from gridworker.store.backup.manifest import Manifest
from gridworker.store.backup.place import finished
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.erasure.erasure import Erasure, erasures
from gridworker.store.keys.vault import Keys


def ahead(
    place: Path, store: str, keys: Keys, present: tuple[int, int], erased: Collection[Erasure]
) -> dict[Path, bool]:
    """The backups of former lives that end at a link or later, and whether each knows of all that was ``erased``.

    ``present``: the device as it lives now, and the link. What cannot be looked into counts as one that does not.
    """
    device, link = present
    found = {}
    for named, path in finished(place, store):
        if named.chain >= link and _device_of(path, keys) != device:
            found[path] = _knows(path, keys, erased)
    return found


def _device_of(backup: Path, keys: Keys) -> int | None:
    try:
        return Manifest.read(backup, keys).device
    except StoreProblem:
        return None


def _knows(backup: Path, keys: Keys, erased: Collection[Erasure]) -> bool:
    try:
        with closing(Database(backup / "store.db", keys.dek, read_only=True)) as db, db.read() as connection:
            return set(erased).issubset(erasures(raw_cursor(connection)))
    except StoreProblem:
        return False
