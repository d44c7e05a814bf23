"""What the doors of a building are coloured by: the choice, the key to the colours, and where the two stand."""

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.doorlooks import Colouring, house_of, swatches
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.legend import Legend
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.building.view import BuildingView
    from gridworker.gui.widgets.doors import House
    from gridworker.gui.widgets.tabs import TabStrip

_GAP = 14
_LONGEST = 8
"""Characters of a task's name: it stands between short words, and whole in its hint."""


class DoorColouring(QObject):
    """``bar`` is the line of the tabs, ``below`` the one under it, for what has no room there."""

    changed = Signal()

    def __init__(self, page: QWidget, tabs: "TabStrip") -> None:
        super().__init__(page)
        self._tabs, self._legend = tabs, Legend()
        named = (
            ("visits", gettext("Visit time"), gettext("Colour by last visit")),
            ("care", gettext("Care"), gettext("Colour by care")),
            ("task", gettext("Requests"), gettext("Colour by the office's task")),
            ("issues", gettext("Issues"), gettext("Colour by issues")),
        )
        self._choice = Segmented([Segment(value, label) for value, label, _ in named])
        self._choice.chosen.connect(lambda _value: self.changed.emit())
        for number, (value, _, told) in enumerate(named, start=1):
            bind(page, str(number), partial(self.colour_by, value), told)
        self.bar, self.below = row(gap=_GAP), row()
        self.bar.addWidget(tabs)
        self.bar.addWidget(self._legend, 1)
        self.bar.addWidget(self._choice)

    def colour_by(self, value: str) -> None:
        """Colour the doors by visits, care, the office's task or issues."""
        self._choice.set_value(value)
        self.changed.emit()

    def show_house(self, view: "BuildingView") -> "House":
        """The building in the colours chosen, with the key to them."""
        colouring = cast("Colouring", self._choice.value())
        short = view.task if len(view.task) <= _LONGEST else f"{view.task[: _LONGEST - 1]}…"
        self._choice.set_label("task", short or gettext("Requests"), view.task if short != view.task else "")
        self._legend.show_swatches(swatches(colouring))
        self.arrange()
        return house_of(view, colouring)

    def arrange(self) -> None:
        """The key to the colours stands below the tabs where it has no room beside them."""
        wanted = sum(part.sizeHint().width() for part in (self._tabs, self._legend, self._choice)) + 2 * _GAP
        beside = self.bar.indexOf(self._legend) >= 0
        if beside and wanted > self.bar.geometry().width():
            self.bar.removeWidget(self._legend)
            self.bar.setStretchFactor(self._tabs, 1)
            self.below.addWidget(self._legend)
        elif not beside and wanted <= self.bar.geometry().width():
            self.below.removeWidget(self._legend)
            self.bar.setStretchFactor(self._tabs, 0)
            self.bar.insertWidget(1, self._legend, 1)
