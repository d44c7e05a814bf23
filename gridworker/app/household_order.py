"""The orders of the list of households: a snapshot of ids, sorted once, which pages are then read from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from gridworker.domain.address import natural_key
from gridworker.store.pinyin import readings
from gridworker.store.queries import household_orders, households
from gridworker.store.queries.households import BlockRow, PlaceRow

if TYPE_CHECKING:
    from gridworker.store.database import Connection

DOOR, VISITED, NEWEST, NAME, PEOPLE, CARE = "door", "visit", "newest", "name", "people", "care"
"""By door; by last visit, the longest ago first, who never had one before them; the newest files first; by the sound of
the head's name; by how many live there; by care group."""


def ordered(
    connection: "Connection", places: Sequence[PlaceRow], order: str, today: date, *, down: bool = False
) -> tuple[int, ...]:
    """The households of some places in an order. Equal ones are by door; without a value they are last either way."""
    if order == NEWEST:
        return tuple(sorted((place.household for place in places), reverse=not down))
    by_place = [place.household for place in in_door_order(places, down=down and order == DOOR)]
    if order == DOOR:
        return tuple(by_place)
    keys = _keys(connection, order, today)
    known = sorted((one for one in by_place if one in keys), key=keys.__getitem__, reverse=down)
    without = [one for one in by_place if one not in keys]
    never_first = order == VISITED and not down  # a household that was never visited waits longest
    return tuple([*without, *known] if never_first else [*known, *without])


def in_door_order(places: Iterable[PlaceRow], *, down: bool = False) -> list[PlaceRow]:
    """In walking order. Few numbers of doors differ among many thousand, so each is taken apart once."""
    key = cache(natural_key)

    def by_door(place: PlaceRow) -> tuple[object, ...]:
        _, estate, building, unit, room = place
        return building is None, key(estate), key(building), key(unit), key(room), place.household

    return sorted(places, key=by_door, reverse=down)


def first_by_door(connection: "Connection", limit: int) -> tuple[int, ...]:
    """The first households in walking order, found from the buildings: before all are put in order."""
    key, found = cache(natural_key), list[int]()

    def by_name(block: BlockRow) -> tuple[object, ...]:
        return block.label is None, key(block.estate), key(block.label)

    for _, alike in groupby(sorted(households.blocks(connection), key=by_name), key=by_name):
        near = [place for block in alike for place in households.neighbours(connection, block.id)]
        found += [place.household for place in in_door_order(near)]
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _keys(connection: "Connection", order: str, today: date) -> Mapping[int, str]:
    """What each household is sorted by; texts that compare as the values do."""
    if order == VISITED:
        return households.visited_at(connection)
    if order == PEOPLE:
        return {home: f"{count:09}" for home, count in household_orders.people(connection, today).items()}
    if order == CARE:
        return household_orders.cares(connection, today)
    spell = cache(_sound)
    return {home: spell(name) for home, name in household_orders.heads(connection).items()}


def _sound(name: str) -> str:
    """A name as it sounds, each character by the first of its readings; among equals the characters decide."""
    return " ".join(said[0] for said in readings(name) if said) + " " + name
