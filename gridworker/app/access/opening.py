"""Opening a store: keys, the one writer, tables as this version reads them, freshness, the person at the keyboard."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from gridworker.app.session import Session, utc_now
from gridworker.app.staff import attempts
from gridworker.errors import Problem, StoreDamaged, StoreMissing
from gridworker.paths import Folder

if TYPE_CHECKING:
    from gridworker.store.engine.database import Database
    from gridworker.store.intake.transaction import Progress
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys
    from gridworker.store.log.clock import Wall
    from gridworker.store.store import Store


def open_session(
    folder: Folder,
    passphrase: str,
    profile: "KdfProfile | None" = None,
    slot: str | None = None,
    progress: "Progress | None" = None,
) -> tuple[Session, Callable[[], None]]:
    """Open the store as its writer, or read-only where another window is one. Returns the session and how to close it.

    Where several people have a passphrase, whose it is is who works; ``slot`` tries one of them alone. ``progress`` is
    told how far an upgrade is, where there is one. Raises StoreMissing, WrongPassphrase, StoreNewer, StoreDamaged.
    """
    from gridworker.app.openers import finish_cut_off
    from gridworker.store.engine.filesafe import refuse_other
    from gridworker.store.keys import slots
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.vault import Vault

    for path in folder.beside:
        refuse_other(path)
    finish_cut_off(folder)
    if folder.database.exists() and not Vault(folder).exists:
        raise slots.damaged()
    if not folder.database.exists():
        raise StoreMissing("There is no store in this folder. Choose another folder, or set one up first.")
    with attempts.guessed(folder, utc_now(), [slot] if slot else attempts.of_all(folder, profile)):
        keys = Vault(folder, profile or PRODUCTION).open(passphrase, slot)
    attempts.end_row(folder, keys.slot)
    if folder.reset.exists():
        from gridworker.store.keys.reset import Reset

        Reset(folder, Vault(folder, profile or PRODUCTION)).void(keys.slot)
    return open_with_keys(folder, keys, profile, progress)


def open_with_keys(
    folder: Folder,
    keys: "Keys",
    profile: "KdfProfile | None" = None,
    progress: "Progress | None" = None,
    wall: "Wall | None" = None,
) -> tuple[Session, Callable[[], None]]:
    """The same for keys that are open already; ``wall``: with another clock than this computer's."""
    from gridworker.app.access.slots_settled import settle_slots
    from gridworker.store.engine.database import Database
    from gridworker.store.engine.diskspace import Ballast
    from gridworker.store.engine.filesafe import clear_parts
    from gridworker.store.engine.lock import WriterLock
    from gridworker.store.health import sidecar
    from gridworker.store.health.freshness import FRESH, has_log
    from gridworker.store.health.lives import freshen, raise_mark_if_it_can_be
    from gridworker.store.log.clock import wall_ms
    from gridworker.store.store import Store

    with ExitStack() as opening:
        lock = WriterLock(folder)
        writing = lock.acquire()
        opening.callback(lock.release)
        log_there = has_log(folder)
        ballast = Ballast(folder.ballast)
        db = Database(folder.database, keys.dek, read_only=not writing, ballast=ballast)
        opening.callback(db.close)
        if writing:
            _back_up_before_upgrade(db, folder, keys, profile, _part(progress, 0.0))
        store = Store.open(db, keys.derive("chain"), progress=_part(progress, _BACKED_UP), wall=wall or wall_ms)
        verdict = FRESH
        if writing:
            if ballast.ensure():
                db.make_log_room()
            verdict = freshen(store, folder, keys, log_there=log_there)
            sidecar.keep(store, folder, keys, settled=not verdict.fresh)
            opening.callback(raise_mark_if_it_can_be, store, folder, keys)
        session = _session(store, folder, keys, writing=writing)
        session.profile, session.started = profile, verdict.reason
        if not writing:
            attempts.note_look(folder, session.who, utc_now())
        if writing:
            _log_in(session)
            settle_slots(session)
            _go_on(session)
            for place in (folder.outbox, folder.archive):
                clear_parts(place)
        if writing and folder.attachments.is_dir():
            _tidy_files(session)
        return session, opening.pop_all().close


def _go_on(session: Session) -> None:
    """Do what was left of putting a backup back when the power went; what cannot be done now waits for the next."""
    from gridworker.store.meta import FOLLOWS, Meta

    with session.store.cursor() as cursor:
        left = Meta(cursor).text(FOLLOWS)
    if left:
        from gridworker.app.access.after_restore import go_on

        with suppress(Problem):
            go_on(session)


def _tidy_files(session: Session) -> None:
    from gridworker.app.attachment.attachments import Attachments

    Attachments(session).tidy()


_BACKED_UP = 0.5
"""The share of an upgrade after which its backup is made; the rest is reading the tables anew."""


def _part(progress: "Progress | None", start: float) -> "Progress":
    return lambda share: progress(start + share * _BACKED_UP) if progress else None


def _back_up_before_upgrade(
    db: "Database", folder: Folder, keys: "Keys", profile: "KdfProfile | None", progress: "Progress"
) -> None:
    """Where another version wrote the tables: a verified backup, before anything of them is read anew."""
    from gridworker.store.backup.backup import Source, back_up
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.store import Store
    from gridworker.store.upgrade import tables

    with db.read() as connection:
        if tables.is_current(connection) or tables.is_being_reread(connection):
            return
    source = Source(Store(db, keys.derive("chain")), folder, keys, profile or PRODUCTION)
    back_up(source, folder.backups, utc_now(), progress)


def _session(store: "Store", folder: Folder, keys: "Keys", *, writing: bool) -> Session:
    from gridworker.store.meta import Meta

    with store.cursor() as cursor:
        meta = Meta(cursor)
        owner, writer, sample = meta.number("person"), meta.text("writer"), bool(meta.number("sample"))
    person = keys.person or owner
    if not person:
        raise StoreDamaged(
            "Setting this store up was cut off before it was finished. Set it up again in an empty folder."
        )
    return Session(store, folder, keys, person, writer=None if writing else writer or "?", is_sample=sample)


def _log_in(session: Session) -> None:
    """Put on record that it was opened, and why it was not taken for the store that was closed here last."""
    reason = session.started.value if session.started else ""
    session.change_setting("writer", session.person, "login", detail=reason)
    attempts.put_on_record(session)
