"""Very many rows put into a table, or changed in it, several to a statement: that takes less than one for each.

The engine begins and ends a statement for every row otherwise, and the driver lets go of Python's lock and takes it
again.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice, repeat
from typing import Any, Protocol

TOGETHER = 10
"""Rows to a statement: with more of them nothing is won any more."""

_NUMBERED = re.compile(r"\?(\d+)")


class Writing(Protocol):
    """What is used of a database cursor."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for every row of parameters."""


def insert_rows(cursor: Writing, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run an INSERT of one row for each of some, in their order. See ``insert_columns``."""
    _insert(cursor, statement, chain.from_iterable(rows), len(rows), len(rows[0]) if rows else 0)


def insert_columns(cursor: Writing, statement: str, columns: Sequence[Sequence[Any]]) -> None:
    """Run an INSERT of one row for all rows, whose values stand side by side in ``columns``.

    ``statement`` ends in ``VALUES (…)`` with a ``?`` for each column, or with numbered ones: ``(?1, ?2, ?1)``. Not for
    the tables of the search index, which would be written down after every statement.
    """
    cells = chain.from_iterable(zip(*columns, strict=True))
    _insert(cursor, statement, cells, len(columns[0]), len(columns))


def change_rows(cursor: Writing, statement: str, several: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement for each of some rows, by ``several``, which does so for ``TOGETHER`` of them, as far as it goes.

    No two of them may be about one row of the table: which comes last would be open.
    """
    if rows:
        _run(cursor, (statement, several), chain.from_iterable(rows), len(rows), len(rows[0]))


def _insert(cursor: Writing, statement: str, cells: Iterable[Any], count: int, width: int) -> None:
    several = _for_several(statement, width) if count >= TOGETHER else statement
    _run(cursor, (statement, several), cells, count, width)


def _run(cursor: Writing, statements: tuple[str, str], cells: Iterable[Any], count: int, width: int) -> None:
    """Run the second of two statements for every ``TOGETHER`` rows, and the first for each of those that are left."""
    statement, several = statements
    if count >= TOGETHER:
        cursor.executemany(several, islice(_by(cells, TOGETHER * width), count // TOGETHER))
    if count % TOGETHER:
        cursor.executemany(statement, islice(_by(cells, width), count % TOGETHER))


def _by(cells: Iterable[Any], size: int) -> Iterable[tuple[Any, ...]]:
    """The cells so many at a time."""
    return zip(*repeat(cells, size), strict=False)


@cache
def _for_several(statement: str, width: int) -> str:
    before, values, row = statement.partition(" VALUES ")
    return f"{before}{values}{', '.join(_row(row, at * width) for at in range(TOGETHER))}"


def _row(row: str, before: int) -> str:
    """The marks of a row, behind so many of the rows before it."""
    return _NUMBERED.sub(lambda mark: f"?{int(mark[1]) + before}", row)
