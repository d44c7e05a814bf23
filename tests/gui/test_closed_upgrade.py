"""The window is closed while an update brings the data up to date: nothing runs on unseen, the next start goes on."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gridworker.app.access.founding import Founding, found_office
from gridworker.app.workspace import Workspace
from gridworker.gui import background, start
from gridworker.gui.background import Report
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.paths import Folder
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.engine.lock import WriterLock
from gridworker.store.keys import kdf
from gridworker.store.keys.vault import Vault
from gridworker.store.log import log
from gridworker.store.meta import Meta
from gridworker.store.tables.changes import Change
from gridworker.store.upgrade import reread, tables

WORDS = "four words are enough"
PEOPLE = 12
GREETED = datetime(2026, 3, 18, 9, 42, tzinfo=UTC)


class Door(AppFrontDoor):
    """Holds an upgrade where it is past ``share``, until it is let go."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.told: list[float] = []
        self.reached, self.goes_on = Event(), Event()

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Workspace:
        def held(share: float) -> None:
            self.told.append(share)
            if share > self.share:
                self.reached.set()
                assert self.goes_on.wait(60)
            if report is not None:
                report(share)

        return Workspace.open(folder, passphrase, slot=slot, progress=held)


class LateDoor(Door):
    """Holds what it has opened, until it is let go."""

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Workspace:
        opened = Workspace.open(folder, passphrase, slot=slot, progress=report)
        self.reached.set()
        assert self.goes_on.wait(60)
        return opened


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kdf, "PRODUCTION", kdf.CHEAP)
    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: tmp_path / "look.json")
    monkeypatch.setattr(reread, "LOT", 5)
    monkeypatch.setattr(log, "CHUNK", 5)
    where = tmp_path / "office"
    found_office(where, WORDS, Founding("420202005002", "师院社区办公室", "刘芳"))
    with_people(where)
    outdate(where)
    return where


def with_people(folder: Path) -> None:
    opened = Workspace.open(folder, WORDS)
    made = [
        Change("resident", opened.session.new_id(), {"name": f"王{number}", "status": "in_place"}, create=True)
        for number in range(PEOPLE)
    ]
    opened.session.write(made, "create")
    opened.close()


def outdate(folder: Path) -> None:
    """As if another version had written the tables."""
    db = Database(Folder(folder).database, Vault(Folder(folder), kdf.CHEAP).open(WORDS).dek)
    with db.write() as connection:
        Meta(raw_cursor(connection)).set("signature", "{}")
        connection.exec_driver_sql("DELETE FROM resident")
    db.close()


def is_half_way(folder: Path) -> bool:
    db = Database(Folder(folder).database, Vault(Folder(folder), kdf.CHEAP).open(WORDS).dek)
    with db.read() as connection:
        begun = tables.is_being_reread(connection)
    db.close()
    return begun


def closed_while_opening(qtbot: QtBot, app: QApplication, folder: Path, door: Door) -> None:
    program = start.Program(app, folder, door)
    program.use_language("en")
    qtbot.addWidget(program.window)
    program.start()
    front = program.window.content()
    assert isinstance(front, UnlockPage)
    front.passphrase_field.line().setText(WORDS)
    front.button().click()
    qtbot.waitUntil(door.reached.is_set)
    program.window.close()
    door.goes_on.set()
    background.wait()
    program.deleteLater()


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_an_upgrade_ends_with_the_window_and_is_gone_on_with(
    qtbot: QtBot, qapp: QApplication, folder: Path, share: float
) -> None:
    """In its backup, in the midst of the tables, and while the index is made."""
    door = Door(share)
    closed_while_opening(qtbot, qapp, folder, door)
    assert door.told[-1] == max(door.told) < 1.0, "it ended where the window was closed"
    lock = WriterLock(Folder(folder))
    assert lock.acquire(), "no process without a window keeps the next one from writing"
    lock.release()
    assert is_half_way(folder) == (share > 0.5)
    before = door.told[-1]
    told: list[float] = []
    opened = Workspace.open(folder, WORDS, progress=told.append)
    try:
        assert [one.caption for one in opened.records.page("resident")] == [f"王{number}" for number in range(PEOPLE)]
        assert opened.care_of_store.check() == []
        assert len(opened.backups.list()) == 1, "that of the state before the upgrade, made once"
        assert told[-1] == 1.0
        if share > 0.5:
            assert min(told) > before - 0.2, "what was read is not read again"
    finally:
        opened.close()


def test_what_is_open_by_the_time_the_window_is_closed_is_closed_too(
    qtbot: QtBot, qapp: QApplication, folder: Path
) -> None:
    closed_while_opening(qtbot, qapp, folder, LateDoor(1.0))
    lock = WriterLock(Folder(folder))
    assert lock.acquire()
    lock.release()


@pytest.mark.parametrize("share", [0.6, 0.9])
def test_it_can_be_stopped_in_any_step_and_goes_on(qtbot: QtBot, folder: Path, share: float) -> None:
    """While the tables are read, and while the index is made: that is the last quarter."""
    door = Door(share)
    page = UnlockPage(partial(door.open, folder), GREETED)
    qtbot.addWidget(page)
    page.show()
    page.passphrase_field.line().setText(WORDS)
    page.button().click()
    qtbot.waitUntil(page.stop_upgrade.isVisible)
    qtbot.waitUntil(door.reached.is_set)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.stop_upgrade.isEnabled()
    with qtbot.waitSignal(page.stopped):
        door.goes_on.set()
    assert page.passphrase_field.text() == "", "who stops it leaves, and nobody goes on in their name"
    assert not page.stop_upgrade.isVisible()
    qtbot.waitUntil(lambda: any("Stopped" in one.text() for one in page.findChildren(QLabel) if one.isVisible()))
    assert is_half_way(folder)
    page.passphrase_field.line().setText(WORDS)
    with qtbot.waitSignal(page.opened) as told:
        page.button().click()
    told.args[0].close()
    assert not is_half_way(folder)
