"""What an erasure of a record concerns: what is about it alone, by what the kinds declare, and where it is mentioned.

About a record alone is what lies within it or brings it along (``Kind.within``, ``Kind.brings``): of a resident the
memberships, the care, the consents, also deleted ones. Where it is only referred to, and where its name or number
stands in somebody's text, is for a person to look at.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgpack

from gridworker import discover
from gridworker.record import ALIVE, Kind, Privacy, Type
from gridworker.store.database import raw_cursor
from gridworker.store.log import Cursor, Log, chunks, id_list
from gridworker.store.op import OpRow, What, unpack_create, unpack_edits

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TEXTS = frozenset({Type.TEXT, Type.NOTE, Type.PHONES, Type.ID_NUMBER})
_NAMES = frozenset({Type.TEXT, Type.PHONES, Type.ID_NUMBER})
SHORTEST, SHORTEST_NUMBER = 2, 7
"""Characters of what is looked for in texts; of digits alone more, or every sum of money would be found."""

AROUND = 12
"""Characters shown on either side of a mention."""


class Concerned(NamedTuple):
    """A record by kind and id."""

    kind: str
    record: int


class Mention(NamedTuple):
    """A field of another record that names the erased, with the text around it; of a reference there is none."""

    kind: str
    record: int
    field: str
    excerpt: str


def about(connection: "Connection", kind: str, record: int) -> list[Concerned]:
    """The record itself and all that is about it alone."""
    return all_about(connection, kind, [record])


def all_about(connection: "Connection", kind: str, records: Collection[int]) -> list[Concerned]:
    """The same for many of a kind at once: the log is gone through once for each kind that may be about them."""
    cursor = raw_cursor(connection)
    found = dict.fromkeys(Concerned(kind, record) for record in records)
    latest = list(found)
    while latest:
        below = [
            one
            for name, numbers_of in _by_kind(latest).items()
            for other, numbers in _dependents(name)
            for one in _referring(cursor, other, numbers, numbers_of)
        ]
        latest = [one for one in dict.fromkeys(below) if one not in found]
        found.update(dict.fromkeys(latest))
    return list(found)


def _by_kind(concerned: Collection[Concerned]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in concerned:
        found.setdefault(one.kind, set()).add(one.record)
    return found


def is_personal(kind: str) -> bool:
    """Whether records of a kind hold anything about people."""
    return any(spec.privacy >= Privacy.PERSONAL for spec in discover.kinds()[kind].kind.specs.values())


def names_of(connection: "Connection", concerned: Collection[Concerned]) -> set[str]:
    """The names and numbers a record went by, now and before: what is looked for in other texts."""
    cursor = raw_cursor(connection)
    log = Log(cursor)
    found: set[str] = set()
    for one in concerned:
        numbered = discover.kinds()[one.kind].kind.numbered
        wanted = {at for at, spec in numbered.items() if spec.type in _NAMES and spec.search}
        cursor.execute("SELECT clk FROM op WHERE record = ?", (one.record,))
        for row in log.rows([row[0] for row in cursor.fetchall()]).values():
            texts = [text for at, text in _values(row) if at in wanted and isinstance(text, str)]
            found.update(word for text in texts for word in (text, *text.split()) if _is_telling(word))
    return found


def mentions(connection: "Connection", words: Collection[str], concerned: Collection[Concerned]) -> list[Mention]:
    """Where the words stand in the texts of other records, and which of them refer to the first of ``concerned``."""
    cursor = raw_cursor(connection)
    gone = {one.record for one in concerned}
    found = [*_written(cursor, sorted(words, key=len, reverse=True)), *_references(cursor, next(iter(concerned)))]
    return [one for one in found if one.record not in gone]


def _dependents(name: str) -> Iterator[tuple[Kind, list[int]]]:
    """Kinds whose records are about a record of a kind alone, and the fields that say so."""
    for kind in _kinds().values():
        fields = [kind.specs[at] for at in (*kind.within, *kind.brings) if kind.specs[at].ref == name]
        if fields:
            yield kind, [spec.number for spec in fields]


def _referring(cursor: Cursor, kind: Kind, numbers: Collection[int], records: Collection[int]) -> Iterator[Concerned]:
    """Records that name one of some in these fields; deleted ones by what the log has of them."""
    columns = [kind.numbered[number].name for number in numbers]
    where = " OR ".join(f'"{column}" IN (SELECT value FROM json_each(?1))' for column in columns)
    cursor.execute(f'SELECT id FROM "{kind.name}" WHERE {where}', (id_list(records),))
    shown = {row[0] for row in cursor.fetchall()}
    cursor.execute("SELECT clk, kind, record, what, author, vals FROM op WHERE kind = ?", (kind.number,))
    named = {
        row.record
        for row in map(OpRow._make, cursor.fetchall())
        if any(at in numbers and value in records for at, value in _values(row))
    }
    hidden = named - shown
    for part in chunks(sorted(hidden)):
        cursor.execute(f'SELECT id FROM "{kind.name}" WHERE id IN (SELECT value FROM json_each(?))', (id_list(part),))
        hidden -= {row[0] for row in cursor.fetchall()}  # these are about another one by now
    yield from (Concerned(kind.name, one) for one in sorted(shown | hidden))


def _values(row: OpRow) -> list[tuple[int, object]]:
    try:
        if row.what == What.CREATE:
            return list(unpack_create(row.vals).items())
        return [(edit.field, edit.value) for edit in unpack_edits(row.record, row.vals) if edit.field > ALIVE]
    except (ValueError, TypeError, msgpack.UnpackException):
        return []


def _is_telling(word: str) -> bool:
    return len(word) >= (SHORTEST_NUMBER if word.isascii() else SHORTEST)


def _written(cursor: Cursor, words: list[str]) -> Iterator[Mention]:
    for kind in _kinds().values():
        for spec in kind.specs.values():
            for word in words if spec.type in _TEXTS else ():
                cursor.execute(
                    f'SELECT id, "{spec.name}" FROM "{kind.name}" WHERE instr("{spec.name}", ?) ORDER BY id', (word,)
                )
                for record, text in cursor.fetchall():
                    yield Mention(kind.name, record, spec.name, _excerpt(text, word))


def _references(cursor: Cursor, to: Concerned) -> Iterator[Mention]:
    for kind in _kinds().values():
        for spec in kind.specs.values():
            if spec.ref == to.kind and spec.name not in (*kind.within, *kind.brings):
                cursor.execute(f'SELECT id FROM "{kind.name}" WHERE "{spec.name}" = ? ORDER BY id', (to.record,))
                for (record,) in cursor.fetchall():
                    yield Mention(kind.name, record, spec.name, "")


def _kinds() -> Mapping[str, Kind]:
    return {name: record.kind for name, record in discover.kinds().items() if not record.kind.office_only}


def _excerpt(text: str, word: str) -> str:
    at = text.index(word)
    low, high = max(at - AROUND, 0), at + len(word) + AROUND
    return f"{'…' if low else ''}{text[low:high]}{'…' if high < len(text) else ''}"
