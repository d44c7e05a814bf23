"""Run by test_audit_held: writers killed at a random instant; an act without its row, or a row without, is an error.

Usage: killed_audit.py FOLDER ROUNDS SEED. Prints what was found wrong, a line each; exits 1 on any.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from gridworker.store.health.check import check
from gridworker.store.log.journal import Journal
from gridworker.store.tables.changes import AUDIT, Act
from gridworker.store.tables.layout import table_named
from tests.builders import CHAIN_KEY, add, edit, make_store
from tests.store.audit_held import opened


def work_until_killed(folder: Path, record: int, pipe: int) -> None:
    """The child: one act after the other, each told once it is durable."""
    with opened(folder) as store:
        number = 0
        while True:
            number += 1
            edit(store, "resident", record, who=7, note=f"{os.getpid()} {number}")
            store.write([], Act.note("reveal", 7, kind="resident", record=record, detail="phones"))
            os.write(pipe, b".")


def torn_apart(rounds: int, *, seed: int, folder: Path) -> list[str]:
    """Kill a writer so many times; what of act and audit then stands without the other."""
    draw = random.Random(seed)
    store = make_store(folder)
    record = add(store, "resident", who=7)
    store.close()
    wrong: list[str] = []
    for number in range(rounds):
        told = _one_kill(folder, record, draw.randrange(2, 7), draw.uniform(0, 1.5))
        wrong += [f"round {number}: {fault}" for fault in _apart(folder, record, told)]
    return wrong


def _one_kill(folder: Path, record: int, acts: int, later: float) -> int:
    """Kill it once it told of so many acts and did that part of the next ones. How many it told of by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work_until_killed(folder, record, writing)
    os.close(writing)
    told = len(os.read(reading, 1))
    began = time.perf_counter()
    told += sum(len(os.read(reading, 1)) for _ in range(1, acts))
    Event().wait(later * (time.perf_counter() - began) / (acts - 1))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while late := os.read(reading, 100):
        told += len(late)
    os.close(reading)
    return told


def _apart(folder: Path, record: int, told: int) -> Iterator[str]:
    with opened(folder) as store:
        if any(fault.serious for fault in check(store)):
            yield "the store does not check"
        audit = table_named(AUDIT).kind.number
        with store.cursor() as cursor:
            kinds = dict(cursor.execute("SELECT clk, kind FROM op").fetchall())
            links = list(Journal(cursor, CHAIN_KEY).links())
            edits = sum(1 for link in links for clk in link.op_clks if kinds[clk] != audit)
        for link in links:
            rows = [clk for clk in link.op_clks if kinds[clk] == audit]
            if len(rows) != 1 or rows[0] != link.op_clks[-1]:
                yield f"link {link.no} has {len(rows)} audit rows"
        if edits - 1 < told or not record:
            yield f"{told} acts told of, {edits - 1} kept"


if __name__ == "__main__":
    found = torn_apart(int(sys.argv[2]), seed=int(sys.argv[3]), folder=Path(sys.argv[1]))
    sys.stdout.write("\n".join(found))
    sys.exit(bool(found))
