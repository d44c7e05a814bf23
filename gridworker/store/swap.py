"""A store moved in in the place of another one, which is kept aside: wholly, or turned back.

    .swapping names the folder the old store goes to -> the old store there -> the new one in, the store file last
    -> .swapping goes: from here on it is done

Whatever stops it before that - a cut, a disk that fails and goes on failing - the next start finds ``.swapping`` and
moves the old store back (``finish``). It leaves word for whoever opens the store then (``take_word``).
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreBusy, StoreProblem
from gridworker.paths import Folder
from gridworker.store.database import Database
from gridworker.store.filesafe import disk_problems, fsync_folder, make_folder, write_durably
from gridworker.store.lock import WriterLock

if TYPE_CHECKING:
    from gridworker.store.vault import Keys

STAGING, ASIDE = ".restore", "before-restore"
SWAPPING, TURNED_BACK = ".swapping", ".turned-back"


def swap(staging: Folder, folder: Folder, keys: "Keys") -> Path | None:
    """Move the old store aside and the new one in. Returns where the old one is. Raises DiskFull, StoreProblem.

    Where it raises the old store is back, or will be at the next start.
    """
    if not folder.database.exists():
        with disk_problems(folder.root):
            _move_in(staging, folder)
        return None
    with suppress(StoreProblem), closing(Database(folder.database, keys.dek)) as present:
        present.checkpoint()
    aside = _free_name(folder.root)
    write_durably(folder.root / SWAPPING, aside.name.encode())
    try:
        make_folder(aside)
        with disk_problems(folder.root):
            _move_aside(folder, aside)
            _move_in(staging, folder)
            (folder.root / SWAPPING).unlink()
            fsync_folder(folder.root)
    except BaseException:
        with suppress(StoreProblem):
            _turn_back(folder, aside)
        raise
    return aside


def finish(folder: Folder) -> None:
    """Before anything of a folder is opened: turn a swap back that was cut off, clear away what a restore left.

    Raises StoreBusy where another process is at it just now; DiskFull, StoreProblem.
    """
    lock = WriterLock(folder)
    if not lock.acquire():
        if (folder.root / SWAPPING).exists():
            raise StoreBusy("The data are open in another window. Close it, and try again.")
        return
    try:
        aside = _named_aside(folder)
        if aside is not None:
            write_durably(folder.root / TURNED_BACK, b"")
            _turn_back(folder, aside)
        shutil.rmtree(folder.root / STAGING, ignore_errors=True)
    finally:
        lock.release()


def take_word(folder: Folder) -> bool:
    """Whether a swap was turned back here that nobody was told of yet; told once."""
    word = folder.root / TURNED_BACK
    if not word.exists():
        return False
    with suppress(OSError):
        word.unlink()
    return True


def stores_aside(folder: Folder) -> list[Path]:
    """Where the stores lie in whose place a backup was put."""
    return sorted(path for path in folder.root.glob(f"{ASIDE}-*") if path.is_dir())


def _move_aside(folder: Folder, aside: Path) -> None:
    for path in _store_files(folder):
        if path.exists():
            path.rename(aside / path.name)
    fsync_folder(aside)
    fsync_folder(folder.root)


def _move_in(staging: Folder, folder: Folder) -> None:
    for made, place in (
        (staging.keys, folder.keys), (staging.keys_copy, folder.keys_copy), (staging.database, folder.database)
    ):  # fmt: skip
        made.replace(place)
    fsync_folder(folder.root)


def _turn_back(folder: Folder, aside: Path) -> None:
    """Each step may have been done before. The store file comes last: without it nobody opens the others."""
    with disk_problems(folder.root):
        for path in reversed(tuple(_store_files(folder))):
            if (aside / path.name).exists():
                (aside / path.name).replace(path)
        fsync_folder(folder.root)
        (folder.root / SWAPPING).unlink(missing_ok=True)
        with suppress(OSError):
            aside.rmdir()
        fsync_folder(folder.root)


def _store_files(folder: Folder) -> Iterator[Path]:
    """The store's own files; a write-ahead log is there only where the store could not be closed in order."""
    yield folder.database
    yield from (folder.database.with_name(folder.database.name + tail) for tail in ("-wal", "-shm"))
    yield from (folder.keys, folder.keys_copy, folder.mark)


def _named_aside(folder: Folder) -> Path | None:
    """The folder a swap under way moves the old store to; None where there is no swap."""
    marker = folder.root / SWAPPING
    if not marker.exists():
        return None
    with disk_problems(marker):
        name = marker.read_bytes().decode(errors="replace")
    return folder.root / name if re.fullmatch(rf"{ASIDE}-\d+", name) else None


def _free_name(root: Path) -> Path:
    number = 1
    while (root / f"{ASIDE}-{number}").exists():
        number += 1
    return root / f"{ASIDE}-{number}"
