"""One hash over the visible records: equal on two devices that should agree.

It is taken of what the tables show, so it tells whether people see the same on both. It does not look for damage: what
changed below the tables, in the log or the journal, is for the self-check (check.py) to find.
"""

import hashlib
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import msgpack

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor, chunks, id_list
from gridworker.store.tables.layout import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def digest(connection: "Connection", within: Collection[int] | None = None) -> str:
    """SHA-256 over all visible records, or over those with an id in ``within``.

    Audit rows stay out: they go to the office only. Kinds by number, records by id, values by field number.
    """
    whole = hashlib.sha256()
    pack = msgpack.Packer().pack
    cursor = raw_cursor(connection)
    listed = None if within is None else id_list(within)
    for number in discover.by_number():
        table = Table.of(number)
        if table is None or table.kind.office_only:
            continue
        whole.update(pack(number))
        for rows in chunks(_rows(cursor, table, listed)):
            whole.update(b"".join(map(pack, rows)))
    return whole.hexdigest()


def _rows(cursor: Cursor, table: Table, listed: str | None) -> Iterator[tuple[object, ...]]:
    """All rows of a table by id, or those listed,; some are looked up: a scope costs what is in it."""
    if listed is None:
        cursor.execute(f"{table.select} ORDER BY id")
    else:
        cursor.execute(f"{table.select} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (listed,))
    return iter(cursor.fetchone, None)
