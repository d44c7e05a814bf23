"""The two forms of a hand-over, kept while they are typed: a worker asks, the office answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.app.register.register import Register
from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.registerreferences import RegisterReferences
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.record import Spec

Done = Callable[[str, int], None]
"""Told what to say, and the act to undo."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a form opens, what it works on, and who is told."""

    parent: QWidget
    ws: "Workspace"
    shell: Shell
    done: Done


def ask(desk: Desk, household: int) -> None:
    """The worker's form."""
    ws, draft = desk.ws, f"handover:{household}"
    words = FormText(
        gettext("Hand over to another grid"), gettext("Ask the office"),
        gettext("The office moves the household. Until then it stays in your grid."),
    )  # fmt: skip
    kept = _opened(desk, words, ws.handovers.asking(), draft)
    kept.dialog.submitted.connect(
        lambda changes: _run(
            desk, kept, lambda: ws.handovers.ask(household, changes, finishes=draft).batch, gettext("Asked.")
        )
    )


def decide(desk: Desk, household: int) -> None:
    """The office's form: where the household lives now, or why it is not handed over."""
    ws, draft = desk.ws, f"answer:{household}"
    request = ws.handovers.of(household)
    if request is None or not request.waits:
        return
    about = gettext("{name} asks to hand this household over: {reason}")
    words = FormText(
        gettext("Hand over to another grid"), gettext("Hand over"),
        " ".join(filter(None, (about.format(name=request.asked_by, reason=request.reason), request.address))),
        also=gettext("Decline"),
    )  # fmt: skip
    kept = _opened(desk, words, ws.handovers.deciding(), draft)
    dialog = kept.dialog

    def complete(_changes: object) -> None:
        values = dialog.form.values()
        dwelling, answer = values["dwelling_id"], str(values["answer"] or "")
        if not isinstance(dwelling, int):
            specs = {spec.name: spec.label for spec in ws.handovers.deciding()}
            dialog.show_faults(Invalid({"dwelling_id": Problem("This is needed.")}, specs))
            return
        work = partial(ws.handovers.complete, request.id, dwelling, answer, finishes=draft)
        _run(desk, kept, lambda: work().batch, gettext("Handed over."))

    def decline() -> None:
        answer = str(dialog.form.values()["answer"] or "")
        work = partial(ws.handovers.decline, request.id, answer, finishes=draft)
        _run(desk, kept, lambda: work().batch, gettext("Declined."))

    dialog.submitted.connect(complete)
    dialog.also_pressed.connect(decline)


def _opened(desk: Desk, words: FormText, specs: "Sequence[Spec]", draft: str) -> DraftForm:
    dialog = FormDialog(desk.parent, words, specs, {}, RegisterReferences(Register(desk.ws.session)))
    kept = DraftForm(dialog, desk.ws.drafts, draft, desk.shell)
    dialog.open()
    return kept


def _run(desk: Desk, kept: DraftForm, work: Callable[[], int], words: str) -> None:
    def ended(batch: int) -> None:
        kept.dialog.accept()
        desk.done(words, batch)

    kept.finish()
    background.run(work, done=ended, failed=kept.refused, owner=kept.dialog)
