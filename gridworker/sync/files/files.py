"""Bundle files on disks and sticks: how they are named, written so that they are there, and read without trust.

A name says which device wrote it, its number and the start of its hash, and nothing about people. A file is written
beside, synced, renamed, and read back before anyone hears that it is safe to unplug: sticks lie about what they keep.
Files are never changed; where one of this name and content is, it is left alone.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from gridworker.errors import DiskFull, NotFound, Problem, StoreProblem
from gridworker.plainfile import NotAFile, open_plain
from gridworker.store.engine.filesafe import PRIVATE_FILE, problem_of, write_durably
from gridworker.store.log.clock import INCARNATION_BITS
from gridworker.sync.format.seal import MAX_FILE, not_for_us

SUFFIX = ".gwb"
READABLE_BY_ALL = 0o644
"""On a stick: whoever carries it copies it, nobody but the one it is for can open it."""

_NAME = re.compile(
    r"(?P<laptop>\d{2,4})(r(?P<life>\d{1,2}))?-(?P<n>\d{1,18})-(?P<hash>[0-9a-f]{8})(?:[^0-9A-Za-z].{0,120})?\.(?i:gwb)",
    re.ASCII,
)
"""With what others add to the name of a copy: `` (1)``, `` - 副本``, ``.sync-conflict-20260319-101112-ABC``."""


class BundleName(NamedTuple):
    """What the name of a bundle file says; a hint only, the header is what counts."""

    device: int
    n: int
    hash8: str

    def __str__(self) -> str:
        laptop, life = self.device >> INCARNATION_BITS, self.device & (1 << INCARNATION_BITS) - 1
        return f"{laptop:02d}{f'r{life}' if life else ''}-{self.n}-{self.hash8}{SUFFIX}"

    @classmethod
    def of(cls, device: int, n: int, digest: str) -> "BundleName":
        """The name for bundle ``n`` of a device, by the bundle's hash."""
        return cls(device, n, digest[:8])

    @classmethod
    def parse(cls, name: str) -> "BundleName | None":
        """What a file's name says, that of a copy too; None where it is no bundle's."""
        found = _NAME.fullmatch(name)
        if not found:
            return None
        laptop, life = int(found["laptop"]), int(found["life"] or 0)
        if laptop > 0xFFFF >> INCARNATION_BITS or life >= 1 << INCARNATION_BITS:
            return None
        return cls(laptop << INCARNATION_BITS | life, int(found["n"]), found["hash"])


def save_bundle(path: Path, data: bytes, *, private: bool = False, sync_name: bool = True) -> None:
    """Put a bundle file at ``path`` and read it back. Raises DiskFull or StoreProblem; then no part of it is there.

    ``private`` is for the outbox and the archive in the data folder; ``sync_name`` as in ``write_durably``.
    """
    if not _holds(path, data):
        try:
            write_durably(path, data, mode=PRIVATE_FILE if private else READABLE_BY_ALL, sync_name=sync_name)
        except DiskFull as fault:
            raise DiskFull(
                "There is no room for the file, and all of it is still on this computer: "
                "make some room or choose another place."
            ) from fault
        except StoreProblem as fault:
            raise not_written() from fault
        if not _holds(path, data):
            with suppress(OSError):
                path.unlink()
            raise not_written()


def load_bundle(path: Path) -> bytes:
    """The bytes of a bundle file, never more than a bundle may have. Raises NotForUs or Problem."""
    try:
        with open_plain(path) as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError as fault:
        raise NotFound("There is no file “{name}”, so nothing was changed.", name=str(path)) from fault
    except OSError as fault:
        name = path.name or str(path)
        if path.is_dir() or isinstance(fault, NotAFile):
            raise problem_of(fault, path) from fault
        raise Problem("“{name}” cannot be read, so nothing was changed: copy it once more.", name=name) from fault
    if not data:
        raise not_for_us()
    return data


def bundles_in(folder: Path) -> list[Path]:
    """The bundle files right in a folder, by name; whatever is not finished or not ours is left out."""
    try:
        return sorted(path for path in folder.iterdir() if BundleName.parse(path.name) and path.is_file())
    except OSError:
        return []


def not_written() -> StoreProblem:
    """The sentence for a stick that is full, pulled out or read-only."""
    return StoreProblem(
        "The file was not written. Nothing is lost, it is all still on this computer. "
        "Try again or choose another place."
    )


def _holds(path: Path, data: bytes) -> bool:
    """Whether the file is there and holds just this, from the medium where the system lets us ask for that."""
    try:
        with open_plain(path) as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return file.read(len(data) + 1) == data
    except OSError:
        return False
