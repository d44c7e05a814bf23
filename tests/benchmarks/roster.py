"""Importing a ledger of 20,000 rows, against reading it with calamine and inserting the same rows.

The same rows are those that the import stores: people, households and doors in tables of the same schema, with their
indexes, by ``executemany`` in one transaction of the same encrypted engine. As exchange.py and merge.py count it. What
no floor has is the log, the heads, the search index, the journal and the looks that a preview takes. Beside it stands
the same against the lines of the ledger, put as they are into one table without an index.

And one of ten times as many, once, in a process of its own: how time grows with the rows, and what memory it takes.
"""

import multiprocessing
import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from python_calamine import CalamineWorkbook

from gridworker.app.demo.people import Invented
from gridworker.app.demo.tour import HEADERS, RELATIONS, SEX
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.sheets.write import Table, write_table
from gridworker.store.engine.database import Database, raw_cursor
from tests.benchmarks.figures import Figure, added, ratio, seconds
from tests.benchmarks.offices import new_office

ROWS = 20_000
TIMES = 10
ROUNDS = 3
UNIT, LINES = "x calamine + executemany", "x calamine + executemany of lines"
STORED = ("building", "dwelling", "household", "resident", "household_member", "care_membership")
"""The kinds of records that a ledger makes."""


def write_ledger(path: Path, rows: int = ROWS) -> None:
    """A ledger of invented people, three units of seven floors to a building."""
    families = Invented(3, date(2026, 3, 18)).families()
    lines: list[list[str | int | None]] = []
    for door, family in enumerate(families):
        if len(lines) >= rows:
            break
        building, place = divmod(door, 42)
        where = [str(building + 1), str(place % 3 + 1), f"{place // 6 + 1}{place % 2 + 1:02d}"]
        lines += [
            [one.name, SEX[one.sex], one.id_number, RELATIONS[one.relation], one.phone, *where, one.tags, None]
            for one in family.people
        ]
    write_table(path, Table("居民台账", HEADERS, lines[:rows]))


def measure() -> list[Figure]:
    """The ratio of the medians; rounds are interleaved."""
    imports, floors, lines = [], [], []
    behind: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = folder / "ledger.xlsx"
        write_ledger(ledger)
        for number in range(ROUNDS):
            lines.append(_lines(folder / f"lines-{number}", ledger))
            office = new_office(folder / f"office-{number}")
            grid = office.devices.add_grid("网格")
            imports.append(seconds(partial(_import, office, grid, ledger)))
            behind.append(seconds(office.session.store.db.checkpoint))
            stored = _stored(office)
            office.close()
            floors.append(_floor(folder / f"floor-{number}", ledger, stored))
        one, _ = _alone(folder / "one", ledger)
        large = folder / "large.xlsx"
        write_ledger(large, ROWS * TIMES)
        many, memory = _alone(folder / "many", large)
    return [
        Figure("import of a 20,000-row ledger", ratio(imports, floors), UNIT, 3.0),
        Figure("the same, until all is in the file", ratio(added(imports, behind), floors), UNIT),
        Figure("the same, of the bare lines of the ledger", ratio(imports, lines), LINES, 3.0),
        Figure("import of a 200,000-row ledger", many / one / TIMES, "x ten times the 20,000-row one", 1.2),
        Figure("peak memory of importing 200,000 rows", memory, "MiB", 300),
    ]


def _alone(folder: Path, ledger: Path) -> tuple[float, float]:
    """Seconds and peak MiB of an import in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_import_alone, (folder, ledger))


def _import_alone(folder: Path, ledger: Path) -> tuple[float, float]:
    office = new_office(folder)
    grid = office.devices.add_grid("网格")
    taken = seconds(partial(_import, office, grid, ledger))
    office.close()
    status = Path("/proc/self/status").read_text()  # not ru_maxrss: a child begins with that of its parent
    return taken, int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def _import(office: Workspace, grid: int, ledger: Path) -> None:
    office.rosters.save(office.rosters.preview(ledger, grid))


def _stored(office: Workspace) -> dict[str, list[Sequence[Value]]]:
    """What an import wrote, by kind."""
    with office.session.store.cursor() as cursor:
        found = {}
        for kind in STORED:
            cursor.execute(f'SELECT * FROM "{kind}"')
            found[kind] = cursor.fetchall()
    return found


def _floor(folder: Path, ledger: Path, stored: Mapping[str, Sequence[Sequence[Value]]]) -> float:
    """Read the ledger and insert these rows into the tables of a new office."""
    office = new_office(folder)

    def read_and_insert() -> None:
        CalamineWorkbook.from_path(str(ledger)).get_sheet_by_index(0).to_python()
        with office.session.store.db.write() as connection:
            cursor = raw_cursor(connection)
            for kind, rows in stored.items():
                cursor.executemany(f'INSERT INTO "{kind}" VALUES ({", ".join("?" * len(rows[0]))})', rows)

    taken = seconds(read_and_insert)
    office.close()
    return taken


def _lines(folder: Path, ledger: Path) -> float:
    """Read the ledger and insert its lines as they are into a table of their own, which has no index."""
    folder.mkdir()
    db = Database(folder / "floor.db", b"k" * 32, create=True)
    with db.write() as connection:
        columns = ", ".join(f"c{at} TEXT" for at in range(len(HEADERS)))
        connection.exec_driver_sql(f"CREATE TABLE ledger (id INTEGER PRIMARY KEY, {columns})")

    def read_and_insert() -> None:
        rows = CalamineWorkbook.from_path(str(ledger)).get_sheet_by_index(0).to_python()
        width = len(HEADERS)
        marks = ", ".join("?" * width)
        with db.write() as connection:
            raw_cursor(connection).executemany(
                f"INSERT INTO ledger ({', '.join(f'c{at}' for at in range(width))}) VALUES ({marks})",
                [(list(map(str, row)) + [None] * width)[:width] for row in rows],
            )

    taken = seconds(read_and_insert)
    db.close()
    return taken
