"""Backups of the store that is open: made, verified, listed, thinned. Putting one back is restoring.py."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.session import Session

if TYPE_CHECKING:
    from gridworker.store.backup import Backup, Source
    from gridworker.store.database import Connection
    from gridworker.store.manifest import Named
    from gridworker.store.transaction import Commit


@dataclass(frozen=True, slots=True)
class BackupView:
    """A backup as it is listed. ``chain`` is how far the journal had come, ``at`` the clock then."""

    path: Path
    serial: int
    chain: int
    at: datetime


class Backups:
    """Backups of this store."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def make(self, place: Path | None = None) -> BackupView:
        """Make a verified backup in ``place``, or in the data folder, and let go what need not be kept any more.

        At the office it is told to the laptops with the next replies: what it holds they may throw away. Raises
        StoreBusy, DiskFull, StoreProblem; nothing is left of it then.
        """
        from gridworker.store.backup import back_up
        from gridworker.store.backup_place import thin

        self._session.require_writer()
        where = place or self._session.folder.backups
        self._remember(where)  # first, so that the backup knows of the place itself
        made = back_up(self._source(), where, self._session.now())
        self._cover(made)
        thin(where, made.manifest.store)
        return _view(made.manifest.named, made.path)

    def renew(self) -> tuple[int, tuple[str, ...]]:
        """After an erasure: where there are backups, make a new one and remove those made before.

        Returns how many went, and what is out of reach, places with backups and stores that a restore put aside: a
        person has to look after those.
        """
        from gridworker.store.backup_place import keep_only
        from gridworker.store.restore import stores_aside

        gone, beyond = 0, [str(path) for path in stores_aside(self._session.folder)]
        for place in self._places():
            if self.list(place):
                gone += keep_only(place, self._store_id(), self.make(place).path)
            elif place != self._session.folder.backups:
                beyond.append(str(place))
        return gone, tuple(beyond)

    def list(self, place: Path | None = None) -> list[BackupView]:
        """The backups of this store in a place, newest first."""
        from gridworker.store.backup_place import finished

        where = place or self._session.folder.backups
        return [_view(named, path) for named, path in reversed(finished(where, self._store_id()))]

    def verify(self, backup: Path) -> BackupView:
        """Check one once more, whole. Raises StoreDamaged, StoreMissing, StoreNewer."""
        from gridworker.store.backup import verify

        checked = verify(backup, self._session.keys)
        return _view(checked.manifest.named, checked.path)

    def _places(self) -> tuple[Path, ...]:
        """Everywhere backups of this store were made."""
        from gridworker.store.backup_place import places_of
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            return (self._session.folder.backups, *places_of(Meta(cursor)))

    def _remember(self, place: Path) -> None:
        from gridworker.store.backup_place import remember_place

        if place.resolve() not in {known.resolve() for known in self._places()}:
            with self._session.store.settings() as settings:
                remember_place(settings, place, self._session.folder.backups)

    def _cover(self, made: "Backup") -> None:
        """Put it on record; at the office, what it covers is what the laptops hear of."""
        from gridworker.store.attached import Files
        from gridworker.store.backup_place import listing
        from gridworker.store.changes import Act
        from gridworker.store.database import raw_cursor
        from gridworker.store.recall import Recall
        from gridworker.store.streams import Exchange

        folder = f"{self._session.folder.attachments.name}/"
        files = [name.removeprefix(folder) for name in listing(made.path) if name.startswith(folder)]

        def beside(connection: "Connection", _commit: "Commit") -> None:
            if self._session.is_office:
                Exchange(raw_cursor(connection)).raise_backed_up(made.marks, made.manifest.chain)
                Recall(raw_cursor(connection)).cover(made.returned)
                Files(raw_cursor(connection)).cover(files)

        act = Act.note("backup", self._session.who, detail=str(made.manifest.named))
        self._session.store.write([], act, beside)

    def _source(self) -> "Source":
        from gridworker.store.backup import Source
        from gridworker.store.kdf import PRODUCTION

        session = self._session
        return Source(session.store, session.folder, session.keys, session.profile or PRODUCTION)

    def _store_id(self) -> str:
        from gridworker.store.kdf import PRODUCTION
        from gridworker.store.vault import Vault

        return Vault(self._session.folder, self._session.profile or PRODUCTION).store(self._session.keys)


def _view(named: "Named", path: Path) -> BackupView:
    at = datetime.strptime(named.at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return BackupView(path, named.serial, named.chain, at)
