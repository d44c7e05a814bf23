"""The last step of putting a backup back: the store that is here moves aside, and the one made ready moves in.

Everything is ready in a folder of its own before that, what goes over from the old store included::

    .restore/  store.db    keys.json twice    ready: the name of the folder the old store goes to

``ready`` is written last. Killed before it, the old store is as it was; killed after it, whoever opens the folder next
moves the rest first (``finish``). So what was carried over is there whole or not at all, and never twice.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from gridworker.errors import StoreBusy
from gridworker.paths import Folder
from gridworker.plainfile import read_plain
from gridworker.store.engine.filesafe import (
    disk_problems,
    fsync_folder,
    is_in_place,
    make_folder,
    names_of_moved,
    put_in_place,
    write_durably,
)
from gridworker.store.engine.lock import writing

if TYPE_CHECKING:
    from pathlib import Path

STAGING, READY = ".restore", "ready"
ASIDE = "before-restore"


def move_in(folder: Folder) -> "Path | None":
    """Put what is in the staging folder in the place of the store. Returns where that is now. The lock is held.

    Raises DiskFull, StoreProblem; what was begun then is finished by ``finish``.
    """
    aside = aside_name(folder.root) if folder.database.exists() else None
    write_durably(folder.root / STAGING / READY, aside.name.encode() if aside else b"")
    _move(folder)
    return aside


def finish(folder: Folder) -> None:
    """Before anything of a folder is opened: finish a move that was cut off, or clear away what was not ready.

    Raises StoreBusy where another process is at it just now.
    """
    staging = folder.root / STAGING
    if not staging.exists():
        return
    homes = (Folder(where).database for where in (staging, *folder.root.glob(f"{ASIDE}-*")))
    moving = [name for home in homes for name in names_of_moved(home)]
    if not (staging / READY).exists():  # the old store is as it was; where another one writes, so is what it does
        with suppress(StoreBusy), writing(folder, *moving):
            shutil.rmtree(staging, ignore_errors=True)
        return
    with writing(folder, *moving):
        if (staging / READY).exists():
            _move(folder)


def aside_name(root: "Path") -> "Path":
    """A folder for the store that is here, which does not exist yet."""
    number = 1
    while (root / f"{ASIDE}-{number}").exists():
        number += 1
    return root / f"{ASIDE}-{number}"


def _move(folder: Folder) -> None:
    """Each step may have been done before. The store file goes in last: until then the old one has its name here.

    What moves has two names until the folder it moves to is synced.
    """
    staging = Folder(folder.root / STAGING)
    with disk_problems(folder.root):
        name = read_plain(staging.root / READY).decode()
        if staging.database.exists():
            if name:
                _put_aside(staging, folder, folder.root / name)
            for made, place in _pairs(staging, folder):
                put_in_place(made, place)
            fsync_folder(folder.root)
        shutil.rmtree(staging.root)


def _put_aside(staging: Folder, folder: Folder, aside: "Path") -> None:
    make_folder(aside)
    replaced = {place for made, place in _pairs(staging, folder) if is_in_place(made, place)}
    old = [path for path in _store_files(folder) if path not in replaced and path.exists()]
    for path in old:
        put_in_place(path, aside / path.name)
    fsync_folder(aside)
    for path in old:
        path.unlink(missing_ok=True)


def _pairs(staging: Folder, folder: Folder) -> "tuple[tuple[Path, Path], ...]":
    """What moves in, in this order."""
    return (
        (staging.keys, folder.keys), (staging.keys_copy, folder.keys_copy), (staging.database, folder.database)
    )  # fmt: skip


def _store_files(folder: Folder) -> "Iterator[Path]":
    """The store's own files; a write-ahead log is there only where the store could not be closed in order."""
    yield folder.database
    yield from (folder.database.with_name(folder.database.name + tail) for tail in ("-wal", "-shm"))
    yield from (folder.keys, folder.keys_copy, folder.mark)
