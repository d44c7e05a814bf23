"""The parts that are picked from a few options: who was there, why, and what residents answered."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.visit.view import Choice, ReturnAsk
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

_MORE = "more"


def options_of(choices: Sequence[Choice]) -> list[Option]:
    """Choices as the options of a row."""
    return [Option(one.value, one.label, one.digit, one.alone) for one in choices]


class WhoChoice(OptionChips):
    """Who was there. The rare answers come when they are asked for. ``picked`` carries the values."""

    picked = Signal(tuple)

    def __init__(self, who: Sequence[Choice], more: Sequence[Choice]) -> None:
        super().__init__(several=True, name=gettext("Who was there"))
        self._who, self._more = who, more
        self._offer(())
        self.chosen.connect(self._on_chosen)

    def _offer(self, seen: Sequence[str]) -> None:
        known = {one.value for one in self._who}
        rest: Sequence[Choice] = self._more
        if not any(value not in known for value in seen):
            rest = [Choice(_MORE, gettext("Something else"), "9")]
        self.set_options(options_of([*self._who, *rest]))

    def show_seen(self, seen: Sequence[str]) -> None:
        """Show what is picked; of the rare answers all, where one of them is."""
        self._offer(seen)
        self.set_values(seen)

    def _on_chosen(self, values: list[str]) -> None:
        if _MORE in values:
            kept = [value for value in values if value != _MORE]
            self.set_options(options_of([*self._who, *self._more]))
            self.set_values(kept)
            self._buttons[self._more[0].value].setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.picked.emit(tuple(values))


class AnswersPanel(QWidget):
    """What residents say about their issues. ``answered`` carries issue and answer; '' takes it back."""

    answered = Signal(object, str)

    def __init__(self, asks: Sequence[ReturnAsk], answers: Sequence[Choice]) -> None:
        super().__init__()
        self._rows: dict[int, OptionChips] = {}
        # Each answer excludes the others, and picked once more it is taken back.
        options = [Option(one.value, one.label, one.digit, alone=True) for one in answers]
        rows = column(gap=10)
        for ask in asks:
            chips = OptionChips(options, several=True, name=ask.title)
            chips.chosen.connect(partial(self._on_chosen, ask.issue))
            self._rows[ask.issue] = chips
            head = row(Text(ask.title), gap=8)
            head.addWidget(ElidedText(ask.about, "small", "ink-3"), 1)
            rows.addWidget(holder(column(head, chips, gap=4)))
        self.setLayout(rows)

    def show_answers(self, answers: Mapping[int, str]) -> None:
        """Show what was picked."""
        for issue, chips in self._rows.items():
            chips.set_values([answers.get(issue, "")])

    def _on_chosen(self, issue: int, values: list[str]) -> None:
        self.answered.emit(issue, values[0] if values else "")
