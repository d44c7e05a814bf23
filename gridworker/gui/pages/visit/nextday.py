"""The next visit: as the plan has it, soon, in two weeks, or a day picked."""

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.visit.entry import NO_DAY, PROPOSED
from gridworker.app.visit.view import NextDay
from gridworker.app.words.days import full_day
from gridworker.gui.widgets.editors import DayEditor
from gridworker.gui.widgets.layout import column
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

SOON, LATER = 3, 14
_PICK = "pick"


class NextVisit(QWidget):
    """``picked`` carries a day, PROPOSED or NO_DAY."""

    picked = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._soon = (today + timedelta(days=SOON)).isoformat()
        self._later = (today + timedelta(days=LATER)).isoformat()
        self._proposed = ""
        self._options = OptionChips(name=gettext("Next visit"))
        self._editor = DayEditor()
        self._editor.setAccessibleName(gettext("Day of the next visit"))
        self._why = Text("", "small", "ink-3", wrap=True)
        self.setLayout(column(self._options, self._editor, self._why, gap=6))
        self._editor.hide()
        self._options.chosen.connect(self._on_chosen)
        self._editor.changed.connect(self._on_day_changed)

    def show_day(self, next_on: str, proposed: NextDay) -> None:
        """Show the choice, with the proposal that fits the visit now."""
        words = full_day(proposed.day) if proposed.day else gettext("No day agreed")
        self._proposed = proposed.day.isoformat() if proposed.day else ""
        offered = [
            Option(self._soon, gettext("In {count} days").format(count=SOON), "1"),
            Option(PROPOSED, words, "2"),
            Option(self._later, gettext("In two weeks"), "3"),
            Option(_PICK, gettext("Pick a day"), "4"),
        ]
        picked = next_on if next_on in {option.value for option in offered} else _PICK
        self._options.set_options(offered)
        self._options.set_values([picked])
        self._show_editor(picked == _PICK, "" if next_on == NO_DAY else next_on)
        why = gettext("Leave it empty where no day was agreed.") if picked == _PICK else proposed.why
        self._why.setText(why)
        self._why.setVisible(bool(why))

    def _show_editor(self, shown: bool, day: str) -> None:
        """What is being typed stays as it is typed."""
        self._editor.setVisible(shown)
        if shown and not self._editor.line.hasFocus():
            self._editor.set_value(day)

    def focus_first(self) -> None:
        """The option picked."""
        self._options.focus_first()

    def _on_chosen(self, values: list[str]) -> None:
        if values != [_PICK]:
            self.picked.emit(values[0])
            return
        self._editor.set_value(self._proposed)
        self._editor.show()
        self._editor.line.setFocus()
        self._editor.line.selectAll()
        self._on_day_changed()

    def _on_day_changed(self) -> None:
        """A day half typed is none yet: the last choice stands. An empty field is no day."""
        value = str(self._editor.value() or "")
        try:
            self.picked.emit(date.fromisoformat(value).isoformat() if value else NO_DAY)
        except ValueError:
            return
