"""Reading what was typed into the search box: a name in any spelling, a door, the end of a number, words.

One text may be several of these: ``1202`` is a room and the end of a phone number, ``陈桂芳`` a name and words in
a note. Nothing typed can be wrong: what means nothing is passed over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import islice, product
from typing import NamedTuple

from gridworker.domain.address import parse_door, plain_address, room_part, unit_part
from gridworker.domain.names import HAN
from gridworker.domain.numerals import NUMERAL
from gridworker.store.search.pinyin import BEGINNINGS, SYLLABLES, is_han, readings_of, spelled
from gridworker.store.search.terms import TAIL, latin_words, pairs, plain, whole_word

LONGEST = 64
"""Characters read of a query."""

SPELLINGS = 3
"""Other ways to cut letters into syllables that are tried, the likeliest first."""

WAYS = SPELLINGS + 3
"""With the likeliest way, initials only and a Latin word."""

KEPT = 8
"""Ways to cut the letters so far that are kept while they are cut."""

LONGEST_SYLLABLE = 6

MOST_INITIALS = 4
"""Letters that may be initials although they can be cut into syllables."""

MOST_PARTS = 10
"""Characters of a name a query may name."""

_SINGLE = frozenset("abcdefghjklmnopqrstwxyz")
_INITIALS = _SINGLE | {"zh", "ch", "sh"}
_OTHERWISE = tuple(
    (re.compile(written), syllable)
    for written, syllable in (
        ("lue", "lve"), ("nue", "nve"), ("lyu", "lv"), ("nyu", "nv"), ("lu(?![aeno])", "lv"), ("nu(?![aeno])", "nv"),
    )
)  # fmt: skip
"""Other ways people spell ``lüe`` and ``lü``. The letters may still mean themselves: ``lyu`` is 李玉 too."""


class Part(NamedTuple):
    """What was typed of one character of a name: itself, a syllable, or the beginning of one."""

    text: str
    han: bool = False
    whole: bool = False
    """A syllable that is complete: no longer one is meant."""


Pattern = tuple[Part, ...]


class DoorQuery(NamedTuple):
    """A door as far as it was typed; the room may be a beginning. ``estate`` is what stood before it."""

    building: str = ""
    unit: str = ""
    room: str = ""
    estate: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What a typed text may mean."""

    patterns: tuple[Pattern, ...] = ()
    doors: tuple[DoorQuery, ...] = ()
    tail: str = ""
    words: tuple[str, ...] = ()
    """Terms that must all be there."""
    pieces: tuple[str, ...] = ()
    """The typed words, plain, to be found in the text itself."""
    single: str = ""
    """One character and nothing else: no word of the index, but it may stand in a title."""
    short: str = ""
    """Fewer digits than tell anything alone; beside a name they are of its door, or end a number."""


@lru_cache(maxsize=256)
def read(typed: str) -> Query:
    """What was typed, in every sense it has."""
    text = plain(typed[:LONGEST]).strip().replace("ü", "v")
    doors = _doors(text)
    tail = "" if doors and re.search(r"[\s-]", text) else _tail(text)
    single = text if len(text) == 1 and is_han(text) else ""
    short = text if _SHORT.fullmatch(text) else ""
    return Query(_patterns(text), doors, tail, *_words(text), single, short)


def _patterns(text: str) -> tuple[Pattern, ...]:
    """The ways to read a text as a name. Spaces part characters; where that gives no name they are passed over."""
    if any(letter.isdigit() for letter in text):
        return ()
    runs = [run for word in re.split(r"[\s·,，.]+", text) for run in _runs(word)]
    if not 0 < len(runs) <= MOST_PARTS:
        return ()
    apart = _joined([_ways(run, final=place == len(runs)) for place, run in enumerate(runs, start=1)])
    together = "".join(runs)
    if len(runs) > 1 and together.isascii():
        apart += tuple(pattern for pattern in _joined([_ways(together, final=True)]) if pattern not in apart)
    return apart


def sounding(query: Query, *, least: int = 2) -> Query:
    """The same name in any characters of its sound: 陳桂芳 and 陈桂芳 are one to whoever looks for her.

    ``least``: characters of a name. One alone sounds like too many.
    """
    patterns = [
        tuple(Part(reading, whole=True) for reading in way)
        for pattern in query.patterns
        if len(pattern) >= least and all(part.han for part in pattern)
        for way in islice(product(*(readings_of(one.text, surname=not at) for at, one in enumerate(pattern))), WAYS)
    ]
    return Query(patterns=tuple(patterns))


