"""What colleagues left half written on this computer: which form, whose, since when; and handing it on."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gridworker.app.words.days import near_moment
from gridworker.gui import background
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.avatar import AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add, column, holder
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.drafts import Begun
    from gridworker.app.workspace import Workspace

_HEIGHT, _LIST = 460, 180
_EMPTY = 0
"""Where nobody left anything: as high as the words."""

_Found: TypeAlias = "tuple[list[Begun], list[list[tuple[int, str]]]]"
"""What was begun by others, and for each of it who here can go on with it."""


class DraftsDialog(DialogPage):
    """The list; for who keeps the accounts, whom it goes to. Nothing of what stands in a form is shown."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        title = gettext("Left half written here")
        self._may = may = ws.session.can("CHANGE STAFF")
        told = gettext("What colleagues began on this computer and did not finish. What stands in it is theirs.")
        self.frame = DialogFrame(title, told)
        self._height = _EMPTY
        self._begun: list[Begun] = []
        self._heirs: list[list[tuple[int, str]]] = []
        self.list = RowList(name=title)
        self.list.row_chosen.connect(lambda _: self._offer())
        self.none = Text(gettext("Nobody else left anything half written here."), "small", "ink-2", wrap=True)
        self.heirs = OptionChips(name=gettext("Who goes on with it"))
        self.heirs.chosen.connect(lambda _: self._enable())
        self._to = holder(column(Text(gettext("Who goes on with it"), "small", "ink-2"), 6, self.heirs))
        advice = gettext("Whoever began it finishes it, or who keeps the accounts hands it on.")
        self.advice = Text(advice, "small", "ink-3", wrap=True)
        nobody = gettext("Nobody else with a passphrase here fills in such forms, or they have begun one of their own.")
        self.nobody = Text(nobody, "small", "ink-2", wrap=True)
        add(self.frame.body, self.none, self.list, 12, self._to, self.nobody, self.advice)
        self.hand_on = Button(gettext("Hand on"), key="Ctrl Enter", kind="primary")
        self.hand_on.clicked.connect(self.submit)
        self.hand_on.setVisible(may)
        self.frame.set_foot(None, cancel_of(self, gettext("Close")), self.hand_on)
        self.frame.put_in(self, _EMPTY)
        self.setAccessibleName(title)
        bind(self, "Ctrl+Return", self.submit, gettext("Hand on"))
        self._show(([], []))
        self._read()

    def submit(self) -> None:
        """Give the chosen one to who is picked."""
        chosen = self._chosen()
        if chosen is None or not self.hand_on.isEnabled():
            return
        [heir] = self.heirs.values()
        name = next(called for person, called in self._heirs[self._begun.index(chosen)] if str(person) == heir)
        said = gettext("{form} of {giver}: {name} goes on with it.").format(
            form=chosen.form, giver=chosen.called, name=name
        )
        self.hand_on.setEnabled(False)
        self.frame.say("")
        background.run(
            partial(self.ws.drafts.hand_on, chosen.name, chosen.who, int(heir)),
            done=partial(self._on_handed_on, said), failed=self._on_failed, owner=self,
        )  # fmt: skip

    def _on_handed_on(self, said: str, _nothing: object) -> None:
        self.frame.say(said, good=True)
        self._read()

    def _on_failed(self, fault: Exception) -> None:
        self.frame.show_problem(fault)
        self._read()

    def _read(self) -> None:
        background.run(self._look, done=self._show, owner=self)

    def _look(self) -> _Found:
        begun = self.ws.drafts.of_others()
        return begun, [self.ws.drafts.heirs(one.name, one.who) if self._may else [] for one in begun]

    def _show(self, found: _Found) -> None:
        self._begun, self._heirs = found
        today = self.ws.session.today()
        self.list.show_rows([
            Row(number, one.form, "", one.called, AvatarSpec(first_character(one.called)),
                right=near_moment(one.kept_at, today))
            for number, one in enumerate(self._begun)
        ])  # fmt: skip
        self.list.setMinimumHeight(_LIST)
        self.list.setVisible(bool(self._begun))
        self.none.setVisible(not self._begun)
        self.advice.setVisible(bool(self._begun))
        height = _HEIGHT if self._begun else _EMPTY
        if height != self._height:
            self._height = height
            self.frame.grow(height)
        self._offer()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        """Offer who can go on with the chosen one."""
        chosen = self._chosen()
        heirs = self._heirs[self._begun.index(chosen)] if chosen is not None else []
        self.heirs.set_options([Option(str(person), name) for person, name in heirs])
        self.heirs.set_values([])
        self._to.setVisible(bool(heirs))
        self.nobody.setVisible(self._may and chosen is not None and not heirs)
        self._enable()

    def _chosen(self) -> "Begun | None":
        key = self.list.current_key()
        return self._begun[key] if isinstance(key, int) and key < len(self._begun) else None

    def _enable(self) -> None:
        self.hand_on.setEnabled(self._chosen() is not None and bool(self.heirs.values()))
