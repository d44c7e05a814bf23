"""Finding doors: ``3-2-501``, ``3栋501``, as far as it is typed; and households by the end of their phone number."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from gridworker.domain.address import building_label, natural_key
from gridworker.store.search.hits import LIST, Asked, Hit, Place, Span, Why, either, label, phone_end, places, quoted
from gridworker.store.search.pinyin import spelled
from gridworker.store.search.query import DoorQuery
from gridworker.store.search.terms import grid_term, pairs, plain

CANDIDATES = 60

_DOORS = f"""
    SELECT d.id, b.building_name, b.estate_name, d.unit_no, d.room_no, coalesce(d.grid_id, b.grid_id), h.id,
        coalesce(r.name, h.head_name)
    FROM dwelling d JOIN building b ON b.id = d.building_id
    LEFT JOIN household h ON h.dwelling_id = d.id LEFT JOIN resident r ON r.id = h.head_id
    WHERE d.id IN {LIST} ORDER BY h.status IS NOT 'active', h.id"""

_BUILDINGS = f"SELECT id, building_name, estate_name, grid_id FROM building WHERE id IN {LIST}"


def doors(asked: Asked) -> list[Hit]:
    """Households behind the doors a query may mean, doors nobody is behind, and buildings; those of the grid first."""
    if not asked.query.doors:
        return []
    near = _entries(asked, f'"{grid_term(asked.grid)}" AND ') if asked.grid is not None else []
    far = [record for record in _entries(asked, "") if record not in near] if len(near) < asked.limit else []
    found = [*_behind(asked, (*near, *far)), *_buildings(asked)]
    order = {record: place >= len(near) for place, record in enumerate((*near, *far))}
    found.sort(key=lambda one: (one[1].place.grid_id != asked.grid and order.get(one[0], True), one[1].score, one[2]))
    return [hit for _, hit, _ in found][: asked.limit]


def _entries(asked: Asked, where: str) -> list[int]:
    named = [door_terms(door) for door in asked.query.doors]
    return asked.entries(f"{where}({either(named)})", CANDIDATES)


def door_terms(door: DoorQuery) -> str:
    """The terms of a door as far as it was typed."""
    found = [f"{tag}{spelled(part)}" for tag, part in zip("hur", door[:3], strict=True) if part]
    return quoted(*found, *(f"e{pair}" for pair in pairs(plain(door.estate))))


def _behind(asked: Asked, records: Sequence[int]) -> Iterator[tuple[int, Hit, object]]:
    """The hits behind each door with what they are sorted by."""
    for dwelling, building, estate, unit, room, grid, household, head in asked.rows(_DOORS, records):
        parts = (building or "", unit or "", room or "")
        door = next((door for door in asked.query.doors if fits(door, parts)), None)
        if door is None:
            continue
        called = label(*parts)
        place = Place(household, head or "", called, estate or "", grid)
        kind = "household" if household else "dwelling"
        why = Why("door", called, _spans(door, parts))
        hit = Hit(kind, household or dwelling, head or called, why, int(door.room not in ("", room)), place)
        yield dwelling, hit, tuple(map(natural_key, parts))


@lru_cache(maxsize=4096)
def fits(door: DoorQuery, parts: tuple[str, str, str]) -> bool:
    """Whether building, unit and room are what was typed."""
    building, unit, room = (spelled(part) for part in parts)
    return (
        spelled(door.building) in ("", building)
        and spelled(door.unit) in ("", unit)
        and room.startswith(spelled(door.room))
    )


def _spans(door: DoorQuery, parts: tuple[str, str, str]) -> tuple[Span, ...]:
    building, unit, room = parts
    at = len(building_label(building))
    found = [(0, len(building))] if door.building else []
    found += [(at, at + len(unit))] if door.unit else []
    whole = len(label(building, unit, room))
    return (*found, (whole - len(room), whole - len(room) + len(door.room))) if door.room else tuple(found)


def _buildings(asked: Asked) -> Iterator[tuple[int, Hit, object]]:
    named = [door for door in asked.query.doors if door.building and not door.unit and not door.room]
    if not named:
        return
    terms = building_terms(named)
    for record, building, estate, grid in asked.rows(_BUILDINGS, asked.entries(terms, CANDIDATES)):
        called = building_label(building or "")
        why = Why("building_name", called, ((0, len(building or "")),))
        yield (
            record,
            Hit("building", record, called, why, -1, Place(estate=estate or "", grid_id=grid)),
            natural_key(building),
        )


def building_terms(named: Iterable[DoorQuery]) -> str:
    """The terms of the buildings of doors."""
    return either(quoted(f"b{spelled(door.building)}", *pairs(plain(door.estate))) for door in named)


def phones(asked: Asked) -> list[Hit]:
    """Households whose own phone number ends in the digits."""
    tail = asked.query.tail
    if not tail:
        return []
    found = asked.entries(phone_end(tail), CANDIDATES)
    select = f"SELECT id, contact_phone FROM household WHERE id IN {LIST}"
    ending = [
        household
        for household, numbers in asked.rows(select, found)
        if any(number.replace("-", "").endswith(tail) for number in (numbers or "").split())
    ]
    why = Why("contact_phone", tail, ((0, len(tail)),))
    return [
        Hit("household", household, place.head or place.door, why, 0, place)
        for household, place in places(asked, ending).items()
    ]
