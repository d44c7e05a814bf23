"""Run by test_database: writers killed at a random instant, and a count of what was acknowledged and lost.

Usage: killed_writer.py FOLDER ROUNDS SEED. Every commit a child reported before the kill must be there afterwards,
whole: a transaction is PER rows. Prints the number of acknowledged transactions; exits 1 on any loss.
"""

import os
import random
import signal
import struct
import sys
from pathlib import Path

from gridworker.store.engine.database import Database, raw_cursor

DEK = bytes(range(32))
PER = 20
ACK = struct.Struct("<q")


def write_until_killed(path: Path, start: int, pipe: int) -> None:
    """The child: one transaction after the other, each reported once it is durable."""
    database = Database(path, DEK)
    number = start
    while True:
        with database.write() as connection:
            rows = [(number * PER + step, number, "x" * 300) for step in range(PER)]
            raw_cursor(connection).executemany("INSERT OR IGNORE INTO t VALUES (?,?,?)", rows)
        os.write(pipe, ACK.pack(number))
        number += 1


def one_round(path: Path, start: int, acks: int) -> int:
    """Fork a writer, let it acknowledge ``acks`` transactions, kill it. Returns the last one acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write_until_killed(path, start, writing)
    os.close(writing)
    last = start - 1
    try:
        for _ in range(acks):
            last = ACK.unpack(os.read(reading, ACK.size))[0]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while late := os.read(reading, ACK.size):
        last = ACK.unpack(late)[0]
    os.close(reading)
    return last


def verify(path: Path, last: int) -> None:
    """Everything up to ``last`` is there, nothing is half there, the file is whole."""
    database = Database(path, DEK)
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT batch, count(*) FROM t GROUP BY batch").fetchall()
    counts = {int(batch): int(count) for batch, count in rows}
    if any(count != PER for count in counts.values()):
        sys.exit("a transaction is half there")
    if missing := set(range(last + 1)) - counts.keys():
        sys.exit(f"acknowledged and lost: {sorted(missing)}")
    if faults := database.integrity():
        sys.exit("\n".join(faults))
    database.close()


def main() -> None:
    """All rounds."""
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    path = folder / "store.db"
    database = Database(path, DEK, create=True)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, batch INTEGER, text TEXT)")
    database.close()
    last = -1
    for _ in range(rounds):
        last = one_round(path, last + 1, chance.randint(0, 25))
        verify(path, last)
    sys.stdout.write(f"{last + 1}\n")


if __name__ == "__main__":
    main()
