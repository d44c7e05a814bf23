"""Handing the replies out: one for every laptop, onto the stick that is plugged in, else into a folder."""

from pathlib import Path

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.page import Page
from gridworker.gui.shortcuts import bind
from gridworker.gui.watching.drives import Drive
from gridworker.gui.widgets.button import Button
from gridworker.text import gettext, ngettext


class ReplyButton(Button):
    """The button of the page that writes them, and its key."""

    def __init__(self, page: Page) -> None:
        super().__init__(gettext("Reply bundles"), "upload-simple", key="Ctrl B")
        self._page = page
        self.drives: list[Drive] = []
        """The sticks that are plugged in."""
        self.clicked.connect(self.ask)
        bind(page, "Ctrl+B", self.ask, gettext("Reply bundles"))

    def ask(self) -> None:
        """Write them, where to being asked if there is no stick."""
        if self.drives:
            self.write(self.drives[0].root)
            return
        choose_folder(self._page, Purpose.BUNDLES, self.write)

    def write(self, folder: Path) -> None:
        """Write them into a folder, and read them back."""
        self.setEnabled(False)
        pack_all = self._page.ws.exchange.pack_all
        background.run(lambda: pack_all(folder), done=self._on_written, failed=self._on_failed, owner=self._page)

    def _on_written(self, paths: dict[int, Path]) -> None:
        self.setEnabled(True)
        if not paths:
            self._page.shell.toast(gettext("No laptop to answer yet. Take in a first bundle of each, then reply."))
            return
        words = ngettext("{count} reply written and read back.", "{count} replies written and read back.", len(paths))
        self._page.shell.toast(words.format(count=len(paths)))

    def _on_failed(self, fault: Exception) -> None:
        self.setEnabled(True)
        if not isinstance(fault, Problem):
            raise fault
        self._page.shell.problem(fault)
