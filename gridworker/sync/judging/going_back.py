"""Whether an edit takes back what its own laptop had changed, and does no more (sync.md 6, 9).

An undo names the earlier place once more, be it in a grid of others: an issue may name a household and a building of
two grids. That moves nothing: after it the field is as it was before this laptop touched it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from gridworker.store.log.clock import laptop_of
from gridworker.store.log.op import Edit, OpRow, What, unpack_create, unpack_edits

Find = Callable[[Iterable[int]], Mapping[int, OpRow]]
"""The ops with some clks, as far as they are here and count."""

MOST = 500
"""Look-ups for one bundle: who makes up longer ways back keeps nobody waiting, their edits wait for the office."""


class WayBack:
    """Finds the ops that edits of a bundle follow: in it (``rows``, ascending), or ``here``."""

    def __init__(self, rows: Sequence[OpRow], here: Find) -> None:
        self._rows = rows
        self._here = here
        self._left = MOST

    def goes_back(self, row: OpRow, edit: Edit) -> bool:
        """Whether an edit of a field gives it the one value that stood there before its laptop changed it.

        It follows what each op replaced, from one edit of this laptop to the next, up to what others wrote. Where that
        is not here, or is more than one value, the edit chooses, and does not go back.
        """
        laptop, latest, seen, before = laptop_of(row.clk), set(edit.over), set[int](), set[int]()
        if any(clk == row.record or laptop_of(clk) != laptop for clk in latest):
            return False
        while latest:
            seen |= latest
            ops = self._find(latest)
            own = {clk for clk in latest if laptop_of(clk) == laptop and clk != row.record}
            if ops.keys() != latest or any(op.record != row.record for op in ops.values()):
                return False
            before |= latest - own
            latest = {over for clk in own for one in _of_field(ops[clk], edit.field) for over in one.over} - seen
        return {_value(op, edit.field) for op in self._find(before).values()} == {edit.value}

    def _find(self, clks: set[int]) -> dict[int, OpRow]:
        found = {row.clk: row for clk in clks if (row := self._own(clk)) is not None}
        if found.keys() != clks and self._left > 0:
            self._left -= 1
            found.update(self._here(clks - found.keys()))
        return found

    def _own(self, clk: int) -> OpRow | None:
        at = bisect_left(self._rows, clk, key=itemgetter(0))
        return self._rows[at] if at < len(self._rows) and self._rows[at].clk == clk else None


def _of_field(row: OpRow, field: int) -> list[Edit]:
    return [one for one in unpack_edits(row.record, row.vals) if one.field == field]


def _value(row: OpRow, field: int) -> object:
    """What an op gave a field; nothing that is a place where it gave none."""
    if row.what == What.CREATE:
        return unpack_create(row.vals).get(field)
    return next((one.value for one in _of_field(row, field)), None)
