"""Filters beside each other, one list each: what a list is narrowed to. The first choice of each is all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gridworker.gui.widgets.layout import column, flow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household_filter import Choice

_NAMES = ("building", "care", "unvisited", "missing")


class NarrowBar(QWidget):
    """The bar. ``changed`` comes when a person chose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        labels = (gettext("Building"), gettext("Care"), gettext("Last visit"), gettext("Missing"))
        self._lists: dict[str, QComboBox] = {}
        for name, label in zip(_NAMES, labels, strict=True):
            box = self._lists[name] = QComboBox()
            box.setAccessibleName(label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._on_chosen)
        self.setLayout(column(flow(*self._lists.values())))

    def offer(self, choices: "Mapping[str, Sequence[Choice]]") -> None:
        """Offer choices; what is chosen stays chosen where it is still offered."""
        for name, box in self._lists.items():
            wanted = [(choice.label, choice.value) for choice in choices[name]]
            if wanted == [(box.itemText(at), box.itemData(at)) for at in range(box.count())]:
                continue
            before = box.currentData()
            box.clear()
            for label, value in wanted:
                box.addItem(label, value)
            box.setCurrentIndex(max(box.findData(before), 0))

    def values(self) -> dict[str, str]:
        """What is chosen, by filter; '' for all."""
        return {name: str(box.currentData() or "") for name, box in self._lists.items()}

    def choose(self, name: str, value: str) -> None:
        """As a person does."""
        box = self._lists[name]
        box.setCurrentIndex(max(box.findData(value), 0))
        self.changed.emit()

    def reset(self) -> None:
        """Back to all, without a signal."""
        for box in self._lists.values():
            box.setCurrentIndex(0)

    def _on_chosen(self, _index: int) -> None:
        self.changed.emit()
