"""Some households in an order, from its beginning: doors are read of those alone that a page needs.

What they are sorted by is soon read, as they lie in the file; their doors lie all over it, and take ten times as long.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from gridworker.app.household.beginning import ALL_OF_IT, LOT, doors_of, led_by, met
from gridworker.app.household.order import CARE, DOOR, NAME, NEWEST, VISITED, Order, keys_of, sounds_of
from gridworker.app.long_sort import in_parts, in_turn
from gridworker.store.queries import household_firsts

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

WALKED = 2_000
"""More of one value are met with on the walk from door to door; of fewer the doors are compared."""

ASKED = 100_000
"""Of so many each is asked for its care; of more the groups are gone through, as far as a page needs them."""


def lots_of_some(connection: "Connection", some: set[int], order: Order, today: date) -> Iterator[list[int]]:
    """Lot by lot, each read as it is asked for; by name it ends where names have no sound."""
    by, down = order
    if by == DOOR:
        yield from at_doors(connection, some, down=down)
    elif by == NEWEST:
        for lot in in_parts(sorted(some, reverse=not down), LOT):
            here = set(doors_of(connection, lot))
            yield [one for one in lot if one in here]
    elif by == NAME:
        yield from _by_value(connection, sounds_of(connection, list(some)), down=down)
    elif by == CARE and len(some) > ASKED:
        yield from _by_group(connection, some, today, down=down)
    else:
        keys = keys_of(connection, by, today, list(some))
        never_first = by == VISITED and not down
        without = at_doors(connection, {one for one in some if one not in keys})
        yield from without if never_first else ()
        yield from _by_value(connection, keys, down=down)
        yield from without


def _by_group(connection: "Connection", some: set[int], today: date, *, down: bool) -> Iterator[list[int]]:
    """Group by group, as far as they are asked for: who is in the later ones, or in none, need not be looked at."""
    rest = set(some)
    for group in household_firsts.care_groups(connection, today, down=down):
        found = household_firsts.in_group(connection, group, today, ALL_OF_IT) & rest
        # Upwards, the group somebody is first met in is the first one.
        led = set(led_by(connection, group, today, found)) if down else found
        rest -= led
        yield from at_doors(connection, led)
    yield from at_doors(connection, rest)


def _by_value(connection: "Connection", keys: Mapping[int, str], *, down: bool) -> Iterator[list[int]]:
    alike: dict[str, list[int]] = defaultdict(list)
    for home, value in keys.items():
        alike[value].append(home)
    lot: list[int] = []
    for value in in_turn(alike, str, down=down):
        if len(lot) >= LOT or len(alike[value]) > WALKED:
            yield sorted(doors_of(connection, lot), key=keys.__getitem__, reverse=down)
            lot = []
        if len(alike[value]) > WALKED:
            yield from at_doors(connection, set(alike[value]))
        else:
            lot += alike[value]
    yield sorted(doors_of(connection, lot), key=keys.__getitem__, reverse=down)


def at_doors(connection: "Connection", some: set[int], *, down: bool = False) -> Iterator[list[int]]:
    """By door; those without one are last either way."""
    if len(some) > WALKED:
        yield from met(connection, some.intersection, down=down)
        return
    doors = doors_of(connection, some, with_nowhere=False)
    yield doors[::-1] if down else doors
    yield doors_of(connection, some.difference(doors))
