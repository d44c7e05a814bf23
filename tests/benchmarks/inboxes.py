"""The store of an office with very much that waits for a person: conflicts, pairs, changes set aside, a log of years.

Made once and kept under ``build/``, like those of ``stores.py``.
"""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.paths import Folder
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.audit_row import Done, audit_row
from gridworker.store.log.clock import Clock
from gridworker.store.log.op import Author, CreatePacker, Edit, OpRow, What, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.scope.spans import Spans
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange, Stream
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.header import Header
from gridworker.sync.format.parts import Purpose
from gridworker.sync.judging.judge import OUT_OF_SCOPE
from gridworker.sync.post import Post
from tests.benchmarks import stores

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

WAITING, LOGGED = 10_000, 200_000
"""So many of each wait; so many rows are on record."""
BUNDLES = 20
NOTE, RESIDENT, NOTES = 13, 6, "住户说周三上午在家，电话不通就敲门"
_AT_ONCE = 20_000
_ACTS = ("reveal", "search", "export", "login", "edit", "create")


def busy_office() -> Path:
    """The data folder of such an office."""
    folder = stores.BUILD / f"inbox-{WAITING}-{LOGGED}-{stores.made_with()}"
    if not Folder(folder).database.exists():
        made = folder.with_suffix(".part")
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(stores.large_office(people=2 * WAITING), made)
        with closing(stores.open_workspace(made)) as office:
            _fill(office)
            office.session.store.db.checkpoint()
        made.rename(folder)
    return folder


def _fill(office: "Workspace") -> None:
    with office.session.store.db.write() as connection:
        grids = grids_of(connection, 1)
        Exchange(raw_cursor(connection)).save_stream(Stream(1, scope=1))
        Spans(raw_cursor(connection), 1).begin(1, 0, sorted(in_scope(connection, grids, 1)), grids)
        people = [row[0] for row in connection.exec_driver_sql("SELECT id FROM resident ORDER BY id")]
    own, others = people[:WAITING], people[WAITING : 2 * WAITING]
    clock = Clock(stores.LAPTOP)
    twice = _people_again(office, clock, own)
    rows = _noted(clock, own)
    office.session.write([Change("resident", one, {"note": f"办公室{one}"}) for one in own], "edit")
    for number, lot in enumerate((*_lots(rows), twice), start=1):
        bundle = office.session.folder.root.parent / f"01-{number}-{number:08x}.gwb"
        bundle.write_bytes(_bundle(office, number, sorted(lot)))
        office.exchange.merge(bundle)
        bundle.unlink()
    _set_aside(office, _noted(clock, others))
    for begin in range(0, LOGGED, _AT_ONCE):
        _log(office, clock, min(_AT_ONCE, LOGGED - begin), people)


def _lots(rows: Sequence[OpRow]) -> list[Sequence[OpRow]]:
    size = -(-len(rows) // BUNDLES)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _noted(clock: Clock, people: Sequence[int]) -> list[OpRow]:
    """What a laptop wrote on each of them."""
    return [
        OpRow(
            clock.next(), RESIDENT, one, int(What.EDIT), 0,
            pack_edits(one, [Edit(NOTE, f"{NOTES}（{one}）", (one,))]),
        )
        for one in people
    ]  # fmt: skip


def _people_again(office: "Workspace", clock: Clock, people: Sequence[int]) -> list[OpRow]:
    """The same people written down once more."""
    kind, found = kind_named("resident").kind, list[OpRow]()
    packer, known = CreatePacker(kind), office.records
    for one in people:
        values = known.show("resident", one).values
        same = {
            name: values[name]
            for name in ("name", "sex", "status", "birth_date", "phones", "id_number")
            if values[name] is not None
        }
        clk = clock.next()
        found.append(OpRow(clk, kind.number, clk, int(What.CREATE), 0, packer.pack(same)))
    return found


def _set_aside(office: "Workspace", rows: Sequence[OpRow]) -> None:
    """As if the laptop had never held them; by the newest bundles."""
    sources = [bytes.fromhex(trip.hash) for trip in office.exchange.trips(BUNDLES, outgoing=False)]
    with office.session.store.db.write() as connection:
        Exchange(raw_cursor(connection)).set_aside(
            Aside(
                row.clk,
                row.kind,
                row.record,
                row.what,
                office.session.who,
                1,
                row.vals,
                OUT_OF_SCOPE,
                sources[at % len(sources)],
            )
            for at, row in enumerate(rows)
        )


def _bundle(office: "Workspace", number: int, rows: Sequence[OpRow]) -> bytes:
    header = Header(
        purpose=Purpose.BUNDLE, community=stores.COMMUNITY, sender=stores.LAPTOP, recipient=0, n=number,
        time="2026-03-18T09:42:00Z", since=0, upto=rows[-1].clk, scope=1,
    )  # fmt: skip
    session = office.session
    recipient = Post(session.store, session.folder, session.who).keys.recipient
    return write_bundle(Contents(header, rows, [Author(session.who, 1)]), stores.laptop_keys(), [recipient]).data


def _log(office: "Workspace", clock: Clock, count: int, people: Sequence[int]) -> None:
    """What was looked at and done, as it comes with bundles."""
    who = office.session.who
    rows = [
        audit_row(
            clock.next(),
            0,
            Act.note(_ACTS[at % len(_ACTS)], who, kind="resident", record=people[at % len(people)]),
            Done(0),
        )
        for at in range(count)
    ]
    office.session.store.apply(Incoming(rows, [Author(who, 1)], Act("merge", who, always=True), b"log"))
