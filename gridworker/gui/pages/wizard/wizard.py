"""The first run, step by step. It ends with ``finished``: which folder to open, and with which passphrase."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QStackedWidget, QWidget

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.frontdoor import FrontDoor, Recovery, Sample
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.wizard.backup import BackupStep, FoundStep
from gridworker.gui.pages.wizard.kit import KitStep, PassphraseStep
from gridworker.gui.pages.wizard.office import OfficeStep
from gridworker.gui.pages.wizard.recovery import RecoveryStep
from gridworker.gui.pages.wizard.start import KIT, OFFICE, StartStep
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.bigchoice import LARGE
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.front import Front
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import add, row
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.backup.way_back import WayBack


S = TypeVar("S", bound=Step)

_ABOVE, _LARGE_ABOVE = 104, 24
"""Pixels above a step, and from which text size on there are fewer."""


class WizardPage(Front):
    """The wizard. Everything slow goes through the front door in the background.

    A step one comes back from keeps what was filled in: it is there again when one goes on.
    """

    finished = Signal(object, str)

    def __init__(self, door: FrontDoor, folder: Path, now: datetime) -> None:
        words = (
            gettext("Every door,"),
            gettext("somebody cares."),
            gettext("Visits, return visits, needs: one by one."),
        )
        super().__init__(now, words)
        self._door, self._folder, self._now = door, folder, now
        self._stack = QStackedWidget()
        self.start_step = StartStep()
        self._trail: list[QWidget] = []
        self._steps: dict[str, Step] = {}
        self.start_step.chosen.connect(self._on_chosen)
        self.start_step.kit_taken.connect(self._on_kit_taken)
        self._stack.addWidget(self.start_step)
        self._above = QSpacerItem(0, _ABOVE, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)
        self.column.addItem(self._above)
        self.column.addWidget(self._stack, 1)
        note = gettext(
            "The files are encrypted on this computer. It works without a network and sends nothing anywhere."
        )
        self.column.addSpacing(12)
        self.restore_button = Button(gettext("Have a backup? Put it back"), key="4", kind="quiet", size="inline")
        self.restore_button.clicked.connect(self._ask_backup)
        bind(self.start_step, "4", self.restore_button.click, gettext("Have a backup? Put it back"))
        for key in ("Esc", "Alt+Left"):
            bind(self, key, self._on_escape, gettext("Back"), everywhere=True)
        foot = row(Icon("shield-check", 16, "ink-2"), gap=8)
        foot.addWidget(Text(note, "small", "ink-2", wrap=True), 1)
        foot.addWidget(self.restore_button)
        self.column.addLayout(foot)
        self.set_width(664)
        self.setFocusProxy(self.start_step)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        """Large text has the room above it too, so that the three choices and the foot are seen at once."""
        above = _ABOVE if themes.current().scale < LARGE else _LARGE_ABOVE
        self._above.changeSize(0, above, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)
        self.column.invalidate()

    def look_for_kits(self) -> None:
        """Look for kits on sticks; called after the first paint."""
        background.run(self._door.kits, done=self.start_step.show_kits)

    def step(self) -> QWidget:
        """The step on screen."""
        return self._stack.currentWidget() or self.start_step

    def _go(self, name: str, make: Callable[[], S], on: Callable[[S], object]) -> None:
        """Go on to a step: as it was left, or made now. ``on`` is told of it when one goes on from there."""
        if name not in self._steps:
            made = make()
            made.went_on.connect(lambda: on(made))
            made.went_back.connect(self._on_back)
            self._steps[name] = made
            self._stack.addWidget(made)
        step = self._steps[name]
        self._trail.append(self.step())
        self._stack.setCurrentWidget(step)
        self.restore_button.hide()
        step.hide_problem()  # of an earlier try
        step.focus_first()

    def _forget(self, name: str) -> None:
        """Let a step go that shows what is no longer so."""
        gone = self._steps.pop(name, None)
        if gone is not None:
            self._stack.removeWidget(gone)
            gone.deleteLater()

    def _on_escape(self) -> None:
        step = self.step()
        if isinstance(step, Step):
            step.go_back()

    def _on_back(self) -> None:
        before = self._trail.pop()
        self._stack.setCurrentWidget(before)
        self.restore_button.setVisible(before is self.start_step)
        if isinstance(before, Step | StartStep):
            before.focus_first()

    def _on_chosen(self, choice: str) -> None:
        if choice == KIT:
            self._ask_kit(None)
        elif choice == OFFICE:
            self._ask_office()
        else:
            self._make_sample()

    def _on_kit_taken(self, kit: Path) -> None:
        self._ask_kit(kit)

    # ---------------------------------------------------------------------------------------------------- a worker

    def _ask_kit(self, kit: Path | None) -> None:
        self._go("kit", KitStep, self._ask_worker_passphrase)
        step = self.step()
        if kit is not None and isinstance(step, KitStep):
            step.take(kit)

    def _ask_worker_passphrase(self, kit: KitStep) -> None:
        """A slip in the code and a wrong file are told where they stand, before a passphrase is thought of."""
        kit.hide_problem()
        file, code = kit.kit(), kit.code()
        if file is None:
            return
        try:
            self._door.check_code(code)
        except Problem as fault:
            self._on_kit_refused(kit, fault)
            return
        kit.set_busy(True, gettext("Opening…"))
        background.run(
            lambda: self._door.check_kit(file, code),
            done=lambda _: self._on_kit_opened(kit),
            failed=partial(self._on_kit_refused, kit),
            owner=self,
        )

    def _on_kit_refused(self, kit: KitStep, fault: Exception) -> None:
        kit.set_busy(False, gettext("Next"))
        if not isinstance(fault, Problem):
            raise fault
        kit.show_problem(fault)
        kit.code_line().setFocus()

    def _on_kit_opened(self, kit: KitStep) -> None:
        kit.set_busy(False, gettext("Next"))
        if self.step() is not kit:
            return
        text = gettext("It opens this laptop. Only you know it; the office does not.")
        make = partial(PassphraseStep, text, gettext("Finish"), self._door.judge)
        self._go("worker's passphrase", make, partial(self._enrol, kit))

    def _enrol(self, kit: KitStep, step: PassphraseStep) -> None:
        passphrase, file = step.passphrase(), kit.kit()
        if file is None:
            return
        code = kit.code()
        self._busy(step, gettext("Setting up…"))
        background.run(
            lambda: self._door.enrol(self._folder, file, code, passphrase),
            done=lambda _: self.finished.emit(self._folder, passphrase),
            failed=lambda fault: self._on_failed(step, gettext("Finish"), fault),
            owner=self,
        )

    # -------------------------------------------------------------------------------------------------- the office

    def _ask_office(self) -> None:
        self._go("office", self._make_office, self._ask_office_passphrase)

    def _make_office(self) -> OfficeStep:
        step = OfficeStep(self._door.places)
        step.load()
        return step

    def _ask_office_passphrase(self, office: OfficeStep) -> None:
        text = gettext("It opens the office's files on this computer.")
        make = partial(PassphraseStep, text, gettext("Set up"), self._door.judge)
        self._go("office's passphrase", make, partial(self._found, office))

    def _found(self, office: OfficeStep, step: PassphraseStep) -> None:
        passphrase, new = step.passphrase(), office.office()
        self._busy(step, gettext("Setting up…"))
        background.run(
            lambda: self._door.found_office(self._folder, passphrase, new),
            done=lambda recovery: self._show_recovery(recovery, passphrase),
            failed=lambda fault: self._on_failed(step, gettext("Set up"), fault),
            owner=self,
        )

    def _show_recovery(self, recovery: Recovery, passphrase: str) -> None:
        step = RecoveryStep(self._now.date())
        step.show_recovery(recovery)
        step.later.connect(partial(self._open_untried, step, passphrase))
        step.test_wanted.connect(lambda file, code: self._try_sheet(step, file, code, passphrase))
        self._go("sheet", lambda: step, RecoveryStep.hide_problem)

    def _open_untried(self, step: RecoveryStep, passphrase: str) -> None:
        """Opening takes a moment: it is asked for once, and seen to be under way."""
        self._busy(step, gettext("Opening…"))
        self.finished.emit(self._folder, passphrase)

    def _try_sheet(self, step: RecoveryStep, file: Path, code: str, passphrase: str) -> None:
        label = gettext("Try it and start")
        step.set_busy(True, gettext("Trying it…"))
        background.run(
            lambda: self._door.test_recovery(self._folder, passphrase, file, code),
            done=lambda _: self.finished.emit(self._folder, passphrase),
            failed=lambda fault: self._on_failed(step, label, fault),
            owner=self,
        )

    # ---------------------------------------------------------------------------------------------------- a backup

    def _ask_backup(self) -> None:
        self._go("backup", BackupStep, self._look_for_backup)

    def _look_for_backup(self, step: BackupStep) -> None:
        passphrase, place = step.passphrase(), step.place()
        step.set_busy(True, gettext("Looking for a backup …"))
        background.run(
            lambda: self._door.way_back(self._folder, passphrase, place),
            done=lambda found: self._on_looked(step, found),
            failed=lambda fault: self._on_failed(step, step.label(), fault),
            owner=self,
        )

    def _on_looked(self, before: BackupStep, found: "WayBack | None") -> None:
        before.set_busy(False, before.label())
        if found is None:
            before.show_problem(Problem("No backup that this passphrase opens was found here."))
            return
        self._forget("found")
        make = partial(FoundStep, found, self._now)
        self._go("found", make, lambda step: self._put_back(step, before.passphrase()))

    def _put_back(self, step: FoundStep, passphrase: str) -> None:
        self._busy(step, gettext("The backup is being put back …"))
        background.run(
            step.found.restoring.put_back,
            done=lambda words: self._on_put_back(words, passphrase),
            failed=lambda fault: self._on_failed(step, step.label(), fault),
            owner=self,
        )

    def _on_put_back(self, words: str, passphrase: str) -> None:
        messages.tell(self.window(), gettext("Put back."), words)
        self.finished.emit(self._folder, passphrase)

    # ----------------------------------------------------------------------------------------------------- samples

    def _make_sample(self) -> None:
        bar = Bar()
        bar.setAccessibleName(gettext("Making the sample community"))
        step = Step(
            gettext("Making the sample community"),
            gettext("Invented people, doors and visits. It takes a moment."),
            action=gettext("Open"),
        )
        add(step.body, bar)
        step.set_busy(True)
        self._forget("sample")
        self._go("sample", lambda: step, lambda _step: None)
        background.run(
            lambda report: self._door.make_sample(self._folder, report),
            done=self._on_sample_made,
            failed=lambda fault: self._on_failed(step, "", fault),
            progress=lambda share: bar.show_share(float(share)),
            owner=self,
        )

    def _on_sample_made(self, sample: Sample) -> None:
        self.finished.emit(sample.folder, sample.passphrase)

    def _busy(self, step: Step, label: str) -> None:
        step.set_busy(True, label)
        self.hold()

    def _on_failed(self, step: Step, label: str, fault: Exception) -> None:
        step.set_busy(False, label)
        self.hold(held=isinstance(step, RecoveryStep))  # what it shows is shown once
        if not isinstance(fault, Problem):
            raise fault
        step.show_problem(fault)
