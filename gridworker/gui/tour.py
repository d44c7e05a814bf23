"""A picture of every page, with the sample community in it: light and dark, Chinese and English, no display needed."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QPoint,
    Qt,
    QtMsgType,
    qFormatLogMessage,
    qInstallMessageHandler,
)
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gridworker import text
from gridworker.app.files.bug_log import without_words
from gridworker.app.session import LOCAL
from gridworker.gui import background
from gridworker.gui.crash.crash import Crashes
from gridworker.gui.crash.crashpage import CrashPage
from gridworker.gui.desk import Desk
from gridworker.gui.entries import permitted, present
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.look import theme as themes
from gridworker.gui.owner import owner_of
from gridworker.gui.page import FIELD, OFFICE, PageEntry
from gridworker.gui.pages.backups import BackupsPage
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.settings import SettingsPage
from gridworker.gui.pages.unlock import Greeting, UnlockPage
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.start import make_application
from gridworker.gui.watching import handover
from gridworker.gui.window import SIZE, Window

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_ROUNDS = 6
_NO_SCREEN = "This plugin does not support propagateSizeHints()"
"""What Qt says for every window that is shown where there is no screen."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How the pages are shown: language, colours, text size."""

    language: str
    mode: themes.Mode
    scale: float = 1.0
    only: frozenset[str] = frozenset()
    """Pages to show; all where empty."""

    def __str__(self) -> str:
        size = f"-{round(self.scale * 100)}" if self.scale != 1.0 else ""
        return f"{self.language[:2]}-{self.mode}{size}"


DRESSES = (
    Dress("zh_CN", "light"), Dress("zh_CN", "dark"), Dress("en", "light"),
    Dress("zh_CN", "light", 1.5, frozenset({"today", "visit", "issues", "household"})),
)  # fmt: skip


