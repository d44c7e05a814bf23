"""The search palette by what a person types and sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker import text
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.gui import tour
from gridworker.gui.entries import permitted, present
from gridworker.gui.page import FIELD, OFFICE, Shell
from gridworker.gui.pages.buildings import BuildingsPage
from gridworker.gui.pages.issues import IssuesPage
from gridworker.gui.pages.search import SearchPalette
from gridworker.gui.pages.today import TodayPage
from gridworker.gui.tour import Dress, Photographer
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.hitlist import HitRow
from gridworker.gui.widgets.searchfield import SearchField
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.gui.seen import settle
from tests.village import Home, Village


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.visit(home, "2026-03-09", note="水管漏水，物业周五来。")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    window.resize(1440, 900)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def palette_of(qtbot: QtBot, ws: Workspace, shell: Shell, window: QWidget) -> SearchPalette:
    found = SearchPalette(ws, shell, window)
    found.show_target(None)
    found.open()
    settle(qtbot)
    return found


@pytest.fixture
def palette(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home, window: QWidget) -> SearchPalette:
    assert chen.id
    return palette_of(qtbot, workspace, shell, window)


def typed(qtbot: QtBot, palette: SearchPalette, text: str) -> list[str]:
    if text.isascii():
        QTest.keyClicks(palette.field, text)
    else:  # no key types it
        palette.field.insert(text)
    settle(qtbot)
    return [row.title for row in palette.list.rows()]


def press(qtbot: QtBot, palette: SearchPalette, key: Qt.Key) -> None:
    QTest.keyClick(palette.field, key)


def searches(workspace: Workspace) -> int:
    return sum(row.values["action"] == "search" for row in workspace.records.page("audit_event", limit=1000))


def test_five_keys_start_a_visit(qtbot: QtBot, palette: SearchPalette, shell: Shell, chen: Home) -> None:
    assert typed(qtbot, palette, "cgf")[:2] == ["陈桂芳", "Report an issue at 陈桂芳"]
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(qtbot, palette, Qt.Key.Key_Return)
    assert asked.args == ["visit", chen.id]
    assert not palette.isVisible()


def test_right_opens_the_file(qtbot: QtBot, palette: SearchPalette, shell: Shell, chen: Home) -> None:
    typed(qtbot, palette, "cgf")
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(qtbot, palette, Qt.Key.Key_Right)
    assert asked.args == ["household", chen.id]


def test_down_reaches_the_actions(qtbot: QtBot, palette: SearchPalette, shell: Shell, chen: Home) -> None:
    typed(qtbot, palette, "cgf")
    press(qtbot, palette, Qt.Key.Key_Down)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(qtbot, palette, Qt.Key.Key_Return)
    assert asked.args == ["report", chen.id]


def test_a_visit_is_among_the_actions(qtbot: QtBot, palette: SearchPalette, shell: Shell, chen: Home) -> None:
    assert typed(qtbot, palette, "cgf")[-1] == "Start a visit at 陈桂芳"
    press(qtbot, palette, Qt.Key.Key_Down)
    press(qtbot, palette, Qt.Key.Key_Down)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(qtbot, palette, Qt.Key.Key_Return)
    assert asked.args == ["visit", chen.id]


def test_a_page_is_found_by_its_name(qtbot: QtBot, palette: SearchPalette, shell: Shell) -> None:
    assert "Buildings" in typed(qtbot, palette, "buildi")
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(qtbot, palette, Qt.Key.Key_Return)
    assert asked.args == ["buildings", None]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("query", ["roster", "名册", "导入", "daoru", "mc", "import", "台账"])
def test_what_is_done_is_found_by_every_word_for_it_in_either_language(
    qtbot: QtBot, circle: Circle, shell: Shell, window: QWidget, language: str, query: str
) -> None:
    """The office's ledgers were found by no word at all."""
    before = text.language()
    text.use(language)
    try:
        palette = palette_of(qtbot, circle.office, shell, window)
        assert text.gettext("Import a roster") in typed(qtbot, palette, query)
    finally:
        text.use(before)


def test_every_page_that_opens_of_nobody_is_found_by_its_label(
    qtbot: QtBot, circle: Circle, shell: Shell, window: QWidget
) -> None:
    palette = palette_of(qtbot, circle.office, shell, window)
    wanted = [str(one.label) for one in permitted(circle.office.session, present(OFFICE))]
    for label in {*wanted} - {"Household file", "Visit", "Search"}:
        palette.field.clear()
        assert label in typed(qtbot, palette, label)


