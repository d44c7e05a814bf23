"""What a laptop may hold: the records of its grids, and what all need (sync.md 6).

The cut is by record and follows the kinds' own declarations: ``within`` names the reference that places a record,
``brings`` what comes along with it, ``everywhere`` what goes to all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import DEVICE_BITS, INCARNATION_BITS, laptop_of
from gridworker.store.log.log import id_list
from gridworker.store.scope.conflicts import Contested, contested

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_LAPTOP = f"((id & {(1 << DEVICE_BITS) - 1}) >> {INCARNATION_BITS})"


def in_scope(connection: "Connection", grids: Collection[int], laptop: int | None) -> set[int]:
    """Ids of the records that belong on a laptop with these grids.

    A record that nothing places yet (a household whose dwelling is not known) belongs to the laptop that made it; with
    ``laptop`` None it belongs to none. One whose place is in conflict belongs wherever any of its heads puts it.
    """
    scope, shared, disputed = set(grids), set[int](), contested(connection)
    for record in discover.by_number().values():
        kind = record.kind
        if kind.office_only:
            continue
        if kind.everywhere:
            # Kept apart: that every device knows all grids must not place the houses of all grids on it.
            shared.update(_ids(connection, f"SELECT id FROM {kind.name}"))
            continue
        scope.update(
            _placed(connection, kind, scope, laptop),
            (one for one, places in disputed.places.get(kind.name, {}).items() if not scope.isdisjoint(places)),
        )
        for reference in kind.brings:
            scope.update(
                _ids(
                    connection,
                    f"SELECT DISTINCT {reference} FROM {kind.name} WHERE {reference} IS NOT NULL "
                    "AND id IN (SELECT value FROM json_each(?))",
                    id_list(scope),
                )
            )
            along = disputed.brought.get((kind.name, reference), {})
            scope.update(*(brought for one, brought in along.items() if one in scope))
    return scope | shared


def among(connection: "Connection", records: Mapping[int, int], grids: Collection[int], laptop: int | None) -> set[int]:
    """Those of some records, given with the number of their kind, that belong on a laptop with these grids.

    Climbs from the records to what places them, so it costs what the records are, not what the grids hold.
    """
    if not records:
        return set()
    links = _Links(connection, laptop, contested(connection))
    frontier = _by_kind(records)
    climbed = {record for ids in frontier.values() for record in ids}
    while frontier:
        above: dict[str, set[int]] = {}
        for name, ids in frontier.items():
            for kind, place in links.above(discover.kinds()[name].kind, ids):
                if kind and place not in climbed and place not in grids:
                    climbed.add(place)
                    above.setdefault(kind, set()).add(place)
        frontier = above
    return links.inside(grids) & records.keys()


HERE = -1
"""Stands for the place of what nothing places yet and the laptop itself made."""


class _Links:
    """What places records and what brings them along, found by climbing, and gone through again from the grids on."""

    def __init__(self, connection: "Connection", laptop: int | None, disputed: Contested) -> None:
        self._connection = connection
        self._laptop = laptop
        self._disputed = disputed
        self._placed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        """By kind: (record, what places it)."""
        self._brought: dict[str, list[tuple[int, int]]] = defaultdict(list)
        """By the kind of what brings them along: (record, what brings it)."""

    def above(self, kind: Kind, ids: Collection[int]) -> Iterator[tuple[str, int]]:
        """Where records of a kind may hang on: (kind, record), the kind '' where there is no climbing on."""
        unplaced = set(ids)
        for record, place, above, is_shown in self._own_places(kind, ids):
            if is_shown:
                unplaced.discard(record)
            self._placed[kind.name].append((record, place))
            yield above, place
        for record, bringer, above, is_shown in self._bringers(kind, ids):
            if is_shown and not kind.within:
                unplaced.discard(record)
            self._brought[above].append((record, bringer))
            yield above, bringer
        own = {record for record in unplaced if laptop_of(record) == self._laptop}
        if own:
            here = self._rows(f"SELECT id FROM {kind.name} WHERE id IN (SELECT value FROM json_each(?))", own)
            self._placed[kind.name] += [(record, HERE) for (record,) in here]

    def inside(self, grids: Collection[int]) -> set[int]:
        """What of all that was climbed through lies in these grids, kind by kind as ``in_scope`` goes."""
        inside = {*grids, HERE}
        for name in discover.kinds():
            inside.update([record for record, place in self._placed.get(name, ()) if place in inside])
            inside.update([record for record, bringer in self._brought.get(name, ()) if bringer in inside])
        return inside

    def _own_places(self, kind: Kind, ids: Collection[int]) -> Iterator[tuple[int, int, str, bool]]:
        """(record, what places it, the kind of that, whether the tables show it so)."""
        if not kind.within:
            return
        above = [kind.specs[name].ref or "" for name in kind.within]
        disputed = self._disputed.places.get(kind.name, {})
        for record, *places in self._rows(
            f"SELECT id, {', '.join(kind.within)} FROM {kind.name} WHERE id IN (SELECT value FROM json_each(?))", ids
        ):
            for place, name in zip(places, above, strict=True):
                if place is not None:
                    yield record, place, name, True
                    break
            for place in disputed.get(record, ()):
                # Of which kind a disputed place is its heads do not say: it is looked for in all that may be meant.
                yield from ((record, place, name, False) for name in above)

    def _bringers(self, kind: Kind, ids: Collection[int]) -> Iterator[tuple[int, int, str, bool]]:
        """(record, what brings it along, the kind of that, whether the tables show it so)."""
        for name, reference in _bringers(kind):
            # What has a place of its own is brought into another grid only by what lies elsewhere than itself.
            apart = discover.kinds()[name].kind.within[0] if kind.within else "id"
            for record, bringer in self._rows(
                f"SELECT {reference}, id FROM {name} WHERE {reference} IN (SELECT value FROM json_each(?)) "
                f"AND {apart} IS NOT NULL",
                ids,
            ):
                yield record, bringer, name, True
            disputed = self._disputed.brought.get((name, reference), {})
            for bringer, along in disputed.items():
                yield from ((record, bringer, name, False) for record in along.intersection(ids))

    def _rows(self, sql: str, ids: Collection[int]) -> Iterable[tuple[int, ...]]:
        return self._connection.exec_driver_sql(sql, (id_list(ids),)).fetchall()


def _by_kind(records: Mapping[int, int]) -> dict[str, set[int]]:
    known = discover.by_number()
    found: dict[str, set[int]] = {}
    for record, number in records.items():
        kind = known[number].kind if number in known else None
        if kind and not (kind.everywhere or kind.office_only):
            found.setdefault(kind.name, set()).add(record)
    return found


def grids_of(connection: "Connection", laptop: int) -> list[int]:
    """The grids the office has given to a laptop, and those that were merged into them."""
    cursor = raw_cursor(connection)
    cursor.execute(
        "WITH RECURSIVE own(id) AS ("
        "SELECT dg.grid_id FROM device_grid dg JOIN device d ON d.id = dg.device_id WHERE d.number = ? "
        "UNION SELECT g.id FROM grid g JOIN own ON g.merged_into = own.id) SELECT id FROM own ORDER BY id",
        (laptop,),
    )
    return [row[0] for row in cursor.fetchall()]


def grids_apart(connection: "Connection") -> list[tuple[int, str]]:
    """(id, name) of all grids but those that were merged into others."""
    rows = connection.exec_driver_sql("SELECT id, name FROM grid WHERE merged_into IS NULL ORDER BY id")
    return [(row[0], row[1] or "") for row in rows]


def with_merged(connection: "Connection", grid: int) -> list[int]:
    """A grid and those that were merged into it."""
    rows = connection.exec_driver_sql(
        "WITH RECURSIVE own(id) AS (SELECT ? UNION SELECT g.id FROM grid g JOIN own ON g.merged_into = own.id) "
        "SELECT id FROM own ORDER BY id",
        (grid,),
    )
    return [row[0] for row in rows]


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
