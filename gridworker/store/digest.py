"""One hash over the visible records: equal on two devices that should agree."""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgpack

from gridworker import discover

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def digest(connection: "Connection", within: Collection[int] | None = None) -> str:
    """SHA-256 over all visible records, or over those with an id in ``within``.

    Audit rows stay out: they go to the office only. Kinds by number, records by id, values by field number.
    """
    whole = hashlib.sha256()
    for number, record in discover.by_number().items():
        kind = record.kind
        if kind.office_only:
            continue
        rows = connection.exec_driver_sql(f"SELECT id, {', '.join(kind.specs)} FROM {kind.name} ORDER BY id")
        for row in rows:
            if within is None or row[0] in within:
                whole.update(msgpack.packb([number, *row]))
    return whole.hexdigest()
