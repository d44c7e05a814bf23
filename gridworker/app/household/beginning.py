"""How the list of households begins in each of its orders: lot by lot, each read as it is asked for.

What comes first is read by an index where one knows it, or met with soon on the walk from door to door where many have
it. The order is that of the whole list (``order.py``), equal ones by door among them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.household.order import (
    CARE,
    NAME,
    NEWEST,
    PEOPLE,
    VISITED,
    Order,
    by_age,
    door_lots,
    in_door_order,
    lots_of_blocks,
)  # fmt: skip
from gridworker.store.queries import household_filters, household_firsts, households
from gridworker.store.search.sounds import by_sound, sound

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

FEW = 2000
"""Of so many the doors are compared; more are met with on the walk."""

LOT = 100
"""What is read in smaller parts is put together to so many."""

ALL_OF_IT = -1
"""No limit: whoever is in a group may belong to several households, so its size does not bound theirs."""

_WALKED, _SOUNDS = 3, 100
"""Parts after which one sees whether enough was found, though it is less."""


class Beginning(NamedTuple):
    """Households in order, and whether these are all of them in the end.

    ``placed`` puts in order what a filter leaves of a lot, where the lots themselves are in none.
    """

    lots: Iterator[list[int]]
    whole: bool
    placed: Callable[[set[int]], list[int]] | None = None

    def left(self, lot: list[int], some: set[int]) -> list[int]:
        """Some of a lot, in order."""
        return [one for one in lot if one in some] if self.placed is None else self.placed(some)


def narrowed_doors(connection: "Connection", *, down: bool) -> Beginning:
    """All by door for a filter that is asked about each lot: the doors are read of those alone that it leaves."""

    def placed(some: set[int]) -> list[int]:
        doors = doors_of(connection, some, with_nowhere=False)
        nowhere = some.difference(doors)
        return [*(doors[::-1] if down else doors), *(doors_of(connection, nowhere) if nowhere else ())]

    def lots() -> Iterator[list[int]]:
        for lot in lots_of_blocks(connection, down=down):
            yield household_firsts.homes_in(connection, lot)
        yield [place.household for place in households.places_nowhere(connection)]

    return Beginning(lots(), whole=True, placed=placed)


def beginning(
    connection: "Connection", order: Order, today: date, *, unvisited: str = "", group: str = ""
) -> Beginning:
    """The list in an order from its beginning.

    ``unvisited``: whoever was visited since that moment is not wanted, and need not be among them; ``group``: neither
    need who is not in that care group.
    """
    by, down = order
    if by == NEWEST:
        return Beginning(by_age(connection, oldest_first=down), whole=True)
    if by == NAME:
        return Beginning(_together(_by_name(connection, down=down), _SOUNDS), whole=False)
    if by == CARE:
        return Beginning(_together(_by_care(connection, today, group, down=down), _WALKED), whole=False)
    if by == VISITED:
        return Beginning(_last_visited(connection, unvisited) if down else _never_visited(connection), whole=False)
    if by == PEOPLE:
        people = _most(connection, today) if down else _so_many(connection, today, 1)  # nobody has fewer
        return Beginning(_together(people, _WALKED), whole=False)
    return Beginning(door_lots(connection, down=down), whole=True)


def _together(parts: Iterator[list[int]], most: int) -> Iterator[list[int]]:
    """Lots of a size, or of so many parts."""
    lot: list[int] = []
    for number, part in enumerate(parts, start=1):
        lot += part
        if len(lot) >= LOT or number % most == 0:
            yield lot
            lot = []
    yield lot


def met(
    connection: "Connection", picked: Callable[[Collection[int]], Iterable[int]], *, down: bool = False
) -> Iterator[list[int]]:
    """Those that are picked on the walk from door to door; the doors of no others are read.

    Without a door they are last either way.
    """
    yield from _met(connection, picked, down=down)
    nowhere = [place.household for place in in_door_order(households.places_nowhere(connection))]
    chosen = set(picked(nowhere))
    yield [one for one in nowhere if one in chosen]


def _met(
    connection: "Connection", picked: Callable[[list[int]], Iterable[int]], *, down: bool = False
) -> Iterator[list[int]]:
    """The same without those that have no door."""
    for lot in lots_of_blocks(connection, down=down):
        doors = doors_of(connection, list(picked(household_firsts.homes_in(connection, lot))))
        yield doors[::-1] if down else doors


def _never_visited(connection: "Connection") -> Iterator[list[int]]:
    return _met(connection, lambda lot: set(lot) - household_filters.visited(connection, lot))


def _last_visited(connection: "Connection", before: str) -> Iterator[list[int]]:
    seen = set[int]()
    for visits in household_firsts.visited(connection, before):
        latest = {home: at for at, home in reversed(visits) if home not in seen}
        seen.update(latest)
        lot = doors_of(connection, latest)
        yield sorted(lot, key=latest.__getitem__, reverse=True)


def _so_many(connection: "Connection", today: date, count: int) -> Iterator[list[int]]:
    """Households of so many people."""

    def picked(lot: Collection[int]) -> Iterable[int]:
        may_be = lot if count == 1 else household_firsts.may_be_so_many(connection, count, today, lot)
        people = households.people_counts(connection, may_be, today)
        return (one for one in may_be if people.get(one) == count)

    return _met(connection, picked)


def _most(connection: "Connection", today: date) -> Iterator[list[int]]:
    """Those of most people first, number by number as far as they are few; many of one number come by the walk."""
    found, others = household_firsts.most_people(connection, today, FEW + 1)
    people = households.people_counts(connection, found, today)
    for count in sorted({*people.values()}, reverse=True):
        if count > others:
            yield doors_of(connection, [one for one in found if people.get(one) == count])
    if others:
        yield from _so_many(connection, today, others)


def _by_care(connection: "Connection", today: date, within: str, *, down: bool) -> Iterator[list[int]]:
    """Group by group, as far as those of one are few; of many all come by the walk, and no group after them.

    Who is in the group that is asked for has no later one as the first, and of those before it only few are in both.
    """
    for group in household_firsts.care_groups(connection, today, down=down):
        if within and group > within:
            continue
        picked = partial(led_by, connection, group, today)
        if within and group != within:
            members = household_firsts.in_group(connection, group, today, ALL_OF_IT)
            both = household_filters.cared_for(connection, within, today, members)
            yield doors_of(connection, list(picked(both)))
            continue
        found = household_firsts.in_group(connection, group, today, FEW + 1)
        if len(found) > FEW:
            yield from _met(connection, picked)
            return
        yield doors_of(connection, list(picked(found)))


def led_by(connection: "Connection", group: str, today: date, lot: Collection[int]) -> list[int]:
    """Those of some households whose first care group it is."""
    return [one for one, first in household_firsts.cares(connection, lot, today).items() if first == group]


def _by_name(connection: "Connection", *, down: bool) -> Iterator[list[int]]:
    for begun, records in by_sound(connection, down=down):
        yield list(_sounding(connection, begun, records, down=down)) if records else []


def _sounding(connection: "Connection", begun: str, records: Collection[int], *, down: bool) -> Iterator[int]:
    """The households of some heads whose name begins so, in order."""
    heads = ((sound(name), home) for home, name in household_firsts.heads(connection, records).items())
    led = sorted((one for one in heads if one[0].startswith(begun)), reverse=down)
    for _, alike in groupby(led, key=itemgetter(0)):
        homes = [home for _, home in alike]
        yield from doors_of(connection, homes) if len(homes) > 1 else homes


def doors_of(connection: "Connection", wanted: Collection[int], *, with_nowhere: bool = True) -> list[int]:
    """Some households by door; who moved out is not among them."""
    places = in_door_order(households.places(connection, wanted))
    return [place.household for place in places if with_nowhere or place.building is not None]
