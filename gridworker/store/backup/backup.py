"""A verified backup: copied, read back, opened anew, checked and compared, and only then called a backup.

    copy one state of the store into <name>.part, sync it, read it back from its medium, every page against its code
    -> open it on a connection of its own and hold the end of its journal against that state -> files that go along ->
    manifest -> rename -> sync the folder

What has the final name was verified: its pages are all what was sealed, so it is as sound as the store, which the
daily self-check goes through. ``verify`` looks as deep whenever somebody asks: the journal from its first link, the
rows of every table, the engine's own checks. Along go the bundles of the archive (a laptop gives them back to an office
that was restored; the office proves with them what it took in) and attachments: how is in files.py. The outbox
does not: all that is in it is in the store, and what was on the way is packed anew. What is restored is in restore.py.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.paths import Folder
from gridworker.store.attached import Attached, Files
from gridworker.store.backup import place as backup_place
from gridworker.store.backup.files import Along, Known, Listed, Pool, listed_before, reads_differently
from gridworker.store.backup.manifest import LISTING, Manifest, damaged, file_hash
from gridworker.store.backup.raw_copy import WrittenMeanwhile, checked_hash, copied_hash, hash_as
from gridworker.store.engine.checks import Still
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.engine.diskspace import require_room
from gridworker.store.engine.faults import damaged as store_damaged
from gridworker.store.engine.filesafe import disk_problems, fsync_folder, make_folder, write_durably
from gridworker.store.health import sidecar
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Cursor
from gridworker.store.parcels import all_inquired
from gridworker.store.recall import Asked, Recall
from gridworker.store.streams import Exchange

if TYPE_CHECKING:
    from datetime import datetime

    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.store import Store

LOGGED = frozenset({"op", "sheaf", "batch"})
"""The tables of the log and its journal."""

COPYING, CHECKED = 0.5, 0.95
"""Shares of the whole after which the copy is written, and checked."""

Covered: TypeAlias = tuple[tuple[tuple[int, int], ...], tuple[Asked, ...]]
"""``marks`` and ``returned`` of a Backup."""

Report: TypeAlias = Callable[[float], object]
"""Told how much is done, 0 to 1; what it raises stops the backup, and nothing is left of it."""

SPARE = 1.1
"""Room asked for, in sizes of the store: a little is always written beside."""


def _unheard(_share: float) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified backup. ``marks`` are the receipts inside it: own ops of laptops up to these are covered."""

    path: Path
    manifest: Manifest
    marks: tuple[tuple[int, int], ...] = ()
    returned: tuple[Asked, ...] = ()
    """How far laptops had given back what the office lost in a restore."""

    damaged: tuple[Attached, ...] = ()
    """Attachments of which neither the data folder nor this place has a whole copy: they are not in it."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open store and what belongs to it outside; ``profile`` is the cost of its key slots.

    ``doubted`` are shared files (SHA-256) that were found bad somewhere. ``listed`` is what the place has of its files;
    None: what the newest backup there lists.
    """

    store: "Store"
    folder: Folder
    keys: Keys
    profile: "KdfProfile"
    doubted: Collection[str] = ()
    listed: Mapping[str, Listed] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What a store is at one moment: the end of its journal and the rows of its tables, see ``state_of``."""

    chain: int
    head: str
    counts: dict[str, int]


def back_up(source: Source, place: Path, now: "datetime", report: Report = _unheard) -> Backup:
    """Make a verified backup in ``place``. Raises DiskFull, StoreProblem, StoreDamaged; nothing is left of it then."""
    with _leaving_no_empty_folder(place):
        return _back_up(source, place, now, report)


@contextmanager
def _leaving_no_empty_folder(place: Path) -> Iterator[None]:
    is_new = not place.exists()
    make_folder(place)
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):  # something lies in it
                place.rmdir()
        raise


def _back_up(source: Source, place: Path, now: "datetime", report: Report) -> Backup:
    require_room(place, int(source.folder.database.stat().st_size * SPARE))
    laptop = source.store.identity.laptop
    backup_place.clear_parts(place, laptop)
    vault = Vault(source.folder, source.profile)
    slots, store_id = vault.file(source.keys), vault.store(source.keys)
    serial = max((named.serial for named, _ in backup_place.finished(place)), default=0) + 1
    part = backup_place.being_made(place, laptop)
    make_folder(part)
    try:
        state, files, digest = _copy(source, part / "store.db", report)
        covered = _opened(part / "store.db", source.keys, state)
        for name in ("keys.json", "keys.bak.json"):
            write_durably(part / name, slots)
        before = listed_before(place, store_id, source.keys) if source.listed is None else source.listed
        pool = Pool(place, source.folder, Known(before, source.doubted, serial))
        listed = pool.bring(files)
        write_durably(part / LISTING, json.dumps(listed, sort_keys=True).encode())
        manifest = Manifest(
            store=store_id, device=source.store.identity.device, serial=serial, chain=state.chain, head=state.head,
            at=now.strftime("%Y%m%dT%H%M%SZ"), counts=state.counts, hashes=_hashes(part, digest),
        )  # fmt: skip
        manifest.write(part, source.keys)
        final = place / str(manifest.named)
        with disk_problems(final):
            part.rename(final)
            fsync_folder(place)
    except BaseException:
        if part.exists():
            backup_place.remove(part)
        raise
    sidecar.copy_to(place, store_id, source.folder, source.keys)
    return Backup(final, manifest, *covered, tuple(pool.damaged))


def verify(backup: Path, keys: Keys, report: Report | None = None) -> Backup:
    """Check a backup that was made before, as it was checked then. Raises StoreDamaged, StoreMissing, StoreNewer."""
    still = partial(report, COPYING) if report else None
    manifest = Manifest.read(backup, keys)
    with disk_problems(backup):
        present = all((backup / name).is_file() for name in manifest.hashes)
        if not present or _hashes(backup, hash_as(manifest.hashes["store.db"], backup / "store.db")) != manifest.hashes:
            raise damaged()
    state = State(manifest.chain, manifest.head, dict(manifest.counts))
    return Backup(backup, manifest, *compare(backup / "store.db", keys, state, still))


def compare(path: Path, keys: Keys, state: State, still: Still = None) -> Covered:
    """Check a copy in depth, on fresh connections, and hold it against ``state``."""

    def look(db: Database, cursor: Cursor) -> bool:
        sound = not db.sealed_integrity(still) and next(Journal(cursor, keys.derive("chain")).faults(), None) is None
        return sound and state_of(cursor, keys, state.counts) == state

    return _looked_into(path, keys, look)


def _opened(path: Path, keys: Keys, state: State) -> Covered:
    """Open a copy whose pages are whole, and hold the end of its journal against ``state``."""
    try:
        return _looked_into(path, keys, lambda _db, cursor: _end(cursor, keys) == (state.chain, state.head))
    except StoreDamaged as fault:
        raise StoreProblem(
            "The copy does not end where the store does, so there is no backup. The data themselves are untouched. "
            "Try again."
        ) from fault


def _looked_into(path: Path, keys: Keys, look: Callable[[Database, Cursor], bool]) -> Covered:
    db = Database(path, keys.dek, read_only=True)
    try:
        with db.read() as connection:
            cursor = raw_cursor(connection)
            if not look(db, cursor):
                raise damaged()
            return tuple(sorted(Exchange(cursor).marks().items())), tuple(Recall(cursor).all())
    except StoreDamaged as fault:
        raise damaged() from fault
    finally:
        db.close()


def state_of(cursor: Cursor, keys: Keys, tables: Collection[str] | None = None) -> State:
    """The end of the journal and the rows of ``tables``, seen by one reading connection.

    Without them those of every table but the log and its journal: to count these half the store would have to be
    opened, and the links of the journal, each over its ops and the link before, say more.
    """
    number, head = _end(cursor, keys)
    cursor.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_%' ORDER BY name"
    )
    counts = {}
    names = [name for (name,) in cursor.fetchall()]
    for name in [name for name in names if (name not in LOGGED if tables is None else name in tables)]:
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        counts[name] = cursor.fetchone()[0]
    return State(number, head, counts)


def _end(cursor: Cursor, keys: Keys) -> tuple[int, str]:
    number, head = Journal(cursor, keys.derive("chain")).last()
    return number, head.hex()


def _copy(source: Source, target: Path, report: Report) -> tuple[State, list[Along], str]:
    """Copy one state of the store and read it back. Returns it, the files that go along, and the hash of the copy.

    The bytes as they lie, where they lie still; else through the engine, which takes ten times as long. The rows are
    counted once all is written: sooner, that takes time from checking the pages, for which all else waits.
    """
    db = source.store.db
    with db.lying_still() as (connection, handle), ThreadPoolExecutor(1, thread_name_prefix="counting") as counting:
        counted = cache(partial(counting.submit, _counted, raw_cursor(connection), source))  # begun by who asks first
        digest = _copied(source, handle, target, lambda share: report(share * CHECKED), counted)
        if digest is None:
            counted().result()
            db.copy(connection, target, lambda share: report(share * COPYING))
            digest = _read_back(source, target, lambda share: report(COPYING + share * (CHECKED - COPYING)))
        return *counted().result(), digest


def _counted(cursor: Cursor, source: Source) -> tuple[State, list[Along]]:
    return state_of(cursor, source.keys), list(_files(cursor, source.store.identity.is_office))


def _copied(
    source: Source, handle: int | None, target: Path, step: Report, on_written: Callable[[], object]
) -> str | None:
    """The hash of a copy of the bytes, read back; None where they do not lie still."""
    if handle is None:
        return None
    with suppress(WrittenMeanwhile), disk_problems(target):
        return _whole(source, target, copied_hash(handle, target, source.keys.dek, step, on_written))
    return None


def _read_back(source: Source, copy: Path, step: Report) -> str:
    """The hash of a copy that the engine made, as it lies on its medium."""
    with disk_problems(copy):
        return _whole(source, copy, checked_hash(copy, source.keys.dek, step))


def _whole(source: Source, copy: Path, digest: str | None) -> str:
    """Raises StoreProblem where a page of the copy is bad, StoreDamaged where one of the store is."""
    if digest is None:
        if source.store.db.sealed_integrity():
            raise store_damaged()
        raise reads_differently(copy.parent.parent)
    return digest


def _files(cursor: Cursor, is_office: bool) -> Iterator[Along]:
    """What goes along. At the office a file is doubted until it counts as safe, and while a laptop asks if it is."""
    cursor.execute("SELECT path FROM bundle WHERE outgoing = 0 ORDER BY path")
    yield from (Along(f"archive/{path}") for (path,) in cursor.fetchall())
    inquired = all_inquired(cursor)
    for file in Files(cursor).all():
        if file.path is not None:
            doubtful = is_office and (not file.covered or file.hash in inquired)
            yield Along(f"attachments/{file.path}", file, doubtful)


def _hashes(backup: Path, store: str) -> dict[str, str]:
    """The hashes of the files of a backup; ``store`` is that of the store itself."""
    hashes = {name: file_hash(backup / name) for name in ("keys.json", "keys.bak.json", LISTING)}
    return hashes | {"store.db": store}
