"""What a store file says of itself beside its log: whose it is, its keys, keys of files, drafts, whatever is damaged.

As the engine finds it, and of what that does not give, page by page. Of a file that nobody has open.
"""

from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import StoreDamaged
from gridworker.paths import Folder
from gridworker.plainfile import open_plain
from gridworker.store.backup.carving import carve
from gridworker.store.backup.place import finished
from gridworker.store.backup.trees import Trees
from gridworker.store.engine.cursor import has_table
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.engine.filesafe import disk_problems
from gridworker.store.engine.pages import SALT
from gridworker.store.health import sidecar

if TYPE_CHECKING:
    from gridworker.store.keys.vault import Keys
    from gridworker.store.store import Store


def account(damaged: Path, keys: "Keys", tables: Collection[str]) -> dict[str, list[tuple[object, ...]]]:
    """The rows of some tables: as the engine finds them; of those in which it finds nothing, page by page.

    Raises StoreProblem where the disk gives no answer.
    """
    kept: dict[str, list[tuple[object, ...]]] = {table: [] for table in tables}
    left = set(tables)
    with suppress(StoreDamaged), closing(Database(damaged, keys.dek, read_only=True)) as db:
        for table in tables:
            with suppress(StoreDamaged):
                kept[table] = _read(db, table)
                left.discard(table)
    if left:
        with disk_problems(damaged):
            trees = Trees(carve(damaged, keys.dek, salts(damaged, keys)))
        kept.update({table: list(trees.rows(table)) for table in tables if table in left})
    return kept


def salts(damaged: Path, keys: "Keys", store: "Store | None" = None) -> Iterator[bytes]:
    """What copies of a damaged file begin with, and what was remembered of it.

    The store itself, which a backup gave, the backups near by, and the file beside the store (sidecar.py).
    """
    if store is not None:
        with store.cursor() as cursor:
            cursor.execute("PRAGMA cipher_salt")
            yield bytes.fromhex(cursor.fetchone()[0])
    for place in (damaged.parent, damaged.parent.parent):
        for _, backup in finished(Folder(place).backups):
            with suppress(OSError), open_plain(backup / "store.db") as file:
                yield file.read(SALT)
        yield from map(bytes.fromhex, sidecar.read(Folder(place).sidecar, keys).salts)


def _read(db: Database, table: str) -> list[tuple[object, ...]]:
    """All of a table; a store of an older version may have none of that name."""
    with db.read() as connection:
        if not has_table(raw_cursor(connection), table):
            return []
        return [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').fetchall()]
