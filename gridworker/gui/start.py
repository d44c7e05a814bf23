"""Opening the window. The first paint comes before anything heavy is loaded; the rest is loaded while a person reads.

Nothing here or in what it imports at the top may import SQLModel, SQLAlchemy or pydantic (a test holds it).
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from gridworker import text
from gridworker.app.files import bug_log
from gridworker.app.openers import is_set_up
from gridworker.app.session import LOCAL
from gridworker.app.settings_on_record import note_guards
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.closed_store import ClosedStoreWork
from gridworker.gui.closing import Closing, leave_off
from gridworker.gui.composing import keep_enter
from gridworker.gui.crash import crash
from gridworker.gui.entries import permitted, present
from gridworker.gui.filedialogs import FOLDERS
from gridworker.gui.firstpaint import FirstPaint
from gridworker.gui.frontdoor import AppFrontDoor, FrontDoor
from gridworker.gui.habits import habits
from gridworker.gui.leftwritten import cut_short_words, note_parked, parked_words, way_on
from gridworker.gui.locking.idle import IdleWatch
from gridworker.gui.look import theme as themes
from gridworker.gui.page import FIELD, OFFICE
from gridworker.gui.pages.unlock import Greeting, UnlockPage
from gridworker.gui.preferences import Preferences
from gridworker.gui.process import restart
from gridworker.gui.process.quick_turns import take_quick_turns
from gridworker.gui.qtwords import QtWords
from gridworker.gui.wayback import WayBackOffer
from gridworker.gui.widgets.front import Front
from gridworker.gui.window import FRAME, SIZE, Window
from gridworker.paths import Folder, default_folder

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.gui.desk import Desk


def run(
    folder: Path | None = None, *, door: FrontDoor | None = None, painted: Callable[[], object] | None = None
) -> int:
    """Open the window on a data folder and stay until it is closed. ``painted`` is called after the first paint.

    Raises Problem where there is no display.
    """
    require_display()
    take_quick_turns()
    app = make_application()
    program = Program(app, folder or default_folder(), door or AppFrontDoor(), restart.begin)
    if painted is not None:
        program.painted.connect(painted)
    program.start()
    return app.exec()


def require_display() -> None:
    """Say so in a sentence where there is no display, instead of letting Qt abort."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise Problem("There is no display here. `make tour` shows every page without one.")


def make_application() -> QApplication:
    """The application, dressed by what was chosen on this computer."""
    app = cast("QApplication | None", QApplication.instance()) or QApplication(sys.argv[:1])
    app.setApplicationName("Gridworker")
    app.setDesktopFileName("gridworker")
    app.setStyle("Fusion")
    crash.Crashes(app).install()
    return app


PATIENCE = 2.0
"""Seconds that a lock waits for what is written, and then for all else: a computer that is to sleep waits for five."""


