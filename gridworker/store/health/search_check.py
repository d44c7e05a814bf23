"""Whether the search index holds what it should: every record by its names and words, as they are, and nothing else.

The engine's own check (``integrity_check``) reads the index itself; but the index keeps no contents, so the engine
cannot tell whose entries are missing. That is held here against the records: what an entry was made of by its hash,
whether it is there by the engine's list of entries. Terms are made anew only of records that seem to have none.

Making the index anew changes no record, and needs nothing but the tables.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import chunks, id_list
from gridworker.store.search.index import own_hash, rebuild
from gridworker.store.search.sources import Source, sources
from gridworker.store.search.terms import word_terms
from gridworker.store.worked_out import let_go

if TYPE_CHECKING:
    from gridworker.store.log.log import Cursor
    from gridworker.store.store import Store

_TABLES = ("search_index", "search_words", "search_seen", "search_later")
_OF_ENGINE = ("fts5:", "FTS5 table")
"""In what the engine says of the index, and of nothing else."""


class Astray(NamedTuple):
    """How many records the index does not find as they are, and how many entries are of nothing that is there."""

    unfound: int
    left: int


def is_of_index(fault: str) -> bool:
    """Whether a fault of the file, in the engine's words, is one of the index alone."""
    return any(mark in fault for mark in _OF_ENGINE)


def astray(cursor: "Cursor") -> Astray | None:
    """What differs between index and records; None where a table of the index is gone."""
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE name IN (?,?,?,?)", _TABLES)
    if cursor.fetchone()[0] < len(_TABLES):
        return None
    named = [source for source in sources().values() if source.named]
    told = [source for source in sources().values() if source.told]
    unfound = {record for source in named for record in (*_differing(cursor, source), *_without_entry(cursor, source))}
    unfound |= {record for source in told for record in _without_words(cursor, source)}
    return Astray(len(unfound), _names_left(cursor, named) + _words_left(cursor, told))


def mend(store: "Store") -> None:
    """Make the index anew, and let go of what was worked out beside it. Raises StoreBusy where another writes."""
    with store.db.write() as connection:
        rebuild(connection)
        let_go(raw_cursor(connection))


def _differing(cursor: "Cursor", source: Source) -> Iterator[int]:
    """Records whose names were changed past the index, and those it never heard of."""
    pack = msgpack.Packer().pack
    cursor.execute(f"SELECT id FROM {source.kind.name} ORDER BY id")
    for row in _rows(cursor, source.select, [row[0] for row in cursor.fetchall()]):
        record, known, _place, *values = row
        if own_hash(pack(values)) != known and (known is not None or source.leads or _has_terms(source, values)):
            yield record


def _without_entry(cursor: "Cursor", source: Source) -> Iterator[int]:
    """Records that are remembered as indexed and are not; where others lie below them they may have nothing to find."""
    cursor.execute(
        "SELECT s.id FROM search_seen s WHERE s.kind = ? "
        "AND NOT EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = s.id) ORDER BY s.id",
        (source.kind.number,),
    )
    for record, _known, _place, *values in _rows(cursor, source.select, [row[0] for row in cursor.fetchall()]):
        if _has_terms(source, values):
            yield record


def _without_words(cursor: "Cursor", source: Source) -> Iterator[int]:
    """Records with free text none of which is found, be it by the index or among those it waits for."""
    cursor.execute(
        f"SELECT id, {', '.join(source.told)} FROM {source.kind.name} k WHERE ({_says_something(source)}) "
        "AND NOT EXISTS (SELECT 1 FROM search_words_docsize d WHERE d.id = k.id) "
        "AND NOT EXISTS (SELECT 1 FROM search_later l WHERE l.id = k.id)"
    )
    for record, *texts in cursor.fetchall():
        if word_terms("\n".join(filter(None, texts))):
            yield record


def _names_left(cursor: "Cursor", named: Collection[Source]) -> int:
    """Entries of names that nothing remembers, or whose record is gone."""
    left = _count(cursor, "search_index_docsize d WHERE d.id NOT IN (SELECT id FROM search_seen)")
    for source in named:
        left += _count(
            cursor,
            f"search_seen s WHERE s.kind = {source.kind.number} "
            f"AND NOT EXISTS (SELECT 1 FROM {source.kind.name} k WHERE k.id = s.id)",
        )
    return left


def _words_left(cursor: "Cursor", told: Collection[Source]) -> int:
    """Entries of words beyond those of the records that have any, but for those that will be written anew."""
    settled = "search_words_docsize d WHERE d.id NOT IN (SELECT id FROM search_later)"
    entries = _count(cursor, settled)
    for source in told:
        entries -= _count(
            cursor, f"{source.kind.name} k CROSS JOIN {settled} AND d.id = k.id AND ({_says_something(source)})"
        )
    return max(entries, 0)


def _says_something(source: Source) -> str:
    return " OR ".join(f"k.{field} <> ''" for field in source.told)


def _has_terms(source: Source, values: Collection[Any]) -> bool:
    return any(text and make(str(text)) for (_, make), text in zip(source.named, values, strict=False))


def _count(cursor: "Cursor", rows: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {rows}")
    return int(cursor.fetchone()[0])


def _rows(cursor: "Cursor", select: str, ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    for part in chunks(sorted(ids)):
        cursor.execute(select, (id_list(part),))
        yield from cursor.fetchall()
