"""Taking steps from the panel: a form where something has to be said, one key where not, undo instead of a question."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gridworker.app.issue.views import Done, StepDraft
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.autosave import Autosave
from gridworker.gui.page import Shell, Undo
from gridworker.gui.pages.issues.panel import IssuePanel
from gridworker.gui.pages.issues.stepform import NO_FORM, StepChoices, StepForm
from gridworker.gui.undoing import undone_line

if TYPE_CHECKING:
    from gridworker.app.drafts import Draft
    from gridworker.app.workspace import Workspace

_META = frozenset({"action", "solved", "method"})
"""Fields of a kept form that say nothing by themselves."""


class Acting(QObject):
    """What happens between a pressed step and the toast. ``taken`` comes after each step, ``form_shown`` with forms."""

    taken = Signal()
    form_shown = Signal(bool)

    def __init__(self, ws: "Workspace", shell: Shell, panel: IssuePanel) -> None:
        super().__init__(panel)
        self._ws, self._shell, self._panel = ws, shell, panel
        self._keeper: Autosave | None = None
        panel.wanted.connect(self.start)
        panel.early_marked.connect(self.mark_early)
        panel.form_closed.connect(self._on_form_closed)

    def start(self, code: str) -> None:
        """Begin a step of the issue in the panel; one that needs nothing said is taken at once."""
        if not self._panel.offers(code):
            return
        if code in NO_FORM:
            self.take(StepDraft(code))
        else:
            self._open(code).focus_first()

    def start_main(self) -> None:
        """Begin what the main button says."""
        issue = self._panel.issue
        if issue is not None and issue.actions:
            self.start(issue.actions[0].code)

    def resume(self) -> None:
        """Open the form that was left half typed for the issue in the panel."""
        if self._panel.issue is not None and self._panel.form() is None:
            name = _draft_name(self._panel.issue.id)
            background.run(partial(self._ws.drafts.get, name), done=partial(self._on_found, name), owner=self)

    def flush(self) -> None:
        """Keep what is half typed now."""
        if self._keeper is not None:
            self._keeper.flush()

    def park(self) -> None:
        """Close the form; what was typed stays."""
        self.flush()
        form, issue = self._panel.form(), self._panel.issue
        if form is not None and issue is not None and _is_blank(form.fields()):
            background.run(partial(self._ws.drafts.drop, _draft_name(issue.id)), failed=_quietly)
        self._panel.close_form()

    def take(self, draft: StepDraft) -> None:
        """Save a step."""
        issue = self._panel.issue
        if issue is None:
            return
        form = self._panel.form()
        if form is not None:
            form.set_busy(True)
        if self._keeper is not None:
            self._keeper.finish()
        work = partial(self._ws.issues.take_step, issue.id, draft, finishes=_draft_name(issue.id))
        background.run(work, done=self._on_taken, failed=self._on_failed, owner=self)

    def mark_early(self, early: bool) -> None:
        """Mark the matter in the panel as an early sign, or not."""
        if self._panel.issue is not None:
            work = partial(self._ws.issues.mark_early, self._panel.issue.id, early=early)
            background.run(work, done=self._on_done, failed=self._on_failed, owner=self)

    # ------------------------------------------------------------------------------------------------------- reactions

    def _open(self, code: str) -> StepForm:
        issue = self._panel.issue
        if issue is None:
            raise RuntimeError("a form needs an issue")
        choices = self._ws.issues.choices
        form = StepForm(
            code,
            self._panel.label_of(code),
            StepChoices(
                choices.answers(),
                choices.methods(),
                choices.results(),
                choices.solve_methods(),
                choices.coming_days(),
            ),
        )
        self._keeper = Autosave(partial(self._ws.drafts.keep, _draft_name(issue.id)), form)
        self._keeper.failed.connect(self._shell.problem)
        form.changed.connect(self._keeper.note)
        form.submitted.connect(self.take)
        form.parked.connect(self.park)
        self._panel.open_form(form)
        self.form_shown.emit(True)
        return form

    def _on_found(self, name: str, draft: "Draft | None") -> None:
        issue = self._panel.issue
        if draft is None or issue is None or name != _draft_name(issue.id) or self._panel.form() is not None:
            return
        code = str(draft.fields.get("action") or "")
        if self._panel.offers(code) and not _is_blank(draft.fields):
            self._open(code).restore(draft.fields)

    def _on_taken(self, done: Done) -> None:
        self._panel.close_form()
        self._on_done(done)

    def _on_done(self, done: Done) -> None:
        self._shell.toast(done.text, Undo(partial(self._undo, done)))
        self.taken.emit()

    def _undo(self, done: Done) -> None:
        background.run(partial(self._ws.issues.undo, done), done=self._on_undone, failed=self._on_failed, owner=self)

    def _on_undone(self, _: object) -> None:
        self.taken.emit()
        self._shell.toast(undone_line())

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        form = self._panel.form()
        if form is None:
            self._shell.problem(fault)
            return
        form.set_busy(False)
        form.show_fault(fault)
        if self._keeper is not None:
            self._keeper.resume()
            self._keeper.note(form.fields())

    def _on_form_closed(self) -> None:
        self._keeper = None
        self.form_shown.emit(False)


def _draft_name(issue: int) -> str:
    return f"issue-step:{issue}"


def _is_blank(fields: "dict[str, Any] | Any") -> bool:
    return not any(value for name, value in fields.items() if name not in _META)


def _quietly(fault: Exception) -> None:
    """A draft that cannot be dropped now is found blank later; bugs are still bugs."""
    if not isinstance(fault, Problem):
        raise fault
