"""A bug: logged without anybody's data, told with a way on. A problem: shown as what it is."""

import gc
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gridworker.app.files import bug_log
from gridworker.errors import Problem
from gridworker.gui import messages
from gridworker.gui.crash import crash
from gridworker.gui.messages import Question
from gridworker.gui.widgets.button import Button
from gridworker.gui.window import Window
from tests.gui.toasts import toast_text


def look_up() -> str:
    return {"李红": ""}["陈桂芳 13800000142"]


def raised() -> BaseException:
    try:
        try:
            look_up()
        except KeyError as fault:
            raise ValueError("420202194803180024") from fault
    except ValueError as fault:
        return fault
    return AssertionError()


def test_the_log_names_places_and_sorts_but_nobody() -> None:
    words = bug_log.without_words(raised())
    assert "ValueError" in words
    assert "KeyError" in words
    assert "test_crash.py" in words
    assert "陈桂芳" not in words
    assert "1380000" not in words
    assert "420202" not in words


def test_the_log_names_no_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A place is where modules are found, or the file alone: a folder of a person has that person's name."""
    for folder in ("周敏/site", "周敏/elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    place = tmp_path / "周敏" / "site" / "part" / "module.py"
    monkeypatch.setattr("sys.path", ["", str(tmp_path), str(tmp_path / "周敏" / "site")])
    for path, shown in ((place, "part/module.py:1"), (Path("/home/周敏/module.py"), "  module.py:1")):
        try:
            exec(compile("1 / 0", str(path), "exec"))
        except ZeroDivisionError as fault:
            words = bug_log.without_words(fault)
        assert shown in words
        assert "周敏" not in words


@pytest.fixture
def handlers() -> Iterator[list[logging.Handler]]:
    """The handlers of the program's log, put back afterwards."""
    log = logging.getLogger("gridworker")
    before = list(log.handlers)
    yield log.handlers
    for handler in set(log.handlers) - set(before):
        log.removeHandler(handler)
        handler.close()


def test_the_log_is_opened_once_for_each_user_folder(
    tmp_path: Path, handlers: list[logging.Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(handlers)
    for home in ("one", "two"):
        monkeypatch.setattr(bug_log, "log_file", lambda home=home: tmp_path / home / "gridworker.log")
        bug_log.open_log()
        bug_log.open_log()
    assert len(handlers) == before + 2
    assert {path.parent.name for path in tmp_path.rglob("gridworker.log")} == {"one", "two"}


def test_a_bug_shows_one_page_and_one_can_carry_on(
    qtbot: QtBot,
    qapp: QApplication,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    handlers: list[logging.Handler],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del handlers
    monkeypatch.setattr(bug_log, "log_file", lambda: tmp_path / "gridworker.log")
    crashes = crash.Crashes(qapp)
    fault = raised()
    with caplog.at_level(logging.ERROR, "gridworker"):
        crashes._hook(type(fault), fault, fault.__traceback__)
        crashes._hook(type(fault), fault, fault.__traceback__)
    qtbot.waitUntil(lambda: crashes.page() is not None)
    page = crashes.page()
    assert page is not None
    shown = "".join(part.toPlainText() for part in page.findChildren(QPlainTextEdit)) + page.windowTitle()
    logged = (tmp_path / "gridworker.log").read_text("utf-8")
    assert logged.count("look_up") == 2, "a fault before the first page is shown is written down too"
    assert not any(word in caplog.text + logged + shown for word in ("陈桂芳", "1380000", "420202"))
    on = next(button for button in page.findChildren(Button) if button.label() == "Carry on")
    on.click()
    qtbot.waitUntil(lambda: crashes.page() is None)


class Broken:
    """Cannot be let go without a fault."""

    def __del__(self) -> None:
        raise KeyError("陈桂芳 13800000142")


def test_what_goes_wrong_as_something_is_let_go_is_written_down_without_its_words(
    qapp: QApplication,
    tmp_path: Path,
    handlers: list[logging.Handler],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Python writes it to standard error, which a desktop keeps in a file of its own."""
    del handlers
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    monkeypatch.setattr(bug_log, "log_file", lambda: tmp_path / "gridworker.log")
    crash.Crashes(qapp).install()
    Broken()
    gc.collect()
    assert "KeyError" in (tmp_path / "gridworker.log").read_text("utf-8")
    assert "陈桂芳" not in "".join((*capfd.readouterr(), (tmp_path / "gridworker.log").read_text("utf-8")))


def test_a_page_that_went_with_the_dialog_it_stood_over_keeps_no_other_from_being_shown(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, handlers: list[logging.Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    del handlers
    monkeypatch.setattr(bug_log, "log_file", lambda: tmp_path / "gridworker.log")
    dialog = QDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    monkeypatch.setattr(QApplication, "activeWindow", lambda: dialog)
    crashes, fault = crash.Crashes(qapp), raised()
    crashes._hook(type(fault), fault, fault.__traceback__)
    qtbot.waitUntil(lambda: crashes.page() is not None)
    dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert crashes.page() is None
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    crashes._hook(type(fault), fault, fault.__traceback__)
    qtbot.waitUntil(lambda: crashes.page() is not None)
    page = crashes.page()
    assert page is not None
    page.accept()
    qtbot.waitUntil(lambda: crashes.page() is None)


def test_a_problem_is_no_crash(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(messages, "show_problem", lambda _window, problem: shown.append(str(problem)))
    crashes = crash.Crashes(qapp)
    fault = Problem("The stick is full.")
    crashes._hook(type(fault), fault, None)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["The stick is full."]
    assert crashes.page() is None


def test_a_question_never_blocks_and_its_verb_agrees(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    agreed: list[bool] = []
    box = messages.ask(window, Question("Throw the sample away?", "", "Throw away"), lambda: agreed.append(True))
    box.buttons()[0].click()
    assert agreed == [True]


def test_a_problem_without_a_place_is_said_by_the_window_in_use_or_in_a_box(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    messages.show_problem(None, Problem("The stick is full."))
    assert toast_text(window) == "The stick is full."
    window.hide()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    messages.show_problem(None, Problem("The disk is full."))
    boxes = [box for box in QApplication.topLevelWidgets() if box.property("text") == "The disk is full."]
    assert len(boxes) == 1
    boxes[0].close()


def test_where_there_is_no_window_a_box_says_it(qtbot: QtBot) -> None:
    box = messages.tell(None, "There is no display.")
    qtbot.addWidget(box)
    assert box.text() == "There is no display."
    assert not box.isModal() or box.isVisible()
    box.close()
