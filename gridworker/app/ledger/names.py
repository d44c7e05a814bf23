"""Whom and what the cells of a form name: staff, households, grids, buildings, doors that are here."""

from collections import defaultdict
from typing import TYPE_CHECKING

from gridworker.domain.masking import mask_in_text
from gridworker.errors import NotFound, Problem
from gridworker.sheets.cells import squeezed
from gridworker.store.queries.naming import Named, named
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from gridworker.store.store import Store

_IN_ITS_GRID = frozenset({"building", "dwelling"})
"""In another grid a door of the same name is another door."""


class Names:
    """What records of a kind are called here, read when first asked for."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._known: dict[str, dict[str, list[Named]]] = {}
        self._by_id: dict[str, dict[int, Named]] = {}

    def one(self, kind: str, text: str, grid: int | None) -> Named:
        """The record that a text names, in the grid first of all. Raises NotFound for none, Problem for several.

        What it is written as counts before what else it goes by, who is here before who is gone.
        """
        self._load(kind)
        found = self._known[kind].get(squeezed(text), [])
        if kind in _IN_ITS_GRID:
            found = [one for one in found if one.grid == grid]
        if not found:
            raise NotFound(
                "“{text}” names no record of kind “{kind}” here.",
                text=mask_in_text(text), kind=kind_named(kind).kind.title,
            )  # fmt: skip
        ranks = [_rank(one, text, grid) for one in found]
        meant = [one for one, rank in zip(found, ranks, strict=True) if rank == min(ranks)]
        if len(meant) > 1:
            raise Problem(
                "“{text}” names {count} records of kind “{kind}”. Choose the one in the window.",
                text=mask_in_text(text), count=len(meant), kind=kind_named(kind).kind.title,
            )  # fmt: skip
        return meant[0]

    def grid_of(self, kind: str, id_: object) -> int | None:
        """The grid that a record lies in."""
        self._load(kind)
        found = self._by_id[kind].get(id_) if isinstance(id_, int) else None
        return found.grid if found else None

    def _load(self, kind: str) -> None:
        if kind in self._known:
            return
        with self._store.db.read() as connection:
            records = named(connection, kind)
        by_text: dict[str, list[Named]] = defaultdict(list)
        for one in records:
            for text in dict.fromkeys(map(squeezed, (one.called, *one.also))):
                by_text[text].append(one)
        by_text.pop("", None)
        self._known[kind], self._by_id[kind] = dict(by_text), {one.id: one for one in records}


def _rank(one: Named, text: str, grid: int | None) -> tuple[bool, bool, bool]:
    return squeezed(one.called) != squeezed(text), one.past, grid is not None and one.grid not in (None, grid)
