"""Backups made anew without what has to go out of them: the last ones of this life, and those of former lives.

Of this life all others go. With the one that is made then there are three again, and two of them are of another day:
where it was the store that went wrong, the one of today has that too. No erasure waits for them: where the disk has no
room for making them anew they go as well.

Of former lives: an older backup was put back, and what only the newer one has is not here: photos that laptops let go
for its sake, of which nothing here knows yet. So where somebody is erased that one is never just removed.

Each is made anew under its own moment and its own number in the journal: verified, copied beside the present store,
erased there in the store and in the bundles that go along, backed up from there, and only then removed. The key slots
are those of today. It bears what the erasure wrote too (store/erasure/borne.py): put back, it tells everybody of it.

So it is where the data get another key. Was that cut off, and is the former key gone with the process that knew it,
then nobody here can look into such a backup any more: of a former life it stays, and a person is told of it.
"""

import shutil
from collections.abc import Callable, Collection
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import DiskFull, StoreDamaged, StoreMissing, StoreNewer
from gridworker.paths import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gridworker.app.session import Session
    from gridworker.store.backup.former import Former, Present
    from gridworker.store.keys.vault import Keys
    from gridworker.store.store import Store

STAGING = ".remake"
_MOMENT = "%Y%m%dT%H%M%SZ"


