"""Very many rows put into a table, or changed in it, several to a statement: that takes less than one for each.

The engine begins and ends a statement for every row otherwise, and the driver lets go of Python's lock and takes it
again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Protocol

TOGETHER = 10
"""Rows to a statement, from so many rows on."""

MANY, MANY_TOGETHER = 500, 50
"""From how many rows on it is worth to compile a statement for more of them, and for how many. Of a ledger with 130,000
rows for seven tables one to a statement takes 197 ms of a processor, ten 151, fifty 128, and two hundred as much."""

_NUMBERED = re.compile(r"\?(\d+)")


class Writing(Protocol):
    """What is used of a database cursor."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for every row of parameters."""


def insert_rows(cursor: Writing, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run an INSERT of one row for each of some, in their order. See ``insert_columns``."""
    if 0 < len(rows) < TOGETHER:  # a save has one or two
        cursor.executemany(statement, rows)
    elif rows:
        _insert(cursor, statement, list(chain.from_iterable(rows)), len(rows), len(rows[0]))


def insert_columns(cursor: Writing, statement: str, columns: Sequence[Sequence[Any]]) -> None:
    """Run an INSERT of one row for all rows, whose values stand side by side in ``columns``.

    ``statement`` ends in ``VALUES (…)`` with a ``?`` for each column, or with numbered ones: ``(?1, ?2, ?1)``. Not for
    the tables of the search index, which would be written down after every statement.
    """
    count, width = len(columns[0]), len(columns)
    if 0 < count < TOGETHER:
        cursor.executemany(statement, zip(*columns, strict=True))
        return
    cells: list[Any] = [None] * (count * width)
    for at, column in enumerate(columns):
        cells[at::width] = column  # in a fifth of the time that it takes to go through them row by row
    _insert(cursor, statement, cells, count, width)


def change_rows(cursor: Writing, statement: str, several: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement for each of some rows, by ``several``, which does so for ``TOGETHER`` of them, as far as it goes.

    No two of them may be about one row of the table: which comes last would be open.
    """
    if rows:
        _run(cursor, {TOGETHER: several, 1: statement}, list(chain.from_iterable(rows)), len(rows), len(rows[0]))


def _insert(cursor: Writing, statement: str, cells: Sequence[Any], count: int, width: int) -> None:
    sizes = [size for size, least in ((MANY_TOGETHER, MANY), (TOGETHER, TOGETHER)) if count >= least]
    several = {size: _for_several(statement, width, size) for size in sizes}
    _run(cursor, {**several, 1: statement}, cells, count, width)


def _run(cursor: Writing, statements: Mapping[int, str], cells: Sequence[Any], count: int, width: int) -> None:
    """Run statements, by the number of rows each is for, the greatest first, each as often as it goes."""
    done = 0
    for size, statement in statements.items():
        times, count = divmod(count, size)
        begins = range(done, done + times * size * width, size * width)
        if times:
            cursor.executemany(statement, (cells[at : at + size * width] for at in begins))
        done = begins.stop


@cache
def _for_several(statement: str, width: int, count: int) -> str:
    before, values, row = statement.partition(" VALUES ")
    return f"{before}{values}{', '.join(_row(row, at * width) for at in range(count))}"


def _row(row: str, before: int) -> str:
    """The marks of a row, behind so many of the rows before it."""
    return _NUMBERED.sub(lambda mark: f"?{int(mark[1]) + before}", row)
