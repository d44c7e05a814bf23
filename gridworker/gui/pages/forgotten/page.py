"""The ways past a forgotten passphrase, step by step. Nothing in the store changes before the last one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.frontdoor import FrontDoor
from gridworker.gui.pages.forgotten.answer import AnswerStep
from gridworker.gui.pages.forgotten.choose import ChooseStep
from gridworker.gui.pages.forgotten.sheet import SheetStep
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.front import Front
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class ForgottenPage(Front):
    """``opened`` carries the open store; ``went_back`` returns to the unlock page."""

    opened = Signal(object)
    went_back = Signal()

    def __init__(self, door: FrontDoor, folder: Path, now: datetime, slot: str = "") -> None:
        super().__init__(now)
        self._forgotten = door.forgotten(folder)
        self._passphrase = ""
        people = door.people(folder)
        self._slot = slot or self._forgotten.pending() or next((one.slot for one in people), "")
        who = next((one.name for one in people if one.slot == self._slot), "")
        self._stack = QStackedWidget()
        self.column.addSpacing(40)
        self.column.addWidget(self._stack, 1)
        note = gettext("Nothing is lost: what was not handed over yet stays on this computer.")
        self.column.addSpacing(12)
        self.column.addLayout(row(Text(note, "small", "ink-2", wrap=True)))
        self.set_width(664)
        self._choose = ChooseStep(door.judge, who, helped=self._forgotten.office_can_help())
        self._choose.went_back.connect(self.went_back)
        self._choose.went_on.connect(self._on_asked)
        self._choose.sheet_wanted.connect(self._show_sheet)
        self._show(self._choose)
        if self._slot and self._forgotten.pending() == self._slot:
            self._show_answer()
        bind(self, "Esc", self._on_escape, gettext("Back"))

    def step(self) -> Step:
        """The step on screen."""
        step = self._stack.currentWidget()
        return step if isinstance(step, Step) else self._choose

    def _show(self, step: Step) -> None:
        self._stack.addWidget(step)
        self._stack.setCurrentWidget(step)
        self.setFocusProxy(step)
        step.focus_first()

    def _on_escape(self) -> None:
        if self.is_held():
            return
        self.step().went_back.emit()

    def _first(self) -> None:
        gone = self.step()
        self.setFocusProxy(self._choose)
        self._stack.setCurrentWidget(self._choose)
        self._choose.focus_first()
        if gone is not self._choose:
            # No slot may hold the step itself: let go with its own signals it would be deleted twice.
            gone.deleteLater()

    # -------------------------------------------------------------------------------------------- the office's answer

    def _on_asked(self) -> None:
        self._passphrase = self._choose.passphrase()
        if not self._choose.helped:
            self._show_sheet()
            return
        passphrase, slot = self._passphrase, self._slot
        self._choose.set_busy(True)
        self.hold()
        background.run(
            lambda: self._forgotten.ask(passphrase, slot),
            done=self._on_question,
            failed=lambda fault: self._on_failed(self._choose, fault),
            owner=self,
        )

    def _on_question(self, asked: object) -> None:
        self._choose.set_busy(False)
        self.hold(held=False)
        step = self._show_answer()
        step.show_question(asked)

    def _show_answer(self) -> AnswerStep:
        step = AnswerStep(knows=bool(self._passphrase))
        step.went_back.connect(self._first)
        step.again_wanted.connect(self._on_again)
        step.went_on.connect(self._on_answered)
        self._show(step)
        return step

    def _on_again(self, typed: str) -> None:
        step = self.step()

        def shown(asked: object) -> None:
            self._passphrase = typed
            step.set_busy(False)
            self.hold(held=False)
            if isinstance(step, AnswerStep):
                step.show_question(asked)

        self._work(step, lambda: self._forgotten.again(typed), shown)

    def _on_answered(self) -> None:
        step, passphrase = self.step(), self._passphrase
        if isinstance(step, AnswerStep):
            answer = step.answer()
            self._work(step, lambda: self._forgotten.finish(answer, passphrase), self.opened.emit)

    # ------------------------------------------------------------------------------------------------ the paper sheet

    def _show_sheet(self) -> None:
        self._passphrase = self._choose.passphrase()
        step = SheetStep()
        step.went_back.connect(self._first)
        step.went_on.connect(self._on_sheet_filled)
        self._show(step)

    def _on_sheet_filled(self) -> None:
        step, passphrase, slot = self.step(), self._passphrase, self._slot
        if not isinstance(step, SheetStep):
            return
        file, code = step.file(), step.code()
        if file is not None:
            self._work(step, lambda: self._forgotten.recover(file, code, passphrase, slot), self.opened.emit)

    def _work(self, step: Step, work: Callable[[], object], done: Callable[[object], object]) -> None:
        step.hide_problem()
        step.set_busy(True)
        self.hold()
        background.run(work, done=done, failed=lambda fault: self._on_failed(step, fault), owner=self)

    def _on_failed(self, step: Step, fault: Exception) -> None:
        step.set_busy(False)
        self.hold(held=False)
        if not isinstance(fault, Problem):
            raise fault
        step.show_problem(fault)
