"""Merging 10,000 field edits from one bundle file to durable, against one upsert from an attached table.

The edits are of 10,000 residents picked at random out of 100,000, as they come in from a whole community; the floor
writes the same rows, whole, in one durable transaction of the same encrypted engine.
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path
from random import Random

from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import Clock
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.scope.spans import Spans
from gridworker.store.streams import Exchange, Stream
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.header import Header
from gridworker.sync.format.parts import Purpose
from gridworker.sync.post import Post
from tests.benchmarks import stores
from tests.benchmarks.figures import Figure, ratio, seconds

EDITS = 10_000
ROUNDS = 5
NOTE = 13
RESIDENT = 6


def measure() -> list[Figure]:
    """The ratio of the medians; each round edits other residents."""
    merges, floors, sizes = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(stores.large_office(), folder / "office")
        office = stores.open_workspace(folder / "office")
        residents = _all_residents(office)
        clock = Clock(stores.LAPTOP)
        _make_floor(office)
        _hand_out(office)
        for number in range(1, ROUNDS + 1):
            edited = Random(number).sample(residents, EDITS)
            bundle = folder / f"01-{number}-{number:08x}.gwb"
            bundle.write_bytes(_bundle(office, clock, number, edited))
            sizes.append(bundle.stat().st_size)
            floors.append(_floor(office, edited))
            merges.append(seconds(partial(office.exchange.merge, bundle)))
        office.close()
    return [
        Figure("merge of 10,000 field edits, file to durable", ratio(merges, floors), "x upsert from attached", 5.0),
        Figure("bundle of 10,000 field edits", max(sizes) / EDITS, "bytes per edit"),
    ]


def _all_residents(office: Workspace) -> list[int]:
    with office.session.store.db.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM resident ORDER BY id")]


def _hand_out(office: Workspace) -> None:
    """The laptop got the records of its grids with a reply and confirmed it, as one that edits them has."""
    with office.session.store.db.write() as connection:
        grids = grids_of(connection, 1)
        Exchange(raw_cursor(connection)).save_stream(Stream(1, scope=1))
        Spans(raw_cursor(connection), 1).begin(1, 0, sorted(in_scope(connection, grids, 1)), grids)


def _bundle(office: Workspace, clock: Clock, number: int, edited: list[int]) -> bytes:
    """What a laptop would hand in after so many edits."""
    rows = []
    for at, record in enumerate(sorted(edited)):
        edit = Edit(NOTE, f"住户说周{at % 5 + 1}上午在家，电话不通就敲门（{at}）", (_head(office, record),))
        rows.append(OpRow(clock.next(), RESIDENT, record, int(What.EDIT), 0, pack_edits(record, [edit])))
    header = Header(
        purpose=Purpose.BUNDLE, community=stores.COMMUNITY, sender=stores.LAPTOP, recipient=0, n=number,
        time="2026-03-18T09:42:00Z", since=0, upto=rows[-1].clk, scope=1,
    )  # fmt: skip
    keys = stores.laptop_keys()
    recipient = Post(office.session.store, office.session.folder, office.session.who).keys.recipient
    return write_bundle(Contents(header, rows, [Author(office.session.who, 1)]), keys, [recipient]).data


def _head(office: Workspace, record: int) -> int:
    with office.session.store.db.read() as connection:
        from gridworker.store.log.heads import heads_of
        from gridworker.store.log.log import Log

        return heads_of(Log(raw_cursor(connection)).heads([record])[record], record, NOTE)[-1]


def _make_floor(office: Workspace) -> None:
    with office.session.store.db.write() as connection:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 'resident'").scalar_one()
        connection.exec_driver_sql(made.replace("CREATE TABLE resident", "CREATE TABLE floor_target"))
        connection.exec_driver_sql("INSERT INTO floor_target SELECT * FROM resident")


def _floor(office: Workspace, edited: list[int]) -> float:
    """The same rows, whole, from an attached encrypted table, in one durable transaction."""
    folder = office.session.folder.root
    columns = ["id", *office.records.kind("resident").kind.specs]
    names = ", ".join(columns)
    updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    raw = office.session.store.db._connect(query_only=False)  # the floor needs a connection of the same making
    attached = folder / f"floor-{edited[0]}.db"
    raw.execute(f"ATTACH DATABASE '{attached}' AS floor KEY \"x'{office.session.keys.dek.hex()}'\"")
    wanted = ",".join(map(str, edited))
    raw.execute(f"CREATE TABLE floor.source AS SELECT {names} FROM main.resident WHERE id IN ({wanted})")
    raw.execute("UPDATE floor.source SET note = '住户说周三上午在家，电话不通就敲门' || id")

    def upsert() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            f"INSERT INTO main.floor_target ({names}) SELECT {names} FROM floor.source WHERE true "
            f"ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        raw.execute("COMMIT")

    taken = seconds(upsert)
    raw.close()
    return taken
