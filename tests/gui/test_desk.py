"""The desk: pages made when opened, refreshed when touched, left before they are hidden; and the keys of the window."""

import ctypes
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QMainWindow, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.errors import Problem
from gridworker.gui.desk import Desk
from gridworker.gui.entries import ENTRIES, present
from gridworker.gui.keysheet import KeySheet
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Look
from gridworker.gui.onlookers import ScreenOffer
from gridworker.gui.owner import Owner
from gridworker.gui.page import FIELD, OFFICE, PageEntry, Status, Undo
from gridworker.gui.shortcuts import Key, bind, listed
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.sharestrip import ShareStrip
from gridworker.gui.widgets.sidebar import WIDE, NavEntry, Sidebar
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import Veil
from gridworker.gui.window import LEAST, Window
from gridworker.text import Label
from tests.gui import stage
from tests.gui.seen import clipped
from tests.gui.stage import Palette, Recorded, Stage
from tests.gui.toasts import toast_text

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ws() -> Stage:
    Palette.opened.clear()
    return Stage()


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.resize(1440, 900)
    return window


@pytest.fixture
def desk(qtbot: QtBot, ws: Stage, window: Window) -> Iterator[Desk]:
    desk = Desk(cast("Any", ws), stage.cast(), Owner("师院社区", "第三网格·周敏", "师院社区·第三网格"))
    window.show_content(desk)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("today")
    yield desk
    desk.close_down()


def page(desk: Desk, name: str) -> Recorded:
    found = desk.page(name)
    assert isinstance(found, Recorded)
    return found


def press(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk, key, modifiers)


def test_a_page_is_made_when_it_is_first_opened(desk: Desk) -> None:
    assert desk.page("today") is not None
    assert desk.page("issues") is None
    desk.open("issues")
    assert desk.page("issues") is not None


def test_a_page_reads_once_at_first_and_gets_its_target_before(desk: Desk) -> None:
    assert page(desk, "today").asked == [("refresh", {})]
    desk.open("household", 7)
    assert page(desk, "household").asked == [("target", 7), ("refresh", {})]
    desk.open("household", 8)
    assert page(desk, "household").asked[2:] == [("target", 8)]


def test_the_page_on_screen_hears_of_what_it_shows_at_once(qtbot: QtBot, desk: Desk, ws: Stage) -> None:
    today = page(desk, "today")
    ws.commit(visit={5}, issue={6})
    qtbot.waitUntil(lambda: len(today.asked) == 2)
    assert today.asked[1] == ("refresh", {"visit": frozenset({5})})


def test_a_page_out_of_sight_hears_once_when_it_comes_back(qtbot: QtBot, desk: Desk, ws: Stage) -> None:
    desk.open("issues")
    issues, today = page(desk, "issues"), page(desk, "today")
    today.asked.clear()
    ws.commit(visit={5})
    ws.commit(visit={6}, issue={9})
    ws.commit(dwelling={1})
    qtbot.waitUntil(lambda: ("refresh", {"issue": frozenset({9})}) in issues.asked)
    assert today.asked == []
    desk.open("today")
    assert today.asked == [("refresh", {"visit": frozenset({5, 6})})]


def test_a_page_keeps_what_is_typed_before_it_is_hidden(desk: Desk) -> None:
    desk.open("issues")
    assert page(desk, "today").asked[-1] == "leave"
    desk.close_down()
    assert page(desk, "issues").asked[-1] == "leave"


def test_back_goes_where_one_came_from(desk: Desk) -> None:
    desk.open("issues")
    desk.open("household", 7)
    assert desk.came_from() == "Issues"
    seen = []
    for _ in range(4):
        desk.back()
        seen.append(desk.current())
    assert seen == ["issues", "today", "today", "today"]


def test_the_visit_takes_the_place_of_the_sidebar_and_esc_gives_it_back(desk: Desk) -> None:
    assert desk.sidebar().isVisible()
    desk.open("visit")
    assert not desk.sidebar().isVisible()
    press(desk, Qt.Key.Key_Escape)
    assert desk.current() == "today"
    assert desk.sidebar().isVisible()


def test_esc_closes_what_is_open_on_the_page_before_it_goes_back(desk: Desk) -> None:
    desk.open("issues")
    page(desk, "issues").open_parts.append(True)
    press(desk, Qt.Key.Key_Escape)
    assert desk.current() == "issues"
    press(desk, Qt.Key.Key_Escape)
    assert desk.current() == "today"


