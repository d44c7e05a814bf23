"""What happened to a household: the list of acts, and the form of each, kept while it is typed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from gridworker.app.household.life_forms import (
    BORN,
    JOIN,
    LEAD,
    MOVE,
    MOVED_OUT,
    PEOPLE,
    RELATION,
    SHARE,
    Leaders,
    LifeAct,
    act_named,
    digit_of,
)
from gridworker.app.household.life_places import LifePlaces
from gridworker.errors import Invalid
from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.person.form import watch
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.reference import Referred
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import PersonView
    from gridworker.app.workspace import Workspace
    from gridworker.gui.widgets.recordform import RecordForm
    from gridworker.record import Spec, Value

Done = Callable[[str, int], None]
"""Told what to say, and the act to undo."""


class LifeMenu(QObject):
    """The acts on one page's household. ``hand_over`` is asked for where they move out of the grid.

    ``consents_wanted`` asks for what its people agreed to.
    """

    consents_wanted = Signal(object)

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Done, hand_over: Callable[[], None]) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done, self._hand_over = page, ws, shell, done, hand_over

    def offer(self, household: int, anchor: QWidget) -> QMenu:
        """Show the list under a button."""
        menu = QMenu(self._page)
        menu.setAccessibleName(gettext("Life events"))
        menu.aboutToHide.connect(menu.deleteLater)
        for act in self._ws.life.acts(household):
            entry = menu.addAction(f"&{digit_of(act)}  {act.title}")
            entry.triggered.connect(partial(self.ask, household, act))
        menu.addSeparator()
        menu.addAction(f"&0  {gettext('What they agreed to')}").triggered.connect(partial(self._on_consents, household))
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height())))
        return menu

    def _on_consents(self, household: int, *_checked: bool) -> None:
        self.consents_wanted.emit(household)

    def ask(self, household: int, act: LifeAct, **known: "Value") -> FormDialog:
        """Open the form of an act; some of it may be known already."""
        form = self._ws.life.form(act.name, household)
        words = FormText(str(act.title), str(act.save))
        if act.name == MOVE and not self._ws.session.is_office:
            words = FormText(
                str(act.title), str(act.save), gettext("Into a grid that is not yours: the office hands them over."),
                gettext("Hand over to another grid"),
            )  # fmt: skip
        dialog = FormDialog(
            self._page, words, form.specs, {**form.values, **known}, _Places(self._ws, sharing=self._shell.sharing)
        )
        name = f"life:{act.name}:{household}"
        if act.name in {BORN, SHARE}:
            kept = watch(dialog, self._ws, self._shell, household, name)
        else:
            here = partial(_without_who_left, form.specs)
            kept = DraftForm(dialog, self._ws.drafts, name, self._shell, here)
        dialog.remark_pressed.connect(dialog.reject)
        dialog.remark_pressed.connect(self._hand_over)
        if act.name == LEAD:
            dialog.form.changed.connect(partial(self._on_changed, dialog, household))
        ask = partial(_ask_what_is_needed, dialog.form, act, self._ws.life.leaders(household))
        dialog.form.changed.connect(lambda _field: ask())
        kept.emptied.connect(ask)
        ask()
        dialog.submitted.connect(lambda _changes: self._submit(dialog, kept, household, act))
        dialog.open()
        return dialog

    def let_go(self, household: int, person: "PersonView", draft: str) -> None:
        """Somebody no longer lives here, as of today; where the others need a head, the form asks who that is."""
        if self._ws.life.asks_who_leads(household, person.resident):
            self.ask(household, act_named(MOVED_OUT), who=str(person.resident))
            return
        words = gettext("No longer on the list of this household.")
        background.run(
            lambda: self._ws.life.let_go(household, person.membership, finishes=draft).batch,
            done=partial(self._done, words),
            owner=self,
        )

    def _on_changed(self, dialog: FormDialog, household: int, field: str) -> None:
        """Another head was chosen: what everybody is to it, to be looked at."""
        head = str(dialog.form.values().get("head") or "")
        if field == "head" and head.isdigit():
            work = partial(self._ws.life.related, household, int(head))
            background.run(work, done=dialog.form.propose, owner=dialog)

    def _submit(self, dialog: FormDialog, kept: DraftForm, household: int, act: LifeAct) -> None:
        kept.finish()
        values = dict(dialog.form.values())
        background.run(
            lambda: self._ws.life.do(act.name, household, values, finishes=kept.name).batch,
            done=partial(self._on_written, dialog, str(act.done)),
            failed=partial(self._on_refused, dialog, kept),
            owner=dialog,
        )

    @staticmethod
    def _on_refused(dialog: FormDialog, kept: DraftForm, fault: Exception) -> None:
        """What is wrong is said beside its field, also where others changed meanwhile what is asked for."""
        for name in fault.faults if isinstance(fault, Invalid) else ():
            dialog.form.show_field(name, shown=True)
        kept.refused(fault)

    def _on_written(self, dialog: FormDialog, words: str, batch: int) -> None:
        dialog.accept()
        self._done(words, batch)


def _ask_what_is_needed(form: "RecordForm", act: LifeAct, leaders: Leaders) -> None:
    """A head is asked for where one has to be chosen; whoever stays, nothing about the household that others go to."""
    values = form.values()
    going = [int(one) for one in str(values.get("who") or values.get("one") or "").split()]
    for name, who in leaders.asks(act, going).items():
        if name in values:
            form.show_field(name, shown=bool(who))
            if who:
                form.narrow(name, {str(one) for one in who})
    if act.name == JOIN:  # what they are to a head whom they leave is nothing they are to the other
        for name in values:
            if name.startswith(RELATION):
                form.show_field(name, shown=int(name.removeprefix(RELATION)) in going)


def _without_who_left(specs: "Sequence[Spec]", kept: "Mapping[str, Value]") -> "dict[str, Value]":
    """What was half written before may name somebody who is no longer one of them."""
    people = {spec.name: spec.codes.labels for spec in specs if spec.codes is not None and spec.codes.name == PEOPLE}
    here = {
        name: " ".join(one for one in str(kept[name] or "").split() if one in people[name])
        for name in people
        if name in kept
    }
    return {**kept, **{name: who or None for name, who in here.items()}}


class _Places:
    """Doors and households of the form's references."""

    def __init__(self, ws: "Workspace", *, sharing: bool) -> None:
        self._places = LifePlaces(ws.session, sharing=sharing)

    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        """The records of a kind that match what is typed."""
        return [Referred(*one) for one in self._places.find(kind, text, limit)]

    def caption(self, kind: str, id_: int) -> str:
        """What a record is called."""
        return self._places.caption(kind, id_)
