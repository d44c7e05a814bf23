"""What stood before a batch: the ops that were the heads of a field then, by what its ops say they replaced."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property

from gridworker.record import ALIVE, Kind, Value
from gridworker.store.history import reachable
from gridworker.store.log.corrected import Corrections
from gridworker.store.log.derive import MERGED
from gridworker.store.log.heads import Packed, heads_by_definition, heads_of
from gridworker.store.log.journal import Batch, Journal, undoing
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, Over, What, unpack_all, unpack_edits, value_of
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.tables.reading import read
from gridworker.store.undone import taken_back

_TAKEN_BACK = frozenset(map(int, (What.CREATE, What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE)))


class Earlier:
    """The records a batch touched, before it. ``batch`` are its ops that an undo can take back."""

    def __init__(self, cursor: Cursor, link: Batch) -> None:
        self._cursor, self._no = cursor, link.no
        log = Log(cursor)
        self._judged = Verdicts(cursor).all_judged()
        merged = log.rows(clk for clk in link.op_clks if clk not in self._judged)
        self.batch = {clk: row for clk, row in merged.items() if row.what in _TAKEN_BACK}
        records = {row.record for row in self.batch.values()}
        self.kinds = log.kinds(records)
        self.heads = log.heads(records)
        self.erased = log.erasures(records)
        # What was erased without its author knowing is named by nobody, so no way leads to it.
        self.ops = self.batch | reachable(log, self.heads)
        self.clocks = Corrections.of(cursor)
        self._overs = self._overs_by_field()
        self._packed: dict[int, Packed] = {}

    @cached_property
    def by_record(self) -> dict[int, list[OpRow]]:
        """All ops on the records, those from before and since too."""
        found: dict[int, list[OpRow]] = defaultdict(list)
        for row in self.ops.values():
            found[row.record].append(row)
        return found

    def shows(self, kind: Kind, record: int) -> bool:
        """Whether an existing record would show without the batch, be it as a deletion that met an edit."""
        return read(record, self._without(record), self.ops, kind).alive

    def was_contested(self, kind: Kind, record: int) -> bool:
        """Whether a deletion of a record stood against an edit before the batch, not only against one made since."""
        last = max(row.clk for row in self.batch.values() if row.record == record)
        packed = self._heads_by(record, [row for row in self._others(record) if row.clk < last])
        return ALIVE in read(record, packed, self.ops, kind).conflicts

    def standing(self, record: int, number: int) -> set[int] | None:
        """The ops that stood in a field; empty where the batch did not set it, None where others did since."""
        heads = heads_of(self.heads[record], record, number)
        overs = self._overs.get((record, number), {})
        others = {clk for clk in heads if clk not in overs}
        if not overs:
            return self._left_by_others(record, number, heads)
        if len(others) == len(heads):
            left = overs.keys() - {clk for over in overs.values() for clk in over}
            if len({self.value(record, clk, number) for clk in (*left, *heads)}) > 1 or not self._back(left, heads):
                return None
            others = set()
        replaced = {clk for over in overs.values() for clk in over if clk not in overs} & self.ops.keys()
        if len(replaced | others) > 1:  # of these only what nobody else had replaced stood beside the rest
            replaced &= set(heads_of(self._without(record), record, number))
        return self._still(record, number, replaced) | others

    def _left_by_others(self, record: int, number: int, heads: Collection[int]) -> set[int]:
        """What stands for an act that was taken back while a record was gone that comes back now; else nothing."""
        if number == ALIVE or (record, ALIVE) not in self._overs:
            return set()
        still = self._still(record, number, heads)
        return still if still != set(heads) else set()

    def _still(self, record: int, number: int, clks: Collection[int]) -> set[int]:
        """What stands for ops of acts that were taken back: they were left, for what is undone now had changed them.

        So does it for what an undo gave back, where the act that had given it was taken back since.
        """
        found = set[int]()
        for clk in clks:
            left, ends = {clk}, set[int]()
            while left:
                one = left.pop()
                overs = self._replaced_by(record, number, one) if self._is_void(record, number, one) else set()
                left |= overs
                ends |= set() if overs else {one}
            value = self.value(record, clk, number)
            gave_back = clk not in self._undone
            found |= {clk} if gave_back and {self.value(record, end, number) for end in ends} == {value} else ends
        return found

    def _is_void(self, record: int, number: int, clk: int) -> bool:
        """Whether an op gives no value of its own: its act was taken back, or it takes back nothing but such."""
        if clk in self._undone:
            return True
        return clk in self._undos and self._undone.issuperset(self._replaced_by(record, number, clk))

    def _replaced_by(self, record: int, number: int, clk: int) -> set[int]:
        row = self.ops[clk]
        edits = unpack_edits(record, row.vals) if row.what != What.CREATE else ()
        return {over for edit in edits if edit.field == number for over in edit.over} & self.ops.keys()

    @cached_property
    def _undos(self) -> frozenset[int]:
        """The ops that undos on this device ever wrote."""
        return undoing(self._cursor, 0)

    @cached_property
    def _undone(self) -> frozenset[int]:
        """The ops of other acts that do not stand any more, but for what this one took back itself.

        Be it that they came after this one: a bundle may be late, and what was written over it here before it.
        """
        journal = Journal(self._cursor, b"")
        links = (journal.link(no) for no in taken_back(self._cursor, self._no) if no != self._no)
        return frozenset(clk for link in links if link is not None for clk in link.op_clks)

    def _back(self, left: Collection[int], heads: Collection[int]) -> bool:
        """Whether what is superseded stands again: a later undo brought the value back, or whoever had given it did.

        The same value from anybody else is that person's own word, as the office's is that settles a conflict.
        """
        given = {self._authors[self.ops[clk].author] for clk in left}
        return all(clk in self.undoing or self._authors[self.ops[clk].author] in given for clk in heads)

    @cached_property
    def _authors(self) -> dict[int, int]:
        """Who wrote, by the numbers of authors."""
        return {no: author.who for no, author in Log(self._cursor).author_table().items()}

    @cached_property
    def undoing(self) -> frozenset[int]:
        """The ops that undos on this device wrote since."""
        return undoing(self._cursor, self._no)

    def value(self, record: int, clk: int, number: int) -> Value:
        """What an op gave a field."""
        row = self.ops[clk]
        return value_of(row.what, record, row.vals, number)

    def _without(self, record: int) -> Packed:
        """The heads of a record by its ops that are not of the batch."""
        if record not in self._packed:
            self._packed[record] = self._heads_by(record, self._others(record))
        return self._packed[record]

    def _others(self, record: int) -> list[OpRow]:
        return [row for row in self.by_record[record] if row.clk not in self.batch and row.clk not in self._judged]

    def _heads_by(self, record: int, rows: Sequence[OpRow]) -> Packed:
        edits = [row for row in rows if row.what in MERGED]
        flats = unpack_all([row.vals for row in edits])
        named = [(row.clk, flat) for row, flat in zip(edits, flats, strict=True)]
        return heads_by_definition(
            record, any(row.what == What.CREATE for row in rows), named, self.erased.get(record, {})
        )

    def _overs_by_field(self) -> dict[tuple[int, int], dict[int, Over]]:
        """By (record, field) and clk: what the batch's edits replaced."""
        found: dict[tuple[int, int], dict[int, Over]] = defaultdict(dict)
        for row in self.batch.values():
            for edit in unpack_edits(row.record, row.vals) if row.what != What.CREATE else ():
                found[row.record, edit.field][row.clk] = edit.over
        return found
