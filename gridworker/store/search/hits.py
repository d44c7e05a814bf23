"""What a search gives back, and how the index is asked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gridworker.domain.address import door_label
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.search import later
from gridworker.store.search.query import Query
from gridworker.store.search.terms import TAIL

LIST = "(SELECT value FROM json_each(?))"

ENTRIES = "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?"

TOLD = "SELECT rowid FROM search_words WHERE search_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"

NEWEST = (1 << 63) - 1
"""Above every id."""

OLDEST = -1
"""Below every id."""

Span = tuple[int, int]
"""From and to, for the letters to embolden."""


class Why(NamedTuple):
    """What a hit was found by: a field's name (or ``pinyin``, ``door``), its text as it may be shown, what matched."""

    field: str
    text: str
    spans: tuple[Span, ...] = ()


class Place(NamedTuple):
    """Where somebody lives."""

    household_id: int | None = None
    head: str = ""
    """The name of the head of the household, where the hit is no person."""
    door: str = ""
    """``3栋2单元501``"""
    estate: str = ""
    grid_id: int | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found. ``kind``: ``resident``, ``household`` (by its door), ``dwelling`` (nobody there), ``visit``."""

    kind: str
    id: int
    caption: str
    """The name, the door, the title; of a visit, and a household found by its words, the number."""
    why: Why
    score: int
    """How well it fits, 0 best; hits come in the right order already."""
    place: Place = NOWHERE
    reading: str = ""
    """A person's pinyin with tones."""

    @property
    def household_id(self) -> int | None:
        """The household to open or to start a visit at."""
        return self.place.household_id


def any_hit(_hit: Hit) -> bool:
    """Everything may be shown."""
    return True


NUMBERS = frozenset({"phones", "id_last4", "contact_phone"})
"""The fields with a number: whom one belongs to is not for all to ask."""


def by_no_number(hit: Hit) -> bool:
    """Whether it was found by something else than a number."""
    return hit.why.field not in NUMBERS


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: what was typed and where it is asked."""

    cursor: Cursor
    query: Query
    limit: int
    grid: int | None
    shows: Callable[[Hit], bool] = any_hit
    """Whether a hit may be shown, by its kind and the field it was found by: others take nobody's place."""
    shown: bool = True
    """Whether it matters what people were found by, how they are read and behind which door they live."""

    def entries(self, terms: str, limit: int) -> list[int]:
        """The first records that have the terms, an expression of quoted terms, in names, numbers and doors."""
        return self._ids(ENTRIES, terms, limit)

    def told(self, words: Sequence[str], limit: int, before: int = NEWEST) -> list[int]:
        """The newest records that have the terms in free text, of those below an id: so many, where there are.

        Those whose entries are not written yet come in their places beside these.
        """
        found = self._ids(TOLD, quoted(*words), before, limit)
        above = found[-1] if len(found) == limit else OLDEST
        waiting = later.with_words(self.cursor, words, above, before)
        return sorted({*found, *waiting}, reverse=True) if waiting else found

    def _ids(self, select: str, *values: str | int) -> list[int]:
        """In one breath: the driver lets go of Python's lock before each row (``queries/gathered.py``)."""
        self.cursor.execute(f"SELECT group_concat(rowid) FROM ({select})", values)
        (ids,) = self.cursor.fetchone()
        return list(map(int, ids.split(","))) if ids else []

    def rows(self, select: str, records: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        """Rows by ids; ``select`` has one list of them."""
        self.cursor.execute(select, (id_list(records),))
        yield from self.cursor.fetchall()


_HOUSEHOLDS = f"""
    SELECT h.id, coalesce(r.name, h.head_name), b.building_name, b.estate_name, d.unit_no, d.room_no,
        coalesce(d.grid_id, b.grid_id)
    FROM household h LEFT JOIN resident r ON r.id = h.head_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = d.building_id WHERE h.id IN {LIST}"""


def places(asked: Asked, households: Iterable[int]) -> dict[int, Place]:
    """Where households live."""
    return {
        household: Place(household, head or "", label(building, unit, room), estate or "", grid)
        for household, head, building, estate, unit, room, grid in asked.rows(_HOUSEHOLDS, households)
    }


def label(building: str | None, unit: str | None, room: str | None) -> str:
    """A door as it is called, as far as it is known."""
    return door_label(building, unit, room) if building else ""


def quoted(*terms: str) -> str:
    """Terms that must all be there. They hold letters and digits only, so nothing typed can be an operator."""
    return " AND ".join(f'"{term}"' for term in terms)


def phone_end(tail: str) -> str:
    """The terms of phones that end in the digits; four or eight of them are exact, in between they are compared."""
    before = tail[-2 * TAIL : -TAIL]
    return quoted(f"p{tail[-TAIL:]}", *([f"o{before}"] if len(before) == TAIL else []))


def either(expressions: Iterable[str]) -> str:
    """Any of the expressions."""
    return " OR ".join(f"({expression})" for expression in expressions)
