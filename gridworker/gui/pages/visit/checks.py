"""The home checks: a row each, nothing ticked beforehand, and under a problem the issue it raises."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from gridworker.app.visit.entry import HazardEntry, VisitEntry
from gridworker.app.visit.view import CheckItem, VisitSheet
from gridworker.gui.pages.visit.hazard import HazardPanel
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.checkrow import FINE, PROBLEM, UNCHECKED, Answer, CheckRow
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.layout import column
from gridworker.text import gettext

MARKS: Mapping[str, str] = {FINE: "ok", PROBLEM: "problem", UNCHECKED: "not_checked"}
ANSWERS: Mapping[str, str] = {mark: answer for answer, mark in MARKS.items()}
_ICONS: Mapping[str, str] = {
    "gas": "fire", "power": "lightning", "fire": "bell-ringing", "passage": "path", "doors": "door",
    "grab_rail": "shower",
}  # fmt: skip


class _Row(CheckRow):
    """A check row that also takes its issue back with Backspace."""

    dropped = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.dropped.emit(self.key)
        else:
            super().keyPressEvent(event)


class ChecksCard(Card):
    """``marked`` carries check, mark and the issue it raises, or None."""

    marked = Signal(str, str, object)

    def __init__(self, sheet: VisitSheet, now: Callable[[], str], respond_by: Callable[[str, str], str]) -> None:
        """``now`` stamps a problem when it is seen; ``respond_by`` says until when it is to be answered."""
        super().__init__(margins=(4, 4, 4, 4))
        self._now, self._respond_by, self._severities = now, respond_by, sheet.severities
        self._items = {item.key: item for item in sheet.checks}
        self._rows: dict[str, _Row] = {}
        self._slots: dict[str, QVBoxLayout] = {}
        self._panels: dict[str, HazardPanel] = {}
        answers = (
            Answer(FINE, gettext("Fine"), "ok", "check-bold"),
            Answer(PROBLEM, gettext("Problem"), "over", "warning-fill"),
            Answer(UNCHECKED, gettext("Not checked")),
        )
        for item in sheet.checks:
            self._add(item, answers)

    def _add(self, item: CheckItem, answers: tuple[Answer, ...]) -> None:
        one = _Row(item.key, item.label, _ICONS.get(item.key, "check"), answers, note=item.last)
        if item.open_issue:
            one.show_chip(ChipSpec(item.open_issue, "info", "flag-banner"))
            one.setAccessibleName(gettext(", ").join((item.label, item.open_issue)))
        one.align([other.label for other in self._items.values()])
        one.answered.connect(self._on_answered)
        one.stepped.connect(self._on_stepped)
        one.dropped.connect(self._on_dropped)
        slot = QVBoxLayout()
        slot.setContentsMargins(4, 0, 4, 0)
        self._rows[item.key], self._slots[item.key] = one, slot
        self.body.addLayout(column(one, slot))

    def show_entry(self, entry: VisitEntry) -> None:
        """Show what is marked already."""
        for key, one in self._rows.items():
            one.control.set_value(ANSWERS.get(entry.checks.get(key, "not_checked"), UNCHECKED))
            self._show_panel(key, entry.hazards.get(key) if entry.checks.get(key) == "problem" else None)

    def focus_first(self) -> None:
        """The first row."""
        next(iter(self._rows.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def rest_fine(self) -> None:
        """Everything not looked at yet is fine: one deliberate act."""
        for one in self._rows.values():
            if one.value() == UNCHECKED:
                one.control.set_value(FINE)
                self.marked.emit(one.key, MARKS[FINE], None)

    def panel(self, key: str) -> HazardPanel | None:
        """The issue under a check, where there is one."""
        return self._panels.get(key)

    def row(self, key: str) -> CheckRow:
        """The row of a check."""
        return self._rows[key]

    def _show_panel(self, key: str, hazard: HazardEntry | None) -> None:
        old = self._panels.pop(key, None)
        if old is not None:
            self._slots[key].removeWidget(old)
            old.hide()
            old.deleteLater()
        if hazard is None or self._items[key].open_issue:
            return
        item = self._items[key]
        panel = HazardPanel(item, self._severities, hazard, self._respond_by(item.track, hazard.at))
        panel.changed.connect(partial(self._on_hazard_changed, key))
        panel.done.connect(partial(self._focus_row, key))
        panel.dropped.connect(partial(self._on_dropped, key))
        self._panels[key] = panel
        self._slots[key].addWidget(panel)
        self._slots[key].setContentsMargins(4, 2, 4, 8)

    def _focus_row(self, key: str) -> None:
        self._rows[key].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_answered(self, key: str, answer: str) -> None:
        hazard = None
        if answer == PROBLEM and not self._items[key].open_issue:
            panel = self._panels.get(key)
            hazard = panel.hazard() if panel else HazardEntry("", self._items[key].severity, at=self._now())
        self._show_panel(key, hazard)
        self.marked.emit(key, MARKS[answer], hazard)
        if hazard is not None:
            self._panels[key].title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_hazard_changed(self, key: str, hazard: HazardEntry) -> None:
        self.marked.emit(key, "problem", hazard)

    def _on_dropped(self, key: str) -> None:
        """The problem stays marked, only nothing is reported."""
        if key in self._panels:
            self._show_panel(key, None)
            self._slots[key].setContentsMargins(4, 0, 4, 0)
            self.marked.emit(key, "problem", None)
            self._focus_row(key)

    def _on_stepped(self, key: str, by: int) -> None:
        keys = list(self._rows)
        at = keys.index(key) + by
        if 0 <= at < len(keys):
            self._focus_row(keys[at])
