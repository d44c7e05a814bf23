"""Wrong passphrases: counted beside the store, which is closed, and put on record by the next one who opens it.

The file holds how many there ever were and when the last ones came; the store remembers up to which number it has
them, in the transaction of the audit row. So a cut between the two neither loses an attempt nor tells it twice.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.errors import StoreProblem, WrongPassphrase

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.paths import Folder
    from gridworker.store.database import Connection
    from gridworker.store.transaction import Commit

SEEN = "failed_seen"
"""Name of the store's own number."""

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Failures:
    """How many there ever were, and when the last ones were."""

    total: int = 0
    moments: tuple[str, ...] = ()


def read(folder: "Folder") -> Failures:
    """What the file says; a file that cannot be read says nothing."""
    try:
        said = json.loads(folder.attempts.read_text(encoding="ascii"))
        return Failures(int(said["total"]), tuple(map(str, said["moments"])))
    except (OSError, ValueError, TypeError, KeyError):
        return Failures()


@contextmanager
def counted(folder: "Folder", now: datetime) -> Iterator[None]:
    """Count a passphrase that opens nothing."""
    try:
        yield
    except WrongPassphrase:
        _count(folder, now)
        raise


def _count(folder: "Folder", now: datetime) -> None:
    from gridworker.store.filesafe import write_durably

    before = read(folder)
    moments = (*before.moments, now.strftime("%Y-%m-%dT%H:%M:%SZ"))[-_KEPT:]
    said = json.dumps({"total": before.total + 1, "moments": moments})
    with suppress(StoreProblem):  # a full disk keeps nobody out
        write_durably(folder.attempts, said.encode("ascii"))


def put_on_record(session: "Session") -> None:
    """Write an audit row for what was counted since the last time."""
    from gridworker.store.changes import Act
    from gridworker.store.database import raw_cursor
    from gridworker.store.meta import Meta

    found = read(session.folder)
    with session.store.cursor() as cursor:
        seen = Meta(cursor).number(SEEN)
    new = found.total - (seen if seen <= found.total else 0)
    if new <= 0:
        return

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Meta(raw_cursor(connection)).set(SEEN, found.total)

    latest = found.moments[-new:]
    detail = " ".join(dict.fromkeys((latest[0], latest[-1]))) if latest else ""
    session.store.write([], Act.note("login_failed", session.who, count=new, detail=detail), beside)
