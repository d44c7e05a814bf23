"""Where some households belong in an order that is kept, without putting all in order anew.

Each is looked for by halves, all at once: what the ones in the middle are sorted by is asked in one go for a round.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial
from itertools import filterfalse, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from gridworker.app.household.order import DOOR, NAME, VISITED, Order, keys_of
from gridworker.app.household.roll_homes import PLACE, Homes
from gridworker.app.long_sort import in_parts
from gridworker.domain.address import natural_key
from gridworker.store.queries import household_firsts, household_news
from gridworker.store.queries import households as rows
from gridworker.store.search.sounds import sound

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

FEW = 8
"""The doors of so many, and of those beside them, are asked; of more it is told from the order by door."""

_FEW_REMOVED, _AT_ONCE = 40, 20_000

_FIRST, _KNOWN, _BEHIND, _LAST = range(4)
"""Who stands before those with a value: never visited is the longest time ago. Behind them names without a sound."""


class _Turned(NamedTuple):
    """A value in an order that is turned round."""

    value: Any

    def __lt__(self, other: Any) -> bool:
        return bool(other.value < self.value)


class Seats:
    """What households are sorted by in one order, by their places; asked of the books as it is needed.

    ``doors``: all of them by door, where that is known and many are moved.
    """

    def __init__(
        self, connection: "Connection", homes: Homes, order: Order, today: date, doors: "array[int] | None" = None
    ) -> None:
        self._connection, self._homes, self._order, self._today = connection, homes, order, today
        self._value_at: dict[int, tuple[int, Any]] = {}
        self._door_at: dict[int, Any] = {}
        self._ranks = _ranks(doors, len(homes)) if doors is not None and order.by != DOOR else None

    def __getitem__(self, place: int) -> tuple[Any, ...]:
        return *self._value_at[place], self._door_at.get(place)

    def value(self, place: int) -> tuple[int, Any]:
        """What it is sorted by before its door."""
        return self._value_at[place]

    def look_up(self, places: Iterable[int]) -> None:
        """Ask for the values that are not known yet."""
        asked = {self._homes.ids[place]: place for place in places if place not in self._value_at}
        if not asked:
            return
        valued = self._values(list(asked))
        for home, place in asked.items():
            rank, value = valued(home)
            if self._order.down and rank == _KNOWN:
                value = _Turned(value)
            self._value_at[place] = rank, value

    def tell_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Ask for the doors of those that have one value: among others nobody looks at them."""
        alike = {
            place for one, other in pairs if self._value_at[one] == self._value_at[other] for place in (one, other)
        }
        asked = {self._homes.ids[place]: place for place in alike - self._door_at.keys()}
        if asked:
            self._door_at.update((asked[home], door) for home, door in self._doors(asked).items())

    def _doors(self, asked: "dict[int, int]") -> "dict[int, Any]":
        if self._ranks is not None:
            return {home: self._ranks[place] for home, place in asked.items()}
        return {home: (has_none, at) for home, (has_none, at) in _doors_of(self._connection, asked).items()}

    def _values(self, asked: "list[int]") -> "Callable[[int], tuple[int, Any]]":
        by, down = self._order
        if by == DOOR:
            doors = _doors_of(self._connection, asked)
            return lambda home: (_BEHIND if doors[home][0] else _KNOWN, doors[home])
        if by == NAME:
            return partial(_by_name, household_firsts.heads(self._connection, asked))
        keys = keys_of(self._connection, by, self._today, asked)
        without = _FIRST if by == VISITED and not down else _LAST
        return lambda home: (_KNOWN, keys[home]) if home in keys else (without, "")


def _by_name(called: "dict[int, str]", home: int) -> tuple[int, str]:
    name = called.get(home)
    if name is None:
        return _LAST, ""
    said = sound(name)
    return (_KNOWN, said) if said else (_BEHIND, name)


def _doors_of(connection: "Connection", asked: Collection[int]) -> "dict[int, tuple[bool, Any]]":
    """Whether households have no door, and what they are sorted by among those that have one, or have none."""
    nowhere = household_news.nowhere(connection, asked)
    found = {
        one.household: (
            one.household in nowhere,
            (one.building is None, *map(natural_key, one[1:]), one.household),
        )
        for one in rows.places(connection, asked)
    }
    return {home: found.get(home, (True, (True, (), (), (), (), home))) for home in asked}


def _ranks(doors: "array[int]", count: int) -> "array[int]":
    ranks = array(PLACE, bytes(array(PLACE).itemsize * count))
    for rank, place in enumerate(doors):
        ranks[place] = rank
    return ranks


def reseated(whole: "array[int]", moved: Collection[int], living: Iterable[int], seats: Seats) -> "array[int]":
    """An order without those that ``moved``, and the ``living`` of them where they belong now."""
    rest = _without(whole, moved)
    living = list(living)
    seats.look_up(living)
    seats.tell_apart(pairwise(sorted(living, key=seats.value)))
    spots = _spots(rest, living, seats)
    found, at = array(PLACE), 0
    for place in sorted(living, key=seats.__getitem__):
        found.extend(rest[at : spots[place]])
        found.append(place)
        at = spots[place]
    found.extend(rest[at:])
    return found


def _without(whole: "array[int]", moved: Collection[int]) -> "array[int]":
    if len(moved) <= _FEW_REMOVED:
        rest, body = whole[:], whole.tobytes()
        for at in sorted((_position(body, place, whole.itemsize) for place in moved), reverse=True):
            if at >= 0:
                del rest[at]
        return rest
    rest, moved = array(PLACE), set(moved)
    for lot in in_parts(whole, _AT_ONCE):
        rest.extend(filterfalse(moved.__contains__, lot))
    return rest


def _position(body: bytes, place: int, size: int) -> int:
    """Where a place stands in an order, given as it lies in memory: in a fiftieth of the time that comparing takes."""
    wanted = array(PLACE, [place]).tobytes()
    at = body.find(wanted)
    while at >= 0 and at % size:  # the end of one and the beginning of the next
        at = body.find(wanted, at + 1)
    return at // size if at >= 0 else -1


def _spots(rest: Sequence[int], wanted: Sequence[int], seats: Seats) -> "dict[int, int]":
    """How many of an order stand before each of the wanted ones."""
    low, high = dict.fromkeys(wanted, 0), dict.fromkeys(wanted, len(rest))
    while halves := {one: (low[one] + high[one]) // 2 for one in wanted if low[one] < high[one]}:
        seats.look_up({rest[at] for at in halves.values()})
        seats.tell_apart((one, rest[at]) for one, at in halves.items())
        for one, at in halves.items():
            if seats[one] < seats[rest[at]]:
                high[one] = at
            else:
                low[one] = at + 1
    return low


def called_between(
    connection: "Connection", homes: Homes, whole: Sequence[int], since: str, until: str
) -> "Iterable[int]":
    """Who was visited last between two moments, from the order of visits: the longest ago first."""

    def when(place: int) -> str:
        home = homes.ids[place]
        return rows.visited_of_some(connection, [home]).get(home, "")

    def before(moment: str) -> int:
        low, high = 0, len(whole)
        while low < high:
            half = (low + high) // 2
            low, high = (half + 1, high) if when(whole[half]) < moment else (low, half)
        return low

    return map(homes.ids.__getitem__, whole[before(since) : before(until)])
