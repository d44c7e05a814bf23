"""Finding people: by name in any spelling, by the end of a phone or ID number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gridworker.store.log import chunks
from gridworker.store.pinyin import SYLLABLES, Unit, readings_of, toned, units
from gridworker.store.search_hits import LIST, NOWHERE, Asked, Hit, Place, Why, either, label, phone_end, quoted
from gridworker.store.search_query import Part, Pattern
from gridworker.store.search_terms import PLACES, TAIL, WORD_END, grid_term

COMPARED = 2
"""Times as many people as are wanted are read for each way a name can fit, to put the better ones first."""

NUMBERED = 200
"""Entries whose numbers are compared, where more than their last four digits were typed."""

LAST_START = 5
"""Where in a name a query may begin to match, counted from 1."""

EXACT, START, GIVEN, INSIDE = range(4)
"""How a name fits: all of it, its beginning, from the second character on, further in."""

_STARTS = ((1,), (1,), (2,), tuple(range(3, LAST_START + 1)))

_LIVING = "in_place"


class Fit(NamedTuple):
    """How well a name fits, least best."""

    how: int
    other_reading: bool
    unfinished: int
    """Typed parts that are less than a syllable."""
    spelling: int
    """Which way of cutting the letters, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern laid on a name."""

    fit: Fit
    start: int
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class _Found:
    """A person found, before it is known where they live."""

    id: int
    name: str
    why: Why
    order: tuple[object, ...]
    score: int


def people(asked: Asked) -> list[Hit]:
    """The people a query may mean, those of the grid first."""
    near, far = _candidates(asked) if asked.query.patterns else ([], [])
    found = [*_named(asked, near, far), *_numbered(asked)]
    best: dict[int, _Found] = {}
    for one in sorted(found, key=lambda one: one.order):
        best.setdefault(one.id, one)
    return _hits(asked, list(best.values())[: asked.limit])


def _candidates(asked: Asked) -> tuple[list[int], list[int]]:
    """People whose name may fit, the best fits first: of the grid, and from elsewhere where those are too few."""
    tiers = list(_tiers(asked.query.patterns))
    here = f'"{grid_term(asked.grid)}" AND ' if asked.grid is not None else ""
    near = _gather(asked, [f"{here}({tier})" for tier in tiers] if here else [], asked.limit)
    far = _gather(asked, tiers, asked.limit - len(near))
    return list(near), [record for record in far if record not in near]


def _gather(asked: Asked, tiers: Sequence[str], wanted: int) -> dict[int, None]:
    found: dict[int, None] = {}
    for tier in tiers:
        if len(found) >= wanted:
            break
        found.update(dict.fromkeys(asked.entries(tier, COMPARED * asked.limit)))
    return found


def _tiers(patterns: Sequence[Pattern]) -> Iterator[str]:
    """Expressions for each way a name can fit; where a complete syllable ends the typed text, that one goes first."""
    ended = [(*pattern[:-1], pattern[-1]._replace(whole=True)) for pattern in patterns if _ends(pattern[-1])]
    for how, starts in enumerate(_STARTS):
        for tried in (ended, patterns) if how in (EXACT, START) else (patterns,):
            if tried:
                yield either(
                    _clause(pattern[: PLACES - start + 1], start, exact=how == EXACT)
                    for pattern in tried
                    for start in starts
                )


def _ends(part: Part) -> bool:
    return len(part.text) > 1 and part.text in SYLLABLES


def _clause(pattern: Pattern, start: int, *, exact: bool) -> str:
    """The terms of a name that has the pattern from ``start`` on. The initials narrow it down most, so they lead."""
    letters = "".join(_letter(part) for part in pattern)
    found = [
        _term(part, place) for place, part in enumerate(pattern, start) if place > 2 or part.han or len(part.text) > 1
    ]
    if start == 1 and (exact or not all(part.han for part in pattern)):
        found.insert(0, quoted(f"{'x' if exact else 'i'}{letters}"))
    if start == 2 and not all(part.han for part in pattern):
        found.insert(0, quoted(f"j{letters}"))
    return " AND ".join(found)


def _letter(part: Part) -> str:
    if part.han:
        readings = readings_of(part.text)
        return readings[0][0] if readings else part.text
    return part.text[0]


def _term(part: Part, place: int) -> str:
    if part.han:
        return quoted(f"{place}{part.text}")
    whole = quoted(f"{place}{part.text}0")
    return whole if part.whole else f"({quoted(f'{place}{part.text[:WORD_END]}')} OR {whole})"


def _named(asked: Asked, near: Sequence[int], far: Sequence[int]) -> Iterator[_Found]:
    here = set(near)
    for record, name, status in asked.rows(f"SELECT id, name, status FROM resident WHERE id IN {LIST}", (*near, *far)):
        match = best_match(name or "", asked.query.patterns)
        if match:
            order = (record not in here, match.fit.how, status != _LIVING, *match.fit[1:], name, record)
            yield _Found(record, name, _why(name, match), order, match.fit.how)


def best_match(name: str, patterns: Sequence[Pattern]) -> Match | None:
    """The best way to lay one of the patterns on a name."""
    named = units(name)
    found = (
        match
        for spelling, pattern in enumerate(patterns)
        for start in range(min(len(named) - len(pattern) + 1, LAST_START))
        if (match := _lay(named, pattern, start, spelling))
    )
    return min(found, key=lambda match: match.fit, default=None)


def _lay(named: tuple[Unit, ...], pattern: Pattern, start: int, spelling: int) -> Match | None:
    other, unfinished = False, 0
    for part, unit in zip(pattern, named[start:], strict=False):
        if part.han:
            if part.text != unit.text:
                return None
            continue
        fitting = [place for place, reading in enumerate(unit.readings) if _spells(part, reading)]
        if not fitting:
            return None
        other = other or fitting[0] > 0
        unfinished += part.text not in unit.readings
    how = min(start + 1, INSIDE) if start or len(named) > len(pattern) else EXACT
    return Match(Fit(how, other, unfinished, spelling), start, pattern)


def _spells(part: Part, reading: str) -> bool:
    return reading == part.text if part.whole else reading.startswith(part.text)


def _why(name: str, match: Match) -> Why:
    """The name where characters were typed, else its pinyin, with what matched."""
    named = units(name)
    matched = dict(zip(range(match.start, len(named)), match.pattern, strict=False))
    if all(part.han for part in match.pattern):
        first, last = named[match.start], named[match.start + len(match.pattern) - 1]
        return Why("name", name, ((first.start, last.start + 1),))
    shown, spans, at = [], [], 0
    for place, (unit, tone) in enumerate(zip(named, toned(name), strict=True)):
        part = matched.get(place)
        syllable = _as_matched(unit, tone, part)
        if part:
            spans.append((at, at + (len(syllable) if part.han else min(len(part.text), len(syllable)))))
        shown.append(syllable)
        at += len(syllable) + 1
    return Why("pinyin", " ".join(shown), tuple(spans))


def _as_matched(unit: Unit, tone: str, part: Part | None) -> str:
    """The syllable as it is read; where another reading was typed, that one."""
    if part is None or part.han or not unit.readings or _spells(part, unit.readings[0]):
        return tone
    return next(reading for reading in unit.readings if _spells(part, reading))


def _numbered(asked: Asked) -> Iterator[_Found]:
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
            field = _ending(tail, phones, numbers)
            if field:
                found += 1
                order = (record not in near, EXACT, status != _LIVING, field != "phones", name, record)
                yield _Found(record, name, Why(field, tail, ((0, len(tail)),)), order, EXACT)
        if found >= asked.limit:
            return


def _ending(tail: str, phones: str | None, numbers: Iterable[str | None]) -> str:
    if any(phone.replace("-", "").endswith(tail) for phone in (phones or "").split()):
        return "phones"
    return "id_last4" if any((number or "").lower().endswith(tail) for number in numbers) else ""


_HOMES = f"""
    SELECT m.resident_id, h.id, b.building_name, b.estate_name, d.unit_no, d.room_no, coalesce(d.grid_id, b.grid_id)
    FROM household_member m JOIN household h ON h.id = m.household_id
    LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id
    WHERE m.resident_id IN {LIST} ORDER BY m.valid_to IS NOT NULL, m.valid_to DESC, m.id DESC"""


def _hits(asked: Asked, found: Sequence[_Found]) -> list[Hit]:
    """Hits with where the people live, or last lived."""
    homes: dict[int, Place] = {}
    for resident, household, building, estate, unit, room, grid in asked.rows(_HOMES, (one.id for one in found)):
        homes.setdefault(resident, Place(household, "", label(building, unit, room), estate or "", grid))
    return [
        Hit("resident", one.id, one.name, one.why, one.score, homes.get(one.id, NOWHERE), " ".join(toned(one.name)))
        for one in found
    ]
