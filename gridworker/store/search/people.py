"""Finding people: by name in any spelling, by the end of a phone or ID number."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gridworker.store.log.log import chunks
from gridworker.store.search.hits import LIST, NOWHERE, Asked, Hit, Place, Why, either, label, phone_end, places, quoted
from gridworker.store.search.names import EXACT, GIVEN, INSIDE, START, best_match, complete, fitting, may_be_whole, why
from gridworker.store.search.pinyin import toned
from gridworker.store.search.terms import TAIL, grid_term

COMPARED = 2
"""Times as many people as are wanted are read, to put the better fits first; where none are shown, no more."""

NUMBERED = 200
"""Entries whose numbers are compared, where more than their last four digits were typed."""

LIVING = "in_place"

_UNTOLD = Why("", "")


@dataclass(frozen=True, slots=True)
class Found:
    """A person found, before it is known where they live."""

    id: int
    name: str
    why: Callable[[], Why]
    """Asked of those who are shown only: more are compared."""
    order: tuple[object, ...]
    score: int
    kind: str = "resident"
    """``household``: one that goes by the name of a head whom a ledger names and who is no resident."""


def people(asked: Asked) -> list[Hit]:
    """The people a query may mean, those of the grid first."""
    near, far = _candidates(asked) if asked.query.patterns else ([], [])
    found = [*_named(asked, near, far), *_numbered(asked)]
    best: dict[int, Found] = {}
    for one in sorted(found, key=lambda one: one.order):
        best.setdefault(one.id, one)
    return hits(asked, list(best.values())[: asked.limit])


def _candidates(asked: Asked) -> tuple[list[int], list[int]]:
    """People whose name may fit: of the grid, and from elsewhere where those are too few."""
    near = gather(asked, f'"{grid_term(asked.grid)}" AND ', asked.limit) if asked.grid is not None else {}
    far = gather(asked, "", asked.limit - len(near)) if len(near) < asked.limit else {}
    return list(near), [record for record in far if record not in near]


def _enough(asked: Asked) -> int:
    """How many are read. Whoever asks for households alone puts them in an order of his own: any will do."""
    return COMPARED * asked.limit if asked.shown else asked.limit


def gather(asked: Asked, where: str, wanted: int) -> dict[int, None]:
    """All people who fit in any way if they are few; else the best fits, as many as are wanted.

    Where many begin so, nobody whose name has it further in can be among the best, and these are not asked for: that
    is most of the terms.
    """
    enough, patterns = _enough(asked), asked.query.patterns
    whole = may_be_whole(patterns)
    called = asked.entries(f"{where}({fitting(patterns, EXACT)})", enough) if whole else []
    if len(called) == enough:
        return dict.fromkeys(called)
    begun = asked.entries(f"{where}({fitting(patterns, START)})", enough)
    if len(begun) == enough:
        called = called if whole else asked.entries(f"{where}({fitting(patterns, EXACT)})", enough)
        return _best_begun(asked, where, wanted, (called, begun))
    best = dict.fromkeys((*called, *begun))
    for how in (GIVEN, INSIDE):
        if len(best) < enough:
            best.update(dict.fromkeys(asked.entries(f"{where}({fitting(patterns, how)})", enough)))
    return best


def _best_begun(asked: Asked, where: str, wanted: int, known: tuple[list[int], list[int]]) -> dict[int, None]:
    """The best of many whose names begin so. ``known``: those whose whole name it is, and any of them.

    A complete syllable at the end is first taken for whole.
    """
    called, begun = known
    enough, ended = _enough(asked), complete(asked.query.patterns)
    best = dict.fromkeys(called)
    if ended and len(best) == enough:
        sure = dict.fromkeys(asked.entries(f"{where}({fitting(ended, EXACT)})", enough))
        best = sure if len(sure) >= wanted else sure | best
    if ended and len(best) < wanted:
        best.update(dict.fromkeys(asked.entries(f"{where}({fitting(ended, START)})", enough)))
    return best if len(best) >= wanted else best | dict.fromkeys(begun)


_PEOPLE = f"SELECT id, name, status FROM resident WHERE id IN {LIST}"

_HEADS = f"""
    SELECT id, head_name, CASE status WHEN 'active' THEN '{LIVING}' END FROM household
    WHERE id IN {LIST} AND head_id IS NULL"""


def _named(asked: Asked, near: Sequence[int], far: Sequence[int]) -> Iterator[Found]:
    here, left = set(near), dict.fromkeys((*near, *far))
    for kind, select in (("resident", _PEOPLE), ("household", _HEADS)):
        for record, name, status in asked.rows(select, list(left)) if left else ():
            left.pop(record)
            match = best_match(name or "", asked.query.patterns)
            if match:
                order = (record not in here, match.fit.how, status != LIVING, *match.fit[1:], name, record)
                yield Found(record, name, partial(why, name, match), order, match.fit.how, kind)


def _numbered(asked: Asked) -> Iterator[Found]:
    """People whose phone or ID number ends in the digits."""
    tail = asked.query.tail
    if not tail:
        return
    terms = either((phone_end(tail), quoted(f"d{tail[-TAIL:]}")))
    enough = COMPARED * asked.limit if len(tail) == TAIL else NUMBERED
    here = asked.entries(f'"{grid_term(asked.grid)}" AND ({terms})', enough) if asked.grid is not None else []
    near = set(here)
    far = [record for record in asked.entries(terms, enough) if record not in near] if len(here) < asked.limit else []
    select = f"SELECT id, name, status, phones, id_number, id_last4 FROM resident WHERE id IN {LIST}"
    found = 0
    for part in chunks((*here, *far), COMPARED * asked.limit):
        for record, name, status, phones, *numbers in asked.rows(select, part):
            field = ending(tail, phones, numbers)
            if field:
                found += 1
                order = (record not in near, EXACT, status != LIVING, field != "phones", name, record)
                yield Found(record, name, partial(ended, field, tail), order, EXACT)
        if found >= asked.limit:
            return


def ended(field: str, tail: str) -> Why:
    """That a number ends in the digits."""
    return Why(field, tail, ((0, len(tail)),))


def ending(tail: str, phones: str | None, numbers: Iterable[str | None]) -> str:
    """The field with a number that ends in the digits; '' where none does."""
    if any(phone.replace("-", "").endswith(tail) for phone in (phones or "").split()):
        return "phones"
    return "id_last4" if any((number or "").lower().endswith(tail) for number in numbers) else ""


_HOMES = f"""
    SELECT m.resident_id, h.id, b.building_name, b.estate_name, d.unit_no, d.room_no, coalesce(d.grid_id, b.grid_id)
    FROM household_member m JOIN household h ON h.id = m.household_id
    LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id
    WHERE m.resident_id IN {LIST} ORDER BY m.valid_to IS NOT NULL, m.valid_to DESC, m.id DESC"""


_BELONGING = f"""
    SELECT m.resident_id, m.household_id FROM household_member m CROSS JOIN household h ON h.id = m.household_id
    WHERE m.resident_id IN {LIST} ORDER BY m.valid_to IS NOT NULL, m.valid_to DESC, m.id DESC"""


def hits(asked: Asked, found: Sequence[Found]) -> list[Hit]:
    """Hits with where the people live, or last lived."""
    homes: dict[int, Place] = {}
    led = [one.id for one in found if one.kind == "household"]
    if not asked.shown:
        for resident, household in asked.rows(_BELONGING, (one.id for one in found)):
            homes.setdefault(resident, Place(household))
        homes.update((household, Place(household)) for household in led)
        why = (lambda one: one.why()) if asked.query.tail else (lambda _one: _UNTOLD)  # whose number it is counts
        return [Hit(one.kind, one.id, one.name, why(one), one.score, homes.get(one.id, NOWHERE)) for one in found]
    for resident, household, building, estate, unit, room, grid in asked.rows(_HOMES, (one.id for one in found)):
        homes.setdefault(resident, Place(household, "", label(building, unit, room), estate or "", grid))
    homes.update(places(asked, led) if led else {})
    return [
        Hit(one.kind, one.id, one.name, one.why(), one.score, homes.get(one.id, NOWHERE), " ".join(toned(one.name)))
        for one in found
    ]
