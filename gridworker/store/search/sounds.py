"""Everybody by the sound of their name, read from the search index: the beginning of the list, and no more of it.

The index has a term for every syllable at its place in a name, so those of one sound are asked for at once, sound by
sound as an alphabet goes. Where very many share the first one, as all of a common surname do, they are asked for by
the initial of the second, and by the second too.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.search.hits import quoted
from gridworker.store.search.pinyin import SYLLABLES, units
from gridworker.store.search.terms import surname_term

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.log.log import Cursor

MOST = 600
"""Entries of one sound that are read at once; more are asked for by the next."""

MOST_ALIKE = 3000
"""The same for those that sound alike in two syllables: nothing parts them further."""

NEEDED = 2
"""Characters of a name that must have a reading for it to stand among the sounds."""

ENTRIES = "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?"


def sound(name: str) -> str:
    """A name as it sounds, each character by the first of its readings; among equals the characters decide.

    "" for a name in other letters, and for one whose first two characters are not read by everybody.
    """
    named = units(name)
    said = [unit.readings[0] for unit in named if unit.readings]
    led = named[:NEEDED]
    if len(led) < NEEDED or not all(unit.readings and unit.readings[0] in SYLLABLES for unit in led):
        return ""
    return " ".join((*said, name))


def by_sound(connection: "Connection", *, down: bool = False) -> Iterator[tuple[str, list[int]]]:
    """Records by the beginning of their sound, in order: those of one are all that may begin so, and others may be.

    Ends early where more than can be read at once sound alike in two syllables.
    """
    cursor = raw_cursor(connection)
    for first in sorted(SYLLABLES, reverse=down):
        found = _entries(cursor, quoted(f"1{first}0"))
        if len(found) <= MOST:
            yield f"{first} ", found
            continue
        for begun, records in _by_second(cursor, first, down=down):
            if len(records) > MOST_ALIKE:
                return
            yield begun, records


def _by_second(cursor: "Cursor", first: str, *, down: bool) -> Iterator[tuple[str, list[int]]]:
    for letter in sorted({syllable[0] for syllable in SYLLABLES}, reverse=down):
        term = surname_term(first, letter)
        found = _entries(cursor, quoted(term))
        if len(found) <= MOST:
            yield f"{first} {letter}", found
            continue
        for second in _beginning(letter, down=down):
            yield f"{first} {second} ", _entries(cursor, quoted(term, f"2{second}0"), MOST_ALIKE)


def _beginning(letter: str, *, down: bool) -> Iterable[str]:
    return sorted((syllable for syllable in SYLLABLES if syllable[0] == letter), reverse=down)


def _entries(cursor: "Cursor", terms: str, most: int = MOST) -> list[int]:
    """One more than so many where there are more."""
    return [row[0] for row in cursor.execute(ENTRIES, (terms, most + 1)).fetchall()]
