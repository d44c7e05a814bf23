"""What outlives the lock where the program cannot begin anew: no key, no page, no name, no thread at work."""

import gc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.app.access.caches import bounded_in
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.gui import start
from gridworker.gui.background import Report
from gridworker.gui.clipboard import copy_private
from gridworker.gui.desk import Desk
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.page import Page
from gridworker.gui.pages.search import SearchPalette
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.keys.vault import Keys
from gridworker.store.search import pinyin, terms
from gridworker.store.store import Store
from tests.builders import DEK
from tests.circle import Circle
from tests.gui.seen import settle

NAME, ANOTHER = "欧阳梧桐", "司马春天"
TEXTS = ("text", "plainText", "toolTip", "placeholderText", "windowTitle", "accessibleName", "accessibleDescription")


class Door(AppFrontDoor):
    """Opens the office, and keeps nothing of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Workspace:
        del folder, passphrase, slot, report
        keys = Keys(bytes(bytearray(DEK)))  # another object: that of the tests stays
        store = Store.open(Database(Folder(self._folder).database, keys.dek), keys.derive("chain"))
        with store.settings() as settings:
            person = settings.number("person")
        return Workspace(Session(store, Folder(self._folder), keys, person), store.close)


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[start.Program]:
    """A program at its front; the office is closed."""
    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: tmp_path / "look.json")
    folder = circle.office.session.folder.root
    circle.close()
    program = start.Program(qapp, folder, Door(folder))
    qtbot.addWidget(program.window)
    program.start()
    settle(qtbot)
    yield program
    program.window.close()
    program.deleteLater()
    QCoreApplication.sendPostedEvents(program, QEvent.Type.DeferredDelete)


def work_a_while(qtbot: QtBot, program: start.Program, folder: Path, name: str) -> None:
    """Write somebody down, see pages, look for them, copy their name."""
    workspace = Door(folder).open(folder, "")
    workspace.records.save("resident", {"name": name, "status": "in_place"})
    program.show_desk(workspace)
    settle(qtbot)
    desk = program.window.content()
    assert isinstance(desk, Desk)
    for page in ("households", "issues", "merge", "records"):
        desk.open(page)
        settle(qtbot)
    desk.open("search", name)
    settle(qtbot)
    [search] = desk.findChildren(SearchPalette)
    assert search.field.text() == name
    program.window.toast(name)
    copy_private(name)
    assert name in told(program)


def told(program: start.Program) -> str:
    """All that any widget holds to be read."""
    return "\n".join(str(widget.property(text) or "") for widget in QApplication.allWidgets() for text in TEXTS) + str(
        program.window.windowTitle()
    )


def remembers(one: object) -> bool:
    """Whether an object that the collector knows refers to the name. Neither code nor what runs just now does."""
    if isinstance(one, FrameType) or one is globals():  # this module's
        return False
    return any(type(held) is str and NAME in held for held in gc.get_referents(one))


def settled(qtbot: QtBot) -> None:
    settle(qtbot)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()
    gc.collect()


def test_no_key_no_page_and_no_name_outlives_the_lock(
    qtbot: QtBot, program: start.Program, circle: Circle, qapp: QApplication
) -> None:
    folder = circle.folder / "office"
    gc.unfreeze()  # what is taken for lasting is not told of
    before = [one for one in gc.get_objects() if is_secret(one)]  # of other tests
    known = set(map(id, before))
    work_a_while(qtbot, program, folder, NAME)
    program.lock()
    settled(qtbot)
    objects = gc.get_objects()
    assert [type(one).__name__ for one in objects if is_secret(one) and id(one) not in known] == []
    assert NAME not in told(program)
    assert qapp.clipboard().text() == ""
    assert [one for one in objects if remembers(one)] == []
    assert (
        sorted(path.name for path in folder.iterdir() if path.suffix in {".db-wal", ".db-shm", ".part", ".tmp"}) == []
    )


def is_secret(one: object) -> bool:
    """Whether an object is of an open store, shows it, or refers to its key."""
    if isinstance(one, FrameType):
        return False
    if isinstance(one, (Keys, Session, Store, Database, Workspace, Desk, Page)):
        return True
    return any(type(held) is bytes and held == DEK for held in gc.get_referents(one))


def test_only_what_is_kept_of_values_is_emptied() -> None:
    assert terms.room_terms in bounded_in(terms)
    assert pinyin.toneless not in bounded_in(pinyin)


def test_it_can_be_unlocked_again(qtbot: QtBot, program: start.Program, circle: Circle) -> None:
    folder = circle.folder / "office"
    work_a_while(qtbot, program, folder, ANOTHER)
    program.lock()
    settled(qtbot)
    again = Door(folder).open(folder, "")
    program.show_desk(again)
    settle(qtbot)
    assert [one.values["name"] for one in again.records.page("resident")] == [ANOTHER]
    qtbot.waitUntil(partial(isinstance, program.window.content(), Desk))
