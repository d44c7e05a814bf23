"""The program from its first paint to the desk, locked and opened again; and what it remembers of its looks."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from ctypes import addressof, wintypes
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QClipboard, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QPlainTextEdit  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker import text
from gridworker.app.demo.demo import make_demo
from gridworker.app.openers import Here
from gridworker.errors import DiskFull, Problem, StoreBusy, StoreNewer
from gridworker.gui import background, messages, qtwords, start
from gridworker.gui.background import Report
from gridworker.gui.clipboard import copy_private
from gridworker.gui.desk import Desk
from gridworker.gui.filedialogs import FOLDERS, Purpose
from gridworker.gui.frontdoor import AppFrontDoor, Sample
from gridworker.gui.habits import habits
from gridworker.gui.locking.idle import DEFAULT_MINUTES, IdleWatch
from gridworker.gui.locking.sessionlock import SessionLock, _Messages
from gridworker.gui.locking.sleepdelay import SleepDelay
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Errand, Undo
from gridworker.gui.pages.forgotten import ForgottenPage
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.preferences import Preferences
from gridworker.gui.process import restart
from gridworker.gui.widgets.sharestrip import ShareStrip
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.store.keys.kdf import CHEAP
from tests.gui import stage
from tests.gui.stage import Recorded, Stage
from tests.gui.toasts import toast_text


class Owned(Stage):
    """A Workspace with an owner."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = self.locked = 0
        self.people_here = SimpleNamespace(own_slot="5107")
        self.parked: list[datetime] = []
        self.drafts = SimpleNamespace(
            all=lambda _prefix: [SimpleNamespace(kept_at=at, name="visit:7") for at in self.parked]
        )
        self.visits = SimpleNamespace(newest=lambda: 7)
        self.looked_ahead: list[bool] = []
        self.today = SimpleNamespace(look_ahead=lambda: lambda: self.looked_ahead.append(True))
        self.session = SimpleNamespace(
            is_office=False,
            writing_elsewhere=None,
            person="周敏",
            role="grid_worker",
            grids=lambda: [1],
            is_sample=False,
            knows=bool,
            break_off=self.broken_off,
            stop_looking=lambda: None,
        )
        names = {"community": "师院社区", "grid": "第三网格"}
        self.records = SimpleNamespace(
            page=lambda kind, **_: [SimpleNamespace(caption=names[kind], values={})],
            show=lambda kind, _id: SimpleNamespace(caption=names[kind]),
        )

    def close(self) -> None:
        self.closed += 1

    def lock(self) -> None:
        self.locked += 1
        self.close()

    def broken_off(self, patience: float) -> bool:
        assert patience > 0
        return False


class Door(AppFrontDoor):
    """Opens at once."""

    def __init__(self) -> None:
        self.ws = Owned()
        self.here = [Here("5107", 1, "周敏")]

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Any:
        del folder, passphrase, slot, report
        return self.ws

    def kits(self) -> list[Path]:
        return []

    def people(self, folder: Path) -> list[Here]:
        del folder
        return self.here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text("{}")
    return tmp_path


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[start.Program]:
    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: tmp_path / "look.json")
    monkeypatch.setattr(start, "present", lambda _role: stage.cast())
    monkeypatch.setattr("gridworker.gui.watching.handover.Follower", lambda *_: None)  # it asks a real store
    monkeypatch.setattr("gridworker.gui.watching.chores.Chores", lambda *_, **__: None)  # so does this
    program = start.Program(qapp, folder, Door())
    program.use_language("en")
    qtbot.addWidget(program.window)
    yield program
    program.window.close()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(program, QEvent.Type.DeferredDelete)


def unlocked(qtbot: QtBot, program: start.Program) -> Desk:
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.passphrase_field.line().setText("any")
    front.button().click()
    qtbot.waitUntil(lambda: isinstance(program.window.content(), Desk))
    return cast("Desk", program.window.content())


def door_of(program: start.Program) -> Owned:
    return cast("Door", program._door).ws


def test_the_first_paint_comes_before_the_heavy_modules(qtbot: QtBot, program: start.Program) -> None:
    with qtbot.waitSignal(program.painted):
        program.start()
    assert isinstance(program.window.content(), UnlockPage)
    assert program.window.windowTitle() == "Gridworker — locked"


