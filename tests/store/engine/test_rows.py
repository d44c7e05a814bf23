"""Very many rows, several to a statement: every one of them gets there, in its order."""

from contextlib import closing

import pytest
import sqlcipher3.dbapi2 as driver

from gridworker.store.engine.rows import MANY, MANY_TOGETHER, TOGETHER, change_rows, insert_columns, insert_rows
from gridworker.store.tables.layout import update, update_several


@pytest.mark.parametrize(
    "count",
    [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 7, MANY - 1, MANY, MANY + MANY_TOGETHER + TOGETHER + 7],
)
def test_all_rows_come_in_whatever_their_number(count: int) -> None:
    rows = [(at, None if at % 3 else b"\0", f"张{at}") for at in range(1, count + 1)]
    with closing(driver.connect(":memory:")) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, again)")
        insert_rows(cursor, "INSERT INTO t (id, a, b) VALUES (?, ?, ?)", rows)
        cursor.execute("SELECT id, a, b FROM t ORDER BY rowid")
        assert cursor.fetchall() == rows
        cursor.execute("DELETE FROM t")
        columns = ([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
        insert_columns(cursor, "INSERT INTO t (id, a, b, again) VALUES (?1, ?2, ?3, ?1)", columns)
        cursor.execute("SELECT * FROM t ORDER BY id")
        assert cursor.fetchall() == [(*row, row[0]) for row in rows]


def test_a_row_that_breaks_a_rule_is_said() -> None:
    with closing(driver.connect(":memory:")) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a NOT NULL)")
        with pytest.raises(driver.IntegrityError):
            insert_columns(cursor, "INSERT INTO t (id, a) VALUES (?, ?)", (range(20), [*range(19), None]))


@pytest.mark.parametrize("count", [0, 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 7])
def test_all_rows_are_changed_and_none_is_made(count: int) -> None:
    changes = [(None if at % 3 else f"改{at}", at, at) for at in range(1, count + 1)]
    gone = {at for at in range(1, count + 1) if at % 4 == 0}
    with closing(driver.connect(":memory:")) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c TEXT)")
        here = [(at, "张", 0, "李") for at in range(1, count + 3) if at not in gone]
        insert_rows(cursor, "INSERT INTO t (id, a, b, c) VALUES (?, ?, ?, ?)", here)
        change_rows(cursor, update("t", ("a", "b")), update_several("t", ("a", "b"), TOGETHER), changes)
        cursor.execute("SELECT id, a, b, c FROM t ORDER BY id")
        changed = {at: (at, a, b, "李") for a, b, at in changes}
        assert cursor.fetchall() == [changed.get(row[0], row) for row in here]
