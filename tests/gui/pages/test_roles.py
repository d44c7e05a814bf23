"""Each role at a real desk: it finds only the pages it may open, every one of them opens, and nothing falls over."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.domain.rights import Action, Matter
from gridworker.gui.desk import Desk
from gridworker.gui.entries import ENTRIES, NEEDS, permitted, present
from gridworker.gui.owner import owner_of
from gridworker.gui.page import FIELD, OFFICE
from gridworker.gui.pages.peoplehere import PeopleHereDialog
from gridworker.gui.pages.search import SearchPalette
from gridworker.gui.pages.settings import SettingsPage
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.shortcuts import listed
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.state import Strip
from gridworker.store.keys.kdf import CHEAP
from tests.app.test_gate import act_as
from tests.circle import write_keys
from tests.gui.seen import clipped, settle
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")


def _desk(qtbot: QtBot, ws: Workspace) -> Desk:
    role = OFFICE if ws.session.is_office else FIELD
    desk = Desk(ws, permitted(ws.session, present(role)), owner_of(ws))
    qtbot.addWidget(desk)
    desk.resize(1440, 900)
    desk.show()
    return desk


def _names(ws: Workspace) -> list[str]:
    role = OFFICE if ws.session.is_office else FIELD
    return [entry.name for entry in permitted(ws.session, present(role))]


def test_every_page_says_what_it_needs_in_words_that_exist() -> None:
    assert {entry.name for entry in ENTRIES} - NEEDS.keys() == {"settings", "passphrase"}  # of oneself, for everybody
    for deed in (deed for deeds in NEEDS.values() for deed in deeds.split(" / ")):
        action, matter = deed.split()
        assert action in Action.__members__
        assert matter in Matter.__members__


def _open_all(qtbot: QtBot, ws: Workspace, household: int | None) -> None:
    problems: list[object] = []
    desk = _desk(qtbot, ws)
    desk.shell.problem_met.connect(problems.append)
    role = OFFICE if ws.session.is_office else FIELD
    for entry in permitted(ws.session, present(role)):
        if entry.place == "dialog":
            continue
        desk.open(entry.name, household if entry.name in {"household", "visit"} else None)
        settle(qtbot)
    assert problems == []
    desk.close_down()


@pytest.mark.parametrize("role", ["building_head", "duty", "volunteer"])
def test_every_page_a_role_finds_on_a_laptop_opens(qtbot: QtBot, workspace: Workspace, chen: Home, role: str) -> None:
    act_as(workspace.session, role)
    _open_all(qtbot, workspace, chen.id)


@pytest.mark.parametrize("role", ["administrator", "auditor", "duty"])
def test_every_page_a_role_finds_at_the_office_opens(qtbot: QtBot, office: Workspace, role: str) -> None:
    act_as(office.session, role)
    _open_all(qtbot, office, None)


@pytest.mark.parametrize("role", ["grid_worker", "duty", "office"])
def test_buildings_doors_shops_and_care_files_can_be_reached(
    qtbot: QtBot, workspace: Workspace, office: Workspace, role: str
) -> None:
    ws = office if role == "office" else workspace
    act_as(ws.session, role)
    desk = _desk(qtbot, ws)
    records = [item for item in desk.sidebar().findChildren(NavItem) if item.accessibleName() == "Records"]
    assert len(records) == 1
    records[0].click()
    settle(qtbot)
    assert desk.current() == "records"
    desk.close_down()


@pytest.mark.parametrize(("role", "may"), [("duty", True), ("administrator", True), ("auditor", False)])
def test_who_keeps_a_register_at_the_office_finds_where_its_ledgers_are_taken_in(
    qtbot: QtBot, office: Workspace, role: str, may: bool
) -> None:
    act_as(office.session, role)
    desk = _desk(qtbot, office)
    desk.open("records")
    settle(qtbot)
    page = desk.page("records")
    assert page is not None
    buttons = [one for one in page.findChildren(Button) if one.text() == "Take in a ledger"]
    assert bool(buttons) is may
    if may:
        buttons[0].click()
        settle(qtbot)
        assert desk.current() == "roster"
    desk.close_down()


def test_a_volunteer_finds_the_task_slip_alone(workspace: Workspace) -> None:
    act_as(workspace.session, "volunteer")
    assert set(_names(workspace)) == {"tasks", "settings", "passphrase"}


def test_an_auditor_finds_the_audit_and_no_resident(office: Workspace) -> None:
    act_as(office.session, "auditor")
    assert set(_names(office)) == {
        "devices", "records", "log", "audit", "backups", "settings", "passphrase", "peoplehere",
    }  # fmt: skip


def test_who_reads_masked_works_in_share_mode_and_cannot_leave_it(
    qtbot: QtBot, workspace: Workspace, chen: Home
) -> None:
    assert chen.id
    act_as(workspace.session, "building_head")
    desk = _desk(qtbot, workspace)
    assert desk.shell.sharing
    with qtbot.waitSignal(desk.shell.problem_met) as said:
        desk._on_share()
    assert said.args is not None
    assert "Grid worker" in str(said.args[0])
    assert desk.shell.sharing
    assert "Turn off" not in _offered(desk)
    assert [one for one in desk.findChildren(QLabel) if one.isVisible() and "only like this" in one.text()]
    desk.close_down()


def test_who_is_not_at_work_any_more_is_told_why_there_is_nothing(qtbot: QtBot, workspace: Workspace) -> None:
    act_as(workspace.session, None)
    desk = _desk(qtbot, workspace)
    said = [one.accessibleName() for one in desk.findChildren(Strip) if one.isVisible()]
    assert said[0].startswith("何平 is not at work here any more")
    assert clipped(desk) == []
    desk.close_down()


def test_who_sees_all_may_turn_share_mode_off(qtbot: QtBot, workspace: Workspace) -> None:
    desk = _desk(qtbot, workspace)
    desk.shell.set_sharing(True)
    assert "Turn off" in _offered(desk)
    desk.close_down()


def _offered(widget: QWidget) -> set[str]:
    """What can be pressed, by its words."""
    buttons = widget.findChildren(QAbstractButton)
    return {one.text() or one.accessibleName() for one in buttons if one.isVisible() and one.isEnabled()}


def test_what_an_auditor_may_not_do_at_the_office_is_not_offered(
    qtbot: QtBot, office: Workspace, tmp_path: Path
) -> None:
    office.devices.issue_kit("周敏", [office.devices.add_grid("第一网格")], tmp_path)
    write_keys(office.session.folder)
    office.session.profile = CHEAP
    act_as(office.session, "auditor")
    desk = _desk(qtbot, office)
    offered, keys = {}, {}
    for name in ("devices", "backups"):
        desk.open(name)
        settle(qtbot)
        page = desk.page(name)
        assert page is not None
        offered[name], keys[name] = _offered(page), [key.label for key in listed(page)]
    assert offered == {"devices": set(), "backups": set()}
    assert keys["devices"] == []
    desk.open("peoplehere")
    settle(qtbot)
    [dialog] = desk.findChildren(PeopleHereDialog)
    assert _offered(dialog) == {"Close"}
    dialog.reject()
    desk.close_down()


def test_numbers_are_taken_away_by_who_may_erase(qtbot: QtBot, office: Workspace) -> None:
    for role, may in (("administrator", False), ("office", True)):
        act_as(office.session, role)
        desk = _desk(qtbot, office)
        desk.open("settings")
        settle(qtbot)
        page = desk.page("settings")
        assert isinstance(page, SettingsPage)
        assert page.rules.cap.choice.isEnabled()
        assert page.rules.ids.choice.isEnabled() == may
        desk.close_down()


def test_the_photos_kept_are_counted_for_who_may_see_them(qtbot: QtBot, workspace: Workspace) -> None:
    act_as(workspace.session, "building_head")
    said: list[object] = []
    desk = _desk(qtbot, workspace)
    desk.shell.problem_met.connect(said.append)
    desk.open("sync")
    settle(qtbot)
    assert QApplication.activeModalWidget() is None, "nothing went wrong"
    page = desk.page("sync")
    assert isinstance(page, SyncPage)
    assert page.room.isHidden()
    assert said == []
    desk.close_down()


def test_who_reports_nothing_finds_no_way_to_report(qtbot: QtBot, workspace: Workspace, chen: Home) -> None:
    act_as(workspace.session, "administrator")
    desk = _desk(qtbot, workspace)
    for name in ("today", "buildings", "household", "issues"):
        desk.open(name, chen.id if name == "household" else None)
        settle(qtbot)
        page = desk.page(name)
        assert page is not None
        assert not [words for words in _offered(page) if "Report" in words], name
        assert "Report issue" not in {key.label for key in listed(page)} or name == "household"
    palette = SearchPalette(workspace, desk.shell, desk)
    assert palette._pages("sync")
    assert palette._actions(workspace.search.find("")) == []
    desk.close_down()


def test_an_auditor_sees_on_a_laptop_what_went_and_hands_nothing_over(qtbot: QtBot, workspace: Workspace) -> None:
    act_as(workspace.session, "auditor")
    desk = _desk(qtbot, workspace)
    desk.open("sync")
    settle(qtbot)
    page = desk.page("sync")
    assert isinstance(page, SyncPage)
    assert page.history.isVisible()
    assert not page.hand.isVisible()
    assert not page.receive.isVisible()
    assert listed(page) == []
    desk.close_down()
