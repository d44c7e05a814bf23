"""The lock while something is being written: blank at once, closed in time, nothing half done, nothing typed lost."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMessageBox  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.errors import StoreClosed
from gridworker.gui import background, start
from gridworker.gui.autosave import Autosave
from gridworker.gui.background import Report
from gridworker.gui.desk import Desk
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.store.engine.database import raw_cursor
from tests.circle import Circle
from tests.gui import stage

LONG = (
    "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000000) "
    "SELECT i FROM n)"
)
"""Some ten seconds of work in one statement."""
IN_TIME = 4.0
STAY, BREAK_OFF = "Do not close", "Break it off and close"


class Door(AppFrontDoor):
    """Opens the office's store, which is open."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Any:
        del folder, passphrase, slot, report
        return self.ws


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[start.Program]:
    """A program whose desk is open."""
    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: tmp_path / "look.json")
    monkeypatch.setattr(start, "present", lambda _role: stage.cast())
    monkeypatch.setattr(start, "PATIENCE", 0.1)
    office = circle.office
    program = start.Program(qapp, office.session.folder.root, Door(office))
    program.use_language("en")
    qtbot.addWidget(program.window)
    program.start()
    program.show_desk(office)
    yield program
    program.window.close()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(program, QEvent.Type.DeferredDelete)


def typed(desk: Desk, office: Workspace) -> None:
    """Something half typed that is not kept yet."""
    keeper = Autosave(partial(office.drafts.keep, "report:new"), desk)
    desk.shell.closing.connect(keeper.flush)
    keeper.note({"what": "路灯不亮"})


def importing(qtbot: QtBot, office: Workspace) -> list[Exception]:
    """Begin an act that takes long, as a very large import does. Returns what comes of it."""
    begun, outcome = list[bool](), list[Exception]()

    def work() -> None:
        with office.session.store.together():
            office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
            with office.session.store.db.write() as connection:
                begun.append(True)
                raw_cursor(connection).execute(LONG).fetchall()

    def kept() -> None:
        try:
            work()
        except Exception as fault:
            outcome.append(fault)
            raise

    background.run(kept)
    qtbot.waitUntil(lambda: bool(begun))
    return outcome


def test_a_lock_while_much_is_written_comes_in_time_and_loses_nothing_typed(
    qtbot: QtBot, program: start.Program, circle: Circle
) -> None:
    office, desk = circle.office, program.window.content()
    assert isinstance(desk, Desk)
    typed(desk, office)
    outcome = importing(qtbot, office)
    begun = monotonic()
    program.lock()
    assert monotonic() - begun < IN_TIME
    assert [type(one) for one in outcome] == [StoreClosed]
    assert isinstance(program.window.content(), UnlockPage)
    (box,) = program.window.findChildren(QMessageBox)
    assert box.text() == "What was being saved was cut short by the lock."
    assert "saved whole or not at all" in box.informativeText()
    with pytest.raises(StoreClosed):
        office.session.store.get("staff", office.session.who)
    circle.opened.pop("office")
    again = circle.open("office")
    draft = again.drafts.get("report:new")
    assert draft is not None
    assert draft.fields == {"what": "路灯不亮"}
    assert again.records.page("resident") == []
    assert next(one.action for one in again.audit.here()) == "lock"