class Program(QObject):
    """From the front (unlock, first run) to the desk and back again when it is locked."""

    painted = Signal()
    loaded = Signal()
    """All that the first page needs is loaded."""

    def __init__(
        self, app: QApplication, folder: Path, door: FrontDoor, again: Callable[[Path, str], None] | None = None
    ) -> None:
        """``again`` begins the program anew after locking, and does not come back unless it could not."""
        super().__init__(app)
        self._app, self._folder, self._door, self._again = app, folder, door, again
        FOLDERS.keep_out_of(folder)
        self._ws: Workspace | None = None
        self._desk: Desk | None = None
        self._place = self._cut_short = ""
        self._watch: IdleWatch | None = None
        self._away = ClosedStoreWork(self)
        self._away.setParent(self)
        self._qt_words = QtWords(self)
        self.preferences = Preferences.load()
        text.use(self.preferences.language)
        look = themes.look()
        look.use(cast("themes.Mode", self.preferences.mode), self.preferences.scale)
        look.changed.connect(self._on_look_changed)
        self._use_habits()
        keep_enter(app)
        self.window = Window()
        self.window.closing.connect(self._on_closing)
        self._closing = Closing(self.window, lambda: self._ws is not None)

    def start(self) -> None:
        """Show the first page, then load the rest."""
        self.show_front()
        first = FirstPaint(self.window)
        first.painted.connect(self._on_painted)
        first.loaded.connect(self.loaded)
        screen = self.window.screen()
        room = SIZE + FRAME if self._app.platformName() == "offscreen" else screen.availableSize()
        self.window.fit(room)
        if self.preferences.place:
            self.window.restoreGeometry(QByteArray.fromHex(self.preferences.place.encode()))
        self.window.show()
        if words := restart.said():
            self._away.say(words)

    # ------------------------------------------------------------------------------------------------- the front

    def show_front(self) -> None:
        """The unlock page, or the first run where there is no store."""
        front = self._make_front()
        front.language_chosen.connect(self.use_language)
        front.scale_chosen.connect(lambda scale: themes.look().use(scale=scale))
        self.window.show_content(front)
        front.setFocus()

    def _make_front(self) -> Front:
        now = datetime.now(LOCAL)
        if is_set_up(self._folder):
            waits = partial(self._door.wait_left, self._folder)
            page = UnlockPage(partial(self._door.open, self._folder), now, self._greeting(), waits)
            page.opened.connect(self._on_opened)
            page.stopped.connect(self.restart)
            page.forgotten.connect(self.show_forgotten)
            offer = WayBackOffer(page, partial(self._door.way_back, self._folder))
            page.unreadable.connect(offer.begin)
            offer.agreed.connect(self._away.begin)
            self.window.show_place(text.gettext("locked"))
            return page
        from gridworker.gui.pages.wizard.wizard import WizardPage

        wizard = WizardPage(self._door, self._folder, now)
        wizard.finished.connect(self._on_set_up)
        wizard.look_for_kits()
        self.window.show_place("")
        return wizard

    def _greeting(self) -> Greeting:
        people, last = self._door.people(self._folder), self.preferences.last
        several = sorted(people, key=lambda one: one.slot != last) if len(people) > 1 else ()
        asked = Folder(self._folder).reset.exists()
        parked = parked_words(self.preferences, [one.slot for one in people], datetime.now(LOCAL))
        names = tuple((one.slot, one.name) for one in several)
        helped = self._door.forgotten(self._folder).office_can_help()
        return Greeting(self._place, parked, self.preferences.lock_minutes, names, asked, helped)

    def show_forgotten(self, slot: str) -> None:
        """The ways past a forgotten passphrase, for whoever was chosen."""
        from gridworker.gui.pages.forgotten import ForgottenPage

        page = ForgottenPage(self._door, self._folder, datetime.now(LOCAL), slot)
        page.opened.connect(self._on_opened)
        page.went_back.connect(self.show_front)
        page.language_chosen.connect(self.use_language)
        page.scale_chosen.connect(lambda scale: themes.look().use(scale=scale))
        self.window.show_content(page)
        page.setFocus()

    def _on_set_up(self, folder: Path, passphrase: str) -> None:
        self._folder = folder
        FOLDERS.keep_out_of(folder)
        background.run(lambda: self._door.open(folder, passphrase), done=self._on_opened, failed=self._on_not_opened)

    def _on_opened(self, ws: "Workspace") -> None:
        """Open the desk. Where the screen was locked meanwhile, it is locked again at once."""
        front = self.window.content()
        gone = isinstance(front, Front) and front.gone
        self.show_desk(ws)
        if gone:
            self.lock()

    def _on_not_opened(self, fault: Exception) -> None:
        self.show_front()
        if not isinstance(fault, Problem):
            raise fault
        self.window.show_problem(fault)

    def use_language(self, language: str) -> None:
        """Switch the language: the page on screen is made again in it."""
        text.use(language)
        self._qt_words.follow()
        themes.look().apply()
        self.preferences.language = language
        self.preferences.save()
        if self._ws is None:
            self.show_front()
        else:
            self.show_desk(self._ws)

    # -------------------------------------------------------------------------------------------------- the desk

    def show_desk(self, ws: "Workspace") -> None:
        """The pages of an open store."""
        from gridworker.gui.desk import Desk
        from gridworker.gui.owner import owner_of
        from gridworker.gui.watching.chores import Chores
        from gridworker.gui.watching.folderwatch import FolderWatch
        from gridworker.gui.watching.handover import Follower
        from gridworker.gui.watching.rolewatch import RoleWatch

        before, sharing, again = "", False, self._desk is not None
        if self._desk is not None:
            before, sharing = self._desk.current(), self._desk.shell.sharing
            self._desk.close_down()
        if not before and not ws.session.is_office and ws.session.knows("READ VISITS"):
            background.look(ws.today.look_ahead())  # it is read while the desk is made
        owner = owner_of(ws)
        role = OFFICE if ws.session.is_office else FIELD
        entries = permitted(ws.session, present(role))
        self._ws, self._place = ws, owner.place
        go_on = way_on(ws, self.preferences, datetime.now(LOCAL))
        self.preferences.last, self.preferences.parked, self.preferences.midway = ws.people_here.own_slot, "", False
        self.preferences.save()
        desk = self._desk = Desk(ws, entries, owner)
        desk.shell.preferences = self.preferences
        desk.shell.set_sharing(desk.shell.sharing or sharing)
        desk.shell.sharing_changed.connect(self.window.cover_toast)
        desk.shell.toast_wanted.connect(self.window.toast)
        desk.shell.problem_met.connect(self.window.show_problem)
        desk.shell.lock_wanted.connect(self.lock)
        desk.shell.preferred.connect(self._on_preferred)
        desk.undo_wanted.connect(self.window.undo)
        desk.shell.away_wanted.connect(self._away.begin)
        if ws.session.knows("READ BUNDLES") and {"sync", "merge"} & {entry.name for entry in entries}:
            Follower(ws, desk.shell)
            FolderWatch(ws, desk.shell)
        Chores(ws, desk.shell, again=again)
        RoleWatch(ws, desk.shell).changed.connect(self._on_role_changed, Qt.ConnectionType.QueuedConnection)
        self.window.show_content(desk)
        self.window.show_place(owner.place)
        names = [entry.name for entry in entries]
        first = before if before in names else next((entry.name for entry in entries if entry.group >= 0), "")
        if first:
            desk.open(first)
        go_on(desk)
        self._watch_idle()

    def _on_role_changed(self) -> None:
        """Other pages are theirs now; those on screen show what may not be."""
        if self._ws is not None:
            self.show_desk(self._ws)

    def lock(self) -> None:
        """Blank, keep what is half typed, forget the keys, ask for the passphrase.

        Python and Qt keep copies of what was typed, shown and opened with, in memory nobody can wipe: so the program
        begins anew, in a process that never knew it.
        """
        if self._ws is None or self._desk is None:
            if isinstance(front := self.window.content(), Front):
                front.lock_again()
            if isinstance(front, UnlockPage) and front.knows_something():
                self.restart()
            return
        try:
            self.close_store(locking=True)
        finally:  # what goes wrong comes after it: nothing keeps the window open
            words, self._cut_short = self._cut_short, ""
            self.restart(words)
            self.show_front()
            if words:
                self._away.say(words)

    def restart(self, words: str = "") -> None:
        """Begin the program anew, which then says ``words``. Comes back only where that could not be done."""
        self._keep_place()
        if self._again is not None:
            self._again(self._folder, words)

    def close_store(self, *, locking: bool = False) -> bool:
        """Blank the window, keep what is half typed and close the store; False where none is open.

        ``locking`` puts on record that a person, or the clock, locked it.
        """
        ws, desk = self._ws, self._desk
        if ws is None or desk is None:
            return False
        if self._watch is not None:
            self._watch.stop()
        self.window.blank()
        leave_off(ws)
        if locking and ws.session.break_off(PATIENCE):  # what is half typed would stand in line behind it
            self._cut_short = cut_short_words()
        desk.close_down()
        household = desk.unfinished() if locking else None
        self._ws, self._desk = None, None
        background.stop(PATIENCE if locking else background.PATIENCE)
        self._close(ws, locking=locking, household=household)
        return True

    def _close(self, ws: "Workspace", *, locking: bool, household: int | None = None) -> None:
        try:
            note_parked(ws, self.preferences, household)
            self.preferences.save()
        finally:  # whatever stops that, the keys go
            (ws.lock if locking else ws.close)()

    def _watch_idle(self) -> None:
        self._listen()
        if self._watch is not None:
            self._watch.start()

    def _listen(self) -> None:
        handle = self.window.windowHandle()
        if self._watch is None and handle is not None:
            from gridworker.gui.locking.sessionlock import SessionLock

            self._watch = IdleWatch(handle, self.preferences.lock_minutes)
            self._watch.idled.connect(self.lock)
            SessionLock(handle).locked.connect(self.lock)

    def _on_closing(self) -> None:
        self._keep_place()
        leave_off(self._ws)
        hurried = self._closing.broken_off
        if self._ws is not None and hurried:
            self._ws.session.break_off(0)  # what is half typed would stand in line behind it
        if self._desk is not None:
            self._desk.close_down()
        if isinstance(front := self.window.content(), UnlockPage):
            front.stop()
        if self._ws is not None:
            background.stop(PATIENCE if hurried else background.PATIENCE)
            self._close(self._ws, locking=False)
        self._ws, self._desk = None, None

    def _keep_place(self) -> None:
        self.preferences.place = bytes(self.window.saveGeometry().toHex().data()).decode()
        self.preferences.save()

    def _on_preferred(self, chosen: Preferences) -> None:
        """Somebody changed a setting."""
        before = replace(self.preferences)
        if self._ws is not None:
            background.run(partial(note_guards, self._ws.session, before, chosen))
        self.preferences.take(chosen)
        kept = self.preferences.save()
        self._use_habits()
        if self._watch is not None:
            self._watch.set_minutes(chosen.lock_minutes)
        themes.look().use(cast("themes.Mode", chosen.mode), chosen.scale)
        if chosen.language != before.language:
            self.use_language(chosen.language)
        if not kept:
            self.window.show_problem(
                Problem(
                    "This holds only until the window locks or closes: it could not be kept, for the disk is full or "
                    "may not be written. Make some room, then choose it once more."
                )
            )

    def _use_habits(self) -> None:
        habits().use(letters=self.preferences.letters, reveal_once=self.preferences.reveal_once)

    def _on_look_changed(self) -> None:
        self.preferences.scale = themes.look().theme.scale
        self.preferences.mode = themes.look().mode
        self.preferences.save()

    def _on_painted(self) -> None:
        self.painted.emit()
        bug_log.open_log()
        self._qt_words.follow()
        self._listen()
