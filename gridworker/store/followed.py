"""What a field said before something followed or was made one: by the log, as far as acts stand that gave it.

Acts that are taken back in another order than they were done leave what others rest on. What had followed on top of
such an act would else go back to what that act had given.
"""

from functools import cached_property
from itertools import chain

from gridworker.record import Value
from gridworker.store.history import reachable
from gridworker.store.joined import JOINED
from gridworker.store.log.heads import heads_of
from gridworker.store.log.journal import unpack_clks
from gridworker.store.log.log import Cursor, Log, id_list
from gridworker.store.log.op import unpack_edits, value_of
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import NOTE
from gridworker.store.undone import taken_back


class Followed:
    """The fields of a store."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._log = Log(cursor)

    def before(self, kind: str, record: int, field: str) -> Value:
        """What a field says but for that, where something followed in it; None where it says nothing or several things.

        What came in between from somebody's hand stands.
        """
        if not self._gone:  # nearly always
            return None
        number = kind_named(kind).kind.specs[field].number
        packed = self._log.heads([record]).get(record, {})
        found = heads_of(packed, record, number)
        if len(found) != 1 or found[0] not in self._passing:
            return None
        ops = reachable(self._log, {record: packed})
        while len(found) == 1 and found[0] in self._passing and found[0] in ops:
            edits = unpack_edits(record, ops[found[0]].vals)
            found = [clk for edit in edits if edit.field == number for clk in edit.over]
        row = ops.get(found[0]) if len(found) == 1 else None
        return None if row is None else value_of(row.what, record, row.vals, number)

    def side_by_side(self, kind: str, record: int, field: str) -> tuple[list[Value], list[Value]]:
        """What a field says where something followed in it, and what it says from somebody's hand beside that."""
        number = kind_named(kind).kind.specs[field].number
        heads = heads_of(self._log.heads([record]).get(record, {}), record, number)
        if len(heads) < 2:
            return [], []
        rows = self._log.rows(heads)
        said = {clk: value_of(row.what, record, row.vals, number) for clk, row in rows.items()}
        return (
            [value for clk, value in said.items() if clk in self._passing],
            [value for clk, value in said.items() if clk not in self._passing],
        )

    @cached_property
    def _passing(self) -> frozenset[int]:
        """The ops of what followed, and of acts that are taken back."""
        self._cursor.execute("SELECT no, act, clks FROM batch WHERE act IN (?, ?)", (JOINED, f"{NOTE}{JOINED}"))
        told = [clks for no, act, clks in self._cursor.fetchall() if act != JOINED or no in self._gone]
        return frozenset(chain.from_iterable(map(unpack_clks, told)))

    @cached_property
    def _gone(self) -> set[int]:
        """The acts that made one of two and are taken back."""
        self._cursor.execute(
            "SELECT no FROM batch WHERE act = ? AND no IN (SELECT value FROM json_each(?))",
            (JOINED, id_list(taken_back(self._cursor))),
        )
        return {row[0] for row in self._cursor.fetchall()}
