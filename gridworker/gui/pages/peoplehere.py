"""Who opens these data on this computer: a passphrase for one more of the staff, and taking one away."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gridworker.app.staff.passphrases import judge
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.messages import Question, ask
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.shortcuts import bind, bind_button
from gridworker.gui.widgets.avatar import AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add, column, holder, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.passphrase import NewPassphrase, PassphraseField
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.openers import Here
    from gridworker.app.workspace import Workspace

_HEIGHT = 560

_Found: TypeAlias = "tuple[list[Here], list[tuple[int, str]], frozenset[int]]"
"""Who has a passphrase here, who of the staff has none, and for whom of those a second person is needed."""


class PeopleHereDialog(DialogPage):
    """The list, and a form for one more."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        told = gettext("Each with a passphrase of their own; what they do is kept under their name.")
        self.frame = DialogFrame(gettext("People on this computer"), told)
        self._found: _Found = ([], [], frozenset())
        self.people = RowList(name=gettext("People on this computer"))
        self.people.row_chosen.connect(lambda _: self._on_changed())
        self.take_away = Button(gettext("Take the passphrase away"), key="Del", size="compact", kind="danger")
        self.take_away.clicked.connect(self.remove)
        self.more = Button(gettext("One more person"), "user-plus", key="N", size="compact")
        self.more.clicked.connect(self.show_form)
        self.staff = OptionChips(name=gettext("Staff without a passphrase here"))
        self.staff.chosen.connect(lambda _: self._on_chosen())
        self.new = NewPassphrase(judge)
        self.new.changed.connect(self._on_changed)
        self.new.fields()[1].entered.connect(self.submit)
        self.witness = PassphraseField(gettext("Passphrase of a second person who may do as much"))
        self.witness.entered.connect(self.submit)
        self.witness.changed.connect(lambda _: self._on_changed())
        self.witness.hide()
        self.nobody = Text(gettext("Choose whom the passphrase is for."), "small", "due", wrap=True)
        advice = gettext("Let them type it themselves.")
        self._form = holder(
            column(self.staff, 6, self.nobody, 10, self.new, self.witness, Text(advice, "small", "ink-3", wrap=True))
        )
        self._form.hide()
        if not ws.session.can("CHANGE KEYS"):
            self.more.hide()
            self.take_away.hide()
        add(self.frame.body, self.people, 8, row(self.more, None, self.take_away), 12, self._form)
        self.people.setMinimumHeight(120)
        self.save = Button(gettext("Give the passphrase"), key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self.submit)
        self.save.hide()
        self.frame.set_foot(None, cancel_of(self, gettext("Close")), self.save)
        self.frame.put_in(self, _HEIGHT)
        self.setAccessibleName(gettext("People on this computer"))
        bind(self, "Ctrl+Return", self.submit, gettext("Give the passphrase"))
        for button in (self.more, self.take_away):
            bind_button(self, button)
        self._on_changed()
        self._read()

    def show_form(self) -> None:
        """The form for one more person."""
        self._form.show()
        self.save.show()
        self.staff.focus_first()

    def submit(self) -> None:
        """Give it."""
        if not self.save.isEnabled():
            return
        [person], passphrase = self.staff.values(), self.new.passphrase()
        self._work(
            partial(self.ws.people_here.add, int(person), passphrase, witness=self.witness.text()),
            gettext("{name} can unlock from now on."),
        )

    def remove(self) -> None:
        """Ask, then take the chosen one's away: it cannot be undone, for nobody knows the passphrase."""
        chosen = self._chosen()
        if chosen is None:
            return
        question = Question(
            gettext("Take the passphrase of {name} away?").format(name=chosen.name),
            gettext(
                "They cannot unlock this computer any more. What they wrote stays. Backups made before still open with "
                "their passphrase: where that must not be, make a new data key in the settings."
            ),
            gettext("Take the passphrase away"),
        )
        ask(self, question, partial(self._remove, chosen.slot))

    def _remove(self, slot: str) -> None:
        self._work(partial(self.ws.people_here.remove, slot), gettext("{name} cannot unlock here any more."))

    def _work(self, work: "partial[None]", words: str) -> None:
        name = self._name_in_hand(adding=work.func == self.ws.people_here.add)
        self.save.setEnabled(False)
        self.frame.say("")

        def done(_nothing: object) -> None:
            self.frame.say(words.format(name=name), good=True)
            for field in (*self.new.fields(), self.witness):
                field.clear()
            self.witness.hide()
            self._form.hide()
            self.save.hide()
            self._read()

        background.run(work, done=done, failed=self._on_failed, owner=self)

    def _name_in_hand(self, *, adding: bool) -> str:
        chosen = self._chosen()
        if adding:
            return next((name for id_, name in self._found[1] if [str(id_)] == self.staff.values()), "")
        return chosen.name if chosen else ""

    def _read(self) -> None:
        background.run(self._look, done=self._show, owner=self)

    def _look(self) -> "_Found":
        here = self.ws.people_here
        candidates = here.candidates()
        return here.listed(), candidates, frozenset(id_ for id_, _ in candidates if here.needs_second(id_))

    def _show(self, found: "_Found") -> None:
        self._found = found
        listed, candidates, _ = found
        self.people.show_rows([
            Row(number, one.name, "", self._about(one), AvatarSpec(first_character(one.name)))
            for number, one in enumerate(listed)
        ])  # fmt: skip
        self.staff.set_options([Option(str(id_), name) for id_, name in candidates])
        self.more.setEnabled(bool(candidates))
        self._on_changed()
        self.people.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _about(one: "Here") -> str:
        words = [gettext("at the keyboard")] if one.own else []
        words += [gettext("with the key ring of this computer")] if one.with_ring else []
        return gettext(", ").join(words)

    def _chosen(self) -> "Here | None":
        key, listed = self.people.current_key(), self._found[0]
        return listed[key] if isinstance(key, int) and key < len(listed) else None

    def _on_chosen(self) -> None:
        """Ask for a second person's passphrase where the role of the chosen one needs it."""
        self.witness.setVisible(any(int(person) in self._found[2] for person in self.staff.values()))
        self._on_changed()

    def _on_changed(self) -> None:
        chosen = self._chosen()
        self.take_away.setEnabled(chosen is not None and not chosen.own and len(self._found[0]) > 1)
        own = chosen is not None and chosen.own
        self.take_away.setToolTip(gettext("Nobody takes their own passphrase away.") if own else "")
        self.nobody.setVisible(not self.staff.values())
        self.save.setEnabled(len(self.staff.values()) == 1 and bool(self.new.passphrase()) and self._is_vouched())

    def _is_vouched(self) -> bool:
        return self.witness.isHidden() or bool(self.witness.text())

    def _on_failed(self, fault: Exception) -> None:
        self._on_changed()
        if not isinstance(fault, Problem):
            raise fault
        self.frame.show_problem(fault)
