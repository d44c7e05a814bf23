"""Run by test_killed_backup: backups killed at a random instant.

Usage: killed_backup.py FOLDER ROUNDS SEED. Each round a child makes a backup, thins, and is killed at some moment; then
every backup that has its final name must open and compare, and the store must be sound. Prints how many rounds ended
with a new backup and how many backups were opened and compared; exits 1 on a torn one.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.store.backup import Source, back_up, verify
from gridworker.store.backup_place import finished, thin
from gridworker.store.check import check
from gridworker.store.database import Database
from gridworker.store.kdf import CHEAP
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.store import Store
from gridworker.store.vault import Keys
from tests.builders import COMMUNITY, DEK, take
from tests.circle import write_keys
from tests.store.killed_merge import bundle

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


def killed(folder: Path, place: Path, after: float) -> None:
    """Make a backup in a child that dies in the midst of it."""
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_REAL, after)  # SIGALRM, which nothing here handles
        make(folder, place)
        signal.pause()
    os.waitpid(child, 0)


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
    new = compared = 0
    for _ in range(rounds):
        before = {path.name for _, path in finished(place)}
        killed(folder, place, max(chance.uniform(0, 1) * reach, 0.001))
        ended = bool({path.name for _, path in finished(place)} - before)
        reach *= 0.75 if ended else 1.4  # a machine may be faster or slower by now than it was: both ends are wanted
        new += ended
        compared += opened(place)
    store = open_store(folder)
    faults = [fault for fault in check(store) if fault.serious]
    store.close()
    if faults or len(finished(place)) > KEPT + 1:
        sys.exit(f"{faults} {finished(place)}")
    sys.stdout.write(f"{new} {compared}\n")


if __name__ == "__main__":
    main()
