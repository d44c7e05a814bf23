"""J1 (jobs.py) by two engines that merge SQLite files, where they are installed: the session extension and geodiff.

Neither encrypts, so they are held against one upsert from an attached table in plain SQLite, and neither keeps the
history nor the other value of a conflict. What every laptop hands in, its changeset, is made before the clock starts.
All go from files to durable: write-ahead log, ``synchronous=FULL``.

geodiff (``pygeodiff`` 2.3) stops at 848 of the rows that two laptops changed, also where each changeset is rebased by
geodiff itself on all that came before it. It is given the changes without the 1,500 in conflict.
"""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from gridworker.store.log.op import unpack_create, unpack_edits
from tests.benchmarks import jobs
from tests.benchmarks.figures import Figure, ratio, seconds

ROUNDS = 3
COLUMNS = [f"c{number}" for number in jobs.TEXTS]


class _Engine(Protocol):
    """``package`` is what has to be installed; ``decides`` whether it can take two values of one field."""

    package: str
    what: str
    decides: bool

    def make(self, base: Path, part: Path, changeset: Path) -> None:
        """The changeset of a laptop, from its edits."""

    def merge(self, changesets: Sequence[Path], target: Path) -> None:
        """Apply them one after the other."""


class _Session:
    """Of two values of a field the one that comes later is kept; all changesets in one transaction."""

    package, what, decides = "apsw", "SQLite's session extension, in clear", True

    def __init__(self) -> None:
        self._apsw: Any = import_module(self.package)

    def make(self, base: Path, part: Path, changeset: Path) -> None:
        connection = self._apsw.Connection(str(shutil.copy(base, changeset.with_suffix(".edited"))))
        session = self._apsw.Session(connection, "main")
        session.attach()
        _apply(connection, part)
        changeset.write_bytes(session.changeset())
        connection.close()

    def merge(self, changesets: Sequence[Path], target: Path) -> None:
        connection = self._apsw.Connection(str(target))
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", 2)
        with connection:
            for path in changesets:
                self._apsw.Changeset.apply(path.read_bytes(), connection, conflict=self._decide)
        connection.close()

    def _decide(self, reason: int, _change: object) -> int:
        replaceable = self._apsw.SQLITE_CHANGESET_DATA, self._apsw.SQLITE_CHANGESET_CONFLICT
        chosen = self._apsw.SQLITE_CHANGESET_REPLACE if reason in replaceable else self._apsw.SQLITE_CHANGESET_OMIT
        return int(chosen)


class _Geodiff:
    """Each changeset in a transaction of its own."""

    package, what, decides = "pygeodiff", "geodiff, in clear and without its conflicts", False

    def __init__(self) -> None:
        self._geodiff: Any = import_module(self.package).GeoDiff()

    def make(self, base: Path, part: Path, changeset: Path) -> None:
        edited = Path(shutil.copy(base, changeset.with_suffix(".edited")))
        connection = sqlite3.connect(edited)
        _apply(connection, part)
        connection.commit()
        connection.close()
        self._geodiff.create_changeset(str(base), str(edited), str(changeset))

    def merge(self, changesets: Sequence[Path], target: Path) -> None:
        connection = sqlite3.connect(target)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        if any(self._geodiff.apply_changeset(str(target), str(path)) for path in changesets):
            raise RuntimeError("geodiff left something out")


def measure() -> list[Figure]:
    """The ratios of the medians; an engine that is not installed is named and left out."""
    engines: list[_Engine] = []
    for engine in (_Session, _Geodiff):
        if find_spec(engine.package):
            engines.append(engine())
        else:
            sys.stderr.write(f"{engine.package} is not installed: J1 is not merged by {engine.what}\n")
    return [_measured(engine) for engine in engines]


def _measured(engine: _Engine) -> Figure:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        changesets = []
        for part in _prepare(folder, conflicts=engine.decides):
            changesets.append(part.with_suffix(".changeset"))
            engine.make(folder / "base.db", part, changesets[-1])
        floors, merges = [], []
        for _ in range(ROUNDS):
            floors.append(_in_copy(folder, partial(_upsert, folder / "merged.db")))
            merges.append(_in_copy(folder, partial(engine.merge, changesets)))
    return Figure(f"J1 by {engine.what}", ratio(merges, floors), "x its own upsert")


def _prepare(folder: Path, *, conflicts: bool) -> list[Path]:
    """The base, what each laptop makes of it as statements, and the rows after all of them.

    Without ``conflicts`` a resident is only what the first of the laptops makes of it.
    """
    people = jobs.creations(jobs.PEOPLE)
    with sqlite3.connect(folder / "base.db") as connection:
        connection.execute(f"CREATE TABLE resident (id INTEGER PRIMARY KEY, {' TEXT, '.join(COLUMNS)} TEXT)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        cells = [(row.record, *unpack_create(row.vals).values()) for row in people]
        connection.executemany(f"INSERT INTO resident VALUES ({marks})", cells)
    connection.close()
    parts, taken = [], set[int]()
    for laptop, rows in jobs.by_laptop(jobs.edits([row.record for row in people])).items():
        part = folder / f"{laptop}.edits.db"
        with sqlite3.connect(part) as connection:
            connection.execute("CREATE TABLE edit (field INTEGER, value TEXT, record INTEGER)")
            kept = [row for row in rows if conflicts or row.record not in taken]
            taken.update(row.record for row in kept)
            edits = [(one.field, one.value, row.record) for row in kept for one in unpack_edits(row.record, row.vals)]
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
