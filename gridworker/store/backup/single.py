"""Single files out of backups: what is named here and missing here may lie in a backup, of another life too.

A laptop let a photo go, for the office's backup had it, and then the office was put back to an older one: the record
comes back with the next bundles, its file is in the newer backup alone. The key is in the store of that backup, which
the data key opens; what is found is compared with its hash, so a backup is asked and never believed.
"""

from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path

from gridworker.errors import StoreProblem
from gridworker.store.attached import Attached, Files
from gridworker.store.attachment_files import opened
from gridworker.store.backup.manifest import LISTING, Manifest, damaged, file_hash
from gridworker.store.backup.place import POOL, finished, listing
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.keys.vault import Keys
from gridworker.store.log.journal import Journal


def life_beyond(journal: Journal, backup: Path, keys: Keys) -> int | None:
    """The device whose life a backup is of, where it ends at what this journal never was: of before a restore.

    None for others. Raises StoreProblem where it does not say: of another store, damaged, or gone meanwhile.
    """
    manifest = Manifest.read(backup, keys)
    link = journal.link(manifest.chain)
    return manifest.device if link is None or link.mac.hex() != manifest.head else None


def last_of_lives(journal: Journal, place: Path, keys: Keys) -> list[Path]:
    """Of each life that went where this one never was, its last backup in a place: it may have what is nowhere else."""
    last: dict[int, Path] = {}
    for _, path in finished(place):
        with suppress(StoreProblem):
            life = life_beyond(journal, path, keys)
            if life is not None:
                last[life] = path
    return list(last.values())


def contents(backup: Path, keys: Keys, wanted: Collection[bytes], folder: str) -> Iterator[bytes | None]:
    """Those of some files that a backup has whole. ``folder``: what attachments lie under in its listing.

    None in the place of one that cannot be read, or of all where the backup is damaged, or goes meanwhile: another
    time it may be there.
    """
    try:
        named = _named(backup, keys, wanted, folder)
    except StoreProblem:
        yield None
        return
    for file, path in named:
        try:
            found = opened(path, file)[1]
        except StoreProblem:
            found = None
        yield found


def _named(backup: Path, keys: Keys, wanted: Collection[bytes], folder: str) -> list[tuple[Attached, Path]]:
    """Files that the store of a backup knows the key of, each with where its copy lies."""
    if Manifest.read(backup, keys).hashes.get(LISTING) != file_hash(backup / LISTING):
        raise damaged()
    listed = listing(backup)
    with closing(Database(backup / "store.db", keys.dek, read_only=True)) as db, db.read() as connection:
        known = [Files(raw_cursor(connection)).get(hash_) for hash_ in sorted(wanted)]
    places = [(file, listed.get(f"{folder}/{file.path}")) for file in known if file is not None]
    return [(file, backup.parent / POOL / found[0]) for file, found in places if found is not None]
