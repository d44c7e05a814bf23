"""What a record is found under: the terms of its index entry, all of them whole words to the index.

The index answers a whole term with the first hits at once, however many there are; the beginning of a term would have
to be gathered from all terms it begins. So every beginning a person may have typed is a term of its own:

    1陈 2桂 3芳              a character and its place in the name
    1ch 1che 1chen0 2gu ...  beginnings of a syllable and its place; the whole syllable ends in 0
    ic icg icgf   xcgf       initials from the surname on; and all of them
    schen0g schen0gf         the first syllable and initials behind it
    jg jgf                   initials from the second character on
    p0142 o0000 d012x        the end of a phone number, the four digits before, the end of an ID number
    h3 u2 r5 r50 r501        building, unit and room of a door;  b3 a building itself
    g1z4y                    the grid
    漏水 wwifi v120          two characters side by side, words, words with digits in them
"""

import re
import unicodedata
from functools import lru_cache
from itertools import chain, islice, product, starmap
from operator import add
from typing import NamedTuple

from gridworker.domain.names import HAN
from gridworker.store.search.pinyin import is_compound, is_han, readings_of, spelled, units

PLACES = 9
"""Characters of a name that are indexed; longer names are found by these."""

COMBINATIONS = 16
"""Ways to read a whole name that are indexed, the most likely first."""

_PLACES_FROM_1 = range(1, 1000)

WORD_START, WORD_END = 2, 6
"""Beginnings of a Latin word that are indexed; a longer one is found by its sixth letter."""

_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_LATIN_RUN = re.compile(f"[^\\W{HAN}]+")
_ASCII_RUN = re.compile("[0-9a-z_]+")
_EVERYDAY = re.compile("[\\x00-\\x7f\u3400-\u9fff、。，；：！？（）“”《》—…]*")
"""Texts of common characters alone, nearly all there are: beside case, nothing in their words is compared otherwise."""

TAIL = 4
"""Digits at the end of a number that are indexed; more of them are compared in the record."""


def plain(text: str) -> str:
    """Text as it is compared: half width, no case."""
    return unicodedata.normalize("NFKC", text).casefold()


class _Placed(NamedTuple):
    """A unit at its place in a name."""

    terms: str
    readings: tuple[str, ...]
    """As it may be spelled; one without a reading stands for itself."""
    firsts: tuple[str, ...]
    """The letters it may begin with."""


def name_terms(name: str) -> str:
    """The terms of a person's name."""
    placed = list(map(_placed, _PLACES_FROM_1, name))
    if None in placed or len(name) > PLACES or is_compound(name):
        placed = [_unit(place, unit.text, unit.readings) for place, unit in enumerate(units(name)[:PLACES], start=1)]
    named = [unit for unit in placed if unit]
    if not named:
        return ""
    found = [unit.terms for unit in named]
    firsts = [first for unit in named for first in unit.firsts]
    if len(firsts) == len(named) and len(named[0].readings) == 1:  # nearly all names are read in one way only
        return " ".join((*found, _initial_terms("".join(firsts)), _surname_terms(named[0].readings[0], *firsts[1:3])))
    found += map(_initial_terms, map("".join, islice(product(*(unit.firsts for unit in named)), COMBINATIONS)))
    found += starmap(_surname_terms, product(named[0].readings, *(unit.firsts for unit in named[1:3])))
    return " ".join(found)


@lru_cache(maxsize=50_000)
def _placed(place: int, character: str) -> _Placed | None:
    """A Han character at its place in a name without a compound surname."""
    return _unit(place, character, readings_of(character, surname=place == 1)) if is_han(character) else None


@lru_cache(maxsize=50_000)
def _unit(place: int, text: str, readings: tuple[str, ...]) -> _Placed:
    found = [f"{place}{text}"] if is_han(text[0]) else []
    first = WORD_START if place <= 2 else 1  # one letter at the first two places is a term of the initials
    for reading in readings:
        found += [f"{place}{reading[:end]}" for end in range(first, min(len(reading), WORD_END + 1))]
        found.append(f"{place}{reading}0")
    spelled = readings or (text,)
    return _Placed(" ".join(dict.fromkeys(found)), spelled, tuple(dict.fromkeys(reading[0] for reading in spelled)))


