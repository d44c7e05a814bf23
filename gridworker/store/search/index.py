"""The search index: two FTS5 tables without contents, kept in the transaction that changes a record.

``search_index`` has an entry for every record that is found by a name, a number or a door, by the record's id;
``search_words`` one for every record with free text in it. They are kept apart because what changes most is a remark,
and the terms of a name are many. ``search_seen`` remembers what an entry of the first was made of, so that a merge
rewrites only those whose values changed; it lies by kind, so that a merge of residents reads and writes the pages of
residents alone:

    kind, id    the record
    own         a hash of the record's own names, numbers and references to where it is
    place       the terms it takes from where it is: its grid, its building

A change goes down the references: building, dwelling, household, member, resident. No triggers: a merge of thousands of
edits refreshes each record once (sync.md, trap 17). The words of few records wait in ``search_later`` (later.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgpack

from gridworker import discover
from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import CHUNK, Cursor, Log, chunks, id_list
from gridworker.store.log.op import unpack_create
from gridworker.store.search import later
from gridworker.store.search import terms as terms
from gridworker.store.search.sources import LIST, Source, sources

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

VERSION = 4
"""Of the terms and the tables; a store indexed under another one is indexed anew."""

BULK_MEMORY = 1 << 26
"""Bytes the index gathers before it writes, while it is built anew: fewer parts to merge."""

AT_ONCE = 40_000
"""Entries that may wait to be written: memory must not grow with an import."""

_SETTINGS: Mapping[str, int] = MappingProxyType({"hashsize": 1 << 24, "automerge": 0, "deletemerge": 40})
"""A merge of thousands of edits writes one part, not several. Parts are put together when there are sixteen of a size,
not a little with every write, which wrote three pages of old entries for each page of new ones; and a large part is
written anew when two fifths of it are gone, not when a tenth is, which would be every few merges."""

INDEXES = ("search_index", "search_words")
"""The two tables; their parts are put together by parts.py."""

_Found = tuple[int, int, bool, str | None, Sequence[Value]]
"""A record whose entry may differ: its id, its hash, whether that differs, the place known of it if any, its values."""

_BELOW: Mapping[str, tuple[str, str]] = MappingProxyType({
    "building": ("dwelling", f"SELECT id FROM dwelling WHERE building_id IN {LIST}"),
    "dwelling": ("household", f"SELECT id FROM household WHERE dwelling_id IN {LIST}"),
    "household": ("resident", f"SELECT resident_id FROM household_member WHERE household_id IN {LIST}"),
})  # fmt: skip
"""By kind: the kind whose place depends on it, and how those records are found. Sources come in this order."""

_PLACES: Mapping[str, str] = MappingProxyType({
    "dwelling": f"""
        SELECT d.id, b.building_name, b.estate_name, coalesce(d.grid_id, b.grid_id)
        FROM dwelling d JOIN building b ON b.id = d.building_id WHERE d.id IN {LIST}""",
    "household": f"""
        SELECT h.id, NULL, NULL, coalesce(d.grid_id, b.grid_id)
        FROM household h JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id
        WHERE h.id IN {LIST}""",
    "resident": f"""
        SELECT m.resident_id, NULL, NULL, coalesce(d.grid_id, b.grid_id)
        FROM household_member m JOIN household h ON h.id = m.household_id JOIN dwelling d ON d.id = h.dwelling_id
        LEFT JOIN building b ON b.id = d.building_id
        WHERE m.resident_id IN {LIST} AND m.valid_to IS NULL""",
})  # fmt: skip
"""Where records are: building, estate and grid by record, for the kinds that take terms from there."""


def schema() -> tuple[str, ...]:
    """The statements that make the index of a new store."""
    made = [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
        "terms, content='', contentless_delete=1, detail=none, tokenize='ascii')"
        for index in INDEXES
    ]
    settings = [
        f"INSERT INTO {index} ({index}, rank) VALUES ('{name}', {value})"
        for index in INDEXES
        for name, value in _SETTINGS.items()
    ]
    return (
        *made,
        "CREATE TABLE IF NOT EXISTS search_seen "
        "(kind INTEGER NOT NULL, id INTEGER NOT NULL, own INTEGER NOT NULL, place TEXT NOT NULL, "
        "PRIMARY KEY (kind, id)) WITHOUT ROWID",
        later.SCHEMA,
        *settings,
    )


def refresh(
    connection: "Connection",
    touched: Mapping[str, Iterable[int]],
    told: Mapping[str, Iterable[int]] | None = None,
) -> None:
    """Bring the entries of touched records, by kind name, and of those that moved with them up to date.

    ``told``: the records whose free text changed; where it is not given, it may be that of all that were touched.
    """
    known = sources()
    names = {name: set(ids) for name, ids in touched.items() if name in known or name == "household_member"}
    texts = {
        name: set(ids)
        for name, ids in (touched if told is None else told).items()
        if name in known and known[name].told
    }
    cursor = raw_cursor(connection)
    due = later.put_off(cursor, texts) if texts else {}
    if names or due:
        _Refresh(cursor).run(names, due)


def rebuild(connection: "Connection", told: Callable[[float], object] | None = None) -> None:
    """Index everything anew. ``told`` hears what share is done after each lot; whatever it raises ends it."""
    cursor = raw_cursor(connection)
    for table in (*INDEXES, "search_seen", "search_later"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in schema():
        cursor.execute(statement)
    _gather(cursor, BULK_MEMORY)
    kinds = sources()
    for number, name in enumerate(kinds):
        cursor.execute(f"SELECT id FROM {name} ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        for done, part in enumerate(chunks(ids), start=1):
            _Refresh(cursor).run({name: set(part)}, {name: set(part)}, follow=False)
            if told is not None:
                told((number + min(done * CHUNK / len(ids), 1)) / len(kinds))
    purge(connection)
    _gather(cursor, _SETTINGS["hashsize"])


def purge(connection: "Connection") -> None:
    """Merge the parts of the index into one, so that nothing of a replaced or deleted entry is left in it."""
    cursor = raw_cursor(connection)
    due = later.take_out(cursor)
    if due:
        _Refresh(cursor).run({}, due)
    for index in INDEXES:
        cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _gather(cursor: Cursor, memory: int) -> None:
    for index in INDEXES:
        cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', ?)", (memory,))


_NONE: set[int] = set()
"""Read only."""


class _Refresh:
    """One refresh: reads what was touched, goes down the references, writes what differs."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._pack = msgpack.Packer().pack
        self._index: list[tuple[int, str]] = []
        self._words: list[tuple[int, str]] = []
        self._silent: list[tuple[int]] = []
        self._seen: list[tuple[int, int, int, str]] = []
        self._gone: list[tuple[int, int]] = []

    def run(self, touched: Mapping[str, set[int]], told: later.Told, *, follow: bool = True) -> None:
        """Refresh these records, and the words of those told of; ``follow``: also those whose place depends on them."""
        moved: dict[str, set[int]] = defaultdict(set)
        if follow and touched.get("household_member"):
            moved["resident"] = self._members(touched["household_member"])
        for name, source in sources().items():
            if not (name in touched or name in told or name in moved):
                continue
            here, words = touched.get(name, _NONE), told.get(name, _NONE)
            if words:
                self._tell(source, words)
            led = self._read(source, here, moved[name]) if here or name in moved else _NONE
            if follow and led and name in _BELOW:
                below, select = _BELOW[name]
                moved[below].update(row[0] for row in self._rows(select, led) if row[0])
        self._write()

    def _members(self, memberships: set[int]) -> set[int]:
        """Whose memberships these are; of one that is gone, the op that created it says."""
        found, gone = set[int](), set[int]()
        for part in chunks(sorted(memberships)):
            rows = list(_rows(self._cursor, f"SELECT id, resident_id FROM household_member WHERE id IN {LIST}", part))
            found.update(resident for _, resident in rows if resident)
            if len(rows) < len(part):
                gone.update(set(part).difference(member for member, _ in rows))
        if gone:
            number = discover.kinds()["household_member"].kind.specs["resident_id"].number
            for row in Log(self._cursor).rows(gone).values():
                resident = unpack_create(row.vals).get(number)
                found.update([resident] if isinstance(resident, int) else [])
        return found

    def _tell(self, source: Source, records: set[int]) -> None:
        """Make the words of records anew."""
        if not source.told:
            return
        silent = set(records)
        for record, *texts in self._rows(source.select_told, records):
            words = later.words_of(texts)
            if words:
                self._words.append((record, words))
                silent.discard(record)
                self._write_if_many()
        self._silent += ((record,) for record in silent)

    def _read(self, source: Source, touched: set[int], moved: set[int]) -> set[int]:
        """Find which entries of a kind differ. Returns the records that do, the ones that are gone among them."""
        ids = touched | moved if source.named else set()
        differing: set[int] = set()
        for part in chunks(sorted(ids)):
            differing |= self._read_part(source, part, moved)
            self._write_if_many()
        return differing

    def _read_part(self, source: Source, ids: Sequence[int], moved: set[int]) -> set[int]:
        lost = set[int]()
        found: list[_Found] = []
        here: list[int] = []
        for row in self._rows(source.select, ids):
            record, known, place, *values = row
            here.append(record)
            own = own_hash(self._pack(values))
            if own != known or record in moved:
                found.append((record, own, own != known, place, values))
                if place is None or record in moved or source.leads:
                    lost.add(record)
        gone = set(ids).difference(here)
        self._gone += ((source.kind.number, record) for record in gone)
        return gone | self._compare(source, found, lost)

    def _compare(self, source: Source, found: Sequence[_Found], lost: set[int]) -> set[int]:
        """Make the entries of the records that differ, and return these. Places of the ``lost`` ones are looked up."""
        places = places_of(self._cursor, source, lost)
        number, makers = source.kind.number, source.makers()
        differing: set[int] = set()
        for record, own, differs, known, values in found:
            place = places.get(record, "") if record in lost else known or ""
            if differs or place != known:
                differing.add(record)
                words = " ".join([make(str(text)) for make, text in zip(makers, values, strict=False) if text])
                if words:
                    self._index.append((record, f"{words} {place}"))
                elif known is not None:
                    self._gone.append((number, record))
                if words or source.leads:
                    self._seen.append((number, record, own, place))
                self._write_if_many()
        return differing

    def _rows(self, select: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        return _rows(self._cursor, select, ids)

    def _write_if_many(self) -> None:
        """A first load must not gather the terms of all there are; a merge goes on to be written in one go.

        Nor must what is not here be gathered that somebody made up.
        """
        if len(self._index) + len(self._words) + len(self._gone) + len(self._silent) > AT_ONCE:
            self._write()

    def _write(self) -> None:
        """Write ascending: the index starts a new part of itself whenever ids go down."""
        gone = [(record,) for _, record in self._gone]
        for statement, rows in (
            ("DELETE FROM search_index WHERE rowid = ?", gone),
            ("DELETE FROM search_words WHERE rowid = ?", self._silent),
            ("DELETE FROM search_seen WHERE kind = ? AND id = ?", self._gone),
            ("REPLACE INTO search_index (rowid, terms) VALUES (?,?)", self._index),
            ("REPLACE INTO search_words (rowid, terms) VALUES (?,?)", self._words),
            ("REPLACE INTO search_seen (kind, id, own, place) VALUES (?,?,?,?)", self._seen),
        ):
            if rows:
                self._cursor.executemany(statement, sorted(rows))
                rows.clear()
        self._gone.clear()


def places_of(cursor: Cursor, source: Source, records: Iterable[int]) -> dict[int, str]:
    """The terms records of a kind take from where they are."""
    select = _PLACES.get(source.kind.name)
    if select is None:
        return {}
    found: dict[int, str] = {}
    for record, *where in _rows(cursor, select, records):
        place = place_terms(*where)
        known = found.setdefault(record, place)
        if known != place:  # in two households
            found[record] = " ".join(sorted({*known.split(), *place.split()}))
    return found


def own_hash(packed: bytes) -> int:
    """Of the packed searched values: tells any two apart that differ in one character, others once in 2 ** 32."""
    return crc32(packed) | len(packed) << 32


def own_hashes(packed: Sequence[bytes]) -> list[int]:
    """``own_hash`` of each."""
    return [found | length << 32 for found, length in zip(map(crc32, packed), map(len, packed), strict=True)]


def _rows(cursor: Cursor, select: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Read by ids, ascending as they lie in the file; ``select`` has one list of them."""
    wanted = sorted(ids)
    if len(wanted) == 1:  # nearly every save: a list to be read takes longer than the record
        cursor.execute(_of_one(select), wanted)
        yield from cursor.fetchall()
        return
    for part in chunks(wanted):
        cursor.execute(select, (id_list(part),))
        yield from cursor.fetchall()


@cache
def _of_one(select: str) -> str:
    """A statement for a list of ids as one for a single id."""
    return select.replace(LIST, "(?)")


place_terms = lru_cache(maxsize=4096)(terms.place_terms)
