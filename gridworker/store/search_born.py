"""The index entries of records that are new here, made from the values at hand: nothing is read back or compared.

Nobody can have referred to them before, so nothing moves with them but those who join a household; where a new record
is in one that was here already, its place is looked up as for any other (``search_index.py``).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, groupby, repeat
from json.encoder import encode_basestring as _quoted
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack

from gridworker.store import search_index as index
from gridworker.store.database import raw_cursor
from gridworker.store.ids import AscendingIds
from gridworker.store.rows import insert_rows
from gridworker.store.search_sources import Source, Terms, sources
from gridworker.store.search_terms import word_terms

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.creations import Born, Lot
    from gridworker.store.log import Cursor


def plant(connection: "Connection", lots: "Sequence[Lot]") -> dict[str, frozenset[int]]:
    """Write the entries of new records. Returns those to be refreshed: memberships of people who were here already."""
    places, joining = _places(lots)
    planting = Planting(raw_cursor(connection), places)
    for lot in lots:
        planting.write(planting.entries((lot,)))
    return {"household_member": joining} if joining else {}


def ahead(cursor: "Cursor", lots: "Sequence[Lot]") -> "Planting | None":
    """What writes the entries of new records before all of them are in the tables.

    None where not all that they are in is new as well.
    """
    places, joining = _places(lots)
    return Planting(cursor, places) if places.are_all_new and not joining else None


def _places(lots: "Sequence[Lot]") -> "tuple[_Places, frozenset[int]]":
    """Where new records are, and the memberships of people who were here already."""
    places = _Places(lots)
    for name in ("building", "dwelling", "household"):
        for one in _of_kind(name, lots):
            places.take(one)
    joining = frozenset(member for one in _of_kind("household_member", lots) for member in places.take_members(one))
    return places, joining


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

    @property
    def are_all_said(self) -> bool:
        """Whether none has to be looked up."""
        return None not in self._terms

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
        self._in_old = False
        """Whether a dwelling is in a building that is not new, or in none."""

    @property
    def are_all_new(self) -> bool:
        """Whether all that they are in is new as well: nothing has to be looked up."""
        return not self._in_old and self._households.are_all_said and self._residents.are_all_said

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
                    if where is None:
                        self._in_old = True
                    else:
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


class Entries(NamedTuple):
    """What is to be written to the index: terms and words by record, and what the entries were made of."""

    terms: list[tuple[int, str]]
    words: list[tuple[int, str]]
    seen: list[tuple[int, int, int, str]]

    def at_one_go(self) -> "AtOneGo":
        """The same, for ``write_at_one_go``."""
        of_kinds = groupby(self.seen, itemgetter(0))
        seen = [(kind, _object((at, f"[{own},{_quoted(place)}]") for _, at, own, place in of)) for kind, of in of_kinds]
        terms, words = (_object((at, _quoted(text)) for at, text in listed) for listed in (self.terms, self.words))
        return AtOneGo(terms, words, seen)


class AtOneGo(NamedTuple):
    """Entries for one statement to each table: objects of JSON by record, empty where there is nothing."""

    terms: str
    words: str
    seen: list[tuple[int, str]]
    """By kind."""


class Planting:
    """Makes entries and writes them, lot by lot: memory must not grow with an import."""

    def __init__(self, cursor: "Cursor", places: _Places) -> None:
        self._cursor = cursor
        self._places = places
        self._sources = sources()
        self._makers = {name: source.makers() for name, source in self._sources.items()}
        self._pack = msgpack.Packer().pack

    def entries(self, lots: "Iterable[Lot]") -> Entries:
        """The entries of some lots, ascending: the index starts a new part of itself whenever ids go down.

        It asks the store for places that are not new.
        """
        terms: list[tuple[int, str]] = []
        words: list[tuple[int, str]] = []
        seen: list[tuple[int, int, int, str]] = []
        born = chain.from_iterable(lot.born(*self._sources) for lot in lots)
        for one in sorted(born, key=lambda one: one.kind.number):
            source = self._sources[one.kind.name]
            words += _told(source, one)
            if source.named:
                texts, own, places = self._named(source, one)
                told = zip(one.records, texts, places, strict=True)
                terms += [(record, f"{text} {place}") for record, text, place in told if text]
                rows = zip(repeat(one.kind.number), one.records, own, places, strict=False)
                seen += rows if source.leads else compress(rows, texts)
        return Entries(sorted(terms), sorted(words), seen)

    def write(self, entries: Entries) -> None:
        """Write entries, one part of the index for all of them."""
        many = self._cursor.executemany  # of several rows to a statement the engine would write down each by itself
        many("INSERT INTO search_index (rowid, terms) VALUES (?,?)", entries.terms)
        many("INSERT INTO search_words (rowid, terms) VALUES (?,?)", entries.words)
        insert_rows(self._cursor, "INSERT INTO search_seen (kind, id, own, place) VALUES (?,?,?,?)", entries.seen)

    def write_at_one_go(self, entries: AtOneGo) -> None:
        """Write entries, each time one part of the index: without Python's lock nearly all along."""
        for name, listed in (("search_index", entries.terms), ("search_words", entries.words)):
            if listed:
                self._cursor.execute(
                    f"INSERT INTO {name} (rowid, terms) SELECT CAST(key AS INTEGER), value FROM json_each(?)", (listed,)
                )
        self._cursor.executemany(
            "INSERT INTO search_seen (kind, id, own, place) "
            "SELECT ?, CAST(key AS INTEGER), value ->> 0, value ->> 1 FROM json_each(?)",
            entries.seen,
        )

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


def _made(make: Terms, column: Iterable[Any]) -> list[str]:
    return [make(text) if text else "" for text in column]


def _told(source: Source, one: "Born") -> Iterator[tuple[int, str]]:
    """Records with the words of their free text, where they have any."""
    told = [one.columns[name] for name in source.told if name in one.columns]
    for record, *texts in zip(one.records, *told, strict=True) if told else ():
        words = word_terms("\n".join(filter(None, texts))) if any(texts) else ""
        if words:
            yield record, words


def _object(entries: Iterable[tuple[int, str]]) -> str:
    """JSON texts by record as one of them, in a third of the time that a dictionary would take."""
    pairs = [f'"{record}":{text}' for record, text in entries]
    return "{" + ",".join(pairs) + "}" if pairs else ""
