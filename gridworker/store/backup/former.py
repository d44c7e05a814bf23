"""Backups of this store told apart: those of the life it leads, and those a former life left of where it never was.

The latter may have what is nowhere else.

The journal of a store that was restored begins again where the backup ended, so its numbers do not tell whether a
backup of the life before was made before an erasure or after it. What is erased in it does: each is looked into. And
the codes of links are made anew by an erasure, so whether this life was there is told by the ops of the link.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from gridworker.errors import StoreProblem
from gridworker.plainfile import read_plain
from gridworker.store.backup.manifest import Manifest
from gridworker.store.backup.place import finished
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.erasure.borne import beyond
from gridworker.store.erasure.erasure import Erasure, erasures
from gridworker.store.keys.vault import Keys
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Cursor


@dataclass(frozen=True, slots=True)
class Present:
    """The store as it lives now; ``slots`` is its key file, ``link`` the one by which backups are stale."""

    cursor: Cursor
    store: str
    keys: Keys
    device: int
    slots: bytes
    link: int = 0


@dataclass(frozen=True, slots=True)
class Former:
    """A backup of a life, None where it cannot be looked into; ``clean``: nothing in it has to go."""

    path: Path
    life: int | None
    clean: bool


def formers(place: Path, present: Present) -> Iterator[Former]:
    """Those in a place, oldest first; of what cannot be looked into only what ends at the link or later.

    One is clean that knows of all that was erased, has what that wrote as far as it is here, and opens by the same
    keys.
    """
    known = erasures(present.cursor)
    for named, path in finished(place, present.store):
        try:
            manifest = Manifest.read(path, present.keys)
            if manifest.device != present.device:
                found, is_own = _looked_into(path, manifest, present, known)
                if not is_own:
                    yield found
        except (StoreProblem, OSError):
            if named.chain >= present.link:
                yield Former(path, None, clean=False)


def own(place: Path, present: Present) -> Iterator[Former]:
    """Those in a place of where this life was too, oldest first, as far as they can be looked into."""
    known = erasures(present.cursor)
    for _, path in finished(place, present.store):
        with suppress(StoreProblem, OSError):
            manifest = Manifest.read(path, present.keys)
            found, is_own = _looked_into(path, manifest, present, known)
            if is_own or manifest.device == present.device:
                yield found


def last_of_each(found: Collection[Former]) -> Mapping[int, Former]:
    """By life its last one, of those that can be looked into."""
    return {one.life: one for one in found if one.life is not None}


def _looked_into(path: Path, manifest: Manifest, present: Present, known: Collection[Erasure]) -> tuple[Former, bool]:
    """Also whether this life was there too."""
    with closing(Database(path / "store.db", present.keys.dek, read_only=True)) as db, db.read() as connection:
        cursor, key = raw_cursor(connection), present.keys.derive("chain")
        there, here = Journal(cursor, key).link(manifest.chain), Journal(present.cursor, key).link(manifest.chain)
        was_there = there is not None and here is not None and there.op_clks == here.op_clks
        clean = read_plain(path / "keys.json") == present.slots and set(known).issubset(erasures(cursor))
        return Former(path, manifest.device, clean and not beyond(cursor, present.cursor)), was_there
