"""Cutting a text that may name two things: somebody, and a door, the end of a number or words beside the name.

Blanks part them in any order. Without blanks they part where letters meet digits or the words of doors, and where
Chinese characters may be a whole name with words beside it. What is cut is only asked together: a wrong cut finds
nothing, for nobody of such a name has such a door.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL
from gridworker.store.search.pinyin import BEGINNINGS
from gridworker.store.search.query import LONGEST, Query, read
from gridworker.store.search.terms import plain

MOST_CUTS = 8
"""Cuts of one text that are tried, the surest first."""

_MOST_WORDS = 5
"""Blank-parted pieces of a text that is cut between them."""

_NAME_LENGTHS = (3, 2, 4)
"""Characters of a whole name that stands side by side with words, the commonest first."""

_PARTING = re.compile(r"[\s,，、;；]+")
_MARK = "号楼|楼栋|号|栋|幢|座|楼|单元|单|门|层|室|房间|房|#"
_IS_MARK = re.compile(_MARK)
_NAME = rf"(?:[{HAN}]|[^\W\d_]{{2}})[^\W\d_·'’]*(?:[·'’][^\W\d_]+)*"
_DOOR_BEGINS = re.compile(rf"\d|[{NUMERAL}]+(?=号楼|栋|幢|座|单元|层|室)")
_LED_BY_NAME = re.compile(_NAME)
_LONGEST_MARK = 2
_ENDS_DOOR = re.compile(rf".*(?:\d(?:{_MARK})?|[{NUMERAL}](?:{_MARK}))")
_HAN_ONLY = re.compile(f"[{HAN}]{{4,10}}")


class Cut(NamedTuple):
    """A text in two: what may be a name and what stands beside it."""

    name: Query
    beside: Query
    whole_name: bool = False
    """Nobody whose name only begins so is meant."""


def cuts(typed: str) -> tuple[Cut, ...]:
    """The ways to cut a text, few, the surest first; none for a text that is one name or one door."""
    text = plain(typed[:LONGEST]).strip().replace("ü", "v")
    found = dict.fromkeys((*_apart(text), *_side_by_side(text)))
    tried = (Cut(read(name), _beside(beside), whole) for name, beside, whole in found if not _IS_MARK.fullmatch(name))
    return tuple(islice((cut for cut in tried if cut.name.patterns and _says_something(cut.beside)), MOST_CUTS))


def _says_something(beside: Query) -> bool:
    return bool(beside.doors or beside.tail or beside.words or beside.short)


def _beside(text: str) -> Query:
    """What stands beside a name. Letters that spell pinyin are more of the name, not words."""
    query = read(text)
    spelled = text.isascii() and any(all(part.text in BEGINNINGS for part in way) for way in query.patterns[:1])
    return Query(doors=query.doors, tail=query.tail, short=query.short) if spelled else query


def _apart(text: str) -> Iterator[tuple[str, str, bool]]:
    """Cut at blanks: the name before or behind."""
    words = _PARTING.split(text)
    if len(words) > _MOST_WORDS:
        return
    for at in range(1, len(words)):
        before, behind = " ".join(words[:at]), " ".join(words[at:])
        yield before, behind, False
        yield behind, before, False


def _side_by_side(text: str) -> Iterator[tuple[str, str, bool]]:
    """Cut where nothing parts them; not a door as it is."""
    if _HAN_ONLY.fullmatch(text):
        for length in _NAME_LENGTHS:
            if len(text) - length > 1:
                yield text[:length], text[length:], True
                yield text[-length:], text[:-length], True
    if any(not door.estate for door in read(text).doors):
        return
    begins = _DOOR_BEGINS.search(text)
    if begins and _LED_BY_NAME.fullmatch(text[: begins.start()]):
        yield text[: begins.start()], text[begins.start() :], False
    shortest = _shortest_door(text)
    for end in range(shortest + _LONGEST_MARK, shortest - 1, -1) if shortest else ():
        if _ENDS_DOOR.fullmatch(text, 0, end) and _LED_BY_NAME.fullmatch(text, end):
            yield text[end:], text[:end], False


def _shortest_door(text: str) -> int:
    """Where what may be a door before a name ends at the earliest; 0 where there is none."""
    ends = [found.end() for found in re.finditer(rf"\d|[{NUMERAL}](?=(?:{_MARK}))", text)]
    return ends[-1] if ends else 0
