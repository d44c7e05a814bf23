"""Drop-downs of a workbook: what a column may hold, offered in its cells. Other words can still be typed.

A list of up to 255 characters stands in the cells' own rule; a longer one on a hidden sheet that the rule points to. No
cell holds a formula either way.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

WORDS_SHEET = "_words"
"""The hidden sheet that holds long lists; an import passes over it without a word."""

_LONGEST = 255
"""Characters that a spreadsheet allows a list in the rule itself."""


def offer_lists(
    workbook: "Workbook", sheet: "Worksheet", lists: Mapping[int, Sequence[str]], rows: tuple[int, int]
) -> None:
    """Offer lists, by column, in the cells from the first row to the last, both from 0."""
    beside = _Beside(workbook)
    for column, words in sorted(lists.items()):
        short = len(",".join(words)) <= _LONGEST and not any("," in word for word in words)
        source: object = list(words) if short else beside.place(tuple(words))
        sheet.data_validation(
            rows[0], column, rows[1], column,
            {"validate": "list", "source": source, "ignore_blank": True, "error_type": "information"},
        )  # fmt: skip


class _Beside:
    """The hidden sheet; made where there is need of it, with a column for each list however often it is offered."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._sheet: Worksheet | None = None
        self._places: dict[tuple[str, ...], str] = {}

    def place(self, words: tuple[str, ...]) -> str:
        """Where a list stands, as a rule points to it."""
        if words not in self._places:
            if self._sheet is None:
                self._sheet = self._workbook.add_worksheet(WORDS_SHEET)
                self._sheet.hide()
            column = len(self._places)
            for row, word in enumerate(words):
                self._sheet.write_string(row, column, word)
            letter = chr(ord("A") + column)  # there are not 26 such lists
            self._places[words] = f"='{self._sheet.name}'!${letter}$1:${letter}${len(words)}"
        return self._places[words]
