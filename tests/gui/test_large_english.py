"""The longest words there are, in English at the largest text: what was cut there once is whole."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Look, Theme
from gridworker.gui.page import FIELD, OFFICE, Status
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.unlock import Greeting, UnlockPage
from gridworker.gui.pages.visit.page import VisitPage
from gridworker.gui.pages.wizard.wizard import WizardPage
from gridworker.gui.watching.handover import office_status
from gridworker.gui.widgets import rowdelegate
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.chip import Chip, ChipSpec, paint_chip
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.paint import line_of
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.statuscard import StatusCard
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext
from tests.app.conftest import clock, open_store, session, village, workspace
from tests.circle import Circle
from tests.gui.pages.test_merge import bundle, family, shown
from tests.gui.pages.test_merge_pairs import page as inbox_with_pairs
from tests.gui.pages.test_visit import chen
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
from tests.gui.test_front import MORNING, Door
from tests.village import Home, Village

__all__ = ["bundle", "chen", "clock", "family", "inbox_with_pairs", "open_store", "session", "village", "workspace"]


def elided(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(ElidedText) if one.isVisible() and one.shown() != one.text()]


def placed(part: QWidget, within: QWidget) -> QRect:
    return QRect(part.mapTo(within, part.rect().topLeft()), part.size())


def said_of(widget: QWidget, words: str) -> Text:
    return next(one for one in widget.findChildren(Text) if one.isVisible() and one.text() == words)


def test_on_the_rail_of_a_low_window_an_item_says_whole_words(qtbot: QtBot, dressed: Look) -> None:
    dressed.use(scale=1.5)
    (devices,) = [entry for entry in present(OFFICE) if entry.name == "devices"]
    item = NavItem(devices.name, str(devices.label), devices.icon, short=str(devices.short or ""))
    item.set_rail(True)
    qtbot.addWidget(item)
    item.resize(92, 61)  # of twelve items in a window of 900 pixels
    assert item.rail_parts()[1] == "Devices"
    item.resize(92, 120)
    assert item.rail_parts()[1] == "Devices and people"
    assert item.accessibleName() == "Devices and people"


def test_the_card_of_the_office_is_called_by_what_it_leads_to_and_names_no_key_that_opens_nothing(
    qtbot: QtBot,
) -> None:
    card = StatusCard("Sync")
    qtbot.addWidget(card)
    card.show_status(Status("Synced today", "3 to hand over"))
    assert (card.rail_words(), card.toolTip()) == ("Sync", "Ctrl 0")
    card.show_status(office_status(2))
    assert (card.rail_words(), card.toolTip()) == ("Conflicts", "")
    card.show_status(office_status(0))
    assert card.status().text == "No conflict to settle", "people may still wait who are on the books twice"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, QRect]:
    """What a list draws, and where."""
    found: dict[str, QRect] = {}

    def telling(painter: QPainter, rect: QRect, words: str, *more: object) -> None:
        found[words] = rect
        line_of(painter, rect, words, *more)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(rowdelegate, "line_of", telling)
    return found


def test_beside_a_long_chip_the_second_line_is_whole_and_under_it(qtbot: QtBot, drawn: dict[str, QRect]) -> None:
    view = RowList(chip_column=0, name="Bundles")
    qtbot.addWidget(view)
    view.resize(296, 200)
    long = ChipSpec("1 possible duplicate", "info", "users")
    view.show_rows([
        Row(1, "周敏", "", "第一网格·1 record", AvatarSpec("1"), right_chip=long),
        Row(2, "赵海", "", "第二网格", AvatarSpec("2"), right_chip=ChipSpec("Waits", "due")),
    ])  # fmt: skip
    view.show()
    view.grab()
    assert {"第一网格·1 record", "第二网格", "周敏"} <= set(drawn)
    room = drawn["第一网格·1 record"].width()
    assert themes.current().metrics("small").horizontalAdvance("第一网格·1 record") <= room
    assert drawn["周敏"].width() < room, "the chip stands beside the name alone"


def test_the_chips_of_a_list_stand_at_one_height(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    at: dict[str, int] = {}

    def telling(painter: QPainter, theme: Theme, place: tuple[int, int], chip: ChipSpec) -> int:
        at[chip.text] = place[1]
        return paint_chip(painter, theme, place, chip)

    monkeypatch.setattr(rowdelegate, "paint_chip", telling)
    view = RowList(chip_column=0, name="Bundles")
    qtbot.addWidget(view)
    view.resize(296, 200)
    long, short = ChipSpec("1 possible duplicate", "info", "users"), ChipSpec("2 conflicts", "conf")
    rows = [
        Row(1, "周敏", "", "第一网格·1 record", AvatarSpec("1"), right_chip=long),
        Row(2, "周敏", "", "第一网格", AvatarSpec("1"), right_chip=short),
    ]
    view.show_rows(rows)
    view.show()
    view.grab()
    row = view.visualRect(view.model().index(1, 0)).height()
    assert at["2 conflicts"] - at["1 possible duplicate"] == row
    beside_first = at["2 conflicts"]
    view.show_rows([replace(rows[0], right_chip=None), rows[1]])
    view.grab()
    assert at["2 conflicts"] > beside_first, "where all second lines have room the chips are in the middle"


def test_a_row_is_read_aloud_with_the_commas_of_its_language() -> None:
    assert Row(1, "周敏", "", "6 records", right="today").words() == "周敏, 6 records, today"


def test_why_two_may_be_one_and_where_they_live_is_whole_in_large_text(
    inbox_with_pairs: MergePage, qtbot: QtBot, dressed: Look, each_language: str
) -> None:
    del each_language
    dressed.use(scale=1.5)
    page = inbox_with_pairs
    page.resize(1332, 869)
    settle(qtbot)
    card = page.detail.pair
    assert card.isVisible()
    assert elided(page.detail) == []
    assert clipped(page.detail) == []
    (area,) = card.findChildren(QScrollArea)
    inside = area.widget()
    assert inside is not None
    assert inside.width() <= area.viewport().width(), "both are seen whole, beside each other"
    assert card.swap.accessibleName()
    assert card.swap.toolTip() == card.swap.accessibleName()


def test_which_bundle_it_is_is_whole_in_large_text(
    circle: Circle, qtbot: QtBot, dressed: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    for room in ("101", "102"):
        building = laptop.records.save("building", {"grid_id": grid, "building_name": room}).id
        laptop.records.save("dwelling", {"building_id": building, "unit_no": "1", "room_no": room})
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    dressed.use(scale=1.5)
    page = shown(circle, qtbot)
    page.resize(1332, 869)
    settle(qtbot)
    assert [one.text() for one in page.detail.findChildren(Text) if "none missing before it" in one.text()]
    assert elided(page.detail) == []


def test_the_first_run_is_seen_whole_at_any_size(qtbot: QtBot, each_scale: float, each_language: str) -> None:
    del each_language
    wizard = WizardPage(Door(), Path(), MORNING)
    qtbot.addWidget(wizard)
    wizard.resize(1440, 900)
    wizard.show()
    settle(qtbot)
    (area,) = [one for one in wizard.findChildren(QScrollArea) if one.isVisible()]
    assert area.verticalScrollBar().maximum() == 0, each_scale


def test_the_foot_of_the_unlock_page_has_its_clock_right_before_the_words(
    qtbot: QtBot, each_scale: float, each_language: str
) -> None:
    del each_scale, each_language
    page = UnlockPage(lambda _: None, MORNING, Greeting())
    qtbot.addWidget(page)
    page.resize(1440, 900)
    page.show()
    settle(qtbot)
    note = max((one for one in page.findChildren(Text) if one.isVisible()), key=lambda one: placed(one, page).bottom())
    words = placed(note, page)
    clocks = [placed(one, page) for one in page.findChildren(Icon) if one.isVisible()]
    assert [
        at for at in clocks if 0 < words.left() - at.right() < 16 and words.top() <= at.center().y() <= words.bottom()
    ]
    assert clipped(page) == []


def test_whom_to_ring_is_whole_before_the_door(
    qtbot: QtBot, workspace: Workspace, village: Village, each_scale: float, each_language: str
) -> None:
    del each_scale, each_language
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(home, "欧阳建国", "99", birth="1975-05-05", phones="13800000867")
    _window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("visit", home.id)
    settle(qtbot)
    page = desk.page("visit")
    assert isinstance(page, VisitPage)
    whose = [one for one in page.findChildren(ElidedText) if one.isVisible() and one.text().startswith("欧阳建国")]
    assert whose
    assert all(one.shown() == one.text() for one in whose)
    desk.close_down()


def test_the_two_lower_cards_of_a_file_have_their_titles_on_one_line(
    qtbot: QtBot, workspace: Workspace, chen: Home
) -> None:
    _window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("household", chen.id)
    settle(qtbot)
    page = desk.page("household")
    assert page is not None
    care, safety = (placed(said_of(page, words), page).center().y() for words in ("Care", "Home safety"))
    assert abs(care - safety) <= 1
    desk.close_down()


def test_somebody_without_care_has_a_frame_around_their_sign_in_the_dark_search_box(
    qtbot: QtBot, dressed: Look
) -> None:
    dressed.use("dark")
    behind = QWidget()
    behind.setAutoFillBackground(True)
    palette = behind.palette()
    palette.setColor(behind.backgroundRole(), themes.current().colour("raised"))
    behind.setPalette(palette)
    sign = Avatar(AvatarSpec("田"))
    sign.setParent(behind)
    qtbot.addWidget(behind)
    behind.resize(60, 60)
    sign.move(10, 10)
    behind.show()
    picture = behind.grab().toImage()
    ratio = picture.devicePixelRatio()
    across = {picture.pixelColor(round(x * ratio), round(28 * ratio)).name() for x in range(8, 14)}
    assert len(across) > 1, "its edge is seen"


def test_that_esc_leaves_a_form_stands_on_its_button(qtbot: QtBot, workspace: Workspace, chen: Home) -> None:
    _window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("household", chen.id)
    settle(qtbot)
    page = desk.page("household")
    assert page is not None
    QTest.keyClick(page, Qt.Key.Key_R)
    settle(qtbot)
    (form,) = page.findChildren(FormDialog)
    (cancel,) = [one for one in form.findChildren(Button) if one.label() == "Cancel"]
    assert cancel.key() == "Esc"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    desk.close_down()


def test_whose_side_is_which_is_whole_in_the_smallest_window(
    circle: Circle, bundle: Path, qtbot: QtBot, dressed: Look, each_language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del each_language
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    circle.office.exchange.merge(bundle)
    dressed.use(scale=1.25)
    page = shown(circle, qtbot)
    page.resize(1087, 680)
    settle(qtbot)
    assert page.deciding() is not None
    assert clipped(page) == []
    chips = [placed(one, page.detail) for one in page.detail.findChildren(Chip) if one.isVisible()]
    words = gettext("Take this bundle back")
    back = next(one for one in page.detail.findChildren(Button) if one.isVisible() and one.label() == words)
    assert chips
    assert all(at.right() < placed(back, page.detail).left() for at in chips), "none lies under it"
