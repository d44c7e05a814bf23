"""The hybrid logical clock: op id, id of what an op creates and tie-break, in one 63-bit integer.

``ms since 2020-01-01 (41 bits, to 2089) | counter (6) | device (16)``; device = laptop number (10) | incarnation (6).
Wall time is shown, never trusted: a clock that is wrong by years still gives ids that are unique and that follow
everything their device knew of, and one far-future stamp from elsewhere does not drag the others along.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import time_ns
from typing import TypeAlias

from gridworker.errors import StoreProblem

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_EPOCH_MS = int(EPOCH.timestamp()) * 1000
MS_BITS, COUNTER_BITS, DEVICE_BITS, INCARNATION_BITS = 41, 6, 16, 6
TICK = 1 << DEVICE_BITS
MS_SHIFT = COUNTER_BITS + DEVICE_BITS
MAX_TICK = (1 << (MS_BITS + COUNTER_BITS)) - 1
MAX_LAPTOP = (1 << (DEVICE_BITS - INCARNATION_BITS)) - 1
MAX_INCARNATION = (1 << INCARNATION_BITS) - 1
OFFICE = 0

ABSORB_MS = 10 * 60 * 1000
"""How far ahead of the wall clock a remote stamp may move ours."""

LATEST_MS = int((datetime(2080, 1, 1, tzinfo=UTC) - EPOCH) / timedelta(milliseconds=1))
"""What a wall clock counts as at most. Some can be set to 2099, and ids end in 2089: from here on they are counted one
by one, whatever the clock shows, and there are 19 million million of them.
"""
_RESERVE = 1 << 40
"""A million million ids: no store gives out as many from one start to the next."""


def device(laptop: int, incarnation: int) -> int:
    """The 16 bits that name a laptop in one of its lives."""
    if not (0 <= laptop <= MAX_LAPTOP and 0 <= incarnation <= MAX_INCARNATION):
        raise ValueError("laptop number or incarnation out of range")
    return laptop << INCARNATION_BITS | incarnation


def device_of(clk: int) -> int:
    """Which device wrote an op."""
    return clk & (TICK - 1)


def newest_of(clks: Sequence[int]) -> dict[int, int]:
    """The highest clk of each device among ``clks``, by device."""
    devices = set(map((TICK - 1).__and__, clks))
    if len(devices) == 1:  # nearly always: of the laptop whose bundle it is
        return {devices.pop(): max(clks)}
    return {device_of(clk): clk for clk in sorted(clks)}


def laptop_of(clk: int) -> int:
    """Which laptop wrote an op, in whichever of its lives; 0 is the office."""
    return (clk & (TICK - 1)) >> INCARNATION_BITS  # asked of every op and place: no call within


def ms_of(clk: int) -> int:
    """Milliseconds since EPOCH that the writer's clock showed, or the logical time that stood in for it."""
    return clk >> MS_SHIFT


def moment_of(clk: int) -> datetime:
    """The time to show for an op."""
    return EPOCH + timedelta(milliseconds=ms_of(clk))


Wall: TypeAlias = Callable[[], int]
"""A clock: milliseconds since EPOCH."""


def wall_ms() -> int:
    """This computer's clock in milliseconds since EPOCH."""
    return time_ns() // 1_000_000 - _EPOCH_MS


class Clock:
    """Mints clks for one device, in any thread. ``last`` is kept in the transaction that uses them."""

    def __init__(self, device: int, last: int = 0, wall: Wall = wall_ms) -> None:
        self.device = device
        self._tick = last >> DEVICE_BITS
        self._wall = wall
        self._turn = Lock()

    @property
    def last(self) -> int:
        """The newest clk minted, or 0."""
        return self._tick << DEVICE_BITS | self.device if self._tick else 0

    @property
    def is_spent(self) -> bool:
        """Whether the ids of this device come to an end: an older version followed its wall clock that far."""
        return self._tick > MAX_TICK - _RESERVE

    def next(self) -> int:
        """A new clk: above all before it, at the wall clock where that is ahead."""
        return self.several(1)[0]

    def several(self, count: int) -> list[int]:
        """As many new clks, ascending."""
        wall = self._believed() << COUNTER_BITS
        with self._turn:
            first = max(wall, self._tick + 1)
            if first + count - 1 > MAX_TICK:
                raise StoreProblem("The ids of this device are used up. Close the program and open it again.")
            self._tick = first + count - 1
            return list(range(first << DEVICE_BITS | self.device, self.last + 1, TICK))

    def absorb(self, clk: int) -> None:
        """Follow a remote stamp, at most ten minutes ahead of the wall clock."""
        limit = self._believed() + ABSORB_MS << COUNTER_BITS
        with self._turn:
            self._tick = max(self._tick, min(clk >> DEVICE_BITS, limit))

    def _believed(self) -> int:
        return min(max(self._wall(), 0), LATEST_MS)
