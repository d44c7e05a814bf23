"""What a backup says of itself: which store, how far its journal reached, what is in it, and a code over all that.

    00-0007-000123-20260318T014200Z/     laptop, serial number, journal number, moment: nothing about people
        store.db                         the encrypted store
        keys.json, keys.bak.json         its key slots: the same passphrase, the same recovery key
        files.json                       {"archive/<name>": [sha256, size]}: bundles and attachments that go along
        manifest.json                    this, with a code under a key derived from the data key
    files/<sha256>                       the files themselves, once for all backups of the place

The wall clock in a name is shown and decides nothing: order is by serial number, age by the journal.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gridworker import __version__
from gridworker.errors import StoreDamaged, StoreMissing, StoreNewer, StoreProblem
from gridworker.plainfile import open_plain, read_plain
from gridworker.store.engine.filesafe import disk_problems, write_durably
from gridworker.store.keys import slots
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import INCARNATION_BITS

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile

FORMAT = 3
READ = frozenset({1, 2, FORMAT})
"""Of the first the rows of the log were counted too; a program that counts them anew takes the second for damaged. Of
both the hash of the store is one of its bytes, not of the codes of its pages (raw_copy.py)."""

NAME = "manifest.json"
LISTING = "files.json"
MAX_MANIFEST = 64 * 1024
_BLOCK = 1024 * 1024
_NAMED = re.compile(r"(\d{2,4})-(\d{4,9})-(\d{6,18})-(\d{8}T\d{6}Z)", re.ASCII)


class Named(NamedTuple):
    """What the name of a backup says; a hint only, the manifest is what counts."""

    laptop: int
    serial: int
    chain: int
    at: str

    def __str__(self) -> str:
        return f"{self.laptop:02d}-{self.serial:04d}-{self.chain:06d}-{self.at}"

    @classmethod
    def parse(cls, name: str) -> "Named | None":
        """Read a name; None where it is no finished backup's."""
        found = _NAMED.fullmatch(name)
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``chain`` and ``head`` are the journal's last link, ``counts`` the rows of its tables, ``hashes`` the files."""

    store: str
    device: int
    serial: int
    chain: int
    head: str
    at: str
    counts: Mapping[str, int]
    hashes: Mapping[str, str]
    program: str = __version__

    @property
    def named(self) -> Named:
        """The name of the backup."""
        return Named(self.device >> INCARNATION_BITS, self.serial, self.chain, self.at)

    def write(self, backup: Path, keys: Keys) -> None:
        """Put it into the folder of a backup."""
        body = {"format": FORMAT, **asdict(self)}
        data = json.dumps(body | {"mac": _mac(keys, body)}, sort_keys=True).encode()
        write_durably(backup / NAME, data)

    @classmethod
    def read(cls, backup: Path, keys: Keys) -> "Manifest":
        """Read it and check its code. Raises StoreMissing, StoreNewer, StoreDamaged."""
        body = peek(backup)
        if body.get("format") not in READ:
            raise StoreNewer(
                "This backup was made by Gridworker {version} (format {format}), and this is {here} (format {own}). "
                "Install that version or a later one to put it back.",
                version=str(body.get("program"))[:20],
                format=str(body.get("format"))[:20],
                here=__version__,
                own=FORMAT,
            )
        mac = str(body.pop("mac", ""))
        if not hmac.compare_digest(mac.encode(), _mac(keys, body).encode()):
            raise damaged()
        del body["format"]
        return cls(**body)


def peek(backup: Path) -> dict[str, Any]:
    """What a manifest says before anybody has shown a key. Raises StoreMissing, StoreDamaged."""
    path = backup / NAME
    if not path.is_file():
        raise StoreMissing("“{name}” is no backup. Choose the folder of one backup.", name=backup.name)
    with disk_problems(path), open_plain(path) as file:
        data = file.read(MAX_MANIFEST + 1)
    try:
        body = json.loads(data) if len(data) <= MAX_MANIFEST else None
    except (ValueError, RecursionError) as fault:
        raise damaged() from fault
    if not isinstance(body, dict):
        raise damaged()
    return body


def has_other_key(backup: Path, keys: Keys, profile: "KdfProfile") -> bool:
    """Whether a backup was made while the store had another data key: its key file is whole, and not under ``keys``.

    A change of the key that was cut off leaves such behind; they open with the passphrase of that time.
    """
    path = backup / "keys.json"
    try:
        body = peek(backup)
        if not path.is_file() or body.get("hashes", {}).get(path.name) != file_hash(path):
            return False
        return not slots.read(read_plain(path), profile).genuine(keys.dek)
    except (StoreProblem, OSError, AttributeError):
        return False


def damaged() -> StoreDamaged:
    """The sentence for a backup that is not what was written."""
    return StoreDamaged("This backup is damaged. Nothing was changed. Choose another one.")


def file_hash(path: Path) -> str:
    """SHA-256 of a file that no connection has open. Raises StoreProblem."""
    whole = hashlib.sha256()
    with disk_problems(path), open_plain(path) as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()


def _mac(keys: Keys, body: Mapping[str, object]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.digest(keys.derive("backup"), text.encode(), "sha256").hex()
