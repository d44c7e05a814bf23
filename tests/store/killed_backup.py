"""Run by test_killed_backup: backups killed at a random instant.

Usage: killed_backup.py FOLDER ROUNDS SEED. Each round a child makes a backup, thins, and is killed at some moment; then
every backup that has its final name must open and compare, and the store must be sound. Prints how many rounds ended
with a new backup, how many left half of one, and how many backups were opened and compared; exits 1 on a torn one.
"""

import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.store.backup.backup import Source, back_up, verify
from gridworker.store.backup.place import PART, finished, thin
from gridworker.store.engine.database import Database
from gridworker.store.health.check import check
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.store import Store
from tests.builders import COMMUNITY, DEK, take
from tests.circle import write_keys
from tests.store.killed_merge import bundle
from tests.store.killing import killed

NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
KEYS = Keys(DEK)
KEPT = 4


def open_store(folder: Path) -> Store:
    """The store of a folder."""
    return Store.open(Database(folder / "store.db", DEK), KEYS.derive("chain"))


def make(folder: Path, place: Path) -> float:
    """Make a backup and thin. Returns the seconds it took."""
    store = open_store(folder)
    start = time.perf_counter()
    made = back_up(Source(store, Folder(folder), KEYS, CHEAP), place, NOW)
    thin(place, made.manifest.store, KEPT)
    taken = time.perf_counter() - start
    store.close()
    return taken


def opened(place: Path) -> int:
    """Open and compare every backup that has its name."""
    found = finished(place)
    for _, path in found:
        try:
            verify(path, KEYS)
        except Problem as problem:
            sys.exit(f"{path.name}: {problem}")
    return len(found)


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    place = folder / "place"
    db = Database(folder / "store.db", DEK, create=True)
    store = Store.create(db, KEYS.derive("chain"), Identity(OFFICE_ROLE, COMMUNITY, 0, 0))
    take(store, bundle(0))
    store.close()
    write_keys(Folder(folder))
    reach = 1.4 * make(folder, place)
    new = compared = midst = 0
    for _ in range(rounds):
        before = {path.name for _, path in finished(place)}
        killed(lambda: make(folder, place), chance.uniform(0, 1) * reach)
        ended = bool({path.name for _, path in finished(place)} - before)
        reach *= 0.75 if ended else 1.4  # a machine may be faster or slower by now than it was: both ends are wanted
        new += ended
        midst += any(place.glob(f"*{PART}"))
        compared += opened(place)
    make(folder, place)  # killed between naming and thinning there may be more
    store = open_store(folder)
    faults = [fault for fault in check(store) if fault.serious]
    store.close()
    left = [path.name for path in place.glob(f"*{PART}")]
    if faults or left or len(finished(place)) > KEPT:
        sys.exit(f"{faults} {left} {finished(place)}")
    sys.stdout.write(f"{new} {midst} {compared}\n")


if __name__ == "__main__":
    main()
