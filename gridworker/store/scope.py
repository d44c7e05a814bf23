"""What a laptop may hold: the records of its grids, and what all need (sync.md 6).

The cut is by record and follows the kinds' own declarations: ``within`` names the reference that places a record,
``brings`` what comes along with it, ``everywhere`` what goes to all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.clock import DEVICE_BITS, INCARNATION_BITS, laptop_of
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


def among(connection: "Connection", records: Mapping[int, int], grids: Collection[int], laptop: int | None) -> set[int]:
    """Those of some records, given with the number of their kind, that belong on a laptop with these grids.

    Climbs from the records to what places them, so it costs what the records are, not what the grids hold.
    """
    below: dict[int, list[int]] = {}
    frontier = _by_kind(records)
    climbed = {record for ids in frontier.values() for record in ids}
    while frontier:
        above: dict[str, set[int]] = {}
        for name, ids in frontier.items():
            for child, place, kind in _places(connection, discover.kinds()[name].kind, ids, laptop):
                below.setdefault(place, []).append(child)
                if kind and place not in climbed and place not in grids:
                    climbed.add(place)
                    above.setdefault(kind, set()).add(place)
        frontier = above
    inside, reached = set[int](), [*grids, HERE]
    while reached:
        here = [child for place in reached for child in below.get(place, ()) if child not in inside]
        inside.update(here)
        reached = here
    return inside & records.keys()


HERE = -1
"""Stands for the place of what nothing places yet and the laptop itself made."""


def _by_kind(records: Mapping[int, int]) -> dict[str, set[int]]:
    known = discover.by_number()
    found: dict[str, set[int]] = {}
    for record, number in records.items():
        if number in known and not known[number].kind.everywhere:
            found.setdefault(known[number].kind.name, set()).add(record)
    return found


def _places(
    connection: "Connection", kind: Kind, ids: Collection[int], laptop: int | None
) -> Iterator[tuple[int, int, str]]:
    """(record, what places it, the kind of that) for records of a kind; HERE for what only the laptop knows of."""
    unplaced = set(ids)
    for id_, place, above in _own_places(connection, kind, ids):
        unplaced.discard(id_)
        yield id_, place, above
    for name, reference in _bringers(kind):
        # What has a place of its own is brought into another grid only by what lies elsewhere than itself.
        apart = discover.kinds()[name].kind.within[0] if kind.within else "id"
        rows = connection.exec_driver_sql(
            f"SELECT {reference}, id FROM {name} WHERE {reference} IN (SELECT value FROM json_each(?)) "
            f"AND {apart} IS NOT NULL",
            (id_list(ids),),
        ).fetchall()
        unplaced.difference_update(row[0] for row in rows)
        yield from ((row[0], row[1], name) for row in rows)
    if laptop is not None:
        yield from ((id_, HERE, "") for id_ in unplaced if laptop_of(id_) == laptop)


def _own_places(connection: "Connection", kind: Kind, ids: Collection[int]) -> Iterator[tuple[int, int, str]]:
    if not kind.within:
        return
    rows = connection.exec_driver_sql(
        f"SELECT id, {', '.join(kind.within)} FROM {kind.name} WHERE id IN (SELECT value FROM json_each(?))",
        (id_list(ids),),
    ).fetchall()
    above = [kind.specs[name].ref or "" for name in kind.within]
    for id_, *places in rows:
        for place, name in zip(places, above, strict=True):
            if place is not None:
                yield id_, place, name
                break


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
    unused = "".join(
        f" AND id NOT IN (SELECT {reference} FROM {name} WHERE {reference} IS NOT NULL)"
        for name, reference in _bringers(kind)
    )
    return _ids(connection, f"SELECT id FROM {kind.name} WHERE {_LAPTOP} = ?{unused}", laptop)


def _bringers(kind: Kind) -> list[tuple[str, str]]:
    """(kind, reference) of what brings records of this kind along."""
    return [
        (record.kind.name, reference)
        for record in discover.by_number().values()
        for reference in record.kind.brings
        if record.kind.specs[reference].ref == kind.name
    ]


def _ids(connection: "Connection", sql: str, *parameters: object) -> Iterable[int]:
    return [row[0] for row in connection.exec_driver_sql(sql, parameters)]
