"""Where it happened: a household or a building found while typing, or just words."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gridworker.app.issue.views import PlaceView
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.livefield import LiveField
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import ElidedText
from gridworker.text import gettext

_WAIT = 80


class PlaceField(QWidget):
    """The field. ``asked`` carries what is typed, to be answered by ``offer``; ``changed`` comes with every change."""

    asked = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._place: PlaceView | None = None
        self._offered: Sequence[PlaceView] = ()
        self.line = LiveField(gettext("Name, initials or door; or just say where"))
        self.line.setMaxLength(100)
        self.line.typed.connect(self._on_typed)
        self.line.moved.connect(self._on_moved)
        self.line.returnPressed.connect(self._on_return)
        self.offers = OptionChips(name=gettext("Places found"))
        self.offers.chosen.connect(self._on_taken)
        self.offers.hide()
        self._words = ElidedText("", bold=True)
        clear = IconButton("x", gettext("Somewhere else"))
        clear.clicked.connect(self._on_cleared)
        line = row(Icon("house-simple", 18), gap=8)
        line.addWidget(self._words, 1)
        line.addWidget(clear)
        self._chosen = holder(line)
        self._chosen.hide()
        self.setLayout(column(self._chosen, self.line, self.offers, gap=6))
        self.setFocusProxy(self.line)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT)
        self._wait.timeout.connect(self._ask)

    def place(self) -> PlaceView | None:
        """The household or building chosen."""
        return self._place

    def text(self) -> str:
        """What is said of the place besides."""
        return self.line.text().strip()

    def show_place(self, place: PlaceView | None) -> None:
        """Show a place as chosen, without a signal."""
        self._place = place
        self._chosen.setVisible(place is not None)
        self.line.setPlaceholderText(
            gettext("Where exactly, if it helps") if place else gettext("Name, initials or door; or just say where")
        )
        if place is not None:
            self._words.setText(" ".join(part for part in (place.title, place.aside) if part))
            self._offer(())

    def set_text(self, text: str) -> None:
        """Show words, without looking anything up."""
        blocked = self.line.blockSignals(True)
        self.line.setText(text)
        self.line.blockSignals(blocked)

    def offer(self, places: Sequence[PlaceView]) -> None:
        """What was found for the words asked last."""
        self._offer(places if self._place is None and self.line.text() else ())

    def fields(self) -> dict[str, Any]:
        """The place as it is kept."""
        place = self._place
        return {
            "place_text": self.text(),
            "household_id": place.household if place else None,
            "building_id": place.building if place else None,
            "place": [place.title, place.aside] if place else None,
        }

    def restore(self, kept: Mapping[str, Any], home: PlaceView | None = None) -> None:
        """Show what was kept. ``home``: its household as it is called now, and before these eyes."""
        words = kept.get("place")
        if words:
            aside = "" if kept.get("household_id") else words[1]  # of a household that is gone the door alone
            self.show_place(home or PlaceView(words[0], aside, kept.get("household_id"), kept.get("building_id")))
        self.set_text(str(kept.get("place_text") or ""))

    def _offer(self, places: Sequence[PlaceView]) -> None:
        self._offered = places
        self.offers.set_options(
            [
                Option(str(number), " ".join(part for part in (place.title, place.aside) if part))
                for number, place in enumerate(places)
            ]
        )
        self.offers.set_values([])
        self.offers.setVisible(bool(places))

    def _take(self, number: int) -> None:
        self.show_place(self._offered[number])
        self.set_text("")
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _ask(self) -> None:
        if self._place is None:
            self.asked.emit(self.line.live_text().strip())

    def _on_typed(self, _: str) -> None:
        self._wait.start()
        self.changed.emit()

    def _on_moved(self, key: int) -> None:
        if key == Qt.Key.Key_Down and self._offered:
            self.offers.focus_first()

    def _on_return(self) -> None:
        """Enter takes the first that was found."""
        if self._offered and not self.line.composing():
            self._take(0)

    def _on_taken(self, values: list[str]) -> None:
        self._take(int(values[0]))

    def _on_cleared(self) -> None:
        self.show_place(None)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a place that was found takes it; up goes back to the line."""
        if event.key() == Qt.Key.Key_Up and self.offers.isVisible():
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.offers.focused():
            self.offers.pick(self.offers.focused())
        else:
            super().keyPressEvent(event)
