"""Forms over a page are kept while they are typed: closed or killed half done, they go on where they were."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Page, Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.pages.records import RecordsPage
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from tests.gui.seen import settle
from tests.village import Home, Village

Opening = Callable[[Page], None]


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


def press(parent: QWidget, words: str) -> None:
    found = [*parent.findChildren(Button), *parent.findChildren(IconButton)]
    button = next(one for one in found if one.accessibleName().startswith(words) and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(qtbot: QtBot, page: Page, target: object) -> Page:
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.show_target(target)
    page.refresh({})
    settle(qtbot)
    return page


def form(page: QWidget) -> FormDialog:
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def write(dialog: FormDialog, field: str, words: str) -> None:
    """Type into a field."""
    editor = dialog.form.editor(field)
    line = editor.findChild(QPlainTextEdit) or editor.findChild(QLineEdit)
    assert isinstance(line, QWidget)
    line.setFocus()
    QTest.keyClicks(line, words)


def told(dialog: FormDialog) -> list[str]:
    return [strip.accessibleName() for strip in dialog.findChildren(Strip) if strip.isVisible()]


def unfinished(workspace: Workspace) -> list[str]:
    return [draft.name for draft in workspace.drafts.all() if draft.name != "opened"]


HALF = "Half written before; it goes on here."


def opening(words: str) -> Opening:
    return lambda page: press(page, words)


FORMS = {
    "household": (opening("Change"), "remark"),
    "a person": (opening("Change 陈桂芳"), "note"),
    "need": (opening("Add need"), "title"),
    "hand-over": (opening("Hand over to another grid"), "reason"),
}


@pytest.mark.parametrize(("open_form", "field"), FORMS.values(), ids=FORMS)
def test_what_is_half_typed_outlives_esc_and_goes_when_it_is_saved(
    qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home, open_form: Opening, field: str
) -> None:
    page = shown(qtbot, HouseholdPage(workspace, shell), chen.id)
    open_form(page)
    assert HALF not in told(form(page))
    before = dict(form(page).form.values())
    write(form(page), field, "half a sentence")
    QTest.keyClick(form(page), Qt.Key.Key_Escape)
    settle(qtbot)
    (draft,) = unfinished(workspace)
    assert workspace.drafts.get(draft).fields == {field: "half a sentence"}  # type: ignore[union-attr]  # it is there
    open_form(page)
    assert HALF in told(form(page))
    assert form(page).form.values() == {**before, field: "half a sentence"}
    if "need_kind" in before:
        form(page).form.editor("need_kind").set_value("living")
    QTest.mouseClick(form(page).save, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert unfinished(workspace) == []
    assert not page.findChildren(FormDialog)


def test_a_field_typed_back_is_no_draft(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home) -> None:
    page = shown(qtbot, HouseholdPage(workspace, shell), chen.id)
    opening("Change")(page)
    write(form(page), "remark", "x")
    qtbot.waitUntil(lambda: unfinished(workspace) == [f"household:{chen.id}"])
    assert form(page).isVisible()  # kept while it is typed, before any key: a kill loses nothing
    line = form(page).form.editor("remark").findChild(QPlainTextEdit)
    assert isinstance(line, QPlainTextEdit)
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClick(form(page), Qt.Key.Key_Escape)
    settle(qtbot)
    assert unfinished(workspace) == []


def test_who_no_longer_lives_here_leaves_no_draft(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home) -> None:
    page = shown(qtbot, HouseholdPage(workspace, shell), chen.id)
    opening("Change 陈桂芳")(page)
    write(form(page), "note", "moved to her son")
    press(form(page), "No longer lives here")
    settle(qtbot)
    assert unfinished(workspace) == []


def test_a_plain_record_is_kept_until_it_is_saved(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    building = village.building("3")
    page = shown(qtbot, RecordsPage(workspace, shell), ("building", building))
    press(page, "Change")
    write(form(page), "estate_name", "Qingshan")
    QTest.keyClick(form(page), Qt.Key.Key_Escape)
    settle(qtbot)
    assert unfinished(workspace) == [f"record:building:{building}"]
    press(page, "Change")
    assert HALF in told(form(page))
    assert form(page).form.values()["estate_name"] == "Qingshan"
    with qtbot.waitSignal(shell.toast_wanted):
        press(form(page), "Save")
    settle(qtbot)
    assert workspace.records.show("building", building).values["estate_name"] == "Qingshan"
    assert unfinished(workspace) == []


def test_what_could_not_be_saved_is_still_kept(
    qtbot: QtBot, workspace: Workspace, shell: Shell, village: Village
) -> None:
    page = shown(qtbot, RecordsPage(workspace, shell), ("building", None))
    press(page, "New record")
    write(form(page), "estate_name", "Qingshan")
    press(form(page), "Save")
    settle(qtbot)
    assert form(page).form.fault("building_name") == "This is needed."
    QTest.keyClick(form(page), Qt.Key.Key_Escape)
    settle(qtbot)
    assert unfinished(workspace) == ["record:building:new"]
