"""Run by test_killed_merge: merges killed at a random instant.

Usage: killed_merge.py FOLDER ROUNDS SEED. Each round a child takes a bundle of new and edited records into a copy of
the store and is killed at some moment; then all of the bundle must be there or nothing, and the self-check must find
nothing. A copy each, so that the self-check does not take longer with every round.
Prints how many rounds ended with the bundle in; exits 1 on a torn store.
"""

import random
import shutil
import sys
import time
from functools import partial
from pathlib import Path

from gridworker.store.engine.database import Database
from gridworker.store.health.check import check
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.store import Store
from tests.builders import CHAIN_KEY, DEK, MORNING, Wall, make_store, take
from tests.store.killing import killed

EACH = 400


def bundle(number: int) -> list[OpRow]:
    """What one laptop sends: new records, every other time with edits of them that do not know of each other."""
    clock, other = (Clock(device(laptop, 0), wall=Wall(MORNING + number * 10**6, step=1)) for laptop in (2, 3))
    rows = []
    for record in [clock.next() for _ in range(EACH)]:
        rows.append(OpRow(record, 6, record, What.CREATE, 0, pack_create({1: f"张{record % 997}", 10: "in_place"})))
        for writer in (clock, other) if number % 2 else ():
            edit = Edit(13, f"{writer.device}", (record,))
            rows.append(OpRow(writer.next(), 6, record, What.EDIT, 0, pack_edits(record, [edit])))
    return rows


def merge(folder: Path, rows: list[OpRow]) -> float:
    """Take the bundle in. Returns the seconds it took."""
    store = Store.open(Database(folder / "store.db", DEK), CHAIN_KEY)
    start = time.perf_counter()
    take(store, rows)
    taken = time.perf_counter() - start
    store.close()
    return taken


def is_in(folder: Path, rows: list[OpRow]) -> bool:
    """Whether the bundle is in the store; exits where only a part is, or the store is not sound."""
    store = Store.open(Database(folder / "store.db", DEK), CHAIN_KEY)
    with store.cursor() as cursor:
        there = len(Log(cursor).present(row.clk for row in rows))
    faults = [fault for fault in check(store) if fault.serious]
    store.close()
    if there not in (0, len(rows)) or faults:
        sys.exit(f"{there} of {len(rows)} ops, {faults}")
    return there > 0


def moment_of(number: int, rounds: int, by_chance: float) -> float | None:
    """When to kill: at once the first time, never the last, so that both ends are met on any machine."""
    return 0.001 if number == 1 else None if number == rounds else by_chance


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    kept, cut = folder / "kept", folder / "cut"
    kept.mkdir()
    make_store(kept).close()
    taken = [merge(kept, bundle(first)) for first in (0, -1)]
    whole = 0
    for number in range(1, rounds + 1):
        rows = bundle(number)
        shutil.copytree(kept, cut)
        killed(partial(merge, cut, rows), moment_of(number, rounds, chance.uniform(0, 1.6) * taken[number % 2]))
        whole += is_in(cut, rows)
        shutil.rmtree(cut)
    sys.stdout.write(f"{whole}\n")


if __name__ == "__main__":
    main()