def _runs(word: str) -> list[str]:
    """Han characters one by one, letters side by side; an input method's apostrophes are its own guess at syllables."""
    return [run if is_han(run[0]) else spelled(run) for run in re.findall(f"[{HAN}]|[^\\W\\d_{HAN}]+", _no_marks(word))]


def _no_marks(word: str) -> str:
    return re.sub(r"['’‘`]", "", word)


def _joined(ways: Sequence[Sequence[Pattern]]) -> tuple[Pattern, ...]:
    """All ways to read the runs one after the other, the likeliest first."""
    if not all(ways):
        return ()
    whole = (sum(parts, ()) for parts in product(*ways))
    return tuple(nsmallest(WAYS, (pattern for pattern in whole if len(pattern) <= MOST_PARTS), key=_cost))


def _ways(run: str, *, final: bool) -> tuple[Pattern, ...]:
    """The ways to read one run. In the ``final`` one the last syllable may still be being typed."""
    if is_han(run[0]):
        return ((Part(run, han=True),),)
    found = _spellings(run)
    for written, syllable in _OTHERWISE:
        found += _spellings(written.sub(syllable, run)) if written.search(run) else ()
    if not final:
        found = tuple((*parts[:-1], _settled(parts[-1])) for parts in found)
    return (*found, (Part(run),)) if run not in BEGINNINGS else found


def _settled(part: Part) -> Part:
    return part._replace(whole=part.text in SYLLABLES and part.text not in _SINGLE)


@lru_cache(maxsize=1024)
def _spellings(letters: str) -> tuple[Pattern, ...]:
    """The likeliest ways to cut letters into syllables and initials; the last one may be any beginning.

    A few letters may always be initials: ``wan`` is 王安妮 too.
    """
    best: list[list[Pattern]] = [[()]]
    for end in range(1, len(letters) + 1):
        found = [
            (*before, Part(text, whole=text in SYLLABLES and text not in _SINGLE and end < len(letters)))
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
            if _fits(text := letters[start:end], last=end == len(letters))
            for before in best[start]
            if len(before) < MOST_PARTS
        ]
        best.append(nsmallest(KEPT, found, key=_cost))
    if not best[-1]:
        return ()
    likeliest = best[-1][0]
    others = [pattern for pattern in best[-1][1:] if len(pattern) <= len(likeliest) + 1 and _is_a_way(pattern)]
    initials = 1 < len(letters) <= MOST_INITIALS and _SINGLE.issuperset(letters)
    return tuple(dict.fromkeys((likeliest, *others[:SPELLINGS], *([tuple(map(Part, letters))] if initials else []))))


def _is_a_way(pattern: Pattern) -> bool:
    """Whether people spell so: in syllables, the first perhaps by its initial; or the first one and initials."""
    first, *behind = pattern
    return all(part.whole for part in behind[:-1]) or (first.whole and all(part.text in _INITIALS for part in behind))


def _fits(text: str, *, last: bool) -> bool:
    return text in _INITIALS or text in SYLLABLES or (last and text in BEGINNINGS)


def _cost(pattern: Pattern) -> tuple[int, int, int]:
    """Pinyin before Latin words, few characters first, then those with most of their letters in whole syllables."""
    foreign = sum(not part.han and part.text not in BEGINNINGS for part in pattern)
    return foreign, len(pattern), -sum(len(part.text) for part in pattern if part.whole)


_SHORT = re.compile(rf"[0-9]{{1,{TAIL - 1}}}|[0-9]{{1,{TAIL - 2}}}x")
_ABROAD = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_TAIL = re.compile(rf"[\d\s-]*?(\d{{{TAIL - 1},}}[\dx])")


def _tail(text: str) -> str:
    """The digits typed of a phone or ID number, at least four; an ID number may end in x. +86 is no part of it."""
    found = _TAIL.fullmatch(_ABROAD.sub("", re.sub(r"[\s+-]", "", text)))
    return found[1] if found and found[1].isascii() else ""


