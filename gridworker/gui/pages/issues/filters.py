"""Above the list: the four firsts as tiles, the states, and what narrows the list down."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from gridworker.app.issue.list import TRACKS
from gridworker.app.issue.views import IssueFilter, IssuesView
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.issues.looks import TRACK_ICONS, chip
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.tile import Tile
from gridworker.gui.widgets.turning import Turning
from gridworker.text import gettext


class _FilterLine(QLineEdit):
    """Room for a few words; what is typed filters at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(gettext("Filter: words or pinyin"))
        self.setAccessibleName(gettext("Filter this list"))
        self.setClearButtonEnabled(True)

    def sizeHint(self) -> QSize:
        """A short field."""
        return QSize(themes.current().px(200), super().sizeHint().height())


class Filters(QWidget):
    """What is listed: ``changed`` carries the IssueFilter a person made."""

    changed = Signal(object)
    left = Signal()
    """The filter line was left for the list."""

    def __init__(self) -> None:
        super().__init__()
        self._filter = IssueFilter()
        self._buildings: tuple[tuple[int, str], ...] = ()
        self.tiles = {
            track: Tile(str(title), str(text), TRACK_ICONS[track], str(number))
            for number, (track, (title, text)) in enumerate(TRACKS.items(), start=1)
        }
        self.states = Segmented(
            [
                Segment("open", gettext("Not done"), 0),
                Segment("waiting", gettext("To respond"), 0),
                Segment("handling", gettext("In progress"), 0),
                Segment("return", gettext("Return due"), 0),
                Segment("closed", gettext("Closed"), 0),
            ]
        )
        self.line = _FilterLine()
        self.line.hide()
        self.building = Button(gettext("Building"), "funnel-simple", key="B", kind="quiet")
        self.order = Button("", "sort-ascending", key="S", kind="quiet")
        self._arrange()
        self.states.chosen.connect(self._on_state)
        self.line.textChanged.connect(self._on_text)
        self.line.returnPressed.connect(self.left)
        self.building.clicked.connect(self._on_building)
        self.order.clicked.connect(self._on_order)
        self._show_words()

    def _arrange(self) -> None:
        below = row(self.states, gap=8)
        below.addLayout(row(None, self.line, self.building, self.order, gap=8), 1)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for track, tile in self.tiles.items():
            tiles.addWidget(tile, 1)
            tile.clicked.connect(partial(self.toggle_track, track))
        self.setLayout(column(tiles, 14, below))
        Turning(self, below)

    def value(self) -> IssueFilter:
        """What is asked for now."""
        return self._filter

    def show_filter(self, wanted: IssueFilter) -> None:
        """Show a filter without a signal."""
        self._filter = wanted
        self.states.set_value(wanted.state)
        for track, tile in self.tiles.items():
            tile.setChecked(track == wanted.track)
        if self.line.text() != wanted.text:
            blocked = self.line.blockSignals(True)
            self.line.setText(wanted.text)
            self.line.blockSignals(blocked)
        self.line.setVisible(bool(wanted.text) or self.line.isVisible())
        self._show_words()

    def show_counts(self, view: IssuesView) -> None:
        """Numbers on tiles and states."""
        for tile in view.tiles:
            self.tiles[tile.track].show_count(tile.count, chip(tile.mark) if tile.mark else None)
        for state, count in view.counts.items():
            self.states.set_count(state, count)
        self.show_filter(self._filter)

    def show_buildings(self, buildings: tuple[tuple[int, str], ...]) -> None:
        """What the list can be narrowed to."""
        self._buildings = buildings
        self._show_words()

    def toggle_track(self, track: str, *_: object) -> None:
        """Filter by a track, or no more."""
        self._change(track=None if self._filter.track == track else track)

    def open_line(self) -> None:
        """Show the filter line and put the focus there."""
        self.line.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def close_line(self) -> None:
        """Empty and hide it."""
        self.line.hide()
        self.line.clear()

    def widen(self) -> None:
        """Show everything that is open."""
        self.line.hide()
        self._filter = IssueFilter(newest=self._filter.newest)
        self.show_filter(self._filter)
        self.changed.emit(self._filter)

    def building_menu(self) -> QMenu:
        """The buildings with open issues."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for id_, label in ((None, gettext("All buildings")), *self._buildings):
            entry = QAction(label, menu)
            entry.setCheckable(True)
            entry.setChecked(id_ == self._filter.building)
            entry.triggered.connect(partial(self._on_building_chosen, id_))
            group.addAction(entry)
            menu.addAction(entry)
        return menu

    def _show_words(self) -> None:
        name = dict(self._buildings).get(self._filter.building or 0, gettext("Building"))
        self.building.set_label(name)
        self.building.set_kind("soft" if self._filter.building else "quiet")
        self.order.set_label(gettext("Newest first") if self._filter.newest else gettext("By time limit"))

    def _change(self, **values: Any) -> None:
        self.show_filter(replace(self._filter, **values))
        self.changed.emit(self._filter)

    def _on_state(self, state: str) -> None:
        self._change(state=state)

    def _on_text(self, text: str) -> None:
        self._change(text=text)

    def _on_building(self) -> None:
        self.building_menu().popup(self.building.mapToGlobal(QPoint(0, self.building.height())))

    def _on_building_chosen(self, building: int | None, *_: object) -> None:
        self._change(building=building)

    def _on_order(self) -> None:
        self._change(newest=not self._filter.newest)
