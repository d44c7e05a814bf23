"""Opening a store: keys, the one writer, tables as this version reads them, freshness, the person at the keyboard."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from gridworker.app import attempts
from gridworker.app.session import Session, utc_now
from gridworker.errors import StoreDamaged, StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.database import Database
    from gridworker.store.kdf import KdfProfile
    from gridworker.store.store import Store
    from gridworker.store.vault import Keys


def open_session(
    folder: Folder, passphrase: str, profile: "KdfProfile | None" = None
) -> tuple[Session, Callable[[], None]]:
    """Open the store as its writer, or read-only where another window is one. Returns the session and how to close it.

    Raises StoreMissing, WrongPassphrase, StoreNewer, StoreDamaged.
    """
    from gridworker.store import slots
    from gridworker.store.kdf import PRODUCTION
    from gridworker.store.vault import Vault

    if folder.database.exists() and not Vault(folder).exists:
        raise slots.damaged()
    if not folder.database.exists():
        raise StoreMissing("There is no store in this folder. Choose another folder, or set one up first.")
    with attempts.counted(folder, utc_now()):
        keys = Vault(folder, profile or PRODUCTION).open(passphrase)
    return open_with_keys(folder, keys, profile)


def open_with_keys(
    folder: Folder, keys: "Keys", profile: "KdfProfile | None" = None
) -> tuple[Session, Callable[[], None]]:
    """The same for keys that are open already."""
    from gridworker.store import beside
    from gridworker.store.database import Database
    from gridworker.store.diskspace import Ballast
    from gridworker.store.lives import freshen, raise_mark
    from gridworker.store.lock import WriterLock

    with ExitStack() as opening:
        lock = WriterLock(folder)
        writing = lock.acquire()
        opening.callback(lock.release)
        ballast = Ballast(folder.ballast)
        db = Database(folder.database, keys.dek, read_only=not writing, ballast=ballast)
        opening.callback(db.close)
        store = _open_store(db, keys)
        if writing:
            ballast.ensure()
            freshen(store, folder, keys)
            beside.keep(store, folder, keys)
            opening.callback(raise_mark, store, folder, keys)
        session = _session(store, folder, keys, writing=writing)
        session.profile = profile
        if writing and folder.attachments.is_dir():
            _tidy_files(session)
        return session, opening.pop_all().close


def _tidy_files(session: Session) -> None:
    from gridworker.app.attachments import Attachments

    Attachments(session).tidy()


def _open_store(db: "Database", keys: "Keys") -> "Store":
    from gridworker.store.store import Store

    return Store.open(db, keys.derive("chain"))


def _session(store: "Store", folder: Folder, keys: "Keys", *, writing: bool) -> Session:
    from gridworker.store.meta import Meta

    with store.cursor() as cursor:
        meta = Meta(cursor)
        person, writer, sample = meta.number("person"), meta.text("writer"), bool(meta.number("sample"))
    if not person:
        raise StoreDamaged(
            "Setting this store up was cut off before it was finished. Set it up again in an empty folder."
        )
    session = Session(store, folder, keys, person, writer=None if writing else writer or "?", is_sample=sample)
    if writing:
        staff = store.get("staff", person) or {}
        with store.settings() as settings:
            settings.set("writer", str(staff.get("name") or ""))
        session.note("login")
        attempts.put_on_record(session)
    return session
