"""Backups: which there are, from when, and what they cover; making one now, the second place, putting one back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from gridworker.app.backup.restoring import Restoring, newer_lines
from gridworker.app.words.days import near_moment
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.page import Errand, Page, Shell, Touched
from gridworker.gui.pages.backups.running import Running
from gridworker.gui.pages.backups.second import SecondLook, SecondPlaceCard
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.avatar import AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import clear, column, row
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Item, Row, Section
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.backup.backups import BackupView
    from gridworker.app.backup.self_check import Finding
    from gridworker.app.workspace import Workspace

_COUNTED = ("household", "resident", "visit", "issue")
_SECOND, _LEAST_SECOND = 372, 260
"""The card beside the list, and what it makes do with in a narrow window."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page shows, read in one go."""

    own: "list[BackupView]"
    second: "list[BackupView]"
    look: SecondLook
    findings: "tuple[Finding, ...]"


class BackupsPage(Page):
    """The page, at the office and on laptops."""

    kinds: ClassVar[frozenset[str]] = frozenset({"audit_event"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._task: background.Task[object] | None = None
        self._left: tuple[QWidget | None, QWidget | None] = (None, None)
        """What had the focus when the buttons went grey, and where Qt put it then."""
        self._may_make, self._may_set = ws.session.can("CREATE STORE"), ws.session.can("CHANGE STORE")
        self.rows = RowList(name=gettext("Backups"))
        self.running = Running()
        self.running.cancel_wanted.connect(self.cancel)
        self.make = Button(gettext("Back up now"), "floppy-disk", key="B", kind="primary")
        self.make.clicked.connect(self.back_up)
        self.back = Button(gettext("Put back …"), "clock-counter-clockwise", key="R")
        self.back.clicked.connect(self.put_back)
        self.again = Button(gettext("Check once more"), "check", key="V")
        self.again.clicked.connect(self.verify)
        self.second = SecondPlaceCard()
        self.second.choose_wanted.connect(self.choose_place)
        self.second.stop_wanted.connect(partial(self.use_place, None))
        self.second.show_look(SecondLook(), may_write=self._may_set)
        self._strips, self._instead = column(gap=8), column()
        self._instead.addWidget(LoadingPanel(gettext("Looking for backups …")))
        self.rows.hide()
        listed = Card(card_head(gettext("Verified backups"), "", None, self.again, self.back), 8)
        listed.body.addLayout(self._instead)
        listed.body.addWidget(self.rows, 1)
        self.rows.row_chosen.connect(lambda _key: self._enable())
        side = column(self.second, None)
        body = row(listed, gap=16)
        body.setStretch(0, 1)
        body.addLayout(side)
        self.header = PageHeader(gettext("Backups"), "", self.make)
        layout = column(self.header, 12, self._strips, self.running, 12, margins=(28, 16, 28, 24))
        layout.addLayout(body, 1)
        self.setLayout(layout)
        if self._may_make:
            bind(self, "B", self.back_up, gettext("Back up now"))
        bind(self, "V", self.verify, gettext("Check once more"))
        if self._may_set:
            bind(self, "R", self.put_back, gettext("Put back …"))
            bind(self, "P", self.choose_place, gettext("Choose a place"))
        self._enable()
        self.refresh({})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list needs its room more than the words beside it."""
        super().resizeEvent(event)
        least = max(_LEAST_SECOND, self.second.minimumSizeHint().width())
        self.second.setFixedWidth(max(min(_SECOND, self.width() * 3 // 10), least))

    def title(self) -> str:
        """What it is called."""
        return gettext("Backups")

    def focus_first(self) -> None:
        """On the list; where there is none yet, on what makes the first."""
        first = self.rows if self.rows.isVisibleTo(self) else self.make
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The list and the second place."""
        return [self.rows, self.second]

    def escape(self) -> bool:
        """Stop what is under way, where something is."""
        if not self._busy():
            return False
        self.cancel()
        return True

    def leave(self) -> None:
        """A locked window makes no backup: the next start does."""
        self.cancel()

    def refresh(self, touched: Touched) -> None:
        """Read again."""
        del touched
        background.run(self._read, done=self._show, failed=self._on_unread)

    # ------------------------------------------------------------------------------------------------------ doing

    def back_up(self) -> None:
        """Make one now, in the data folder and in the second place where it is here."""
        if self._busy() or not self._may_make:
            return

        def make(report: Callable[[object], None]) -> object:
            second = self.ws.backup_plan.second()
            made = self.ws.backups.make(report=report)
            return self.ws.backups.make(second.place, report) if second is not None and second.here else made

        self._begin(gettext("Making a backup …"), make, gettext("A verified backup was made."))

    def verify(self) -> None:
        """Check the chosen one in depth once more."""
        backup = self._chosen()
        if backup is None or self._busy():
            return

        def check(report: Callable[[object], None]) -> object:
            return self.ws.backups.verify(backup, report)

        self._begin(gettext("Checking the backup …"), check, gettext("The backup is whole."))

    def choose_place(self) -> None:
        """Ask for the second place."""
        if not self._may_set:
            return
        choose_folder(self, Purpose.BACKUPS, self.use_place)

    def use_place(self, place: Path | None) -> None:
        """Keep backups there too from now on, the first at once; or nowhere else."""

        def use(report: Callable[[object], None]) -> object:
            self.ws.backup_plan.choose(place)
            return self.ws.backups.make(place, report) if place is not None else None

        words = gettext("A verified backup was made.") if place is not None else ""
        self._begin(gettext("Making a backup …"), use, words)

    def put_back(self) -> None:
        """Show what is newer than the chosen backup, and ask."""
        backup = self._chosen()
        if backup is None or self._busy() or not self._may_set:
            return

        def look() -> tuple[Restoring, list[str]]:
            restoring = Restoring.while_open(self.ws.session, backup)
            found = restoring.preview()
            goes = found.newer is not None and found.newer.goes
            above = [gettext("What is newer is gone here until the next exchange:")] if goes else []
            return restoring, [*above, *newer_lines(self.ws.session, found)]

        background.run(look, done=self._on_previewed, failed=self._on_failed)

    def _on_previewed(self, found: tuple[Restoring, list[str]]) -> None:
        restoring, lines = found
        text = gettext("Put this backup back?")
        more = gettext("The store that is here now is backed up first and kept aside.")
        question = messages.Question(text, "\n".join([*lines, "", more]), gettext("Put it back"))
        messages.ask(self, question, partial(self._on_agreed, restoring))

    def _on_agreed(self, restoring: Restoring) -> None:
        errand = Errand(restoring.put_back, gettext("The backup is being put back …"), gettext("Put back."))

        def before(report: Callable[[object], None]) -> None:
            restoring.verify()  # of a damaged one this page says so: nobody has to unlock again for that
            restoring.back_up(self.ws.backup_plan, self.ws.self_check.last(), report)

        self._begin(gettext("Making a backup …"), before, "", lambda: self.shell.away_wanted.emit(errand))

    def _begin(
        self,
        words: str,
        work: Callable[[Callable[[object], None]], object],
        told: str,
        then: Callable[[], object] | None = None,
    ) -> None:
        def done(_result: object) -> None:
            self._end()
            if told:
                self.shell.toast(told)
            (then or partial(self.refresh, {}))()

        focus = QApplication.focusWidget()
        self.running.begin(words)
        self._task = background.run(work, done=done, failed=self._on_failed, progress=self._on_progress, owner=self)
        self._enable()
        self._left = (focus, QApplication.focusWidget())

    def cancel(self) -> None:
        """Stop what is under way; nothing is left of it."""
        if self._task is not None and self._task.running:
            self._task.cancel()
        self._end()

    def _on_progress(self, share: float) -> None:
        self.running.show_share(share)

    def _on_failed(self, fault: Exception) -> None:
        self._end()
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)
        self.refresh({})

    def _end(self) -> None:
        before, moved = self._left
        stayed = QApplication.focusWidget() is moved
        self._task = None
        self.running.end()
        self._enable()
        if stayed and before is not None and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._left = (None, None)

    def _busy(self) -> bool:
        return self._task is not None and self._task.running

    # ---------------------------------------------------------------------------------------------------- showing

    def _read(self) -> _Read:
        ws, today = self.ws, self.ws.session.today()
        second, reminder = ws.backup_plan.second(), ws.backup_plan.reminder()
        look = SecondLook(reminder=reminder)
        if second is not None:
            newest = None if second.ruined else second.newest
            words = gettext("Newest backup: {moment}").format(moment=near_moment(newest.at, today)) if newest else ""
            look = SecondLook(str(second.place), words, second.here, second.same_disk, reminder)
        start = ws.self_check.at_start()
        findings = (*((start,) if start else ()), *ws.self_check.last())
        away = self._lying(second.place) if second and second.here else []
        return _Read(self._lying(None), away, look, findings)

    def _lying(self, place: Path | None) -> "list[BackupView]":
        """All of a place, those too that do not say any more of which store they are."""
        found = [*self.ws.backups.list(place), *self.ws.backups.nameless(place)]
        return sorted(found, key=lambda one: one.serial, reverse=True)

    def _show(self, found: _Read) -> None:
        clear(self._instead)
        self._show_strips(found, may_write=not self.ws.session.read_only)
        self.second.show_look(found.look, may_write=self._may_set)
        items: list[Item] = []
        for title, backups in ((gettext("On this computer"), found.own), (gettext("Second place"), found.second)):
            if backups:
                items += [Section(title), *map(self._row, backups)]
        if not items:
            text = gettext("One is made by itself in a moment, and then once a day.")
            self._instead.addWidget(StatePanel("empty", gettext("No backup yet"), text, icon="floppy-disk"))
        self.rows.setVisible(bool(items))
        self.rows.show_rows(items, self.rows.current_key())
        self._enable()

    def _show_strips(self, found: _Read, *, may_write: bool) -> None:
        clear(self._strips)
        if not may_write:
            self._strips.addWidget(Strip(gettext("Another window is writing; this one only shows."), tone="info"))
        for finding in found.findings:
            self._strips.addWidget(Strip(finding.sentence, finding.todo, tone="info" if finding.calm else "due"))

    def _row(self, backup: "BackupView") -> Row:
        moment = near_moment(backup.at, self.ws.session.today())
        if backup.former:
            chip = ChipSpec(gettext("Former key"), "due")
            covered = gettext("It opens with the passphrase of that time. Three newer ones, and it goes.")
        elif backup.counts is None:
            chip, covered = ChipSpec(gettext("Damaged"), "over"), gettext("It does not check. Do not rely on it.")
        else:
            chip = ChipSpec(gettext("Verified"), "ok")
            titles = {name: str(self.ws.records.kind(name).kind.plural) for name in _COUNTED}
            counted = [f"{titles[name]} {backup.counts.get(name, 0)}" for name in _COUNTED]
            covered = gettext(", ").join(counted)
        number = gettext("number {serial}").format(serial=backup.serial)
        return Row(backup.path, moment, number, covered, AvatarSpec(icon="floppy-disk"), right_chip=chip)

    def _on_unread(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        clear(self._instead)
        panel = StatePanel("error", gettext("The backups cannot be read"), str(fault), gettext("Try again"))
        panel.pressed.connect(partial(self.refresh, {}))
        self._instead.addWidget(panel)
        self.rows.hide()

    def _chosen(self) -> Path | None:
        key = self.rows.current_key()
        return key if isinstance(key, Path) else None

    def _enable(self) -> None:
        free = not self._busy()
        self.make.setEnabled(free and self._may_make)
        self.again.setEnabled(free and self._chosen() is not None)
        self.back.setEnabled(free and self._may_set and self._chosen() is not None)
