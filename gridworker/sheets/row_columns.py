"""Where the columns stand that decide what a row is: whose it is, and behind which door."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from gridworker.sheets.cells import Cell
from gridworker.sheets.doors import PlaceColumns
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field


@dataclass(slots=True)
class RowColumns:
    """Where the columns of one layout are that decide what a row is."""

    name: int
    id_number: int
    id_type: int
    head: int
    head_phone: int
    place: PlaceColumns
    raw_place: Callable[[Sequence[Cell]], object]
    width: int

    @classmethod
    def of(cls, layout: Layout) -> "RowColumns":
        """The columns of a layout."""
        places = (Field.ESTATE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.HOUSEHOLD_NO)
        place = PlaceColumns._make((*map(layout.one, places), layout.of(Field.ADDRESS), layout.one(Field.FLOOR)))
        return cls(
            name=layout.one(Field.NAME),
            id_number=layout.one(Field.ID_NUMBER),
            id_type=layout.one(Field.ID_TYPE),
            head=layout.one(Field.HEAD),
            head_phone=layout.one(Field.HEAD_PHONE),
            place=place,
            raw_place=itemgetter(*place.all()) if place.all() else lambda _row: None,
            width=max((column.index for column in layout.columns), default=0) + 1,
        )

    def says_who(self, row: Sequence[Cell]) -> bool:
        """Whether a name or a number stands in a row, of whom it is about in the first place."""
        return any(row[at] != "" for at in (self.name, self.id_number) if at >= 0)
