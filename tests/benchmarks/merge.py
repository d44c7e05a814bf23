"""J1 (jobs.py) from ten bundle files to durable at the office, against one upsert of the same rows, whole.

The merge verifies, decrypts and decodes, records all conflicts, logs the history and archives the files. The floor is
one upsert from an attached table in one durable transaction. Both in the same encrypted engine, from a cold cache.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from gridworker.store.search import search
from gridworker.store.tables.layout import Table
from tests.benchmarks import jobs
from tests.benchmarks.figures import Figure, added, ratio, seconds
from tests.builders import DEK

if TYPE_CHECKING:
    from gridworker.store.store import Store

ROUNDS = 5
UNIT = "x upsert from attached"
HELD = 10_000
"""Residents a laptop holds beside those it edits."""


def measure() -> list[Figure]:
    """The ratios of the medians; rounds are interleaved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles = prepare(folder)
        bare, indexed, floors = [], [], []
        behind: list[float] = []
        behind_floors: list[float] = []
        for _ in range(ROUNDS):
            floors.append(in_copy(folder, partial(upsert, folder / "merged.db"), behind_floors))
            bare.append(in_copy(folder, partial(merge, bundles, index=False), behind))
            indexed.append(in_copy(folder, partial(merge, bundles)))
        size = sum(path.stat().st_size for path in bundles)
    return [
        Figure("J1: 46,458 changes, ten files to durable", ratio(bare, floors), UNIT, 3.0),
        Figure("the same, until all is in the file", ratio(added(bare, behind), added(floors, behind_floors)), UNIT),
        Figure("J1 with the search index", ratio(indexed, floors), UNIT, 5.0),
        Figure("files of J1", size / jobs.CHANGES, "bytes per change", 16.0),
    ]


def prepare(folder: Path) -> list[Path]:
    """An office in ``folder``, the rows after the merge in ``merged.db`` beside it, and the ten bundles."""
    people = jobs.creations(jobs.PEOPLE)
    records = [row.record for row in people]
    office = jobs.make_office(folder / "office", people)
    sender = jobs.Sender(office)
    bundles = []
    for laptop, rows in jobs.by_laptop(jobs.edits(records)).items():
        held = Random(laptop).sample(records, HELD)
        jobs.hand_out(office, laptop, {*held, *(row.record for row in rows)})
        bundles.append(sender.bundle(folder, laptop, rows))
    office.db.checkpoint()
    office.close()
    _keep_merged(folder, bundles)
    return bundles


def merge(bundles: Sequence[Path], store: "Store", folder: Path, *, index: bool = True) -> None:
    """Take the bundles in, all of them."""
    with nullcontext() if index else patch.object(search, "refresh", lambda *_: None):
        results = jobs.exchange_of(store, folder).merge_all(bundles)
    if not all(result.trip and not result.trip.aside for result in results):
        raise RuntimeError("not all of it went in")


def in_copy(folder: Path, work: "Callable[[Store, Path], None]", behind: list[float] | None = None) -> float:
    """How long some work takes on a fresh copy of the office, until it is durable in the write-ahead log.

    ``behind`` is given how long bringing it from there into the file takes after that (store/engine/checkpoint.py).
    """
    copy = folder / "copy"
    shutil.copytree(folder / "office", copy)
    for path in filter(Path.is_file, copy.rglob("*")):
        _settle(path)
    store = jobs.open_store(copy)
    taken = seconds(partial(work, store, copy))
    if behind is not None:
        behind.append(seconds(store.db.checkpoint))
    store.close()
    shutil.rmtree(copy)
    return taken


def _settle(path: Path) -> None:
    """Have a fresh copy written out: else the disk is busy with it while the work is timed."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def upsert(source: Path, store: "Store", _folder: Path) -> None:
    """The floor."""
    table = Table.of(jobs.RESIDENT)
    columns = table.columns if table else ()
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


def _keep_merged(folder: Path, bundles: Sequence[Path]) -> None:
    """A database of its own with the edited residents as they are after the merge; the conflicts are counted too."""

    def keep(store: "Store", copy: Path) -> None:
        merge(bundles, store, copy, index=False)
        raw = store.db._connect(query_only=False)
        raw.execute(f"ATTACH DATABASE '{folder / 'merged.db'}' AS merged KEY \"x'{DEK.hex()}'\"")
        [made] = raw.execute("SELECT sql FROM sqlite_schema WHERE name = 'resident'").fetchone()
        raw.execute(made.replace("CREATE TABLE resident", "CREATE TABLE merged.resident"))
        raw.execute("INSERT INTO merged.resident SELECT * FROM resident WHERE id IN (SELECT record FROM head)")
        [conflicts] = raw.execute("SELECT count(*) FROM conflict").fetchone()
        raw.close()
        if conflicts != jobs.CONFLICTS:
            raise RuntimeError(f"{conflicts} conflicts, not {jobs.CONFLICTS}")

    in_copy(folder, keep)
