"""The history of a record: every op on it, found by following ``over`` from its heads.

Every op is a head or named in the ``over`` of a later one, so the walk reaches all of them by primary key; the log
needs no index by record, which would slow every merge.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.log.blanking import Erased, is_blind
from gridworker.store.log.clock import device_of, moment_of
from gridworker.store.log.corrected import Corrections
from gridworker.store.log.heads import Packed, heads_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import (
    Author,
    Edit,
    OpRow,
    What,
    into_in,
    is_known,
    seen_in,
    unpack_all,
    unpack_create,
    unpack_edits,
    value_of,
)
from gridworker.store.log.verdicts import Ruling, Verdict, Verdicts, standing
from gridworker.store.tables.reading import all_heads


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in one op: what it was, as its author saw it, and what it became."""

    field: str
    before: tuple[Value, ...]
    after: Value
    current: bool
    """Whether it is a head: the value shown, or one side of a conflict."""
    over: tuple[int, ...] = ()
    """The ops it took the place of."""
    erased: bool = False
    """What it became was erased: nothing stands in ``after`` for that, or it is the erasure itself."""
    lost: bool = False
    """Some of what it was, or all, was erased: nothing stands for that in ``before``."""


@dataclass(frozen=True, slots=True)
class Event:
    """One op on a record."""

    clk: int
    at: datetime
    what: What
    who: int
    device: int
    changes: tuple[FieldChange, ...]
    ruling: Ruling | None = None
    """What the office ruled about it, if it had to; of a verdict, what it rules."""
    note: str = ""
    """What the office wrote beside a verdict."""
    into: int = 0
    """Of a deletion: the record that it is one with from then on."""

    @property
    def refused(self) -> bool:
        """Whether the office did not accept it: it is in no field and in no conflict."""
        return self.what != What.VERDICT and self.ruling is Ruling.REFUSED

    @property
    def waits(self) -> bool:
        """Whether it was taken in and set aside since: it is nowhere until the office has ruled on it."""
        return self.what != What.VERDICT and self.ruling is Ruling.WAITING


def history(cursor: Cursor, record: int, kind: str = "") -> list[Event]:
    """All that happened to a record, newest first. Empty where it is not here, or is of another kind than said.

    A record whose creation the office refused has one too: it says who made it, and who refused it.
    """
    if kind and not _was_made_as(Log(cursor), record, discover.kinds()[kind].kind.number):
        return []
    return histories(cursor, [record]).get(record, [])


def _was_made_as(log: Log, record: int, kind: int) -> bool:
    """Whether its creation is here and says so, whatever the office ruled about that: ``Log.kinds`` asks for more."""
    made = log.rows([record]).get(record)
    return made is not None and made.what == What.CREATE and made.kind == kind


def histories(cursor: Cursor, records: Iterable[int]) -> dict[int, list[Event]]:
    """The history of several records in one walk, by record; those not here are left out."""
    log, wanted = Log(cursor), list(records)
    heads = log.heads(wanted)
    ops = reachable(log, heads, Verdicts(cursor).about(wanted))
    authors = log.author_table()
    clocks, erased = Corrections.of(cursor), log.erasures(wanted)
    rulings = standing(filter(None, (Verdict.of(row) for row in ops.values() if row.what == What.VERDICT)))
    by_record: dict[int, dict[int, OpRow]] = {}
    for clk, row in ops.items():
        by_record.setdefault(row.record, {})[clk] = row
    return {
        record: [
            _event(row, own, _Around(heads.get(record, {}), rulings, authors, erased.get(record, {})))
            for row in _newest_first(own, clocks)
            if is_known(row.what)  # what a newer version did is told by one
        ]
        for record, own in ((record, _of_its_kind(record, ops)) for record, ops in by_record.items())
    }


def _of_its_kind(record: int, ops: dict[int, OpRow]) -> dict[int, OpRow]:
    """The ops on a record but those refused that were about another, of another kind, to which a copy gave its number.

    Where the creation is not here all of them.
    """
    made = ops.get(record)
    return ops if made is None else {clk: row for clk, row in ops.items() if row.kind == made.kind}


class _Around(NamedTuple):
    """What an op is told with: the heads of its record, the verdicts that count, who is who, what was erased of it."""

    packed: Packed
    rulings: Mapping[int, Verdict]
    authors: Mapping[int, Author]
    erased: Erased