@pytest.mark.parametrize(("query", "asked"), [("锁上", "lock"), ("lock", "lock"), ("演示", "share"), ("ysms", "share")])
def test_what_the_window_does_is_found_too(
    qtbot: QtBot, palette: SearchPalette, shell: Shell, query: str, asked: str
) -> None:
    typed(qtbot, palette, query)
    with qtbot.waitSignal(shell.lock_wanted if asked == "lock" else shell.share_wanted):
        press(qtbot, palette, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_the_letters_that_matched_are_marked(qtbot: QtBot, palette: SearchPalette) -> None:
    typed(qtbot, palette, "cgf")
    row = palette.list.rows()[0]
    assert isinstance(row, HitRow)
    assert [row.reading[start:end] for start, end in row.spans] == ["c", "g", "f"]


def test_unfinished_input_counts_and_enter_is_the_input_methods(
    qtbot: QtBot, palette: SearchPalette, shell: Shell
) -> None:
    QApplication.sendEvent(palette.field, QInputMethodEvent("c'g'f", []))
    settle(qtbot)
    assert palette.list.rows()[0].title == "陈桂芳"
    with qtbot.assertNotEmitted(shell.page_wanted):
        press(qtbot, palette, Qt.Key.Key_Return)
    assert palette.isVisible()


@pytest.mark.parametrize("height", [768, 680])
def test_the_palette_stays_inside_a_low_window(
    qtbot: QtBot, workspace: Workspace, shell: Shell, each_scale: float, height: int
) -> None:
    del each_scale
    window = QWidget()
    window.resize(1366, height)
    qtbot.addWidget(window)
    window.show()
    found = SearchPalette(workspace, shell, window)
    found.show_target(None)
    assert found.geometry().bottom() < window.geometry().bottom()


def test_nothing_found_says_so(qtbot: QtBot, palette: SearchPalette) -> None:
    typed(qtbot, palette, "cgx")
    shown = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert 'Nothing found for "cgx".' in shown


def test_a_number_is_on_record_once_and_without_itself(
    qtbot: QtBot, palette: SearchPalette, workspace: Workspace
) -> None:
    typed(qtbot, palette, "cgf")
    assert searches(workspace) == 0
    palette.field.clear()
    assert typed(qtbot, palette, "0142")[0] == "陈桂芳"
    palette.field.clear()
    typed(qtbot, palette, "00142")
    assert searches(workspace) == 1


def test_share_mode(qtbot: QtBot, palette: SearchPalette, shell: Shell) -> None:
    shell.set_sharing(True)
    typed(qtbot, palette, "cgf")
    row = palette.list.rows()[0]
    assert (row.title, row.subtitle, row.chips, row.right) == ("陈**", "3栋1单元202", (), "")


def test_the_search_palette_is_pictured_with_something_found(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, village: Village
) -> None:
    village.household("陈桂芳")
    village.household("陈建国", room="203")
    monkeypatch.setattr(tour, "present", lambda role: [entry for entry in present(role) if entry.name == "search"])
    photographer = Photographer({FIELD: workspace}, tmp_path, None)
    qtbot.addWidget(photographer._window)
    seen: list[tuple[str, str, int]] = []

    def look(self: Photographer, name: str, _dress: Dress) -> Path:
        self._settle()
        (palette,) = (dialog for dialog in self._dialogs() if isinstance(dialog, SearchPalette))
        seen.append((name, palette.field.text(), palette.list.model().rowCount()))
        return tmp_path

    monkeypatch.setattr(Photographer, "_shoot", look)
    assert list(photographer._desk(FIELD, Dress("en", "light"))) == [tmp_path]
    [(name, query, rows)] = seen
    assert (name, query) == ("field-search", "陈")
    assert rows > 2, "both, under a title"


def test_a_search_that_cannot_be_made_says_so_and_the_next_letter_tries_again(
    qtbot: QtBot, palette: SearchPalette, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = type(palette.ws.search).find
    monkeypatch.setattr(type(palette.ws.search), "find", _unreadable)
    palette.field.setText("c")
    settle(qtbot)
    said = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert "Searching does not work just now." in said
    monkeypatch.setattr(type(palette.ws.search), "find", find)
    palette.field.setText("cg")
    settle(qtbot)
    assert palette.list.isVisible()


def _unreadable(*_given: object, **_named: object) -> None:
    raise Problem("The store is being looked after.")


@pytest.mark.parametrize(("role", "ways"), [("grid_worker", 1), ("duty", 0)])
def test_a_new_household_is_offered_to_who_may_write_it_down(
    qtbot: QtBot, palette: SearchPalette, workspace: Workspace, role: str, ways: int
) -> None:
    act_as(workspace.session, role)
    typed(qtbot, palette, "qqqq")
    offered = [one for one in palette.findChildren(Button) if one.label() == "Write down a new household"]
    assert len(offered) == ways


def test_the_same_search_is_offered_in_the_same_words_everywhere(
    qtbot: QtBot, workspace: Workspace, shell: Shell, palette: SearchPalette
) -> None:
    for page in (TodayPage(workspace, shell), BuildingsPage(workspace, shell), IssuesPage(workspace, shell)):
        qtbot.addWidget(page)
        (field,) = page.findChildren(SearchField)
        assert field.accessibleName() == palette.field.placeholderText()


def test_the_corners_are_left_out_where_nothing_mixes_windows(palette: SearchPalette) -> None:
    """Without it they are black on a desktop that mixes none, for a window has a colour in every place."""
    palette.resize(600, 400)
    assert not palette.mask().contains(QPoint(0, 0))
    assert not palette.mask().contains(QPoint(palette.width() - 1, palette.height() - 1))
    assert palette.mask().contains(QPoint(14, 14))
