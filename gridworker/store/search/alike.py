"""Finding people whose name sounds like one being typed, or who have its ID number: from the index, in a few reads.

The index knows whole syllables at their places (``1chen0 2gui0 3fang0``) and all initials of a name (``xcgf``), so a
name of the same sound is a handful of terms, however it is written; a character that is read in several ways asks for
each of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, product
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.identity import upgraded
from gridworker.domain.near_sounds import near
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.search.hits import either, quoted
from gridworker.store.search.pinyin import SYLLABLES, Unit, units
from gridworker.store.search.terms import COMBINATIONS, PLACES, grid_term, id_terms, phone_terms

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST = 1500
"""People of one sound that are looked at: in a million the commonest name has about so many."""


class AlikeRow(NamedTuple):
    """Somebody on the books, and where they live or last lived."""

    resident: int
    name: str
    status: str | None
    birth_date: str | None
    birth_year: int | None
    phones: str | None
    id_number: str | None
    id_end: str | None
    id_hash: str | None
    household: int | None
    dwelling: int | None
    building: int | None
    estate: str | None
    building_name: str | None
    unit: str | None
    room: str | None


_VALUES = """
    SELECT r.id, coalesce(r.name, ''), r.status, r.birth_date, r.birth_year, r.phones, r.id_number, r.id_last4,
        r.id_hash, m.household_id, d.id, b.id, b.estate_name, b.building_name, d.unit_no, d.room_no"""
_HOMES = """
    LEFT JOIN household_member m ON m.id = (SELECT n.id FROM household_member n WHERE n.resident_id = r.id
        ORDER BY n.valid_to IS NOT NULL, n.valid_to DESC, n.id DESC LIMIT 1)
    LEFT JOIN household h ON h.id = m.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = d.building_id"""
READ = f"{_VALUES} FROM json_each(?) w CROSS JOIN resident r ON r.id = w.value {_HOMES}"
_PAGE = f"{_VALUES} FROM (SELECT * FROM resident WHERE id > ? ORDER BY id LIMIT ?) r {_HOMES}"


def alike(
    connection: "Connection", name: str, id_number: str = "", *, phones: Iterable[str] = (), building: int | None = None
) -> list[AlikeRow]:
    """Everybody whose name may be read as ``name`` is, and whose ID number ends as this one; in no order.

    Of a sound that more have than are looked at, those of these phones, those in the grid of this building and those
    written with the same characters are among them whatever there is besides. Names that sound nearly as this one are
    looked for among those of these phones and in this grid alone.
    """
    cursor = raw_cursor(connection)
    sounding, nearly = _sounding(units(name)), _sounding(_nearly(name))
    beside = list(_beside(cursor, phones, building)) if sounding else []
    near_by = [f"{terms} AND {sounds}" for sounds in dict.fromkeys((sounding, nearly)) for terms in beside]
    wanted: dict[int, None] = {}
    for terms in filter(None, (*near_by, _written(name), sounding, _numbered(id_number))):
        wanted.update(dict.fromkeys(_entries(cursor, terms)))
    return people(connection, wanted)


def people(connection: "Connection", residents: Iterable[int]) -> list[AlikeRow]:
    """Some people, with where they live."""
    cursor = raw_cursor(connection)
    cursor.execute(READ, (id_list(residents),))
    return [AlikeRow(*row) for row in cursor.fetchall()]


def everybody(connection: "Connection", lot: int = 5000) -> Iterator[list[AlikeRow]]:
    """All people, lot by lot, with where they live."""
    cursor, after = raw_cursor(connection), -1
    while after:
        cursor.execute(_PAGE, (after, lot))
        rows = [AlikeRow(*row) for row in cursor.fetchall()]
        if rows:
            yield rows
        after = max(row.resident for row in rows) if len(rows) == lot else 0


def count_of(connection: "Connection") -> int:
    """How many people are on the books."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM resident").scalar() or 0)


def door_of(connection: "Connection", household: int) -> tuple[int | None, int | None, str | None]:
    """The door of a household, its building, and the estate that stands in."""
    row = connection.exec_driver_sql(
        "SELECT h.dwelling_id, d.building_id, b.estate_name FROM household h LEFT JOIN dwelling d "
        "ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id WHERE h.id = ?",
        (household,),
    ).first()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def _entries(cursor: Cursor, terms: str) -> Iterator[int]:
    cursor.execute("SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?", (terms, MOST))
    return (row[0] for row in cursor.fetchall())


def _beside(cursor: Cursor, phones: Iterable[str], building: int | None) -> Iterator[str]:
    """The terms of each phone, and of the grid of a building: people are not told apart by building in the index."""
    for phone in phones:
        if terms := phone_terms(phone).split():
            yield " AND ".join(map(quoted, terms))
    if building is not None:
        cursor.execute("SELECT grid_id FROM building WHERE id = ?", (building,))
        (grid,) = cursor.fetchone() or (None,)
        if grid is not None:
            yield quoted(grid_term(grid))


def _written(name: str) -> str:
    """The terms of all names written with these very characters."""
    named = units(name)[:PLACES]
    return _of_length(named, [quoted(f"{place}{unit.text}") for place, unit in enumerate(named, start=1)])


def _nearly(name: str) -> list[Unit]:
    """A name whose syllables may be read in all ways that are near to theirs."""
    return [unit._replace(readings=tuple(chain.from_iterable(map(_near_to, unit.readings)))) for unit in units(name)]


@lru_cache(maxsize=1024)
def _near_to(syllable: str) -> tuple[str, ...]:
    return tuple(sorted(other for other in SYLLABLES if near(other) == near(syllable))) or (syllable,)


def _sounding(name: Sequence[Unit]) -> str:
    """The terms of all names of this sound; '' for what is no name yet."""
    named = name[:PLACES]
    return _of_length(named, [f"({_either_way(place, unit)})" for place, unit in enumerate(named, start=1)])


def _of_length(named: Sequence[Unit], places: Sequence[str]) -> str:
    """The terms of places, with those of all initials: a longer name is another one."""
    if not named:
        return ""
    firsts = [tuple(dict.fromkeys(way[0] for way in unit.readings or (unit.text,))) for unit in named]
    combined = [f"x{''.join(letters)}" for letters in islice(product(*firsts), COMBINATIONS)]
    return " AND ".join((f"({either(map(quoted, combined))})", *places))


def _either_way(place: int, unit: Unit) -> str:
    """A syllable in each of its readings; a character without one as it is written."""
    terms = [f"{place}{reading}0" for reading in unit.readings] or [f"{place}{unit.text}"]
    return either(map(quoted, terms))


def _numbered(id_number: str) -> str:
    """The ends of an ID number in its long and its old short form: one person may stand in the books with either."""
    if not (id_number.isascii() and id_number.isalnum()):
        return ""
    long = upgraded(id_number)
    forms = (long, long[:17]) if len(long) == 18 and long[6:8] == "19" else (long,)
    return either(quoted(term) for term in map(id_terms, forms) if term)