def test_the_window_is_blank_before_anything_is_waited_for(
    qtbot: QtBot, program: start.Program, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what is half typed has to be written first."""
    office, desk = circle.office, program.window.content()
    assert isinstance(desk, Desk)
    shown = list[bool]()
    keeper = Autosave(lambda _fields: shown.append(program.window.content() is desk), desk)
    desk.shell.closing.connect(keeper.flush)
    keeper.note({"what": "路灯不亮"})
    monkeypatch.setattr(office.session, "break_off", lambda _patience: shown.append(program.window.content() is desk))
    program.lock()
    assert shown == [False, False]


def test_a_lock_while_nothing_is_written_says_nothing(program: start.Program) -> None:
    program.lock()
    assert program.window.findChildren(QMessageBox) == []
    assert isinstance(program.window.content(), UnlockPage)


def test_work_that_says_how_far_it_is_ends_with_the_lock_and_clears_up(
    qtbot: QtBot, program: start.Program, tmp_path: Path
) -> None:
    """A list that is being written to a file, for example: nothing of it stays on the disk."""
    part = tmp_path / "list.xlsx.part"
    part.touch()

    def writing(report: Report) -> None:
        try:
            while True:
                report(0)
                Event().wait(0.01)
        finally:
            part.unlink()

    task = background.run(writing, progress=lambda _share: None)
    program.lock()
    assert not part.exists()
    qtbot.waitUntil(lambda: not task.running)


def test_closing_while_much_is_written_says_so_and_breaks_it_off_when_asked_to(
    qtbot: QtBot, program: start.Program, circle: Circle
) -> None:
    office, desk = circle.office, program.window.content()
    assert isinstance(desk, Desk)
    typed(desk, office)
    outcome = importing(qtbot, office)
    begun = monotonic()
    assert not program.window.close()
    assert not program.window.close(), "once more: it is asked once"
    assert monotonic() - begun < IN_TIME
    [box] = program.window.findChildren(QMessageBox)
    assert box.text().startswith("Something is still being worked on.")
    stay, break_off = (next(one for one in box.buttons() if one.text() == way) for way in (STAY, BREAK_OFF))
    assert box.defaultButton() is stay
    break_off.click()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=10_000)
    assert monotonic() - begun < 2 * IN_TIME
    assert [type(one) for one in outcome] == [StoreClosed]
    circle.opened.pop("office")
    again = circle.open("office")
    draft = again.drafts.get("report:new")
    assert draft is not None
    assert draft.fields == {"what": "路灯不亮"}
    assert again.records.page("resident") == []


def test_closing_waits_for_what_is_done_soon_and_then_closes_by_itself(qtbot: QtBot, program: start.Program) -> None:
    going, answers = Event(), list[bool]()
    background.run(lambda: going.wait(20), done=answers.append)
    assert not program.window.close()
    [box] = program.window.findChildren(QMessageBox)
    assert program.window.isVisible()
    next(one for one in box.buttons() if one.text() == STAY).click()
    qtbot.wait(300)
    assert program.window.isVisible(), "they stayed"
    assert not program.window.close()
    going.set()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert answers == [True]


def test_closing_while_nothing_is_written_closes_at_once(qtbot: QtBot, program: start.Program) -> None:
    background.wait()
    qtbot.wait(20)
    assert program.window.close()
    assert program.window.findChildren(QMessageBox) == []


FOR_EVER = "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n)"
"""Never ends by itself."""


def asking(
    qtbot: QtBot, office: Workspace, begin: Callable[..., background.Task[None]]
) -> tuple[background.Task[None], list[Exception]]:
    """Begin to read what has no end. Returns what comes of it, and what a person would be told."""
    begun, told = list[bool](), list[Exception]()

    def work() -> None:
        with office.session.store.db.read() as connection:
            begun.append(True)
            raw_cursor(connection).execute(FOR_EVER).fetchall()

    task = begin(work, failed=told.append)
    qtbot.waitUntil(lambda: bool(begun))
    return task, told


@pytest.mark.parametrize("begin", [background.look, background.run])
def test_a_reading_without_end_ends_with_the_lock_and_nobody_hears_of_it(
    qtbot: QtBot, program: start.Program, circle: Circle, begin: Callable[..., background.Task[None]]
) -> None:
    office = circle.office
    task, told = asking(qtbot, office, begin)
    program.lock()
    qtbot.waitUntil(lambda: not task.running)
    assert told == []
    assert not office.session.store.db._readings._under_way
    assert program.window.findChildren(QMessageBox) == []
    assert isinstance(program.window.content(), UnlockPage)
    circle.opened.pop("office")
    again = circle.open("office")
    assert next(one.action for one in again.audit.here()) == "lock"
    assert again.households.first(5) is not None


def test_the_lock_does_not_wait_for_what_only_looks(
    qtbot: QtBot, program: start.Program, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "PATIENCE", 10 * IN_TIME)
    task, told = asking(qtbot, circle.office, background.look)
    later = background.run_later(lambda: told.append(AssertionError()))
    begun = monotonic()
    program.lock()
    assert monotonic() - begun < IN_TIME
    qtbot.waitUntil(lambda: not (task.running or later.running))
    assert told == []


def test_the_window_closes_at_once_while_something_is_only_read(
    qtbot: QtBot, program: start.Program, circle: Circle
) -> None:
    task, told = asking(qtbot, circle.office, background.look)
    begun = monotonic()
    assert program.window.close()
    assert monotonic() - begun < IN_TIME
    qtbot.waitUntil(lambda: not task.running)
    assert told == []
    assert program.window.findChildren(QMessageBox) == []
    with pytest.raises(StoreClosed):
        circle.office.session.store.get("staff", circle.office.session.who)


def test_a_save_that_has_only_read_so_far_is_let_come_to_its_end(
    qtbot: QtBot, program: start.Program, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "PATIENCE", 10 * IN_TIME)
    office, begun, answers = circle.office, list[bool](), list[object]()

    def save() -> None:
        with office.session.store.cursor() as cursor:
            begun.append(True)
            while not office.session.store.db._readings._looks_end:
                Event().wait(0.01)
            cursor.execute("SELECT count(*) FROM op").fetchall()
        answers.append(office.records.save("resident", {"name": "陈桂芳", "status": "in_place"}))

    background.run(save)
    qtbot.waitUntil(lambda: bool(begun))
    program.lock()
    assert len(answers) == 1
    circle.opened.pop("office")
    assert len(circle.open("office").records.page("resident")) == 1
