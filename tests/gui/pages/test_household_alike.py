"""Writing down a person who may be on the books already: shown with the facts, kept while typed, never in the way."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.look.theme import Look
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.alikelist import AlikeList
from gridworker.gui.widgets.editors import TextEditor
from gridworker.gui.widgets.formdialog import FormDialog
from tests.gui.pages.test_household import button, opened, words
from tests.gui.seen import clipped, settle, unnamed
from tests.village import Home, Village


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home) -> HouseholdPage:
    return opened(qtbot, workspace, shell, village.household("钱二", "5", "2", "301").id)


def adding(page: HouseholdPage) -> FormDialog:
    button(page, "Add person").click()
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def type_in(dialog: FormDialog, name: str, text: str) -> None:
    editor = dialog.form.editor(name)
    assert isinstance(editor, TextEditor)
    editor.line.clear()
    QTest.keyClicks(editor.line, text) if text.isascii() else editor.line.insert(text)
    editor.line.textEdited.emit(text)


def shown(dialog: FormDialog) -> list[AlikeList]:
    return [one for one in dialog.findChildren(AlikeList) if one.isVisible()]


def test_who_may_be_meant_is_shown_with_the_facts(qtbot: QtBot, page: HouseholdPage) -> None:
    dialog = adding(page)
    type_in(dialog, "name", "陈贵芳")
    settle(qtbot)
    assert shown(dialog) == []
    type_in(dialog, "birth_year", "1948")
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    assert "78 y·3栋1单元202" in words(dialog)
    assert shown(dialog)[0].accessibleDescription() == "陈桂芳: Name sounds the same, Born in the same year"
    type_in(dialog, "name", "周六")
    qtbot.waitUntil(lambda: not shown(dialog))
    dialog.reject()
    settle(qtbot)


def test_it_does_not_hold_up_saving(qtbot: QtBot, page: HouseholdPage, shell: Shell) -> None:
    dialog = adding(page)
    type_in(dialog, "name", "陈桂芳")
    type_in(dialog, "birth_year", "1948")
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    with qtbot.waitSignal(shell.toast_wanted):
        button(dialog, "Add").click()
    settle(qtbot)
    assert "陈桂芳" in words(page)


def test_looking_at_the_file_leaves_the_form_half_written(
    qtbot: QtBot, page: HouseholdPage, shell: Shell, chen: Home
) -> None:
    dialog = adding(page)
    type_in(dialog, "name", "陈桂芳")
    type_in(dialog, "birth_year", "1948")
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    with qtbot.waitSignal(shell.page_wanted) as asked:
        button(dialog, "Open the file").click()
    assert asked.args == ["household", chen.id]
    settle(qtbot)
    again = adding(page)
    assert again.form.values()["name"] == "陈桂芳"
    qtbot.waitUntil(lambda: bool(shown(again)))
    again.reject()
    settle(qtbot)


def test_the_list_fits_and_has_names(qtbot: QtBot, page: HouseholdPage, each_scale: float) -> None:
    dialog = adding(page)
    type_in(dialog, "name", "陈桂芳")
    type_in(dialog, "birth_year", "1948")
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    dialog.reject()
    settle(qtbot)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_list_leaves_what_is_typed_in_sight_and_is_so_itself(
    qtbot: QtBot, page: HouseholdPage, village: Village, dressed: Look, scale: float
) -> None:
    dressed.use(scale=scale)
    for room in ("301", "401"):
        village.household("陈桂芳", "3", "1", room, birth="1948-02-01")
    dialog = adding(page)
    year = dialog.form.editor("birth_year")
    assert isinstance(year, TextEditor)
    year.line.setFocus()
    type_in(dialog, "name", "陈桂芳")
    type_in(dialog, "birth_year", "1948")
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    settle(qtbot)
    assert year.line.visibleRegion().boundingRect() == year.line.rect()
    assert shown(dialog)[0].visibleRegion().boundingRect().height() > 100 * scale


def test_who_is_found_by_their_number_is_put_on_record_once(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    number = "11010519491231002X"
    village.member(village.household("周五", "6", "2", "301"), "周六", "80", id_number=number)
    home = village.household("钱二", "5", "2", "301")
    consent = {"purpose": "file", "scope": "id_number", "method": "oral", "given_on": "2026-03-01"}
    workspace.erasing.consents.record(home.id, consent)
    dialog = adding(opened(qtbot, workspace, shell, home.id))

    def searches() -> list[object]:
        events = workspace.records.page("audit_event", limit=500)
        return [one.values["detail"] for one in events if one.values["action"] == "search"]

    type_in(dialog, "name", "吴九")
    type_in(dialog, "id_number", number)
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    qtbot.waitUntil(lambda: searches() == ["number"])
    type_in(dialog, "id_number", "")
    qtbot.waitUntil(lambda: not shown(dialog))
    type_in(dialog, "id_number", number)
    qtbot.waitUntil(lambda: bool(shown(dialog)))
    settle(qtbot)
    assert searches() == ["number"]
    dialog.reject()
    settle(qtbot)
