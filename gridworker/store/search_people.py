"""Finding people: by name in any spelling, by the end of a phone or ID number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gridworker.store.pinyin import Unit, readings_of, toned, units
from gridworker.store.search_hits import LIST, NOWHERE, Asked, Hit, Why, either, places, quoted
from gridworker.store.search_query import Part, Pattern
from gridworker.store.search_terms import PLACES, TAIL, WORD_END, grid_term

NEAR = 200
"""People of the grid who are compared in full."""

FAR = 60
"""People from elsewhere who are, for each way a name can fit."""

LAST_START = 5
"""Where in a name a query may begin to match, counted from 1."""

EXACT, START, GIVEN, INSIDE = range(4)
"""How a name fits: all of it, its beginning, from the second character on, further in."""

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
    """People whose name may fit: of the grid, and from elsewhere where those are too few."""
    patterns = asked.query.patterns
    tiers = [either(_clauses(patterns, how)) for how in range(INSIDE + 1)]
    near: list[int] = []
    if asked.grid is not None:
        near = asked.entries(f'"{grid_term(asked.grid)}" AND ({" OR ".join(tiers[START:])})', NEAR)
    far: dict[int, None] = {}
    for tier in tiers:
        if len(near) + len(far) >= asked.limit:
            break
        far.update(dict.fromkeys(asked.entries(tier, max(FAR, asked.limit))))
    return near, [record for record in far if record not in set(near)]


def _clauses(patterns: Sequence[Pattern], how: int) -> Iterator[str]:
    for pattern in patterns:
        for start in range(3, LAST_START + 1) if how == INSIDE else (2,) if how == GIVEN else (1,):
            yield _clause(pattern[: PLACES - start + 1], start, exact=how == EXACT)


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
    terms = either((quoted(f"p{tail[-TAIL:]}"), quoted(f"d{tail[-TAIL:]}")))
    near = asked.entries(f'"{grid_term(asked.grid)}" AND ({terms})', NEAR) if asked.grid is not None else []
    far = asked.entries(terms, NEAR) if len(near) < asked.limit else []
    select = f"SELECT id, name, status, phones, id_number, id_last4 FROM resident WHERE id IN {LIST}"
    for record, name, status, phones, *numbers in asked.rows(select, {*near, *far}):
        field = _ending(tail, phones, numbers)
        if field:
            order = (record not in near, EXACT, status != _LIVING, field != "phones", name, record)
            yield _Found(record, name, Why(field, tail, ((0, len(tail)),)), order, EXACT)


def _ending(tail: str, phones: str | None, numbers: Iterable[str | None]) -> str:
    if any(phone.replace("-", "").endswith(tail) for phone in (phones or "").split()):
        return "phones"
    return "id_last4" if any((number or "").lower().endswith(tail) for number in numbers) else ""


_HOMES = f"""
    SELECT resident_id, household_id FROM household_member
    WHERE resident_id IN {LIST} ORDER BY valid_to IS NOT NULL, valid_to DESC, id DESC"""


def _hits(asked: Asked, found: Sequence[_Found]) -> list[Hit]:
    """Hits with where the people live, or last lived."""
    homes: dict[int, int] = {}
    for resident, household in asked.rows(_HOMES, (one.id for one in found)):
        homes.setdefault(resident, household)
    where = places(asked, set(homes.values()))
    return [
        Hit(
            "resident", one.id, one.name, one.why, one.score,
            where.get(homes.get(one.id, 0), NOWHERE), " ".join(toned(one.name)),
        )
        for one in found
    ]  # fmt: skip
