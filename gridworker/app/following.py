"""What laptops wrote about a record before they heard that it is one with another."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.store.changes import Act, Change
from gridworker.store.database import raw_cursor
from gridworker.store.joined import joined, once_joined
from gridworker.store.queries.referring import living

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.database import Connection


def follow_joined(session: "Session") -> bool:
    """What laptops wrote about a record before they heard that it is one with another goes to that other.

    At the office, after each bundle. Undo passes over it. Returns whether there was any.
    """
    with session.store.db.read() as connection:
        into = joined(raw_cursor(connection))
        if not into:
            return False
        changes = _following(session, connection, into)
    if changes and not session.read_only:
        act = Act.note("same", session.who, count=len(changes))
        session.announce(session.store.write(changes, act))
    return bool(changes)


def _following(session: "Session", connection: "Connection", into: "Mapping[tuple[str, int], int]") -> list[Change]:
    from gridworker.app.joining import Joining

    joining = Joining(session, connection, once_joined(raw_cursor(connection), "household"))
    here = {kind: set(living(connection, kind, list(into.values()))) for kind in {kind for kind, _ in into}}
    for (kind, gone), stays in into.items():
        keep, steps = stays, len(into)
        while keep not in here[kind] and (kind, keep) in into and steps:
            keep, steps = into[kind, keep], steps - 1
        if keep in here[kind]:
            joining.move(kind, keep, gone)
    return joining.changes()