def test_a_page_with_something_to_undo_comes_before_the_toast(qtbot: QtBot, desk: Desk) -> None:
    page(desk, "today").undoable.append("merge")
    with qtbot.assertNotEmitted(desk.undo_wanted):
        press(desk, Qt.Key.Key_Z, CTRL)
    with qtbot.waitSignal(desk.undo_wanted):
        press(desk, Qt.Key.Key_Z, CTRL)


def test_the_sidebar_lights_the_page_a_file_belongs_to(desk: Desk) -> None:
    desk.open("household", 7)
    lit = [name for name in desk.sidebar().names() if desk.sidebar().item(name).isChecked()]
    assert lit == ["households"]
    desk.open("sync")
    assert desk.sidebar().card().isChecked()
    assert not any(desk.sidebar().item(name).isChecked() for name in desk.sidebar().names())


def test_ctrl_and_a_digit_open_the_pages_of_the_sidebar(desk: Desk) -> None:
    seen = []
    for key in (Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_0, Qt.Key.Key_1):
        press(desk, key, CTRL)
        seen.append(desk.current())
    assert seen == ["issues", "households", "sync", "today"]


def test_ctrl_k_opens_the_palette_over_any_page_and_the_focus_comes_back(qtbot: QtBot, desk: Desk) -> None:
    desk.open("visit")
    before = QApplication.focusWidget()
    press(desk, Qt.Key.Key_K, CTRL)
    assert [palette.isVisible() for palette in Palette.opened] == [True]
    assert desk.current() == "visit"
    veils = desk.findChildren(Veil)
    assert [veil.geometry() for veil in veils] == [desk.rect()]
    Palette.opened[0].reject()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is before)
    qtbot.waitUntil(lambda: not desk.findChildren(Veil))


def test_what_is_not_built_is_neither_a_key_nor_an_item(desk: Desk) -> None:
    labels = [key.label for key in listed(desk)]
    assert "Settings" not in labels
    assert "Report issue" not in labels
    desk.open("dashboard")
    assert desk.current() == "today"


def test_f6_walks_through_the_parts_of_the_page(desk: Desk) -> None:
    today = page(desk, "today")
    assert today.rows.hasFocus()
    press(desk, Qt.Key.Key_F6)
    assert today.line.hasFocus()
    press(desk, Qt.Key.Key_F6)
    assert desk.sidebar().isAncestorOf(cast("Any", QApplication.focusWidget()))
    press(desk, Qt.Key.Key_F6)
    assert today.rows.hasFocus()


def test_f1_lists_the_keys_in_words(desk: Desk) -> None:
    bind(page(desk, "today"), "N", lambda: None, "Start the next visit")
    press(desk, Qt.Key.Key_F1)
    sheet = desk.findChild(KeySheet)
    assert sheet is not None
    words = [label.text() for label in sheet.findChildren(Text)]
    assert {"Start the next visit", "Search", "Lock", "Share mode"} <= set(words)
    area = sheet.findChild(QScrollArea)
    assert area is not None
    assert area.accessibleName() == "Keys"
    sheet.close()


def test_letters_never_fire_while_one_types(desk: Desk) -> None:
    today, pressed = page(desk, "today"), []
    bind(today, "N", lambda: pressed.append("N"), "Start the next visit")
    QTest.keyClick(today.rows, Qt.Key.Key_N)
    today.line.setFocus()
    QTest.keyClicks(today.line, "nn")
    assert (pressed, today.line.text()) == (["N"], "nn")


def test_share_mode_is_one_key_and_a_black_strip(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.shell.sharing_changed) as changed:
        press(desk, Qt.Key.Key_H, CTRL | SHIFT)
    assert changed.args == [True]
    assert desk._strip.isVisible()
    with qtbot.waitSignal(desk.shell.sharing_changed):
        desk._strip.pressed.emit()
    assert not desk._strip.isVisible()


def test_ctrl_l_locks(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.shell.lock_wanted):
        press(desk, Qt.Key.Key_L, CTRL)


