"""A verified backup against a plain, durable copy of the file; a durable save against a bare one-row transaction.

What is saved while a backup is made waits for it no longer than is told here; and what masking costs where a list is
painted.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from gridworker.paths import Folder
from gridworker.store.backup.backup import Source, back_up
from gridworker.store.backup.place import finished, remove
from gridworker.store.engine.connection import connect
from gridworker.store.engine.database import PAGE_SIZE, Database
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.meta import Meta
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from tests.benchmarks import stores
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.benchmarks.lists import MANY
from tests.benchmarks.stores import BUILD, keys_of
from tests.disk import shim

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

ROUNDS = 5
SAVES = 60
COUNT = MANY
LAPTOP, SLOW = 1, 5
"""Milliseconds that a sync is made to take longer: to what the fast ones among laptops' disks take, and a plain one.

A drive that keeps no charge for a power cut has to write before it may answer: from 0.9 to 5 ms were measured of such
(M. Callaghan, "SSDs, power loss protection and fsync latency", 2026). One that answers at once, as that of a virtual
machine does, lets a save be as durable as its cache: what is compared there is the work of the processor.
"""
NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)
BARE = "x bare one-row transaction"
WRITTEN = ("op", "newest", "resident", "audit_event", "head", "search_later", "batch", "meta")
"""The tables that a save of a remark writes to, a page each: the log, its index, the person, the audit, the journal."""


_PAINT = """
import statistics, time
from PySide6.QtWidgets import QApplication
from gridworker.domain.masking import mask_id, mask_phones
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.gui.widgets.tablecolumn import Column
app = QApplication([])
table = RecordTable([Column("name", 140), Column("id"), Column("phone", 200)])
table.resize(1100, 4500)
table.show()
def painted(number, phone):
    def fetch(after, limit):
        return [TableRow(n, (f"住户{n}", number(f"0000001950{n:08}"), phone(f"139{n:08}"))) for n in range(limit)]
    start = time.process_time()
    table.show_rows(fetch)
    table.grab()
    return time.process_time() - start
masked, clear = [], []
for n in range(30):
    if n % 2:
        clear.append(painted(str, str))
    masked.append(painted(mask_id, mask_phones))
    if not n % 2:
        clear.append(painted(str, str))
