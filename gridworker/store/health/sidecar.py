"""The sidecar (``beside.json``): what must outlive the store itself, since an old copy of it does not know it.

The highest laptop number given out, the lives this device has lived, and the erasures: after a restore no number is
given twice, no life lived twice, and what was erased stays erased. And what the file of the store begins with: where
that is damaged, the rest opens by it (rescue.py). A copy lies where the backups lie. What is read is joined with what
is known, never taken in its place: the file can only add. Its code is under a key derived from the data key, so it says
something about this store or nothing.

Lives are taken in order as long as all of them are known (see lives.py): the file then bears the ``place`` it was begun
in. One that was lost, or copied to another folder or computer, may lack some; the next life is then taken by chance,
and the place written anew.
"""

import hmac
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.filesafe import disk_problems, write_durably
from gridworker.store.engine.machine import STEADY, machine_id, volume_of
from gridworker.store.engine.pages import SALT
from gridworker.store.erasure.erasure import Erasure, erasures
from gridworker.store.health.lives_used import lived, remember_lived
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import MAX_INCARNATION, MAX_LAPTOP
from gridworker.store.meta import Meta

if TYPE_CHECKING:
    from gridworker.store.store import Store

FORMAT = 1
FLOOR = "laptop_floor"
"""In ``meta``: laptop numbers up to this one are not given out any more."""
BEGUN = "beside_begun"
"""In ``meta``: there was such a file. Where there is none then, it was lost."""
MAX_SIZE = 64 * 1024 * 1024
MOST_SALTS = 8


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is remembered. ``laptop`` is the highest given out, ``lives`` are all that were lived."""

    laptop: int = 0
    lives: frozenset[int] = frozenset()
    erased: frozenset[Erasure] = frozenset()
    place: str = ""
    """Where no life is missing in ``lives``: of which folder and computer they are. Empty where that is not sure."""
    life: int = 0
    """The one that was taken last there."""
    salts: tuple[str, ...] = ()
    """What the store file begins with, and began with before, newest first: no page of it opens without, and in the
    file it stands once. It is no secret."""

    def joined(self, other: "Sidecar") -> "Sidecar":
        """Both together, in the place of the first."""
        salts = tuple(dict.fromkeys((*other.salts, *self.salts)))[:MOST_SALTS]
        lives, erased = self.lives | other.lives, self.erased | other.erased
        return Sidecar(max(self.laptop, other.laptop), lives, erased, self.place, self.life, salts)


def read(path: Path, keys: Keys) -> Sidecar:
    """What a file remembers; nothing where there is none, or where it is not what this store wrote."""
    try:
        with open_plain(path) as file:
            body: dict[str, Any] = json.loads(file.read(MAX_SIZE))
        if not hmac.compare_digest(str(body.pop("mac")), _mac(keys, body)) or body.pop("format") != FORMAT:
            return Sidecar()
        erased = frozenset(Erasure(clk, record, tuple(fields)) for clk, record, fields in body["erased"])
        lives = frozenset(life for life in body["lives"] if 0 <= life <= MAX_INCARNATION)
        salts = tuple(str(salt) for salt in body.get("salts", ()) if _is_salt(salt))
        return Sidecar(body["laptop"], lives, erased, body["place"], body["life"], salts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Sidecar()


def write(path: Path, keys: Keys, what: Sidecar) -> None:
    """Put it in a file, durably. Raises DiskFull, StoreProblem."""
    body: dict[str, object] = {
        "format": FORMAT, "laptop": what.laptop, "lives": sorted(what.lives), "life": what.life, "place": what.place,
        "erased": sorted(map(list, what.erased)), "salts": what.salts,
    }  # fmt: skip
    write_durably(path, json.dumps(body | {"mac": _mac(keys, body)}, sort_keys=True).encode())


def remember(folder: Folder, keys: Keys, what: Sidecar, *, life: int | None = None, settled: bool = False) -> Sidecar:
    """Add to what is remembered, before anything that follows from it leaves this computer.

    ``life``: the present one. ``settled``: from here on all lives are known, for the store is new, or has just taken
    one apart from the others.
    """
    known = read(folder.sidecar, keys)
    whole = known.joined(what)
    if life is not None:
        whole = replace(whole, life=life)
    if settled:
        whole = replace(whole, place=_place(folder.root, keys))
    if whole != known or not folder.sidecar.exists():
        write(folder.sidecar, keys, whole)
    return whole


def keep(store: "Store", folder: Folder, keys: Keys, *, settled: bool = False) -> Sidecar:
    """Bring store and file to the same: the file knows what an old copy of the store does not, and the other way."""
    with store.cursor() as cursor:
        highest, erased, begun = highest_laptop(Meta(cursor)), frozenset(erasures(cursor)), Meta(cursor).number(BEGUN)
        lives = lived(cursor, store.identity)
        cursor.execute("PRAGMA cipher_salt")
        salts = tuple(row[0] for row in cursor.fetchall())
    settled = settled or not (begun or folder.sidecar.exists())
    what = Sidecar(highest, lives, erased, salts=salts)
    whole = remember(folder, keys, what, life=store.identity.incarnation, settled=settled)
    laptop = whole.laptop if store.identity.is_office else highest
    if not begun or whole.lives != lives or laptop > highest:
        with store.db.write() as connection:
            meta = Meta(raw_cursor(connection))
            meta.set(BEGUN, 1)
            remember_lived(meta, whole.lives)
            if laptop > highest:
                meta.set(FLOOR, laptop)
    return whole


def complete(folder: Folder, keys: Keys) -> Sidecar | None:
    """What is remembered, if its lives are surely all that this device has lived."""
    known = read(folder.sidecar, keys)
    return known if known.place and known.place == _place(folder.root, keys) else None


def highest_laptop(settings: Meta) -> int:
    """The highest laptop number that was given out, or is not to be given out any more, as the store knows."""
    given = (settings.highest("device", "number"), settings.highest("kit", "laptop"), settings.number(FLOOR))
    return min(max(given), MAX_LAPTOP)


def copy_to(place: Path, store_id: str, folder: Folder, keys: Keys) -> None:
    """Leave a copy where the backups lie, joined with what is there."""
    path = path_in(place, store_id)
    known = read(path, keys)
    whole = known.joined(read(folder.sidecar, keys))
    if whole != known:
        write(path, keys, whole)


def path_in(place: Path, store_id: str) -> Path:
    """The copy's file in a place of backups."""
    return place / f"beside-{store_id[:8]}.json"


def found_for(places: Iterable[Path], store_id: str, keys: Keys) -> Sidecar:
    """What all places together remember of a store."""
    whole = Sidecar()
    for place in places:
        whole = whole.joined(read(path_in(place, store_id), keys)).joined(read(place / "beside.json", keys))
    return whole


def _is_salt(said: object) -> bool:
    with suppress(ValueError):
        return len(bytes.fromhex(str(said))) == SALT
    return False


def _place(root: Path, keys: Keys) -> str:
    """The identity of a folder, where its file system gives it one for life; a copy of it has another."""
    if volume_of(root).kind not in STEADY:
        return ""
    with disk_problems(root):
        text = f"{machine_id()} {root.stat().st_ino}"
    return hmac.digest(keys.derive("beside place"), text.encode("utf-8", "backslashreplace"), "sha256").hex()


def _mac(keys: Keys, body: dict[str, object]) -> str:
    return hmac.digest(keys.derive("beside"), json.dumps(body, sort_keys=True).encode(), "sha256").hex()
