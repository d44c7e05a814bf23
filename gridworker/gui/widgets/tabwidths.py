"""How wide tabs are, each measured when somebody asks: to measure ten thousand holds the window up."""

from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from itertools import accumulate

_ANY_WINDOW = 20_000
"""No window is so wide."""
_LONGEST = 8
"""Letters differ in width: of so many labels with most of them one is the widest."""


class Widths:
    """The widths of tabs by their place; ``measure`` tells that of one, with the gap behind it."""

    def __init__(self, labels: Sequence[str], measure: Callable[[int], int]) -> None:
        self._labels, self._measure = labels, measure
        self._known: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._labels)

    def of(self, first: int, last: int) -> int:
        """What the tabs from one up to another take."""
        return sum(map(self._of, range(first, last)))

    def are_more_than(self, room: int) -> bool:
        """Whether all of them have no room."""
        return any(taken > room for taken in self._taken())

    def begin(self) -> int:
        """What all of them take, or as many as are wider than any window."""
        taken = 0
        for taken in self._taken():
            if taken > _ANY_WINDOW:
                break
        return taken

    def widest(self) -> int:
        """What the widest takes: one of those with most letters."""
        longest = nlargest(_LONGEST, range(len(self)), key=lambda at: len(self._labels[at]))
        return max(map(self._of, longest), default=0)

    def reach(self, first: int, room: int) -> int:
        """How far the tabs from ``first`` on fit; one always does."""
        last = first
        while last < len(self) and (last == first or self.of(first, last + 1) <= room):
            last += 1
        return last

    def _taken(self) -> Iterator[int]:
        return accumulate(map(self._of, range(len(self))))

    def _of(self, at: int) -> int:
        known = self._known.get(at)
        if known is None:
            known = self._known[at] = self._measure(at)
        return known
