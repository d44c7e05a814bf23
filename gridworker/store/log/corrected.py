"""The office's corrections of clocks that were wrong (sync.md 1), as they bear on readings.

They decide which of several heads is shown, and the order of histories; nothing else: no op changes, nothing is
refused by them, and what replaced what stands as it was. Where there are none, the clk alone decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.clock_correction import ClockCorrection
from gridworker.store.log.clock import EPOCH, laptop_of, ms_of

if TYPE_CHECKING:
    from gridworker.store.log.log import Cursor

KIND = ClockCorrection.kind


class Stretch(NamedTuple):
    """Ops of one laptop between two times of its clock (``until`` None: from then on), and what to add to them, ms."""

    since: int
    until: int | None
    add: int


class Corrections:
    """Which of two ops counts as the later one."""

    def __init__(self, stretches: Mapping[int, tuple[Stretch, ...]] = MappingProxyType({})) -> None:
        self._stretches = stretches

    @classmethod
    def of(cls, cursor: "Cursor") -> "Corrections":
        """Those that stand."""
        found: dict[int, list[Stretch]] = defaultdict(list)
        cursor.execute(
            f"SELECT laptop, since, until, seconds FROM {KIND.name} "
            "WHERE laptop IS NOT NULL AND since IS NOT NULL AND seconds IS NOT NULL ORDER BY id"
        )
        for laptop, since, until, seconds in cursor.fetchall():
            begins, ends = _ms(since), _ms(until)
            if begins is not None:
                found[laptop].append(Stretch(begins, ends, seconds * 1000))
        return cls({laptop: tuple(stretches) for laptop, stretches in found.items()})

    def ms(self, clk: int) -> int:
        """The time to order an op by: where several corrections fit, by the newest of them."""
        shown = ms_of(clk)
        for since, until, add in reversed(self._stretches.get(laptop_of(clk), ())):
            if shown >= since and (until is None or shown <= until):
                return shown + add
        return shown

    def covers(self, clk: int) -> bool:
        """Whether there is a correction of an op's time."""
        return self.ms(clk) != ms_of(clk)

    def key(self, clk: int) -> tuple[int, int]:
        """What ops are sorted by."""
        return self.ms(clk), clk

    def ordered(self, clks: Iterable[int]) -> list[int]:
        """Ops, the one to show last."""
        return sorted(clks, key=self.key) if self._stretches else sorted(clks)


NO_CORRECTIONS = Corrections()


def _ms(moment: object) -> int | None:
    """A moment as it is stored; what a newer version may write there is left alone."""
    try:
        at = datetime.fromisoformat(str(moment)) if moment else None
        return int((at - EPOCH).total_seconds() * 1000) if at else None
    except (TypeError, ValueError):
        return None
