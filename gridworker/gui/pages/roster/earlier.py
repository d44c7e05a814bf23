"""The last import, where the next one begins: a way to take it back as a whole that outlasts locking the window."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.app.words.days import near_moment
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.messages import Question
from gridworker.gui.page import Shell
from gridworker.gui.pages.roster.words import taken_back_line
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.roster.rosters import Earlier
    from gridworker.app.workspace import Workspace


class EarlierImport(QWidget):
    """A line that says when it was, with the way back; nothing where there is none."""

    def __init__(self, ws: "Workspace", shell: Shell, page: QWidget) -> None:
        super().__init__(page)
        self._ws, self._shell = ws, shell
        self._found: Earlier | None = None
        self._wanted = False
        self._line = column(gap=0)
        self.setLayout(self._line)
        bind(page, "Ctrl+U", self.ask, gettext("Undo the last import"))
        self.hide()

    def look(self, *, wanted: bool) -> None:
        """Read it anew, or say nothing of it while another part of the page is in sight."""
        self._wanted = wanted
        if wanted:
            background.run(self._ws.rosters.latest, done=self._show, failed=self._on_failed, owner=self)
        else:
            self._show(None)

    def ask(self) -> None:
        """Ask first: it may be days ago, and nobody looks at its rows now."""
        found = self._found
        if found is None:
            return
        text = gettext("Take the whole import of {moment} back?").format(moment=self._moment(found))
        more = gettext(
            "People and households that it brought go again, and what it changed is as it was before. "
            "What was changed or used since stays: a household that was visited, with all who live there."
        )
        messages.ask(self, Question(text, more, gettext("Undo this import")), partial(self._take_back, found))

    def _take_back(self, found: "Earlier") -> None:
        self._show(None)
        background.run(
            lambda: taken_back_line(self._ws.rosters.undo(found)),
            done=self._on_taken_back,
            failed=self._on_failed,
            owner=self,
        )

    def _on_taken_back(self, said: str) -> None:
        self._shell.toast(said)
        self.look(wanted=self._wanted)

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)

    def _show(self, found: "Earlier | None") -> None:
        self._found = found = found if self._wanted else None
        clear(self._line)
        if found is not None:
            words = gettext("The last import here: {moment}.").format(moment=self._moment(found))
            strip = Strip(words, tone="info", icon="clock-counter-clockwise", action=gettext("Undo this import"))
            strip.button.setToolTip("Ctrl U")
            strip.pressed.connect(self.ask)
            self._line.addWidget(strip)
            self._line.addSpacing(12)
        self.setVisible(found is not None)

    def _moment(self, found: "Earlier") -> str:
        return near_moment(found.at, self._ws.session.today())