@pytest.mark.parametrize("over", ["page", "dialog"])
@pytest.mark.parametrize("popup", ["menu", "choices"])
def test_the_key_that_locks_answers_over_an_open_menu_or_list_of_choices(
    qtbot: QtBot, desk: Desk, over: str, popup: str
) -> None:
    """Each is a window of its own, that takes all keys while it is there: a name may stand in it."""
    dialog = QDialog(desk)
    if over == "dialog":
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
    parent = dialog if over == "dialog" else desk
    choices, menu = QComboBox(parent), QMenu(parent)
    choices.addItems(["陈桂芳", "李红"])
    choices.show()
    menu.addAction("陈桂芳")
    if popup == "menu":
        menu.popup(parent.mapToGlobal(parent.rect().center()))
    else:
        choices.setFocus()
        choices.showPopup()
    open_one = QApplication.activePopupWidget()
    assert open_one is not None
    locked: list[bool] = []
    desk.shell.lock_wanted.connect(lambda: locked.append(True))
    QTest.keyClick(open_one, Qt.Key.Key_L, CTRL)
    qtbot.wait(20)
    assert locked == [True]
    menu.close()
    choices.hidePopup()
    dialog.reject()


def test_text_size_has_keys_and_large_text_makes_the_sidebar_a_rail(desk: Desk, dressed: Look) -> None:
    assert desk.sidebar().width() == WIDE
    press(desk, Qt.Key.Key_Equal, CTRL)
    assert dressed.theme.scale == 1.25
    assert desk.sidebar().width() < WIDE
    press(desk, Qt.Key.Key_Minus, CTRL)
    assert desk.sidebar().width() == WIDE


def test_the_sidebar_shows_every_word_at_every_size(desk: Desk, each_scale: float, each_mode: str) -> None:
    desk.shell.badge("issues", 13, "over")
    desk.shell.status(Status("3 days not synced", "42 to hand over", amber=True, count=42))
    QApplication.processEvents()
    assert clipped(desk.sidebar()) == []


def test_in_a_small_window_the_rail_of_the_office_holds_every_page_and_action(qtbot: QtBot, each_scale: float) -> None:
    offered = [one for one in ENTRIES if one.group >= 0 and OFFICE in one.roles and one.name != "tasks"]
    listed_ = sorted(offered, key=lambda one: one.group)  # slips are a volunteer's, who has nothing else
    bar = Sidebar([NavEntry(one.name, str(one.label), one.icon, one.group) for one in listed_], settings=True)
    qtbot.addWidget(bar)
    bar.show_status(Status("2 conflicts to settle", "", count=2))
    bar.set_rail(True)
    bar.resize(bar.width(), LEAST.height())
    bar.show()
    assert bar.height() == LEAST.height(), "it fits the smallest window"
    at_foot = [one for one in bar.findChildren(NavItem) if one.isVisible() and not one.isCheckable()]
    assert [one.accessibleName() for one in at_foot] == ["Share mode", "Lock", "Settings"]
    for item, pressed in zip(at_foot, (bar.share_pressed, bar.lock_pressed, bar.settings_pressed), strict=True):
        with qtbot.waitSignal(pressed):
            QTest.mouseClick(item, Qt.MouseButton.LeftButton)
    places = [one.geometry() for one in (*bar.findChildren(NavItem), bar.card()) if one.isVisible()]
    assert len(places) == len(listed_) + 4
    assert all(bar.rect().contains(one) for one in places)
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
    assert min(one.height() for one in places) >= themes.current().px(14) + themes.current().metrics("rail").height()


def test_badges_and_the_footer_card_come_from_pages(desk: Desk) -> None:
    desk.shell.badge("issues", 3, "over")
    desk.shell.badge("nowhere", 3)
    assert (desk.sidebar().item("issues").count(), desk.sidebar().item("issues").accessibleName()) == (3, "Issues 3")
    desk.shell.status(Status("3 days not synced", "42 to hand over", amber=True))
    assert desk.sidebar().card().accessibleName() == "3 days not synced 42 to hand over"


def test_a_closed_desk_listens_no_more(desk: Desk, ws: Stage) -> None:
    assert len(ws.listeners) == 1
    desk.close_down()
    assert ws.listeners == []
    desk.close_down()


def test_a_problem_is_said_in_the_window_and_stops_nobody(window: Window, desk: Desk) -> None:
    desk.shell.problem_met.connect(window.show_problem)
    desk.shell.problem(Problem("The stick is full."))
    assert toast_text(window) == "The stick is full."
    assert desk.current() == "today"


