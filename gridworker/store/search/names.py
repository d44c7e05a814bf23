"""Laying what was typed on a name: the terms to ask the index for, and how well a name then fits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gridworker.store.search.hits import Why, either, quoted
from gridworker.store.search.pinyin import SYLLABLES, Unit, readings_of, toned, units
from gridworker.store.search.query import Part, Pattern
from gridworker.store.search.terms import PLACES, WORD_END, surname_term

LAST_START = 7
"""Where in a name what was typed may begin to match, counted from 1: the name of a father stands behind up to six
characters and a dot."""

LAST_ALONE = 3
"""The same for the letters of one character: further in there is one of them in every long name."""

WHOLE = 3
"""Characters of a name that is most often all of it."""

EXACT, START, GIVEN, INSIDE = range(4)
"""How a name fits: all of it, its beginning, from the second character on, further in."""

_STARTS = ((1,), (1,), (2,), tuple(range(3, LAST_START + 1)))


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


def any_fit(patterns: Sequence[Pattern]) -> str:
    """The expression for all names that fit in any way."""
    return either(_clauses(patterns, range(START, INSIDE + 1)))


def may_be_whole(patterns: Sequence[Pattern]) -> bool:
    """Whether a whole name seems to be typed: hardly one goes on after three characters."""
    return all(len(pattern) == WHOLE and all(part.han or part.whole for part in pattern) for pattern in patterns)


def fitting(patterns: Sequence[Pattern], how: int) -> str:
    """The expression for the names that fit in one way; those that begin so are also all that fit exactly."""
    return either(_clauses(patterns, (how,)))


def surely_fit(patterns: Sequence[Pattern]) -> bool:
    """Whether whatever has the terms fits: they say all of the patterns, wherever in a name these begin."""
    return all(
        len(pattern) <= PLACES - LAST_START + 1 and all(len(part.text) <= WORD_END for part in pattern)
        for pattern in patterns
    )


def complete(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Those that end in a complete syllable, with no longer one meant."""
    return [
        (*pattern[:-1], pattern[-1]._replace(whole=True))
        for pattern in patterns
        if _ends(pattern[-1]) and not pattern[-1].whole
    ]


def _clauses(patterns: Sequence[Pattern], ways: Iterable[int]) -> Iterator[str]:
    for how in ways:
        for start in _STARTS[how]:
            for pattern in patterns:
                if start <= _last(pattern):
                    yield _clause(pattern[: PLACES - start + 1], start, exact=how == EXACT)


def _last(pattern: Pattern) -> int:
    return LAST_START if len(pattern) > 1 or pattern[0].han else LAST_ALONE


def _ends(part: Part) -> bool:
    return len(part.text) > 1 and part.text in SYLLABLES


def _clause(pattern: Pattern, start: int, *, exact: bool) -> str:
    """The terms of a name that has the pattern from ``start`` on: those first that few names have."""
    letters = "".join(map(_letter, pattern))
    first, han = pattern[0], all(part.han for part in pattern)
    found = [quoted(f"x{letters}")] if exact else []
    led = start == 1 and first.whole and len(pattern) > 1
    if led:
        found.append(quoted(surname_term(first.text, letters[1:3])))
    elif start <= 2 and not (han or exact) and (len(pattern) > 1 or len(first.text) == 1):
        found.append(quoted(f"{'ij'[start - 1]}{letters}"))
    for place, part in enumerate(pattern, start):
        if (part.han or len(part.text) > 1 or place > 2) and not (led and place == 1):
            found.append(_term(part, place))
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


@lru_cache(maxsize=1024)
def best_match(name: str, patterns: tuple[Pattern, ...]) -> Match | None:
    """The best way to lay one of the patterns on a name."""
    named = units(name)
    found = (
        match
        for spelling, pattern in enumerate(patterns)
        for start in range(min(len(named) - len(pattern) + 1, _last(pattern)))
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


def why(name: str, match: Match) -> Why:
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
