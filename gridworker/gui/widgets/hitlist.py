"""The list of the search palette: rows whose matching letters are bold, with the two ways on beside the current one."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.paint import LEFT, RIGHT, line_of
from gridworker.gui.widgets.rowdelegate import PAD, RowDelegate
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row


@dataclass(frozen=True, slots=True)
class HitRow(Row):
    """A row with the text it was found by. ``spans`` of ``reading`` are bold; ``ways`` are words and key each."""

    reading: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    ways: tuple[tuple[str, str], ...] = ()


class _HitDelegate(RowDelegate):
    """Draws the reading behind the title, and the ways on at the right of the current row."""

    def _paint_words(self, painter: QPainter, theme: Theme, rect: QRect, row: Row, *, below: int | None = None) -> None:
        super()._paint_words(painter, theme, rect, row, below=below)
        if not isinstance(row, HitRow) or not row.reading:
            return
        top, under = theme.line("body"), theme.line("small") if row.subtitle else 0
        line = QRect(rect.left(), rect.center().y() + 1 - (top + under) // 2, rect.width(), top)
        left = line.left() + theme.metrics("body", True).horizontalAdvance(row.title) + 8
        for start, end, bold in _pieces(row.reading, row.spans):
            piece, metrics = row.reading[start:end], theme.metrics("small", bold)
            width = metrics.horizontalAdvance(piece)
            ink = theme.colour("accent-ink" if bold else "ink-3")
            room = QRect(left, line.top(), min(width, max(line.right() - left, 0)), line.height())
            line_of(painter, room, piece, (theme.font("small", bold), ink), LEFT)
            left += width

    def _paint_right(self, painter: QPainter, theme: Theme, rect: QRect, row: Row, *, selected: bool) -> int:
        if not selected or not isinstance(row, HitRow) or not row.ways:
            return super()._paint_right(painter, theme, rect, row, selected=selected)
        end, middle, metrics = rect.right() + 1 - PAD, rect.center().y() + 1, theme.metrics("small")
        start = end
        for words, key in reversed(row.ways):
            cap = key_width(theme, key)
            paint_key(painter, theme, (end - cap, middle), key)
            end -= cap + 8
            area = QRect(rect.left(), rect.top(), end - rect.left(), rect.height())
            line_of(painter, area, words, (theme.font("small"), theme.colour("ink-2")), RIGHT)
            end -= metrics.horizontalAdvance(words) + 16
        return start - end


def _pieces(text: str, spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int, bool]]:
    """The text cut at its spans: (from, to, bold)."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            pieces.append((at, start, False))
        pieces.append((max(start, at), end, True))
        at = max(end, at)
    if at < len(text):
        pieces.append((at, len(text), False))
    return pieces


class HitList(RowList):
    """A list of ``HitRow`` and headings."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name=name)
        self.setItemDelegate(_HitDelegate(self, chip_column=0, row_height=54))
        themes.follow(self.viewport().update)
