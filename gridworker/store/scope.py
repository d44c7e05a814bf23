"""What a laptop may hold: the records of its grids, and what all need (sync.md 6).

The cut is by record and follows the kinds' own declarations: ``within`` names the reference that places a record,
``brings`` what comes along with it, ``everywhere`` what goes to all.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.clock import DEVICE_BITS, INCARNATION_BITS
from gridworker.store.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_LAPTOP = f"((id & {(1 << DEVICE_BITS) - 1}) >> {INCARNATION_BITS})"


def in_scope(connection: "Connection", grids: Collection[int], laptop: int | None) -> set[int]:
    """Ids of the records that belong on a laptop with these grids.

    A record that nothing places yet (a household whose dwelling is not known) belongs to the laptop that made it; with
    ``laptop`` None it belongs to none.
    """
    scope, shared = set(grids), set[int]()
    for record in discover.by_number().values():
        kind = record.kind
        if kind.office_only:
            continue
        if kind.everywhere:
            # Kept apart: that every device knows all grids must not place the houses of all grids on it.
            shared.update(_ids(connection, f"SELECT id FROM {kind.name}"))
            continue
        scope.update(_placed(connection, kind, scope, laptop))
        for reference in kind.brings:
            scope.update(
                _ids(
                    connection,
                    f"SELECT DISTINCT {reference} FROM {kind.name} WHERE {reference} IS NOT NULL "
                    "AND id IN (SELECT value FROM json_each(?))",
                    id_list(scope),
                )
            )
    return scope | shared


def grids_of(connection: "Connection", laptop: int) -> list[int]:
    """The grids the office has given to a laptop."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT dg.grid_id FROM device_grid dg JOIN device d ON d.id = dg.device_id WHERE d.number = ? "
        "ORDER BY dg.grid_id",
        (laptop,),
    )
    return [row[0] for row in rows]


def place_of(kind: Kind, values: "dict[str, object]") -> object:
    """The record that places one with these values, or None."""
    return next((values[name] for name in kind.within if values.get(name) is not None), None)


def _placed(connection: "Connection", kind: Kind, scope: Collection[int], laptop: int | None) -> Iterable[int]:
    if not kind.within:
        return _made_and_unplaced(connection, kind, laptop)
    place = f"coalesce({', '.join((*kind.within, 'NULL'))})"
    return _ids(
        connection,
        f"SELECT id FROM {kind.name} WHERE {place} IN (SELECT value FROM json_each(?)) "
        f"OR ({place} IS NULL AND {_LAPTOP} = ?)",
        id_list(scope),
        laptop,
    )


def _made_and_unplaced(connection: "Connection", kind: Kind, laptop: int | None) -> Iterable[int]:
    """Records of a kind that only others bring (residents), as long as none does."""
    bringers = [
        (record.kind.name, reference)
        for record in discover.by_number().values()
        for reference in record.kind.brings
        if record.kind.specs[reference].ref == kind.name
    ]
    unused = "".join(
        f" AND id NOT IN (SELECT {reference} FROM {name} WHERE {reference} IS NOT NULL)" for name, reference in bringers
    )
    return _ids(connection, f"SELECT id FROM {kind.name} WHERE {_LAPTOP} = ?{unused}", laptop)


def _ids(connection: "Connection", sql: str, *parameters: object) -> Iterable[int]:
    return [row[0] for row in connection.exec_driver_sql(sql, parameters)]
