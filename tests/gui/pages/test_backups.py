"""The Backups page as a person uses it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.backup.backups import Backups
from gridworker.app.backup.restoring import Restoring
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreDamaged, StoreProblem
from gridworker.gui import background, tour
from gridworker.gui.entries import present
from gridworker.gui.page import FIELD, Errand, Shell
from gridworker.gui.pages.backups import BackupsPage
from gridworker.gui.tour import Dress, Photographer
from gridworker.gui.watching import chores as chores_module
from gridworker.gui.watching.chores import Chores
from gridworker.gui.widgets.state import StatePanel
from gridworker.record import Value
from gridworker.store.health.freshness import Reason
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.tables.changes import Change
from tests.circle import Circle, write_keys
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture
def office(circle: Circle) -> Workspace:
    write_keys(circle.office.session.folder)
    circle.office.session.profile = CHEAP
    return circle.office


@pytest.fixture
def page(office: Workspace, qtbot: QtBot) -> BackupsPage:
    page = BackupsPage(office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    qtbot.waitExposed(page)
    settle(qtbot)
    page.focus_first()
    return page


def words(page: BackupsPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_an_empty_page_says_what_comes_and_a_key_makes_one(page: BackupsPage, office: Workspace, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.make.clearFocus()
    page.focus_first()
    assert page.make.hasFocus()
    assert "No backup yet" in words(page)
    assert "second place" in words(page)
    QTest.keyClick(page, Qt.Key.Key_B)
    settle(qtbot)
    (row,) = page.rows.rows()
    assert row.right_chip is not None
    assert row.right_chip.text == "Verified"
    assert "Residents 0" in row.subtitle
    assert not page.running.isVisible()
    assert len(office.backups.list()) == 1


def test_one_under_a_former_key_is_not_called_damaged(
    page: BackupsPage, office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.backups.make()
    monkeypatch.setattr(Backups, "_is_former", lambda *_: True)
    monkeypatch.setattr(Backups, "_counts", lambda *_: None)
    page.refresh({})
    settle(qtbot)
    (row,) = page.rows.rows()
    assert row.right_chip is not None
    assert row.right_chip.text == "Former key"
    assert "passphrase of that time" in row.subtitle


def test_the_second_place_is_kept_up_and_shown(
    page: BackupsPage, office: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    page.use_place(tmp_path)
    settle(qtbot)
    assert len(office.backups.list(tmp_path)) == 1
    assert "It is here." in words(page)
    assert "same disk" in words(page)
    page.second.stop.click()
    settle(qtbot)
    assert office.backup_plan.second() is None
    page.use_place(office.session.folder.root)
    settle(qtbot)
    assert office.backup_plan.second() is None


def test_ruined_backups_in_the_second_place_are_shown_as_such_and_not_as_away(
    page: BackupsPage, office: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    page.use_place(tmp_path)
    settle(qtbot)
    (backup,) = tmp_path.glob("0*")
    (backup / "manifest.json").write_bytes(b"")
    page.refresh({})
    settle(qtbot)
    shown = words(page)
    assert "It is here." in shown
    assert "the one backup in it is damaged" in shown
    assert "Newest backup" not in shown
    (row,) = page.rows.rows()
    assert row.key == backup
    assert row.right_chip is not None
    assert row.right_chip.text == "Damaged"


def test_the_focus_is_where_it_was_when_the_backup_is_made(page: BackupsPage, qtbot: QtBot) -> None:
    """Enter once more makes another, and asks for no folder."""
    page.window().activateWindow()
    page.make.setFocus()
    QTest.keyClick(page.make, Qt.Key.Key_Return)
    settle(qtbot)
    assert len(page.rows.rows()) == 1
    assert QApplication.focusWidget() is page.make


def test_who_went_on_while_the_backup_was_made_stays_there(page: BackupsPage, qtbot: QtBot) -> None:
    page.window().activateWindow()
    page.back_up()
    settle(qtbot)
    page.make.setFocus()
    page.back_up()
    page.rows.setFocus()
    settle(qtbot)
    assert QApplication.focusWidget() is page.rows


def test_what_a_backup_covers_is_counted_in_the_plural(page: BackupsPage, qtbot: QtBot) -> None:
    page.back_up()
    settle(qtbot)
    assert "Households 0, Residents 0, Visits 0" in page.rows.rows()[0].subtitle


def test_what_is_under_way_is_stopped_with_esc(
    page: BackupsPage, office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not page.escape()
    page.back_up()
    assert page.running.isVisible()
    assert not page.make.isEnabled()
    assert page.escape()
    settle(qtbot)
    assert page.make.isEnabled()
    assert not page.running.isVisible()


def test_a_backup_is_checked_again_and_a_damaged_one_is_named(
    page: BackupsPage, office: Workspace, qtbot: QtBot
) -> None:
    problems: list[str] = []
    toasts: list[str] = []
    page.shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    page.shell.toast_wanted.connect(lambda text, _undo: toasts.append(text))
    made = office.backups.make()
    page.refresh({})
    settle(qtbot)
    page.verify()
    settle(qtbot)
    assert toasts == ["The backup is whole."]
    store = made.path / "store.db"
    data = bytearray(store.read_bytes())
    data[5000] ^= 1
    store.write_bytes(data)
    page.verify()
    settle(qtbot)
    assert "damaged" in problems[0]
    (made.path / "manifest.json").write_text("{}")
    page.refresh({})
    settle(qtbot)
    assert office.backups.list() == []


def test_putting_back_says_that_nothing_is_newer_and_no_more(
    page: BackupsPage, office: Workspace, qtbot: QtBot
) -> None:
    office.backups.make()
    page.refresh({})
    settle(qtbot)
    page.put_back()
    settle(qtbot)
    box = page.findChild(QMessageBox)
    assert box is not None
    assert "Nothing is newer than the backup." in box.informativeText()
    assert "is gone here" not in box.text() + box.informativeText()
    box.close()


def test_putting_back_shows_what_is_newer_and_asks(page: BackupsPage, office: Workspace, qtbot: QtBot) -> None:
    made = office.backups.make()
    office.devices.add_grid("第一网格")
    office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    page.refresh({})
    settle(qtbot)
    wanted: list[Errand] = []
    page.shell.away_wanted.connect(wanted.append)
    QTest.keyClick(page, Qt.Key.Key_R)
    settle(qtbot)
    box = page.findChild(QMessageBox)
    assert box is not None
    assert box.informativeText().startswith("What is newer is gone here until the next exchange:")
    assert "Residents: 1" in box.informativeText()
    assert "陈*芳" in box.informativeText()
    assert "陈桂芳" not in box.informativeText()
    next(one for one in box.findChildren(QPushButton) if one.text() == "Put it back").click()
    settle(qtbot)
    (errand,) = wanted
    assert errand.done == "Put back."
    assert len(office.backups.list()) == 2, "what is here now is backed up first"
    assert made.path in {view.path for view in office.backups.list()}


@pytest.mark.parametrize("hurt", ["cut", "flipped", "gone"])
def test_a_backup_that_is_damaged_is_not_put_back_and_nobody_has_to_unlock_again(
    page: BackupsPage, office: Workspace, qtbot: QtBot, hurt: str
) -> None:
    store = office.backups.make().path / "store.db"
    whole = store.read_bytes()
    half = len(whole) // 2
    store.write_bytes({"cut": whole[:half], "flipped": whole[:half] + b"damaged!" + whole[half + 8 :]}.get(hurt, b""))
    if hurt == "gone":
        store.unlink()
    page.refresh({})
    settle(qtbot)
    wanted: list[Errand] = []
    problems: list[str] = []
    page.shell.away_wanted.connect(wanted.append)
    page.shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    page.put_back()
    settle(qtbot)
    (box,) = page.findChildren(QMessageBox)
    next(one for one in box.findChildren(QPushButton) if one.text() == "Put it back").click()
    settle(qtbot)
    assert wanted == []
    assert len(problems) == 1
    assert len(list(store.parent.parent.glob("00-*"))) == 1, "no backup was made for it"
    assert page.make.isEnabled()


def test_a_window_that_only_reads_says_so_and_makes_none(office: Workspace, qtbot: QtBot) -> None:
    office.session.writer = "周敏"
    page = BackupsPage(office, Shell())
    qtbot.addWidget(page)
    page.show()
    settle(qtbot)
    assert "only shows" in words(page)
    assert not page.make.isEnabled()
    page.back_up()
    page.put_back()
    settle(qtbot)
    assert office.backups.list() == []


def test_what_was_found_at_the_start_and_what_cannot_be_read_are_said(
    page: BackupsPage, office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.session.started = Reason.LOG_MISSING
    page.refresh({})
    settle(qtbot)
    assert "write-ahead log" in words(page)
    assert "Hand bundles over" in words(page)

    def gone(*_: object) -> None:
        raise StoreProblem("The disk is gone.")

    monkeypatch.setattr(office.backups, "list", gone)
    page.refresh({})
    settle(qtbot)
    panel = page.findChildren(StatePanel)[-1]
    assert "disk is gone" in words(page)
    monkeypatch.undo()
    panel.button.click()
    settle(qtbot)
    assert "No backup yet" in words(page)


def test_nothing_is_clipped_or_unnamed(office: Workspace, qtbot: QtBot, each_scale: float, each_language: str) -> None:
    del each_scale, each_language
    other = BackupsPage(office, Shell())
    qtbot.addWidget(other)
    other.resize(1228, 869)
    other.show()
    office.backups.make()
    other.refresh({})
    settle(qtbot)
    assert clipped(other) == []
    assert unnamed(other) == []


def test_chores_make_what_is_due_and_mark_the_page_until_there_is_a_second_place(
    office: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    shell = Shell()
    badges: list[tuple[str, int, str]] = []
    shell.badge_changed.connect(lambda *one: badges.append(one))
    chores = Chores(office, shell)
    chores.look()
    settle(qtbot)
    assert len(office.backups.list()) == 1
    assert badges == [("backups", 1, "due")]
    office.backup_plan.choose(tmp_path)
    chores.look()
    settle(qtbot)
    assert badges[-1] == ("backups", 0, "due")
    shell.closing.emit()
    office.devices.add_grid("第一网格")
    chores.look()
    background.wait()
    assert len(office.backups.list()) == 1


def test_the_daily_check_is_made_where_no_backup_can_be(
    office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever puts a file in the place of the backups would never have an altered log noticed."""
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)
    office.devices.add_grid("第一网格")
    with office.session.store.db.write() as connection:
        connection.exec_driver_sql("UPDATE op SET vals = zeroblob(9) WHERE clk = (SELECT max(clk) FROM op)")
    office.session.folder.backups.write_bytes(b"")
    shell = Shell()
    problems: list[str] = []
    shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    Chores(office, shell).look()
    settle(qtbot)
    assert len(problems) == 1
    assert problems[0].startswith("No backup was made.")
    assert office.self_check.last()
    rows = [row.values for row in office.records.page("audit_event", limit=1000)]
    assert [row["action"] for row in rows].count("log_fault") == 1
    shell.closing.emit()


