"""Handing a ledger out: which, what for, of which grid, in whose form, as what file. Who did it is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.app.ledger.rows import DATED
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.rosters import Rosters
from gridworker.app.words.periods import Period, periods
from gridworker.app.words.purposes import purposes
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file
from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.layout import column, holder, row, rule, scrolling
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.presets import Presets

_WIDTH, _LEAST, _FRAME = 640, 320, 60
_ALL, _USUAL = "0", ""
RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms there are beside the usual one: name and ledger of each, and whether they may be changed here.

    ``periods`` are the stretches of time that can be picked.
    """

    presets: tuple[tuple[str, str], ...] = ()
    may_change: bool = False
    periods: tuple[Period, ...] = ()


NO_FORMS = Forms()


def forms_of(presets: "Presets", today: date) -> Forms:
    """The forms the office has laid down, and the periods of a day."""
    named = tuple((one.name, one.ledger) for one in presets.all())
    return Forms(named, presets.may_change(), tuple(periods(today)))


class ExportDialog(QDialog):
    """The questions before an export. ``wished`` carries an ExportWish; no purpose is picked beforehand.

    ``form_wanted`` asks for a blank form of a ledger at a path, ``presets_wanted`` to change the forms of one.
    """

    wished = Signal(object)
    form_wanted = Signal(object, str)
    presets_wanted = Signal(str)

    def __init__(
        self, parent: QWidget, grids: Sequence[tuple[int, str]], grid: int | None, forms: Forms = NO_FORMS
    ) -> None:
        super().__init__(parent)
        self._forms = forms
        self._periods = {one.name: one for one in forms.periods}
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        title = gettext("Export a ledger")
        self.setAccessibleName(title)
        self.ledger = OptionChips([Option(*one) for one in Rosters.ledgers()], name=gettext("Which ledger"))
        self.ledger.set_values([RESIDENTS])
        self.ledger.chosen.connect(self._on_ledger)
        self.preset = OptionChips(name=gettext("In which form"))
        self.period = OptionChips(
            [Option(one.name, one.label) for one in forms.periods], name=gettext("From which time")
        )
        self.period.set_values([""])
        self._time = holder(column(Text(gettext("From which time"), "small", "ink-2"), 6, self.period, 14))
        offered = [Option(key, label, str(n)) for n, (key, label) in enumerate(purposes(), start=1)]
        self.purpose = OptionChips(offered, name=gettext("What is it for?"))
        self.purpose.chosen.connect(self._on_picked)
        places = [Option(_ALL, gettext("All grids")), *(Option(str(id_), name) for id_, name in grids)]
        self.grid = OptionChips(places, name=gettext("Grid"))
        self.grid.set_values([str(grid) if grid is not None else _ALL])
        formats = [Option(".xlsx", gettext("Excel (.xlsx)")), Option(".csv", gettext("Text (.csv)"))]
        self.format = OptionChips(formats, name=gettext("File format"))
        self.format.set_values([".xlsx"])
        self.save = Button(gettext("Choose where to save"), key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self._on_save)
        self.minors = CheckBox(gettext("With all that is known of under-14s"))
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        self.blank = Button(gettext("Blank form"), "file-text", kind="quiet")
        self.blank.clicked.connect(self._on_blank)
        self.told = Text("", "small", "ok", wrap=True)
        self.told.hide()
        self.change = Button(gettext("Change the forms"), "pencil-simple", kind="quiet")
        self.change.clicked.connect(self._on_change)
        self.change.setVisible(forms.may_change)
        advice = gettext("ID numbers and phones are masked. Who exported what, and what for, is written down.")
        body = column(
            Text(title, "title"), 4, Text(advice, "small", "ink-3", wrap=True), 16,
            Text(gettext("Which ledger"), "small", "ink-2"), 6, self.ledger, 14,
            Text(gettext("In which form"), "small", "ink-2"), 6, self.preset, 4,
            row(self.change, self.blank, None, gap=8), self.told, 10,
            self._time,
            Text(gettext("What is it for?"), "small", "ink-2"), 6, self.purpose, 14,
            Text(gettext("Grid"), "small", "ink-2"), 6, self.grid, 14,
            Text(gettext("File format"), "small", "ink-2"), 6, self.format, 14, self.minors,
            margins=(24, 20, 24, 20),
        )  # fmt: skip
        foot = row(None, cancel, self.save, margins=(24, 12, 24, 14))
        self._body, self._foot = holder(body), holder(foot)
        layout = column()
        layout.addWidget(scrolling(self._body), 1)
        layout.addWidget(rule())
        layout.addWidget(self._foot)
        self.setLayout(layout)
        bind(self, "Ctrl+Return", self._on_save, gettext("Choose where to save"))
        self._on_picked([])
        self._on_ledger([RESIDENTS])
        self.purpose.focus_first()
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        """As high as its questions; where the screen is lower they scroll."""
        width = themes.current().px(_WIDTH)
        body = self._body.layout()
        wanted = (body.totalHeightForWidth(width) if body else 0) + self._foot.sizeHint().height() + 2
        height = min(wanted, self.screen().availableGeometry().height() - _FRAME)
        self.setFixedWidth(width)
        self.setMinimumHeight(min(height, themes.current().px(_LEAST)))
        self.resize(width, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Lines that wrap know their height only now."""
        super().showEvent(event)
        self._restyle()

    def wish(self, path: Path) -> ExportWish:
        """What was picked, for a file."""
        grid = int(self.grid.values()[0])
        purpose = self.purpose.values()[0]
        named = self._ending(path)
        ledger, preset = self.ledger.values()[0], next(iter(self.preset.values()), _USUAL)
        usual = "" if ledger == RESIDENTS else ledger
        period = self._periods.get(next(iter(self.period.values()), "")) if ledger in DATED else None
        since, until = (period.since, period.until) if period else (None, None)
        minors = self.minors.isChecked()
        return ExportWish(named, purpose, grid or None, minors, ledger=usual, preset=preset, since=since, until=until)

    def _ending(self, path: Path) -> Path:
        suffix = self.format.values()[0]
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def _on_ledger(self, picked: list[str]) -> None:
        """Offer the forms of that ledger."""
        named = [Option(name, name) for name, ledger in self._forms.presets if [ledger] == picked]
        self.preset.set_options([Option(_USUAL, gettext("The usual form")), *named])
        self.preset.set_values([_USUAL])
        self._time.setVisible(bool(self._periods) and picked[0] in DATED)
        self.minors.setVisible(picked[0] in {RESIDENTS, "households", "visits"})
        if self.isVisible():
            self._restyle()

    def tell(self, words: str, *, written: bool) -> None:
        """What became of a blank form, here: what is said at the foot of the window lies behind."""
        self.told.setText(words)
        self.told.set_ink("ok" if written else "due")
        self.told.show()
        self._restyle()

    def _on_picked(self, picked: list[str]) -> None:
        self.save.setEnabled(bool(picked))

    def _on_save(self) -> None:
        if not self.purpose.values():
            return
        self._choose(gettext("Export a ledger"), self._on_named)

    def _on_blank(self) -> None:
        self._choose(gettext("Blank form"), self._on_blank_named)

    def _choose(self, title: str, chosen: Callable[[Path], None]) -> None:
        """Ask where to write; the file is called after the ledger."""
        suffix = self.format.values()[0]
        name = dict(Rosters.ledgers())[self.ledger.values()[0]] + suffix
        question = FileQuestion(title, Purpose.LEDGERS, [f"*{suffix}"], name, suffix.lstrip("."))
        save_file(self, question, chosen)

    def _on_named(self, path: Path) -> None:
        self.wished.emit(self.wish(path))
        self.accept()

    def _on_blank_named(self, path: Path) -> None:
        self.form_wanted.emit(self._ending(path), self.ledger.values()[0])

    def _on_change(self) -> None:
        self.presets_wanted.emit(self.ledger.values()[0])
        self.reject()
