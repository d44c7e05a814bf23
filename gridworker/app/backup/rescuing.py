"""Taking what is whole out of a damaged store: into the one that a backup gave, or into a new folder."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from errno import EIO
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.domain.rights import Action, Matter, may, refusal
from gridworker.errors import Problem, StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.store.backup.rescue import Salvaged
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys


@dataclass(frozen=True, slots=True)
class Rescue:
    """A data folder with its keys. The damaged file is only ever read."""

    folder: Folder
    keys: "Keys"
    profile: "KdfProfile"

    @classmethod
    def of(cls, folder: Path, passphrase: str, profile: "KdfProfile | None" = None) -> "Rescue":
        """Open the keys of a data folder. Raises WrongPassphrase, TooSoon, StoreMissing, StoreDamaged."""
        from gridworker.app.openers import finish_cut_off
        from gridworker.app.session import utc_now
        from gridworker.app.staff.attempts import guessed, of_all
        from gridworker.store.keys import slots
        from gridworker.store.keys.kdf import PRODUCTION
        from gridworker.store.keys.vault import Vault

        finish_cut_off(Folder(folder))
        if Folder(folder).database.exists() and not Vault(Folder(folder)).exists:
            raise slots.damaged()
        wanted = profile or PRODUCTION
        with guessed(Folder(folder), utc_now(), of_all(Folder(folder), profile)):
            return cls(Folder(folder), Vault(Folder(folder), wanted).open(passphrase), wanted)

    @classmethod
    def beside(cls, damaged: Path, folder: Path, passphrase: str, profile: "KdfProfile | None" = None) -> "Rescue":
        """The same of the folder that a damaged store or file lies in; of another one where no keys lie there."""
        here = damaged if damaged.is_dir() else damaged.parent
        there = Folder(here).keys.exists() or Folder(here).keys_copy.exists()
        return cls.of(here if there else folder, passphrase, profile)

    def into_present(self, damaged: Path | None = None) -> "Salvaged":
        """Into the sound store of the folder; from the one that was kept aside last, where no file is named.

        Photos and papers that lie beside the damaged file and are missing here go along. Raises StoreNewer where a
        newer program wrote that one.
        """
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.files_back import FilesBack
        from gridworker.store.backup.carried import drafts_of, files_of, put_drafts
        from gridworker.store.backup.rescue import require_known, salvage
        from gridworker.store.engine.database import raw_cursor

        source = _file(damaged or self._aside())
        require_known(source, self.keys)
        session, close = open_with_keys(self.folder, self.keys, self.profile)
        try:
            session.require_writer()
            _require_right(session.role)
            done = salvage(source, self.keys, session.store, session.who)
            with session.store.db.write() as connection:
                put_drafts(raw_cursor(connection), drafts_of(source, self.keys))
            FilesBack(session).bring_from(Folder(source.parent), files_of(source, self.keys))
            return done
        finally:
            close()

    def into_new(self, target: Path, damaged: Path | None = None) -> "Salvaged":
        """Into a new folder, where there is no backup: it goes on as a new life of the device, with the same keys.

        Photos and bundles that lie beside the damaged file go along. Raises StoreNewer where a newer program wrote it,
        Denied, Problem.
        """
        from gridworker.app.access.new_store import require_empty
        from gridworker.app.access.opening import open_with_keys
        from gridworker.app.exchange.exchange import Exchange
        from gridworker.store.backup.rescue import begin_anew, require_known, salvage
        from gridworker.store.engine.filesafe import make_folder, write_durably
        from gridworker.store.health import sidecar
        from gridworker.store.health.lives import take_new_life
        from gridworker.store.keys.vault import Vault
        from gridworker.store.meta import Meta
        from gridworker.store.role import role_in

        require_empty(target)
        _refuse_within(target, self.folder.root, damaged)
        role = role_in(self.folder, self.keys)
        if role is not None:  # a store that is damaged may know nobody any more: then nobody is held up
            _require_right(role)
        source = _file(damaged or self.folder.database)
        require_known(source, self.keys)
        made = Folder(target)
        with _whole_or_not_at_all(target):
            make_folder(target)
            store = begin_anew(source, self.keys, made.database)
            with closing(store):
                with store.cursor() as cursor:
                    who = Meta(cursor).number("person")
                done = salvage(source, self.keys, store, who)
                take_new_life(store, outside=sidecar.read(self.folder.sidecar, self.keys))
            for path in (made.keys, made.keys_copy):
                write_durably(path, Vault(self.folder, self.profile).file(self.keys))
            _bring_along(self.folder.attachments, made.attachments)
            _bring_along(self.folder.archive, made.archive)
            session, close = open_with_keys(made, self.keys, self.profile)
            try:
                Exchange(session).recover()
            finally:
                close()
        return done

    def _aside(self) -> Path:
        from gridworker.store.backup.moving_in import ASIDE

        found = sorted(self.folder.root.glob(f"{ASIDE}-*"), key=lambda path: int(path.name.rsplit("-", 1)[1]))
        if not found:
            raise StoreMissing("No store was kept aside here. Name the file of the damaged one.")
        return found[-1]


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[None]:
    """What lies in a folder by the end of a rescue that did not come about goes again, and so do new folders.

    Half a store would stand in the way of the next try, and might be opened as the one that was rescued.
    """
    from gridworker.app.access.new_store import left_as_it_was
    from gridworker.store.engine.filesafe import disk_problems

    with disk_problems(target):
        before = set(target.iterdir()) if target.is_dir() else set()
    with left_as_it_was(target):
        try:
            yield
        except BaseException:
            for path in set(target.iterdir()) - before if target.is_dir() else ():
                with suppress(OSError):
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            raise


def _refuse_within(target: Path, *damaged: Path | None) -> None:
    """Raise Problem for a place below a data folder: what is damaged is kept as it is, and put aside one day."""
    from gridworker.store.backup.place import real_place

    roots = [place for place in damaged if place is not None and place.is_dir()]
    if any(real_place(target).is_relative_to(real_place(root)) for root in roots):
        raise Problem("This folder lies in the damaged one. Nothing was changed. Name one outside it.")


def _require_right(role: str | None) -> None:
    if not may(role, Action.CHANGE, Matter.STORE):
        raise refusal(role, Action.CHANGE, Matter.STORE)


def _bring_along(source: Path, target: Path) -> None:
    """Copy the files of a folder. One that cannot be read stops nothing: it is missed, and asked for, afterwards."""
    from gridworker.store.backup.place import copy_synced
    from gridworker.store.engine.filesafe import disk_problems, fsync_folder, make_folder

    make_folder(target)
    with disk_problems(target):
        for path in sorted(source.iterdir()) if source.is_dir() else ():
            if path.is_file() and not _copied(copy_synced, path, target / path.name):
                (target / path.name).unlink(missing_ok=True)
        fsync_folder(target)


def _copied(copy: "Callable[[Path, Path], None]", source: Path, target: Path) -> bool:
    try:
        copy(source, target)
    except OSError as fault:
        if fault.errno != EIO:
            raise
        return False
    return True


def _file(place: Path) -> Path:
    """The store file of a folder, or the file itself."""
    path = Folder(place).database if place.is_dir() else place
    if not path.is_file():
        raise StoreMissing("“{name}” is no store. Name the file of the damaged one.", name=path.name)
    return path
