"""The search index is put together while nobody works."""

from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from gridworker.app.backup.self_check import Finding
from gridworker.app.kept import ROOM
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.watching import chores as chores_module
from gridworker.gui.watching.chores import Chores
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.search.index import INDEXES
from gridworker.store.search.parts import parts
from gridworker.store.tables.changes import Change
from tests.circle import Circle, write_keys
from tests.gui.seen import settle
from tests.store import crowd

ROUNDS, PEOPLE = 3, 60


@pytest.fixture
def office(circle: Circle) -> Workspace:
    write_keys(circle.office.session.folder)
    circle.office.session.profile = CHEAP
    for seed in range(ROUNDS):
        circle.office.session.write(_many(circle.office, seed), "create")
    return circle.office


def _many(office: Workspace, seed: int) -> list[Change]:
    return [
        Change(
            "resident",
            office.session.new_id(),
            {"name": name, "status": "in_place", "note": f"{name}想要代买药"},
            create=True,
        )
        for name in crowd.names(PEOPLE, seed)
    ]


def _counts(office: Workspace) -> list[int]:
    with office.session.store.db.read() as connection:
        return [len(parts(raw_cursor(connection), index)) for index in INDEXES]


def test_the_window_does_it_once_nobody_saves(office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert min(_counts(office)) >= ROUNDS
    shell = Shell()
    chores = Chores(office, shell)
    chores.look()
    settle(qtbot)
    assert min(_counts(office)) >= ROUNDS
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)
    chores.look()
    settle(qtbot)
    assert _counts(office) == [1, 1]
    shell.closing.emit()


def test_it_ends_where_the_store_is_about_to_be_closed(
    office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)
    shell, closing, checked = Shell(), Event(), Event()

    def check(_report: object) -> tuple[Finding, ...]:
        checked.set()
        closing.wait(20)
        return ()

    monkeypatch.setattr(office.self_check, "daily", check)
    Chores(office, shell).look()
    assert checked.wait(20)
    shell.closing.emit()
    closing.set()
    background.wait()
    settle(qtbot)
    assert min(_counts(office)) >= ROUNDS


def test_it_ends_where_somebody_saves_again(office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell()
    chores = Chores(office, shell)
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)

    def check(_report: object) -> tuple[Finding, ...]:
        monkeypatch.setattr(chores_module, "QUIET_MS", 10**9)
        return ()

    monkeypatch.setattr(office.self_check, "daily", check)
    chores.look()
    settle(qtbot)
    assert min(_counts(office)) >= ROUNDS
    shell.closing.emit()


def test_of_a_file_that_is_damaged_no_page_is_written_anew(
    office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)
    monkeypatch.setattr(office.self_check, "daily", lambda _report: (Finding("The file is damaged.", "Do this."),))
    shell = Shell()
    Chores(office, shell).look()
    settle(qtbot)
    assert min(_counts(office)) >= ROUNDS
    shell.closing.emit()


def test_the_room_of_a_disk_that_is_nearly_full_is_for_what_people_write(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.store.engine.diskspace.free_bytes", lambda _folder: ROOM - 1)
    office.care_of_store.tidy_index(lambda: True)
    assert min(_counts(office)) >= ROUNDS
    monkeypatch.setattr("gridworker.store.engine.diskspace.free_bytes", lambda _folder: ROOM)
    office.care_of_store.tidy_index(lambda: True)
    assert _counts(office) == [1, 1]


def test_what_the_file_does_not_bear_is_not_tried_again(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def full(*asked: object) -> None:
        tried.append(asked)
        raise DiskFull("The disk is full.")

    monkeypatch.setattr("gridworker.store.search.parts.put_together", full)
    for _ in range(2):
        office.care_of_store.tidy_index(lambda: True)
    assert len(tried) == 1


@pytest.mark.parametrize("table", ["search_index", "search_words_idx"])
def test_a_damaged_index_is_no_fault_of_the_chore(office: Workspace, table: str) -> None:
    """That it is damaged is said by the self-check."""
    with office.session.store.db.write() as connection:
        raw_cursor(connection).execute("PRAGMA writable_schema = ON")
        raw_cursor(connection).execute("DELETE FROM sqlite_master WHERE name = ?", (table,))
    with office.session.store.db.write() as connection:
        raw_cursor(connection).execute("PRAGMA writable_schema = RESET")
    office.care_of_store.tidy_index(lambda: True)
    assert any(fault.where == "index" for fault in office.care_of_store.check())
