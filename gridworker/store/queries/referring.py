"""Which records name some other records, by whatever field: asked of every kind, so that none is forgotten."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.record import Type
from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Reference(NamedTuple):
    """Field ``field`` of ``record`` of ``kind`` names ``target``."""

    kind: str
    record: int
    field: str
    target: int


def references(connection: "Connection", kind: str, targets: Collection[int]) -> Iterator[Reference]:
    """All references of living records to some records of a kind."""
    for name, record in discover.kinds().items():
        for spec in () if record.kind.office_only else record.kind.specs.values():
            if spec.type is Type.REF and spec.ref == kind:
                found = connection.exec_driver_sql(
                    f'SELECT id, "{spec.name}" FROM "{name}" WHERE "{spec.name}" IN (SELECT value FROM json_each(?)) '
                    "ORDER BY id",
                    (id_list(targets),),
                )
                yield from (Reference(name, row[0], spec.name, row[1]) for row in found.all())


def living(connection: "Connection", kind: str, records: Collection[int]) -> list[int]:
    """Those of some ids that are records of a kind here, in their order."""
    rows = connection.exec_driver_sql(
        f'SELECT id FROM "{discover.kinds()[kind].kind.name}" WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
        (id_list(records),),
    )
    return [row[0] for row in rows.all()]
