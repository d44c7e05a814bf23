"""Cards: a label beside each value, for one person or one household.

Several may stand below each other, and a table of the other members below each. A card becomes a row, which keeps the
number of the row its name stands in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gridworker.sheets.card_rows import VALUES, WIDTH, Pair, card_row, fits, is_name, labels_of
from gridworker.sheets.cards import USED
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Merged, labelled
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import header_key
from gridworker.sheets.people_in_columns import instructs
from gridworker.sheets.table import Table
from gridworker.sheets.words import Field

_ROWS, _LABEL = 400, 24
"""So much of a sheet is looked at where it is no list."""
_HEADER = 3
"""So many labels with no value beside them are the header of a table."""
_NAMES = frozenset({Field.NAME, Field.HEAD})
_PERSON = frozenset({Field.ID_NUMBER, Field.HEAD_ID, Field.BIRTH, Field.SEX})
_TELLING = _PERSON | {
    Field.RELATION, Field.PHONE, Field.HEAD_PHONE, Field.ADDRESS, Field.BUILDING, Field.UNIT, Field.ROOM,
}  # fmt: skip
_SAID = frozenset({Field.ID_NUMBER, Field.SEX, Field.BIRTH, Field.PHONE, Field.RELATION})
_MEMBER = re.compile("成员|家属|家人")
_ASIDE = frozenset({Field.IGNORED, Field.SENSITIVE, Field.TAG})
_FEW = 2
_NUMBER = re.compile("[0-9]{11}")
_RARE = re.compile("[\u4e00-\u9fff]{2,4}")


@dataclass(slots=True)
class _Pair:
    row: int
    label: str
    field: Field
    value: Cell
    column: int
    is_below: bool = False
    """Whether the label stands above the value."""

    @property
    def is_plain(self) -> bool:
        """Whether the value is plainly one of its label: no other word of a header."""
        return self.is_below or fits(Pair(self.label, self.field, self.value, self.column))


@dataclass(slots=True)
class _Card:
    pairs: list[_Pair] = field(default_factory=list)

    def has(self, key: str) -> bool:
        return any(header_key(pair.label) == key for pair in self.pairs)

    def name(self) -> _Pair | None:
        """Where the name stands: that of the person, else that of the head."""
        named = [pair for pair in self.pairs if pair.field in _NAMES and (is_name(pair.value) or self._leads(pair))]
        return min(named, key=lambda pair: pair.field is Field.HEAD, default=None)

    def _leads(self, pair: _Pair) -> bool:
        """Whether somebody with a surname nobody knows is the head: a label says so, and another one the door."""
        return (
            pair.field is Field.HEAD and _RARE.fullmatch(squeezed(text_of(pair.value))) is not None and self.says_door()
        )

    def names_another(self, pair: _Pair) -> bool:
        """Whether a pair names a member of the household of whom the card is: what stands behind is theirs."""
        return (
            pair.field is Field.NAME
            and _MEMBER.search(pair.label) is not None
            and is_name(pair.value)
            and any(one.field in _NAMES and is_name(one.value) for one in self.pairs)
        )

    def says_door(self) -> bool:
        """Whether it says an address, and nothing of any one person."""
        return not self.told() & _PERSON and any(pair.field is Field.ADDRESS and pair.is_plain for pair in self.pairs)

    def told(self) -> set[Field]:
        return {pair.field for pair in self.pairs if text_of(pair.value)} & _TELLING


def cards_to_rows(table: Table) -> Table | None:
    """The cards of a sheet that holds nothing else, as rows; None where there are none."""
    if len(table.rows) > _ROWS:
        return None
    cards = [card for card in _cards(table, len(table.rows)) if card.name() and len(card.told()) >= _FEW]
    if not cards or _is_over(cards) or any(_names_more(table, card) for card in cards) or _is_example(table, cards):
        return None
    return replace(_as_rows(table, cards), findings=tuple(_left_out(table, cards)))


def _left_out(table: Table, cards: Sequence[_Card]) -> Iterator[Finding]:
    """Rows with a number or a phone that no card takes: whoever they are of is told."""
    taken = {pair.row for card in cards for pair in card.pairs}
    for at, row in enumerate(table.rows):
        if at not in taken and any(_NUMBER.search(text_of(cell)) for cell in row[:WIDTH]):
            yield Finding("row_skipped", table.sheet, at + 1)


def _is_example(table: Table, cards: Sequence[_Card]) -> bool:
    return len(cards) == 1 and instructs(table)


def _is_over(cards: Sequence[_Card]) -> bool:
    """Whether all labels stand one below the other: then the people may be columns, and more than the first."""
    columns = {pair.column for card in cards for pair in card.pairs if pair.field not in VALUES}
    return len(cards) == len(columns) == 1 and -1 not in columns and len({pair.row for pair in cards[0].pairs}) > 1


def _names_more(table: Table, card: _Card) -> bool:
    """Whether other names stand beside that of a card, with no label before them: then the people are columns."""
    named = card.name()
    if named is None or named.column < 0:
        return False
    row = [cell for cell in table.rows[named.row][named.column + 1 : WIDTH] if cell != ""][1:]
    labels = labels_of(row)
    places = {at for at, _field in labels.values()}
    return any(is_name(cell) and not {at, at - 1} & places for at, cell in enumerate(row))


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
        if len(card.told()) < 1 or (named is None and not card.says_door()):
            continue
        if named is not None and card.told() & _PERSON and squeezed(text_of(named.value)) not in listed:
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
        row = next((at for at in range(row, len(rows)) if not rows[at]), row)  # of cards side by side the next one
        values = {pair.label: pair.value for pair in card.pairs}
        rows[row] = [values.get(label, "") for label in labels]
    lines = frozenset(
        at for card in cards for pair in card.pairs if pair.is_plain for at in (pair.row, pair.row - pair.is_below)
    )
    return replace(table, rows=rows, merged=Merged(), layout=labelled(labels, table.sheet), lines=lines)


# ------------------------------------------------------------------------------------------------ labels and values


def _cards(table: Table, below: int) -> list[_Card]:
    """The cards of the first rows, parted where a label comes again and where the header of a table stands.

    A label that stands twice in a row is that of a card beside.
    """
    done: list[_Card] = []
    lanes: dict[int, _Card] = {}
    told: set[int] = set()
    for index, whole in enumerate(table.rows[:below]):
        row = whole[:WIDTH]
        pairs, heads = _pairs_of(table, index, row) if index not in told else ([], False)
        told |= {pair.row for pair in pairs if pair.is_below}
        if heads:
            done += lanes.values()
            lanes.clear()
        keys = [header_key(cell).rstrip(":") if isinstance(cell, str) and len(cell) <= _LABEL else "" for cell in row]
        another = False
        for pair in pairs:
            key = header_key(pair.label)
            lane = keys[: max(pair.column, 0)].count(key)
            card = lanes.setdefault(lane, _Card())
            another = another or card.names_another(pair)
            if another and pair.field in _SAID:
                continue
            if card.has(key):
                done.append(card)
                card = lanes[lane] = _Card()
            card.pairs.append(pair)
    return [*done, *lanes.values()]


def _pairs_of(table: Table, index: int, row: Sequence[Cell]) -> tuple[list[_Pair], bool]:
    """Labels with the values beside them in a row, else below them; and whether it is the header of a table."""
    ends = {left: right for top, left, _bottom, right in table.merged.in_row(index) if top == index}
    found = card_row(row, ends)
    if found.blank < _HEADER or not found.is_words:
        door = any(pair.field is Field.ADDRESS and fits(pair) for pair in found.pairs)
        told = [pair for pair in found.pairs if pair.field is not Field.HEAD or is_name(pair.value) or door]
        if all(pair.field in _ASIDE for pair in told):  # in rows of people such words stand too
            return [], False
        return [_Pair(index, *pair) for pair in told], False
    below = _values_below(table, index, row)
    return below, not below


def _values_below(table: Table, index: int, row: Sequence[Cell]) -> list[_Pair]:
    """The values of labels that stand above them: where one row of values is all there is, and other labels near."""
    rows, below = table.rows, index + 1
    after = next((at for at in range(index + 2, len(rows)) if any(rows[at])), len(rows))
    near = [labels_of(rows[at]) for at in (index - 2, after) if 0 <= at < len(rows)]
    told = labels_of(row)
    if below >= len(rows) or labels_of(rows[below]) or (after < len(rows) and len(near[-1]) < _HEADER):
        return []
    if not any(len(other) >= _HEADER and told.keys().isdisjoint(other) for other in near):
        return []
    values = [(label, field, at) for label, (at, field) in told.items() if at < len(rows[below])]
    return [
        _Pair(below, label, field, rows[below][at], -1, True) for label, field, at in values if rows[below][at] != ""
    ]
