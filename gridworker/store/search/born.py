"""The index entries of records that are new here, made from the values at hand: nothing is read back or compared.

Nobody can have referred to them before, so nothing moves with them but those who join a household; where a new record
is in one that was here already, its place is looked up as for any other (``index.py``).
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, compress
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack

from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.rows import insert_columns
from gridworker.store.log.ids import AscendingIds
from gridworker.store.search import index as index
from gridworker.store.search.sources import Source, Terms, sources
from gridworker.store.search.terms import word_terms

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.log.log import Cursor
    from gridworker.store.tables.creations import Born, Lot

TOGETHER = 2
"""Lots whose entries are one part of the index: of more there would be less to do side by side, of fewer more parts."""


def plant(connection: "Connection", lots: "Sequence[Lot]") -> dict[str, frozenset[int]]:
    """Write the entries of new records. Returns those to be refreshed: memberships of people who were here already."""
    places = _Places(lots)
    for name in ("building", "dwelling", "household"):
        for one in _of_kind(name, lots):
            places.take(one)
    joining = frozenset(member for one in _of_kind("household_member", lots) for member in places.take_members(one))
    planting = _Planting((raw_cursor(connection), raw_cursor(connection)), places)
    together = TOGETHER if all(lot.kept is not None for lot in lots) else 1  # of very many less is kept in memory
    _write_side_by_side(planting, [lots[at : at + together] for at in range(0, len(lots), together)])
    return {"household_member": joining} if joining else {}


def _write_side_by_side(planting: "_Planting", groups: "Sequence[Sequence[Lot]]") -> None:
    """Write the entries of lots, those of each group while those of the next are made, if there is one.

    What goes wrong in one of the two threads is raised here, when nothing is under way any more.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="indexing") as pool:
        under_way: Future[None] | None = None
        for lots in groups:
            entries = planting.entries(lots)
            if under_way is not None:
                under_way.result()
            planting.remember(entries)
            if lots is groups[-1]:
                planting.write(entries)
            else:
                under_way = pool.submit(planting.write, entries)


def _of_kind(name: str, lots: "Sequence[Lot]") -> "Iterator[Born]":
    return (one for lot in lots for one in lot.born(name))


def _rows(one: "Born", *names: str) -> Iterator[tuple[Any, ...]]:
    """The records with some of their values."""
    return zip(one.records, *map(one.column, names), strict=True)


_UNSAID = "?"
"""No terms of a place: nothing said yet where it is."""


class _PlaceTerms:
    """Of new records of one kind the terms of the place each is in; None where they have to be looked up.

    A dictionary of 200,000 would take five times the room.
    """

    def __init__(self, lots: "Iterable[Lot]", kind: str) -> None:
        self._ids = AscendingIds.of([lot.records(kind) for lot in lots])
        self._terms: list[str | None] = [_UNSAID] * len(self._ids)

    def __contains__(self, record: int) -> bool:
        return record in self._ids

    def get(self, record: int) -> str | None:
        """Those of one of them, "" for nowhere. None also for what is not new."""
        at = self._ids.place(record)
        if at is None:
            return None
        return "" if self._terms[at] == _UNSAID else self._terms[at]

    def all(self, records: Sequence[int]) -> list[str | None]:
        """``get`` for each of some, which most often were made side by side."""
        places = self._ids.places(records)
        if places is None:
            return list(map(self.get, records))
        found = self._terms[places.start : places.stop]
        return ["" if one == _UNSAID else one for one in found]

    def put(self, record: int, terms: str | None) -> None:
        """Learn that one of them is in a place: in two of them, those who look up put them together."""
        at = self._ids.place(record)
        if at is not None:
            self._put(at, terms)

    def put_all(self, records: Sequence[int], terms: Sequence[str | None]) -> bool:
        """``put`` for each of some that were made side by side. Whether they were."""
        places = self._ids.places(records)
        if places is None:
            return False
        if self._terms[places.start : places.stop].count(_UNSAID) == len(places):
            self._terms[places.start : places.stop] = terms
        else:
            for at, told in zip(places, terms, strict=True):
                self._put(at, told)
        return True

    def _put(self, at: int, terms: str | None) -> None:
        self._terms[at] = terms if self._terms[at] in {_UNSAID, terms} else None


