"""Filters beside each other, one list each: what a list is narrowed to. The first choice of each is all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QListView, QWidget

from gridworker.gui.widgets.layout import column, flow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.filter import Choice

MEASURED = 200
"""Of so many choices the widest gives the width; of more it would take the window too long to find it."""

_NAMES = ("building", "care", "unvisited", "missing")


class NarrowBar(QWidget):
    """The bar. ``changed`` comes when a person chose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        labels = (gettext("Building"), gettext("Care"), gettext("Last visit"), gettext("Missing"))
        self._lists: dict[str, QComboBox] = {}
        self._offered: dict[str, Sequence[Choice]] = dict.fromkeys(_NAMES, ())
        for name, label in zip(_NAMES, labels, strict=True):
            box = self._lists[name] = QComboBox()
            box.setAccessibleName(label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            view = box.view()
            if isinstance(view, QListView):
                view.setUniformItemSizes(True)  # or opening it measures ten thousand buildings
            box.activated.connect(self._on_chosen)
        self.setLayout(column(flow(*self._lists.values())))

    def offer(self, choices: "Mapping[str, Sequence[Choice]]") -> None:
        """Offer choices; what is chosen stays chosen where it is still offered."""
        for name, box in self._lists.items():
            if choices[name] == self._offered[name]:
                continue
            before = self._value(name)
            self._offered[name] = choices[name]
            box.clear()
            if len(choices[name]) > MEASURED:
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(max(_letters(choice.label) for choice in choices[name]))
            box.addItems([choice.label for choice in choices[name]])
            self._set(name, before)

    def values(self) -> dict[str, str]:
        """What is chosen, by filter; '' for all."""
        return {name: self._value(name) for name in self._lists}

    def choose(self, name: str, value: str) -> None:
        """As a person does."""
        self._set(name, value)
        self.changed.emit()

    def reset(self) -> None:
        """Back to all, without a signal."""
        for box in self._lists.values():
            box.setCurrentIndex(0)

    def _value(self, name: str) -> str:
        at = self._lists[name].currentIndex()
        return self._offered[name][at].value if at >= 0 else ""

    def _set(self, name: str, value: str) -> None:
        offered = self._offered[name]
        self._lists[name].setCurrentIndex(next((at for at, one in enumerate(offered) if one.value == value), 0))

    def _on_chosen(self, _index: int) -> None:
        self.changed.emit()


def _letters(label: str) -> int:
    """How many letters are as wide: a Chinese character, three bytes of UTF-8, is as wide as two."""
    return (len(label) + len(label.encode())) // 2
