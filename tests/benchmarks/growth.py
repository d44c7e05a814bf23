"""How a merge grows with the store: 1,000 changes from one bundle file, into 1,000,000 records and into 10,000.

The large store is made once and kept under ``build/``; every run merges other changes into it. Both merges begin with
an empty page cache and end durable, the search index refreshed.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from gridworker.store.log.clock import Clock, device
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow
from gridworker.store.search import search
from gridworker.store.streams import Exchange as Tables
from tests.benchmarks import jobs, stores
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.builders import make_store

if TYPE_CHECKING:
    from gridworker.store.store import Store

FEW, MANY, CHANGES = 10_000, 1_000_000, 1_000
ROUNDS = 5
PART = 50_000
LAPTOP = 2
NOTE = 13


def measure() -> list[Figure]:
    """The ratio of the medians; rounds are interleaved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = _store(folder / "few", FEW), _kept()
        taken: dict[tuple[Path, bool], list[float]] = defaultdict(list)
        for number in range(ROUNDS):
            for store in (few, many):
                for index in (False, True):
                    taken[store, index].append(_merge(folder, store, 2 * number + index, index=index))
    bare, indexed = (ratio(taken[many, index], taken[few, index]) for index in (False, True))
    return [
        Figure("1,000 changes into 1,000,000 records", bare, "x into 10,000 records", 1.5),
        Figure("the same with the search index", indexed, "x into 10,000 records"),
    ]


def _kept() -> Path:
    folder = stores.BUILD / f"growth-{MANY}-{stores.made_with()}"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _store(folder, MANY)
        (folder / "whole").touch()
    return folder


def _store(folder: Path, people: int) -> Path:
    """An office with so many residents, all of them on one laptop."""
    office = make_store(folder)
    for start in range(0, people, PART):
        rows = jobs.creations(min(PART, people - start), start)
        jobs.take(office, rows)
        jobs.hand_out(office, LAPTOP, {row.record for row in rows})
    office.db.checkpoint()
    office.close()
    return folder


def _merge(folder: Path, store: Path, number: int, *, index: bool) -> float:
    """Pack and merge changes of a thousand residents."""
    office = jobs.open_store(store)
    bundle = jobs.Sender(office, [LAPTOP]).bundle(folder, LAPTOP, _edits(office, number))
    office.close()
    office = jobs.open_store(store)
    exchange = jobs.exchange_of(office, store)
    with nullcontext() if index else patch.object(search, "refresh", lambda *_: None):
        taken = seconds(lambda: exchange.merge(bundle))
    if exchange.trips(1)[0].aside:
        raise RuntimeError("not all of it went in")
    office.close()
    return taken


def _edits(office: "Store", number: int) -> Sequence[OpRow]:
    clock = Clock(device(LAPTOP, 0))
    with office.cursor() as cursor:
        held = sorted(Tables(cursor).held(LAPTOP))
        chosen = sorted(Random(number).sample(held, CHANGES))
        heads = Log(cursor).heads(chosen)
    return [
        jobs.edit(clock.next(), record, [Edit(NOTE, f"第{at}次上门", (*heads_of(heads[record], record, NOTE),))])
        for at, record in enumerate(chosen)
    ]
