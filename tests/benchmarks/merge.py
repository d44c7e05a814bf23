"""The jobs J1 and J2 of sync.md, inside ``Store.apply``: what the merge itself costs, in one durable transaction.

J1: 46,458 changes of fields on 30,000 of 100,000 residents by ten laptops, 1,500 of them in conflict, against one
upsert of the same rows, whole, from an attached table. J2: 100,000 new residents of twelve columns, against
``executemany`` of the same rows. Both sides in the same encrypted engine, from a cold cache to a durable commit.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

from gridworker.record import Value
from gridworker.store import search
from gridworker.store.changes import Act
from gridworker.store.clock import Clock, device
from gridworker.store.database import Database, raw_cursor
from gridworker.store.layout import Table, insert
from gridworker.store.op import Author, Edit, OpRow, What, pack_create, pack_edits, unpack_create
from gridworker.store.store import Incoming, Store
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.builders import CHAIN_KEY, DEK, Wall, make_store

ROUNDS = 5
PEOPLE, EDITED, CHANGES, CONFLICTS = 100_000, 30_000, 46_458, 1_500
RESIDENT = 6
TEXTS = (1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14)
"""The twelve fields of a resident that hold text."""
FREE = (1, 3, 5, 6, 7, 11, 13, 14)
"""Those of them that take any text."""
FILE = "store.db"

_PEAK = """
import re, sys
from pathlib import Path
from tests.benchmarks import merge
from tests.builders import make_store
folder, people, work = sys.argv[1:]
def mib(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
store = make_store(Path(folder))
merge.take(store, merge.creations(1000))
before = mib("VmRSS")
getattr(merge, work)(merge.creations(int(people), 1000), store)
print(mib("VmHWM") - before)
"""


def measure() -> list[Figure]:
    """The ratios of the medians; rounds are interleaved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_first_load(folder), *_edits(folder), *_memory(folder)]


def creations(number: int, start: int = 0) -> Sequence[OpRow]:
    """New residents, some 250 bytes each."""
    clock = Clock(device(1, 0), wall=Wall(step=7, now=196_000_000_000 + start * 7))
    chance = Random(start)
    rows = []
    for at in range(start, start + number):
        clk = clock.next()
        rows.append(OpRow(clk, RESIDENT, clk, int(What.CREATE), 0, pack_create(_person(at, chance))))
    return rows


def edits(people: Sequence[int]) -> Sequence[OpRow]:
    """What ten laptops changed, ascending by clk."""
    chance = Random(2)
    clocks = [Clock(device(laptop, 0), wall=Wall(step=9, now=197_000_000_000)) for laptop in range(2, 12)]
    rows = []
    left = CHANGES - CONFLICTS - EDITED
    for at, record in enumerate(chance.sample(people, EDITED)):
        first, second = chance.sample(clocks, 2)
        fields = sorted(chance.sample(FREE, 2 if at % 2 == 0 and left > 0 else 1))
        left -= len(fields) - 1
        changed = [Edit(field, f"改后第{at}个住户的第{field}项", (record,)) for field in fields]
        rows.append(_edit(first.next(), record, changed))
        if at < CONFLICTS:
            rows.append(_edit(second.next(), record, [Edit(fields[0], f"另一个人写的{at}", (record,))]))
    return sorted(rows)


def take(store: Store, rows: Sequence[OpRow]) -> None:
    """Merge ops as one bundle."""
    store.apply(Incoming(rows, [Author(1, 0)], Act("merge", 1, always=True), b"bundle"))


def _person(at: int, chance: Random) -> dict[int, Value]:
    day = f"{1930 + at % 90}-{at % 12 + 1:02d}-{at % 28 + 1:02d}"
    return {
        1: f"{'陈张李王刘'[at % 5]}{'建国秀英桂兰'[at % 5]}{at % 1000}", 2: "12"[at % 2], 3: day,
        5: f"1380000{at % 10000:04d} 1390000{at % 10000:04d}", 6: f"000000{day.replace('-', '')}{at % 1000:03d}X",
        7: f"{at % 1000:03d}X", 8: "permanent", 10: "in_place", 11: day, 12: "visit",
        13: f"住在三单元{at % 30}楼，孩子在武汉工作，周末回来，电话打给女儿；{chance.getrandbits(64)}",
        14: "独居 高龄 慢病",
    }  # fmt: skip


def _edit(clk: int, record: int, changed: Sequence[Edit]) -> OpRow:
    return OpRow(clk, RESIDENT, record, int(What.EDIT), 0, pack_edits(record, changed))


