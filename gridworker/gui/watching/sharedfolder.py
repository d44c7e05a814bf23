"""Joins the card of the shared folder to the store: choosing, stopping, looking now, and what the last look said."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from gridworker.app.exchange.shown_words import newer_words
from gridworker.app.words.days import near_moment
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.page import Shell
from gridworker.gui.shortcuts import bind_button, offer
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.sharedfolder import FolderLook, SharedFolderCard
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.watched import Look
    from gridworker.app.workspace import Workspace


class SharedFolder(QObject):
    """Keeps a card right. The page that shows it owns both."""

    def __init__(self, ws: "Workspace", shell: Shell, page: QWidget) -> None:
        super().__init__(page)
        self._ws, self._shell, self._page = ws, shell, page
        self._keys: dict[Button, QShortcut] = {}
        may_set, may_look = ws.session.can("CHANGE SETTINGS"), ws.session.can("EXCHANGE BUNDLES")
        self.card = SharedFolderCard(may_set=may_set, may_look=may_look)
        self.card.choose_wanted.connect(self.choose)
        self.card.stop_wanted.connect(self._on_stop)
        self.card.look_wanted.connect(self.look)
        shell.folder_looked.connect(self.show_now)
        for button in (self.card.choose, self.card.now, self.card.stop):
            self._keys[button] = bind_button(page, button)
        self.show_now()

    def show_now(self) -> None:
        """Read how it stands and show it."""
        background.run(self._read, done=self._show)

    def choose(self) -> None:
        """Ask for a folder."""
        choose_folder(self._page, Purpose.BUNDLES, self.watch)

    def watch(self, folder: Path | None) -> None:
        """Watch a folder from now on, or none, and look at once."""

        def begin() -> None:
            self._ws.watched.watch(folder)
            self._ws.watched.look_quietly()

        background.run(begin, done=self._on_looked, failed=self._on_problem)

    def look(self) -> None:
        """Look now."""
        background.run(self._ws.watched.look_quietly, done=self._on_looked)

    def _on_stop(self) -> None:
        self.watch(None)

    def _on_looked(self, _result: object) -> None:
        self._shell.folder_looked.emit()

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)

    def _read(self) -> FolderLook:
        watched = self._ws.watched
        folder, last = watched.folder, watched.last
        if folder is None:
            return FolderLook()
        faults = [str(watched.problem)] if watched.problem else []
        if last is not None:
            told = (*last.bad, *(one for one in last.merged if one.problem))
            faults += [f"{one.file}: {one.problem}" for one in told]
        return FolderLook(str(folder), self._looked(last) if last else "", faults)

    def _looked(self, last: "Look") -> str:
        """When it was looked into, what is still being copied there, and that something of a newer version came."""
        said = gettext("Looked into {moment}").format(moment=near_moment(last.at, self._ws.session.today()))
        count = len(last.arriving)
        words = ngettext(
            "{count} bundle is not whole yet; it is taken in when it is.",
            "{count} bundles are not whole yet; they are taken in when they are.",
            count,
        )
        arriving = words.format(count=count) if count else ""
        return "\n".join(filter(None, (said, arriving, newer_words(sum(one.newer for one in last.merged)))))

    def _show(self, look: FolderLook) -> None:
        self.card.show_look(look)
        for button, key in self._keys.items():
            offer(key, there=button.isVisibleTo(self.card))
