"""Putting a backup back, into an empty folder or in the place of a store, which is kept aside and never deleted.

    verify the backup -> copy it into .restore -> there: a life this device never lived, laptop numbers above all given
    out, erasures once more, what goes over from the old store -> remember the life outside the store -> the files that
    go with it -> move the old store aside and the new one in (moving_in.py) -> a mark of its own

A cut leaves the old store, or the new one with all that goes over. What the backup lacks comes back with the next
exchange (sync.md 5): a laptop gets it from the office, the office from laptops.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.errors import StoreBusy, StoreProblem
from gridworker.paths import Folder
from gridworker.store.backup import place as backup_place
from gridworker.store.backup.backup import Backup, verify
from gridworker.store.backup.files import reads_as
from gridworker.store.backup.manifest import Manifest, Named
from gridworker.store.backup.moving_in import ASIDE, STAGING, finish, move_in
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.engine.diskspace import require_room
from gridworker.store.engine.filesafe import clear_folder, disk_problems, make_folder
from gridworker.store.engine.lock import WriterLock
from gridworker.store.engine.moved import bring_all_in
from gridworker.store.erasure.borne import Borne, beyond
from gridworker.store.erasure.erasure import reapply
from gridworker.store.health import freshness, sidecar
from gridworker.store.health.lives import ONLY_THE_STORE, store_state, take_new_life
from gridworker.store.health.lives_used import lived
from gridworker.store.keys.vault import Keys, Vault
from gridworker.store.log.clock import MAX_INCARNATION, device_of, laptop_of, moment_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow
from gridworker.store.meta import Identity, Meta
from gridworker.store.store import Store
from gridworker.store.streams import Exchange
from gridworker.store.tables.changes import AUDIT, NOTE, Act
from gridworker.store.tables.layout import table_named

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile


class Written(NamedTuple):
    """When the first and the last of some things were written, by the clocks of their writers, and who these are."""

    first: datetime
    last: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Newer:
    """What the present store has and the backup has not. ``acts``: how many by name.

    What is only put on record (a login, a backup) is left out. ``known`` is False where the present store cannot be
    read or went another way than the backup: then nothing can be counted, and nobody should think there is nothing.
    """

    known: bool = True
    acts: dict[str, int] | None = None
    records: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Records they touched, by kind; what only the journal of this computer tells of is left out."""
    unsent: int = 0
    """On a laptop: entries of the log among them that the office has not confirmed; no exchange brings those back."""
    written: Written | None = None
    """None where no record was touched."""

    @property
    def count(self) -> int:
        """All acts together."""
        return sum((self.acts or {}).values())

    @property
    def goes(self) -> bool:
        """Whether it is certain that something would be gone."""
        return self.known and bool(self.records or self.unsent)


@dataclass(frozen=True, slots=True)
class Preview:
    """What putting a backup back would mean. ``newer`` is None where there is no store in the folder.

    ``lost``: files that go with the backup and do not lie beside it any more.
    """

    backup: Named
    newer: Newer | None
    lost: tuple[str, ...] = ()

    @property
    def lacks(self) -> bool:
        """Whether the backup lacks something that was here, or may: then the next exchange has to bring it."""
        return self.newer is None or not self.newer.known or self.newer.goes


@dataclass(frozen=True, slots=True)
class Restored:
    """A store put back. ``aside`` is where the old one lies; ``lost``: files of the backup that are whole nowhere."""

    identity: Identity
    aside: Path | None
    lost: tuple[str, ...]


def preview(backup: Path, folder: Folder, keys: Keys) -> Preview:
    """What is newer in the present store than in the backup. Changes nothing."""
    manifest = Manifest.read(backup, keys)
    newer = None
    if folder.database.exists():
        newer = Newer(known=False)
        with suppress(StoreProblem), _reading(folder, keys) as store:
            newer = _newer(store, manifest)
    lost = backup_place.not_there(backup.parent, backup_place.listing(backup), folder.root)
    return Preview(manifest.named, newer, tuple(lost))


