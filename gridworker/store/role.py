"""What somebody is here, read from a store that no session has open: for what is done to the store as a whole."""

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from gridworker.errors import StoreProblem
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.last_office import leads
from gridworker.store.meta import Identity, Meta

if TYPE_CHECKING:
    from gridworker.paths import Folder
    from gridworker.store.keys.vault import Keys


def office_in(folder: "Folder", keys: "Keys") -> tuple[int, list[int]]:
    """Whom a store was made for; and everybody of the community office in the office's own store, them first."""
    with closing(Database(folder.database, keys.dek, read_only=True)) as db, db.read() as connection:
        cursor = raw_cursor(connection)
        meta = Meta(cursor)
        founder = meta.number("person")
        found = sorted(leads(cursor), key=lambda person: (person != founder, person))
        return founder, found if Identity.load(meta).is_office else []


def role_in(folder: "Folder", keys: "Keys") -> str | None:
    """The role of whoever opened ``keys``; empty for who is not at work any more.

    None where the store cannot be read, or does not know them: a large kit comes in parts, and a backup may be older.
    """
    if not folder.database.exists():
        return None
    with suppress(StoreProblem), closing(Database(folder.database, keys.dek, read_only=True)) as db:
        with db.read() as connection:
            cursor = raw_cursor(connection)
            person = keys.person or Meta(cursor).number("person")
            cursor.execute("SELECT role, active FROM staff WHERE id = ?", (person,))
            found = cursor.fetchone()
        if found is not None:
            return "" if found[1] == 0 else str(found[0] or "")
    return None
