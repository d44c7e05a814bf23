"""The rows of some tables out of the pages of a damaged store, by the trees in which they stand.

The list of tables begins on the first page of the file, and with that page the engine loses all of them. But the list
itself stands on pages of its own, each row with the number of the page where the tree of a table begins: whoever finds
these pages by what is on them (carving.py) needs no first one. Where such a page is lost too, or one within a tree, the
rows below it are found by their shape, as far as no other rows of the store look like them.

The formats: https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.6.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType

from gridworker.store.backup.carving import LEAF, Carved, Cell, Leaf, Row, keyed_row

_INNER, _KEYED_INNER, _KEYED_LEAF = 0x05, 0x02, 0x0A
_LISTED = 6
"""Cells of a row of the list of tables, with its number in front."""


_HASH = 32


def _is_named(*names: str) -> "Callable[[Row], bool]":
    return lambda row: len(row) == 2 and row[0] in names


def _has(*sorts: type | tuple[type, ...]) -> "Callable[[Row], bool]":
    return lambda row: len(row) == len(sorts) and all(map(isinstance, row, sorts))


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, bytes) and len(cell) == _HASH


_NONE = type(None)
_SHAPES: Mapping[str, "Callable[[Row], bool]"] = MappingProxyType({
    "meta": _is_named("role", "community", "laptop", "incarnation", "scope", "person"),
    "secret": lambda row: len(row) == 2 and row[0] == "device_keys" and isinstance(row[1], bytes),
    "attached": lambda row: _has(bytes, int, (str, _NONE), (bytes, _NONE), int)(row) and _is_long(row[0]),
    "mislaid": lambda row: _has(bytes, int, str, bytes)(row) and _is_long(row[0]),
    "draft": _has(str, bytes, int),
    "kit": lambda row: _has(int, bytes, int, int)(row) and _is_long(row[1]),
    "peer_key": _has(int, int, bytes, str, int),
})  # fmt: skip
"""By which a page is told that stands below none that was found: of one row on it that no other table has."""


class Trees:
    """The trees of a store of which pages are lost."""

    def __init__(self, carved: Carved) -> None:
        self._carved = carved
        self._leaves = {leaf.page: leaf for leaf in carved.leaves}
        self._begin = dict(_listed(carved, "table"))
        begins = [*self._begin.values(), *(page for _, page in _listed(carved, "index"))]
        self._reached = frozenset(number for page in begins for number in self._walked(page))

    def rows(self, table: str) -> list[Row]:
        """The rows of a table that are left, as the engine would give them, in no order."""
        begins = self._begin.get(table)
        walked = self._walked(begins) if begins is not None else ()
        pages = self._carved.pages
        return [row for number in (*walked, *self._strayed(table)) for row in self._on(number, pages[number])]

    def _walked(self, begins: int) -> list[int]:
        """The pages that are left of a tree, as far as the way to them is."""
        found, waiting = dict[int, None](), [begins]
        while waiting:
            number = waiting.pop()
            page = self._carved.pages.get(number)
            if page is not None and number not in found:
                found[number] = None
                waiting += _below(page)
        return list(found)

    def _strayed(self, table: str) -> Iterator[int]:
        """The pages that stand below none that was found, with rows that look like those of a table."""
        looks = _SHAPES.get(table)
        if looks is None:
            return
        for number, page in self._carved.pages.items():
            if number not in self._reached and page[0] in {LEAF, _KEYED_LEAF, _KEYED_INNER}:
                rows = self._on(number, page)
                if any(map(looks, rows)) and len({len(row) for row in rows}) == 1:
                    yield number

    def _on(self, number: int, page: bytes) -> list[Row]:
        """The rows on a page itself, without those below it."""
        if page[0] == LEAF:
            return list(_without_empty(self._leaves[number])) if number in self._leaves else []
        if page[0] not in {_KEYED_LEAF, _KEYED_INNER}:
            return []
        found, within = [], 4 if page[0] == _KEYED_INNER else 0
        for at in _cells(page):
            with suppress(LookupError, ValueError):
                found.append(keyed_row(page, at + within, self._carved.pages))
        return found


def _listed(carved: Carved, sort: str) -> Iterator[tuple[str, int]]:
    """The tables or the indexes, each with the page where it begins."""
    for leaf in carved.leaves:
        for row in leaf.rows:
            if len(row) == _LISTED and row[1] == sort and isinstance(row[2], str) and isinstance(row[4], int):
                yield row[2], row[4]


def _without_empty(leaf: Leaf) -> Iterator[Row]:
    """Rows whose first column is their number, and stands empty."""
    return ((row[0], *row[2:]) for row in leaf.rows if len(row) > 1 and row[1] is None)


def _cells(page: bytes) -> Iterator[int]:
    """Where the cells of a page begin."""
    header = 12 if page[0] in {_INNER, _KEYED_INNER} else 8
    for at in range(int.from_bytes(page[3:5], "big")):
        place = header + 2 * at
        yield int.from_bytes(page[place : place + 2], "big")


def _below(page: bytes) -> list[int]:
    """The numbers of the pages right below one."""
    if page[0] not in {_INNER, _KEYED_INNER}:
        return []
    return [*(int.from_bytes(page[at : at + 4], "big") for at in _cells(page)), int.from_bytes(page[8:12], "big")]
