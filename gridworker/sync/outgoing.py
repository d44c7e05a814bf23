"""What goes into the next bundle: everything the other side has not confirmed, so that a lost one heals by itself.

A laptop sends its own ops above what the office confirmed. The office sends what reached it since the laptop's last
receipt, whoever wrote it, as far as it is in the laptop's scope; a record entering the scope goes whole with its
history, one leaving it is named. What does not fit one bundle goes with the next: records that have not travelled yet
enter later.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.record import ALIVE
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE, device_of, laptop_of, newest_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow, What, unpack_edits
from gridworker.store.log.verdicts import Verdict
from gridworker.store.meta import Identity, Meta
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.scope.spans import NO_SHIFT, Shift, Spans
from gridworker.store.streams import Exchange, authors_of, clks_since, histories, last_number, own_ops
from gridworker.sync.forks import reissued, standing_under, written_anew
from gridworker.sync.format.header import Marks
from gridworker.sync.format.parts import NO_MARKS
from gridworker.sync.format.payload import MAX_ALL_VALS, MAX_AUTHORS, MAX_OPS, portions
from gridworker.sync.passage import Reach, living, passage_of

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.sync.format.traces import Reissued


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The content of a bundle to be written. ``since`` and ``upto`` as in the header."""

    rows: list[OpRow]
    authors: list[Author]
    since: int
    upto: int
    have: Marks
    backed_up: Marks = NO_MARKS
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    grids: tuple[int, ...] = ()
    """What the laptop holds from now on."""
    numbers: tuple[int, ...] = ()
    """Stream numbers of what enters and then of what leaves."""
    shift: Shift = NO_SHIFT
    """What of that is new, to be put on record once the bundle is written."""
    inside: Collection[int] = ()
    """All that belongs on the laptop."""
    complete: bool = True
    """Whether all that the laptop lacks had room."""
    reissued: "tuple[Reissued, ...]" = ()
    """What the laptop is told of ops that lost their clk to others."""
    too_large: tuple[int, ...] = ()
    """Records of which each alone is more than any bundle holds: they go with none."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing the other side does not have."""
        return not (self.rows or self.enter or self.leave)


def to_office(connection: "Connection", identity: "Identity", office: int, *, without_ops: bool = False) -> Outgoing:
    """A laptop's next bundle. ``office`` is the office's device number with its incarnation.

    ``without_ops``: there is no room for them beside what else goes with it; they go with the next.
    """
    cursor = raw_cursor(connection)
    exchange = Exchange(cursor)
    marks = exchange.marks()
    first = [] if without_ops else next(portions(own_ops(cursor, identity.laptop, marks)), [])
    rows, authors = authors_of(cursor, first)
    since = marks.get(identity.device, 0)
    upto = newest_of([row.clk for row in rows]).get(identity.device, since)
    older = tuple(sorted(clk for device, clk in marks.items() if clk and device != identity.device))
    have = Marks(clk=since, n=exchange.stream(office).received, older=older)
    return Outgoing(rows, authors, since, upto, have)


def to_laptop(connection: "Connection", laptop: int) -> Outgoing:
    """The office's next reply to a laptop."""
    cursor = raw_cursor(connection)
    exchange, spans = Exchange(cursor), Spans(cursor, laptop)
    stream, grids = exchange.stream(laptop), grids_of(connection, laptop)
    clks, upto = clks_since(cursor, stream.acked)
    scope = in_scope(connection, grids, laptop)
    passage = passage_of(cursor, spans, scope, Reach(laptop, stream.acked, upto, grids))
    has, told = _has(exchange, laptop), passage.told
    news: dict[int, list[OpRow]] = defaultdict(list)
    fresh = Log(cursor).rows(clk for clk in clks if not has(clk))
    anew = written_anew(exchange, laptop).intersection(fresh)
    owed = _owed(fresh, laptop) | anew
    leave = dict(passage.leave)
    # What it made and was accepted elsewhere goes from there like all that leaves, and what is written anew elsewhere.
    strange = {fresh[clk].record for clk in owed if clk in anew or laptop_of(fresh[clk].record) == laptop}
    leave.update(
        dict.fromkeys(living(cursor, strange.difference(told, passage.whole, leave, passage.later, scope)), upto)
    )
    # What was written anew has room before all else: the reply says that it was (forks.take_reissued).
    for row in sorted(fresh.values(), key=lambda row: row.clk not in anew) if anew else fresh.values():
        if (_travels(row) or row.clk in anew) and (
            row.record in told
            or row.clk in owed
            or ((row.record in passage.leave or row.record in passage.later) and _places(row))
            # To everybody: whoever held the record once may hold it in a file or a backup still.
            or (row.what == What.ERASE and row.record not in passage.whole)
        ):
            news[row.record].append(row)
    is_anew = Identity.load(Meta(cursor)).incarnation > 0
    lost = reissued(exchange, laptop, *((scope, leave.keys()) if is_anew else ()))
    for row in standing_under(cursor, lost):
        if row.record in told and row not in news[row.record]:
            news[row.record].append(row)
    kept = _fitting(news)
    late = news.keys() - kept
    enter, too_large = _entering(cursor, passage.whole.keys(), {record: news[record] for record in kept})
    rows = {row for record in kept for row in news[record]}.union(*enter.values())
    packed, authors = authors_of(cursor, sorted(rows))
    entering, leaving = tuple(sorted(enter)), tuple(sorted(leave))
    return Outgoing(
        packed, authors, stream.acked, upto, receipt(exchange, laptop), backed_up(exchange, laptop),
        entering, leaving, tuple(grids),
        (*map(passage.whole.__getitem__, entering), *map(leave.__getitem__, leaving)),
        passage.shift(enter.keys(), late=late), scope,
        complete=not (late or passage.later) and enter.keys() == passage.whole.keys(),
        reissued=lost, too_large=tuple(sorted({one for one in late if _is_beyond(*_weight(news[one]))} | too_large)),
    )  # fmt: skip