def test_a_reference_that_leads_nowhere_is_said_to_who_looks_and_stops_nobody(
    page: BackupsPage, office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chores_module, "QUIET_MS", 0)
    office.backup_plan.choose(tmp_path)
    values: dict[str, Value] = {"status": "active", "dwelling_id": office.session.new_id()}
    office.session.write([Change("household", office.session.new_id(), values, create=True)], "create")
    shell, told, badges = Shell(), list[object](), list[tuple[str, int, str]]()
    shell.problem_met.connect(told.append)
    shell.badge_changed.connect(lambda *badge: badges.append(badge))
    Chores(office, shell).look()
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert "1 reference leads to a record that is not here. It is named by: gridworker check" in words(page)
    assert "Nothing is lost by it." in words(page)
    assert told == []
    assert badges == [("backups", 0, "due")]
    shell.closing.emit()


def test_chores_are_done_for_who_may_see_nothing_of_them(office: Workspace, qtbot: QtBot) -> None:
    office.session.who = office.devices.add_staff({"name": "赵海", "role": "volunteer"})
    office.session._staff, office.session.started = None, Reason.BEHIND
    shell = Shell()
    told: list[object] = []
    shell.problem_met.connect(told.append)
    shell.badge_changed.connect(lambda *badge: told.append(badge))
    Chores(office, shell).look()
    settle(qtbot)
    assert len(list(office.session.folder.backups.glob("*/store.db"))) == 1
    assert told == []
    shell.closing.emit()


