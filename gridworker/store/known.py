"""What the office knows of the records that a laptop's bundle names, read in one go: a merge rests on nothing else."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, TypeAlias

from gridworker.store.log.log import CHUNK, Cursor, Standing, chunks, id_list, unpack_heads
from gridworker.store.scope.spans import Spans
from gridworker.store.streams import kinds_of
from gridworker.store.tables.layout import Table


class Known(NamedTuple):
    """What is known of some records: their kinds, which of them a laptop was ever told of, which left it."""

    kinds: dict[int, int]
    told: set[int]
    left: set[int]
    """They may have come back since."""
    standing: Standing
    """Of those that are in the table they should be in, as ``Log.standing`` gives it; of none where they are many."""
    edited: set[int]
    """Those that are not in that table and have edits: they are deleted, of another kind, or yet to be created."""


_Row: TypeAlias = tuple[int, int | None, int | None, int | None, int | None, bytes | None]
"""A record of which there is something to say: it is not in the table, never told, left, or was edited. That is the
record, and what is known of it: where it is here its id, where it was told its id, when it left, its kind and heads."""

_SELECT = (
    "SELECT j.value, t.id, s.record, s.until, h.kind, h.k FROM json_each(?2) j "
    'LEFT JOIN "{table}" t ON t.id = j.value LEFT JOIN span s ON s.peer = ?1 AND s.record = j.value '
    "LEFT JOIN head h ON h.record = j.value "
    "WHERE t.id IS NULL OR s.record IS NULL OR s.until IS NOT NULL OR h.k IS NOT NULL"
)


def known_among(cursor: Cursor, laptop: int, claimed: Mapping[int, int]) -> Known:
    """What is known of records, given with the kind they are said to be of.

    All is looked for in one go in the table of that kind, which a merge reads anyway; elsewhere only where a record is
    not there.
    """
    known = Known({}, set(), set(), Standing({}, {}), set())
    named = {number: table.kind.name for number in set(claimed.values()) if (table := Table.of(number))}
    few = len(claimed) <= CHUNK
    of_kind: dict[int, list[int]] = {number: [] for number in named}
    for record, number in claimed.items():
        if number in of_kind:
            of_kind[number].append(record)
    for number, name in named.items():
        for part in chunks(sorted(of_kind.pop(number))):
            cursor.execute(_SELECT.format(table=name), (laptop, id_list(part)))
            rows: list[_Row] = cursor.fetchall()
            here = _add(known, number, part, rows)
            if few:
                _stand(known.standing, number, here, rows)
    if elsewhere := claimed.keys() - known.kinds:
        known.kinds.update(kinds_of(cursor, elsewhere))
        nowhere = [record for record in elsewhere if claimed[record] not in named]
        told = Spans(cursor, laptop).known_among(nowhere)
        known.told.update(told)
        known.left.update(told)
        known.edited.update(_edited_among(cursor, nowhere))  # of a kind that has no table here, whatever made it is of
    return known


def _edited_among(cursor: Cursor, records: Collection[int]) -> set[int]:
    found: set[int] = set()
    for part in chunks(records):
        cursor.execute("SELECT record FROM head WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),))
        found.update(row[0] for row in cursor.fetchall())
    return found


def _add(known: Known, number: int, records: Collection[int], rows: Collection[_Row]) -> Collection[int]:
    """Add records that are said to be of a kind. Returns those in its table, ascending like ``records``.

    ``rows`` are few, so that nothing is fetched of all the rest; or they were made up by somebody and are not here.
    """
    absent = {record for record, here, _, _, _, _ in rows if here is None}
    here = [record for record in records if record not in absent] if absent else records
    known.kinds.update(dict.fromkeys(here, number))
    known.edited.update([record for record, is_here, _, _, _, heads in rows if is_here is None and heads is not None])
    untold = [record for record, _, told, _, _, _ in rows if told is None]
    if len(untold) < len(records):
        known.told.update(records)
        known.told.difference_update(untold)
    known.left.update([
        record for record, here, told, left, _, _ in rows if told is not None and (here is None or left is not None)
    ])  # fmt: skip
    return here


def _stand(standing: Standing, number: int, here: Collection[int], rows: Collection[_Row]) -> None:
    standing.kinds.update(dict.fromkeys(here, number))
    standing.heads.update((record, {}) for record in here)
    for record, is_here, _, _, kind, heads in rows:
        if is_here is not None and heads is not None:
            standing.kinds[record] = kind or 0
            standing.heads[record] = unpack_heads(heads)
