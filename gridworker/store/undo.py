"""Undo: the earlier values written as new ops. Nothing is removed, and what others changed since is left alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridworker import discover
from gridworker.errors import NotFound
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.batch import Batch, Journal
from gridworker.store.changes import Act, Change
from gridworker.store.heads import Packed, heads_of
from gridworker.store.log import Cursor, Log
from gridworker.store.op import Edit, OpRow, What, unpack_edits, value_of
from gridworker.store.store import Store
from gridworker.store.transaction import Commit


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. ``kept`` counts records that somebody changed since; they stay as they are."""

    act: str
    commit: Commit
    kept: int


def undo_last(store: Store, who: int) -> Undone:
    """Take back the last act of this person on this device. Raises NotFound where there is none."""
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).last_act_of(who)
    if link is None:
        raise NotFound("There is nothing to undo.")
    return _undo(store, link, who)


def undo_batch(store: Store, no: int, who: int) -> Undone:
    """Take back a whole import or bundle by its number in the journal."""
    with store.cursor() as cursor:
        link = Journal(cursor, store.chain_key).link(no)
    if link is None:
        raise NotFound("There is nothing to undo.")
    return _undo(store, link, who)


def _undo(store: Store, link: Batch, who: int) -> Undone:
    with store.cursor() as cursor:
        plan = _Plan(cursor, link, who)
        changes = list(plan.changes())
    commit = store.write(changes, Act("undo", who, undoes=link.no, detail=link.act, always=True))
    return Undone(link.act, commit, plan.kept)


class _Plan:
    """The changes that lead back to before a batch."""

    def __init__(self, cursor: Cursor, link: Batch, who: int) -> None:
        self._log = Log(cursor)
        self._mine = {no for no, author in self._log.author_table().items() if author.who == who}
        self._ops = self._log.rows(link.op_clks)
        self._heads = self._log.heads({row.record for row in self._ops.values()})
        self.kept = 0

    def changes(self) -> Iterator[Change]:
        """Newest op first, so that several edits of one field in one act end at the oldest value."""
        removed = set()
        for row in sorted(self._ops.values(), reverse=True):
            kind = _undoable(row)
            if kind is None or row.record in removed:
                continue
            packed = self._heads[row.record]
            if row.what == What.CREATE:
                if self._is_untouched(row.record, packed):
                    removed.add(row.record)
                    yield Change(kind.name, row.record, alive=False)
                else:
                    self.kept += 1
            elif row.record not in self._created_here():
                yield from self._back(row, kind, packed)

    def _created_here(self) -> set[int]:
        return {row.record for row in self._ops.values() if row.what == What.CREATE}

    def _is_untouched(self, record: int, packed: Packed) -> bool:
        """Whether nobody else built on a record made here; one's own later edits go with it."""
        later = {clk for number in packed for clk in heads_of(packed, record, number)} - self._ops.keys() - {record}
        return all(row.author in self._mine for row in self._log.rows(later).values())

    def _back(self, row: OpRow, kind: Kind, packed: Packed) -> Iterator[Change]:
        values: dict[str, Value] = {}
        for edit in unpack_edits(row.record, row.vals):
            if not self._still_stands(row, edit, heads_of(packed, row.record, edit.field)):
                self.kept += 1
            elif edit.field == ALIVE:
                yield Change(kind.name, row.record, alive=not edit.value)
            elif edit.field in kind.numbered:
                values[kind.numbered[edit.field].name] = self._earlier(row, edit)
        if values:
            yield Change(kind.name, row.record, values)

    def _still_stands(self, row: OpRow, edit: Edit, heads: list[int]) -> bool:
        """Whether the value given then is the one value now, also where a later undo brought it back."""
        if heads == [row.clk]:
            return True
        later = self._log.rows(heads)
        return len(later) == 1 and all(
            value_of(head.what, row.record, head.vals, edit.field) == edit.value for head in later.values()
        )

    def _earlier(self, row: OpRow, edit: Edit) -> Value:
        """The value before; after a settled conflict, the one that had been shown."""
        before = self._log.rows(edit.over)
        newest = max(before, default=None)
        if newest is None:
            return None
        return value_of(before[newest].what, row.record, before[newest].vals, edit.field)


def _undoable(row: OpRow) -> Kind | None:
    record = discover.by_number().get(row.kind)
    return None if record is None or record.kind.office_only else record.kind
