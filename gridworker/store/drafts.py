"""The table of drafts. Of what somebody began the name is kept with who it was: ``@12:visit:34`` is of staff 12.

Without that it is of nobody in particular: what holds for the whole device, and what an older version kept.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.engine.database import reading_cursor

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Kept(NamedTuple):
    """One draft; ``who`` 0 for nobody in particular."""

    name: str
    who: int
    body: bytes
    at: datetime


def put(connection: "Connection", name: str, body: bytes, at: datetime, who: int = 0) -> None:
    """Keep a draft under its name, as that of who began it."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO draft (name, body, at) VALUES (?,?,?)",
        (_key(name, who), body, int(at.timestamp() * 1000)),
    )


def find(connection: "Connection", prefix: str) -> list[Kept]:
    """Everybody's drafts by the start of their name, newest first."""
    rows = connection.exec_driver_sql("SELECT name, body, at FROM draft ORDER BY at DESC")
    return [one for one in (_kept(*row) for row in rows) if one.name.startswith(prefix)]


def own(connection: "Connection", name: str, who: int) -> Kept | None:
    """Somebody's draft of this name; where they have none, that of nobody in particular."""
    cursor = reading_cursor(connection)
    cursor.execute(
        "SELECT name, body, at FROM draft WHERE name IN (?,?) ORDER BY name = ? LIMIT 1", (_key(name, who), name, name)
    )
    row = cursor.fetchone()
    found = _kept(*row) if row else None
    return found if found and found.name == name and found.who in (0, who) else None


def naming(connection: "Connection", words: Collection[str]) -> int:
    """How many drafts hold one of some words."""
    bodies = (row[0] for row in connection.exec_driver_sql("SELECT body FROM draft"))
    return sum(any(word in bytes(body).decode("utf-8", "replace") for word in words) for body in bodies)


def drop(connection: "Connection", name: str, who: int = 0) -> None:
    """Remove a draft of somebody, and the one of nobody in particular: it went into theirs. Others' stay."""
    connection.exec_driver_sql("DELETE FROM draft WHERE name IN (?,?)", (name, _key(name, who)))


def hand_on(connection: "Connection", name: str, giver: int, to: int) -> bool:
    """Make a draft that of somebody else. False where there is none, or they began one of their own."""
    done = connection.exec_driver_sql(
        "UPDATE OR IGNORE draft SET name = ? WHERE name = ?", (_key(name, to), _key(name, giver))
    )
    return bool(done.rowcount)


def _kept(key: str, body: bytes, at: int) -> Kept:
    return Kept(*_parted(key), body, datetime.fromtimestamp(at / 1000, UTC))


def _key(name: str, who: int) -> str:
    return f"@{who}:{name}" if who else name


def _parted(key: str) -> tuple[str, int]:
    who, _, name = key.removeprefix("@").partition(":")
    return (name, int(who)) if key.startswith("@") and who.isdecimal() else (key, 0)
