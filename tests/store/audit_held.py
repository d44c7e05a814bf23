"""The audit under attack: rows altered, removed, exchanged, put in behind the program's back."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.health import freshness
from gridworker.store.health.check import check
from gridworker.store.health.lives import store_state
from gridworker.store.keys.vault import Keys
from gridworker.store.log.journal import Journal
from gridworker.store.store import Store
from gridworker.store.tables.changes import AUDIT, Act
from gridworker.store.tables.layout import table_named
from tests.builders import CHAIN_KEY, DEK, Wall, add, edit, make_store, remove

ACTS, SEARCHES = 12, 3
KEYS = Keys(DEK)


def lived_in(folder: Path) -> None:
    """A closed store with acts of several sorts."""
    store = make_store(folder)
    records = [add(store, "resident", who=7, name=f"陈{number}") for number in range(4)]
    for number in range(ACTS):
        edit(store, "resident", records[number % 3], who=7, note=f"第{number}次")
        store.write([], Act.note("reveal", 7, kind="resident", record=records[0], detail="phones"))
    remove(store, "resident", records[3], who=7)
    for _ in range(SEARCHES):
        store.write([], Act.note("search", 7, detail="number"))
    freshness.advance(Folder(folder), KEYS, store_state(store))
    store.close()


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = Store.open(Database(folder / "store.db", DEK), CHAIN_KEY, wall=Wall())
    try:
        yield store
    finally:
        store.close()


def undetected(count: int, *, seed: int, folder: Path) -> list[str]:
    """The manipulations of ``count`` that are not noticed: by the next check, or as the store is opened next.

    Each begins from the same sound store, in the same file: a copy would be noticed for that alone.
    """
    draw, place = random.Random(seed), Folder(folder / "data")
    lived_in(place.root)
    sound = place.database.read_bytes()
    missed = []
    for _ in range(count):
        place.database.write_bytes(sound)
        way = draw.choice(WAYS)
        with opened(place.root) as store:
            way(store, draw)
            if not (is_behind(place, store) if way in AT_START else is_unsound(store)):
                missed.append(way.__name__)
    return missed


def is_unsound(store: Store) -> bool:
    """Whether the check says so."""
    return any(fault.serious for fault in check(store))


def is_behind(place: Folder, store: Store) -> bool:
    """Whether a start would say so."""
    return freshness.check(place, KEYS, store_state(store)).reason is freshness.Reason.BEHIND


def _audits(store: Store) -> list[tuple[int, bytes]]:
    with store.cursor() as cursor:
        cursor.execute("SELECT clk, vals FROM op WHERE kind = ? ORDER BY clk", (table_named(AUDIT).kind.number,))
        return [(int(clk), bytes(vals)) for clk, vals in cursor.fetchall()]


def _run(store: Store, statement: str, *values: object) -> None:
    with store.db.write() as connection:
        assert connection.exec_driver_sql(statement, values).rowcount > 0


def one_byte(store: Store, draw: random.Random) -> None:
    """Another letter somewhere in what was logged."""
    clk, vals = draw.choice(_audits(store))
    bent = bytearray(vals)
    bent[draw.randrange(len(bent))] ^= 1 << draw.randrange(8)
    _run(store, "UPDATE op SET vals = ? WHERE clk = ?", bytes(bent), clk)


def no_bytes(store: Store, draw: random.Random) -> None:
    """What was logged has become a text that is none."""
    clk, vals = draw.choice(_audits(store))
    _run(store, "UPDATE op SET vals = CAST(? AS TEXT) WHERE clk = ?", b"\xff" + vals, clk)


def taken_out(store: Store, draw: random.Random) -> None:
    """A row gone from log and table."""
    clk, _ = draw.choice(_audits(store))
    _run(store, "DELETE FROM op WHERE clk = ?", clk)
    _run(store, f"DELETE FROM {AUDIT} WHERE id = ?", clk)


def act_taken_out(store: Store, draw: random.Random) -> None:
    """A whole act gone: its link, its ops, its row."""
    with store.cursor() as cursor:
        links = list(Journal(cursor, CHAIN_KEY).links())
    link = draw.choice(links)
    _run(store, "DELETE FROM batch WHERE no = ?", link.no)
    for clk in link.op_clks:
        _run(store, "DELETE FROM op WHERE clk = ?", clk)
    _run(store, f"DELETE FROM {AUDIT} WHERE id = ?", link.op_clks[-1])


def end_cut_off(store: Store, draw: random.Random) -> None:
    """The newest acts gone, which changed no record: their links, their ops, their rows."""
    with store.cursor() as cursor:
        links = list(Journal(cursor, CHAIN_KEY).links())
    for link in links[-draw.randrange(1, SEARCHES + 1) :]:
        _run(store, "DELETE FROM batch WHERE no = ?", link.no)
        _run(store, "DELETE FROM op WHERE clk = ?", link.op_clks[-1])
        _run(store, f"DELETE FROM {AUDIT} WHERE id = ?", link.op_clks[-1])


def end_cut_off_with_its_count(store: Store, draw: random.Random) -> None:
    """The same, and the count of what was written here lowered with it: the mark outside the store knows better."""
    end_cut_off(store, draw)
    _run(store, "UPDATE newest SET clk = (SELECT max(clk) FROM op) WHERE device = ?", store.identity.device)


def exchanged(store: Store, draw: random.Random) -> None:
    """Two rows say what the other said."""
    (one, first), (two, second) = draw.sample(_audits(store), 2)
    if first == second:
        one_byte(store, draw)
        return
    _run(store, "UPDATE op SET vals = ? WHERE clk = ?", second, one)
    _run(store, "UPDATE op SET vals = ? WHERE clk = ?", first, two)


def links_exchanged(store: Store, draw: random.Random) -> None:
    """Two acts change places in the journal."""
    with store.cursor() as cursor:
        numbers = [link.no for link in Journal(cursor, CHAIN_KEY).links()]
    one, two = draw.sample(numbers, 2)
    for before, after in ((one, -1), (two, one), (-1, two)):
        _run(store, "UPDATE batch SET no = ? WHERE no = ?", after, before)


def put_in(store: Store, draw: random.Random) -> None:
    """A row nobody's act wrote."""
    clk, vals = draw.choice(_audits(store))
    _run(store, "INSERT INTO op SELECT ?, kind, ?, what, author, ? FROM op WHERE clk = ?", clk + 1, clk + 1, vals, clk)


