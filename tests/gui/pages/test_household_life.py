"""What happened to a household, by what a person sees and does: the list, a form, one undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from gridworker.app.household.filter import HouseholdFilter
from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.editors import TextEditor
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.reference import ReferenceEditor
from gridworker.gui.widgets.state import Strip
from tests.gui.pages.test_household import button, opened, titles, words
from tests.gui.seen import clipped, settle, unnamed
from tests.village import Home, Village


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def home(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(home, "李强", "20", "1974-01-01", sex="1")
    village.member(home, "王芳", "38", "1976-01-01", sex="2")
    return home


def happened(qtbot: QtBot, page: HouseholdPage, title: str) -> FormDialog:
    """Open the list, choose an act."""
    button(page, "Life events").click()
    menu = page.findChildren(QMenu)[-1]
    action = next(one for one in menu.actions() if title in one.text())
    menu.hide()
    action.trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(FormDialog)))
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def test_the_list_names_what_can_happen(qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    QTest.keyClick(page, Qt.Key.Key_M)
    menu = page.findChildren(QMenu)[-1]
    assert [one.text() for one in menu.actions()] == [
        "&1  A child was born",
        "&2  They moved to another door",
        "&3  Somebody moved out",
        "&4  Somebody died",
        "&5  Some make a household of their own",
        "&6  Somebody went to another household",
        "&7  Another head of household",
        "&8  Tenants share the dwelling",
        "",
        "&0  What they agreed to",
    ]
    menu.hide()


def test_the_keys_of_the_list_are_the_same_however_many_people_there_are(
    qtbot: QtBot, workspace: Workspace, shell: Shell, village: Village
) -> None:
    alone = village.household("钱二", "5", "2", "301")
    page = opened(qtbot, workspace, shell, alone.id)
    QTest.keyClick(page, Qt.Key.Key_M)
    menu = page.findChildren(QMenu)[-1]
    assert [one.text()[1] for one in menu.actions() if one.text()] == ["1", "2", "3", "4", "6", "8", "0"]
    menu.hide()


def test_somebody_died_with_one_undo(qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody died")
    dialog.form.editor("one").chips.pick(str(home.people["陈桂芳"]))  # type: ignore[attr-defined]  # a choice of few
    button(dialog, "Save").click()
    settle(qtbot)
    assert dialog.form.fault("head") == "Say who is head of the household now."
    dialog.form.editor("head").chips.pick(str(home.people["李强"]))  # type: ignore[attr-defined]  # a choice of few
    with qtbot.waitSignal(shell.toast_wanted) as said:
        button(dialog, "Save").click()
    settle(qtbot)
    assert set(titles(page)[:2]) == {"Died", "Head of household changed"}
    assert "Lived here before: 陈桂芳" in words(page)
    said.args[1].run()
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert "Lived here before: 陈桂芳" not in words(page)


def test_a_door_is_chosen_by_its_number(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, home: Home
) -> None:
    village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501")
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "They moved to another door")
    door = dialog.form.editor("dwelling_id")
    assert isinstance(door, ReferenceEditor)
    QTest.keyClicks(door.line, "3-2-501")
    qtbot.waitUntil(lambda: bool(door.offered()))
    assert door.offered() == ["3栋2单元501·Nobody recorded"]
    door.take(0)
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Move").click()
    settle(qtbot)
    assert "3栋2单元501" in words(page)


@pytest.mark.parametrize(("title", "field", "typed"), [
    ("They moved to another door", "dwelling_id", "3-2-501"),
    ("Somebody went to another household", "household_id", "5-2-301"),
])  # fmt: skip
def test_what_the_arrows_went_to_is_taken_by_enter(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, home: Home, title: str, field: str, typed: str
) -> None:
    """Its words stand in the line already, and are none that anything is found by."""
    door = village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501")
    other = village.household("钱二", "5", "2", "301")
    for building in ("3", "5"):
        village.change("building", village.building(building), {"estate_name": "师院南苑"})
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, title)
    editor = dialog.form.editor(field)
    assert isinstance(editor, ReferenceEditor)
    editor.line.setFocus()
    QTest.keyClicks(editor.line, typed)
    qtbot.waitUntil(lambda: bool(editor.offered()) and editor._menu.isVisible())
    QTest.keyClick(editor._menu, Qt.Key.Key_Down)
    assert editor.line.text() == editor.offered()[0]
    QTest.keyClick(editor._menu, Qt.Key.Key_Return)
    settle(qtbot)
    assert editor.value() == {"dwelling_id": door, "household_id": other.id}[field]
    dialog.reject()
    settle(qtbot)


def test_relations_are_proposed_when_a_head_is_chosen(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Another head of household")
    dialog.form.editor("head").chips.pick(str(home.people["李强"]))  # type: ignore[attr-defined]  # a choice of few
    settle(qtbot)
    asked = [label.text() for label in dialog.findChildren(QLabel)]
    assert "What 李强 is to the head" in asked
    values = dialog.form.values()
    assert [values[f"relation_{home.people[name]}"] for name in ("陈桂芳", "李强", "王芳")] == ["50", "02", "10"]
    dialog.reject()
    settle(qtbot)


def test_a_form_closed_half_done_goes_on_where_it_was(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Tenants share the dwelling")
    name = dialog.form.editor("name")
    assert isinstance(name, TextEditor)
    QTest.keyClicks(name.line, "Tom Li")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(qtbot)
    dialog = happened(qtbot, page, "Tenants share the dwelling")
    assert dialog.form.values()["name"] == "Tom Li"
    strip = next(one for one in dialog.findChildren(Strip) if one.isVisible())
    assert strip.accessibleName() == "Half written before; it goes on here."
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Open a file").click()
    settle(qtbot)
    assert workspace.drafts.all("life:") == []
    dialog = happened(qtbot, page, "Tenants share the dwelling")
    assert dialog.form.values()["name"] is None
    dialog.reject()
    settle(qtbot)


def test_starting_afresh_forgets_the_draft(qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home) -> None:
    workspace.drafts.keep(f"life:share:{home.id}", {"name": "Tom Li", "day": "2026-03-01", "rented": 1})
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Tenants share the dwelling")
    button(dialog, "Start afresh").click()
    settle(qtbot)
    assert dialog.form.values() == {"name": None, "day": "2026-03-18", "rented": None}
    assert workspace.drafts.all("life:") == []
    dialog.reject()
    settle(qtbot)


def test_starting_afresh_asks_nothing_of_who_no_longer_goes(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    workspace.drafts.keep(f"life:join:{home.id}", {"who": str(home.people["陈桂芳"])})
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody went to another household")
    assert [one for one in _asked(dialog) if "is to the head" in one] == ["What 陈桂芳 is to the head"]
    button(dialog, "Start afresh").click()
    settle(qtbot)
    assert not [one for one in _asked(dialog) if "is to the head" in one]
    dialog.reject()
    settle(qtbot)


def test_nothing_is_told_while_others_look_on(qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    shell.set_sharing(True)
    settle(qtbot)
    shown = [one.label() for one in page.findChildren(Button) if one.isVisible()]
    assert "Report issue" in shown
    assert "Life events" not in shown


def test_forms_fit_and_have_names(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home, each_scale: float
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    for title in ("A child was born", "Some make a household of their own", "Another head of household"):
        dialog = happened(qtbot, page, title)
        settle(qtbot)
        assert clipped(dialog) == [], title
        assert unnamed(dialog) == [], title
        dialog.reject()
        settle(qtbot)


def test_a_head_who_no_longer_lives_here_leaves_another(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    pencil = next(one for one in page.findChildren(IconButton) if one.accessibleName() == "Change 陈桂芳")
    pencil.click()
    button(dialog_of(page), "No longer lives here").click()
    settle(qtbot)
    dialog = dialog_of(page)
    assert dialog.form.values()["who"] == str(home.people["陈桂芳"])
    dialog.form.editor("head").chips.pick(str(home.people["李强"]))  # type: ignore[attr-defined]  # a choice of few
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Save").click()
    settle(qtbot)
    assert "Lived here before: 陈桂芳" in words(page)
    assert workspace.households.file(home.id).home.name == "李强"


def test_a_household_that_moved_out_comes_back(qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home) -> None:
    everybody = " ".join(map(str, home.people.values()))
    page = opened(qtbot, workspace, shell, home.id)
    assert page.window().focusWidget() is button(page, "Start visit")
    workspace.life.do("moved_out", home.id, {"who": everybody, "day": "2026-03-10"})
    page.refresh({})
    settle(qtbot)
    assert page.window().focusWidget() is page._members.happened  # nobody can be visited
    assert "Nobody lives here now." in words(page)
    assert not any(one.label() == "Add person" and one.isVisible() for one in page.findChildren(Button))
    dialog = happened(qtbot, page, "Somebody moved back in")
    dialog.form.editor("who").chips.pick(str(home.people["李强"]))  # type: ignore[attr-defined]  # a choice of few
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Save").click()
    settle(qtbot)
    assert "Lived here before: 王芳, 陈桂芳" in words(page) or "Lived here before: 陈桂芳, 王芳" in words(page)


def test_a_household_that_a_ledger_emptied_is_said_and_moved_out_by_a_person(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, home: Home
) -> None:
    def emptied() -> list[int]:
        return list(workspace.households.ids(narrowing=HouseholdFilter(missing="emptied")))

    assert emptied() == []
    for one in workspace.records.page("household_member", where={"household_id": home.id}):
        village.change("household_member", one.id, {"valid_to": "2026-03-12"})
    assert emptied() == [home.id]
    page = opened(qtbot, workspace, shell, home.id)
    strip = next(one for one in page.findChildren(Strip) if "12 Mar" in one.accessibleName())
    assert (workspace.session.store.get("household", home.id) or {})["status"] == "active", "nothing changes by itself"
    with qtbot.waitSignal(shell.toast_wanted) as said:
        strip.pressed.emit()
    settle(qtbot)
    now = workspace.session.store.get("household", home.id) or {}
    assert (now["status"], now["status_date"]) == ("moved_out", "2026-03-12")
    assert (workspace.session.store.get("dwelling", home.dwelling) or {})["vacancy"] == "vacant"
    assert emptied() == []
    said.args[1].run()
    settle(qtbot)
    assert emptied() == [home.id]


def test_a_head_is_asked_for_only_where_one_has_to_be_chosen(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    chen, li, wang = (str(home.people[name]) for name in ("陈桂芳", "李强", "王芳"))
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody moved out")
    assert "Head of household now" not in _asked(dialog)
    who = dialog.form.editor("who").chips  # type: ignore[attr-defined]  # a choice of few
    who.pick(li)
    assert "Head of household now" not in _asked(dialog), "who leads stays"
    who.pick(chen)
    assert "Head of household now" not in _asked(dialog), "who is left alone leads"
    who.pick(li)
    assert "Head of household now" in _asked(dialog)
    heads_offered = dialog.form.editor("head").chips.offered  # type: ignore[attr-defined]  # a choice of few
    who.pick(li)
    who.pick(chen)
    assert "Head of household now" not in _asked(dialog)
    who.pick(chen)
    assert heads_offered() == [li, wang], "who goes leads nobody here"
    dialog.reject()
    settle(qtbot)
    dialog = happened(qtbot, page, "Some make a household of their own")
    heads = {"Head of the new household", "Head of those who stay"}
    who = dialog.form.editor("who").chips  # type: ignore[attr-defined]  # a choice of few
    who.pick(wang)
    assert heads.isdisjoint(_asked(dialog))
    who.pick(li)
    assert heads & set(_asked(dialog)) == {"Head of the new household"}
    new_head = dialog.form.editor("new_head").chips  # type: ignore[attr-defined]  # a choice of few
    assert set(new_head.offered()) == {li, wang}
    assert not clipped(dialog)


def test_what_others_changed_meanwhile_is_asked_for_where_it_is_missing(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody moved out")
    dialog.form.editor("who").chips.pick(str(home.people["李强"]))  # type: ignore[attr-defined]  # a choice of few
    workspace.life.do("lead", home.id, {"head": str(home.people["李强"])})
    button(dialog, "Save").click()
    settle(qtbot)
    assert dialog.form.fault("head") == "Say who is head of the household now."
    assert "Head of household now" in _asked(dialog)


def test_a_form_half_written_names_nobody_who_has_left_since(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    li, wang = (str(home.people[name]) for name in ("李强", "王芳"))
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody moved out")
    for one in (li, wang):
        dialog.form.editor("who").chips.pick(one)  # type: ignore[attr-defined]  # a choice of few
    dialog.reject()
    settle(qtbot)
    workspace.life.do("died", home.id, {"one": wang, "day": "2026-03-10"})
    dialog = happened(qtbot, page, "Somebody moved out")
    assert dialog.form.values()["who"] == li
    assert wang not in dialog.form.editor("who").chips.offered()  # type: ignore[attr-defined]  # a choice of few


def dialog_of(page: HouseholdPage) -> FormDialog:
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def test_who_goes_to_another_household_is_asked_what_they_are_there_and_who_stays_is_not(
    qtbot: QtBot, workspace: Workspace, shell: Shell, village: Village, home: Home
) -> None:
    other = village.household("钱二", "5", "2", "301")
    page = opened(qtbot, workspace, shell, home.id)
    dialog = happened(qtbot, page, "Somebody went to another household")
    assert not [one for one in _asked(dialog) if "is to the head" in one]
    chen, li = home.people["陈桂芳"], home.people["李强"]
    dialog.form.editor("who").chips.pick(str(chen))  # type: ignore[attr-defined]  # a choice of few
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(qtbot)
    dialog = happened(qtbot, page, "Somebody went to another household")  # it goes on where it was
    assert [one for one in _asked(dialog) if "is to the head" in one] == ["What 陈桂芳 is to the head"]
    dialog.form.editor("head").chips.pick(str(li))  # type: ignore[attr-defined]  # a choice of few
    settle(qtbot)
    assert dialog.form.values()[f"relation_{chen}"] is None, "the mother of whom she leaves is not that of the other"
    dialog.form.propose({"household_id": other.id, f"relation_{chen}": "99"})
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Save").click()
    settle(qtbot)
    assert {one.name: one.relation for one in workspace.households.file(other.id).home.members}[
        "陈桂芳"
    ] == "Not related"
    kin = {one.name: one.relation for one in workspace.households.file(home.id).home.members}
    assert kin == {"李强": "Head of household", "王芳": "Spouse"}


def _asked(dialog: FormDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def test_tenants_behind_the_same_door_are_found_from_either_file(
    qtbot: QtBot, workspace: Workspace, shell: Shell, home: Home
) -> None:
    page = opened(qtbot, workspace, shell, home.id)
    assert not any(one.startswith("Behind the same door") for one in words(page))
    dialog = happened(qtbot, page, "Tenants share the dwelling")
    dialog.form.propose({"name": "周八"})
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Open a file").click()
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert "Behind the same door: 周八" in words(page)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        button(page, "Open the file").click()
    name, tenants = asked.args
    assert name == "household"
    page.show_target(tenants)
    settle(qtbot)
    assert "Behind the same door: 陈桂芳" in words(page)
    shell.set_sharing(True)
    settle(qtbot)
    assert "Behind the same door: 陈**" in words(page)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        button(page, "Open the file").click()
    assert asked.args == ["household", home.id]


def test_two_of_the_same_name_are_told_apart_where_consent_and_care_are_asked(
    workspace: Workspace, village: Village
) -> None:
    home = village.household("韩明", "3", "1", "202", birth="1988-01-24")
    village.member(home, "韩明", "20", "2010-01-01", sex="1")
    village.member(home, "吴雅琴", "10", "1987-01-01", sex="2")
    for form in (workspace.erasing.consents.form(home.id), workspace.care.form(home.id)):
        who = next(spec for spec in form.specs if spec.name == "who").codes
        assert who is not None
        told = sorted(str(label) for label in who.labels.values())
        assert told == ["All of them", "吴雅琴", "韩明 (Head of household)", "韩明 (Son)"]
