"""Small controls, by what a person does with keys and mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets import tabs as tabs_module
from gridworker.gui.widgets.bigchoice import BigChoice
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.checkrow import FINE, PROBLEM, UNCHECKED, Answer, CheckRow
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.choicecard import Choice, ChoiceCard, differing
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.tabs import CountTabs, Tab, TabStrip, _CountButton
from gridworker.gui.widgets.tile import Tile
from tests.gui.seen import clipped

NO_KEYS = Qt.KeyboardModifier.NoModifier
ANSWERS = (
    Answer(FINE, "Fine", "ok", "check"),
    Answer(PROBLEM, "Problem", "over", "warning-fill"),
    Answer(UNCHECKED, "?"),
)
MET = [
    Option("resident", "陈桂芳", "1"),
    Option("family", "李红（女儿）", "2"),
    Option("neighbour", "邻居", "3"),
    Option("nobody", "无人在家", "0", alone=True),
]


def on_screen(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def test_a_button_says_its_words_and_takes_enter_and_space(qtbot: QtBot) -> None:
    button = Button("Receive & merge", "tray", key="Ctrl R", kind="primary")
    on_screen(qtbot, button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    press(button, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    assert pressed == [True] * 3
    assert button.accessibleName() == "Receive & merge"
    button.set_label("Done", "check")
    assert (button.label(), button.accessibleName()) == ("Done", "Done")


def test_an_icon_button_has_a_name_a_tooltip_with_its_key_and_room_to_hit(qtbot: QtBot) -> None:
    button = IconButton("eye", "Show the number", "V")
    on_screen(qtbot, button)
    assert button.accessibleName() == "Show the number"
    assert button.toolTip() == "Show the number  V"
    assert min(button.sizeHint().toTuple()) >= 32


def test_a_check_box_can_be_hit_anywhere(qtbot: QtBot) -> None:
    widget = CheckBox("No names")
    on_screen(qtbot, widget)
    assert widget.sizeHint().height() >= 32
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NO_KEYS, widget.rect().center())
    assert widget.isChecked()


def test_a_segment_is_chosen_by_mouse_and_by_arrows(qtbot: QtBot) -> None:
    control = Segmented([Segment("open", "没办完", 11), Segment("waiting", "等响应", 3), Segment("done", "已办结", 48)])
    on_screen(qtbot, control)
    chosen: list[str] = []
    control.chosen.connect(chosen.append)
    buttons = control.findChildren(QWidget)
    names = [button.accessibleName() for button in buttons if button.accessibleName()]
    assert names == ["没办完 11", "等响应 3", "已办结 48"]
    QTest.mouseClick(control._buttons["waiting"], Qt.MouseButton.LeftButton)
    control._buttons["waiting"].setFocus()
    press(control._buttons["waiting"], Qt.Key.Key_Right)
    assert chosen == ["waiting", "done"]
    control.set_value("open")
    assert (control.value(), chosen) == ("open", ["waiting", "done"])


def test_tab_and_a_page_bring_the_focus_to_the_segment_that_is_picked(qtbot: QtBot) -> None:
    first, second = (Segmented([Segment(str(number), f"{number} min") for number in (1, 2, 5)]) for _ in range(2))
    both = holder(column(first, second))
    on_screen(qtbot, both)
    both.activateWindow()
    qtbot.waitUntil(both.isActiveWindow)
    for control in (first, second):
        control.set_value("5")
    first.setFocus()
    assert QApplication.focusWidget() is first._buttons["5"], "where the ring is seen"
    press(first._buttons["5"], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second._buttons["5"]


def test_options_are_picked_by_their_digit(qtbot: QtBot) -> None:
    chips = OptionChips(MET, several=True, name="Who was there")
    on_screen(qtbot, chips)
    seen: list[list[str]] = []
    chips.chosen.connect(seen.append)
    chips.focus_first()
    press(chips, Qt.Key.Key_1, Qt.Key.Key_3)
    assert seen == [["resident"], ["resident", "neighbour"]]


def test_an_option_that_stands_alone_clears_the_others_and_is_cleared_by_them(qtbot: QtBot) -> None:
    chips = OptionChips(MET, several=True)
    on_screen(qtbot, chips)
    press(chips, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_0)
    assert chips.values() == ["nobody"]
    press(chips, Qt.Key.Key_2)
    assert chips.values() == ["family"]


def test_one_of_several_options_cannot_be_unpicked(qtbot: QtBot) -> None:
    chips = OptionChips(MET)
    on_screen(qtbot, chips)
    press(chips, Qt.Key.Key_1, Qt.Key.Key_1)
    assert chips.values() == ["resident"]
    press(chips, Qt.Key.Key_3)
    assert chips.values() == ["neighbour"]


def test_picking_an_option_moves_nothing(qtbot: QtBot) -> None:
    chips = OptionChips(MET)
    on_screen(qtbot, chips)
    before = [button.geometry() for button in chips._buttons.values()]
    press(chips, Qt.Key.Key_2)
    assert [button.geometry() for button in chips._buttons.values()] == before


def test_other_options_keep_what_is_still_offered(qtbot: QtBot) -> None:
    chips = OptionChips(MET, several=True)
    qtbot.addWidget(chips)
    chips.set_values(["resident", "family"])
    chips.set_options([MET[0], MET[3]])
    assert chips.values() == ["resident"]


def test_a_check_row_starts_unchecked_and_is_answered_by_number(qtbot: QtBot) -> None:
    row = CheckRow("power", "用电", "lightning", ANSWERS, note="上次 正常")
    on_screen(qtbot, row)
    seen: list[tuple[str, str]] = []
    row.answered.connect(lambda key, value: seen.append((key, value)))
    assert row.value() == UNCHECKED
    row.setFocus()
    press(row, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_3)
    assert seen == [("power", PROBLEM), ("power", FINE), ("power", UNCHECKED)]


def test_a_check_row_asks_for_its_neighbours(qtbot: QtBot) -> None:
    row = CheckRow("power", "用电", "lightning", ANSWERS)
    on_screen(qtbot, row)
    steps: list[int] = []
    row.stepped.connect(lambda _key, step: steps.append(step))
    press(row, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert steps == [1, -1]


def test_a_known_hazard_says_so_in_its_row(qtbot: QtBot) -> None:
    row = CheckRow("gas", "用气", "fire", ANSWERS, note="上次 正常")
    on_screen(qtbot, row)
    row.show_chip(ChipSpec("已有事件", "info", "flag-banner"))
    assert [chip.chip().text for chip in row.findChildren(Chip)] == ["已有事件"]
    row.show_chip(ChipSpec("已有事件，周四换软管", "info", "flag-banner"))
    assert [chip.chip().text for chip in row.findChildren(Chip)] == ["已有事件，周四换软管"]


def test_tabs_walk_and_keep_the_chosen_one(qtbot: QtBot) -> None:
    tabs = TabStrip()
    tabs.set_tabs([Tab(1, "1栋"), Tab(2, "2栋"), Tab(3, "3栋", 1)])
    on_screen(qtbot, tabs)
    seen: list[object] = []
    tabs.chosen.connect(seen.append)
    assert tabs.value() == 1
    tabs.step(1)
    tabs.step(1)
    tabs.step(1)
    assert seen == [2, 3]
    tabs.set_tabs([Tab(2, "2栋"), Tab(3, "3栋"), Tab(4, "4栋")])
    assert (tabs.value(), seen) == (3, [2, 3])
    tabs.set_tabs([])
    assert tabs.value() is None


def test_of_many_tabs_those_are_made_that_have_room(qtbot: QtBot) -> None:
    tabs = TabStrip()
    tabs.set_tabs([Tab(number, f"师院南苑 {number}栋", number % 3) for number in range(1, 301)])
    tabs.resize(700, 40)
    on_screen(qtbot, tabs)
    assert tabs.minimumSizeHint().width() < 300
    assert tabs.shown()[0] == "师院南苑 1栋"
    tabs.set_value(150)
    first = tabs.shown()
    assert "师院南苑 150栋" in first
    assert all(button.width() >= button.sizeHint().width() for button in tabs._group.buttons())
    tabs._after.click()
    assert set(first).isdisjoint(tabs.shown())
    tabs._before.click()
    assert (tabs.shown(), tabs.value()) == (first, 150)
    tabs.set_value(300)
    assert (tabs.shown()[-1], tabs._after.isVisible(), tabs._before.isVisible()) == ("师院南苑 300栋", False, True)


def test_count_tabs_say_their_numbers(qtbot: QtBot) -> None:
    tabs = CountTabs()
    tabs.set_tabs([Tab("new", "新增", 28, "info", "plus-circle"), Tab("conflicts", "冲突", 0, "conf", "git-diff")])
    on_screen(qtbot, tabs)
    assert [button.accessibleName() for button in tabs._group.buttons()] == ["新增 28", "冲突 0"]


def test_the_last_count_chosen_stays_within_the_round_corners_of_the_card(qtbot: QtBot) -> None:
    tabs = CountTabs()
    qtbot.addWidget(tabs)
    tabs.set_tabs([Tab(name, "更改", 3, "conf", "git-diff") for name in "ab"])
    tabs.resize(tabs.sizeHint())
    tabs.show()

    def corners() -> list[QColor]:
        picture = tabs.grab().toImage()
        right, bottom = picture.width() - 2, picture.height() - 2
        return [picture.pixelColor(x, y) for x in (1, right) for y in (1, bottom)]

    bare = corners()
    for name in "ab":
        tabs.set_value(name)
        assert corners() == bare
    tabs._group.buttons()[1].setFocus()
    assert corners() == bare


def test_a_tile_filters_and_says_its_warning(qtbot: QtBot) -> None:
    tile = Tile("矛盾纠纷", "第一时间调解", "scales")
    on_screen(qtbot, tile)
    tile.show_count(3, ChipSpec("1 超时", "over", "warning-fill"))
    assert tile.accessibleName() == "矛盾纠纷 3 1 超时"
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert tile.isChecked()


def test_a_choice_card_is_picked_and_reads_both_lines(qtbot: QtBot) -> None:
    card = ChoiceCard(Choice("138****0142", "刘芳，3月16日"))
    on_screen(qtbot, card)
    with qtbot.waitSignal(card.chosen) as chosen:
        press(card, Qt.Key.Key_Space)
    assert chosen.args == [True]
    assert card.accessibleName() == "138****0142, 刘芳，3月16日"


def test_a_long_choice_wraps_instead_of_losing_words(qtbot: QtBot) -> None:
    card = ChoiceCard(Choice("燃气软管发硬有裂纹，周四上午九点燃气公司上门来换，到了先打电话" * 2, "周敏"))
    on_screen(qtbot, card)
    assert card.heightForWidth(200) > card.heightForWidth(400) > 58


def test_who_and_when_of_a_choice_wrap_too(qtbot: QtBot) -> None:
    card = ChoiceCard(Choice("陈桂兰", "周敏，今天 09:47"))
    on_screen(qtbot, card)
    assert card.heightForWidth(120) >= card.heightForWidth(400) + card._theme.line("caption") - 9


@pytest.mark.parametrize(
    ("one", "other", "spans"),
    [
        ("138****0142", "138****0124", (((9, 2),), ((9, 2),))),
        ("每两周", "每周", (((1, 1),), ())),
        ("同", "同", ((), ())),
        ("", "新", ((), ((0, 1),))),
    ],
)
def test_only_what_differs_is_marked(one: str, other: str, spans: object) -> None:
    assert differing(one, other) == spans


def test_a_big_choice_shows_all_its_words_at_any_width(qtbot: QtBot) -> None:
    choice = BigChoice(
        "I have a device bundle", "For grid workers. Open the bundle and set a passphrase.", "package", "1"
    )
    on_screen(qtbot, choice)
    with qtbot.waitSignal(choice.clicked):
        press(choice, Qt.Key.Key_Space)
    assert choice.accessibleDescription().endswith("passphrase.")


def test_a_line_too_narrow_for_all_leaves_out_keys_then_icons_and_no_words(qtbot: QtBot) -> None:
    actions = [Button("Approve an export", "check", key="A"), Button("Give out a device bundle", "package", key="K")]
    page = QWidget()
    header = PageHeader("Devices and people", "", *actions)
    header.setParent(page)
    on_screen(qtbot, page)
    layout = header.layout()
    assert layout is not None
    widest = layout.minimumSize().width()
    for narrower in (10, 2 * 26, 0):
        header.resize(widest - narrower, header.height())
        layout.activate()
        assert clipped(header) == [], narrower
    assert layout.minimumSize().width() == widest, "with room again all is shown again"


def test_a_narrow_tile_leaves_its_icon_out_before_its_words_meet_the_number(qtbot: QtBot) -> None:
    tile = Tile("Security hazard", "Check first", "shield-warning")
    on_screen(qtbot, tile)
    tile.resize(tile.sizeHint())
    wide = tile.words_at()
    tile.resize(tile.sizeHint().width() - 30, tile.height())
    assert wide - tile.words_at() >= 30


def test_on_a_low_rail_icon_and_words_stay_within_the_item(qtbot: QtBot) -> None:
    item = NavItem("devices", "Devices and people", "laptop")
    item.set_rail(True)
    on_screen(qtbot, item)
    px = themes.current().px
    for height in (60, 44, 30):
        item.resize(px(52), px(height))
        icon, words, line = item.rail_parts()
        assert words
        assert px(icon) + line <= item.height()


def test_counts_without_room_lose_their_icon_and_shorten_their_words_never_their_number(qtbot: QtBot) -> None:
    tabs = CountTabs()
    qtbot.addWidget(tabs)
    tabs.set_tabs([Tab(name, "Possible duplicates", 120, "conf", "users") for name in "abcde"])
    tabs.resize(1600, 60)
    tabs.show()
    buttons = tabs.findChildren(_CountButton)
    assert len(buttons) == 5
    assert {button.fitted()[1] for button in buttons} == {"Possible duplicates"}
    tabs.resize(500, 60)
    tabs._row.activate()
    for button in buttons:
        left, words = button.fitted()
        theme = themes.current()
        number = theme.metrics("title").horizontalAdvance("120")
        assert words.startswith("P")
        assert left + theme.metrics("small").horizontalAdvance(words) + 8 + number <= button.width()


def test_of_ten_thousand_tabs_only_those_near_by_are_measured(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    measured, measure = list[Tab](), tabs_module._tab_width

    def noted(theme: Theme, tab: Tab) -> int:
        measured.append(tab)
        return measure(theme, tab)

    monkeypatch.setattr(tabs_module, "_tab_width", noted)
    strip = TabStrip()
    qtbot.addWidget(strip)
    strip.resize(900, 40)
    strip.show()
    strip.set_tabs([Tab(number, f"{number}栋", number % 3) for number in range(10_000)])
    strip.set_value(5_000)
    QApplication.processEvents()
    assert "5000栋" in strip.shown()
    assert len(measured) < 1_000
