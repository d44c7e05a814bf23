"""All households in an order and turned round, in little memory.

A text and an object for each of hundreds of thousands take a hundred megabytes for as long as they are sorted. Here
those of one value are brought together, and of each only its id, then the number of its door in the walk, is at hand.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from gridworker.app.long_sort import ID, in_parts, sorted_in_parts
from gridworker.store.queries import household_orders as rows
from gridworker.store.search.sounds import sound

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

T = TypeVar("T")

DOOR_NO = "I"
"""How many doors there are before one: 32 bits."""

_AT_ONCE = 10_000
"""So many are taken in one go, then other threads have their turn."""


class Walk:
    """The households in walking order. ``aged``: the same ones, ascending."""

    def __init__(self, doors: Sequence[int], aged: Sequence[int]) -> None:
        self.doors, self._aged = doors, aged
        self._number = array(DOOR_NO, bytes(array(DOOR_NO).itemsize * len(aged)))
        for number, home in enumerate(doors):
            self._number[bisect_left(aged, home)] = number

    def numbers(self, homes: Iterable[int]) -> list[int]:
        """The numbers of their doors, ascending; households that are not in the walk are left out."""
        aged, number = self._aged, self._number
        places = ((bisect_left(aged, home), home) for home in homes)
        return sorted(number[at] for at, home in places if at < len(aged) and aged[at] == home)

    def homes(self, numbers: Sequence[int]) -> "array[int]":
        """Those behind some numbers."""
        found = array(ID)
        for lot in in_parts(numbers, _AT_ONCE):
            found.extend(map(self.doors.__getitem__, lot))
        return found


def by_last_visit(connection: "Connection", walk: Walk) -> "tuple[array[int], array[int]]":
    """The longest ago first, before them who never had one; turned round, these come last too."""
    known, turned, rest = _both(_alike(rows.visited(connection), walk), walk)
    return walk.homes(rest + known), walk.homes(turned + rest)


def by_people(connection: "Connection", walk: Walk, today: date) -> "tuple[array[int], array[int]]":
    """By how many live there; those of whom nothing is known come last either way."""
    return _known_first(_by_value(rows.living(connection, today)), walk)


def by_care(connection: "Connection", walk: Walk, today: date) -> "tuple[array[int], array[int]]":
    """By the first care group; the others come last either way."""
    return _known_first(_by_value(rows.cared(connection, today)), walk)


def by_name(connection: "Connection", walk: Walk) -> "tuple[array[int], array[int]]":
    """By sound; behind them names that have none by their letters, then those without a name, either way."""
    called = _by_value(rows.called(connection))
    sounding: dict[str, array[int]] = defaultdict(_no_homes)
    silent: dict[str, array[int]] = {}
    for name, homes in called.items():
        if said := sound(name):
            sounding[said].extend(homes)
        else:
            silent[name] = homes
    known, turned, rest = _both((walk.numbers(sounding[said]) for said in sorted_in_parts(sounding, str)), walk)
    named = array(DOOR_NO, chain.from_iterable(walk.numbers(silent[name]) for name in sorted(silent)))
    unnamed = set(named)
    behind = named + array(DOOR_NO, (number for number in rest if number not in unnamed))
    return walk.homes(known + behind), walk.homes(turned + behind)


def _no_homes() -> "array[int]":
    return array(ID)


def _by_value(pairs: Iterable[tuple[int, T]]) -> "dict[T, array[int]]":
    """Households by what they are sorted by, which many have in common."""
    found: dict[T, array[int]] = defaultdict(_no_homes)
    for home, value in pairs:
        found[value].append(home)
    return found


def _known_first(alike: "Mapping[T, array[int]]", walk: Walk) -> "tuple[array[int], array[int]]":
    values: list[Any] = list(alike)
    known, turned, rest = _both((walk.numbers(alike[value]) for value in sorted(values)), walk)
    return walk.homes(known + rest), walk.homes(turned + rest)


def _alike(ordered: Iterable[tuple[int, object]], walk: Walk) -> Iterator[list[int]]:
    """The numbers of doors, those of one value together."""
    for _, alike in groupby(ordered, itemgetter(1)):
        yield walk.numbers(home for home, _ in alike)


def _both(groups: Iterable[list[int]], walk: Walk) -> "tuple[array[int], array[int], array[int]]":
    """What is known in the order of the groups and in the other, each group by door either way; and the rest."""
    known, ends, turned = array(DOOR_NO), array(DOOR_NO, [0]), array(DOOR_NO)
    for group in groups:
        known.extend(group)
        ends.append(len(known))
    for at in range(len(ends) - 1, 0, -1):
        turned.extend(known[ends[at - 1] : ends[at]])
    is_known = bytearray(len(walk.doors))
    for number in known:
        is_known[number] = 1
    rest = array(DOOR_NO, (number for number, there in enumerate(is_known) if not there))
    return known, turned, rest
