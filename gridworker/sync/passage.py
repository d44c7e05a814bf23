"""What passes in and out of a laptop's scope with the next reply: what it has to be told once more, and what is new.

Every entry and exit has a number in the stream, that of the first reply that told of it. A reply tells all that the
laptop has not confirmed yet, in its last state: a record that came and went meanwhile only goes.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gridworker import discover
from gridworker.store.erasure.erasure import erasures
from gridworker.store.log.log import Cursor, id_list
from gridworker.store.log.op import What
from gridworker.store.recall import Recall
from gridworker.store.scope.past import created, ever_in_scope
from gridworker.store.scope.spans import Shift, Spans
from gridworker.store.streams import histories, kinds_of
from gridworker.sync.format.sections import MAX_RECORDS

MOST_LEAVING = MAX_RECORDS // 2
"""Records that a reply says leave. Others leave with the next ones; a reply that named more could not be read."""


class Reach(NamedTuple):
    """What a reply covers: from what a laptop has confirmed to a stream number, and the laptop's grids now."""

    laptop: int
    since: int
    upto: int
    grids: Collection[int]


@dataclass(frozen=True, slots=True)
class Passage:
    """``whole`` and ``leave`` are by record, with the number of the entry."""

    whole: Mapping[int, int]
    """Travels with its whole history."""
    leave: Mapping[int, int]
    told: Collection[int]
    """Held for long: of these the news are told."""
    later: Collection[int]
    """Leaves too, with a later reply: this one has no room to say it."""
    _held: Mapping[int, int] = field(repr=False)
    _closed: Collection[int] = field(repr=False)
    _unknown: Collection[int] = field(repr=False)
    _grids: tuple[int, ...] | None

    def shift(self, enter: Collection[int], late: Collection[int]) -> Shift:
        """What is new in it where only ``enter`` of what is whole had room, and the news of ``late`` had none."""
        opened = [record for record in enter if record not in self._held]
        waits = [record for record in self.whole if record in self._held and record not in enter]
        deferred = [*waits, *(record for record in late if record in self._held and record not in self._closed)]
        return Shift(opened, self._closed, self._unknown, deferred, self._grids)


def passage_of(cursor: Cursor, spans: Spans, scope: Collection[int], reach: Reach) -> Passage:
    """Compare what a laptop was told to hold with what belongs on it now.

    What is deleted has no place any more, but the laptop must hear of it: it stays held. Where an office was restored,
    laptops may hold what it does not remember having sent; what of that comes back, and when, no reply can know. Its
    first reply tells all that the laptop holds, what it made itself too: a former life may have said that this left.
    Of whom it erased nothing tells any more where they were, so every laptop hears that they are gone.
    """
    held, given = spans.held(), spans.grids()
    may_forget = not reach.since or bool(Recall(cursor).lost())
    forgotten = _forgotten(cursor, spans, given, reach).difference(scope, held) if may_forget else set[int]()
    forgotten = created(cursor, forgotten)
    alive = living(cursor, (held.keys() - scope) | forgotten)
    closed, unknown = held.keys() & alive, forgotten & alive
    told_before = {record for record, entered in held.items() if entered <= reach.since} if reach.since else set[int]()
    whole = {record: held[record] or reach.upto for record in held.keys() - told_before - closed}
    told = held.keys() - whole.keys() - closed
    whole.update((record, reach.upto) for record in (scope - held.keys()) | (forgotten - alive))
    left = spans.left_since(reach.since)
    leave = {record: number for record, number in left.items() if record not in held and record not in whole}
    # Unknown ones first: the next reply would not look for them any more.
    going = [*sorted(unknown), *sorted(closed)][: max(MOST_LEAVING - len(leave), 0)]
    later = (closed | unknown).difference(going)
    leave.update(dict.fromkeys(going, reach.upto))
    grids, closed, unknown = tuple(reach.grids), closed - later, unknown - later
    changed = grids if not given or given[-1][1] != grids else None
    return Passage(whole, leave, told, later, held, closed, unknown, changed)


def _forgotten(cursor: Cursor, spans: Spans, given: Collection[tuple[int, tuple[int, ...]]], reach: Reach) -> set[int]:
    grids = set(reach.grids).union(*(listed for _, listed in given))
    known = spans.known()
    return ever_in_scope(cursor, grids, reach.laptop).difference(known) | erased_and_gone(cursor, known)


def erased_and_gone(cursor: Cursor, known: Collection[int] = ()) -> set[int]:
    """Records that were erased and deleted: where they were went out of the log with all that was said of them.

    Reads what the log has of those that were erased and are not ``known``, and nothing else of it.
    """
    erased = {one.record for one in erasures(cursor)}.difference(known)
    return {row.record for row in histories(cursor, erased) if row.what == What.DELETE}


def living(cursor: Cursor, records: Collection[int]) -> set[int]:
    """Those of some records that are in the tables: out of scope, for a deleted one only leaves the tables."""
    known = discover.by_number()
    found: set[int] = set()
    by_kind: dict[int, list[int]] = defaultdict(list)
    for record, kind in kinds_of(cursor, records).items():
        by_kind[kind].append(record)
    for number, listed in by_kind.items():
        if number in known:
            table = known[number].kind.name
            cursor.execute(f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (id_list(listed),))
            found.update(row[0] for row in cursor.fetchall())
    return found