@lru_cache(maxsize=50_000)
def _surname_terms(surname: str, *initials: str) -> str:
    return " ".join(surname_term(surname, "".join(initials[:end])) for end in range(1, len(initials) + 1))


def surname_term(surname: str, initials: str) -> str:
    """The term of a whole first syllable and one or two initials behind it."""
    return f"s{surname}0{initials}"


@lru_cache(maxsize=50_000)
def _initial_terms(letters: str) -> str:
    found = [f"i{letters[:end]}" for end in range(1, len(letters) + 1)]
    found += [f"j{letters[1:end]}" for end in range(2, len(letters) + 1)]
    return " ".join((*found, f"x{letters}"))


def phone_terms(phones: str) -> str:
    """The terms of numbers with spaces between: the last four digits, and the four before."""
    if phones.isalnum() and len(phones) >= TAIL:  # one number, and no hyphen in it
        return f"p{phones[-TAIL:]} o{phones[-2 * TAIL : -TAIL]}"
    digits = phones.replace("-", "").split()
    return " ".join(f"p{number[-TAIL:]} o{number[-2 * TAIL : -TAIL]}" for number in digits if len(number) >= TAIL)


def id_terms(last_four: str) -> str:
    """The term of the end of an ID number."""
    tail = last_four[-TAIL:].lower()
    return f"d{tail}" if len(tail) == TAIL else ""


@lru_cache(maxsize=4096)
def building_terms(building: str) -> str:
    """The term of a building."""
    return f"b{spelled(building)}"


@lru_cache(maxsize=4096)
def unit_terms(unit: str) -> str:
    """The term of a unit."""
    return f"u{spelled(unit)}"


@lru_cache(maxsize=4096)
def room_terms(room: str) -> str:
    """The terms of a room: every beginning of its number."""
    number = spelled(room)
    return " ".join(f"r{number[:end]}" for end in range(1, len(number) + 1))


def place_terms(building: str | None, estate: str | None, grid: int | None) -> str:
    """The terms a door takes from its building."""
    found = [f"h{spelled(building)}"] if building else []
    found += [f"e{pair}" for pair in pairs(plain(estate or ""))]
    found += [grid_term(grid)] if grid else []
    return " ".join(found)


def grid_term(grid: int) -> str:
    """The term of everyone and everything in a grid."""
    return f"g{grid:x}"


def word_terms(text: str) -> str:
    """The terms of free text; one that comes twice in it stands there twice."""
    if _EVERYDAY.fullmatch(text):
        words, runs = text.lower(), _ASCII_RUN
    else:
        words, runs = plain(text), _LATIN_RUN
    return " ".join(chain(pairs(words), *map(_latin_terms, runs.findall(words))))


def pairs(text: str) -> list[str]:
    """Every two Han characters side by side in a plain text."""
    found: list[str] = []
    for run in _HAN_RUN.findall(text):
        found += map(add, run, run[1:])
    return found


def latin_words(text: str) -> list[str]:
    """The words of other letters and digits in a plain text."""
    return [word for found in _LATIN_RUN.findall(text) if (word := spelled(found))]


@lru_cache(maxsize=4096)
def _latin_terms(run: str) -> tuple[str, ...]:
    word = run if run.isascii() and run.isalnum() else spelled(run)
    if not word:
        return ()
    beginnings = range(WORD_START, min(len(word), WORD_END + 1)) if word.isalpha() else ()
    return (whole_word(word), *(f"w{word[:end]}" for end in beginnings))


def whole_word(word: str) -> str:
    """The term of a whole word; one with digits in it is found by no less."""
    return f"w{word}" if word.isalpha() else f"v{word}"
