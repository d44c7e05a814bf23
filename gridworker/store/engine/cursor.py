"""The database cursor as the store sees it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """What is used of a database cursor."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement for every row of parameters."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def fetchone(self) -> Any:
        """The next row, or None."""
