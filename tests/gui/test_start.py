"""The program from its first paint to the desk, locked and opened again; and what it remembers of its looks."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker import text
from gridworker.errors import Problem
from gridworker.gui import start
from gridworker.gui import theme as themes
from gridworker.gui.desk import Desk
from gridworker.gui.frontdoor import AppFrontDoor, Sample
from gridworker.gui.idle import DEFAULT_MINUTES, IdleWatch
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.preferences import Preferences
from gridworker.gui.widgets.text import Text
from tests.gui import stage
from tests.gui.stage import Recorded, Stage


class Owned(Stage):
    """A Workspace with an owner."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = 0
        self.session = SimpleNamespace(
            is_office=False,
            read_only=False,
            person="周敏",
            grids=lambda: [1],
            is_sample=False,
            knows=lambda _deed: True,
        )
        names = {"community": "师院社区", "grid": "第三网格"}
        self.records = SimpleNamespace(
            page=lambda kind, **_: [SimpleNamespace(caption=names[kind], values={})],
            show=lambda kind, _id: SimpleNamespace(caption=names[kind]),
        )

    def close(self) -> None:
        self.closed += 1


class Door(AppFrontDoor):
    """Opens at once."""

    def __init__(self) -> None:
        self.ws = Owned()

    def open(self, folder: Path, passphrase: str) -> Any:
        del folder, passphrase
        return self.ws

    def kits(self) -> list[Path]:
        return []


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
    monkeypatch.setattr("gridworker.gui.handover.Follower", lambda *_: None)  # it asks a real store
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
    front.passphrase_field().line().setText("any")
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


PAINTED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gridworker.gui.start import run
def painted():
    print(*sorted({"sqlalchemy", "sqlmodel", "sqlcipher3", "pydantic", "argon2"} & set(sys.modules)))
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
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_without_a_store_the_first_run_begins(qtbot: QtBot, program: start.Program, folder: Path) -> None:
    (folder / "keys.json").unlink()
    program.start()
    assert isinstance(program.window.content(), WizardPage)


def test_unlocking_shows_the_first_page_of_the_desk(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    assert desk.current() == "today"
    assert program.window.windowTitle() == "Gridworker — 师院社区 · 第三网格"
    words = [label.text() for label in desk.sidebar().findChildren(Text)]
    assert "师院社区" in words
    assert "第三网格 · 周敏" in words


def test_locking_keeps_what_is_typed_and_forgets_the_store(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    today = desk.page("today")
    assert isinstance(today, Recorded)
    desk.shell.lock()
    assert today.asked[-1] == "leave"
    assert door_of(program).closed == 1
    assert isinstance(program.window.content(), UnlockPage)
    assert door_of(program).listeners == []
    desk = unlocked(qtbot, program)
    assert desk.current() == "today"


def test_a_locked_screen_may_name_the_grid_but_nobody(qtbot: QtBot, program: start.Program) -> None:
    unlocked(qtbot, program).shell.lock()
    front = program.window.content()
    assert front is not None
    words = [label.text() for label in front.findChildren(Text)]
    assert "师院社区 · 第三网格" in words
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


def test_the_language_switches_at_the_desk_on_the_same_page(qtbot: QtBot, program: start.Program) -> None:
    desk = unlocked(qtbot, program)
    desk.open("issues")
    program.use_language("zh_CN")
    again = program.window.content()
    assert isinstance(again, Desk)
    assert again is not desk
    assert again.current() == "issues"
    assert again.sidebar().item("issues").accessibleName() == "事件"
    assert len(door_of(program).listeners) == 1


def test_qts_own_words_follow_the_language(qtbot: QtBot, program: start.Program) -> None:
    def cancel() -> str:
        return QCoreApplication.translate("QPlatformTheme", "Cancel")

    program.use_language("zh_CN")
    assert cancel() == "取消"
    program.use_language("en")
    assert cancel() == "Cancel"


def test_text_size_is_remembered(program: start.Program, tmp_path: Path) -> None:
    themes.look().use(scale=1.25)
    assert json.loads((tmp_path / "look.json").read_text("utf-8"))["scale"] == 1.25


def test_closing_the_window_closes_the_store(qtbot: QtBot, program: start.Program) -> None:
    unlocked(qtbot, program)
    program.window.close()
    assert door_of(program).closed == 1
    program.window.close()
    assert door_of(program).closed == 1


def test_a_read_only_window_says_so(qtbot: QtBot, program: start.Program) -> None:
    door_of(program).session.read_only = True
    unlocked(qtbot, program)
    assert program.window.toast_text() == "Another window is writing; this one only shows."


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


@pytest.mark.parametrize("written", ["", "[]", "{", '{"scale": "huge", "language": "tlh", "mode": 3, "more": 1}'])
def test_preferences_that_make_no_sense_are_the_defaults(tmp_path: Path, written: str) -> None:
    path = tmp_path / "look.json"
    path.write_text(written)
    chosen = Preferences.load(path)
    assert (chosen.scale, chosen.mode) == (1.0, "automatic")
    assert chosen.language in text.LANGUAGES


def test_preferences_read_back_and_never_stop_anybody(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "look.json"
    Preferences("en", 1.5, "dark", path).save()
    assert Preferences.load(path) == Preferences("en", 1.5, "dark", path)
    Preferences("en", path=tmp_path / "deep" / "look.json" / "no").save()


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


def test_a_computer_that_slept_is_locked_at_once(qtbot: QtBot, watch: IdleWatch) -> None:
    with qtbot.waitSignal(watch.idled):
        watch.check(time.time() + 61)


def test_somebody_at_the_keyboard_keeps_it_open(qtbot: QtBot, program: start.Program, watch: IdleWatch) -> None:
    watch._last -= DEFAULT_MINUTES * 60 + 1
    handle = program.window.windowHandle()
    assert handle is not None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(watch.idled):
        watch.check(time.time())
