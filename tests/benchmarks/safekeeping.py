"""A verified backup against a plain, durable copy of the file; a durable save against a bare one-row transaction."""

import os
import shutil
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.paths import Folder
from gridworker.store.backup import Source, back_up
from gridworker.store.changes import Act, Change
from gridworker.store.connection import connect
from gridworker.store.database import Database
from gridworker.store.kdf import CHEAP
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.benchmarks.stores import BUILD, PEOPLE, keys_of, large_office

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

ROUNDS = 5
SAVES = 60
COUNT = int(os.environ.get("GRIDWORKER_PEOPLE", str(PEOPLE)))
NOW = datetime(2026, 3, 18, 1, 42, tzinfo=UTC)


def measure() -> list[Figure]:
    """The ratios of the medians; rounds are interleaved."""
    folder = large_office(COUNT)
    keys = keys_of(folder)
    place = BUILD / "place"
    with closing(Store.open(Database(folder / "store.db", keys.dek), keys.derive("chain"))) as store:
        source = Source(store, Folder(folder), keys, CHEAP)
        backups, copies = [], []
        for _ in range(ROUNDS):
            copies.append(seconds(partial(_copy, folder / "store.db", BUILD / "copy.db")))
            backups.append(seconds(partial(back_up, source, place, NOW)))
            shutil.rmtree(place)
        saves, bares = _saving(store, keys.dek)
    return [
        Figure(f"backup of {COUNT} people, verified", ratio(backups, copies), "x durable file copy", 3.0),
        Figure("durable save of one record", ratio(saves, bares), "x bare one-row transaction", 1.5),
    ]


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing, 1 << 20)
        writing.flush()
        os.fsync(writing.fileno())
    target.unlink()


def _saving(store: Store, dek: bytes) -> tuple[list[float], list[float]]:
    """A visit note saved through the one write path, and a row as large in a table of its own in the same engine."""
    path = BUILD / "bare.db"
    path.unlink(missing_ok=True)
    saves, bares = [], []
    person = store.new_id()
    values = kind_named("resident").checked({"name": "陈桂芳", "status": "in_place"})
    store.write([Change("resident", person, values, create=True)], Act("create", person))
    with closing(connect(path, dek, query_only=False)) as bare:
        bare.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)")
        for number in range(SAVES):
            change = Change("resident", person, {"note": f"第{number}次上门，人不在家，邻居说在女儿那边"})
            bares.append(seconds(partial(_bare, bare, number)))
            saves.append(seconds(partial(store.write, [change], Act("edit", person))))
    path.unlink()
    return saves, bares


def _bare(connection: "driver.Connection", number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t (note) VALUES (?)", (f"第{number}次上门，人不在家，邻居说在女儿那边",))
    connection.execute("COMMIT")
