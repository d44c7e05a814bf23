"""What waits for the office's word is counted, listed in part, and asked for by record, however much of it there is."""

import sqlite3
from collections.abc import Iterator
from itertools import chain

import pytest

from gridworker.store.log.op import What
from gridworker.store.log.schema import EXCHANGE
from gridworker.store.streams import RETURNED, Aside, Exchange
from gridworker.store.waiting import Counted, Waiting, Which

A, B = b"\x0a" * 32, b"\x0b" * 32
MANY = 3000


def op(at: int, what: What = What.EDIT, reason: str = "malformed", source: bytes = A, laptop: int = 1) -> Aside:
    """An op that waits; a creation is of the record with the number of its clk."""
    clk = at << 22 | laptop << 6
    return Aside(clk, 6, clk if what == What.CREATE else 7, int(what), 1, 1, b"\x90", reason, source)


RULED = op(1, source=B)._replace(ruling=0)
MADE = [op(at, What.CREATE, "out_of_scope", B, laptop=2) for at in range(10, 20)]
EDITS = [op(at) for at in range(100, 100 + MANY)]
CAME = op(5, reason=RETURNED, source=B)


@pytest.fixture
def cursor() -> Iterator[sqlite3.Cursor]:
    """The table with all of them; the one that was given back has come from elsewhere since."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(EXCHANGE)
    connection.execute("CREATE TABLE op (clk INTEGER PRIMARY KEY)")
    connection.execute("INSERT INTO op VALUES (?)", (CAME.clk,))
    marks = ", ".join("?" * len(Aside._fields))
    connection.executemany(f"INSERT INTO aside VALUES ({marks})", [RULED, *MADE, *EDITS, CAME])
    yield connection.cursor()
    connection.close()


def test_it_is_counted(cursor: sqlite3.Cursor) -> None:
    counts = {Counted(A, "malformed", What.EDIT, MANY), Counted(B, "out_of_scope", What.CREATE, len(MADE))}
    assert set(Waiting(cursor).counts()) == counts


def test_the_first_of_a_bundle(cursor: sqlite3.Cursor) -> None:
    assert Waiting(cursor).first(A, 5) == EDITS[:5]
    assert Waiting(cursor).first(B, 50) == MADE


@pytest.mark.parametrize(
    ("which", "meant"),
    [
        (Which(), [*MADE, *EDITS]),
        (Which([A]), EDITS),
        (Which([A, B], laptop=2), MADE),
        (Which(reason="malformed"), EDITS),
        (Which([]), []),
        (Which([B], reason="malformed"), []),
    ],
)
def test_those_that_are_meant_come_in_portions(cursor: sqlite3.Cursor, which: Which, meant: list[Aside]) -> None:
    waiting, found, after = Waiting(cursor), [], (-1, b"")
    while part := waiting.portion(which, after, 999):
        found.append(part)
        after = part[-1].clk, part[-1].source
    assert list(chain.from_iterable(found)) == meant
    assert waiting.has(which) is bool(meant)


def test_what_was_ruled_on_is_found_by_its_clk(cursor: sqlite3.Cursor) -> None:
    assert Waiting(cursor).among([RULED.clk, CAME.clk, EDITS[7].clk, 12]) == [RULED, EDITS[7]]


def test_records_whose_creation_waits(cursor: sqlite3.Cursor) -> None:
    few, waiting = [MADE[3].record, 7, 12], Waiting(cursor)
    assert waiting.unmade(few) == {MADE[3].record}
    assert waiting.unmade([*few, *range(20, 60)]) == {MADE[3].record}
    assert waiting.unmade([]) == set()


def test_what_was_ruled_on_stays_though_it_was_taken_in_after_all(cursor: sqlite3.Cursor) -> None:
    """The author is told of the ruling, and it may be turned round."""
    Exchange(cursor).take_from_aside([RULED.clk])
    assert RULED in Exchange(cursor).ruled()
