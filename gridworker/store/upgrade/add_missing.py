"""Bringing the tables that are not record tables up to this version: what is missing is added, nothing is taken away.

Formats only grow: a newer version has tables and columns that an older one had not. What they have to be is read from
the statements that make a new store, in an empty database in memory.
"""

from contextlib import closing
from typing import TYPE_CHECKING

from gridworker.store.log.schema import EXCHANGE, LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gridworker.store.log.log import Cursor


def statements() -> "Iterator[str]":
    """Those that make the tables of a new store, where they are not there."""
    yield from filter(str.strip, f"{LOG}{EXCHANGE}".split(";"))


def bring_up(cursor: "Cursor") -> None:
    """Add the tables and columns that a store of an older version lacks."""
    for statement in statements():
        cursor.execute(statement)
    for table, columns in _wanted().items():
        cursor.execute(f'SELECT name FROM pragma_table_info("{table}")')
        there = {name for (name,) in cursor.fetchall()}
        for name, declared in columns.items():
            if name not in there:
                cursor.execute(f'ALTER TABLE "{table}" ADD COLUMN {declared}')


def _wanted() -> dict[str, dict[str, str]]:
    """The columns of every table, each with its declaration."""
    import sqlcipher3.dbapi2 as driver

    found: dict[str, dict[str, str]] = {}
    with closing(driver.connect(":memory:")) as empty:
        for statement in statements():
            empty.execute(statement)
        for (table,) in empty.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            info = empty.execute(f'SELECT name, type, "notnull", dflt_value FROM pragma_table_info("{table}")')
            found[table] = {
                name: " ".join(filter(None, (f'"{name}"', kind, _default(needed=bool(needed), value=value))))
                for name, kind, needed, value in info.fetchall()
            }
    return found


def _default(*, needed: bool, value: str | None) -> str:
    if value is None:
        return ""  # what has no default may be empty in the rows that are there
    return f"NOT NULL DEFAULT {value}" if needed else f"DEFAULT {value}"
