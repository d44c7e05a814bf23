"""The table of drafts."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def put(connection: "Connection", name: str, body: bytes, at: datetime) -> None:
    """Keep a draft under its name."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO draft (name, body, at) VALUES (?,?,?)", (name, body, int(at.timestamp() * 1000))
    )


def find(connection: "Connection", prefix: str) -> list[tuple[str, bytes, datetime]]:
    """Drafts by the start of their name, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT name, body, at FROM draft WHERE substr(name, 1, ?) = ? ORDER BY at DESC", (len(prefix), prefix)
    )
    return [(row[0], row[1], datetime.fromtimestamp(row[2] / 1000, UTC)) for row in rows]


def naming(connection: "Connection", words: Collection[str]) -> int:
    """How many drafts hold one of some words."""
    bodies = (row[0] for row in connection.exec_driver_sql("SELECT body FROM draft"))
    return sum(any(word in bytes(body).decode("utf-8", "replace") for word in words) for body in bodies)


def drop(connection: "Connection", name: str) -> None:
    """Remove a draft."""
    connection.exec_driver_sql("DELETE FROM draft WHERE name = ?", (name,))