def _event(row: OpRow, ops: dict[int, OpRow], around: _Around) -> Event:
    told = Verdict.of(row) if row.what == What.VERDICT else around.rulings.get(row.clk)
    return Event(
        row.clk,
        moment_of(row.clk),
        What(row.what),
        around.authors[row.author].who,
        device_of(row.clk),
        () if row.what == What.VERDICT else _changes(row, ops, around),
        told.ruling if told else None,
        told.note if told and row.what == What.VERDICT else "",
        into_in(*unpack_all([row.vals])) if row.what == What.DELETE else 0,
    )


def _newest_first(ops: Mapping[int, OpRow], clocks: Corrections) -> list[OpRow]:
    """By the time, corrected where the office did, but never an op before one that replaced it."""
    replaced = {clk: _replaced(row) & ops.keys() for clk, row in ops.items()}
    later = Counter(clk for clks in replaced.values() for clk in clks)
    ready = [(-clocks.ms(clk), -clk) for clk in ops if not later[clk]]
    heapify(ready)
    ordered = []
    while ready:
        clk = -heappop(ready)[1]
        ordered.append(ops[clk])
        for before in replaced[clk]:
            later[before] -= 1
            if not later[before]:
                heappush(ready, (-clocks.ms(before), -before))
    return ordered + [ops[clk] for clk in sorted(later.keys(), reverse=True) if later[clk]]


def _replaced(row: OpRow) -> set[int]:
    """What an op replaced; a creation nothing, everything else the creation too."""
    if row.what == What.CREATE:
        return set()
    overs = (edit.over for edit in unpack_edits(row.record, row.vals))
    return {row.record}.union(*overs) - {row.clk}


def _seen(row: OpRow) -> Sequence[int]:
    return seen_in(unpack_all([row.vals])[0]) if row.what == What.DELETE else ()


def reachable(log: Log, heads: Mapping[int, Packed], verdicts: Collection[int] = ()) -> dict[int, OpRow]:
    """Every op on the records whose packed heads are given, as far as it is here.

    ``verdicts``: those on their ops. What was judged is nobody's head, and is reached from there. What was erased
    without its author knowing is replaced by nobody, and is reached by a deletion that saw it, which waits for it.
    """
    ops: dict[int, OpRow] = {}
    wanted: set[int] = set().union(verdicts, *(all_heads(record, packed) for record, packed in heads.items()))
    owners = heads.keys() | {row.record for row in log.rows(verdicts).values()} if verdicts else heads.keys()
    asked: set[int] = set()
    while wanted:
        found = {clk: row for clk, row in log.rows(wanted).items() if row.record in owners}
        ops.update(found)
        asked |= wanted
        wanted = set().union(*map(_replaced, found.values()), *map(_seen, found.values())) - asked
    return ops


def _changes(row: OpRow, ops: dict[int, OpRow], around: _Around) -> tuple[FieldChange, ...]:
    if row.what == What.CREATE:
        return tuple(
            FieldChange(
                field_name(row.kind, field), (), value, current=row.clk in heads_of(around.packed, row.record, field)
            )
            for field, value in unpack_create(row.vals).items()
        )
    return tuple(_change(row, edit, ops, around) for edit in unpack_edits(row.record, row.vals))


def _change(row: OpRow, edit: Edit, ops: dict[int, OpRow], around: _Around) -> FieldChange:
    replaced = [ops[clk] for clk in edit.over if clk in ops]
    before = tuple(value_of(old.what, row.record, old.vals, edit.field) for old in replaced)
    erasures = around.erased.get(edit.field, ())
    return FieldChange(
        field_name(row.kind, edit.field),
        before,
        edit.value,
        current=row.clk in heads_of(around.packed, row.record, edit.field),
        over=edit.over,
        erased=edit.value is None and _is_erased(row, edit.field, erasures),
        lost=any(
            value is None and _is_erased(old, edit.field, erasures) for old, value in zip(replaced, before, strict=True)
        ),
    )


def _is_erased(row: OpRow, field: int, erasures: Collection[int]) -> bool:
    """Whether an op lost its value of a field to an erasure, or is one: a creation had seen none."""
    if row.what == What.ERASE or row.what == What.CREATE:
        return bool(erasures)
    overs = (edit.over for edit in unpack_edits(row.record, row.vals) if edit.field == field)
    return any(is_blind(erasures, over) for over in overs)


def field_name(kind: int, field: int) -> str:
    """The field's name; a number where a newer version wrote it."""
    if field == ALIVE:
        return "alive"
    record = discover.by_number().get(kind)
    spec = record.kind.numbered.get(field) if record else None
    return spec.name if spec else str(field)
