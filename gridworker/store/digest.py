"""One hash over the visible records: equal on two devices that should agree."""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgpack

from gridworker import discover
from gridworker.store.layout import Table
from gridworker.store.log import id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection


def digest(connection: "Connection", within: Collection[int] | None = None) -> str:
    """SHA-256 over all visible records, or over those with an id in ``within``.

    Audit rows stay out: they go to the office only. Kinds by number, records by id, values by field number.
    """
    whole = hashlib.sha256()
    pack = msgpack.Packer().pack
    listed = None if within is None else id_list(within)
    for number in discover.by_number():
        table = Table.of(number)
        if table is None or table.kind.office_only:
            continue
        for row in _rows(connection, table, listed):
            whole.update(pack((number, *row)))
    return whole.hexdigest()


def _rows(connection: "Connection", table: Table, listed: str | None) -> "Iterable[Sequence[object]]":
    """The rows of a table by id; some of them are looked up, so a scope costs what is in it and not what is not."""
    if listed is None:
        return connection.exec_driver_sql(f"{table.select} ORDER BY id")
    return connection.exec_driver_sql(
        f"{table.select} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (listed,)
    )
