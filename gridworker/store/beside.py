"""What must outlive the store itself, in a file beside it: an old copy of the store does not know it any more.

The highest laptop number given out, the highest life this device has lived, and the erasures: after a restore no
number is given twice, no life lived twice, and what was erased stays erased. A copy lies where the backups lie. What is
read is joined with what is known, never taken in its place: the file can only add. Its code is under a key derived from
the data key, so it says something about this store or nothing.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridworker.paths import Folder
from gridworker.store.clock import MAX_INCARNATION, MAX_LAPTOP
from gridworker.store.database import raw_cursor
from gridworker.store.erasure import Erasure, erasures
from gridworker.store.filesafe import write_durably
from gridworker.store.meta import Meta
from gridworker.store.vault import Keys

if TYPE_CHECKING:
    from gridworker.store.store import Store

FORMAT = 1
FLOOR = "laptop_floor"
"""In ``meta``: laptop numbers up to this one are not given out any more."""
MAX_SIZE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Beside:
    """What is remembered. ``laptop`` and ``life`` are the highest so far."""

    laptop: int = 0
    life: int = 0
    erased: frozenset[Erasure] = frozenset()

    def joined(self, other: "Beside") -> "Beside":
        """Both together."""
        return Beside(max(self.laptop, other.laptop), max(self.life, other.life), self.erased | other.erased)


def read(path: Path, keys: Keys) -> Beside:
    """What a file remembers; nothing where there is none, or where it is not what this store wrote."""
    try:
        with path.open("rb") as file:
            body: dict[str, Any] = json.loads(file.read(MAX_SIZE))
        if not hmac.compare_digest(str(body.pop("mac")), _mac(keys, body)) or body.pop("format") != FORMAT:
            return Beside()
        erased = frozenset(Erasure(clk, record, tuple(fields)) for clk, record, fields in body["erased"])
        return Beside(body["laptop"], body["life"], erased)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Beside()


def write(path: Path, keys: Keys, what: Beside) -> None:
    """Put it in a file, durably. Raises DiskFull, StoreProblem."""
    body: dict[str, object] = {
        "format": FORMAT, "laptop": what.laptop, "life": what.life, "erased": sorted(map(list, what.erased)),
    }  # fmt: skip
    write_durably(path, json.dumps(body | {"mac": _mac(keys, body)}, sort_keys=True).encode())


def remember(folder: Folder, keys: Keys, *, laptop: int = 0, life: int = 0, erased: Iterable[Erasure] = ()) -> Beside:
    """Add to what is remembered, before anything that follows from it leaves this computer."""
    known = read(folder.beside, keys)
    whole = known.joined(Beside(laptop, life, frozenset(erased)))
    if whole != known or not folder.beside.exists():
        write(folder.beside, keys, whole)
    return whole


def keep(store: "Store", folder: Folder, keys: Keys) -> Beside:
    """Bring store and file to the same: the file knows what an old copy of the store does not, and the other way."""
    with store.cursor() as cursor:
        highest, erased = highest_laptop(Meta(cursor)), erasures(cursor)
    whole = remember(folder, keys, laptop=highest, life=store.identity.incarnation, erased=erased)
    if store.identity.is_office and whole.laptop > highest:
        with store.db.write() as connection:
            Meta(raw_cursor(connection)).set(FLOOR, whole.laptop)
    return whole


def highest_laptop(settings: Meta) -> int:
    """The highest laptop number that was given out, or is not to be given out any more, as the store knows."""
    given = (settings.highest("device", "number"), settings.highest("kit", "laptop"), settings.number(FLOOR))
    return min(max(given), MAX_LAPTOP)


def copy_to(place: Path, store_id: str, folder: Folder, keys: Keys) -> None:
    """Leave a copy where the backups lie, joined with what is there."""
    path = path_in(place, store_id)
    known = read(path, keys)
    whole = known.joined(read(folder.beside, keys))
    if whole != known:
        write(path, keys, whole)


def path_in(place: Path, store_id: str) -> Path:
    """The copy's file in a place of backups."""
    return place / f"beside-{store_id[:8]}.json"


def found_for(places: Iterable[Path], store_id: str, keys: Keys) -> Beside:
    """What all places together remember of a store."""
    whole = Beside()
    for place in places:
        whole = whole.joined(read(path_in(place, store_id), keys)).joined(read(place / "beside.json", keys))
    return replace(whole, life=min(whole.life, MAX_INCARNATION))


def _mac(keys: Keys, body: dict[str, object]) -> str:
    return hmac.digest(keys.derive("beside"), json.dumps(body, sort_keys=True).encode(), "sha256").hex()
