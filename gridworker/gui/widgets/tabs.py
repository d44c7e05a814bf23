"""Tabs of a page: buildings side by side, or the counts of a bundle."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gridworker.gui import theme as themes
from gridworker.gui.theme import Tone
from gridworker.gui.widgets.chip import ChipSpec, chip_width, paint_chip
from gridworker.gui.widgets.layout import clear
from gridworker.gui.widgets.paint import box, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.themed import Themed


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

    def _chip(self) -> ChipSpec:
        return ChipSpec(str(self.tab.count), self.tab.tone, bold=self.isChecked())

    def sizeHint(self) -> QSize:
        words = self._theme.metrics("small", True).horizontalAdvance(self.tab.label)
        chip = chip_width(self._theme, ChipSpec(str(self.tab.count), bold=True)) + 6 if self.tab.count else 0
        return QSize(words + chip + 26, self._theme.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            if on:
                box(painter, self.rect(), 8, theme.colour("card"), theme.colour("line"))
            elif self.underMouse():
                box(painter, self.rect(), 8, theme.colour("hover"))
            words = theme.metrics("small", on).horizontalAdvance(self.tab.label)
            area = QRect(13, 0, words + 2, self.height())
            line_of(painter, area, self.tab.label, (theme.font("small", on), theme.colour("ink" if on else "ink-2")))
            if self.tab.count:
                paint_chip(painter, theme, (13 + words + 6, self.height() // 2), self._chip())
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))


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
    """Words side by side (buildings), the chosen one on a card. ``chosen`` carries its value."""

    def _button(self, tab: Tab) -> QAbstractButton:
        return _TabButton(tab)

    def _finish(self) -> None:
        self._row.addStretch(1)


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

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, on, tab = self._theme, self.isChecked(), self.tab
            if on:
                painter.fillRect(self.rect(), theme.soft(tab.tone))
                painter.fillRect(0, self.height() - 2, self.width(), 2, theme.mark(tab.tone))
            elif self.underMouse():
                painter.fillRect(self.rect(), theme.colour("hover"))
            ink = f"{tab.tone}-ink" if on else "ink-2"
            size = theme.px(18)
            icon(painter, theme, (18, middle(self.rect(), size)), tab.icon, (18, ink))
            words = theme.metrics("small").horizontalAdvance(tab.label)
            left = 18 + size + 8
            line_of(
                painter, QRect(left, 0, words + 2, self.height()), tab.label, (theme.font("small"), theme.colour(ink))
            )
            number = QRect(left + words + 8, 0, self.width(), self.height())
            line_of(painter, number, str(tab.count), (theme.font("title"), theme.colour(ink if on else "ink")))
            if self.hasFocus():
                ring(painter, self.rect(), 4, theme.colour("focus"))


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
            box(painter, self.rect(), 12, theme.colour("card"), theme.colour("line"))
            painter.setPen(QPen(theme.colour("line"), 1))
            for button in self._group.buttons()[1:]:
                painter.drawLine(button.x() - 1, 1, button.x() - 1, self.height() - 2)