class _Places:
    """Where new records are, as far as what they are in is new as well."""

    def __init__(self, lots: "Sequence[Lot]") -> None:
        self._buildings: dict[int, tuple[Any, ...]] = {}
        self._grids: dict[int, int | None] = {}
        """Of dwellings."""
        self._households = _PlaceTerms(lots, "household")
        self._residents = _PlaceTerms(lots, "resident")

    def take(self, one: "Born") -> None:
        """Learn where buildings, dwellings or households are; those above them come first."""
        match one.kind.name:
            case "building":
                self._buildings.update(
                    (row[0], row[1:]) for row in _rows(one, "building_name", "estate_name", "grid_id")
                )
            case "dwelling":
                for record, building, grid in _rows(one, "building_id", "grid_id"):
                    where = self._buildings.get(building or 0)
                    if where is not None:
                        self._grids[record] = where[-1] if grid is None else grid
            case "household":
                there = ["" if dwelling is None else self._in_grid(dwelling) for dwelling in one.column("dwelling_id")]
                self._households.put_all(one.records, there)

    def _in_grid(self, dwelling: Any) -> str | None:
        return index.place_terms(None, None, self._grids[dwelling]) if dwelling in self._grids else None

    def take_members(self, one: "Born") -> Iterator[int]:
        """Learn where new residents are. Yields the memberships of those who are not new."""
        homes: Sequence[Any] = one.column("household_id")
        people: Sequence[Any] = one.column("resident_id")
        whole = "valid_to" not in one.columns and None not in homes and None not in people
        if whole and self._residents.put_all(people, self._in_homes(homes)):
            return
        last, there = None, None
        for record, household, resident, until in _rows(one, "household_id", "resident_id", "valid_to"):
            if resident not in self._residents:
                yield record
            elif until is None and household is not None:
                if household != last:  # most often several come into one household
                    last, there = household, self._households.get(household)
                self._residents.put(resident, there)

    def _in_homes(self, homes: Sequence[int]) -> list[str | None]:
        there = {home: self._households.get(home) for home in set(homes)}
        return list(map(there.__getitem__, homes))

    def of(self, one: "Born") -> list[str | None]:
        """The terms of the places of records, "" for those that are nowhere."""
        if one.kind.name == "dwelling":
            return [self._in_building(*row) for row in _rows(one, "building_id")]
        known = {"household": self._households, "resident": self._residents}.get(one.kind.name)
        return known.all(one.records) if known else [""] * len(one.records)

    def _in_building(self, dwelling: int, building: int | None) -> str | None:
        where = self._buildings.get(building or 0)
        return index.place_terms(where[0], where[1], self._grids[dwelling]) if where is not None else None


class _Entries(NamedTuple):
    """What is to be written of some lots: terms and words as objects of JSON by record, empty where there are none."""

    terms: str
    words: str
    seen: "list[Sequence[Sequence[int | str]]]"
    """What the terms were made of, of each kind side by side."""


class _Planting:
    """Makes entries and writes them, some lots at a time: memory must not grow with an import."""

    def __init__(self, cursors: "tuple[Cursor, Cursor]", places: _Places) -> None:
        self._cursor, self._beside = cursors
        """Both of one connection: a cursor serves one thread at a time."""
        self._places = places
        self._sources = sources()
        self._makers = {name: source.makers() for name, source in self._sources.items()}
        self._pack = msgpack.Packer().pack

    def entries(self, lots: "Iterable[Lot]") -> _Entries:
        """The entries of some lots, ascending: the index starts a new part of itself whenever ids go down."""
        terms: list[tuple[int, str]] = []
        words: list[tuple[int, str]] = []
        seen: list[Sequence[Sequence[int | str]]] = []
        born = chain.from_iterable(lot.born(*self._sources) for lot in lots)
        for one in sorted(born, key=lambda one: one.kind.number):
            source = self._sources[one.kind.name]
            words += _told(source, one)
            if source.named:
                texts, own, places = self._named(source, one)
                told = zip(one.records, texts, places, strict=True)
                terms += [(record, f"{text} {place}") for record, text, place in told if text]
                columns: Sequence[Sequence[int | str]] = (one.records, own, places)
                if not (source.leads or all(texts)):
                    columns = [list(compress(column, texts)) for column in columns]
                seen.append(((one.kind.number,) * len(columns[0]), *columns))
        return _Entries(_object(sorted(terms)), _object(sorted(words)), seen)

    def write(self, entries: _Entries) -> None:
        """Write entries, of each table by one statement: it needs Python's lock at its beginning and its end alone.

        Of several rows to a statement the engine writes down each statement by itself, as one more part of the index.
        """
        for table, listed in (("search_index", entries.terms), ("search_words", entries.words)):
            if listed:
                self._beside.execute(
                    f"INSERT INTO {table} (rowid, terms) SELECT CAST(key AS INTEGER), value FROM json_each(?)",
                    (listed,),
                )

    def remember(self, entries: _Entries) -> None:
        """Keep what entries were made of: in statements of few rows, which would have to wait for Python's lock."""
        for columns in entries.seen:
            insert_columns(self._cursor, "INSERT INTO search_seen (kind, id, own, place) VALUES (?,?,?,?)", columns)

    def _named(self, source: Source, one: "Born") -> tuple[list[str], list[int], list[str]]:
        """Of records the terms of their names, the hash of what these were made of, and the terms of their place."""
        columns = list(map(one.column, (*source.names, *source.leads)))
        own = index.own_hashes(list(map(self._pack, zip(*columns, strict=True))))
        made = [_made(make, column) for make, column in zip(self._makers[one.kind.name], columns, strict=False)]
        return list(map(str.strip, map(" ".join, zip(*made, strict=True)))), own, self._placed(source, one)

    def _placed(self, source: Source, one: "Born") -> list[str]:
        places = self._places.of(one)
        if None not in places:
            return places  # type: ignore[return-value]  # none of them is None: asked above
        unknown = [record for record, place in zip(one.records, places, strict=True) if place is None]
        lost = index.places_of(self._cursor, source, unknown) if unknown else {}
        return [lost.get(at, "") if place is None else place for at, place in zip(one.records, places, strict=True)]


def _object(entries: Sequence[tuple[int, str]]) -> str:
    """Texts by record as JSON, in a third of the time that a dictionary would take."""
    pairs = [f'"{record}":{_quoted(text)}' for record, text in entries]
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _made(make: Terms, column: Iterable[Any]) -> list[str]:
    return [make(text) if text else "" for text in column]


def _told(source: Source, one: "Born") -> Iterator[tuple[int, str]]:
    """Records with the words of their free text, where they have any."""
    told = [one.columns[name] for name in source.told if name in one.columns]
    for record, *texts in zip(one.records, *told, strict=True) if told else ():
        words = word_terms("\n".join(filter(None, texts))) if any(texts) else ""
        if words:
            yield record, words