def restore(
    backup: Path,
    folder: Folder,
    keys: Keys,
    profile: "KdfProfile",
    carry: "Callable[[Folder], object] | None" = None,
) -> Restored:
    """Put a backup into ``folder``. Raises StoreBusy, StoreDamaged, DiskFull, StoreProblem; the old store stays.

    ``carry`` brings over what the store that is here has beyond the backup, into the new one while it is made ready.
    """
    finish(folder)
    lock = WriterLock(folder)
    if not lock.acquire():
        raise StoreBusy("The data are open in another window. Close it, then put the backup back.")
    try:
        whole = verify(backup, keys)
        listed = backup_place.listing(backup)
        require_room(folder.root, (backup / "store.db").stat().st_size + sum(size for _, size in listed.values()))
        staging = Folder(folder.root / STAGING)
        try:
            outside, complete = _stage(whole, staging, folder, keys)
            identity = _live_anew(staging, folder, keys, (outside, complete))
            _remember_place(staging, keys, backup.parent, folder.backups)
            if Vault(folder, profile).generation(keys) > Vault(staging, profile).generation(keys):
                _copy_keys(folder, staging)  # a passphrase changed since is not changed back
            lives = outside.lives | {identity.incarnation}
            if carry is not None:
                carry(staging)
            with closing(Database(staging.database, keys.dek)) as made:
                bring_all_in(made)
            sidecar.remember(folder, keys, replace(outside, lives=lives), life=identity.incarnation, settled=True)
            bad = backup_place.copy_out(backup.parent, listed, folder.root)
            lost = [name for name in bad if not reads_as(folder.root / name, listed[name][0])]
            _close_in_order(folder, keys)
        except BaseException:
            shutil.rmtree(staging.root, ignore_errors=True)
            raise
        aside = move_in(folder)
        _mark(folder, keys)
        return Restored(identity, aside, tuple(lost))
    finally:
        lock.release(without_trace=not folder.database.exists())


def _stage(
    backup: Backup, staging: Folder, folder: Folder, keys: Keys
) -> tuple[sidecar.Sidecar, sidecar.Sidecar | None]:
    """Copy the backup's store beside the present one. Returns what is known outside both, and what surely is all."""
    clear_folder(staging.root)
    with disk_problems(staging.root):
        make_folder(staging.root)
        backup_place.copy_synced(backup.path / "store.db", staging.database)
        _copy_keys(Folder(backup.path), staging)
    outside = sidecar.found_for([backup.path.parent, folder.root], backup.manifest.store, keys)
    lives, complete = outside.lives, None
    with suppress(StoreProblem), _reading(folder, keys) as present:
        with present.cursor() as cursor:
            lives |= lived(cursor, present.identity)
        reason = freshness.check(folder, keys, store_state(present)).reason
        if reason is None or reason in ONLY_THE_STORE:
            complete = sidecar.complete(folder, keys)
    return replace(outside, lives=lives), complete


def _live_anew(
    staging: Folder, folder: Folder, keys: Keys, known: tuple[sidecar.Sidecar, sidecar.Sidecar | None]
) -> Identity:
    outside, complete = known
    store = Store.open(Database(staging.database, keys.dek), keys.derive("chain"))
    with closing(store):
        with store.cursor() as cursor:
            if len(lived(cursor, store.identity) | outside.lives) > MAX_INCARNATION:
                raise StoreProblem(
                    "Backups were put back here so often that no number is left for it. The office gives out a new "
                    "device bundle."
                )
        take_new_life(store, outside=outside, complete=complete)
        with store.settings() as settings:
            person = settings.number("person")
        if reapply(store, outside.erased, Act.note("erase", person), _erasures_beyond(store, folder, keys)):
            store.db.checkpoint()
        return store.identity


def _erasures_beyond(store: Store, folder: Folder, keys: Keys) -> list[Borne]:
    """What erasures wrote in the present store since the backup, where it can be read: it may be nowhere else."""
    with (
        suppress(StoreProblem),
        _reading(folder, keys) as present,
        store.cursor() as cursor,
        present.cursor() as other,
    ):
        return beyond(cursor, other)
    return []


def _remember_place(staging: Folder, keys: Keys, place: Path, own: Path) -> None:
    """Know of the place the backup lies in, though it may be the first one there."""
    store = Store.open(Database(staging.database, keys.dek), keys.derive("chain"))
    with closing(store), store.settings() as settings:
        backup_place.remember_place(settings, place, own)


