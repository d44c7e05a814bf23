"""Records whose free text changed and whose entries in ``search_words`` are written later.

An entry by itself changes five pages of the engine's own tables, and sixteen of them are soon put together again: of a
remark that is saved that was most of what the disk was given. So which records these are is noted in ``search_later``,
in the transaction of the change, and a search reads the texts of those few beside what the index finds: what was saved
is found from then on. Once they are more than ``MOST``, their entries are all written at one go.

    id, kind    the record; its entry, if it has one, is of a text it had before
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from gridworker import discover
from gridworker.store.engine.cursor import Cursor
from gridworker.store.log.log import id_list
from gridworker.store.search.sources import sources
from gridworker.store.search.terms import word_terms

SCHEMA = "CREATE TABLE IF NOT EXISTS search_later (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL)"

MOST = 64
"""Records that wait at most. A search for words reads as many texts more, which takes it a millisecond or two."""

FEW = 8
"""Records of one change whose entries are put off: what a person saves. Those of a bundle are written at one go."""

_NOTE = "INSERT OR IGNORE INTO search_later (id, kind) VALUES (?,?)"

Told = Mapping[str, set[int]]
"""Records by the name of their kind."""


def put_off(cursor: Cursor, told: Told) -> Told:
    """Note that the text of some records changed. Returns those whose entries are due: nearly always there are none."""
    rows = [(record, discover.kinds()[name].kind.number) for name, records in told.items() for record in records]
    if len(rows) <= FEW:
        cursor.executemany(_NOTE, rows)
        new = cursor.rowcount
        if (new == len(rows) or _are_noted(cursor, rows)) and (new < 1 or _count(cursor) <= MOST):
            return {}
    waiting = take_out(cursor)
    return {name: waiting.get(name, set()) | told.get(name, set()) for name in {*waiting, *told}} if waiting else told


def take_out(cursor: Cursor) -> Told:
    """All that wait; they are noted no more."""
    found = _by_kind(cursor, "SELECT id, kind FROM search_later")
    if found:
        cursor.execute("DELETE FROM search_later")
    return found


def with_words(cursor: Cursor, words: Sequence[str], above: int, below: int) -> list[int]:
    """Those that wait, with ids between two, whose text has all of some terms."""
    waiting = _by_kind(cursor, "SELECT id, kind FROM search_later WHERE id > ? AND id < ?", above, below)
    return [record for name, records in waiting.items() for record in _having(cursor, name, records, set(words))]


def words_of(texts: Sequence[str | None]) -> str:
    """The terms of the free text of a record."""
    return word_terms("\n".join(filter(None, texts)))


def _having(cursor: Cursor, name: str, records: set[int], words: set[str]) -> Iterator[int]:
    cursor.execute(sources()[name].select_told, (id_list(records),))
    for record, *texts in cursor.fetchall():
        if words.issubset(words_of(texts).split(" ")):
            yield record


def _are_noted(cursor: Cursor, rows: Sequence[tuple[int, int]]) -> bool:
    """Whether all are noted as they are.

    An id may be noted as a record of another kind: two copies that nobody noticed gave it out twice, and which of them
    stands has changed. The entries of both are due then.
    """
    for row in rows:
        cursor.execute("SELECT 1 FROM search_later WHERE id = ? AND kind = ?", row)
        if cursor.fetchone() is None:
            return False
    return True


def _count(cursor: Cursor) -> int:
    cursor.execute("SELECT count(*) FROM search_later")
    count: int = cursor.fetchone()[0]
    return count


def _by_kind(cursor: Cursor, select: str, *values: int) -> Told:
    cursor.execute(select, values)
    found: dict[str, set[int]] = defaultdict(set)
    known = discover.by_number()
    for record, number in cursor.fetchall():
        if number in known and known[number].kind.name in sources():  # else somebody put in what nobody reads
            found[known[number].kind.name].add(record)
    return found
