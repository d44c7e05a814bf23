"""Reading records of any kind: one, many by id, a page of a list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gridworker import discover
from gridworker.errors import NotFound
from gridworker.record import Record, Value
from gridworker.store.log.log import chunks, id_list
from gridworker.store.queries.gathered import gathered
from gridworker.store.tables.layout import table_named

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LOT = 5_000
"""Records a column is read of at once."""


def kind_named(name: str) -> type[Record]:
    """The kind of that name. Raises NotFound."""
    record = discover.kinds().get(name)
    if record is None:
        raise NotFound("There is no kind of record called {kind}.", kind=name)
    return record


def get(connection: "Connection", kind: str, record: int) -> dict[str, Value] | None:
    """The values of one record by field name, or None where it is not there or deleted."""
    return get_many(connection, kind, [record]).get(record)


def get_many(connection: "Connection", kind: str, records: Iterable[int]) -> dict[int, dict[str, Value]]:
    """Values of several records of a kind, by id; those not there are left out."""
    table = table_named(kind)
    found: dict[int, dict[str, Value]] = {}
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f"{table.select} WHERE id IN (SELECT value FROM json_each(?))", (id_list(part),)
        )
        found.update(map(table.named, rows))
    return found


def page(
    connection: "Connection", kind: str, *, after: int = 0, limit: int = 200, where: Mapping[str, Value] | None = None
) -> list[tuple[int, dict[str, Value]]]:
    """The next ``limit`` records of a kind above an id, all fields, filtered by equal values."""
    table = table_named(kind)
    wanted = dict(where or {})
    unknown = wanted.keys() - set(table.columns)
    if unknown:
        raise NotFound("There is no field called {field}.", field=", ".join(sorted(unknown)))
    conditions = "".join(f' AND "{name}" IS ?' for name in wanted)
    rows = connection.exec_driver_sql(
        f"{table.select} WHERE id > ?{conditions} ORDER BY id LIMIT ?", (after, *wanted.values(), limit)
    )
    return list(map(table.named, rows))


def alike(connection: "Connection", kind: str, field: str) -> Iterator[list[tuple[Value, list[int]]]]:
    """The ids of all records of a kind by what stands in a field, lot by lot: what a list is sorted by.

    Each lot has the next records by their ids, those of one value ascending. The engine brings these together: few
    values differ among many thousand records, and a row for each record takes twice as long. Raises NotFound.
    """
    if field not in kind_named(kind).kind.specs:
        raise NotFound("There is no field called {field}.", field=field)
    return _alike(connection, kind, f'"{field}"')


def values_of(connection: "Connection", kind: str, field: str, records: Iterable[int]) -> dict[int, Value]:
    """What stands in a field of some records; those not there are left out. Raises NotFound."""
    if field not in kind_named(kind).kind.specs:
        raise NotFound("There is no field called {field}.", field=field)
    rows = connection.exec_driver_sql(
        f'SELECT id, "{field}" FROM "{kind_named(kind).kind.name}" WHERE id IN (SELECT value FROM json_each(?))',
        (id_list(records),),
    )
    return {row[0]: row[1] for row in rows}


def ids(connection: "Connection", kind: str) -> Iterator[list[int]]:
    """The ids of all records of a kind in their order, lot by lot."""
    return (found for lot in _alike(connection, kind, "NULL") for _, found in lot)


def _alike(connection: "Connection", kind: str, value: str) -> Iterator[list[tuple[Any, list[int]]]]:
    """All records by a value. Each lot is read in one breath, and other threads have their turn."""
    name, last = kind_named(kind).kind.name, -1
    statement = (
        f'WITH lot(id, value) AS (SELECT id, {value} FROM "{name}" WHERE id > ? ORDER BY id LIMIT {LOT}) '
        "SELECT value, group_concat(id) FROM lot GROUP BY value"
    )
    while rows := gathered(connection, 2, statement, (last,)):
        lot = [(one, sorted(map(int, found.split(",")))) for one, found in rows]
        yield lot
        last = max(found[-1] for _, found in lot)


def count(connection: "Connection", kind: str) -> int:
    """How many records of a kind there are."""
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{kind_named(kind).kind.name}"').scalar_one())
