"""The heads of a table's columns: whole, in two lines where one is too short."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Protocol

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTableView

from gridworker.gui.look import theme as themes

_BESIDE = 14
"""What the style leaves free beside a head."""

_ONE_LINE, _ABOVE = 36, 10

_SHARED_OUT = "shared out"
"""The property of a table whose columns gave some of their width to others."""


class Headed(Protocol):
    """A column as far as its head goes; without a width it shares what the others leave."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def width(self) -> int:
        """At 100%."""

    @property
    def whole(self) -> bool:
        """Whether its cells are cut where it is narrower than its width: it gives nothing to others."""

    @property
    def least(self) -> int:
        """What it needs at 100% beside its head."""

    @property
    def sort(self) -> str:
        """The order by it, which is shown as an arrow behind its name; '' for none."""


def fit_heads(table: QTableView, columns: Sequence[Headed]) -> None:
    """Give those that share enough for their heads in two lines, and the heads a second line where they need it.

    What that takes comes from the columns that have a width, from each alike, as far as their own heads allow.
    """
    header = table.horizontalHeader()
    metrics = header.fontMetrics()
    shown = {number: one for number, one in enumerate(columns) if not table.isColumnHidden(number)}
    theme = themes.current()
    needed = {at: max(in_two_lines(metrics, _words(one)) + _BESIDE, theme.px(one.least)) for at, one in shown.items()}
    _divide(table, shown, needed)
    whole = (metrics.horizontalAdvance(_words(one)) + _BESIDE <= header.sectionSize(at) for at, one in shown.items())
    two = 2 * metrics.lineSpacing() + _ABOVE
    header.setFixedHeight(theme.px(_ONE_LINE) if all(whole) else max(theme.px(_ONE_LINE), two))


def _divide(table: QTableView, shown: Mapping[int, Headed], needed: Mapping[int, int]) -> None:
    header, px = table.horizontalHeader(), themes.current().px
    sharing = [number for number, one in shown.items() if not one.width]
    room = table.viewport().width() - sum(px(one.width) for one in shown.values())
    short = bool(sharing) and room // len(sharing) < max(needed[number] for number in sharing)
    for number in sharing:
        mode = QHeaderView.ResizeMode.Interactive if short else QHeaderView.ResizeMode.Stretch
        header.setSectionResizeMode(number, mode)
    if not (short or table.property(_SHARED_OUT)):
        return  # what somebody drew wider stays so
    table.setProperty(_SHARED_OUT, short)
    lacking = sum(needed[number] for number in sharing) - room if short else 0
    spare = {at: 0 if one.whole else max(px(one.width) - needed[at], 0) for at, one in shown.items() if one.width}
    part = min(lacking / max(sum(spare.values()), 1), 1)
    for number, most in spare.items():
        given = min(ceil(most * part), lacking)
        header.resizeSection(number, px(shown[number].width) - given)
        lacking -= given
    if short:
        over = max(-lacking, 0) // len(sharing)
        for number in sharing:
            header.resizeSection(number, needed[number] + over)


def _words(column: Headed) -> str:
    return f"{column.label} ↓" if column.sort else column.label


def in_two_lines(metrics: QFontMetrics, words: str) -> int:
    """How wide a text is that may be parted at a blank."""
    parts = words.split(" ")
    ways = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    return min((max(map(metrics.horizontalAdvance, way)) for way in ways), default=metrics.horizontalAdvance(words))
