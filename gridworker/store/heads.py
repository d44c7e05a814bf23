"""The merge rule (sync.md 3), on plain values: no SQL, no kinds.

State is a grow-only set of ops. A field's *heads* are the ops that no other op names in its ``over``. They are a
function of the set, so any order, any repetition and any batching ends the same. Here that function is computed
step by step: for each new op, ``heads := heads - over``, ``+ clk`` unless it is already named by an op that came
before it; what an op names and has not come yet is *awaited*.

Heads of a record are packed as ``{field: clk | [clks]}``; a field that is not in it has the creating op as its head,
so a record that was never edited needs no entry at all.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from gridworker.record import Value
from gridworker.store.op import Edit, OpRow, What, unpack_edits

MISSING = -1
"""Key in packed heads: the creating op has not come yet, so it is nobody's head."""

Packed: TypeAlias = dict[int, int | list[int]]


def heads_of(packed: Packed, record: int, field: int) -> list[int]:
    """The clks of a field's heads, lowest first."""
    head = packed.get(field)
    if head is None:
        return [] if MISSING in packed else [record]
    return [head] if isinstance(head, int) else head


class Merger:
    """Takes in new ops in the order of their clks and keeps heads, what is awaited and what has to be re-read.

    ``heads`` holds the packed heads of every record the ops touch; ``logged`` tells whether a clk was in the log
    before; ``awaited`` is the set of (clk, field) named but not here.
    """

    def __init__(
        self,
        heads: dict[int, Packed],
        awaited: set[tuple[int, int]],
        logged: Callable[[int], bool],
        arriving: Iterable[int] = (),
    ) -> None:
        self.heads = heads
        self.awaited = awaited
        self.came: set[tuple[int, int]] = set()
        """Entries of ``awaited`` that are here now."""
        self.new_awaited: set[tuple[int, int]] = set()
        self.values: dict[int, dict[int, Value]] = {}
        """By record: fields whose one head is now an op of this batch, with its value."""
        self.reread: set[int] = set()
        """Records that have to be read again from their heads: several heads, deletion, late creation."""
        self._logged = logged
        self._arriving = set(arriving)
        self._now = 0

    def take(self, row: OpRow) -> None:
        """Merge one op. Ops of a batch must come in ascending order of clk."""
        self._now = row.clk
        if row.what == What.CREATE:
            self._take_creation(row)
        else:
            self._take_edits(row)

    def _take_creation(self, row: OpRow) -> None:
        packed = self.heads.get(row.record)
        if packed is None:
            self.heads[row.record] = {}
            return
        packed.pop(MISSING, None)
        self.reread.add(row.record)
        for field in [field for field in packed if field != MISSING]:
            if not self._is_named(row.clk, field):
                self._set(packed, row.record, field, [*heads_of(packed, row.record, field), row.clk])

    def _take_edits(self, row: OpRow) -> None:
        record = row.record
        packed = self.heads.setdefault(record, {MISSING: 1})
        values = self.values.setdefault(record, {})
        known = MISSING not in packed
        for edit in unpack_edits(record, row.vals):
            over = edit.over
            head = packed.get(edit.field, record if known else None)
            if len(over) == 1 and head == over[0] and (not self.awaited or (row.clk, edit.field) not in self.awaited):
                packed[edit.field] = row.clk
                values[edit.field] = edit.value
            else:
                self._take_concurrent(row, edit, packed)
        if row.what in {What.DELETE, What.RESTORE}:
            self.reread.add(record)

    def _take_concurrent(self, row: OpRow, edit: Edit, packed: Packed) -> None:
        """An edit whose author did not know of a head, or knew of an op that is not here."""
        heads = heads_of(packed, row.record, edit.field)
        over = set(edit.over)
        for clk in over.difference(heads):
            if not self._is_here(clk):
                self._await(clk, edit.field)
        left = [clk for clk in heads if clk not in over]
        if not self._is_named(row.clk, edit.field):
            left.append(row.clk)
        self._set(packed, row.record, edit.field, left)
        self.values[row.record].pop(edit.field, None)
        self.reread.add(row.record)

    def _set(self, packed: Packed, record: int, field: int, clks: list[int]) -> None:
        unique = sorted(set(clks))
        if unique == [record] and MISSING not in packed:
            packed.pop(field, None)
        else:
            packed[field] = unique[0] if len(unique) == 1 else unique

    def _is_here(self, clk: int) -> bool:
        if clk in self._arriving:
            return clk <= self._now
        return self._logged(clk)

    def _is_named(self, clk: int, field: int) -> bool:
        """Whether an op that came earlier already replaced this one; it is awaited no longer."""
        if (clk, field) not in self.awaited:
            return False
        self.awaited.discard((clk, field))
        if (clk, field) in self.new_awaited:
            self.new_awaited.discard((clk, field))
        else:
            self.came.add((clk, field))
        return True

    def _await(self, clk: int, field: int) -> None:
        if (clk, field) not in self.awaited:
            self.awaited.add((clk, field))
            self.new_awaited.add((clk, field))
