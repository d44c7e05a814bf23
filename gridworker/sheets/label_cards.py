"""Cards: a label beside each value, for one person or one household.

Several may stand below each other, and a table of the other members below each. A card becomes a row, which keeps the
number of the row its name stands in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gridworker.sheets.card_rows import VALUES, card_row, is_name
from gridworker.sheets.cards import USED
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.header import Merged, labelled
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import header_key
from gridworker.sheets.people_in_columns import instructs
from gridworker.sheets.table import Table
from gridworker.sheets.words import Field

_ROWS = 400
"""So much of a sheet is looked at where it is no list."""
_HEADER = 3
"""So many labels with no value beside them are the header of a table."""
_NAMES = frozenset({Field.NAME, Field.HEAD})
_PERSON = frozenset({Field.ID_NUMBER, Field.HEAD_ID, Field.BIRTH, Field.SEX})
_TELLING = _PERSON | {
    Field.RELATION, Field.PHONE, Field.HEAD_PHONE, Field.ADDRESS, Field.BUILDING, Field.UNIT, Field.ROOM,
}  # fmt: skip
_FEW = 2


@dataclass(slots=True)
class _Pair:
    row: int
    label: str
    field: Field
    value: Cell
    column: int


@dataclass(slots=True)
class _Card:
    pairs: list[_Pair] = field(default_factory=list)

    def has(self, key: str) -> bool:
        return any(header_key(pair.label) == key for pair in self.pairs)

    def name(self) -> _Pair | None:
        """Where the name stands: that of the person, else that of the head."""
        named = [pair for pair in self.pairs if pair.field in _NAMES and is_name(pair.value)]
        return min(named, key=lambda pair: pair.field is Field.HEAD, default=None)

    def told(self) -> set[Field]:
        return {pair.field for pair in self.pairs if text_of(pair.value)} & _TELLING


def cards_to_rows(table: Table) -> Table | None:
    """The cards of a sheet that holds nothing else, as rows; None where there are none."""
    if len(table.rows) > _ROWS or instructs(table):
        return None
    cards = [card for card in _cards(table, len(table.rows)) if card.name() and len(card.told()) >= _FEW]
    if not cards or _is_over(cards):
        return None
    return _as_rows(table, cards)


def _is_over(cards: Sequence[_Card]) -> bool:
    """Whether all labels stand one below the other: then the people may be columns, and more than the first."""
    columns = {pair.column for card in cards for pair in card.pairs if pair.field not in VALUES}
    return len(cards) == len(columns) == 1 and -1 not in columns and len({pair.row for pair in cards[0].pairs}) > 1


def cards_above(table: Table, layout: Layout) -> tuple[Table | None, list[list[Cell]]]:
    """Those whom cards name over tables of others, as rows; and the rows with a line that says each household.

    Who stands in the table too is no row here.
    """
    if not any(card.name() for card in _cards(table, max(layout.first, 0))):
        return None, table.rows
    rows = [list(row) for row in table.rows]
    column = layout.one(Field.NAME)
    listed = {squeezed(text_of(row[column])) for row in rows[layout.below :] if 0 <= column < len(row)}
    people = []
    for card in _cards(table, len(rows)):
        named = card.name()
        if named is None or len(card.told()) < 1:
            continue
        if card.told() & _PERSON and squeezed(text_of(named.value)) not in listed:
            people.append(card)
        _write_line(card, rows)
    return (_as_rows(table, people) if people else None), rows


def _write_line(card: _Card, rows: list[list[Cell]]) -> None:
    """Put what a card says of its household into its last row, as lines do that stand above such tables."""
    for pair in card.pairs:
        rows[pair.row] = [""] * len(rows[pair.row])
    told = [f"{pair.label}：{text_of(pair.value)}" for pair in card.pairs if pair.field in USED and text_of(pair.value)]
    named = card.name()
    if named is not None and named.field is Field.NAME:
        told.insert(0, f"户主：{text_of(named.value)}")
    last = max(pair.row for pair in card.pairs)
    rows[last] = [" ".join(" ".join(told).split()), *rows[last][1:]]


def _as_rows(table: Table, cards: Sequence[_Card]) -> Table:
    labels = list(dict.fromkeys(pair.label for card in cards for pair in card.pairs))
    rows: list[list[Cell]] = [[] for _row in table.rows]
    for card in cards:
        named = card.name()
        row = named.row if named else card.pairs[0].row
        values = {pair.label: pair.value for pair in card.pairs}
        rows[row] = [values.get(label, "") for label in labels]
    lines = frozenset(pair.row for card in cards for pair in card.pairs)
    return replace(table, rows=rows, merged=Merged(), layout=labelled(labels, table.sheet), lines=lines)


# ------------------------------------------------------------------------------------------------ labels and values


def _cards(table: Table, below: int) -> Iterator[_Card]:
    """The cards of the first rows, split where a label comes again and where the header of a table stands."""
    card = _Card()
    for index, row in enumerate(table.rows[:below]):
        ends = {left: right for top, left, _bottom, right in table.merged.in_row(index) if top == index}
        found = card_row(row, ends)
        pairs = [_Pair(index, *pair) for pair in found.pairs]
        if found.blank >= _HEADER and not pairs:
            if card.pairs:
                yield card
            card = _Card()
        for pair in pairs:
            if card.has(header_key(pair.label)):
                yield card
                card = _Card()
            card.pairs.append(pair)
    if card.pairs:
        yield card
