"""The files that the backups of a place share: brought once, read back from the medium, looked at again in turn.

A laptop lets a photo go because a backup of the office has it, so the copy has to be one: an attachment is
authenticated where it lies, copied, never linked, and read back before it is listed. What the newest backup of the
place lists was brought that way and is not read again, unless there is doubt: it was found bad, it does not count as
covered yet, or it is its turn, each file once in ``TURNS`` backups. Bundles of the archive may be linked, for nothing
is thrown away on account of them: what they brought is in the store.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.attached import Attached
from gridworker.store.attachment_files import Cabinet
from gridworker.store.backup import place as backup_place
from gridworker.store.backup.manifest import LISTING, Manifest, file_hash
from gridworker.store.backup.place import PART, POOL, finished, listing
from gridworker.store.engine.filesafe import disk_problems, fsync_folder, make_folder
from gridworker.store.keys.vault import Keys

TURNS = 32

Listed = tuple[str, int]
"""SHA-256 and size of a file as it lies."""


class Along(NamedTuple):
    """A file that goes with a backup: its name below the data folder; ``attached`` unless it is a bundle."""

    name: str
    attached: Attached | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What was known before: the listing of the newest backup, what was found bad, and whose turn it is."""

    listed: Mapping[str, Listed] = field(default_factory=dict)
    doubted: Collection[str] = ()
    turn: int = 0


class Pool:
    """The files of one place, while a backup is made there. ``damaged`` are attachments not whole here, nor there."""

    def __init__(self, place: Path, folder: Folder, known: Known) -> None:
        self._path = place / POOL
        self._root = folder.root
        self._cabinet = Cabinet(folder)
        self._known = known
        self.damaged: list[Attached] = []
        make_folder(self._path)
        with disk_problems(self._path):
            self._sizes = {path.name: path.stat().st_size for path in self._path.iterdir()}

    def bring(self, files: Iterable[Along]) -> dict[str, Listed]:
        """Have files in the pool, whole. Returns those that are; what is not in the data folder is left out."""
        listed = {}
        for file in files:
            found = self._kept(file) or self._brought(file)
            if found is not None:
                listed[file.name] = found
        with disk_problems(self._path):
            fsync_folder(self._path)
        return listed

    def _kept(self, file: Along) -> Listed | None:
        """An attachment as the backup before has it: under one name the content never changes."""
        before = self._known.listed.get(file.name) if file.attached is not None else None
        return before if before is not None and self._has(file, before) else None

    def _brought(self, file: Along) -> Listed | None:
        source = self._root / file.name
        if not source.is_file():
            return None
        with disk_problems(source):
            size = source.stat().st_size
        try:
            digest = file_hash(source) if file.attached is None else self._cabinet.sealed_hash(file.attached)
        except StoreProblem as fault:
            if file.attached is None:
                raise
            if isinstance(fault, StoreDamaged):
                self.damaged.append(file.attached)
            return None  # the backup of all the rest is worth more; that this one is not in it is what counts
        if not self._has(file, (digest, size)):
            self._bring(source, digest, linked=file.attached is None)
            self._sizes[digest] = size
        return digest, size

    def _has(self, file: Along, wanted: Listed) -> bool:
        """Whether the pool has a copy of its own, read anew where there is doubt."""
        digest, size = wanted
        if self._sizes.get(digest) != size or (file.attached is not None and self._is_link(file.name, digest)):
            return False
        known = self._known
        doubtful = file.doubtful or known.listed.get(file.name) != wanted or digest in known.doubted
        return not (doubtful or _turn(digest) == known.turn % TURNS) or reads_as(self._path / digest, digest)

    def _is_link(self, name: str, digest: str) -> bool:
        source, target = self._root / name, self._path / digest
        with suppress(OSError):
            return source.samefile(target)
        return False

    def _bring(self, source: Path, digest: str, *, linked: bool) -> None:
        target = self._path / digest
        part = target.with_name(f"{digest}{PART}")
        with disk_problems(target):
            if linked and _link(source, target):
                return
            try:
                backup_place.copy_synced(source, part)
                self._require(part, digest)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def _require(self, part: Path, digest: str) -> None:
        if not reads_as(part, digest):
            raise reads_differently(self._path.parent)


def listed_before(place: Path, store: str, keys: Keys) -> dict[str, Listed]:
    """What the newest backup of a store in a place lists; nothing where none can be believed."""
    for _, backup in reversed(finished(place, store)):
        with suppress(StoreProblem):
            if Manifest.read(backup, keys).hashes.get(LISTING) == file_hash(backup / LISTING):
                return listing(backup)
    return {}


def not_whole(backup: Path, report: Callable[[float], object] | None = None) -> dict[str, str]:
    """Read every file that goes with a backup. Returns name -> SHA-256 of those that are missing or bad."""
    listed, pool = listing(backup), backup.parent / POOL
    bad = {}
    for done, (name, (digest, _)) in enumerate(listed.items()):
        if report is not None:
            report(done / len(listed))
        if not reads_as(pool / digest, digest):
            bad[name] = digest
    return bad


def reads_as(path: Path, digest: str) -> bool:
    """Whether a file reads as what it ought to be, from its medium where the system lets us ask for that."""
    whole = hashlib.sha256()
    try:
        with open_plain(path) as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while block := file.read(1024 * 1024):
                whole.update(block)
    except OSError:
        return False
    return whole.hexdigest() == digest


def reads_differently(place: Path) -> StoreProblem:
    """The sentence for a place that does not keep what is written to it."""
    return StoreProblem(
        "What was written to “{place}” reads back differently, so there is no backup: use another disk or stick.",
        place=place.name,
    )


def _link(source: Path, target: Path) -> bool:
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # another disk, or one that knows no links
        return False
    return True


def _turn(digest: str) -> int:
    return int(digest[:8], 16) % TURNS
