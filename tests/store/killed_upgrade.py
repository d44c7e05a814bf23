"""Run by test_killed_upgrade: upgrades killed at a random instant.

Usage: killed_upgrade.py FOLDER ROUNDS SEED. Each round a child reads the tables of an outdated store anew and is killed
at some moment; then the store must open, be sound, and show what it showed before. Prints how many were cut off half
way; exits 1 where anything is lost.
"""

import random
import sys
import time
from pathlib import Path

from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.health.check import check
from gridworker.store.health.digest import digest
from gridworker.store.log import log
from gridworker.store.meta import Meta
from gridworker.store.store import Store
from gridworker.store.upgrade import reread, tables
from tests.builders import CHAIN_KEY, DEK, add, edit, make_store
from tests.store.killing import killed

PEOPLE = 60
ENOUGH = 20
"""Kills of which one at least has to come in the midst of it, or nothing is proven."""


def open_store(folder: Path) -> Store:
    """The store, brought up to date if it is not."""
    return Store.open(Database(folder / "store.db", DEK), CHAIN_KEY)


def outdate(folder: Path) -> None:
    """As if another version had written the tables."""
    db = Database(folder / "store.db", DEK)
    with db.write() as connection:
        Meta(raw_cursor(connection)).set("signature", "{}")
        connection.exec_driver_sql("DELETE FROM resident")
    db.close()


def is_half_way(folder: Path) -> bool:
    """Whether the tables are not whole."""
    db = Database(folder / "store.db", DEK)
    with db.read() as connection:
        begun = tables.is_being_reread(connection)
    db.close()
    return begun


def shown(folder: Path) -> tuple[str, int]:
    """What the store shows, and how many serious faults it has."""
    store = open_store(folder)
    with store.db.read() as connection:
        found = digest(connection)
    faults = [fault for fault in check(store) if fault.serious]
    store.close()
    return found, len(faults)


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    reread.LOT = log.CHUNK = 15
    chance = random.Random(seed)
    store = make_store(folder)
    for number in range(PEOPLE):
        person = add(store, "resident", name=f"王{number}")
        if number % 2:
            edit(store, "resident", person, name=f"李{number}")
    store.close()
    wanted = shown(folder)
    outdate(folder)
    start = time.perf_counter()
    open_store(folder).close()
    reach = 1.2 * (time.perf_counter() - start)
    cut = 0
    for _ in range(rounds):
        outdate(folder)
        killed(lambda: open_store(folder), chance.uniform(0, 1) * reach)
        half = is_half_way(folder)
        reach *= 1.0 if half else 0.95 if chance.random() < 0.5 else 1.06  # a machine may be faster or slower by now
        cut += half
        if shown(folder) != wanted:
            sys.exit("the tables are not what the log says")
    if not cut and rounds >= ENOUGH:
        sys.exit("no kill came in the midst of it")
    sys.stdout.write(f"{cut}\n")


if __name__ == "__main__":
    main()