def table_bent(store: Store, draw: random.Random) -> None:
    """The table says something else than the log."""
    clk, _ = draw.choice(_audits(store))
    column, value = draw.choice((("staff_id", 9), ("action", "login"), ("record", 3), ("count", 77), ("at", "2020")))
    _run(store, f'UPDATE {AUDIT} SET "{column}" = ? WHERE id = ?', value, clk)


def table_row_out(store: Store, draw: random.Random) -> None:
    """The table lacks what the log has."""
    clk, _ = draw.choice(_audits(store))
    _run(store, f"DELETE FROM {AUDIT} WHERE id = ?", clk)


def other_act(store: Store, draw: random.Random) -> None:
    """The journal calls an act by another name, or lets another person have done it."""
    with store.cursor() as cursor:
        numbers = [link.no for link in Journal(cursor, CHAIN_KEY).links()]
    column, value = draw.choice((("act", "note:login"), ("author", 99), ("at", 1)))
    _run(store, f"UPDATE batch SET {column} = ? WHERE no = ?", value, draw.choice(numbers))


WAYS: tuple[Callable[[Store, random.Random], None], ...] = (
    one_byte, no_bytes, taken_out, act_taken_out, end_cut_off, end_cut_off_with_its_count, exchanged, links_exchanged,
    put_in, table_bent, table_row_out, other_act,
)  # fmt: skip
AT_START = (end_cut_off_with_its_count,)
"""What looks sound in itself."""
