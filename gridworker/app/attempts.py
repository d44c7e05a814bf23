"""Wrong passphrases: counted beside the store, which is closed, and put on record by the next one who opens it.

The file holds how many there ever were and when the last ones came; the store remembers up to which number it has
them, in the transaction of the audit row. So a cut between the two neither loses an attempt nor tells it twice.

After five in a row one waits, twice as long after each further one (ui/ux.md, 4i). That stands in the file too, so that
neither another page nor another start of the program begins to count anew. Nothing is ever wiped.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gridworker.errors import StoreProblem, TooSoon, WrongPassphrase

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.paths import Folder
    from gridworker.store.database import Connection
    from gridworker.store.transaction import Commit

SEEN = "failed_seen"
"""Name of the store's own number."""

FREE_TRIES = 5
FIRST_WAIT = 30
"""Seconds after the fifth wrong passphrase in a row; doubled after each further one."""

_KEPT = 100
_MOST_DOUBLED = 20
"""Half a year and more: doubled further, a number that somebody typed into the file would fill the memory."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How many there ever were, and when the last ones were.

    ``row``: how many came one after the other until now; ``wall`` and ``steady``: the clocks at the last of them, in
    seconds, that on the wall and the one that runs from the start of the computer on.
    """

    total: int = 0
    moments: tuple[str, ...] = ()
    row: int = 0
    wall: int = 0
    steady: int = 0

    @property
    def wait(self) -> int:
        """Seconds to wait after the last one."""
        return FIRST_WAIT * 2 ** min(self.row - FREE_TRIES, _MOST_DOUBLED) if self.row >= FREE_TRIES else 0


def read(folder: "Folder") -> Failures:
    """What the file says; a file that cannot be read says nothing."""
    try:
        said = json.loads(folder.attempts.read_text(encoding="ascii"))
        found = Failures(int(said["total"]), tuple(map(str, said["moments"])))
        row, wall, steady = (float(said.get(name, 0)) for name in ("row", "wall", "steady"))
        return replace(found, row=int(row), wall=int(wall), steady=int(steady))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return Failures()


def wait_left(folder: "Folder") -> int:
    """Seconds until the next passphrase may be tried; 0 where it may be now.

    The clock on the wall is only asked where the computer was started since: it can be set.
    """
    found = read(folder)
    if not found.wait:
        return 0
    wall, steady = _clocks()
    gone = steady - found.steady if steady >= found.steady else wall - found.wall
    return max(found.wait - max(gone, 0), 0)


@contextmanager
def counted(folder: "Folder", now: datetime) -> Iterator[None]:
    """Count a passphrase that opens nothing; one that opens ends the row. Raises TooSoon before it is tried."""
    _require_waited(folder)
    try:
        yield
    except WrongPassphrase:
        before = read(folder)
        moments = (*before.moments, now.strftime("%Y-%m-%dT%H:%M:%SZ"))[-_KEPT:]
        _write(folder, _longer(replace(before, total=before.total + 1, moments=moments)))
        raise
    end_row(folder)


@contextmanager
def tried_as_new(folder: "Folder") -> Iterator[None]:
    """Let a passphrase be chosen that is none yet: whether somebody has it is told, so it counts as a try of theirs.

    Raises TooSoon.
    """
    _require_waited(folder)
    try:
        yield
    finally:
        _write(folder, _longer(read(folder)))


def end_row(folder: "Folder") -> None:
    """Whoever opens the store may err five times again."""
    before = read(folder)
    if before.row:
        _write(folder, replace(before, row=0))


def _require_waited(folder: "Folder") -> None:
    if left := wait_left(folder):
        raise TooSoon("Wait {seconds} seconds before the next try.", seconds=left)


def _longer(found: Failures) -> Failures:
    wall, steady = _clocks()
    return replace(found, row=found.row + 1, wall=wall, steady=steady)


def _clocks() -> tuple[int, int]:
    return int(time.time()), int(time.monotonic())


def _write(folder: "Folder", found: Failures) -> None:
    from gridworker.store.filesafe import write_durably

    with suppress(StoreProblem):  # a full disk keeps nobody out
        write_durably(folder.attempts, json.dumps(asdict(found)).encode("ascii"))


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
