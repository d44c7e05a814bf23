"""Where a person is named in texts of other records: what stands there now, and what the log holds of it from before.

The tables are a reading of the log, so the log alone is gone through: once, in lots, with a byte search in the engine
itself. What nobody sees any more is found too: a text that was overwritten, one of a record since deleted, an op that
was set aside or not accepted, a field or a kind that only a newer version knows. Erasing the person leaves all of that
as it is, and an undo would show it again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgpack

from gridworker import discover
from gridworker.record import ALIVE, Kind, Spec, Type
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.heads import Packed, heads_of
from gridworker.store.log.log import CHUNK, Cursor, Log, chunks, id_list
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from gridworker.store.log.sheaves import PLACED, SELECT, SHEAF, Sheaves, fetch_ops

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TEXTS = frozenset({Type.TEXT, Type.NOTE, Type.PHONES, Type.ID_NUMBER})
"""The types a person types words or numbers into."""

Report = Callable[[float], object]
"""Told how far the search is, 0 to 1."""


class Stands(StrEnum):
    """How a text stands: shown now (or one side of a conflict), replaced or not accepted, of a deleted record, aside.

    ``aside``: the office has not taken it in. ``ruled``: the office's own words beside a verdict.
    """

    NOW = "now"
    EARLIER = "earlier"
    DELETED = "deleted"
    ASIDE = "aside"
    RULED = "ruled"


class Mention(NamedTuple):
    """A text of another record that names the erased; of a reference ``text`` is empty.

    ``kind`` is empty where only a newer version knows it. ``sides`` are the values that stand in the field now: none
    of a record that is not shown, several in a conflict. ``here``: the op that created the record is here.
    """

    kind: str
    record: int
    field: int
    text: str
    stands: Stands
    clk: int = 0
    who: int = 0
    sides: int = 1
    here: bool = True


class _Hit(NamedTuple):
    """A text in an op. ``who`` is a number of ``author``, of what was set aside the person."""

    row: OpRow
    field: int
    text: str
    aside: bool = False


def mentions(
    connection: "Connection",
    words: Collection[str],
    concerned: Collection[tuple[str, int]],
    report: Report | None = None,
) -> list[Mention]:
    """Where the words stand in texts of other records, by record and field, the present text first, then the newest.

    References to the first of ``concerned`` (kinds and ids, see concerned.py) come last.
    """
    cursor = raw_cursor(connection)
    gone = {record for _, record in concerned}
    hits = [hit for hit in _hits(cursor, sorted(words), report) if hit.row.record not in gone]
    found = _Reading(cursor, hits).mentions()
    found.sort(key=lambda one: (one.kind, one.record, one.field, one.stands is not Stands.NOW, -one.clk))
    return [*found, *(one for one in _references(cursor, next(iter(concerned))) if one.record not in gone)]


def values_of(row: OpRow) -> list[tuple[int, object]]:
    """The fields and values of an op; none of one that does not decode."""
    try:
        if row.what == What.CREATE:
            return list(unpack_create(row.vals).items())
        return [(edit.field, edit.value) for edit in unpack_edits(row.record, row.vals) if edit.field > ALIVE]
    except (ValueError, TypeError, IndexError, msgpack.UnpackException):
        return []


def searched_kinds() -> Mapping[str, Kind]:
    """The kinds in which somebody may be named; what the office alone has of its own work holds nothing but ids."""
    return {name: record.kind for name, record in discover.kinds().items() if not record.kind.office_only}


def _hits(cursor: Cursor, words: Sequence[str], report: Report | None) -> Iterator[_Hit]:
    if not words:
        return
    skipped = {record.kind.number for record in discover.kinds().values() if record.kind.office_only}
    for row in (*_logged(cursor, words, report), *_aside(cursor, words)):
        if row.kind not in skipped:
            aside = row.author < 0
            for field, text in _texts(row):
                if any(word in text for word in words):
                    yield _Hit(row, field, text, aside)


def _texts(row: OpRow) -> Iterator[tuple[int, str]]:
    known = discover.by_number().get(row.kind)
    specs: Mapping[int, Spec] = known.kind.numbered if known and row.what != What.VERDICT else {}
    for field, value in values_of(row):
        spec = specs.get(field)
        if isinstance(value, str) and (spec is None or spec.type in TEXTS):
            yield field, value


def _logged(cursor: Cursor, words: Sequence[str], report: Report | None) -> Iterator[OpRow]:
    """Ops with one of the words anywhere in them: the engine looks, and only what it finds is decoded."""
    any_of = " OR ".join("instr(vals, ?)" for _ in words)
    raw = [word.encode() for word in words]
    sheaves = Sheaves(cursor).with_any(raw)
    cursor.execute("SELECT count(*) FROM op")
    whole, done, above = cursor.fetchone()[0], 0, -1
    while True:
        cursor.execute(
            "SELECT count(*), max(clk) FROM (SELECT clk FROM op WHERE clk > ? ORDER BY clk LIMIT ?)", (above, CHUNK)
        )
        count, last = cursor.fetchone()
        if not count:
            return
        cursor.execute(
            f"{SELECT} WHERE clk > ? AND clk <= ? AND CASE WHEN {PLACED} "
            f"THEN vals / {SHEAF} IN (SELECT value FROM json_each(?)) ELSE {any_of} END ORDER BY clk",
            (above, last, id_list(sheaves), *raw),
        )
        yield from (row for row in fetch_ops(cursor) if any(word in row.vals for word in raw))
        done, above = done + count, last
        if report is not None:
            report(done / whole)


def _aside(cursor: Cursor, words: Sequence[str]) -> Iterator[OpRow]:
    """What was set aside, whoever sent it how often; the person who wrote it as a negative author."""
    any_of = " OR ".join("instr(vals, ?)" for _ in words)
    cursor.execute(
        f"SELECT clk, kind, record, what, max(who), vals FROM aside WHERE {any_of} GROUP BY clk, vals ORDER BY clk",
        [word.encode() for word in words],
    )
    yield from (
        OpRow(clk, kind, record, what, -who - 1, vals) for clk, kind, record, what, who, vals in cursor.fetchall()
    )


class _Reading:
    """What is known of the records of some hits: whether they are here and shown, what stands in their fields."""

    def __init__(self, cursor: Cursor, hits: Iterable[_Hit]) -> None:
        self._cursor = cursor
        self._hits = list(hits)
        records = {hit.row.record for hit in self._hits}
        log = Log(cursor)
        self._here = log.kinds(records)
        self._heads: dict[int, Packed] = log.heads(records)
        self._shown = self._in_tables()
        self._people = {
            number: author.who
            for number, author in log.author_numbers({hit.row.author for hit in self._hits if not hit.aside}).items()
        }

    def mentions(self) -> list[Mention]:
        """One for each hit."""
        return list(map(self._mention, self._hits))

    def _in_tables(self) -> set[int]:
        known, found = discover.by_number(), set[int]()
        by_kind: dict[int, set[int]] = {}
        for record, number in self._here.items():
            by_kind.setdefault(number, set()).add(record)
        for number, records in by_kind.items():
            for part in chunks(sorted(records)) if number in known else ():
                name = known[number].kind.name
                self._cursor.execute(
                    f'SELECT id FROM "{name}" WHERE id IN (SELECT value FROM json_each(?))', (id_list(part),)
                )
                found.update(row[0] for row in self._cursor.fetchall())
        return found

    def _mention(self, hit: _Hit) -> Mention:
        row, known = hit.row, discover.by_number().get(hit.row.kind)
        heads = heads_of(self._heads.get(row.record, {}), row.record, hit.field) if row.record in self._shown else []
        return Mention(
            known.kind.name if known else "",
            row.record,
            hit.field,
            hit.text,
            self._stands(hit, heads),
            row.clk,
            -row.author - 1 if hit.aside else self._people.get(row.author, 0),
            len(heads),
            self._here.get(row.record) == row.kind,
        )

    def _stands(self, hit: _Hit, heads: Collection[int]) -> Stands:
        if hit.aside:
            return Stands.ASIDE
        if hit.row.what == What.VERDICT:
            return Stands.RULED
        if hit.row.clk in heads:
            return Stands.NOW
        known = hit.row.kind in discover.by_number() and hit.row.record in self._here
        return Stands.DELETED if known and hit.row.record not in self._shown else Stands.EARLIER


def _references(cursor: Cursor, to: tuple[str, int]) -> Iterator[Mention]:
    name, wanted = to
    for kind in searched_kinds().values():
        for spec in kind.specs.values():
            if spec.ref == name and spec.name not in (*kind.within, *kind.brings):
                cursor.execute(f'SELECT id FROM "{kind.name}" WHERE "{spec.name}" = ? ORDER BY id', (wanted,))
                for (record,) in cursor.fetchall():
                    yield Mention(kind.name, record, spec.number, "", Stands.NOW)
