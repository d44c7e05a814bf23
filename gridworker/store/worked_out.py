"""What was worked out from the books and is kept beside them, so that the next start need not read all of them.

It stands in the table ``worked_out``, and in one that is too large for that (scope/past.py), in the encrypted store and
nowhere else, holds numbers and no words, and is never the truth: whoever kept it says of which link of the journal it
speaks, and looks at what came since. It goes where a record is taken out of the log or the tables are read anew, and is
part of no bundle, rescue or fingerprint of the store.

It once stood in ``meta``, which has no rowids: to look up any name there the engine reads whole what it compares with,
and with hundreds of kilobytes under some even a number was found twenty times slower.
"""

from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor
from gridworker.store.meta import Meta

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_PREFIX = "worked out: "

PAST = f"{_PREFIX}past"
"""The name in ``meta`` under which it stands of when the table ``past`` speaks."""

IS_OTHER = f"name NOT GLOB '{_PREFIX}*'"
"""What is true of all other names in ``meta``."""


def is_worked_out(name: object) -> bool:
    """Whether a name in ``meta`` is of what was worked out."""
    return str(name).startswith(_PREFIX)


class WorkedOut:
    """What is kept, in the caller's transaction."""

    def __init__(self, connection: "Connection") -> None:
        self._cursor = raw_cursor(connection)

    def keep(self, name: str, body: bytes) -> None:
        """Keep something under a name."""
        self._cursor.execute("INSERT OR REPLACE INTO worked_out (name, body) VALUES (?,?)", (name, body))

    def kept(self, name: str) -> bytes | None:
        """What is kept under a name."""
        return self._cell("SELECT body FROM worked_out WHERE name = ?", name)

    def link_code(self, link: int) -> bytes | None:
        """The code of a link of the journal, b"" for none at all: with it a number says of which journal it is."""
        return self._cell("SELECT mac FROM batch WHERE no = ?", link) if link else b""

    def rules(self) -> str:
        """What stands for the tables it was worked out from: with other ones it is not believed."""
        return Meta(self._cursor).text("signature")

    def _cell(self, statement: str, of: int | str) -> bytes | None:
        self._cursor.execute(statement, (of,))
        found = self._cursor.fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None


def let_go(cursor: Cursor) -> None:
    """Let go of all of it."""
    cursor.execute(f"DELETE FROM meta WHERE name GLOB '{_PREFIX}*'")
    cursor.execute("DELETE FROM worked_out")
    cursor.execute("DELETE FROM past")
