"""Undo: the earlier values written as new ops. Nothing is removed, and what others changed since is left alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from gridworker import discover
from gridworker.errors import NotFound
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.batch import Batch, Journal
from gridworker.store.changes import NOTE, Act, Change
from gridworker.store.compaction import COMPACTED
from gridworker.store.heads import heads_by_definition, heads_of
from gridworker.store.history import reachable
from gridworker.store.log import Cursor, Log
from gridworker.store.meta import Meta
from gridworker.store.op import OpRow, Over, What, unpack_all, unpack_edits, value_of
from gridworker.store.reading import read
from gridworker.store.store import Store
from gridworker.store.transaction import Commit
from gridworker.store.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. ``kept`` counts values and records that somebody changed since; they stay as they are."""

    act: str
    commit: Commit
    kept: int


def undo_last(store: Store, who: int) -> Undone:
    """Take back the last act of this person on this device. Raises NotFound where there is none."""
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).last_act_of(who)
    return _undo(store, link, who)


def undo_batch(store: Store, no: int, who: int) -> Undone:
    """Take back a whole import or bundle by its number in the journal. Raises NotFound where there is none."""
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).link(no)
    return _undo(store, link, who)


def _undo(store: Store, link: Batch | None, who: int) -> Undone:
    if link is None or link.act.startswith(NOTE) or link.no <= _compacted(store):
        raise NotFound("There is nothing to undo.")
    kept = 0

    def plan(cursor: Cursor) -> Sequence[Change]:
        nonlocal kept
        changes, kept = _WayBack(cursor, link, who).changes()
        kept = kept or int(not changes)  # what is gone or as it was before was changed by somebody since
        return changes

    act = Act("undo", who, undoes=link.no, detail=link.act, resolve=True, always=True)
    commit = store.write(plan, act)
    return Undone(link.act, commit, kept)


def _compacted(store: Store) -> int:
    """What came up to this link may have lost the values before it: there is no way back to them on this laptop."""
    with store.cursor() as cursor:
        return Meta(cursor).number(COMPACTED)


class _WayBack:
    """The changes that lead back to before a batch."""

    def __init__(self, cursor: Cursor, link: Batch, who: int) -> None:
        log = Log(cursor)
        self._mine = {no for no, author in log.author_table().items() if author.who == who}
        judged = Verdicts(cursor).judged(link.op_clks)
        merged = log.rows(clk for clk in link.op_clks if clk not in judged)
        self._batch = {clk: row for clk, row in merged.items() if row.what not in (What.VERDICT, What.ERASE)}
        records = {row.record for row in self._batch.values()}
        self._kinds = log.kinds(records)
        self._heads = log.heads(records)
        self._erased = log.erasures(records)
        # What was erased without its author knowing is named by nobody, so no way leads to it.
        self._ops = self._batch | reachable(log, self._heads)
        self._overs = self._overs_by_field()
        self._kept = 0

    def changes(self) -> tuple[list[Change], int]:
        """What to write, and how much has to stay as it is."""
        by_record: dict[int, list[OpRow]] = defaultdict(list)
        for row in self._ops.values():
            by_record[row.record].append(row)
        changes = []
        for record, rows in by_record.items():
            kind = _undoable(self._kinds.get(record))
            if kind is not None:
                changes += [self._unmade(kind, rows) if record in self._batch else self._back(kind, record)]
        return [change for change in changes if change is not None], self._kept

    def _unmade(self, kind: Kind, rows: Sequence[OpRow]) -> Change | None:
        """A record made by the batch goes, and one's own later edits with it; if others edited it, it stays."""
        if all(row.clk in self._batch or row.author in self._mine for row in rows):
            return Change(kind.name, rows[0].record, alive=False)
        self._kept += 1
        return None

    def _back(self, kind: Kind, record: int) -> Change | None:
        """Values of an existing record as they were before the batch."""
        packed = self._heads[record]
        fields: dict[int, Value] = {}
        for number in packed:
            before = self._before(record, number, heads_of(packed, record, number))
            if before is not None:
                fields[number] = self._value(record, before, number)
        alive = fields.pop(ALIVE, None)
        if alive == 0 and self._was_visible(kind, record):
            # A deletion that was overruled had not seen an edit; writing it again would hide that edit for good.
            self._kept += 1
            alive = None
        if alive and record in self._erased:  # nothing is left to bring back
            self._kept += 1
            alive = None
        if ALIVE in packed and alive is None and not read(record, packed, self._ops, kind).alive:
            self._kept += len(fields)
            return None
        self._kept += len(fields.keys() - kind.numbered.keys())
        values = {spec.name: fields[number] for number, spec in kind.numbered.items() if number in fields}
        return Change(kind.name, record, values, alive=None if alive is None else bool(alive))

    def _was_visible(self, kind: Kind, record: int) -> bool:
        """Whether a record showed before the batch, be it as a deletion that met an edit."""
        rows = [row for row in self._ops.values() if row.record == record and row.clk not in self._batch]
        edits = [row for row in rows if row.what != What.CREATE]
        flats = unpack_all([row.vals for row in edits])
        packed = heads_by_definition(
            record, len(edits) < len(rows), [(row.clk, flat) for row, flat in zip(edits, flats, strict=True)]
        )
        return read(record, packed, self._ops, kind).alive

    def _before(self, record: int, number: int, heads: Sequence[int]) -> int | None:
        """The op whose value stood before the batch; None where the batch did not set the field or others did since."""
        overs = self._overs.get((record, number), {})
        others = [clk for clk in heads if clk not in overs]
        if overs and len(others) == len(heads):
            # Superseded; but it stands again where a later undo brought the very value back.
            left = overs.keys() - {clk for over in overs.values() for clk in over}
            if len({self._value(record, clk, number) for clk in (*left, *heads)}) > 1:
                self._kept += 1
                return None
        elif others:
            return max(others) if overs else None
        earlier = {clk for over in overs.values() for clk in over if clk not in overs}
        return max(earlier & self._ops.keys(), default=None)

    def _overs_by_field(self) -> dict[tuple[int, int], dict[int, Over]]:
        """By (record, field) and clk: what the batch's edits replaced."""
        found: dict[tuple[int, int], dict[int, Over]] = defaultdict(dict)
        for row in self._batch.values():
            for edit in unpack_edits(row.record, row.vals) if row.what != What.CREATE else ():
                found[row.record, edit.field][row.clk] = edit.over
        return found

    def _value(self, record: int, clk: int, number: int) -> Value:
        row = self._ops[clk]
        return value_of(row.what, record, row.vals, number)


def _undoable(number: int | None) -> Kind | None:
    record = discover.by_number().get(number or 0)
    return None if record is None or record.kind.office_only else record.kind