def test_a_toast_undoes_once_by_key(window: Window, desk: Desk) -> None:
    undone: list[str] = []
    desk.shell.toast_wanted.connect(window.toast)
    desk.undo_wanted.connect(window.undo)
    desk.shell.toast("Visit saved", Undo(lambda: undone.append("visit")))
    press(desk, Qt.Key.Key_Z, CTRL)
    assert toast_text(window) == ""
    press(desk, Qt.Key.Key_Z, CTRL)
    assert undone == ["visit"]
    assert toast_text(window).startswith("Nothing was undone."), "a key that was pressed is answered"


def test_the_title_never_names_a_person(window: Window) -> None:
    window.show_place("师院社区·第三网格")
    assert window.windowTitle() == "Gridworker — 师院社区·第三网格"


def test_a_blank_window_shows_nothing_of_what_was_there(qtbot: QtBot, window: Window, desk: Desk) -> None:
    desk.close_down()
    window.blank()
    image = window.grab().toImage()
    assert {image.pixelColor(x, y).name() for x in range(0, 1400, 97) for y in range(0, 880, 53)} == {"#faf9f6"}


@pytest.mark.parametrize("role", [FIELD, OFFICE])
def test_the_list_of_pages_holds_only_what_is_built(role: str) -> None:
    entries = present(role)
    assert {entry.name for entry in entries} <= {entry.name for entry in ENTRIES}
    for entry in entries:
        assert callable(entry.load())
    absent = PageEntry("needs", Label("Needs"), "lifebuoy", "gridworker.gui.pages.nowhere:Page")
    assert absent not in present(role, (*ENTRIES, absent))


def _strips(desk: Desk) -> list[ShareStrip]:
    return [strip for strip in desk.findChildren(ShareStrip) if strip.isVisible()]


def test_share_mode_says_that_it_is_on_also_where_a_page_takes_the_window(desk: Desk) -> None:
    assert _strips(desk) == []
    desk.shell.set_sharing(True)
    [beside] = _strips(desk)
    desk.open("visit")
    [above] = _strips(desk)
    assert above is not beside
    above.pressed.emit()
    assert not desk.shell.sharing
    assert _strips(desk) == []


def test_share_mode_offers_itself_when_a_second_screen_appears(desk: Desk, qapp: QApplication) -> None:
    [offer] = desk.findChildren(ScreenOffer)
    assert offer.isHidden()
    qapp.screenAdded.emit(qapp.primaryScreen())
    assert offer.isVisible()
    qapp.screenRemoved.emit(qapp.primaryScreen())
    assert offer.isHidden()
    qapp.screenAdded.emit(qapp.primaryScreen())
    offer.button.click()
    assert desk.shell.sharing
    assert offer.isHidden()
    qapp.screenAdded.emit(qapp.primaryScreen())
    assert offer.isHidden(), "nothing to offer"


def test_other_programs_see_the_window_only_in_share_mode_where_the_system_can(
    desk: Desk, qapp: QApplication, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[int, int] = {}
    user32 = SimpleNamespace(SetWindowDisplayAffinity=told.__setitem__)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    own, handle = int(window.winId()), window.windowHandle()
    qapp.focusWindowChanged.emit(handle)
    assert told[own] == 0x11
    desk.shell.set_sharing(True)
    assert told[own] == 0
    desk.shell.set_sharing(False)
    assert told[own] == 0x11


def test_the_key_that_locks_answers_in_a_dialog_too(qtbot: QtBot, desk: Desk) -> None:
    desk.open("search")
    palette = Palette.opened[0]
    line = QLineEdit(palette)
    line.show()
    qtbot.waitUntil(palette.isActiveWindow)
    line.setFocus()
    with qtbot.waitSignal(desk.shell.lock_wanted, timeout=1000):
        QTest.keyClick(line, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    palette.reject()


def test_the_key_that_locks_answers_in_what_the_window_asks(qtbot: QtBot, desk: Desk) -> None:
    """As where a photo is looked for: its dialog belongs to the window, and not to a page of the desk."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(desk)
    window.show()
    dialog = QDialog(window)
    line = QLineEdit(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    line.setFocus()
    with qtbot.waitSignal(desk.shell.lock_wanted, timeout=1000):
        QTest.keyClick(line, Qt.Key.Key_L, CTRL)
    dialog.reject()
    window.takeCentralWidget()


def test_keys_are_listed_by_the_names_that_stand_on_the_buttons(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    bind(page, "Ctrl+Return", page.update, "Hand over")
    assert listed(page) == [Key("Ctrl+Enter", "Hand over")]
