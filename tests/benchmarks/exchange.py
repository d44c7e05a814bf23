"""Merging 10,000 field edits from one bundle file to durable, against one upsert from an attached table."""

import shutil
import tempfile
from pathlib import Path

from gridworker.app.demo import fill
from gridworker.app.workspace import Workspace
from gridworker.store.changes import Change
from gridworker.store.database import raw_cursor
from tests.benchmarks.figures import Figure, ratio, seconds
from tests.benchmarks.offices import PASSPHRASE, new_laptop, new_office

EDITS = 10_000
PEOPLE = 11_000
ROUNDS = 5


def measure() -> list[Figure]:
    """The ratio of the medians; each round merges into a fresh copy of the office."""
    merges, floors = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle, size = _prepare(folder)
        for number in range(ROUNDS):
            copy = folder / f"office-{number}"
            shutil.copytree(folder / "office", copy)
            office = _open(copy)
            floors.append(_floor(office))
            merges.append(seconds(lambda o=office: o.exchange.merge(bundle)))
            office.close()
    return [
        Figure("merge of 10,000 field edits, file to durable", ratio(merges, floors), "x upsert from attached", 5.0),
        Figure("bundle size", size / EDITS, "bytes per edit"),
    ]


def _open(folder: Path) -> Workspace:
    from gridworker.store.kdf import CHEAP

    return Workspace.open(folder, PASSPHRASE, profile=CHEAP)


def _prepare(folder: Path) -> tuple[Path, int]:
    """An office and a laptop with the same residents, and the laptop's bundle of edits."""
    office = new_office(folder / "office")
    grid = office.devices.add_grid("网格")
    fill(office.session, [grid], people=PEOPLE, seed=2)
    laptop = new_laptop(office, folder / "laptop", [grid])
    residents = laptop.records.page("resident", limit=EDITS)
    changes = [
        Change("resident", one.id, {"note": f"住户说周{at % 5 + 1}上午在家"}) for at, one in enumerate(residents)
    ]
    laptop.session.write(changes, "edit")
    bundle = laptop.exchange.pack(folder)
    office.session.store.db.checkpoint()
    office.close()
    laptop.close()
    return bundle, bundle.stat().st_size


def _floor(office: Workspace) -> float:
    """The same rows, whole, from an attached encrypted table, in one durable transaction."""
    db = office.session.store.db
    attached = office.session.folder.root / "floor.db"
    columns = ["id", *office.records.kind("resident").kind.specs]
    names = ", ".join(columns)
    updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    key = office.session.keys.dek.hex()
    with db.write() as connection:
        cursor = raw_cursor(connection)
        cursor.execute("CREATE TABLE floor_target AS SELECT * FROM resident")
        cursor.execute("CREATE UNIQUE INDEX floor_id ON floor_target (id)")
    raw = db._connect(query_only=False)  # the floor needs a connection of the same making
    raw.execute(f"ATTACH DATABASE '{attached}' AS floor KEY \"x'{key}'\"")
    raw.execute(f"CREATE TABLE floor.source AS SELECT {names} FROM main.resident LIMIT {EDITS}")

    def upsert() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            f"INSERT INTO main.floor_target ({names}) SELECT {names} FROM floor.source WHERE true "
            f"ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        raw.execute("COMMIT")

    taken = seconds(upsert)
    raw.execute("DROP TABLE main.floor_target")
    raw.close()
    return taken
