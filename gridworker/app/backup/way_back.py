"""A way on where a store does not open: the newest backup that is whole, and what putting it back would mean.

Asked from the unlock page, so there is no session: a passphrase opens the backup by the backup's own slots. A backup
that is damaged, or that the passphrase does not open, is passed over for the one before it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreProblem
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.app.backup.restoring import Restoring
    from gridworker.store.keys.kdf import KdfProfile


@dataclass(frozen=True, slots=True)
class WayBack:
    """A backup that was checked through, when it was made, and what is newer than it, in lines.

    ``lacks``: whether it may lack something, which the next bundles bring.
    """

    restoring: "Restoring"
    at: datetime
    newer: tuple[str, ...]
    lacks: bool = True


def newest_whole(
    folder: Path, passphrase: str, place: Path | None = None, *, profile: "KdfProfile | None" = None
) -> WayBack | None:
    """The newest whole backup of this store in a place, or in the data folder; None where there is none.

    Takes as long as reading it through. Raises StoreProblem where the place itself cannot be read.
    """
    from gridworker.app.backup.backups import moment_of
    from gridworker.app.backup.restoring import Restoring, newer_lines
    from gridworker.store.backup.place import finished

    at = Folder(folder)
    for named, path in reversed(finished(place or at.backups, _store_of(at, profile))):
        try:
            restoring = Restoring(path, folder, passphrase, profile=profile)
            restoring.verify()
            found = restoring.preview()
        except StoreProblem:
            continue
        return WayBack(restoring, moment_of(named.at), tuple(newer_lines(None, found)), found.lacks)
    return None


def _store_of(folder: Folder, profile: "KdfProfile | None") -> str | None:
    """The random name of the store that was here; None where the key files do not say: then any that opens will do."""
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.vault import Vault

    try:
        return Vault(folder, profile or PRODUCTION).seen().store
    except StoreProblem:
        return None
