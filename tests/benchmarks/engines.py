"""J1 (jobs.py) by the session extension of SQLite, where ``apsw`` is installed.

It does not encrypt, so it is held against one upsert from an attached table in plain SQLite, and it keeps neither the
history nor the other value of a conflict. What every laptop hands in, its changeset, is made before the clock starts.
Both go from files to durable: write-ahead log, ``synchronous=FULL``.

geodiff (``pygeodiff`` 2.3) is not in the table: it stops at 848 of the rows that two laptops changed, also where each
changeset is rebased by geodiff itself on all that came before it.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gridworker.store.op import unpack_create, unpack_edits
from tests.benchmarks import jobs
from tests.benchmarks.figures import Figure, ratio, seconds

ROUNDS = 3
COLUMNS = [f"c{number}" for number in jobs.TEXTS]


def measure() -> list[Figure]:
    """The ratios of the medians."""
    if not find_spec("apsw"):
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        session = _Session(folder, _prepare(folder))
        floors, merges = [], []
        for _ in range(ROUNDS):
            floors.append(_in_copy(folder, partial(_upsert, folder / "merged.db")))
            merges.append(_in_copy(folder, session.merge))
    return [Figure("J1 by SQLite's session extension, in clear", ratio(merges, floors), "x its own upsert")]


class _Session:
    """Changesets applied one after the other; of two values of a field the one that comes later is kept."""

    def __init__(self, folder: Path, parts: Sequence[Path]) -> None:
        self._apsw: Any = import_module("apsw")
        self._changesets = []
        for part in parts:
            copy = Path(shutil.copy(folder / "base.db", folder / "edited.db"))
            connection = self._apsw.Connection(str(copy))
            session = self._apsw.Session(connection, "main")
            session.attach()
            _apply(connection, part)
            path = part.with_suffix(".changeset")
            path.write_bytes(session.changeset())
            self._changesets.append(path)
            connection.close()

    def merge(self, target: Path) -> None:
        """All of them in one transaction."""
        connection = self._apsw.Connection(str(target))
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", 2)
        with connection:
            for path in self._changesets:
                self._apsw.Changeset.apply(path.read_bytes(), connection, conflict=self._decide)
        connection.close()

    def _decide(self, reason: int, _change: object) -> int:
        replaceable = self._apsw.SQLITE_CHANGESET_DATA, self._apsw.SQLITE_CHANGESET_CONFLICT
        chosen = self._apsw.SQLITE_CHANGESET_REPLACE if reason in replaceable else self._apsw.SQLITE_CHANGESET_OMIT
        return int(chosen)


def _prepare(folder: Path) -> list[Path]:
    """The base, what each laptop makes of it as statements, and the rows after all of them."""
    people = jobs.creations(jobs.PEOPLE)
    with sqlite3.connect(folder / "base.db") as connection:
        connection.execute(f"CREATE TABLE resident (id INTEGER PRIMARY KEY, {' TEXT, '.join(COLUMNS)} TEXT)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        cells = [(row.record, *unpack_create(row.vals).values()) for row in people]
        connection.executemany(f"INSERT INTO resident VALUES ({marks})", cells)
    connection.close()
    parts = []
    for laptop, rows in jobs.by_laptop(jobs.edits([row.record for row in people])).items():
        part = folder / f"{laptop}.edits.db"
        with sqlite3.connect(part) as connection:
            connection.execute("CREATE TABLE edit (field INTEGER, value TEXT, record INTEGER)")
            edits = [(one.field, one.value, row.record) for row in rows for one in unpack_edits(row.record, row.vals)]
            connection.executemany("INSERT INTO edit VALUES (?,?,?)", edits)
        connection.close()
        parts.append(part)
    _keep_merged(folder, parts)
    return parts


def _apply(connection: Any, part: Path) -> None:
    edits = sqlite3.connect(part)
    for field in jobs.FREE:
        rows = edits.execute("SELECT value, record FROM edit WHERE field = ? ORDER BY record", (field,)).fetchall()
        connection.cursor().executemany(f"UPDATE resident SET c{field} = ? WHERE id = ?", rows)
    edits.close()


def _keep_merged(folder: Path, parts: Sequence[Path]) -> None:
    merged = Path(shutil.copy(folder / "base.db", folder / "merged.db"))
    edited: set[tuple[int]] = set()
    with sqlite3.connect(merged) as connection:
        for part in parts:
            _apply(connection, part)
            edits = sqlite3.connect(part)
            edited.update(edits.execute("SELECT record FROM edit"))
            edits.close()
        connection.execute("CREATE TEMP TABLE edited (id INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO edited VALUES (?)", edited)
        connection.execute("DELETE FROM resident WHERE id NOT IN (SELECT id FROM edited)")
    connection.close()


def _upsert(source: Path, target: Path) -> None:
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("ATTACH ? AS merged", (str(source),))
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        f"INSERT INTO resident SELECT * FROM merged.resident WHERE true ON CONFLICT (id) DO UPDATE SET {updates}"
    )
    connection.execute("COMMIT")
    connection.close()


def _in_copy(folder: Path, work: Callable[[Path], None]) -> float:
    copy = Path(shutil.copy(folder / "base.db", folder / "copy.db"))
    taken = seconds(partial(work, copy))
    for name in ("copy.db", "copy.db-wal", "copy.db-shm"):
        (folder / name).unlink(missing_ok=True)
    return taken