def _close_in_order(folder: Folder, keys: Keys) -> None:
    """Bring the write-ahead log of the present store in, where it can be: it is salvaged from the file alone."""
    if folder.database.exists():
        with suppress(StoreProblem), closing(Database(folder.database, keys.dek)) as present:
            present.checkpoint()


def _mark(folder: Folder, keys: Keys) -> None:
    store = Store.open(Database(folder.database, keys.dek), keys.derive("chain"))
    with closing(store):
        freshness.advance(folder, keys, store_state(store))


def _copy_keys(source: Folder, target: Folder) -> None:
    for path, place in ((source.keys, target.keys), (source.keys_copy, target.keys_copy)):
        if path.exists():
            with disk_problems(place):
                backup_place.copy_synced(path, place)


def _newer(store: Store, manifest: Manifest) -> Newer:
    with store.cursor() as cursor:
        journal = Journal(cursor, store.chain_key)
        link = journal.link(manifest.chain) if manifest.chain else None
        if manifest.chain and (link is None or link.mac.hex() != manifest.head):
            return Newer(known=False)
        links = [newer for newer in journal.links(manifest.chain) if not newer.act.startswith(NOTE)]
        clks = [clk for newer in links for clk in newer.op_clks]
        acts = dict(Counter(newer.act for newer in links))
        rows = _of_records(cursor, clks)
        newer = Newer(acts=acts, records=_touched(rows), unsent=_unsent(cursor, store.identity, clks))
    return replace(newer, written=_written(store, rows)) if rows else newer


def _unsent(cursor: Cursor, identity: Identity, clks: list[int]) -> int:
    if identity.is_office:
        return 0
    marks = Exchange(cursor).marks()
    own = (clk for clk in clks if laptop_of(clk) == identity.laptop and clk > marks.get(device_of(clk), -1))
    return sum(row.kind != table_named(AUDIT).kind.number for row in Log(cursor).rows(own).values())


def _of_records(cursor: Cursor, clks: list[int]) -> list[OpRow]:
    """Without what is only put on record."""
    known = discover.by_number()
    rows = Log(cursor).rows(clks).values()
    return [op for op in rows if op.kind in known and not known[op.kind].kind.office_only]


def _written(store: Store, rows: Sequence[OpRow]) -> Written:
    """Nobody is named where a damaged store does not say who its people are: all else is told all the same."""
    clks, names = [op.clk for op in rows], dict[int, str]()
    with store.cursor() as cursor:
        authors = Log(cursor).author_numbers({op.author for op in rows})
    with suppress(StoreProblem), store.cursor() as cursor:
        cursor.execute("SELECT id, name FROM staff")
        names.update((who, str(name)) for who, name in cursor.fetchall() if name)
    often = Counter(authors[op.author].who for op in rows)
    who = (names[one] for one, _ in often.most_common() if one in names)
    return Written(moment_of(min(clks)), moment_of(max(clks)), tuple(dict.fromkeys(who)))


def _touched(rows: Sequence[OpRow]) -> dict[str, tuple[int, ...]]:
    known = discover.by_number()
    found: dict[str, set[int]] = {}
    for op in rows:
        found.setdefault(known[op.kind].kind.name, set()).add(op.record)
    return {kind: tuple(sorted(records)) for kind, records in found.items()}


@contextmanager
def _reading(folder: Folder, keys: Keys) -> Iterator[Store]:
    """The present store, read only, where it can be opened with these keys."""
    db = Database(folder.database, keys.dek, read_only=True)
    with closing(db):
        yield Store(db, keys.derive("chain"))


def stores_aside(folder: Folder) -> list[Path]:
    """Where the stores lie in whose place a backup was put."""
    return sorted(path for path in folder.root.glob(f"{ASIDE}-*") if path.is_dir())


def devices_aside(folder: Folder, present: Database, asked: Collection[int]) -> set[int]:
    """Of these devices, whose stores lie aside and are whole: read from end to end, with the key of the present one."""
    found = set()
    for aside in stores_aside(folder):
        with suppress(StoreProblem), closing(present.beside(Folder(aside).database)) as other:
            with other.read() as connection:
                device = Identity.load(Meta(raw_cursor(connection))).device
            if device in asked and device not in found and not other.sealed_integrity():
                found.add(device)
    return found
