"""Files that a record here names and that are missing here: found where they lay, or brought out of a backup.

Else they are asked for, and whoever took them may have let them go: an older backup was put back, and only the newer
one has them. Of backups made since on this line none can have more than what is here, so these are asked only for a
file that was here and is lost. Its key stays until it is back: the backup may be elsewhere, a virus scanner may give it
back, and one that was never handed in is nowhere else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreDamaged, StoreProblem

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.paths import Folder
    from gridworker.store.attached import Attached
    from gridworker.store.log.journal import Journal


class FilesBack:
    """Looks for what is missing. A backup never changes, so none that answered is asked twice for the same file.

    One that could not be read is asked again the next time: a stick may be loose, a share away for a moment.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._is_beyond: dict[Path, bool] = {}
        """By backup that was looked at: whether it is of a life before a restore."""
        self._asked = defaultdict[Path, set[bytes]](set)
        self._damaged: dict[Attached, int | None] = {}
        """What lies where a mislaid file lay and is not that file, by when it was written."""

    def lose(self, lost: Collection[bytes]) -> None:
        """Files that ought to be here and are gone are wanted again, out of any backup."""
        from gridworker.store.attached import Files
        from gridworker.store.engine.database import raw_cursor

        with self._session.store.db.write() as connection:
            Files(raw_cursor(connection)).lose(lost)

    def bring(self) -> int:
        """Bring what is missing, lost files from where they lay or out of any backup. Returns how many were found.

        Costs nothing where nothing was ever put back or lost. Where the disk is full it is done the next time.
        """
        from gridworker.store.attached import Files

        session = self._session
        with session.store.cursor() as cursor:
            mislaid = Files(cursor).mislaid()
        if session.read_only or not (mislaid or session.store.identity.incarnation):
            return 0
        found = 0
        with suppress(StoreProblem):
            found = self._found(mislaid)
        backups = self._backups(every=found < len(mislaid))
        with session.store.cursor() as cursor:
            missing = {wanted.hash for wanted in Files(cursor).lacking()} if backups else set()
        before = len(missing)
        with suppress(StoreProblem):
            for backup in backups:
                brought, has_answered = self._brought(backup, missing - self._asked[backup])
                missing -= brought
                self._asked[backup] |= missing if has_answered else set()
        return found + before - len(missing)

    def bring_from(self, folder: "Folder", files: "Iterable[Attached]") -> None:
        """Take over files of another data folder that are missing here, by their keys, as many as there is room for."""
        from gridworker.store.attached import Files
        from gridworker.store.attachment_files import Cabinet

        with self._session.store.cursor() as cursor:
            missing = {wanted.hash for wanted in Files(cursor).lacking()}
        for file in files:
            if file.hash in missing:
                with suppress(StoreProblem):
                    self.take(Cabinet(folder).read(file))

    def take(self, data: bytes) -> bytes:
        """Keep a file that is missing here. Returns its hash; where nothing here wants it any more, nothing is kept."""
        from gridworker.store.attached import Files
        from gridworker.store.attachment_files import Cabinet
        from gridworker.store.engine.database import raw_cursor
        from gridworker.store.parcels import OFFICE_PEER, Parcels

        session = self._session
        file = Cabinet(session.folder).put(data)
        with session.store.db.write() as connection:
            files = Files(raw_cursor(connection))
            # Many take minutes: it may have been erased meanwhile, or be here by another way.
            is_missing = files.get(file.hash) is None and bool(files.wanted([file.hash]))
            if is_missing:
                files.save(file)
            if is_missing and not session.is_office:
                Parcels(raw_cursor(connection), OFFICE_PEER).add(file.hash)
        if not is_missing:
            Cabinet(session.folder).remove(str(file.path))
        return file.hash

    def _found(self, mislaid: "Iterable[Attached]") -> int:
        """Take up those that lie where they lay, whole. Returns how many."""
        from gridworker.store.attached import Files
        from gridworker.store.attachment_files import Cabinet
        from gridworker.store.engine.database import raw_cursor

        cabinet, found = Cabinet(self._session.folder), list[bytes]()
        for file in mislaid:
            written = cabinet.changed(file)
            if written is None or self._damaged.get(file) == written or not cabinet.has_its_length(file):
                continue
            try:
                cabinet.read(file)
            except StoreDamaged:
                self._damaged[file] = written
            except StoreProblem:  # the disk gives no answer, and may give one the next time
                continue
            else:
                found.append(file.hash)
        if not found:
            return 0
        with self._session.store.db.write() as connection:
            return Files(raw_cursor(connection)).find(found)

    def _brought(self, backup: Path, wanted: Collection[bytes]) -> tuple[set[bytes], bool]:
        """What a backup had, and whether all of it could be read."""
        from gridworker.store.backup.single import contents

        session, brought, has_answered = self._session, set[bytes](), True
        if not wanted:
            return brought, has_answered
        for data in contents(backup, session.keys, wanted, session.folder.attachments.name):
            if data is None:
                has_answered = False
                continue
            brought.add(self.take(data))
        return brought, has_answered

    def _backups(self, *, every: bool) -> list[Path]:
        """Those within reach, newest first; unless it is ``every`` one, those of lives before a restore.

        A place that cannot be read today has none, and stops nobody.
        """
        from gridworker.store.backup.place import finished, places_of
        from gridworker.store.log.journal import Journal
        from gridworker.store.meta import Meta

        session, found = self._session, list[Path]()
        with session.store.cursor() as cursor:
            journal = Journal(cursor, session.store.chain_key)
            for place in [session.folder.backups, *places_of(Meta(cursor))]:
                with suppress(StoreProblem, OSError):
                    here = [path for _, path in reversed(finished(place))]
                    found += [path for path in here if every or self._knows_beyond(journal, path)]
        return found

    def _knows_beyond(self, journal: "Journal", backup: Path) -> bool:
        from gridworker.store.backup.single import life_beyond

        with suppress(StoreProblem):
            if backup not in self._is_beyond:
                self._is_beyond[backup] = life_beyond(journal, backup, self._session.keys) is not None
        return self._is_beyond.get(backup, False)
