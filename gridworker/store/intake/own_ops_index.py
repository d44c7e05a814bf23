"""Finding the ops that a laptop wrote itself, in any of its lives, among all those that came to it.

The log has no secondary index, for that slows every merge. This one has entries for the laptop's own ops only: the
others cost the engine a look at their clk. Without it a life of which nothing is confirmed yet is looked for in the
whole log, and a clock that stood years back makes that of every life; with it nothing is read but what is found,
whatever clocks showed, in whichever order things came, and whatever left the log. It speeds up, and decides nothing.

The office has none: it hands nothing in.
"""

from gridworker.store.engine.cursor import Cursor
from gridworker.store.log.clock import DEVICE_BITS, INCARNATION_BITS, OFFICE

_DEVICE = f"clk & {(1 << DEVICE_BITS) - 1}"
_LAPTOP = f"clk & {((1 << DEVICE_BITS) - 1) >> INCARNATION_BITS << INCARNATION_BITS}"


def index_own_ops(cursor: Cursor, laptop: int) -> None:
    """Make the index where it is not there: when a store is made, and when another version's is read anew anyway."""
    if laptop != OFFICE:
        cursor.execute(f"CREATE INDEX IF NOT EXISTS own_op_{laptop} ON op ({_DEVICE}) WHERE {_by(laptop)}")


def of_life(device: int) -> str:
    """Which ops a life of a laptop wrote (its 16 bits), spelled as the index needs it."""
    return f"{_by(device >> INCARNATION_BITS)} AND {_DEVICE} = {device}"


def _by(laptop: int) -> str:
    return f"{_LAPTOP} = {laptop << INCARNATION_BITS}"
