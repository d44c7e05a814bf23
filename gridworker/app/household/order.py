"""The orders of the list of households: a snapshot of ids, sorted once, which pages are then read from."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from gridworker.app.household.two_way_order import Walk, by_care, by_last_visit, by_name, by_people
from gridworker.app.long_sort import ID, in_parts, sorted_in_parts
from gridworker.domain.address import natural_key
from gridworker.store.queries import household_firsts as firsts
from gridworker.store.queries import household_orders, households
from gridworker.store.queries.households import BlockRow, PlaceRow
from gridworker.store.search.sounds import sound

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

T = TypeVar("T")

DOOR, VISITED, NEWEST, NAME, PEOPLE, CARE = "door", "visit", "newest", "name", "people", "care"
"""By door; by last visit, the longest ago first, who never had one before them; the newest files first; by the sound of
the head's name; by how many live there; by care group."""


class Order(NamedTuple):
    """What a list is sorted by, and whether it is turned round."""

    by: str = DOOR
    down: bool = False


class Walking(NamedTuple):
    """How all are gone through by door: ``doors`` has them so already, where somebody knows.

    ``told`` is called again and again: what it raises ends the walk.
    """

    doors: "array[int] | None" = None
    told: Callable[[], object] = int


WALKING = Walking()


def orders() -> list[Order]:
    """All orders there are, each of them turned round as well."""
    return [Order(by, down) for by in (DOOR, VISITED, NEWEST, NAME, PEOPLE, CARE) for down in (False, True)]


SOME = 20_000
"""Of so many, door and what they are sorted by are asked of each; more are walked through building by building, so that
memory has not to bear the doors of all at once."""

_LOT_OF_SOME = 2_000
"""Of these, so many at once: the window has its turns between them."""

_LOT, _FIRST_LOT = 100, 5
"""Buildings read at once; few at first, for the page that somebody waits for."""

_LOT_OF_IDS, _FIRST_LOT_OF_IDS = 5_000, 500
"""Households read at once by their age; few at first."""


def ordered(
    connection: "Connection",
    wanted: Collection[int] | None,
    order: Order,
    today: date,
    walking: Walking = WALKING,
) -> "array[int]":
    """All households or some, in an order. Equal ones are by door; without a value they are last either way.

    As plain numbers, an eighth of the memory of so many objects.
    """
    (by, down), (doors, told) = order, walking
    some = wanted is not None and len(wanted) <= SOME
    if by == NEWEST and not some:
        aged = chain.from_iterable(by_age(connection, oldest_first=down))
        return array(ID, aged if wanted is None else filter(set(wanted).__contains__, aged))
    if doors is not None and not (by == DOOR and down):
        by_place = doors if wanted is None else array(ID, filter(set(wanted).__contains__, doors))
    else:
        by_place = array(ID, _walked(connection, wanted, told, down=down and by == DOOR))
    among = by_place if some else None
    if by == DOOR:
        return by_place
    if by == NEWEST:
        return array(ID, sorted_in_parts(by_place, int, down=not down))
    if by == NAME:
        return array(ID, _by_name(connection, by_place, among, down=down))
    keys = keys_of(connection, by, today, among)
    known = sorted_in_parts((one for one in by_place if one in keys), keys.__getitem__, down=down)
    without = [one for one in by_place if one not in keys]
    never_first = by == VISITED and not down  # a household that was never visited waits longest
    return array(ID, [*without, *known] if never_first else [*known, *without])


def both_ways(connection: "Connection", by: str, today: date, doors: Sequence[int]) -> "tuple[array[int], array[int]]":
    """All households as ``ordered`` has them, and turned round, from all by door: read and sorted once for both."""
    if by == DOOR:
        nowhere = {place.household for place in households.places_nowhere(connection)}
        known, rest = (array(ID, (one for one in doors if (one in nowhere) is out)) for out in (False, True))
        return array(ID, doors), known[::-1] + rest
    walk = Walk(doors, array(ID, chain.from_iterable(by_age(connection, oldest_first=True))))
    if by == VISITED:
        return by_last_visit(connection, walk)
    if by == NAME:
        return by_name(connection, walk)
    return by_people(connection, walk, today) if by == PEOPLE else by_care(connection, walk, today)


def by_age(connection: "Connection", *, oldest_first: bool) -> Iterator[list[int]]:
    """All by the age of their files, lot by lot, each read as it is asked for."""
    last, size = None, _FIRST_LOT_OF_IDS
    while lot := households.aged(connection, last, size, oldest_first=oldest_first):
        yield lot
        last, size = lot[-1], min(2 * size, _LOT_OF_IDS)


def door_lots(connection: "Connection", *, down: bool = False) -> Iterator[list[int]]:
    """All in walking order or from the last door back, lot by lot, each read as it is asked for; doorless ones last."""
    for lot in lots_of_blocks(connection, down=down):
        doors = [place.household for place in in_door_order(households.places_in(connection, lot))]
        yield doors[::-1] if down else doors
    yield [place.household for place in in_door_order(households.places_nowhere(connection))]


