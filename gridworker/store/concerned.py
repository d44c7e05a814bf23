"""What an erasure of a record concerns: what is about it alone, by what the kinds declare, and what it went by.

About a record alone is what lies within it or brings it along (``Kind.within``, ``Kind.brings``): of a resident the
memberships, the care, the consents, also deleted ones. Where it is only referred to, and where its name or number
stands in somebody's text (mentions.py), is for a person to look at.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.record import Kind, Privacy, Type
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import gone_into
from gridworker.store.log.log import Cursor, Log, chunks, id_list
from gridworker.store.log.sheaves import SELECT, fetch_ops
from gridworker.store.mentions import searched_kinds, values_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NAMES = frozenset({Type.TEXT, Type.PHONES, Type.ID_NUMBER})
SHORTEST, SHORTEST_NUMBER = 2, 7
"""Characters of what is looked for in texts; of digits alone more, or every sum of money would be found."""


class Concerned(NamedTuple):
    """A record by kind and id."""

    kind: str
    record: int


def about(connection: "Connection", kind: str, record: int) -> list[Concerned]:
    """The record itself and all that is about it alone."""
    return all_about(connection, kind, [record])


def all_about(connection: "Connection", kind: str, records: Collection[int]) -> list[Concerned]:
    """The same for many of a kind at once: the log is gone through once for each kind that may be about them.

    With what went into one of them when a clerk made one of two: its values are still in the log.
    """
    cursor = raw_cursor(connection)
    whole = [*records, *gone_into(cursor, kind, records)]
    found = dict.fromkeys(Concerned(kind, record) for record in whole)
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
    joined = [Concerned(one.kind, gone) for one in concerned for gone in gone_into(cursor, one.kind, [one.record])]
    for one in (*concerned, *joined):
        numbered = discover.kinds()[one.kind].kind.numbered
        wanted = {at for at, spec in numbered.items() if spec.type in _NAMES and spec.search}
        cursor.execute("SELECT clk FROM op WHERE record = ?", (one.record,))
        for row in log.rows([row[0] for row in cursor.fetchall()]).values():
            texts = [text for at, text in values_of(row) if at in wanted and isinstance(text, str)]
            found.update(word for text in texts for word in (text, *text.split()) if _is_telling(word))
    return found


def _dependents(name: str) -> Iterator[tuple[Kind, list[int]]]:
    """Kinds whose records are about a record of a kind alone, and the fields that say so."""
    for kind in searched_kinds().values():
        fields = [kind.specs[at] for at in (*kind.within, *kind.brings) if kind.specs[at].ref == name]
        if fields:
            yield kind, [spec.number for spec in fields]


def _referring(cursor: Cursor, kind: Kind, numbers: Collection[int], records: Collection[int]) -> Iterator[Concerned]:
    """Records that name one of some in these fields; deleted ones by what the log has of them."""
    columns = [kind.numbered[number].name for number in numbers]
    where = " OR ".join(f'"{column}" IN (SELECT value FROM json_each(?1))' for column in columns)
    cursor.execute(f'SELECT id FROM "{kind.name}" WHERE {where}', (id_list(records),))
    shown = {row[0] for row in cursor.fetchall()}
    cursor.execute(f"{SELECT} WHERE kind = ?", (kind.number,))
    named = {
        row.record
        for row in fetch_ops(cursor)
        if any(at in numbers and value in records for at, value in values_of(row))
    }
    hidden = named - shown
    for part in chunks(sorted(hidden)):
        cursor.execute(f'SELECT id FROM "{kind.name}" WHERE id IN (SELECT value FROM json_each(?))', (id_list(part),))
        hidden -= {row[0] for row in cursor.fetchall()}  # these are about another one by now
    yield from (Concerned(kind.name, one) for one in sorted(shown | hidden))


def _is_telling(word: str) -> bool:
    return len(word) >= (SHORTEST_NUMBER if word.isascii() else SHORTEST)
