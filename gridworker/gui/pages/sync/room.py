"""How much room photos and papers take on this laptop, and letting go of what the office has safely."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.bundlewords import size
from gridworker.gui.messages import Question
from gridworker.gui.page import Shell
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.attachment.attachments import LetGo
    from gridworker.app.workspace import Workspace


class RoomLine(QWidget):
    """One line below the panels; hidden where no file is kept."""

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__()
        self._ws, self._shell = ws, shell
        self.about = Text("", "small", "ink-2", wrap=True)
        self.button = Button(gettext("Make room"), size="compact")
        self.button.setEnabled(not ws.session.read_only)
        self.button.clicked.connect(self.ask)
        layout = row(self.about, self.button, gap=12, margins=(4, 0, 4, 0))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def show_files(self, count: int, octets: int) -> None:
        """Say how many are kept here."""
        words = ngettext("{count} photo kept here, {size}", "{count} photos kept here, {size}", count)
        self.about.setText(words.format(count=count, size=size(octets)))
        self.setVisible(bool(count))

    def ask(self) -> None:
        """Ask before files go: they come back from the office only."""
        question = Question(
            gettext("Remove the photos and papers that the office has in its backup?"),
            gettext(
                "What they belong to stays as it is, and the office keeps the files. What was deleted here long ago "
                "and never went to the office goes for good. All others stay here."
            ),
            gettext("Remove from here"),
        )
        messages.ask(self, question, self.make_room)

    def make_room(self) -> None:
        """Let go of all that is safe at the office."""
        self.button.setEnabled(False)
        background.run(lambda: self._ws.attachments.let_go(0), done=self._on_done, failed=self._on_failed, owner=self)

    def _on_done(self, done: "LetGo") -> None:
        from gridworker.app.attachment.attachments import let_go_words

        self.button.setEnabled(True)
        self._shell.toast(let_go_words(done))
        self.read()

    def read(self) -> None:
        """Count again, for who may see files."""
        if not self._ws.session.knows("READ FILES"):
            return
        background.run(self._ws.attachments.kept, done=lambda found: self.show_files(*found), owner=self)

    def _on_failed(self, fault: Exception) -> None:
        self.button.setEnabled(True)
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
