"""All small widgets: no clipped word and no nameless control, at every text size, in both languages and themes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.messages import Question, ask
from gridworker.gui.page import Status
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.bigchoice import BigChoice
from gridworker.gui.widgets.button import Button, ButtonKind, ButtonSize, IconButton
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.checkrow import FINE, PROBLEM, UNCHECKED, Answer, CheckRow
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.choicecard import Choice, ChoiceCard
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.headers import PageHeader, SectionHeader
from gridworker.gui.widgets.hero import HeroPanel
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.layout import column, flow, holder, row
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.passphrase import PassphraseField
from gridworker.gui.widgets.progress import Bar, Stepper
from gridworker.gui.widgets.ring import CountdownRing
from gridworker.gui.widgets.searchfield import SearchField
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.sharestrip import ShareStrip
from gridworker.gui.widgets.sidebar import NavEntry, Sidebar
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.gui.widgets.statuscard import StatusCard
from gridworker.gui.widgets.tabs import CountTabs, Tab, TabStrip
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.gui.widgets.tile import Tile
from gridworker.gui.widgets.veil import Veil
from gridworker.gui.widgets.weekstrip import WeekDay, WeekStrip
from tests.gui.seen import clipped, laid_out, unnamed

WORDS = {
    "en": ("Security hazard, check first", "Leave for later", "Not checked", "Lives alone (65+)"),
    "zh_CN": ("治安隐患，第一时间排查", "先放着", "没查", "独居老人"),
}


def buttons(words: tuple[str, ...]) -> QWidget:
    kinds: tuple[ButtonKind, ...] = ("primary", "plain", "quiet", "link", "soft", "hero", "danger")
    heights: tuple[ButtonSize, ...] = ("inline", "compact", "normal", "footer", "hero")
    one_each = [Button(words[1], "check", key="Ctrl Enter", kind=kind) for kind in kinds]
    sizes = [Button(words[0], size=size) for size in heights]
    return flow(*one_each, *sizes, IconButton("eye", words[2]), KeyCap("Ctrl Shift H"))


def choices(words: tuple[str, ...]) -> QWidget:
    answers = (
        Answer(FINE, words[1], "ok", "check"),
        Answer(PROBLEM, words[2], "over", "warning"),
        Answer(UNCHECKED, words[2]),
    )
    tabs, counts = TabStrip(), CountTabs()
    tabs.set_tabs([Tab(number, words[3], number) for number in range(4)])
    counts.set_tabs([Tab(number, words[2], 28, "conf", "git-diff") for number in range(3)])
    return holder(
        column(
            OptionChips([Option(str(number), word, str(number)) for number, word in enumerate(words)], name=words[0]),
            Segmented([Segment(str(number), word, number) for number, word in enumerate(words[1:])]),
            CheckRow("gas", words[1], "fire", answers, note=words[2]),
            tabs,
            counts,
            CheckBox(words[0]),
            row(ChoiceCard(Choice(words[0], words[1])), ChoiceCard(Choice(words[3]), several=True)),
            gap=12,
        )
    )


def panels(words: tuple[str, ...]) -> QWidget:
    hero, stepper = HeroPanel(), Stepper(list(words))
    hero.show_next(words[1], "陈桂芳", "78·3栋1单元202", words[0], (ChipSpec(words[2], "hero-warn", "warning-fill"),))
    hero.show_action(words[1], "N")
    tile = Tile(words[1], words[2], "scales")
    tile.show_count(12, ChipSpec(words[2], "due", "clock"))
    return holder(
        column(
            PageHeader(words[3], words[0], SearchField(), Button(words[1]), back=words[1]),
            SectionHeader(words[3], words[1]),
            hero,
            stepper,
            Card(
                card_head(
                    words[3], "3", Chip(ChipSpec(words[2], "over")), None, Button(words[1], kind="link", size="compact")
                )
            ),
            row(tile, Avatar(AvatarSpec("陈", "care"), 60)),
            StatePanel("empty", words[0], words[1], words[1]),
            Strip(words[0], words[1], action=words[1]),
            DropZone(words[0], words[1]),
            MaskedValue("138****0142", words[2], lambda: ""),
            PassphraseField(words[2], aside=words[1]),
            BigChoice(words[3], words[0], "package", "1"),
            ShareStrip(),
            Text(words[0], "figure", wrap=True),
            gap=12,
        )
    )


def sidebar(words: tuple[str, ...]) -> QWidget:
    bar = Sidebar([NavEntry(str(number), word, "buildings", number // 2) for number, word in enumerate(words[1:])])
    bar.show_owner("师院社区", words[1], demo=True)
    bar.show_status(Status(words[3], words[1], amber=True))
    return bar


@pytest.mark.parametrize("make", [buttons, choices, panels, sidebar])
def test_every_word_fits_and_every_control_has_a_name(
    qtbot: QtBot, make: Callable[[tuple[str, ...]], QWidget], each_language: str, each_scale: float, each_mode: str
) -> None:
    widget = make(WORDS[each_language])
    qtbot.addWidget(widget)
    laid_out(widget, 0 if make is sidebar else round(1100 * each_scale))
    assert clipped(widget) == []
    assert unnamed(widget) == []
    assert not widget.grab().isNull()


def picture(qtbot: QtBot, widget: QWidget, size: tuple[int, int] = (0, 0)) -> bytes:
    """What a widget looks like."""
    qtbot.addWidget(widget)
    laid_out(widget, *size)
    return bytes(widget.grab().toImage().constBits())


def week(**of_wednesday: Any) -> WeekStrip:
    strip = WeekStrip()
    strip.show_days([
        WeekDay(str(number), name, 16 + number, today=number == 2, **(of_wednesday if number == 2 else {}))
        for number, name in enumerate("一二三四五六日")
    ])  # fmt: skip
    return strip


def ring(left: int) -> CountdownRing:
    countdown = CountdownRing("fire")
    countdown.show_left(left, 86400)
    return countdown


def card(status: Status, *, rail: bool = False, checked: bool = False) -> StatusCard:
    made = StatusCard("Sync")
    made.show_status(status)
    made.set_rail(rail)
    made.setChecked(checked)
    return made


def test_what_differs_in_meaning_differs_to_the_eye(qtbot: QtBot, each_mode: str) -> None:
    calm, stale = Status("Synced today", "Nothing waits", done=True), Status("9 days", "The office waits", amber=True)
    groups: list[tuple[tuple[int, int], list[QWidget]]] = [
        ((770, 66), [week(), week(done=2), week(planned=2), week(overdue=2), week(done=40)]),
        ((0, 0), [ring(80000), ring(40000), ring(3600), ring(-60)]),
        ((192, 57), [card(calm), card(stale), card(stale, checked=True)]),
        ((64, 50), [card(stale, rail=True), card(Status("9 days", "", amber=True, count=42), rail=True)]),
        ((0, 0), [KeyPicture(bytes(32), "one"), KeyPicture(bytes(range(32)), "other")]),
        ((200, 20), [Bar(0), Bar(0.5), Bar(0.5, tone="due"), Bar(0.5, target=0.9)]),
        ((0, 0), [Button("Close"), Button("Close", kind="primary"), Button("Close", kind="danger")]),
    ]
    for size, widgets in groups:
        seen = {picture(qtbot, widget, size) for widget in widgets}
        assert len(seen) == len(widgets), type(widgets[0]).__name__


def test_a_disabled_button_looks_it(qtbot: QtBot) -> None:
    on, off = Button("Close", kind="primary"), Button("Close", kind="primary")
    off.setEnabled(False)
    assert picture(qtbot, on) != picture(qtbot, off)


def test_focus_is_always_seen(qtbot: QtBot) -> None:
    for make in (
        lambda: Button("Start visit", kind="primary"),
        lambda: Button("Leave for later"),
        lambda: IconButton("eye", "Show"),
        lambda: CheckBox("No names"),
        lambda: SearchField(),
        lambda: BigChoice("The office", "Set up the community.", "buildings", "2"),
        lambda: Tile("Dispute", "Mediate first", "scales"),
    ):
        widget: QWidget = make()
        before = picture(qtbot, widget)
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        widget.setFocus()
        assert bytes(widget.grab().toImage().constBits()) != before, type(widget).__name__


def test_what_loads_long_shows_that_it_does(qtbot: QtBot) -> None:
    panel = LoadingPanel("Reading the roster…")
    before = picture(qtbot, panel, (400, 300))
    panel._show_rows()
    assert bytes(panel.grab().toImage().constBits()) != before


def test_a_veil_darkens_what_is_under_it_at_any_size(qtbot: QtBot) -> None:
    page = holder(column(Text("今日")), "canvas")
    bright = picture(qtbot, page, (300, 200))
    veil = Veil(page)
    assert bytes(page.grab().toImage().constBits()) != bright
    page.resize(500, 400)
    QApplication.processEvents()
    assert veil.size() == page.size()


def test_a_clipped_word_would_be_found(qtbot: QtBot) -> None:
    narrow = Text("Security hazard, check first")
    squeezed = Button("Security hazard, check first")
    for widget in (narrow, squeezed):
        qtbot.addWidget(widget)
        widget.setMinimumSize(0, 0)
        widget.setFixedWidth(60)
        widget.show()
        assert clipped(widget) == ["Security hazard, check first"]


def test_a_nameless_control_would_be_found(qtbot: QtBot) -> None:
    inner = IconButton("eye", "")
    box = holder(column(inner))
    qtbot.addWidget(box)
    box.show()
    assert unnamed(box) == [inner]


def test_no_page_module_draws_a_message_box() -> None:
    package = Path(__file__).parents[3] / "gridworker" / "gui"
    users = {path.name for path in package.rglob("*.py") if "QMessageBox" in path.read_text("utf-8")}
    assert users == {"messages.py"}


def test_every_dialog_veils_what_lies_behind() -> None:
    """The desk does it for dialogs that are pages."""
    package = Path(__file__).parents[3] / "gridworker" / "gui"
    sources = {str(path.relative_to(package)): path.read_text("utf-8") for path in package.rglob("*.py")}
    dialogs = {name: len(re.findall(r"^class \w+\(QDialog\)", text, re.MULTILINE)) for name, text in sources.items()}
    bare = {name for name, count in dialogs.items() if count > sources[name].count("veil_under(")}
    assert bare == {"page.py"}


@pytest.mark.usefixtures("each_scale")
def test_a_question_is_read_whole(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    asked = "Put this backup back? What is newer is gone here until the next exchange, and what was never handed over."
    box = ask(window, Question(asked, "Nothing is newer than the backup.", "Put it back"), lambda: None)
    qtbot.waitExposed(box)
    assert clipped(box) == []
    box.close()


def test_the_mark_of_a_sample_takes_no_room_from_whose_desk_it_is(qtbot: QtBot) -> None:
    bar = Sidebar([NavEntry("today", "Today", "buildings")])
    qtbot.addWidget(bar)
    bar.show_owner("师院社区", "师院社区办公室·刘芳", demo=True)
    laid_out(bar, 0, 600)
    cut = [one.text() for one in bar.findChildren(ElidedText) if one.shown() != one.text()]
    assert cut == []