_NUMBER = f"[0-9]+|[{NUMERAL}]+"
_DASHED = re.compile(rf"(?P<estate>[{HAN}]*)(?P<parts>[0-9A-Z]{{1,3}}(?:-[0-9A-Z]{{1,2}})?-(?:[0-9A-Z]{{1,5}})?)-?")
_MARKED = re.compile(
    rf"(?P<estate>[{HAN}]*?)(?:第?(?P<building>{_NUMBER}|[A-Z][0-9]?|[0-9]+[A-Z])(?:号楼|号?栋|号?幢|号?座|楼栋|[#]楼?|号)-?)?"
    rf"(?:第?(?P<unit>{_NUMBER}|[A-Z])(?:单元|单|门)-?)?(?:第?(?:{_NUMBER})[楼层])?"
    rf"(?:(?P<room>[0-9]{{1,5}}[A-Z]?|[{NUMERAL}]+)(?P<suffix>室|房间?|号)?)?"
)
_ROOM = re.compile(r"[0-9]{3,4}[A-Z]?")
_SPOKEN_ROOM = re.compile(rf"[{NUMERAL}]{{3,5}}")
"""``五零一``; fewer numerals are a name as soon as a room."""
_LETTERED = re.compile(r"(?P<letter>[A-Z])(?P<number>[0-9]{1,4})")
_BLOCK = re.compile(rf"[{HAN}]{{2,}}楼")


def _doors(text: str) -> tuple[DoorQuery, ...]:
    """The doors a text may name."""
    address = plain_address(re.sub(r"(?<=[0-9a-z])(?:\s*[,、./]\s*|\s+)(?=[0-9])", "-", text))
    if not (re.search(r"[0-9#栋幢座单室楼]", address) or _SPOKEN_ROOM.fullmatch(address)):
        return ()
    return tuple(dict.fromkeys(door for door in _readings(address) if any(door[:3])))


def _readings(address: str) -> Iterator[DoorQuery]:
    dashed, marked = _DASHED.fullmatch(address), _MARKED.fullmatch(address)
    if dashed:
        yield from _dashed(dashed["estate"], dashed["parts"].rstrip("-").split("-"))
    elif _ROOM.fullmatch(address):
        yield DoorQuery(room=address)
    elif _SPOKEN_ROOM.fullmatch(address):
        yield DoorQuery(room=room_part(address))
    elif lettered := _LETTERED.fullmatch(address):
        yield DoorQuery(room=address)
        yield DoorQuery(lettered["letter"], "", lettered["number"])
    elif marked and (marked["building"] or marked["unit"] or marked["suffix"]):
        yield from _marked(marked)
    elif _BLOCK.fullmatch(address):
        yield from _block(address)
    elif ("#" in address or not address.isascii()) and (named := parse_door(address)):
        yield DoorQuery(named.building, named.unit, named.room, named.before)


def _block(address: str) -> Iterator[DoorQuery]:
    """A block that has a name (``综合楼``), alone or behind its estate."""
    yield DoorQuery(address)
    named = parse_door(f"{address}101")
    if named and named.before:
        yield DoorQuery(named.building, estate=named.before)


def _dashed(estate: str, parts: list[str]) -> Iterator[DoorQuery]:
    """``3-2-501``, ``03-02-0501``; of two numbers any may be left out, of one it is the building."""
    first, second, third = (*(re.sub(r"^0+(?=\d)", "", part) for part in parts), "", "")[:3]
    if third:
        yield DoorQuery(first, second, third, estate)
    elif second:
        yield DoorQuery(first, "", second, estate)
        yield DoorQuery(first, second, "", estate)
        yield DoorQuery("", first, second, estate)
    else:
        yield DoorQuery(first, estate=estate)


def _marked(found: re.Match[str]) -> Iterator[DoorQuery]:
    """``3栋2单元501室`` as far as it is typed; a short number behind the building may be its unit."""
    building, unit = unit_part(found["building"] or ""), unit_part(found["unit"] or "")
    room = room_part(found["room"] or "")
    yield DoorQuery(building, unit, room, found["estate"])
    if building and room and not unit and len(room) <= 2:
        yield DoorQuery(building, room, "", found["estate"])


def _words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms of the words in a text and the words themselves; a single character is no word."""
    found = [*pairs(text), *map(whole_word, (word for word in latin_words(text) if len(word) > 1))]
    pieces = [piece for piece in re.findall(rf"[{HAN}]{{2,}}|[^\W{HAN}]+", text) if len(piece) > 1]
    return (tuple(dict.fromkeys(found)), tuple(pieces)) if found else ((), ())
