"""The rows of a list of any length: every key is known, and the rows in sight are read a page at a time in a worker."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

PAGE = 40
"""Rows read at once: as many as a high window shows, where text has its usual size; a higher one reads two pages. They
may lie far apart in the file, and each costs the same, so that more would only be waited for."""

KEPT = 32
"""Pages kept: what was scrolled past long ago is read again, and memory does not grow with the list."""


class Listed(NamedTuple, Generic[Row]):
    """What a list shows: the keys in order, what reads the rows of some keys, and the first rows if they are at hand.

    ``read`` is called in a worker and gives a row for each key.
    """

    keys: Sequence[int]
    read: Callable[[Sequence[int]], Sequence[Row]]
    first: Sequence[Row] = ()


class LongRows(Generic[Row]):
    """The rows that were read of a list, by page. ``blank`` stands in for one that was not."""

    def __init__(self, listed: Listed[Row], blank: Callable[[int], Row]) -> None:
        self.keys = listed.keys
        self.read = listed.read
        self._blank = blank
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        if len(listed.first) >= min(PAGE, len(listed.keys)):
            self._pages[0] = listed.first[:PAGE]

    def __len__(self) -> int:
        """How many rows the list has."""
        return len(self.keys)

    def row(self, place: int) -> Row:
        """The row at a place, or what stands in for it."""
        page = self._pages.get(place // PAGE)
        return page[place % PAGE] if page is not None else self._blank(self.keys[place])

    def find(self, key: object) -> int:
        """The place of a key; -1 where it is not in the list."""
        try:
            return self.keys.index(key)
        except ValueError:
            return -1

    def missing(self, first: int, last: int) -> int | None:
        """The first page with rows between two places that was not read; None where all were."""
        pages = range(max(first, 0) // PAGE, min(last, len(self) - 1) // PAGE + 1)
        return next((page for page in pages if page not in self._pages), None)

    def wanted(self, page: int) -> Sequence[int]:
        """The keys of a page."""
        return self.keys[page * PAGE : (page + 1) * PAGE]

    def take(self, page: int, rows: Sequence[Row]) -> range:
        """Keep what was read of a page. Returns the places it fills."""
        self._pages[page] = rows
        if len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        return range(page * PAGE, page * PAGE + len(rows))