def kit_content(connection: "Connection", grids: Collection[int], laptop: int) -> Outgoing:
    """Everything a new laptop starts with: the records of its grids and what all need, whole.

    What does not fit one kit enters with the first replies.
    """
    cursor = raw_cursor(connection)
    entering, _ = _entering(cursor, in_scope(connection, grids, laptop), {})
    rows, authors = authors_of(cursor, sorted(row for found in entering.values() for row in found))
    return Outgoing(rows, authors, 0, last_number(cursor), Marks(), enter=tuple(sorted(entering)), grids=tuple(grids))


def receipt(exchange: Exchange, laptop: int) -> Marks:
    """How far the office has a laptop's own ops: one mark for each of its lives."""
    return _marks_of_lives(exchange.marks(), laptop)


def backed_up(exchange: Exchange, laptop: int) -> Marks:
    """How much of a laptop's own ops, and of the stream to it, is in a verified backup of the office too."""
    return _marks_of_lives(exchange.backed_up(), laptop, n=exchange.stream(laptop).backed_up)


def _marks_of_lives(marks: Mapping[int, int], laptop: int, n: int = 0) -> Marks:
    own = [clk for device, clk in marks.items() if device >> INCARNATION_BITS == laptop]
    newest = max(own, default=0)
    return Marks(clk=newest, n=n, older=tuple(sorted(clk for clk in own if clk and clk != newest)))


def _has(exchange: Exchange, laptop: int) -> Callable[[int], bool]:
    """Whether a laptop is sure to have an op: what it wrote in the one life that is known of it.

    One of several lives may have lost what another wrote, or never have had it: a copy may be at work beside it.
    """
    lives = [key.device for key in exchange.pinned(laptop)] or [laptop << INCARNATION_BITS]
    return lambda clk: lives == [device_of(clk)]


def _owed(fresh: Mapping[int, OpRow], laptop: int) -> set[int]:
    """Verdicts on what a laptop wrote, and what the office wrote in its place: it is told wherever the record is."""
    verdicts = {row.clk: Verdict.of(row) for row in fresh.values() if row.what == What.VERDICT}
    if not verdicts:
        return set()
    own = {clk: one.on for clk, one in verdicts.items() if one is not None and laptop_of(one.on) == laptop}
    judged = set(own.values())
    edits = (row for row in fresh.values() if row.what not in {What.CREATE, What.VERDICT})
    return own.keys() | {
        row.clk
        for row in edits
        if laptop_of(row.clk) == OFFICE
        and any(not judged.isdisjoint(edit.over) for edit in unpack_edits(row.record, row.vals))
    }


def _entering(
    cursor: Cursor, records: Collection[int], beside: Mapping[int, list[OpRow]]
) -> tuple[dict[int, list[OpRow]], set[int]]:
    """The whole history of records, as many as fit one bundle with what else is in it; and those that fit none."""
    news: dict[int, list[OpRow]] = {record: [] for record in sorted(records)}
    for row in histories(cursor, records):
        if _travels(row) and row.record in news:
            news[row.record].append(row)
    fitting = set(_fitting({**beside, **news}))
    entering = {record: rows for record, rows in news.items() if record in fitting}
    return entering, {record for record in news.keys() - entering.keys() if _is_beyond(*_weight(news[record]))}


def _fitting(news: Mapping[int, list[OpRow]]) -> list[int]:
    """The first records whose ops fit one bundle. One that alone is too much for any keeps none of the others back."""
    ops = size = 0
    authors, kept = set[int](), []
    for record, rows in news.items():
        many, large, by = weight = _weight(rows)
        if _is_beyond(*weight):
            continue
        ops += many
        size += large
        authors |= by
        if _is_beyond(ops, size, authors):
            break
        kept.append(record)
    return kept


def _weight(rows: Sequence[OpRow]) -> tuple[int, int, set[int]]:
    """How many ops, bytes of values, and by whom."""
    return len(rows), sum(len(row.vals) for row in rows), {row.author for row in rows}


def _is_beyond(ops: int, size: int, authors: Collection[int]) -> bool:
    return ops > MAX_OPS or size > MAX_ALL_VALS or len(authors) > MAX_AUTHORS


def _places(row: OpRow) -> bool:
    """Whether an op says where a record is: all that a laptop is told of one that leaves its scope."""
    record = discover.by_number().get(row.kind)
    if record is None or row.what == What.CREATE:
        return False
    placing = {ALIVE, *(record.kind.specs[name].number for name in record.kind.within)}
    return any(edit.field in placing for edit in unpack_edits(row.record, row.vals))


def _travels(row: OpRow) -> bool:
    """Audit rows go to the office and to nobody else."""
    record = discover.by_number().get(row.kind)
    return record is None or not record.kind.office_only