def test_what_was_noticed_at_the_start_is_said_at_once_with_what_to_do(office: Workspace, qtbot: QtBot) -> None:
    office.session.started = Reason.BEHIND
    shell = Shell()
    problems: list[str] = []
    badges: list[tuple[str, int, str]] = []
    shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    shell.badge_changed.connect(lambda *said: badges.append(said))
    chores = Chores(office, shell)
    qtbot.waitUntil(lambda: bool(problems))
    assert problems == [
        "The store is older than it was when it was closed here. "
        "Go on working. Hand bundles over now: what is missing comes back with them."
    ]
    chores.look()
    settle(qtbot)
    assert badges == [("backups", 1, "due")] * 2  # red is for people who wait
    shell.closing.emit()


def test_what_was_noticed_at_the_start_is_not_said_again_when_the_desk_is_made_anew(
    office: Workspace, qtbot: QtBot
) -> None:
    """As for another language: the page stays marked, and nobody hears it twice."""
    office.session.started = Reason.BEHIND
    shell, told = Shell(), list[object]()
    shell.problem_met.connect(told.append)
    with qtbot.waitSignal(shell.badge_changed) as badge:
        Chores(office, shell, again=True)
    assert badge.args == ["backups", 1, "due"]
    assert told == []
    shell.closing.emit()


