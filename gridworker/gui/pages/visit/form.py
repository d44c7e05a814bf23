"""The form itself: all parts with their defaults, and the entry as it stands after every touch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QWidget

from gridworker.app.visit.entry import HazardEntry, NeedEntry, VisitEntry
from gridworker.app.visit.save import outcome_group, slip_words
from gridworker.app.visit.view import OpenedVisit
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.visit.checks import ChecksCard
from gridworker.gui.pages.visit.choices import AnswersPanel, WhoChoice, options_of
from gridworker.gui.pages.visit.needs import NeedsRaised
from gridworker.gui.pages.visit.nextday import NextVisit
from gridworker.gui.pages.visit.notes import NotesField
from gridworker.gui.pages.visit.part import FormPart
from gridworker.gui.pages.visit.slip import Slip
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import column, holder
from gridworker.gui.widgets.options import OptionChips
from gridworker.gui.widgets.photos import PhotoList
from gridworker.text import gettext

WHO, WHY, CHECKS, NOTES, NEEDS, PHOTOS, NEXT = "who", "why", "checks", "notes", "needs", "photos", "next"
PARTS = (WHO, WHY, CHECKS, NOTES, NEEDS, PHOTOS, NEXT)
"""In the order of their keys, Alt 1 and on."""

ONE_COLUMN_BELOW = 900
_MARGIN, _GAP = 28, 32
_FAULTS: Mapping[str, str] = {"seen": WHO, "next_on": NEXT}


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the form asks about time: the stamp of now, and until when a hazard on a track is to be answered."""

    now: Callable[[], str]
    respond_by: Callable[[str, str], str]


