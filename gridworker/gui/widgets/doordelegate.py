"""How one door of the matrix is drawn."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.chip import chip_width, paint_chip
from gridworker.gui.widgets.doors import Door
from gridworker.gui.widgets.paint import LEFT, RIGHT, box, line_of, ring
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex
from gridworker.text import gettext

SPACE = 5
"""Between two doors."""
_CORNER, _PAD = 8, 9
_ROOMY = 72
"""A door less high than this is drawn tight: three lines, one right under the other."""


class DoorDelegate(QStyledItemDelegate):
    """Draws doors with cached fonts, colours and icons: 120 of them in a few milliseconds."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one door, or nothing in a stairwell."""
        door = index.data(ITEM_ROLE)
        if not isinstance(door, Door):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = themes.current()
        half = SPACE // 2
        cell = QRect(option.rect).adjusted(half, half, half - SPACE, half - SPACE)
        paint_door(painter, theme, cell, door)
        if option.state & QStyle.StateFlag.State_Selected:
            ring(painter, cell.adjusted(-2, -2, 2, 2), _CORNER + 2, theme.colour("focus"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            box(painter, cell, _CORNER, None, theme.colour("r4"))
        painter.restore()


def paint_hatched(painter: QPainter, theme: Theme, cell: QRect) -> None:
    """An empty place: hatch and outline on the page."""
    box(painter, cell, _CORNER, None, theme.colour("line"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(theme.colour("line"), Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(cell, _CORNER, _CORNER)


def paint_door(painter: QPainter, theme: Theme, cell: QRect, door: Door) -> None:
    """Draw a door into a cell."""
    _paint_back(painter, theme, cell, door)
    tight = cell.height() < theme.px(_ROOMY)
    edge = theme.px(3 if tight else 6)
    inner = cell.adjusted(_PAD, edge, -_PAD, -edge)
    dim = theme.colour("ink-3" if door.state in {"vacant", "unknown"} else "ink" if door.fill == "r3" else "ink-2")
    top = QRect(inner.left(), inner.top(), inner.width(), theme.line("caption"))
    end = inner.right() - (theme.px(16) + 4 if door.flag else 0)
    metrics = theme.metrics("caption")
    number = metrics.elidedText(door.number, Qt.TextElideMode.ElideRight, end - inner.left() + 1)
    line_of(painter, top, number, (theme.font("caption"), dim), LEFT)
    if door.flag:
        _paint_flag(painter, theme, QRect(inner.right() - theme.px(15), inner.top(), theme.px(16), theme.px(16)))
    if door.draft:
        start = top.left() + metrics.horizontalAdvance(number) + 8
        _paint_draft(painter, theme, QRect(start, top.top(), end - start + 1, top.height()))
    foot = QRect(inner.left(), inner.bottom() + 1 - theme.px(18), inner.width(), theme.px(18))
    name = theme.px(24) if not tight else foot.top() - top.bottom() - 1
    _paint_name(painter, theme, QRect(inner.left(), top.bottom() + 1, inner.width(), name), door, dim)
    _paint_foot(painter, theme, foot, door, dim)


def _paint_back(painter: QPainter, theme: Theme, cell: QRect, door: Door) -> None:
    if door.state == "vacant":
        paint_hatched(painter, theme, cell)
    elif door.state == "unknown":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("control"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(cell, _CORNER, _CORNER)
    elif door.state == "refused":
        box(painter, cell, _CORNER, theme.colour("card"), theme.colour("line"))
    elif door.state == "shop":
        box(painter, cell, _CORNER, theme.soft("info"))
    elif door.overdue:
        painter.save()
        painter.setClipRect(QRect(cell.left(), cell.top(), 4, cell.height()))
        box(painter, cell, _CORNER, theme.colour("over-mark"))
        painter.setClipRect(QRect(cell.left() + 4, cell.top(), cell.width(), cell.height()))
        box(painter, cell, _CORNER, theme.colour("over-soft"), theme.colour("over-line"))
        painter.restore()
    else:
        box(painter, cell, _CORNER, theme.colour(door.fill))


def _paint_flag(painter: QPainter, theme: Theme, circle: QRect) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("ink"))
    painter.drawEllipse(circle)
    line_of(
        painter, circle, "!", (theme.font("caption", True), theme.colour("canvas")), Qt.AlignmentFlag.AlignCenter.value
    )


def _paint_draft(painter: QPainter, theme: Theme, room: QRect) -> None:
    """A pencil and the word, as far as there is room for it: beside the number, so that it covers no overdue mark."""
    size, ink = theme.px(14), "ink-2"
    painter.drawPixmap(room.left(), room.center().y() - size // 2, theme.pixmap("note-pencil", 14, ink))
    word, metrics = gettext("Draft"), theme.metrics("caption", True)
    line = QRect(room.left() + size + 3, room.top(), room.width() - size - 3, room.height())
    if metrics.horizontalAdvance(word) <= line.width():
        line_of(painter, line, word, (theme.font("caption", True), theme.colour(ink)), LEFT)


def size_of_state(theme: Theme, words: str, room: int) -> Role:
    """The size in which words that stand for a name are whole: in the smallest cells "Not recorded" is long."""
    sizes: tuple[Role, ...] = ("body", "small", "caption")
    return next((size for size in sizes if theme.metrics(size).horizontalAdvance(words) <= room), "caption")


def _paint_name(painter: QPainter, theme: Theme, line: QRect, door: Door, dim: QColor) -> None:
    plain = door.state in {"vacant", "unknown"}
    people = theme.metrics("caption").horizontalAdvance(door.people)
    size: Role = size_of_state(theme, door.name, line.width()) if plain else "body"
    look = (theme.font(size, not plain), dim if plain else theme.colour("ink"))
    metrics = theme.metrics(size, not plain)
    name = metrics.elidedText(door.name, Qt.TextElideMode.ElideRight, line.width() - people - (4 if people else 0))
    line_of(painter, line, name, look, LEFT)
    line.setLeft(line.left() + metrics.horizontalAdvance(name) + 4)
    line_of(painter, line, door.people, (theme.font("caption"), dim), LEFT)


def _paint_brief(painter: QPainter, theme: Theme, line: QRect, words: str, dim: QColor) -> None:
    """Words that need an icon before them to be understood, at the right."""
    width, size = theme.metrics("caption").horizontalAdvance(words), theme.px(14)
    line_of(painter, line, words, (theme.font("caption"), dim), RIGHT)
    at = line.right() + 1 - width - size - 3
    painter.drawPixmap(at, line.center().y() + 1 - size // 2, theme.pixmap("prohibit", 14, "ink-2"))


def _paint_foot(painter: QPainter, theme: Theme, line: QRect, door: Door, dim: QColor) -> None:
    """Icons at the left; at the right the chip or the note, which comes first where there is little room."""
    size, middle = theme.px(14), line.center().y() + 1
    metrics = theme.metrics("caption", door.overdue)
    if door.brief and metrics.horizontalAdvance(door.note) > line.width():
        _paint_brief(painter, theme, line, door.brief, dim)
        return
    wanted = chip_width(theme, door.chip) if door.chip else metrics.horizontalAdvance(door.note)
    room = line.width() - wanted
    icons = door.icons[: max(room // (size + 4), 0)]
    for number, (name, token) in enumerate(icons):
        at = line.left() + number * (size + 4)
        painter.drawPixmap(at, middle - size // 2, theme.pixmap(name, 14, token))
    if door.chip:
        paint_chip(painter, theme, (line.right() + 1 - wanted, middle), door.chip)
        return
    look = (theme.font("caption", door.overdue), theme.ink("over") if door.overdue else dim)
    note = metrics.elidedText(door.note, Qt.TextElideMode.ElideRight, line.width())
    line_of(painter, line, note, look, RIGHT)
    if door.overdue and room - len(icons) * (size + 4) >= size + 3:
        at = line.right() + 1 - wanted - size - 3
        painter.drawPixmap(at, middle - size // 2, theme.pixmap("warning-fill", 14, "over-ink"))
