"""Tabs of a page: buildings side by side, or the counts of a bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme, Tone
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.chip import ChipSpec, chip_width, paint_chip
from gridworker.gui.widgets.layout import clear
from gridworker.gui.widgets.paint import box, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.tabwidths import Widths
from gridworker.gui.widgets.themed import Themed
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its value, its words and a small number in a tone."""

    value: object
    label: str
    count: int = 0
    tone: Tone = "over"
    icon: str = ""


class _TabButton(Themed, Pressable):
    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self.tab = tab
        self.setCheckable(True)
        self.setAccessibleName(f"{tab.label} {tab.count}" if tab.count else tab.label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)
        theme = themes.current()
        long = theme.metrics("small", True).horizontalAdvance(tab.label) > theme.px(_MOST)
        self.setToolTip(tab.label if long else "")

    def _chip(self) -> ChipSpec:
        return ChipSpec(str(self.tab.count), self.tab.tone, bold=self.isChecked())

    def sizeHint(self) -> QSize:
        return QSize(_tab_width(self._theme, self.tab), self._theme.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            if on:
                box(painter, self.rect(), 8, theme.colour("card"), theme.colour("line"))
            elif self.underMouse():
                box(painter, self.rect(), 8, theme.colour("hover"))
            metrics = theme.metrics("small", on)
            label = metrics.elidedText(self.tab.label, Qt.TextElideMode.ElideRight, theme.px(_MOST))
            words = metrics.horizontalAdvance(label)
            area = QRect(13, 0, words + 2, self.height())
            line_of(painter, area, label, (theme.font("small", on), theme.colour("ink" if on else "ink-2")))
            if self.tab.count:
                paint_chip(painter, theme, (13 + words + 6, self.height() // 2), self._chip())
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))


_MOST = 200
"""Pixels at 100 % that the words of a tab take; longer ones are shortened."""


class _Tabs(QWidget):
    """What both rows of tabs share: one of them is chosen."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._tabs: list[Tab] = []

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show other tabs; the chosen one stays chosen where it is still there."""
        before = self.value()
        for button in self._group.buttons():
            self._group.removeButton(button)
        clear(self._row)
        self._tabs = list(tabs)
        for tab in tabs:
            button = self._button(tab)
            self._group.addButton(button, self._tabs.index(tab))
            self._row.addWidget(button)
            button.clicked.connect(self._on_clicked)
        self._finish()
        self.set_value(before)
        if self._group.checkedId() < 0 and tabs:
            self.set_value(tabs[0].value)

    def _button(self, tab: Tab) -> QAbstractButton:
        raise NotImplementedError

    def _finish(self) -> None:
        """Place for what stands behind the tabs."""

    def value(self) -> object:
        """The tab chosen, or None."""
        index = self._group.checkedId()
        return self._tabs[index].value if 0 <= index < len(self._tabs) else None

    def set_value(self, value: object) -> None:
        """Choose a tab without a signal."""
        for index, tab in enumerate(self._tabs):
            if tab.value == value:
                self._group.button(index).setChecked(True)

    def step(self, by: int) -> None:
        """The next or the previous tab, as a click."""
        index = self._group.checkedId() + by
        if 0 <= index < len(self._tabs):
            self._group.button(index).click()

    def _on_clicked(self) -> None:
        self.chosen.emit(self.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.step(step)


class TabStrip(_Tabs):
    """Words side by side (buildings), the chosen one on a card. ``chosen`` carries its value.

    An office has hundreds of buildings: only as many tabs are made as there is room for, the chosen one among them,
    and arrows lead to the others.
    """

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Tab] = []
        self._chosen = -1
        self._widths = Widths((), int)
        self._shown = range(0)
        self._before = IconButton("caret-left", gettext("Those before"))
        self._after = IconButton("caret-right", gettext("Those after"))
        self._before.clicked.connect(lambda: self._turn(back=True))
        self._after.clicked.connect(lambda: self._turn(back=False))
        for arrow in (self._before, self._after):
            arrow.hide()
        self._inner = QHBoxLayout()
        self._inner.setSpacing(self._row.spacing())
        self._row.addWidget(self._before)
        self._row.addLayout(self._inner)
        self._row.addWidget(self._after)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme, tabs, gap = themes.current(), self._all, self._row.spacing()
        self._widths = Widths([tab.label for tab in tabs], lambda at: _tab_width(theme, tabs[at]) + gap)
        self._fill()
        self.updateGeometry()

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show other tabs; the chosen one stays chosen where it is still there."""
        before = self.value()
        self._all = list(tabs)
        self._chosen = next((at for at, tab in enumerate(tabs) if tab.value == before), 0 if tabs else -1)
        self._restyle()

    def value(self) -> object:
        """The tab chosen, or None."""
        return self._all[self._chosen].value if 0 <= self._chosen < len(self._all) else None

    def set_value(self, value: object) -> None:
        """Choose a tab without a signal."""
        self._chosen = next((at for at, tab in enumerate(self._all) if tab.value == value), self._chosen)
        self._fill()

    def step(self, by: int) -> None:
        """The next or the previous tab, as a click."""
        at = self._chosen + by
        if 0 <= at < len(self._all):
            self._chosen = at
            self._fill()
            self.chosen.emit(self.value())

    def tabs(self) -> list[Tab]:
        """All of them."""
        return self._all

    def shown(self) -> list[str]:
        """The words of the tabs there is room for."""
        return [self._all[at].label for at in self._shown]

    def _fill(self) -> None:
        """Make the tabs around the chosen one."""
        room = self._room()
        first = min(self._shown.start, max(self._chosen, 0))
        last = self._widths.reach(first, room)
        if self._chosen >= last:
            first, last = self._chosen, self._chosen + 1
        self._show(range(self._back(first, last, room), last))

    def _room(self) -> int:
        """What tabs may take; arrows take some where not all have room."""
        arrows = 2 * (self._before.sizeHint().width() + self._row.spacing())
        return self.width() - (arrows if self._widths.are_more_than(self.width()) else 0)

    def _back(self, first: int, last: int, room: int) -> int:
        """The first of the tabs before ``last`` that have room."""
        while first and self._widths.of(first - 1, last) <= room:
            first -= 1
        return first

    def _turn(self, *, back: bool) -> None:
        """Show the tabs before or after those shown; which is chosen stays."""
        room = self._room()
        if back:
            last = self._shown.start
            first = self._back(max(last - 1, 0), last, room)
        else:
            first = min(self._shown.stop, len(self._widths) - 1)
        self._show(range(first, self._widths.reach(first, room)))

    def _show(self, shown: range) -> None:
        self._shown = shown
        focused = any(button.hasFocus() for button in self._group.buttons())
        for button in self._group.buttons():
            self._group.removeButton(button)
        clear(self._inner)
        for at in shown:
            button = _TabButton(self._all[at])
            button.setChecked(at == self._chosen)
            button.clicked.connect(partial(self._on_tab, at))
            self._group.addButton(button, at)
            self._inner.addWidget(button)
            if focused and at == self._chosen:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before.setVisible(shown.start > 0)
        self._after.setVisible(shown.stop < len(self._all))

    def _on_tab(self, at: int) -> None:
        self._chosen = at
        self.chosen.emit(self.value())

    def sizeHint(self) -> QSize:
        """All side by side, as far as any window goes."""
        return QSize(self._widths.begin(), themes.current().px(34))

    def minimumSizeHint(self) -> QSize:
        """The arrows and a tab between them."""
        least = self._widths.widest() + 2 * (self._before.sizeHint().width() + self._row.spacing())
        return QSize(min(least, self._widths.begin()), themes.current().px(34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many as there is room for now."""
        super().resizeEvent(event)
        self._fill()


def _tab_width(theme: Theme, tab: Tab) -> int:
    words = min(theme.metrics("small", True).horizontalAdvance(tab.label), theme.px(_MOST))
    chip = chip_width(theme, ChipSpec(str(tab.count), bold=True)) + 6 if tab.count else 0
    return words + chip + 26


_ROUND = 12
"""The corners of the card of counts."""
_NARROW = 8
"""Beside the words of a count, where there is no room for more."""


class _CountButton(Themed, Pressable):
    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self.tab = tab
        self.setCheckable(True)
        self.setAccessibleName(f"{tab.label} {tab.count}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        theme = self._theme
        words = theme.metrics("small").horizontalAdvance(self.tab.label)
        count = theme.metrics("title").horizontalAdvance(str(self.tab.count))
        return QSize(18 + theme.px(18) + 8 + words + 8 + count + 14, theme.px(52))

    def fitted(self) -> tuple[int, str]:
        """Where the words begin, and those there is room for: the number always has room, the icon goes first."""
        if self.width() >= self.sizeHint().width():
            return 18 + self._theme.px(18) + 8, self.tab.label
        room = self.width() - 2 * _NARROW - 8 - self._theme.metrics("title").horizontalAdvance(str(self.tab.count))
        return _NARROW, self._theme.metrics("small").elidedText(self.tab.label, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, on, tab = self._theme, self.isChecked(), self.tab
            if on:
                painter.fillPath(self._within(self.rect()), theme.soft(tab.tone))
                under = QRect(0, self.height() - 2, self.width(), 2)
                painter.fillPath(self._within(under), theme.mark(tab.tone))
            elif self.underMouse():
                painter.fillPath(self._within(self.rect()), theme.colour("hover"))
            ink = f"{tab.tone}-ink" if on else "ink-2"
            size = theme.px(18)
            left, label = self.fitted()
            if left > _NARROW:
                icon(painter, theme, (18, middle(self.rect(), size)), tab.icon, (18, ink))
            words = theme.metrics("small").horizontalAdvance(label)
            line_of(painter, QRect(left, 0, words + 2, self.height()), label, (theme.font("small"), theme.colour(ink)))
            number = QRect(left + words + 8, 0, self.width(), self.height())
            line_of(painter, number, str(tab.count), (theme.font("title"), theme.colour(ink if on else "ink")))
            if self.hasFocus():
                ring(painter, self.rect().adjusted(3, 3, -3, -3), _ROUND - 4, theme.colour("focus"))

    def _within(self, part: QRect) -> QPainterPath:
        """What of a part of this count lies inside the card of all counts: its corners are round."""
        card, piece = QPainterPath(), QPainterPath()
        inside = QRectF((self.parentWidget() or self).rect().adjusted(1, 1, -1, -1)).translated(-self.x(), -self.y())
        card.addRoundedRect(inside, _ROUND - 1, _ROUND - 1)
        piece.addRect(QRectF(part))
        return card.intersected(piece)


class CountTabs(_Tabs):
    """Counts side by side in one card (new, changed, same, conflicts, duplicates). ``chosen`` carries the value."""

    def __init__(self) -> None:
        super().__init__()
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(1)
        themes.follow(self.update)

    def _button(self, tab: Tab) -> QAbstractButton:
        return _CountButton(tab)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card and its dividers."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            box(painter, self.rect(), _ROUND, theme.colour("card"), theme.colour("line"))
            painter.setPen(QPen(theme.colour("line"), 1))
            for button in self._group.buttons()[1:]:
                painter.drawLine(button.x() - 1, 1, button.x() - 1, self.height() - 2)
