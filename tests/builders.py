"""Stores and records for tests: quick to make, invented, with a clock that the test holds.

``make_store`` gives a store with a fixed key and no passphrase, so no key derivation; the rest is the real thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gridworker.record import Value
from gridworker.store.engine.database import Database
from gridworker.store.intake.transaction import Commit
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, OpRow
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE, Identity
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act, Change

DEK = bytes(range(32))
CHAIN_KEY = bytes(range(32, 64))
COMMUNITY = "420202001001"
MORNING = 195_000_000_000
"""Milliseconds since 2020: 6 March 2026, 22:40 UTC."""


@dataclass
class Wall:
    """A wall clock that goes on by itself a little with every look, and jumps where the test says."""

    now: int = MORNING
    step: int = 1000

    def __call__(self) -> int:
        """Milliseconds since 2020."""
        self.now += self.step
        return self.now


def make_store(
    folder: Path, *, laptop: int = 0, incarnation: int = 0, role: str | None = None, wall: Wall | None = None
) -> Store:
    """A new store in ``folder``. Laptop 0 is the office. ``staff_of`` names the person working in it."""
    db = Database(folder / "store.db", DEK, create=True)
    identity = Identity(role or (FIELD_ROLE if laptop else OFFICE_ROLE), COMMUNITY, laptop, incarnation)
    return Store.create(db, CHAIN_KEY, identity, wall=wall or Wall())


def reopen(store: Store, folder: Path, wall: Wall | None = None) -> Store:
    """The same store after it was closed."""
    store.close()
    return Store.open(Database(folder / "store.db", DEK), CHAIN_KEY, wall=wall or Wall())


def add(store: Store, kind: str, who: int = 0, **values: object) -> int:
    """Make a record through its kind's own checks, with what it requires filled in. Returns its id."""
    record = store.new_id()
    store.write([new(store, kind, record, **values)], Act("create", who or record))
    return record


def new(store: Store, kind: str, record: int | None = None, **values: object) -> Change:
    """The change that makes a record."""
    checked = kind_named(kind).checked({**REQUIRED.get(kind, {}), **values})
    return Change(kind, store.new_id() if record is None else record, checked, create=True)


def edit(store: Store, kind: str, record: int, who: int = 1, **values: Value) -> Commit:
    """Set fields of a record, unchecked."""
    return store.write([Change(kind, record, values)], Act("edit", who))


def resolve(store: Store, kind: str, record: int, who: int = 1, **values: Value) -> Commit:
    """Settle a conflict."""
    return store.write([Change(kind, record, values)], Act("resolve", who, resolve=True))


def remove(store: Store, kind: str, record: int, who: int = 1) -> Commit:
    """Delete a record."""
    return store.write([Change(kind, record, alive=False)], Act("delete", who))


def bring_back(store: Store, kind: str, record: int, who: int = 1) -> Commit:
    """Undo a deletion, whoever made it."""
    return store.write([Change(kind, record, alive=True)], Act("restore", who))


def batches(store: Store, after: int = 0) -> list[tuple[list[OpRow], list[Author]]]:
    """What reached a store, transaction by transaction, as bundles carry it."""
    with store.cursor() as cursor:
        log = Log(cursor)
        people = log.author_table()
        numbers = sorted(people)
        authors = [people[number] for number in numbers]
        found = []
        for link in Journal(cursor, CHAIN_KEY).links(after):
            rows = log.rows(link.op_clks).values()
            found.append(([row._replace(author=numbers.index(row.author)) for row in rows], authors))
        return found


def pour(source: Store, target: Store, after: int = 0) -> Commit:
    """Take everything of one store into another, as one bundle."""
    found = batches(source, after)
    rows = [row for rows, _ in found for row in rows]
    return take(target, rows, found[-1][1] if found else [])


def take(store: Store, rows: Iterable[OpRow], authors: list[Author] | None = None, who: int = 1) -> Commit:
    """Take ops into a store."""
    act = Act("merge", who, always=True)
    return store.apply(Incoming(rows, authors if authors is not None else [Author(who, 0)], act, b"bundle"))


REQUIRED: dict[str, dict[str, object]] = {
    "community": {"code": COMMUNITY, "name": "花湖社区"},
    "grid": {"name": "第一网格"},
    "staff": {"name": "周敏", "role": "grid_worker"},
    "resident": {"name": "陈建国", "status": "in_place"},
    "household": {"status": "active"},
}
"""Values of the fields a kind requires, where a test says nothing of them."""