class Remaking:
    """The backups of one store."""

    def __init__(self, session: "Session", store_id: str) -> None:
        self._session = session
        self._id = store_id

    def formers(self, place: Path, link: int, keys: "Keys | None" = None) -> "list[Former]":
        """Those in a place, see ``store.backup.former``; none where nothing was ever put back here.

        ``keys``: by which they open, where that is not by those of today.
        """
        from gridworker.store.backup.former import formers

        if self._session.store.identity.incarnation == 0:
            return []
        with self._present(link, keys) as present:
            return list(formers(place, present))

    def own(self, place: Path, keys: "Keys | None" = None) -> "list[Former]":
        """Those of this life in a place, oldest first; ``keys`` as above."""
        from gridworker.store.backup.former import own

        with self._present(0, keys) as present:
            return list(own(place, present))

    @contextmanager
    def _present(self, link: int, keys: "Keys | None") -> "Iterator[Present]":
        from gridworker.store.backup.former import Present

        session = self._session
        with session.store.cursor() as cursor:
            device = session.store.identity.device
            yield Present(cursor, self._id, keys or session.keys, device, self._slots(), link)

    def closed(self, place: Path) -> list[Path]:
        """Those in a place that are under a data key which this store has no more."""
        from gridworker.store.backup.manifest import has_other_key, peek
        from gridworker.store.backup.place import finished
        from gridworker.store.keys.kdf import PRODUCTION

        session = self._session
        own, profile = session.store.identity, session.profile or PRODUCTION
        if own.incarnation == 0:
            return []
        found = [path for _, path in finished(place, self._id) if has_other_key(path, session.keys, profile)]
        return [path for path in found if peek(path).get("device") != own.device]

    def staying(self, place: Path, old: "Keys | None" = None) -> list[Path]:
        """Those in a place that stay when all others go: nothing in them has to go, or nobody can take it out.

        By the key ``old`` it is told which of the others are of this life: they have nothing that is not here.
        """
        closed = self.closed(place)
        known = [one.path for one in self.formers(place, 0, old)] if old and closed else closed
        return [*self._clean(place, 0), *(path for path in closed if path in known)]

    def any_before(self, place: Path, link: int) -> bool:
        """Whether a backup in a place is older than what had to go out of all of them."""
        from gridworker.store.backup.place import any_before

        former, closed = self.formers(place, link), self.closed(place)
        stays = [*self._clean(place, link), *closed]
        before = any_before(place, self._id, self._session.store.identity.laptop, link, stays)
        return before or any(one.path not in stays for one in former)

    def _clean(self, place: Path, link: int) -> list[Path]:
        return [one.path for one in (*self.formers(place, link), *self.own(place)) if one.clean]

    def run(
        self, place: Path, doubted: Collection[str], report: Callable[[float], object], old: "Keys | None" = None
    ) -> int:
        """Make the last one of each life anew where it is not clean, and of this life the last that stay.

        One that is damaged is not: whoever asked for this removes it. ``old``: under which key they are, where that is
        not the one of today. Returns how many went for that. Raises DiskFull, StoreProblem.
        """
        from gridworker.store.backup.former import last_of_each
        from gridworker.store.backup.place import LAST, finished, remove

        gone, found = list[Path](), self.formers(place, 0, old)
        own = self.own(place, old)[1 - LAST :]  # the one to be made is the third
        due = {one.path: one for one in (*last_of_each(found).values(), *own) if not one.clean}
        for done, path in enumerate(path for _, path in finished(place, self._id) if path in due):
            is_own, part = due[path] in own, _part(report, done, len(due))
            with suppress(StoreDamaged, StoreMissing, StoreNewer, *([DiskFull] if is_own else [])):
                self._remake(path, old or self._session.keys, doubted, part)
                gone += [path] if is_own else _with_those_before(found, due[path])
        for path in gone:
            remove(path)
        return len(gone)

    def _remake(self, backup: Path, keys: "Keys", doubted: Collection[str], report: Callable[[float], object]) -> None:
        from gridworker.store.backup.backup import Source, back_up, verify
        from gridworker.store.backup.place import listing
        from gridworker.store.keys.kdf import PRODUCTION

        session = self._session
        manifest = verify(backup, keys).manifest
        with self._staged(backup, keys) as store:
            self._erase(store)
            folder, profile = self._folder, session.profile or PRODUCTION
            source = Source(store, folder, session.keys, profile, doubted, listing(backup))
            back_up(source, backup.parent, datetime.strptime(manifest.at, _MOMENT).replace(tzinfo=UTC), report)

    @contextmanager
    def _staged(self, backup: Path, under: "Keys") -> "Iterator[Store]":
        """The store of a backup, laid out beside the present one, by its keys, with the bundles that go along."""
        from gridworker.store.backup.place import copy_out, copy_synced, listing
        from gridworker.store.engine.database import Database
        from gridworker.store.engine.diskspace import require_room
        from gridworker.store.engine.filesafe import clear_folder, disk_problems, make_folder, write_durably
        from gridworker.store.rekey import rekey_copy
        from gridworker.store.store import Store

        folder, keys = self._folder, self._session.keys
        clear_folder(folder.root)
        with disk_problems(folder.root):
            make_folder(folder.root)
            try:
                require_room(folder.root, 2 * (backup / "store.db").stat().st_size)
                copy_synced(backup / "store.db", folder.database)
                for path in (folder.keys, folder.keys_copy):
                    write_durably(path, self._slots())
                bundles = {
                    name: one for name, one in listing(backup).items() if name.startswith(f"{folder.archive.name}/")
                }
                copy_out(backup.parent, bundles, folder.root)
                if under.dek != keys.dek:
                    rekey_copy(folder.database, under, keys)
                with closing(Store.open(Database(folder.database, keys.dek), keys.derive("chain"))) as store:
                    yield store
            finally:
                shutil.rmtree(folder.root, ignore_errors=True)

    def _erase(self, store: "Store") -> None:
        from gridworker.store.erasure.erasure import bear
        from gridworker.store.forgetting import is_left_to_redact
        from gridworker.sync.post import Post

        with self._session.store.cursor() as present:
            bear(store, present)
        Post(store, self._folder, self._session.who).redact()
        with store.cursor() as cursor:
            left = is_left_to_redact(cursor)
        if left:  # replies that an office asked back: it may have to do without
            shutil.rmtree(self._folder.archive, ignore_errors=True)
        store.db.checkpoint()

    @property
    def _folder(self) -> Folder:
        return Folder(self._session.folder.root / STAGING)

    def _slots(self) -> bytes:
        from gridworker.store.keys.kdf import PRODUCTION
        from gridworker.store.keys.vault import Vault

        session = self._session
        return Vault(session.folder, session.profile or PRODUCTION).file(session.keys)


def _with_those_before(found: "Collection[Former]", last: "Former") -> "list[Path]":
    """What goes of a life once its last backup is made anew."""
    return [one.path for one in found if one.life == last.life and not one.clean]


def _part(report: Callable[[float], object], done: int, of: int) -> Callable[[float], object]:
    return lambda share: report((done + share) / of)