def test_a_damaged_store_is_no_obstacle_to_putting_a_backup_back(
    page: BackupsPage, office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.backups.make()
    office.devices.add_grid("第一网格")
    page.refresh({})
    settle(qtbot)
    errands: list[Errand] = []
    page.shell.away_wanted.connect(errands.append)

    def damaged(*_: object, **__: object) -> None:
        raise StoreDamaged("The store is damaged.")

    monkeypatch.setattr(office.backups, "make", damaged)
    QTest.keyClick(page, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    (box,) = page.findChildren(QMessageBox)
    next(button for button in box.findChildren(QPushButton) if "Put it back" in button.text()).click()
    settle(qtbot)
    assert len(errands) == 1


def test_chores_say_once_why_no_backup_was_made(
    office: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreProblem("The disk is full.")

    monkeypatch.setattr(office.backups, "make", full)
    shell = Shell()
    problems: list[str] = []
    shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    chores = Chores(office, shell)
    for _ in range(2):
        chores.look()
        settle(qtbot)
    assert problems == ["No backup was made. The disk is full."]
    shell.closing.emit()


def test_put_back_says_what_to_do_now(office: Workspace, circle: Circle) -> None:
    backup = office.backups.make().path
    restoring = Restoring.while_open(office.session, backup)
    circle.close("office")
    assert "Hand bundles over now" in restoring.put_back()


def test_the_question_before_a_backup_is_put_back_is_pictured_and_so_is_the_page_of_a_bug(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Workspace
) -> None:
    office.backups.make()
    office.devices.add_grid("第一网格")
    wanted = {"backups", "settings"}
    monkeypatch.setattr(tour, "present", lambda role: [entry for entry in present(role) if entry.name in wanted])
    photographer = Photographer({FIELD: office}, tmp_path, None)
    qtbot.addWidget(photographer._window)
    seen: dict[str, str] = {}

    def look(self: Photographer, name: str, _dress: Dress) -> Path:
        self._settle()
        said = [label.text() for dialog in self._dialogs() for label in dialog.findChildren(QLabel)]
        seen[name] = " ".join(said)
        return tmp_path

    monkeypatch.setattr(Photographer, "_shoot", look)
    assert len(list(photographer._desk(FIELD, Dress("en", "light")))) == 4
    assert list(seen) == ["field-backups", "put-back", "field-settings", "crash"]
    assert "Grids: 1" in seen["put-back"]
    assert "Something in the program went wrong" in seen["crash"]
    assert photographer.faults == []
