"""What laptops wrote about a record before they heard that it is one with another."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.store.changes import Act, Change
from gridworker.store.database import raw_cursor
from gridworker.store.queries.referring import living
from gridworker.store.remembering import Remembering

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.database import Connection

JOINED = "joined:"
"""Begins what is remembered of each record that went into another: by kind and number, which one."""


def follow_joined(session: "Session") -> bool:
    """What laptops wrote about a record before they heard that it is one with another goes to that other.

    At the office, after each bundle. Undo passes over it. Returns whether there was any.
    """
    with session.store.db.read() as connection:
        joined = Remembering(raw_cursor(connection)).all(JOINED)
        if not joined:
            return False
        changes = _following(session, connection, joined)
    if changes and not session.read_only:
        act = Act.note("same", session.who, count=len(changes))
        session.announce(session.store.write(changes, act))
    return bool(changes)


def _following(session: "Session", connection: "Connection", joined: Mapping[str, str]) -> list[Change]:
    from gridworker.app.joining import Joining

    joining = Joining(session, connection)
    into = {key: int(keep) for key, keep in joined.items()}
    here = {
        kind: set(living(connection, kind, [int(key.split(":")[1]) for key in into] + list(into.values())))
        for kind in ("resident", "household")
    }
    for key, stays in into.items():
        kind, _, gone = key.partition(":")
        keep, steps = stays, len(into)
        while keep not in here[kind] and f"{kind}:{keep}" in into and steps:
            keep, steps = into[f"{kind}:{keep}"], steps - 1
        if int(gone) not in here[kind] and keep in here[kind]:
            joining.move(kind, keep, int(gone))
    return joining.changes()
