"""J2 (jobs.py): 100,000 new residents merged, creations logged, against ``executemany`` of the same rows.

Both in the same encrypted engine, to a durable commit. The target holds for the merge alone; what the search index of
100,000 names costs on top is told beside it.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.op import Edit, OpRow, unpack_create
from gridworker.store.search import search
from gridworker.store.store import Store
from gridworker.store.tables.layout import Table, insert
from gridworker.sync.format.payload import portions
from tests.benchmarks import jobs
from tests.benchmarks.figures import Figure, added, ratio, seconds
from tests.builders import Wall, make_store

ROUNDS = 5
UNIT = "x executemany"
LAPTOP, EDITOR = 1, 2

_PEAK = """
import re, sys
from pathlib import Path
from tests.benchmarks import jobs
def mib(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
folder, *bundles = map(Path, sys.argv[1:])
store = jobs.open_store(folder)
exchange = jobs.exchange_of(store, folder)
exchange.merge_all(bundles[:1])
before = mib("VmRSS")
results = exchange.merge_all(bundles[1:])
assert all(result.trip and not result.trip.aside for result in results), results
print(mib("VmHWM") - before)
"""


def measure() -> list[Figure]:
    """The ratios of the medians, rounds interleaved; bytes of the files and memory of merging them."""
    rows = jobs.creations(jobs.PEOPLE)
    bare, indexed, floors = [], [], []
    behind: list[float] = []
    behind_floors: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(ROUNDS):
            floors.append(_in_new_store(folder / f"floor-{number}", partial(_insert, _cells(rows)), behind_floors))
            bare.append(_in_new_store(folder / f"bare-{number}", partial(_take_bare, rows), behind))
            indexed.append(_in_new_store(folder / f"indexed-{number}", partial(_take, rows)))
        return [
            Figure("J2: 100,000 creations merged", ratio(bare, floors), UNIT, 2.0),
            Figure(
                "the same, until all is in the file", ratio(added(bare, behind), added(floors, behind_floors)), UNIT
            ),
            Figure("J2 with the search index", ratio(indexed, floors), UNIT),
            *_files(folder, rows),
            *_largest(folder / "largest", rows),
        ]


def _files(folder: Path, rows: Sequence[OpRow]) -> list[Figure]:
    """J2 as a laptop would hand it in, merged by a process of its own that has merged a small bundle before."""
    office = make_store(folder / "office")
    sender = jobs.Sender(office, [LAPTOP])
    small = sender.bundle(folder, LAPTOP, jobs.creations(1000, jobs.PEOPLE))
    bundles = [sender.bundle(folder, LAPTOP, part) for part in portions(rows)]
    office.close()
    size = Figure("files of J2", sum(path.stat().st_size for path in bundles) / len(rows), "bytes per new row", 45.0)
    return [size, *_peak("memory of merging J2, indexed", folder / "office", [small, *bundles])]


def _largest(folder: Path, rows: Sequence[OpRow]) -> list[Figure]:
    """As many edits as one bundle may hold, six times those of J1, two on every resident."""
    folder.mkdir()
    office = jobs.make_office(folder / "office", rows)
    sender = jobs.Sender(office, [EDITOR])
    jobs.hand_out(office, EDITOR, {row.record for row in rows})
    clock = Clock(device(EDITOR, 0), wall=Wall(step=9, now=jobs.EDITED_AT))
    edits = [
        jobs.edit(clock.next(), row.record, [Edit(field, f"第{at}次上门，人不在家，邻居说在女儿那边", (row.record,))])
        for field in (1, 14, 7)
        for at, row in enumerate(rows if field > 1 else rows[:1000])
    ]
    bundles = [sender.bundle(folder, EDITOR, part) for part in (edits[:1000], edits[1000:])]
    office.close()
    return _peak("memory of merging 200,000 edits, indexed", folder / "office", bundles)


def _peak(name: str, office: Path, bundles: Sequence[Path]) -> list[Figure]:
    """What a process of its own needs above what it had after the first bundle."""
    if not Path("/proc/self/status").exists():
        return []
    script = [sys.executable, "-c", _PEAK, *map(str, (office, *bundles))]
    peak = float(subprocess.run(script, capture_output=True, text=True, check=True).stdout)
    return [Figure(name, peak, "MiB", 200.0)]


def _take(rows: Sequence[OpRow], store: Store) -> None:
    jobs.take(store, rows)


def _take_bare(rows: Sequence[OpRow], store: Store) -> None:
    with patch.object(search, "refresh", lambda *_: None):
        jobs.take(store, rows)


def _insert(cells: Sequence[Sequence[Value]], store: Store) -> None:
    table = Table.of(jobs.RESIDENT)
    numbered = table.kind.numbered if table else {}
    statement = insert("resident", tuple(numbered[number].name for number in jobs.TEXTS))
    with store.db.write() as connection:
        raw_cursor(connection).executemany(statement.replace("INSERT OR REPLACE", "INSERT"), cells)


def _cells(rows: Sequence[OpRow]) -> list[tuple[Value, ...]]:
    """The rows of the residents, without the columns that are null in all of them."""
    return [(row.record, *unpack_create(row.vals).values()) for row in rows]


def _in_new_store(folder: Path, work: Callable[[Store], None], behind: list[float] | None = None) -> float:
    """``behind`` as for ``merge.in_copy``."""
    store = make_store(folder)
    taken = seconds(partial(work, store))
    if behind is not None:
        behind.append(seconds(store.db.checkpoint))
    store.close()
    shutil.rmtree(folder)
    return taken
