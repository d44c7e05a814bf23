"""The files of attachments in the data folder: each sealed with a key of its own, under a name that tells nothing.

The key is random and lies in the encrypted store; without it the file is lost for good, wherever copies of it are. The
name is the content's hash under that key: who has the folder and a photo cannot find out whether it is in there.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreDamaged
from gridworker.plainfile import read_plain
from gridworker.store.attached import Attached
from gridworker.store.engine.filesafe import disk_problems, make_folder, write_durably

if TYPE_CHECKING:
    from gridworker.paths import Folder

KEY = 32
TAG = 16
"""Bytes by which a sealed file is longer than its content."""


class Cabinet:
    """The attachments folder of one store."""

    def __init__(self, folder: "Folder") -> None:
        self._folder = folder.attachments

    def put(self, data: bytes) -> Attached:
        """Seal ``data`` and write it, so that it is there after a power cut. Raises DiskFull, StoreProblem.

        The row that is returned has the only copy of the key: where it is not saved, the file is rubbish for ``sweep``.
        """
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        digest, key = hashlib.sha256(data).digest(), secrets.token_bytes(KEY)
        # With a new key comes a new name: what a backup links to, or another window reads, is never written over.
        name = f"{hmac.digest(key, b'name' + digest, hashlib.sha256).hex()[:32]}.gwa"
        make_folder(self._folder)
        write_durably(self._folder / name, ChaCha20Poly1305(key).encrypt(bytes(12), data, None))
        return Attached(digest, len(data), name, key)

    def read(self, file: Attached) -> bytes:
        """The content of a file, compared with its hash. Raises StoreDamaged, StoreProblem."""
        return opened(self._folder / str(file.path), file)[1]

    def has_its_length(self, file: Attached) -> bool:
        """What the disk says of a file; where it says nothing today, nothing is lost by that."""
        try:
            return (self._folder / str(file.path)).stat().st_size == file.size + TAG
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def changed(self, file: Attached) -> int | None:
        """When what lies where a file ought to lie was last written to, if anything does."""
        with suppress(OSError):
            return (self._folder / str(file.path)).stat().st_mtime_ns
        return None

    def sealed_hash(self, file: Attached) -> str:
        """SHA-256 of a file as it lies, once its content was found to be right. Raises StoreDamaged, StoreProblem."""
        return hashlib.sha256(opened(self._folder / str(file.path), file)[0]).hexdigest()

    def remove(self, name: str) -> None:
        """Remove a file whose key is forgotten; one that is gone already is no fault."""
        path = self._folder / name
        with disk_problems(path), suppress(FileNotFoundError):
            path.unlink()

    def names(self) -> set[str]:
        """What lies in the folder."""
        return {path.name for path in self._listed()}

    def sweep(self, known: Collection[str]) -> int:
        """Remove all but these, for which a key is known: what was cut off, let go or erased. Returns how many."""
        gone = [path for path in self._listed() if path.name not in known]
        for path in gone:
            self.remove(path.name)
        return len(gone)

    def _listed(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        with disk_problems(self._folder):
            return [path for path in self._folder.iterdir() if path.is_file()]


def opened(path: Path, file: Attached) -> tuple[bytes, bytes]:
    """A file as it lies at ``path``, and its content, compared with its hash. Raises StoreDamaged, StoreProblem."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        with disk_problems(path):
            sealed = read_plain(path)
        data = ChaCha20Poly1305(file.key or b"").decrypt(bytes(12), sealed, None)
    except (InvalidTag, ValueError) as fault:
        raise _damaged() from fault
    if hashlib.sha256(data).digest() != file.hash:
        raise _damaged()
    return sealed, data


def _damaged() -> StoreDamaged:
    return StoreDamaged("This file is damaged on this computer.")
