"""What colleagues left half written on this computer: which form, whose, since when; and handing it on."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gridworker.app.days import near_moment
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
    from gridworker.app.openers import Here
    from gridworker.app.workspace import Workspace

_HEIGHT, _LIST = 460, 180

_Found: TypeAlias = "tuple[list[Begun], list[Here]]"
"""What was begun by others, and who has a passphrase here to go on with it."""


class DraftsDialog(DialogPage):
    """The list; for who keeps the accounts, whom it goes to. Nothing of what stands in a form is shown."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        title = gettext("Left half written here")
        may = ws.session.can("CHANGE STAFF")
        told = gettext("What colleagues began on this computer and did not finish. What stands in it is theirs.")
        self.frame = DialogFrame(title, told)
        self._begun: list[Begun] = []
        self._here: list[Here] = []
        self.list = RowList(name=title)
        self.list.row_chosen.connect(lambda _: self._offer())
        self.none = Text(gettext("Nobody else left anything half written here."), "small", "ink-2", wrap=True)
        self.heirs = OptionChips(name=gettext("Who goes on with it"))
        self.heirs.chosen.connect(lambda _: self._enable())
        self._to = holder(column(Text(gettext("Who goes on with it"), "small", "ink-2"), 6, self.heirs))
        advice = gettext("Whoever began it finishes it, or who keeps the accounts hands it on.")
        self.advice = Text(advice, "small", "ink-3", wrap=True)
        self.advice.setVisible(not may)
        add(self.frame.body, self.none, self.list, 12, self._to, self.advice)
        self.hand_on = Button(gettext("Hand on"), key="Ctrl Enter", kind="primary")
        self.hand_on.clicked.connect(self.submit)
        self.hand_on.setVisible(may)
        self.frame.set_foot(None, cancel_of(self, gettext("Close")), self.hand_on)
        self.frame.put_in(self, _HEIGHT)
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
        name = next(one.name for one in self._here if str(one.person) == heir)
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
        return self.ws.drafts.of_others(), self.ws.people_here.listed()

    def _show(self, found: _Found) -> None:
        self._begun, self._here = found
        today = self.ws.session.today()
        self.list.show_rows([
            Row(number, one.form, "", one.called, AvatarSpec(first_character(one.called)),
                right=near_moment(one.kept_at, today))
            for number, one in enumerate(self._begun)
        ])  # fmt: skip
        self.list.setMinimumHeight(_LIST)
        self.list.setVisible(bool(self._begun))
        self.none.setVisible(not self._begun)
        self._offer()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        """Offer who has a passphrase here, but for who began it."""
        chosen = self._chosen()
        heirs = [one for one in self._here if one.person and chosen is not None and one.person != chosen.who]
        self.heirs.set_options([Option(str(one.person), one.name) for one in heirs])
        self.heirs.set_values([])
        self._to.setVisible(bool(heirs) and not self.hand_on.isHidden())
        self._enable()

    def _chosen(self) -> "Begun | None":
        key = self.list.current_key()
        return self._begun[key] if isinstance(key, int) and key < len(self._begun) else None

    def _enable(self) -> None:
        self.hand_on.setEnabled(self._chosen() is not None and bool(self.heirs.values()))