def in_door_order(places: Iterable[PlaceRow]) -> list[PlaceRow]:
    """In walking order. Few numbers of doors differ among many thousand, so each is taken apart once."""
    key = cache(natural_key)

    def by_door(place: PlaceRow) -> tuple[object, ...]:
        _, estate, building, unit, room = place
        return building is None, key(estate), key(building), key(unit), key(room), place.household

    return sorted_in_parts(places, by_door)


def _walked(
    connection: "Connection", wanted: Collection[int] | None, told: Callable[[], object], *, down: bool
) -> Iterator[int]:
    """Households in walking order or from the last door back, read as far as they are asked for."""
    if wanted is not None and len(wanted) <= SOME:
        lots = in_parts(sorted(wanted), _LOT_OF_SOME)  # as they lie in the file
        places = in_door_order(chain.from_iterable(households.places(connection, lot) for lot in lots))
        doors = [place.household for place in places if place.building is not None]
        yield from reversed(doors) if down else doors
        yield from (place.household for place in places if place.building is None)
        return
    for lot in door_lots(connection, down=down):
        told()
        yield from (one for one in lot if wanted is None or one in wanted)


def lots_of_blocks(connection: "Connection", *, down: bool = False) -> Iterator[list[int]]:
    """Buildings in walking order, lot by lot; those of one name stand in one lot."""
    lot, size = list[int](), _FIRST_LOT
    for alike in _walk(households.blocks_text(connection), down):
        lot += alike
        if len(lot) >= size:
            yield lot
            lot, size = [], min(2 * size, _LOT)
    if lot:
        yield lot


@lru_cache(maxsize=2)
def _walk(text: str, down: bool) -> list[tuple[int, ...]]:
    """The buildings of a text in walking order, those of one name together.

    Nearly every page begins with them, and to take ten thousand names apart takes longer than all else about it.
    """
    key = cache(natural_key)

    def by_name(block: BlockRow) -> tuple[object, ...]:
        return block.label is None, key(block.estate), key(block.label)

    blocks = [(by_name(block), block.id) for block in households.blocks_of(text)]
    name = itemgetter(0)
    return [tuple(block for _, block in alike) for _, alike in groupby(sorted_in_parts(blocks, name, down=down), name)]


def keys_of(connection: "Connection", order: str, today: date, among: Sequence[int] | None = None) -> Mapping[int, str]:
    """What each household, or each of some, is sorted by; texts that compare as the values do."""
    if among is None:
        return _keys_of_all(connection, order, today)
    if order == VISITED:
        return _asked(partial(households.visited_of_some, connection), among)
    if order == PEOPLE:
        return _counts(_asked(lambda lot: households.people_counts(connection, lot, today), among))
    return _asked(lambda lot: firsts.cares(connection, lot, today), among)


def _keys_of_all(connection: "Connection", order: str, today: date) -> Mapping[int, str]:
    if order == VISITED:
        return households.visited_at(connection)
    if order == PEOPLE:
        return _counts(household_orders.people(connection, today))
    return household_orders.cares(connection, today)


def _counts(people: Mapping[int, int]) -> Mapping[int, str]:
    return {home: f"{count:09}" for home, count in people.items()}


def _asked(ask: Callable[[Sequence[int]], Mapping[int, T]], among: Sequence[int]) -> Mapping[int, T]:
    """What is asked of some households, lot by lot, as they lie in the file: five times as fast as in another order."""
    found: dict[int, T] = {}
    for lot in in_parts(sorted(among), _LOT_OF_SOME):
        found.update(ask(lot))
    return found


def sounds_of(connection: "Connection", among: Sequence[int]) -> dict[int, str]:
    """The sound of the head's name of some households, where it has one."""
    return _sounds(_heads(connection, among))


def _sounds(called: Mapping[int, str]) -> dict[int, str]:
    spell = cache(sound)
    return {home: said for home, name in called.items() if (said := spell(name))}


def _heads(connection: "Connection", among: Sequence[int]) -> Mapping[int, str]:
    return _asked(partial(firsts.heads, connection), among)


def _by_name(
    connection: "Connection", by_place: Iterable[int], among: Sequence[int] | None, *, down: bool
) -> list[int]:
    """By sound either way; behind them names that have none by their letters, then those without a name by door."""
    called = household_orders.heads(connection) if among is None else _heads(connection, among)
    keys = _sounds(called)
    rest = _without_sound(by_place, called, keys)
    return [*sorted_in_parts((one for one in by_place if one in keys), keys.__getitem__, down=down), *rest]


def _without_sound(by_place: Iterable[int], called: Mapping[int, str], keys: Collection[int]) -> list[int]:
    rest = [one for one in by_place if one not in keys]
    rest.sort(key=lambda one: (one not in called, called.get(one, "")))
    return rest
