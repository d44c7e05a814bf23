"""Run by test_killed_erasure: erasures killed at a random instant.

Usage: killed_erasure.py FOLDER ROUNDS SEED. Each round a child erases a few dozen people and is killed at some moment;
then all of them must be erased, in every byte of the store, or none. Prints how many rounds ended erased; exits 1 on a
store that is torn.
"""

import random
import sys
import time
from functools import partial
from pathlib import Path

from gridworker.store.engine.database import Database
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.check import check
from gridworker.store.log import sheaves
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish
from tests.builders import CHAIN_KEY, DEK, make_store, new
from tests.pages import found_in
from tests.store.killing import killed

EACH = 40


def open_store(folder: Path) -> Store:
    """The store, as after a start."""
    return Store.open(Database(folder / "store.db", DEK), CHAIN_KEY)


def add(folder: Path, number: int) -> list[int]:
    """People to be erased, with a note nobody else has."""
    store = open_store(folder)
    people = [new(store, "resident", name=f"金丝雀{number}", note=f"canary-{number}-x{at}") for at in range(EACH)]
    store.write(people, Act("import", 7))
    store.close()
    return [person.record for person in people]


def erased(folder: Path, records: list[int]) -> float:
    """Erase them. Returns the seconds it took."""
    start = time.perf_counter()
    store = open_store(folder)
    erase(store, [Wish("resident", record) for record in records], Act.note("erase", 7))
    return time.perf_counter() - start


def are_gone(folder: Path, number: int, records: list[int]) -> bool:
    """Whether they are erased; exits where only some are, or the store is not sound."""
    store = open_store(folder)
    there = sum(store.get("resident", record) is not None for record in records)
    faults = [fault for fault in check(store) if fault.serious]
    store.db.checkpoint()
    left = found_in(folder / "store.db", [f"canary-{number}-x"])
    store.close()
    if there not in (0, EACH) or faults or bool(left) != bool(there):
        sys.exit(f"{there} of {EACH} people, {len(left)} words, {faults}")
    return there == 0


def moment_of(number: int, rounds: int, by_chance: float) -> float | None:
    """When to kill: at once the first time, never the last, so that both ends are met on any machine."""
    return 0.001 if number == 1 else None if number == rounds else by_chance


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    sheaves.FEWEST = EACH  # their values lie in a sheaf, which a kill must not leave behind either
    make_store(folder).close()
    reach = 1.4 * erased(folder, add(folder, 0))
    gone = 0
    for number in range(1, rounds + 1):
        records = add(folder, number)
        killed(partial(erased, folder, records), moment_of(number, rounds, chance.uniform(0, 1) * reach))
        ended = are_gone(folder, number, records)
        reach *= 0.8 if ended else 1.2  # the store grows, and a machine may be slower by now: both ends are wanted
        gone += ended
    sys.stdout.write(f"{gone}\n")


if __name__ == "__main__":
    main()