print(statistics.median(masked) / statistics.median(clear))
"""


def measure() -> list[Figure]:
    """The ratios of the medians; rounds are interleaved."""
    folder = stores.large_laptop(people=COUNT)
    keys = keys_of(folder)
    place = BUILD / "place"
    with closing(Store.open(Database(folder / "store.db", keys.dek), keys.derive("chain"))) as store:
        source = Source(store, Folder(folder), keys, CHEAP)
        backups, copies = [], []
        for _ in range(ROUNDS):
            copies.append(seconds(partial(_copy, folder / "store.db", BUILD / "copy.db")))
            (BUILD / "copy.db").unlink()
            backups.append(seconds(partial(back_up, source, place, NOW)))
            _clear(place)
        waits = _saved_meanwhile(source, place)
        _clear(place)
        saved = saving(store, keys.dek, BUILD)
    slowed = _on_a_slow_disk(folder)
    return [
        Figure(f"backup of {COUNT} people, verified", ratio(backups, copies), "x durable file copy", 3.0),
        Figure("a save while it is made, the slowest", max(waits) * 1000, "ms"),
        *slowed,
        Figure("the same on this disk", ratio(saved.others, saved.bares), BARE, 1.5),
        Figure("the same on this disk, of one record again and again", ratio(saved.same, saved.bares), BARE),
        Figure(f"one bare row in each of the {len(WRITTEN)} tables it writes to", ratio(saved.rows, saved.bares), BARE),
        Figure("the same, time of the processor", saved.worked * 1000, "ms"),
        Figure("of a bare one-row transaction", saved.bare_worked * 1000, "ms"),
        Figure("a sync of this disk", statistics.median(_syncs(BUILD / "synced")) * 1000, "ms"),
        Figure("painting a list of masked numbers", _masking(), "x the same in clear", 1.05),
    ]


def _clear(place: Path) -> None:
    """Remove the backups as the program does: what is measured next must not wait for the room of the last."""
    for _, path in finished(place):
        remove(path)
    shutil.rmtree(place)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing, 1 << 20)
        writing.flush()
        os.fsync(writing.fileno())


def _saved_meanwhile(source: Source, place: Path) -> list[float]:
    """How long saves take while a backup is made in another thread, one after the other."""
    store, waits = source.store, list[float]()
    person = store.new_id()
    values = kind_named("resident").checked({"name": "陈桂芳", "status": "in_place"})
    store.write([Change("resident", person, values, create=True)], Act("create", person))
    with ThreadPoolExecutor(1) as pool:
        backup = pool.submit(back_up, source, place, NOW)
        while not backup.done() or not waits:
            change = Change("resident", person, {"note": f"第{len(waits)}次上门"})
            waits.append(seconds(partial(store.write, [change], Act("edit", person))))
            time.sleep(0.02)
        backup.result()
    return waits


def _on_a_slow_disk(folder: Path) -> list[Figure]:
    """A durable save where a sync takes longer; nothing where there is no compiler for what slows it down."""
    if not shim.USABLE:
        return []
    laptop, slow = (_slowed(folder, by) for by in (LAPTOP, SLOW))
    return [
        Figure(f"durable save of one record, a sync {LAPTOP} ms longer", laptop, BARE, 1.5),
        Figure(f"the same where it takes {SLOW} ms longer", slow, BARE),
    ]


def _slowed(folder: Path, milliseconds: int) -> float:
    with TemporaryDirectory() as built:
        done = shim.run(Path(__file__).with_name("slow_disk.py"), Path(built), str(folder), str(milliseconds))
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout)


def _masking() -> float:
    """Reading the cells of a page and painting it, numbers masked, against the same numbers in clear.

    In time of the processor: nothing here waits for a disk, and others at work on the machine count for neither. Which
    of the two comes first alternates.
    """
    script = [sys.executable, "-c", _PAINT]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).parents[2]
    return float(subprocess.run(script, env=environment, capture_output=True, text=True, check=True, cwd=root).stdout)


class Saved(NamedTuple):
    """How long saves and bare transactions took, in seconds, and the median of the processor's time for one.

    ``rows`` are bare transactions of a row for each table of a save: what it takes before anything is worked out.
    """

    others: list[float]
    same: list[float]
    rows: list[float]
    bares: list[float]
    worked: float
    bare_worked: float


def saving(store: Store, dek: bytes, place: Path) -> Saved:
    """A note saved through the one write path, and a row as large in a table of its own in the same engine.

    Of another person each time, who may be anywhere in the books, as whoever goes from door to door does; and of one
    and the same. And the processor's time: the rest of both is the disk's, on which the ratio hangs.
    """
    path = place / "bare.db"
    path.unlink(missing_ok=True)
    others, same, rows, bares, worked, bare_worked = (list[float]() for _ in range(6))
    people, worker = _anywhere(store), _worker(store)
    begun = int(time.time()) % 100_000 * SAVES  # no run writes what one before it wrote
    with closing(connect(path, dek, query_only=False)) as bare:
        for table in ("t", *WRITTEN):
            bare.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, note TEXT)")
        for number in range(begun, begun + SAVES):
            bares.append(_timed(partial(_bare, bare, number), bare_worked))
            rows.append(seconds(partial(_bare, bare, number, WRITTEN)))
            others.append(_timed(partial(_save, store, worker, people[number % len(people)], number), worked))
            same.append(seconds(partial(_save, store, worker, people[0], -number)))
    path.unlink()
    return Saved(others, same, rows, bares, statistics.median(worked), statistics.median(bare_worked))


def _anywhere(store: Store) -> list[int]:
    """As many people as are saved, from all over the books."""
    with store.cursor() as cursor:
        cursor.execute("SELECT id FROM resident ORDER BY id")
        people = [record for (record,) in cursor.fetchall()]
    step = max(len(people) // SAVES, 1)
    return people[step // 2 :: step]


def _worker(store: Store) -> int:
    """Who is at the keyboard: one and the same all day."""
    with store.cursor() as cursor:
        return Meta(cursor).number("person")


def _timed(work: Callable[[], object], worked: list[float]) -> float:
    before = time.process_time()
    taken = seconds(work)
    worked.append(time.process_time() - before)
    return taken


def _save(store: Store, worker: int, person: int, number: int) -> None:
    change = Change("resident", person, {"note": f"第{number}次上门，人不在家，邻居说在女儿那边"})
    store.write([change], Act("edit", worker))


def _syncs(path: Path) -> list[float]:
    """How long the disk takes for a page that is added to a file: what both wait for, whatever they do."""
    found = []
    with path.open("wb") as file:
        for _ in range(SAVES):
            file.write(bytes(PAGE_SIZE))
            file.flush()
            found.append(seconds(partial(os.fsync, file.fileno())))
    path.unlink()
    return found


def _bare(connection: "driver.Connection", number: int, tables: Sequence[str] = ("t",)) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table in tables:
        connection.execute(f"INSERT INTO {table} (note) VALUES (?)", (f"第{number}次上门，人不在家，邻居说在女儿那边",))
    connection.execute("COMMIT")
