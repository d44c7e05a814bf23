"""The two forms of a hand-over: a worker asks, the office answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.app.register import Register
from gridworker.errors import Invalid, Problem
from gridworker.gui import background, messages
from gridworker.gui.registerreferences import RegisterReferences
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

Done = Callable[[str, int], None]
"""Told what to say, and the act to undo."""


def ask(parent: QWidget, ws: "Workspace", household: int, done: Done) -> None:
    """The worker's form."""
    words = FormText(
        gettext("Hand over to another grid"), gettext("Ask the office"),
        gettext("The office moves the household. Until then it stays in your grid."),
    )  # fmt: skip
    dialog = FormDialog(parent, words, ws.handovers.asking(), {}, RegisterReferences(Register(ws.session)))
    dialog.submitted.connect(
        lambda changes: _run(dialog, lambda: ws.handovers.ask(household, changes).batch, gettext("Asked."), done)
    )
    dialog.open()


def decide(parent: QWidget, ws: "Workspace", household: int, done: Done) -> None:
    """The office's form: where the household lives now, or why it is not handed over."""
    request = ws.handovers.of(household)
    if request is None or not request.waits:
        return
    about = gettext("{name} asks to hand this household over: {reason}")
    words = FormText(
        gettext("Hand over to another grid"), gettext("Hand over"),
        " ".join(filter(None, (about.format(name=request.asked_by, reason=request.reason), request.address))),
        also=gettext("Decline"),
    )  # fmt: skip
    dialog = FormDialog(parent, words, ws.handovers.deciding(), {}, RegisterReferences(Register(ws.session)))

    def complete(_changes: object) -> None:
        values = dialog.form.values()
        dwelling, answer = values["dwelling_id"], str(values["answer"] or "")
        if not isinstance(dwelling, int):
            specs = {spec.name: spec.label for spec in ws.handovers.deciding()}
            dialog.show_faults(Invalid({"dwelling_id": Problem("This is needed.")}, specs))
            return
        _run(dialog, lambda: ws.handovers.complete(request.id, dwelling, answer).batch, gettext("Handed over."), done)

    def decline() -> None:
        answer = str(dialog.form.values()["answer"] or "")
        _run(dialog, lambda: ws.handovers.decline(request.id, answer).batch, gettext("Declined."), done)

    dialog.submitted.connect(complete)
    dialog.also_pressed.connect(decline)
    dialog.open()


def _run(dialog: FormDialog, work: Callable[[], int], words: str, done: Done) -> None:
    def ended(batch: int) -> None:
        dialog.accept()
        done(words, batch)

    def failed(fault: Exception) -> None:
        if isinstance(fault, Invalid):
            dialog.show_faults(fault)
        elif isinstance(fault, Problem):
            messages.show_problem(dialog, fault)
        else:
            raise fault

    background.run(work, done=ended, failed=failed, owner=dialog)
