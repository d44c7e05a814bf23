"""How the rows of a ``RowList`` are drawn."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.avatar import paint_avatar
from gridworker.gui.widgets.chip import GAP, ChipSpec, chip_width, paint_chip
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.paint import LEFT, RIGHT, box, line_of, ring
from gridworker.gui.widgets.progress import SEGMENTS_WIDTH, paint_steps
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex, Row, RowModel, Section

PAD = 12
KEYBOARD = "keyboard"
"""The property of a view that says the keys lead, so that a ring is due."""
QUIET = "quiet"
"""The property of a view where nothing depends on the row chosen: it is filled only while the view has the focus."""
_STEPS_FROM_RIGHT = 232


class RowDelegate(QStyledItemDelegate):
    """Draws sections and rows with cached fonts and pixmaps."""

    def __init__(self, view: QAbstractItemView, *, chip_column: int, row_height: int) -> None:
        super().__init__(view)
        self._view = view
        self._chip_column, self._row_height = chip_column, row_height
        self._asked: tuple[int, int, Theme] | None = None
        self._lifted = False

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """A row, a section line, or the first section line, which needs no space above."""
        del option
        theme = themes.current()
        if isinstance(index.data(ITEM_ROLE), Section):
            return QSize(0, theme.px(30) if index.row() == 0 else theme.px(44))
        return QSize(0, theme.px(self._row_height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a line of the list."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, item, rect = themes.current(), index.data(ITEM_ROLE), QRect(option.rect)
        if isinstance(item, Section):
            self._paint_section(painter, theme, rect, item)
        else:
            selected = self._is_lit(option)
            self._paint_back(painter, theme, rect, option, selected=selected)
            self._paint_rule(painter, theme, rect, index, selected=selected)
            self._paint_row(painter, theme, rect, item, selected=selected)
        painter.restore()

    def _paint_section(self, painter: QPainter, theme: Theme, rect: QRect, section: Section) -> None:
        line = QRect(rect.left() + PAD, rect.bottom() + 1 - theme.px(30), rect.width() - 2 * PAD, theme.px(30))
        line_of(painter, line, section.title, (theme.font("body", True), theme.colour("ink")), LEFT)
        line.setLeft(line.left() + theme.metrics("body", True).horizontalAdvance(section.title) + 8)
        grey = (theme.font("small"), theme.colour("ink-3"))
        line_of(painter, line, section.aside, grey, LEFT)
        line_of(painter, line, section.right, grey, RIGHT)

    def _is_lit(self, option: QStyleOptionViewItem) -> bool:
        return bool(option.state & QStyle.StateFlag.State_Selected) and (
            self._view.hasFocus() or not self._view.property(QUIET)
        )

    def _paint_back(
        self, painter: QPainter, theme: Theme, rect: QRect, option: QStyleOptionViewItem, *, selected: bool
    ) -> None:
        state = option.state
        if selected:
            box(painter, rect, 10, theme.colour("sel"))
            if self._view.hasFocus() and state & QStyle.StateFlag.State_HasFocus and self._view.property(KEYBOARD):
                ring(painter, rect, 10, theme.colour("focus"))
        elif state & QStyle.StateFlag.State_MouseOver:
            box(painter, rect, 10, theme.colour("hover"))

    def _paint_rule(
        self,
        painter: QPainter,
        theme: Theme,
        rect: QRect,
        index: AnyIndex,
        *,
        selected: bool,
    ) -> None:
        model = index.model()
        below = index.sibling(index.row() + 1, 0)
        last = isinstance(model, RowModel) and model.is_last(index)
        if selected or last or self._view.selectionModel().isSelected(below):
            return
        row = index.data(ITEM_ROLE)
        left = rect.left() + PAD + (theme.px(36) + PAD if isinstance(row, Row) and row.avatar else 0)
        painter.fillRect(left, rect.bottom(), rect.right() - PAD - left, 1, theme.colour("line"))

    def _paint_row(self, painter: QPainter, theme: Theme, rect: QRect, row: Row, *, selected: bool) -> None:
        left, middle = rect.left() + PAD, rect.center().y() + 1
        if row.avatar:
            side = theme.px(36)
            paint_avatar(painter, theme, QRect(left, middle - side // 2, side, side), row.avatar)
            left += side + PAD
        whole = max(rect.right() - PAD - left, 0)
        lifted = _has_chip_beside_words(row, hint=selected) and self._lifts(theme, rect.width())
        beside = _upper_line(theme, rect) if lifted else rect
        right = rect.right() - PAD - self._paint_right(painter, theme, beside, row, selected=selected)
        if row.steps:
            at = rect.right() - theme.px(_STEPS_FROM_RIGHT)
            paint_steps(painter, theme, QRect(at, rect.top(), theme.px(SEGMENTS_WIDTH), rect.height()), row.steps)
            right = min(right, at - PAD)
        right = self._paint_chips(painter, theme, (rect.left(), right, middle), row)
        words = QRect(left, rect.top(), max(right - left, 0), rect.height())
        self._paint_words(painter, theme, words, row, below=whole if lifted else None)

    def _lifts(self, theme: Theme, width: int) -> bool:
        """Whether a second line has no room beside its chip: then all of the list stand beside the first lines."""
        model = self._view.model()
        if not isinstance(model, RowModel):
            return False
        asked = (model.filled, width, theme)
        if self._asked != asked:
            self._asked = asked
            self._lifted = any(_is_cut_beside_chip(theme, row, width) for row in model.rows())
        return self._lifted

    def _paint_chips(self, painter: QPainter, theme: Theme, span: tuple[int, int, int], row: Row) -> int:
        """Chips from their column, or at the right end; gives where the words must end."""
        left, right, middle = span
        chips = _that_fit(theme, row.chips, right - left - theme.px(self._chip_column or 160))
        if not chips:
            return right - 8
        width = sum(chip_width(theme, chip) + GAP for chip in chips) - GAP
        at = left + theme.px(self._chip_column) if self._chip_column else right - 8 - width
        end = at - 8
        for chip in chips:
            at += paint_chip(painter, theme, (at, middle), chip) + GAP
        return end

    def _paint_words(self, painter: QPainter, theme: Theme, rect: QRect, row: Row, *, below: int | None = None) -> None:
        """Title and what stands under it; ``below`` is the room of the second line where it has more than the first."""
        bold, small = theme.metrics("body", True), theme.metrics("small")
        top, under = theme.line("body"), theme.line("small") if row.subtitle else 0
        line = QRect(rect.left(), rect.center().y() + 1 - (top + under) // 2, rect.width(), top)
        chip = row.title_chip
        room = line.width() - (chip_width(theme, chip) + 8 if chip else 0)
        title = bold.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        line_of(painter, line, title, (theme.font("body", True), theme.colour("ink")), LEFT)
        at = line.left() + bold.horizontalAdvance(title) + 6
        if chip:
            at += 2 + paint_chip(painter, theme, (at + 2, line.center().y() + 1), chip) + 6
        grey = (theme.font("small"), theme.colour("ink-3"))
        aside = small.elidedText(row.aside, Qt.TextElideMode.ElideRight, max(line.right() - at, 0))
        line_of(painter, QRect(at, line.top(), line.right() - at + 1, top), aside, grey)
        if row.subtitle:
            second = QRect(line.left(), line.bottom(), line.width() if below is None else below, under)
            words = small.elidedText(row.subtitle, Qt.TextElideMode.ElideRight, second.width())
            line_of(painter, second, words, (theme.font("small"), theme.colour("ink-2")), LEFT)

    def _paint_right(self, painter: QPainter, theme: Theme, rect: QRect, row: Row, *, selected: bool) -> int:
        """What stands at the right end; gives its width."""
        middle, end = rect.center().y() + 1, rect.right() + 1 - PAD
        if selected and row.hint:
            words, key = row.hint
            cap = key_width(theme, key)
            paint_key(painter, theme, (end - cap, middle), key)
            area = QRect(rect.left(), rect.top(), end - cap - 8 - rect.left(), rect.height())
            line_of(painter, area, words, (theme.font("small", True), theme.colour("accent-ink")), RIGHT)
            return cap + 8 + theme.metrics("small", True).horizontalAdvance(words)
        if row.right_chip:
            width = chip_width(theme, row.right_chip)
            paint_chip(painter, theme, (end - width, middle), row.right_chip)
            return width
        ink = theme.ink(row.right_tone) if row.right_tone else theme.colour("ink-3")
        area = QRect(rect.left(), rect.top(), end - rect.left(), rect.height())
        line_of(painter, area, row.right, (theme.font("small"), ink), RIGHT)
        return theme.metrics("small").horizontalAdvance(row.right)


def _has_chip_beside_words(row: Row, *, hint: bool) -> bool:
    """Whether a chip stands at the right of two lines."""
    return bool(row.right_chip and row.subtitle) and not (row.steps or row.chips or (hint and row.hint))


def _is_cut_beside_chip(theme: Theme, row: Row, width: int) -> bool:
    """Whether the second line has no room beside the chip at the right."""
    if row.right_chip is None or not _has_chip_beside_words(row, hint=False):
        return False
    room = width - 2 * PAD - (theme.px(36) + PAD if row.avatar else 0)
    return theme.metrics("small").horizontalAdvance(row.subtitle) > room - chip_width(theme, row.right_chip) - 8


def _upper_line(theme: Theme, rect: QRect) -> QRect:
    """The upper part of a row, in the middle of which its title stands."""
    top = rect.center().y() + 1 - (theme.line("body") + theme.line("small")) // 2
    return QRect(rect.left(), rect.top(), rect.width(), 2 * (top - rect.top()) + theme.line("body") - 2)


def _that_fit(theme: Theme, chips: tuple[ChipSpec, ...], room: int) -> list[ChipSpec]:
    """As many chips as fit; the first always stays."""
    fitting: list[ChipSpec] = []
    for chip in chips:
        room -= chip_width(theme, chip) + GAP
        if room < 0 and fitting:
            break
        fitting.append(chip)
    return fitting