def test_the_front_greets_by_the_hour_of_the_country(program: start.Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every time on the pages: a computer whose zone was never set would wish a good evening at nine."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 3, 18, 1, 0, tzinfo=UTC).astimezone(tz)

    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(start, "datetime", Clock)
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    assert "Good morning" in [label.text() for label in front.findChildren(Text)]


def test_a_forgotten_passphrase_leads_away_and_back(qtbot: QtBot, program: start.Program) -> None:
    """Also where the key files are damaged: then only the recovery sheet is offered, and it says what is wrong."""
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.passphrase_field.aside_pressed.emit()
    page = program.window.content()
    assert isinstance(page, ForgottenPage)
    qtbot.waitUntil(lambda: page.step().isAncestorOf(QApplication.focusWidget() or page))
    page.step().went_back.emit()
    assert isinstance(program.window.content(), UnlockPage)


def test_another_page_or_start_does_not_end_the_wait_after_wrong_passphrases(
    program: start.Program, folder: Path
) -> None:
    now = {"wall": int(time.time()), "steady": int(time.monotonic())}
    (folder / "attempts.json").write_text(json.dumps({"total": 6, "moments": [], "row": 6, **now}))
    program.start()
    for language in ("zh_CN", "en"):
        front = program.window.content()
        assert isinstance(front, UnlockPage)
        assert 30 < front.waiting() <= 60
        assert not front.button().isEnabled()
        program.use_language(language)


def test_who_came_last_is_remembered_without_a_name(qtbot: QtBot, program: start.Program, tmp_path: Path) -> None:
    unlocked(qtbot, program)
    assert Preferences.load(tmp_path / "look.json").last == "5107"
    assert "周敏" not in (tmp_path / "look.json").read_text("utf-8")


PAINTED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gridworker.gui.start import run
def painted():
    print(*sorted({"sqlalchemy", "sqlmodel", "sqlcipher3", "pydantic", "argon2"} & set(sys.modules)))
    print(sys.getswitchinterval())
    QApplication.quit()
sys.exit(run(Path(sys.argv[1]), painted=painted))
"""


def test_a_real_start_paints_before_it_loads_the_database(folder: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_STATE_HOME": str(folder),
        "XDG_CACHE_HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", PAINTED, str(folder)], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stdout) == (0, "\n0.0005\n"), done.stderr


_UNLOCKED = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop
from gridworker.gui import background
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.start import Program, make_application
app, loaded = make_application(), []
program = Program(app, Path(sys.argv[1]), AppFrontDoor())
program.loaded.connect(lambda: loaded.append(True))
program.start()
while not loaded:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
before, opened = set(sys.modules), []
def show(workspace):
    program.show_desk(workspace)
    opened.append(workspace)
def unlock():
    from gridworker.app.workspace import Workspace
    from gridworker.store.keys.kdf import CHEAP
    return Workspace.open(Path(sys.argv[1]), sys.argv[2], profile=CHEAP)
background.run(unlock, done=show)
while not opened:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
print(*sorted(name for name in set(sys.modules) - before if name.startswith(("gridworker", "PySide6"))))
print(gc.get_freeze_count() > 10 * len(gc.get_objects()))
background.wait()
opened[0].close()
"""


def test_nothing_is_loaded_between_the_passphrase_and_the_desk(tmp_path: Path) -> None:
    """What a person waits for then was loaded while the passphrase was typed, and is not looked through for garbage."""
    made = make_demo(tmp_path / "sample", people=20, profile=CHEAP)
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _UNLOCKED, str(made.laptops[0]), made.passphrase], env=environment, capture_output=True,
        text=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("\nTrue\n", "")


def test_without_a_store_the_first_run_begins(qtbot: QtBot, program: start.Program, folder: Path) -> None:
    (folder / "keys.json").unlink()
    program.start()
    assert isinstance(program.window.content(), WizardPage)


@pytest.mark.parametrize("left", ["keys.bak.json", "store.db"])
def test_a_part_of_a_store_is_unlocked_and_none_is_set_up_over_it(
    program: start.Program, folder: Path, left: str
) -> None:
    (folder / "keys.json").rename(folder / left)
    program.start()
    assert isinstance(program.window.content(), UnlockPage)


