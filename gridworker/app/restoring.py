"""Putting a backup back: looking first, then doing it. No store is open meanwhile."""

from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import WrongPassphrase
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.kdf import KdfProfile
    from gridworker.store.restore import Preview, Restored
    from gridworker.store.vault import Keys


__all__ = ["Preview", "Restored", "Restoring"]


class Restoring:
    """One backup and the data folder it is for. ``passphrase`` is the backup's, or the one the folder has now."""

    def __init__(self, backup: Path, folder: Path, passphrase: str, *, profile: "KdfProfile | None" = None) -> None:
        from gridworker.store.kdf import PRODUCTION
        from gridworker.store.manifest import peek

        peek(backup)
        self._backup = backup.resolve()
        self._folder = Folder(folder)
        self._profile = profile or PRODUCTION
        self._keys = self._open(passphrase)

    def preview(self) -> "Preview":
        """What is newer in the present store than in the backup. Changes nothing."""
        from gridworker.store.restore import preview

        return preview(self._backup, self._folder, self._keys)

    def restore(self) -> "Restored":
        """Put the backup back; a store that is in the folder is kept aside. What the office's archive has is taken in.

        Raises StoreBusy, StoreDamaged, StoreNewer, DiskFull, StoreProblem; nothing was changed then.
        """
        from gridworker.app.exchange import Exchange
        from gridworker.app.opening import open_with_keys
        from gridworker.store.restore import restore

        done = restore(self._backup, self._folder, self._keys, self._profile)
        session, close = open_with_keys(self._folder, self._keys, self._profile)
        try:
            Exchange(session).recover()
        finally:
            close()
        return done

    def _open(self, passphrase: str) -> "Keys":
        """The keys by the backup's own slots, or by those of the store in the folder if it is the same store."""
        from gridworker.store.manifest import Manifest
        from gridworker.store.vault import Vault

        try:
            return Vault(Folder(self._backup), self._profile).open(passphrase)
        except WrongPassphrase:
            present = Vault(self._folder, self._profile)
            if not present.exists:
                raise
            keys = present.open(passphrase)
            Manifest.read(self._backup, keys)
            return keys