class Photographer:
    """Takes the pictures. ``stores`` are the open workspaces by role; ``shots`` is where the files go."""

    def __init__(self, stores: "Mapping[str, Workspace]", shots: Path, ledger: Path | None) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._app = make_application()
        self.faults: list[str] = []
        for crashes in self._app.findChildren(Crashes):
            crashes.caught.connect(self._on_caught)
        self._stores = stores
        self._ledger = ledger
        self._shots = shots
        self._window = Window()
        self._window.resize(SIZE)
        self._window.show()

    def take(self) -> Iterator[Path]:
        """One picture after the other."""
        for dress in DRESSES:
            text.use(dress.language)
            themes.look().use(dress.mode, dress.scale)
            if not dress.only:
                yield from self._fronts(dress)
            for role in (FIELD, OFFICE):
                yield from self._desk(role, dress)
        self._window.close()

    def _on_caught(self, fault: BaseException) -> None:
        self.faults.append(without_words(fault))

    def _fronts(self, dress: Dress) -> Iterator[Path]:
        now = datetime.now(LOCAL)
        fronts: tuple[tuple[str, QWidget], ...] = (
            ("first-run", WizardPage(AppFrontDoor(), Path(), now)),
            ("unlock", UnlockPage(_never, now, Greeting(owner_of(self._stores[FIELD]).place))),
        )
        for name, front in fronts:
            self._window.show_content(front)
            yield self._shoot(name, dress)

    def _desk(self, role: str, dress: Dress) -> Iterator[Path]:
        workspace = self._stores[role]
        entries = permitted(workspace.session, present(role))
        desk = Desk(workspace, entries, owner_of(workspace))
        handover.show_status(workspace, desk.shell)
        self._window.show_content(desk)
        for entry in entries:
            if dress.only and entry.name not in dress.only:
                continue
            if role == OFFICE and OFFICE in entry.roles and FIELD in entry.roles and entry.name != "households":
                continue  # the same page as on a laptop
            desk.open(entry.name, self._target(entry, workspace))
            self._settle()
            yield self._shoot(f"{role}-{entry.name}", dress)
            yield from self._more(desk, entry.name, dress)
            for dialog in self._dialogs():
                dialog.close()
        desk.close_down()

    def _more(self, desk: Desk, name: str, dress: Dress) -> Iterator[Path]:
        """What comes up over some pages: two who may be one, what a backup lacks, what a bug shows."""
        page = desk.page(name)
        if isinstance(page, MergePage) and page.inbox.choose_pair():
            yield self._shoot(f"{OFFICE}-merge-pair", dress)
        elif isinstance(page, BackupsPage):
            page.put_back()
            yield self._shoot("put-back", dress)
        elif isinstance(page, SettingsPage):
            CrashPage(without_words(_fault()), self._window).open()
            yield self._shoot("crash", dress)

    def _target(self, entry: PageEntry, workspace: "Workspace") -> object:
        if entry.name == "roster":
            return self._ledger and (self._ledger, workspace.session.grids()[0])
        if entry.name == "search":
            people = workspace.records.page("resident", limit=1)
            return str(people[0].values["name"])[:1] if people else None  # a surname, that several share
        if entry.name not in {"household", "visit"}:
            return None
        cared = workspace.records.page("care_membership", limit=1)
        members = workspace.records.page(
            "household_member", limit=1, where={"resident_id": cared[0].values["resident_id"]} if cared else None
        )
        return members[0].values["household_id"] if members else None

    def _shoot(self, name: str, dress: Dress) -> Path:
        self._settle()
        picture = self._window.grab()
        for dialog in self._dialogs():
            lay_over(picture, dialog, self._window)
        path = self._shots / f"{name}-{dress}.png"
        if not picture.save(str(path)):
            raise OSError(f"{path.name} could not be written")
        return path

    def _dialogs(self) -> list[QDialog]:
        shown = [widget for widget in self._app.topLevelWidgets() if isinstance(widget, QDialog)]
        return [dialog for dialog in shown if dialog.isVisible()]

    def _settle(self) -> None:
        """Let everything that was started in the background arrive and be painted."""
        for _ in range(_ROUNDS):
            background.wait()
            self._app.processEvents()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def lay_over(picture: QPixmap, dialog: QDialog, window: QWidget) -> None:
    """Paint a dialog into the picture of its window, where a person would see it."""
    from PySide6.QtGui import QPainter

    painter = QPainter(picture)
    with suppress(RuntimeError):
        if dialog.testAttribute(Qt.WidgetAttribute.WA_Moved):
            at = window.mapFromGlobal(dialog.mapToGlobal(QPoint(0, 0)))
        else:  # Qt put it over the middle, and aside where the screen is smaller than the picture
            at = window.rect().center() - dialog.rect().center()
        painter.drawPixmap(at, dialog.grab())
    painter.end()


@contextmanager
def only_true_warnings() -> Iterator[None]:
    """Keep out the one line that means nothing here; whatever else Qt says is heard as before."""

    def hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        if words == _NO_SCREEN:
            return
        if before is None:
            sys.stderr.write(f"{qFormatLogMessage(kind, context, words)}\n")
        else:
            before(kind, context, words)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _fault() -> Exception:
    """One that went through the program, as a bug does."""
    try:
        _never("")
    except RuntimeError as fault:
        return fault
    raise AssertionError


def _never(_passphrase: str) -> "Workspace":
    raise RuntimeError("the picture of a locked page opens nothing")


class PageFailed(Exception):
    """A page did not come up as it must: the text is the traceback, without anybody's data."""


def take_pictures(stores: "Mapping[str, Workspace]", shots: Path, ledger: Path | None = None) -> list[Path]:
    """A PNG of every page into ``shots``; ``ledger`` is one to import.

    Raises OSError where a file cannot be written, PageFailed where a page does not come up.
    """
    shots.mkdir(parents=True, exist_ok=True)
    language = text.language()
    try:
        with only_true_warnings():
            photographer = Photographer(stores, shots, ledger)
            taken = list(photographer.take())
        if photographer.faults:
            raise PageFailed("\n".join(photographer.faults))
        return taken
    finally:
        text.use(language)
        application = QApplication.instance()
        if application is not None:
            background.wait()