class VisitForm(QWidget):
    """``changed`` carries the entry after a person touched it."""

    changed = Signal(object)

    def __init__(self, opened: OpenedVisit, clocks: Clocks) -> None:
        super().__init__()
        self._sheet, self._entry = opened.sheet, opened.entry
        self._make_fields(clocks)
        self._parts = {
            WHO: FormPart("1", gettext("Who was there"), gettext("several may be picked"), self.who),
            WHY: FormPart("2", gettext("Why"), "", self.why),
            CHECKS: FormPart(
                "3", gettext("Checks"), gettext("↑ ↓ move, 1 fine, 2 problem, 3 not checked"), self.checks,
                self._rest, KeyCap("A"),
            ),
            NOTES: FormPart("4", gettext("Notes"), gettext("whatever comes to mind, / for phrases"), self.notes),
            NEEDS: FormPart("5", gettext("Needs raised"), "", self.needs),
            PHOTOS: FormPart("6", gettext("Photos"), gettext("only where they help; no faces, no papers"), self.photos),
            NEXT: FormPart("7", gettext("Next visit"), "", self.next),
        }  # fmt: skip
        self._late = FormPart("", gettext("Why written down late"), gettext("more than a week ago"), self.late)
        self._returns = FormPart("", gettext("Return visit"), gettext("what the resident says"), self.answers)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(_MARGIN, 20, _MARGIN, 20)
        self._columns.setSpacing(_GAP)
        left = [self._late, self._parts[WHO], self.slip, self._parts[WHY], self._returns, self._parts[CHECKS]]
        self._left = holder(column(*left, None, gap=18))
        self._right = holder(column(*(self._parts[name] for name in (NOTES, NEEDS, PHOTOS, NEXT)), None, gap=22))
        self._columns.addWidget(self._left, 60)
        self._columns.addWidget(self._right, 41)
        self._connect()
        self.show_entry(self._entry)
        themes.follow(self._fit)

    def _make_fields(self, clocks: Clocks) -> None:
        sheet = self._sheet
        self.who, self.slip = WhoChoice(sheet.who, sheet.more), Slip()
        self.why = OptionChips(options_of(sheet.purposes), name=gettext("Why"))
        self.checks = ChecksCard(sheet, clocks.now, clocks.respond_by)
        self._rest = Button(gettext("The rest is fine"), kind="link", size="compact")
        self.answers = AnswersPanel(sheet.returns, sheet.answers)
        self.notes, self.needs = NotesField(sheet.phrases), NeedsRaised()
        self.next = NextVisit(sheet.today)
        self.photos = PhotoList()
        self.late = QLineEdit()
        self.late.setMaxLength(200)
        self.late.setAccessibleName(gettext("Why written down late"))

    def _connect(self) -> None:
        self.who.picked.connect(self._on_seen)
        self.why.chosen.connect(self._on_purpose)
        self.checks.marked.connect(self._on_marked)
        self._rest.clicked.connect(self.rest_fine)
        self.answers.answered.connect(self._on_answered)
        self.notes.edited.connect(self._on_note)
        self.needs.edited.connect(self._on_needs)
        self.next.picked.connect(self._on_next)
        self.late.textEdited.connect(self._on_late_reason)

    # ------------------------------------------------------------------------------------------------------ the entry

    def entry(self) -> VisitEntry:
        """As it stands, with the part the cursor is in."""
        return replace(self._entry, part=self.current_part() or self._entry.part)

    def show_entry(self, entry: VisitEntry) -> None:
        """Show an entry, without a signal."""
        self._entry = entry
        self.who.show_seen(entry.seen)
        self.why.set_values([entry.purpose])
        self.checks.show_entry(entry)
        self.answers.show_answers(entry.answers)
        self.notes.show_text(entry.note)
        self.needs.show_needs(entry.needs)
        self.late.setText(entry.late_reason)
        self._settle()

    def show_late(self, late: bool) -> None:
        """Ask for the reason of a visit written down late."""
        self._late.setVisible(late)

    def move_start(self, started_at: str) -> None:
        """The visit began at another time."""
        self._change(replace(self._entry, started_at=started_at))

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Say at each part what is missing, and go to the first."""
        for name, part in self._parts.items():
            part.show_fault("".join(text for field, text in faults.items() if _FAULTS.get(field) == name))
        self._late.show_fault(faults.get("late_reason", ""))
        if "late_reason" in faults:
            self.late.setFocus()
        else:
            first = next((name for name, part in self._parts.items() if part.fault()), "")
            if first:
                self.go(first)

    def _change(self, entry: VisitEntry) -> None:
        self._entry = entry
        self._settle()
        self.changed.emit(self.entry())

    def _settle(self) -> None:
        """What depends on what was picked: checks only at an open door, the day proposed."""
        entry = self._entry
        self._parts[CHECKS].setVisible(entry.has_checks)
        self._parts[NEEDS].setVisible(not entry.missed)
        self.slip.setVisible(entry.missed == "nobody_home")
        self.slip.show_words(slip_words(entry, self._sheet))
        self._returns.setVisible(bool(self._sheet.returns) and not entry.missed)
        self.next.show_day(entry.next_on, self._sheet.next_days[outcome_group(entry)])
        self._parts[WHO].show_fault("")
        self._parts[NEXT].show_fault("")

    def _on_seen(self, seen: tuple[str, ...]) -> None:
        self._change(replace(self._entry, seen=seen))

    def _on_purpose(self, values: list[str]) -> None:
        self._change(replace(self._entry, purpose=values[0]))

    def _on_marked(self, check: str, mark: str, hazard: HazardEntry | None) -> None:
        self._change(self._entry.marked(check, mark, hazard))

    def _on_answered(self, issue: int, answer: str) -> None:
        self._change(replace(self._entry, answers={**self._entry.answers, issue: answer}))

    def _on_note(self, text: str) -> None:
        self._change(replace(self._entry, note=text))

    def _on_needs(self, needs: tuple[NeedEntry, ...]) -> None:
        self._change(replace(self._entry, needs=needs))

    def _on_next(self, next_on: str) -> None:
        self._change(replace(self._entry, next_on=next_on))

    def _on_late_reason(self, text: str) -> None:
        self._late.show_fault("")
        self._change(replace(self._entry, late_reason=text))

    # ---------------------------------------------------------------------------------------------------------- moving

    def go(self, name: str) -> None:
        """Put the cursor into a part; a hidden one is passed over."""
        part = self._parts.get(name)
        if part is None or part.isHidden():
            return
        focus: dict[str, Callable[[], None]] = {
            WHO: self.who.focus_first,
            WHY: self.why.focus_first,
            CHECKS: self.checks.focus_first,
            NOTES: lambda: self.notes.edit.setFocus(Qt.FocusReason.ShortcutFocusReason),
            NEEDS: self.needs.focus_first,
            PHOTOS: lambda: self.photos.adding.setFocus(Qt.FocusReason.ShortcutFocusReason),
            NEXT: self.next.focus_first,
        }
        focus[name]()

    def current_part(self) -> str:
        """The part the cursor is in, or ''."""
        focus = QApplication.focusWidget()
        return next((name for name, part in self._parts.items() if focus is not None and part.isAncestorOf(focus)), "")

    def rest_fine(self) -> None:
        """All checks not looked at yet are fine."""
        if not self._parts[CHECKS].isHidden():
            self.checks.rest_fine()

    def _fit(self) -> None:
        sides = (self._left, self._right)
        least = sum(side.minimumSizeHint().width() for side in sides) + 2 * _MARGIN + _GAP
        narrow = self.width() < max(least, ONE_COLUMN_BELOW * themes.current().scale)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)

    def minimumSizeHint(self) -> QSize:
        """Room for the wider column: two stand beside each other only where both fit."""
        widest = max(side.minimumSizeHint().width() for side in (self._left, self._right))
        return QSize(widest + 2 * _MARGIN, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where there is no room for two."""
        super().resizeEvent(event)
        self._fit()
