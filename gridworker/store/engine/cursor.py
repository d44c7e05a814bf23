"""The database cursor as the store sees it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """What is used of a database cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement that writes changed."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for every row of parameters."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def fetchone(self) -> Any:
        """The next row, or None."""


def has_table(cursor: Cursor, name: str) -> bool:
    """Whether a store has a table: one of an older version lacks some until it is brought up."""
    cursor.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,))
    return cursor.fetchone() is not None