def test_unlocking_shows_the_first_page_of_the_desk(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    assert desk.current() == "today"
    qtbot.waitUntil(lambda: door_of(program).looked_ahead == [True])
    assert program.window.windowTitle() == "Gridworker — 师院社区·第三网格"
    words = [label.text() for label in desk.sidebar().findChildren(Text)]
    assert "师院社区" in words
    assert "第三网格·周敏" in words


def test_locking_keeps_what_is_typed_and_forgets_the_store(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    today = desk.page("today")
    assert isinstance(today, Recorded)
    desk.shell.lock()
    assert today.asked[-1] == "leave"
    assert (door_of(program).closed, door_of(program).locked) == (1, 1)
    assert isinstance(program.window.content(), UnlockPage)
    assert door_of(program).listeners == []
    desk = unlocked(qtbot, program)
    assert desk.current() == "today"


def test_a_half_written_visit_is_mentioned_before_unlocking_without_a_name(
    qtbot: QtBot, program: start.Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 3, 18, 1, 0, tzinfo=UTC).astimezone(tz)

    def said() -> list[str]:
        front = program.window.content()
        assert isinstance(front, UnlockPage)
        return [label.text() for label in front.findChildren(Text)]

    monkeypatch.setattr(start, "datetime", Clock)
    desk = unlocked(qtbot, program)
    door_of(program).parked = [datetime(2026, 3, 17, 9, 42, tzinfo=UTC)]
    desk.shell.lock()
    assert "A half-written visit is kept here" in said()
    assert "Kept yesterday 17:42" in said()
    assert Preferences.load(tmp_path / "look.json").parked == "2026-03-17T09:42:00+00:00"
    door, own = cast("Door", program._door), Here("5107", 1, "周敏")
    door.here = [Here("9999", 1, "赵海")]  # the folder of another store
    program.show_front()
    assert "A half-written visit is kept here" not in said()
    door.here, door_of(program).parked = [own], []
    unlocked(qtbot, program).shell.lock()
    assert "A half-written visit is kept here" not in said()


@pytest.mark.parametrize(("at_the_door", "now", "page"), [(7, 18, "visit"), (8, 18, "today"), (7, 19, "today")])
def test_a_visit_that_the_lock_came_into_is_on_screen_again(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch, at_the_door: int, now: int, page: str
) -> None:
    """At the same door and on the same day; the draft of another door stays parked."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 3, now, 2, 0, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(start, "datetime", Clock)
    monkeypatch.setattr(Recorded, "unfinished", lambda _page: at_the_door)
    desk = unlocked(qtbot, program)
    door_of(program).parked = [datetime(2026, 3, 18, 1, 42, tzinfo=UTC)]
    desk.open("visit", at_the_door)
    desk.shell.lock()
    desk = unlocked(qtbot, program)
    background.wait()
    QCoreApplication.processEvents()
    assert desk.current() == page
    again = desk.page(page)
    assert isinstance(again, Recorded)
    assert (("target", 7) in again.asked) is (page == "visit")


def test_after_locking_the_program_begins_anew_where_it_can(
    qtbot: QtBot, program: start.Program, folder: Path, tmp_path: Path
) -> None:
    begun: list[tuple[Path, int]] = []
    program._again = lambda at, _words: begun.append((at, door_of(program).closed))
    desk = unlocked(qtbot, program)
    dialog = QDialog(desk.page("today"))
    dialog.open()
    copy_private("138 0000 0142")
    desk.shell.lock()
    assert begun == [(folder, 1)]  # the store was closed before
    assert not dialog.isVisible()
    assert QApplication.clipboard().text() == ""
    assert json.loads((tmp_path / "look.json").read_text("utf-8"))["place"]
    assert isinstance(program.window.content(), UnlockPage)


def test_a_screen_that_was_locked_while_it_opened_finds_it_locked(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade takes minutes; whoever closes the lid meanwhile does not come back to an open desk."""
    held, owned = Event(), door_of(program)
    monkeypatch.setattr(program._door, "open", lambda *_, **__: held.wait(60) and owned)
    with qtbot.waitSignal(program.painted):
        program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.passphrase_field.line().setText("any")
    front.button().click()
    [session] = program.window.windowHandle().findChildren(SessionLock)
    session.on_switched(True)
    held.set()
    qtbot.waitUntil(lambda: owned.locked == 1)
    assert isinstance(program.window.content(), UnlockPage)
    session.on_switched(True)
    unlocked(qtbot, program)
    assert owned.locked == 1, "the next one stays open"


def test_a_screen_that_was_locked_while_the_offices_answer_opened_it_finds_it_locked(
    program: start.Program,
) -> None:
    """Any of the first pages may be waiting for a store as the lid is closed."""
    program.start()
    program.show_forgotten("5107")
    front, owned = program.window.content(), door_of(program)
    assert isinstance(front, ForgottenPage)
    front.hold()
    program.lock()
    front.opened.emit(owned)
    assert owned.locked == 1
    assert isinstance(program.window.content(), UnlockPage)


def test_a_passphrase_that_was_tried_and_left_goes_with_the_process_once_the_screen_is_locked(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What did not open had its key in the memory all the same; what is only typed would let in whoever comes by."""
    begun: list[Path] = []
    program._again = lambda at, _words: begun.append(at)

    def newer(*_: object, **__: object) -> None:
        raise StoreNewer("Install version 9.")

    monkeypatch.setattr(program._door, "open", newer)
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.passphrase_field.line().setText("typed and left")
    program.lock()
    assert (front.passphrase_field.text(), begun) == ("", [])
    front.passphrase_field.line().setText("right")
    front.button().click()
    qtbot.waitUntil(front.button().isEnabled)
    program.lock()
    assert len(begun) == 1


def test_an_upgrade_that_was_stopped_ends_the_process_that_had_the_store_open(program: start.Program) -> None:
    begun: list[str] = []
    program._again = lambda _at, words: begun.append(words)
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.stopped.emit("Stopped.")
    assert begun == ["Stopped."]


def test_share_mode_outlasts_another_language(qtbot: QtBot, program: start.Program) -> None:
    unlocked(qtbot, program).shell.set_sharing(True)
    program.use_language("zh_CN")
    desk = program.window.content()
    assert isinstance(desk, Desk)
    assert desk.shell.sharing
    assert [strip.isVisible() for strip in desk.findChildren(ShareStrip)].count(True) == 1


def test_what_was_just_said_is_off_the_screen_when_others_look_and_can_still_be_undone(
    qtbot: QtBot, program: start.Program
) -> None:
    desk, undone = unlocked(qtbot, program), list[bool]()
    desk.shell.toast("Nobody met at 陈桂芳: noted.", Undo(lambda: undone.append(True)))
    assert toast_text(program.window)
    desk.shell.set_sharing(True)
    assert toast_text(program.window) == ""
    program.window.undo()
    assert undone == [True]


def test_menus_and_boxes_go_before_what_is_under_way_is_waited_for(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = unlocked(qtbot, program)
    box = messages.tell(program.window, "陈桂芳")
    menu = QMenu(desk)
    menu.addAction("陈桂芳")
    menu.show()
    left: list[bool] = []
    monkeypatch.setattr(background, "stop", lambda _patience: left.extend([box.isVisible(), menu.isVisible()]))
    desk.shell.lock()
    assert left == [False, False]


@pytest.mark.parametrize("leave", ["lock", "close"])
def test_what_was_copied_here_goes_from_the_clipboard_and_what_others_put_there_stays(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    owns = True
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: owns)
    for owns in (True, False):
        desk = unlocked(qtbot, program)
        QApplication.clipboard().setText("out of a note, with Ctrl C")
        (desk.shell.lock if leave == "lock" else program.window.close)()
        assert bool(QApplication.clipboard().text()) is not owns


def test_nothing_that_goes_wrong_keeps_it_unlocked(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = unlocked(qtbot, program)

    def broken() -> None:
        raise ConnectionAbortedError

    monkeypatch.setattr(door_of(program), "lock", broken)
    with pytest.raises(ConnectionAbortedError):
        program.lock()
    assert isinstance(program.window.content(), UnlockPage)
    assert desk is not program.window.content()


def test_a_backup_is_put_back_with_the_store_closed_and_the_program_begins_anew(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gridworker.gui.messages.tell", lambda _parent, _text, more="": told.append(more))
    begun: list[str] = []
    program._again = lambda _at, words: begun.append(words)
    desk = unlocked(qtbot, program)
    closed: list[int] = []

    def put_back() -> str:
        closed.append(door_of(program).closed)
        return "Hand bundles over now."

    desk.shell.away_wanted.emit(Errand(put_back, "Meanwhile", "Put back."))
    qtbot.waitUntil(lambda: told == ["Hand bundles over now."])
    assert door_of(program).locked == 0
    assert (closed, begun) == ([1], ["Put back.\nHand bundles over now."])
    assert isinstance(program.window.content(), UnlockPage)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(DiskFull("The disk is full."), "The disk is full."), (KeyError("陈桂芳"), "Something in the program went wrong")],
)
def test_what_could_not_be_done_with_the_store_closed_ends_the_process_that_held_its_keys_too(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    told, begun, logged = list[str](), list[str](), list[BaseException]()
    monkeypatch.setattr("gridworker.gui.messages.tell", lambda _parent, title, _more="": told.append(title))
    monkeypatch.setattr("gridworker.gui.closed_store.write_down", logged.append)
    program._again = lambda _at, said: begun.append(said)
    desk = unlocked(qtbot, program)

    def broken() -> str:
        raise fault

    desk.shell.away_wanted.emit(Errand(broken, "Meanwhile", "Put back."))
    qtbot.waitUntil(lambda: told == [words])
    assert [said.partition("\n")[0] for said in begun] == [words]
    assert isinstance(program.window.content(), UnlockPage)
    assert logged == [one for one in [fault] if not isinstance(one, Problem)]
    assert "陈桂芳" not in "".join(begun)


def test_what_the_program_before_has_to_say_is_said_once(
    program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gridworker.gui.messages.tell", lambda _parent, _text, more="": told.append(more))
    monkeypatch.setattr("os.execv", lambda *_: told.append(os.environ["GRIDWORKER_SAID"]))
    monkeypatch.setattr("os.name", "posix")
    restart.begin(Path(), "Put back.\nHand bundles over now.")
    assert restart.said() == "", "it came back, so whoever began says it"
    monkeypatch.setenv("GRIDWORKER_SAID", "Put back.\nHand bundles over now.")
    program.start()
    assert told == ["Put back.\nHand bundles over now.", "Hand bundles over now."]
    assert "GRIDWORKER_SAID" not in os.environ


def test_settings_hold_at_once_and_are_remembered(qtbot: QtBot, program: start.Program, tmp_path: Path) -> None:
    desk = unlocked(qtbot, program)
    noted: list[tuple[str, object]] = []
    session = cast("Any", program._ws).session
    session.note = lambda name, **audit: noted.append((name, audit))
    desk.shell.preferred.emit(Preferences("zh_CN", 1.25, "dark", 1, letters=False, path=tmp_path / "look.json"))
    assert text.language() == "zh_CN"
    assert themes.look().theme.scale == 1.25
    assert themes.look().theme.name == "dark"
    assert not habits().letters
    assert program._watch is not None
    assert program._watch._limit == 60
    assert Preferences.load(tmp_path / "look.json").lock_minutes == 1
    background.wait()
    assert noted == [("settings", {"count": 1, "detail": "lock_minutes"})]
    habits().use(letters=True, reveal_once=False)


def test_a_choice_that_could_not_be_kept_says_so_and_the_next_one_does_not_take_it_back(
    qtbot: QtBot, program: start.Program, tmp_path: Path
) -> None:
    """On a full disk: the page would read the old ones from the file, and lock later than was chosen."""
    desk = unlocked(qtbot, program)
    cast("Any", program._ws).session.note = lambda *_, **__: None
    (tmp_path / "look.part").mkdir()
    (tmp_path / "look.part" / "in the way").touch()
    chosen = desk.shell.preferences
    assert chosen is not None
    desk.shell.preferred.emit(replace(chosen, lock_minutes=1))
    assert toast_text(program.window).startswith("This holds only until the window locks or closes")
    desk.shell.preferred.emit(replace(chosen, lock_minutes=chosen.lock_minutes, mode="dark"))
    assert program._watch is not None
    assert program._watch._limit == 60
    assert Preferences.load(tmp_path / "look.json").lock_minutes == DEFAULT_MINUTES
    (tmp_path / "look.part" / "in the way").unlink()
    (tmp_path / "look.part").rmdir()
    desk.shell.preferred.emit(replace(chosen, mode="light"))
    kept = Preferences.load(tmp_path / "look.json")
    assert (kept.lock_minutes, kept.mode) == (1, "light")


def test_a_locked_screen_may_name_the_grid_but_nobody(qtbot: QtBot, program: start.Program) -> None:
    unlocked(qtbot, program).shell.lock()
    front = program.window.content()
    assert front is not None
    words = [label.text() for label in front.findChildren(Text)]
    assert "师院社区·第三网格" in words
    assert not any("周敏" in word for word in words)
    assert "周敏" not in program.window.windowTitle()


def test_the_language_switches_on_the_unlock_page_and_is_remembered(
    qtbot: QtBot, program: start.Program, tmp_path: Path
) -> None:
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.language_chosen.emit("zh_CN")
    again = program.window.content()
    assert isinstance(again, UnlockPage)
    assert again.button().label() == "打开"
    assert json.loads((tmp_path / "look.json").read_text("utf-8"))["language"] == "zh_CN"


def test_another_language_says_nothing_of_the_start_again(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    monkeypatch.setattr("gridworker.gui.watching.chores.Chores", lambda *_, again: told.append(again))
    unlocked(qtbot, program)
    program.use_language("zh_CN")
    assert told == [False, True]


def test_the_language_switches_at_the_desk_on_the_same_page(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    desk.open("issues")
    program.use_language("zh_CN")
    again = program.window.content()
    assert isinstance(again, Desk)
    assert again is not desk
    assert again.current() == "issues"
    assert again.sidebar().item("issues").accessibleName() == "事件"
    assert len(door_of(program).listeners) == len({"desk", "role"})


def test_qts_own_words_follow_the_language(qtbot: QtBot, program: start.Program) -> None:
    def cancel() -> str:
        return QCoreApplication.translate("QPlatformTheme", "Cancel")

    program.use_language("zh_CN")
    assert cancel() == "取消"
    program.use_language("en")
    assert cancel() == "Cancel"


def test_no_label_of_qts_file_dialog_stays_english(qtbot: QtBot, program: start.Program) -> None:
    """Qt's own Chinese catalogue lacks two of them."""
    program.use_language("zh_CN")
    dialog = QFileDialog(options=QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    labels = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
    assert len(labels) == 3
    assert all(label.endswith("：") for label in labels)
    program.use_language("en")
    assert QCoreApplication.translate("QFileDialog", "&Look in:") == "&Look in:"


def test_where_qts_catalogues_are_missing_the_window_speaks_on(
    program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qtwords, "_catalogues", lambda: (Path("missing.qm"),))
    program.use_language("zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert text.gettext("Cancel") == "取消"


def test_no_file_dialog_begins_in_the_data_folder(program: start.Program, folder: Path) -> None:
    FOLDERS.remember(Purpose.LOG, folder)
    assert FOLDERS.start(Purpose.LOG) != folder


def test_text_size_is_remembered(program: start.Program, tmp_path: Path) -> None:
    themes.look().use(scale=1.25)
    assert json.loads((tmp_path / "look.json").read_text("utf-8"))["scale"] == 1.25


def test_who_gets_another_role_finds_other_pages_at_once(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle brings it: what was read before would stay on screen, and the pages in the sidebar."""
    desk = unlocked(qtbot, program)
    desk.open("household")
    ws = door_of(program)
    ws.commit(staff={1}, visit={2})  # somebody else's
    qtbot.wait(20)
    assert program.window.content() is desk
    monkeypatch.setattr(
        start, "permitted", lambda _session, entries: tuple(one for one in entries if one.name == "issues")
    )
    ws.session.role = "volunteer"
    ws.commit(staff={1})
    qtbot.waitUntil(lambda: program.window.content() is not desk)
    after = cast("Desk", program.window.content())
    assert after.current() == "issues"
    assert program._ws is cast("Any", ws)


def test_closing_the_window_closes_the_store(qtbot: QtBot, program: start.Program) -> None:
    unlocked(qtbot, program)
    program.window.close()
    assert door_of(program).closed == 1
    program.window.close()
    assert door_of(program).closed == 1


def test_a_read_only_window_says_so(qtbot: QtBot, program: start.Program) -> None:
    door_of(program).session.writing_elsewhere = StoreBusy("{name} is writing in another window.", name="刘芳")
    unlocked(qtbot, program)
    told = [strip.accessibleName() for strip in program.window.findChildren(Strip) if strip.isVisible()]
    assert told == ["刘芳 is writing in another window."]


def test_what_was_set_up_is_opened_at_once(qtbot: QtBot, program: start.Program, folder: Path) -> None:
    (folder / "keys.json").unlink()
    program.start()
    wizard = program.window.content()
    assert isinstance(wizard, WizardPage)
    wizard.finished.emit(Sample(folder, "x").folder, "x")
    qtbot.waitUntil(lambda: isinstance(program.window.content(), Desk))


def test_without_a_display_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(Problem, match="make tour"):
        start.require_display()
    monkeypatch.setenv("DISPLAY", ":0")
    start.require_display()


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{", "[" * 100_000, '{"scale": "huge", "language": "tlh", "mode": 3, "more": 1, "parked": "2026"}'],
)
def test_preferences_that_make_no_sense_are_the_defaults(tmp_path: Path, written: str) -> None:
    path = tmp_path / "look.json"
    path.write_text(written)
    chosen = Preferences.load(path)
    assert (chosen.scale, chosen.mode, chosen.parked) == (1.0, "automatic", "")
    assert chosen.language in text.LANGUAGES


def test_preferences_read_back_and_never_stop_anybody(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "look.json"
    chosen = Preferences("en", 1.5, "dark", 10, letters=False, reveal_once=True, place="01d9", path=path)
    chosen.parked = "2026-03-17T09:42:00+00:00"
    chosen.save()
    assert Preferences.load(path) == chosen
    Preferences("en", path=tmp_path / "deep" / "look.json" / "no").save()


def test_a_window_that_closes_leaves_what_another_one_was_told(tmp_path: Path) -> None:
    """Two windows have one file: where one of them stood is no reason to lock the other later again."""
    path = tmp_path / "look.json"
    Preferences("en", path=path).save()
    one, other = Preferences.load(path), Preferences.load(path)
    one.lock_minutes = 1
    assert one.save()
    other.place = "01d9"
    assert other.save()
    found = Preferences.load(path)
    assert (found.lock_minutes, found.place) == (1, "01d9")


def test_preferences_that_find_no_room_leave_those_that_were_there(tmp_path: Path) -> None:
    path = tmp_path / "look.json"
    before = Preferences("en", 1.5, "dark", 10, path=path)
    before.save()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, hard))
    try:
        Preferences("zh_CN", path=path).save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert Preferences.load(path) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def watch(qtbot: QtBot, program: start.Program) -> IdleWatch:
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    watch = IdleWatch(handle)
    watch.start()
    return watch


def test_an_unattended_window_locks_itself(qtbot: QtBot, watch: IdleWatch) -> None:
    now = time.time()
    with qtbot.assertNotEmitted(watch.idled):
        for minute in range(DEFAULT_MINUTES):
            for second in range(0, 60, 5):
                watch.check(now + minute * 60 + second - 1)
    with qtbot.waitSignal(watch.idled):
        watch.check(now + DEFAULT_MINUTES * 60 + 1)


@pytest.mark.parametrize(("chosen", "minutes"), [(-1, 1), (0, 1), (1, 1), (15, 15), (600, 15)])
def test_no_choice_leaves_it_open_for_longer_than_a_quarter_of_an_hour(
    qtbot: QtBot, watch: IdleWatch, chosen: int, minutes: int
) -> None:
    watch.set_minutes(chosen)
    now = time.time()
    with qtbot.assertNotEmitted(watch.idled):
        for half in range(2 * minutes):
            watch.check(now + half * 30 - 1)
    with qtbot.waitSignal(watch.idled):
        watch.check(now + minutes * 60 + 1)


def test_setting_the_clock_back_keeps_nothing_open(qtbot: QtBot, watch: IdleWatch) -> None:
    with qtbot.waitSignal(watch.idled):
        watch.check(time.time() - 3600, time.monotonic() + DEFAULT_MINUTES * 60 + 1)


def test_somebody_at_work_in_a_dialog_keeps_it_open(qtbot: QtBot, qapp: QApplication, watch: IdleWatch) -> None:
    dialog = QWindow()
    qapp.focusWindowChanged.emit(dialog)
    long_ago = time.time() - DEFAULT_MINUTES * 60 - 1, time.monotonic() - DEFAULT_MINUTES * 60 - 1
    watch._last = long_ago
    QCoreApplication.sendEvent(dialog, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    with qtbot.assertNotEmitted(watch.idled):
        watch.check(time.time())
    dialog.deleteLater()


def test_somebody_writing_with_an_input_method_keeps_it_open(
    qtbot: QtBot, qapp: QApplication, program: start.Program, watch: IdleWatch
) -> None:
    """It keeps the keys from the window, and sends what it makes of them to the field."""
    note, other = QPlainTextEdit(), QPlainTextEdit()
    for field in (note, other):
        qtbot.addWidget(field)
        qapp.focusObjectChanged.emit(field)
        watch._last = time.time() - DEFAULT_MINUTES * 60 - 1, time.monotonic() - DEFAULT_MINUTES * 60 - 1
        QCoreApplication.sendEvent(field, QInputMethodEvent("lao", []))
        with qtbot.assertNotEmitted(watch.idled):
            watch.check(time.time())
    note.deleteLater()
    QCoreApplication.sendPostedEvents(note, QEvent.Type.DeferredDelete)
    qapp.focusObjectChanged.emit(None)
    watch._last = time.time() - DEFAULT_MINUTES * 60 - 1, time.monotonic() - DEFAULT_MINUTES * 60 - 1
    QCoreApplication.sendEvent(other, QInputMethodEvent("lao", []))
    with qtbot.waitSignal(watch.idled):
        watch.check(time.time())


def test_enter_in_the_middle_of_a_word_opens_nothing(qtbot: QtBot, program: start.Program) -> None:
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    line = front.passphrase_field.line()
    program.window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    line.setText("any")
    QCoreApplication.sendEvent(line, QInputMethodEvent("lao", []))
    with qtbot.assertNotEmitted(front.passphrase_field.entered):
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_locked_or_sleeping_session_locks_the_window(qtbot: QtBot, program: start.Program) -> None:
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    session = SessionLock(handle)
    with qtbot.assertNotEmitted(session.locked):
        session.on_switched(False)
    with qtbot.waitSignal(session.locked):
        session.on_switched(True)
    with qtbot.waitSignal(session.locked):
        session.on_locked()


def test_sleep_waits_until_the_lock_is_done(program: start.Program) -> None:
    """Asked for anew on waking, and what comes too late is not kept."""
    asked: list[Callable[[object], None]] = []
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    session, delay = SessionLock(handle), SleepDelay(asked.append)
    while_locking: list[bool] = []
    session.locked.connect(lambda: while_locking.append(delay.is_held()))
    session.hold_sleep_by(delay)
    asked[0]("held")
    session.on_sleep(True)
    assert (while_locking, delay.is_held()) == ([True], False)
    session.on_sleep(False)
    session.on_sleep(True)
    asked[1]("too late")
    assert (while_locking, delay.is_held()) == ([True, False], False)
    session.on_sleep(False)
    asked[2]("held")
    assert delay.is_held()


def test_every_desktops_own_word_for_it_is_listened_to(
    qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[str, tuple[str, ...]] = {}

    def hear(self: SessionLock, _bus: object, interface: str, signal: str, slot: object, path: str = "") -> None:
        assert slot
        heard[interface] = (signal, path)

    monkeypatch.setattr(SessionLock, "_hear", hear)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_SESSION_ID", "1c")
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    session = SessionLock(handle)
    assert heard["org.gnome.ScreenSaver"] == ("ActiveChanged", "")
    assert heard["com.deepin.dde.lockFront"] == heard["org.deepin.dde.LockFront1"] == ("Visible", "")
    assert heard["org.ukui.ScreenSaver"] == ("lock", "")
    own = "/org/freedesktop/login1/session/_31c"
    assert heard["org.freedesktop.DBus.Properties"] == ("PropertiesChanged", own)
    for changed, leaves in (
        ({"LockedHint": True}, 1),
        ({"LockedHint": False, "Active": True}, 0),
        ({"Active": False}, 1),
    ):
        told: list[bool] = []
        session.locked.connect(lambda told=told: told.append(True))
        session.on_changed("org.freedesktop.login1.Session", changed, [])
        assert len(told) == leaves


@pytest.mark.parametrize(
    ("message", "about", "leaving"), [(0x02B1, 7, True), (0x02B1, 8, False), (0x0218, 4, True), (0x0218, 7, False)]
)
def test_what_windows_says_is_understood(
    qtbot: QtBot, program: start.Program, message: int, about: int, leaving: bool
) -> None:
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    session, told = SessionLock(handle), wintypes.MSG()
    told.message, told.wParam = message, about
    heard: list[bool] = []
    session.locked.connect(lambda: heard.append(True))
    assert _Messages(session).nativeEventFilter(b"windows_generic_MSG", addressof(told)) == (False, 0)
    assert bool(heard) is leaving


def test_macos_is_listened_to(qtbot: QtBot, program: start.Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """By stand-ins for what the bridge to it brings: each name it tells comes to the one observer, at once."""
    heard: dict[str, Callable[[object], None]] = {}

    class Observer:
        @classmethod
        def alloc(cls) -> Self:
            return cls()

        def init(self) -> Self:
            return self

    def hear(observer: object, selector: str, name: str, _object: None, *at_once: bool) -> None:
        assert list(at_once) == [True] * name.startswith("com.")
        heard[name] = getattr(observer, selector.replace(":", "_"))

    observe = ("addObserver_selector_name_object_", "addObserver_selector_name_object_suspensionBehavior_")
    observing = SimpleNamespace(**dict.fromkeys(observe, hear))
    centre = SimpleNamespace(notificationCenter=lambda: observing, defaultCenter=lambda: observing)
    names = ("WillSleep", "ScreensDidSleep", "SessionDidResignActive")
    workspace = {f"NSWorkspace{name}Notification": name for name in names}
    appkit = SimpleNamespace(NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: centre), **workspace)
    foundation = SimpleNamespace(
        NSObject=Observer,
        NSDistributedNotificationCenter=centre,
        NSNotificationSuspensionBehaviorDeliverImmediately=True,
    )
    program.start()
    handle = program.window.windowHandle()
    assert handle is not None
    monkeypatch.setitem(sys.modules, "AppKit", appkit)
    monkeypatch.setitem(sys.modules, "Foundation", foundation)
    monkeypatch.setattr("sys.platform", "darwin")
    session = SessionLock(handle)
    assert heard.keys() == {*names, "com.apple.screenIsLocked", "com.apple.screensaver.didstart"}
    for tell in heard.values():
        with qtbot.waitSignal(session.locked):
            tell(None)


_ANEW = """
import sys
from pathlib import Path
from gridworker.gui.process.restart import begin
begin(Path(sys.argv[1]))
print("still here")
"""


@pytest.mark.skipif(os.name == "nt", reason="no process takes another's place there")
def test_beginning_anew_leaves_nothing_of_the_process_before(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-c", _ANEW, str(tmp_path)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stdout == ""
    assert "make tour" in done.stderr or sys.platform != "linux"  # the new process says that there is no display


@pytest.mark.skipif(os.name == "nt", reason="no process takes another's place there")
def test_beginning_anew_runs_nothing_that_lies_in_the_current_folder(tmp_path: Path) -> None:
    """A stick that the program was started from, or somebody's own folder with a file of such a name."""
    (tmp_path / "json.py").write_text('raise SystemExit("run as a part of the program")')
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _ANEW, str(tmp_path)],
        capture_output=True, text=True, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert "run as a part" not in done.stderr
    assert "make tour" in done.stderr or sys.platform != "linux"


def test_a_computer_that_slept_is_locked_at_once(qtbot: QtBot, watch: IdleWatch) -> None:
    with qtbot.waitSignal(watch.idled):
        watch.check(time.time() + 61)


def test_somebody_at_the_keyboard_keeps_it_open(qtbot: QtBot, program: start.Program, watch: IdleWatch) -> None:
    wall, steady = watch._last
    watch._last = wall - DEFAULT_MINUTES * 60 - 1, steady - DEFAULT_MINUTES * 60 - 1
    handle = program.window.windowHandle()
    assert handle is not None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(watch.idled):
        watch.check(time.time())
