"""One hash over the visible records: equal on two devices that should agree."""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgpack

from gridworker import discover
from gridworker.store.layout import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def digest(connection: "Connection", within: Collection[int] | None = None) -> str:
    """SHA-256 over all visible records, or over those with an id in ``within``.

    Audit rows stay out: they go to the office only. Kinds by number, records by id, values by field number.
    """
    whole = hashlib.sha256()
    pack = msgpack.Packer().pack
    for number in discover.by_number():
        table = Table.of(number)
        if table is None or table.kind.office_only:
            continue
        for row in connection.exec_driver_sql(f"{table.select} ORDER BY id"):
            if within is None or row[0] in within:
                whole.update(pack((number, *row)))
    return whole.hexdigest()
