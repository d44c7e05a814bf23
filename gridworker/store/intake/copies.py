"""Whether two ops of one clk are one: values go missing from copies on the way, and each store knows which may have.

erased      an erasure takes values out of every op that had not seen it; where that is known here, both are compared
            without them.
let go      a laptop lets go of values that were replaced and that the office has in a backup (erasure/compaction.py),
            and puts that on record. It keeps the op bare, and takes the whole one for the same. The office never gets
            to see the bare one, but where it was put back to before: then everything is handed in once more.

Any other two are what two copies of a laptop wrote, be it that one says no more than the other: taken for one, what the
other said would be lost, or never have been replaced. Of what others than its own copies wrote a laptop knows nothing:
there the office decides what stands under a clk.
"""

from collections.abc import Iterable

from gridworker import discover
from gridworker.store.log.blanking import is_less, is_same
from gridworker.store.log.clock import INCARNATION_BITS, TICK, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What, unpack_create
from gridworker.store.meta import Identity, Meta
from gridworker.store.tables.changes import AUDIT, COMPACT


class Copies:
    """Tells copies of one op from two ops. ``came``: the ops that come together, what was put on record among them.

    It reads nothing until two differ.
    """

    def __init__(self, cursor: Cursor, came: Iterable[OpRow] = ()) -> None:
        self._cursor = cursor
        self._came = came
        self._let_go: dict[int, int] = {}

    def are_one(self, here: OpRow, came: OpRow) -> bool:
        """Whether an op that came is the one that is here under its clk."""
        if is_same(here, came) or is_same(here, came, Log(self._cursor).erasures((here.record,)).get(here.record, {})):
            return True
        is_bare = is_less(here, came)
        return (is_bare or is_less(came, here)) and self._may_lack(here.clk, is_bare=is_bare)

    def are_unclear(self, here: OpRow, came: OpRow) -> bool:
        """Whether they are not one as far as is known here, but would be where more was erased."""
        return not self.are_one(here, came) and (is_less(here, came) or is_less(came, here))

    def _may_lack(self, clk: int, *, is_bare: bool) -> bool:
        """Whether a laptop may have let go of values of an op; ``is_bare``: of the one that is here, not the other."""
        own, laptop = Identity.load(Meta(self._cursor)), laptop_of(clk)
        if not own.is_office and laptop != own.laptop:
            return True
        could = own.incarnation > 0 if own.is_office else is_bare
        return could and clk < self._last_let_go(laptop)

    def _last_let_go(self, laptop: int) -> int:
        """The clk by which a laptop put on record, in whichever of its lives, that it let values go; 0 for never."""
        if laptop not in self._let_go:
            self._cursor.execute(
                f"SELECT max(id) FROM {AUDIT} WHERE action = ? AND (id & ?) >> ? = ?",
                (COMPACT, TICK - 1, INCARNATION_BITS, laptop),
            )
            kind = discover.kinds()[AUDIT].kind
            told = (row for row in self._came if row.kind == kind.number and row.what == What.CREATE)
            action = kind.specs["action"].number
            acts = [row.clk for row in told if unpack_create(row.vals).get(action) == COMPACT]
            mine = (clk for clk in acts if laptop_of(clk) == laptop)
            self._let_go[laptop] = max(self._cursor.fetchone()[0] or 0, *mine, 0)
        return self._let_go[laptop]
