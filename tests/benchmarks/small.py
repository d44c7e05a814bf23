"""J1 (jobs.py) as 500 small bundles, and packed by one laptop; both against what cannot be done without.

The floor of the small bundles is the bare cost of the same fsyncs and renames, of files of the same sizes: a copy of
every file in the archive, and for each lot that goes in together the archive's folder, the write-ahead log as long as
the merge of a lot leaves it, and as much in the file of the store. The floor of packing is
that of merging: one upsert of the same rows.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.exchange.lots import TOGETHER
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.filesafe import fsync_folder
from gridworker.store.log.clock import MS_SHIFT, device
from gridworker.store.log.log import chunks
from gridworker.store.streams import Exchange as Tables
from gridworker.sync.format.keys import DeviceKeys, new_recovery
from tests.benchmarks import jobs, merge
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.builders import make_store

if TYPE_CHECKING:
    from gridworker.store.store import Store

ROUNDS = 5
BUNDLES = 500
LAPTOP = 2


def measure() -> list[Figure]:
    """The ratios of the medians; rounds are interleaved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles = _prepare(folder)
        logged = _logged(folder, bundles[:TOGETHER])
        smalls, bare = [], []
        for number in range(ROUNDS):
            bare.append(seconds(partial(_sync, bundles, folder / f"bare-{number}", logged)))
            smalls.append(merge.in_copy(folder, partial(merge.merge, bundles)))
    beyond = (statistics.median(smalls) - statistics.median(bare)) / BUNDLES * 1000
    return [
        Figure("500 bundles of 93 changes, indexed", ratio(smalls, bare), "x their fsyncs and renames", 4.0),
        Figure("one of them, beyond these", beyond, "ms"),
        *_packing(),
    ]


def _prepare(folder: Path) -> Sequence[Path]:
    people = jobs.creations(jobs.PEOPLE)
    office = jobs.make_office(folder / "office", people)
    sender = jobs.Sender(office)
    bundles = []
    each = BUNDLES // len(jobs.LAPTOPS)
    for laptop, rows in jobs.by_laptop(jobs.edits([row.record for row in people])).items():
        jobs.hand_out(office, laptop, {row.record for row in rows})
        bundles += [sender.bundle(folder, laptop, part) for part in chunks(rows, -(-len(rows) // each))]
    office.db.checkpoint()
    office.close()
    return bundles


def _logged(folder: Path, lot: Sequence[Path]) -> int:
    """Bytes of the write-ahead log after a lot."""
    sizes = []

    def note(store: "Store", copy: Path) -> None:
        merge.merge(lot, store, copy)
        sizes.append((copy / f"{jobs.FILE}-wal").stat().st_size)

    merge.in_copy(folder, note)
    return sizes[0]


def _sync(bundles: Sequence[Path], folder: Path, logged: int) -> None:
    folder.mkdir()
    for group in chunks(bundles, TOGETHER):
        for bundle in group:
            _write(folder / f"{bundle.name}.part", bundle.read_bytes())
            (folder / f"{bundle.name}.part").replace(folder / bundle.name)
        fsync_folder(folder)
        for part in ("wal", "db"):
            _write(folder / part, b"x" * logged)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _packing() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        merge.prepare(folder)
        shutil.rmtree(folder / "office")
        _prepare_laptop(folder / "office")
        packs, floors = [], []
        for _ in range(ROUNDS):
            floors.append(merge.in_copy(folder, partial(merge.upsert, folder / "merged.db")))
            packs.append(merge.in_copy(folder, _pack))
    return [Figure("packing J1", ratio(packs, floors), "x upsert from attached", 1.0)]


def _prepare_laptop(folder: Path) -> None:
    """A laptop that has handed in all but the changes of J1, all of them its own."""
    people = jobs.creations(jobs.PEOPLE)
    laptop = make_store(folder, laptop=LAPTOP)
    jobs.hire(laptop, "grid_worker")
    jobs.take(laptop, people)
    with laptop.settings() as settings:
        settings.set_secret("device_keys", DeviceKeys.generate().pack())
        settings.set_secret("kit_secret", bytes(16))
        settings.set("recovery_keys", new_recovery().public.pack())
        settings.set("office_keys", DeviceKeys.generate().public.pack())
    _pack(laptop, folder)
    jobs.take(laptop, jobs.edits([row.record for row in people], [LAPTOP]))
    with laptop.db.write() as connection:
        confirmed = jobs.EDITED_AT << MS_SHIFT | device(LAPTOP, 0)
        Tables(raw_cursor(connection)).raise_marks([(device(LAPTOP, 0), confirmed)])
    laptop.db.checkpoint()
    laptop.close()


def _pack(store: "Store", folder: Path) -> None:
    jobs.exchange_of(store, folder).pack(folder / "handed.gwb")