def _first_load(folder: Path) -> list[Figure]:
    rows = creations(PEOPLE)
    bare, indexed, floors = [], [], []
    for number in range(ROUNDS):
        floors.append(_in_new_store(folder / f"floor-{number}", partial(_insert, _cells(rows))))
        bare.append(_in_new_store(folder / f"bare-{number}", partial(_take_bare, rows)))
        indexed.append(_in_new_store(folder / f"indexed-{number}", partial(_take, rows)))
    return [
        Figure("J2: 100,000 creations merged", ratio(bare, floors), "x executemany", 1.6),
        Figure("J2 with the search index", ratio(indexed, floors), "x executemany"),
    ]


def _edits(folder: Path) -> list[Figure]:
    people = creations(PEOPLE)
    office = make_store(folder / "office")
    take(office, people)
    office.db.checkpoint()
    office.close()
    rows = edits([row.record for row in people])
    _merged_rows(folder, rows)
    bare, indexed, floors = [], [], []
    for _ in range(ROUNDS):
        floors.append(_in_copy(folder, partial(_upsert, folder / "merged.db")))
        bare.append(_in_copy(folder, partial(_take_bare, rows)))
        indexed.append(_in_copy(folder, partial(_take, rows)))
    return [
        Figure("J1: 46,458 changes merged", ratio(bare, floors), "x upsert from attached", 2.2),
        Figure("J1 with the search index", ratio(indexed, floors), "x upsert from attached", 5.0),
    ]


def _memory(folder: Path) -> list[Figure]:
    if not Path("/proc/self/status").exists():
        return []
    peaks = []
    for work in ("_take_bare", "_take"):
        script = [sys.executable, "-c", _PEAK, str(folder / work), str(PEOPLE), work]
        peaks.append(float(subprocess.run(script, capture_output=True, text=True, check=True).stdout))
    return [
        Figure("memory of J2, its ops included", peaks[0], "MiB", 200.0),
        Figure("memory of J2 with the search index", peaks[1], "MiB"),
    ]


def _take(rows: Sequence[OpRow], store: Store) -> None:
    take(store, rows)


def _take_bare(rows: Sequence[OpRow], store: Store) -> None:
    with patch.object(search, "refresh", lambda *_: None):
        take(store, rows)


def _insert(cells: Sequence[Sequence[Value]], store: Store) -> None:
    numbered = _table().kind.numbered
    statement = insert("resident", tuple(numbered[number].name for number in TEXTS))
    with store.db.write() as connection:
        raw_cursor(connection).executemany(statement.replace("INSERT OR REPLACE", "INSERT"), cells)


def _upsert(source: Path, store: Store) -> None:
    columns = _table().columns
    raw = store.db._connect(query_only=False)  # a transaction cannot attach, and the store's own always is one
    raw.execute(f"ATTACH DATABASE '{source}' AS merged KEY \"x'{DEK.hex()}'\"")
    names = ", ".join(("id", *columns))
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(
        f"INSERT INTO resident ({names}) SELECT {names} FROM merged.resident WHERE true "
        f"ON CONFLICT (id) DO UPDATE SET {updates}"
    )
    raw.execute("COMMIT")
    raw.close()


def _merged_rows(folder: Path, rows: Sequence[OpRow]) -> None:
    """A database of its own with the edited residents as they are after the merge."""
    shutil.copytree(folder / "office", folder / "copy")
    store = Store.open(Database(folder / "copy" / FILE, DEK), CHAIN_KEY)
    _take_bare(rows, store)
    raw = store.db._connect(query_only=False)
    raw.execute(f"ATTACH DATABASE '{folder / 'merged.db'}' AS merged KEY \"x'{DEK.hex()}'\"")
    [made] = raw.execute("SELECT sql FROM sqlite_schema WHERE name = 'resident'").fetchone()
    raw.execute(made.replace("CREATE TABLE resident", "CREATE TABLE merged.resident"))
    raw.execute("INSERT INTO merged.resident SELECT * FROM resident WHERE id IN (SELECT record FROM head)")
    raw.close()
    store.close()
    shutil.rmtree(folder / "copy")


def _in_new_store(folder: Path, work: Callable[[Store], None]) -> float:
    store = make_store(folder)
    return _timed(store, folder, work)


def _in_copy(folder: Path, work: Callable[[Store], None]) -> float:
    copy = folder / "copy"
    shutil.copytree(folder / "office", copy)
    return _timed(Store.open(Database(copy / FILE, DEK), CHAIN_KEY), copy, work)


def _timed(store: Store, folder: Path, work: Callable[[Store], None]) -> float:
    taken = seconds(partial(work, store))
    store.close()
    shutil.rmtree(folder)
    return taken


def _cells(rows: Sequence[OpRow]) -> list[tuple[Value, ...]]:
    """The rows of the residents, without the columns that are null in all of them."""
    return [(row.record, *unpack_create(row.vals).values()) for row in rows]


def _table() -> Table:
    table = Table.of(RESIDENT)
    assert table
    return table
