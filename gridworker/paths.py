"""Where data live on this computer, and the names of the files in a data folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

APP = "Gridworker"


def _places() -> Any:
    """The platform's rule. XDG variables that are empty count as not set (XDG Base Directory Specification).

    appdirs would take them for the working directory.
    """
    import appdirs

    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        if os.environ.get(name) == "":
            del os.environ[name]
    return appdirs


def default_folder() -> Path:
    """The data folder of this user, by the platform's own rule."""
    return Path(_places().user_data_dir(APP, appauthor=False))


def log_file() -> Path:
    """The newest part of the program's log; it holds no personal data."""
    return Path(_places().user_log_dir(APP, appauthor=False)) / "gridworker.log"


def settings_file() -> Path:
    """How the window looks on this computer (language, text size): no personal data."""
    return Path(_places().user_config_dir(APP, appauthor=False)) / "look.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder and what is in it. Nothing is created or opened here."""

    root: Path

    @property
    def database(self) -> Path:
        """The encrypted store."""
        return self.root / "store.db"

    @property
    def keys(self) -> Path:
        """The key slots."""
        return self.root / "keys.json"

    @property
    def keys_copy(self) -> Path:
        """The second copy of the key slots."""
        return self.root / "keys.bak.json"

    @property
    def reset(self) -> Path:
        """A forgotten passphrase for which the office was asked (see store/keys/reset.py)."""
        return self.root / "reset.json"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.root / "writer.lock"

    @property
    def mark(self) -> Path:
        """Start nonce and high-water mark kept outside the store (see store/health/freshness.py)."""
        return self.root / "mark.json"

    @property
    def attempts(self) -> Path:
        """How many wrong passphrases there were, until they are on record."""
        return self.root / "attempts.json"

    @property
    def unread(self) -> Path:
        """Numbers of bundles that did not check."""
        return self.root / "unread.json"

    @property
    def merging(self) -> Path:
        """Names of the bundles that are being taken in, as long as that takes (see app/exchange/half_way.py)."""
        return self.root / "merging.json"

    @property
    def beside(self) -> tuple[Path, ...]:
        """The small files that are no keys: where something else has such a name, nothing is begun."""
        return self.lock, self.mark, self.sidecar, self.attempts, self.unread, self.merging, self.reset

    @property
    def manifest(self) -> Path:
        """What a backup says of itself (see store/backup/manifest.py): where it is, this is no data folder."""
        return self.root / "manifest.json"

    @property
    def ballast(self) -> Path:
        """Room set aside, released when the disk is full."""
        return self.root / "ballast.bin"

    @property
    def outbox(self) -> Path:
        """Sealed bundles this device wrote."""
        return self.root / "outbox"

    @property
    def archive(self) -> Path:
        """Sealed bundles this device took in."""
        return self.root / "archive"

    @property
    def backups(self) -> Path:
        """Verified backups of this store, where no other place is chosen."""
        return self.root / "backups"

    @property
    def sidecar(self) -> Path:
        """What must outlive the store itself (see store/health/sidecar.py)."""
        return self.root / "beside.json"

    @property
    def attachments(self) -> Path:
        """Sealed attachments."""
        return self.root / "attachments"
