"""The smallest laptop that is about, with the largest text: no word is cut, no part lies over another."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.issue.report import IssueDraft
from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.look.theme import Look
from gridworker.gui.page import FIELD, OFFICE
from gridworker.gui.pages.households import HouseholdsPage
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.sync.destination import Destination
from gridworker.gui.watching.drives import Drive
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.filehead import FileHead
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import row, scrolling
from gridworker.gui.widgets.paint import line_of
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.gui.widgets.turning import Turning
from gridworker.gui.window import SIZE
from tests.app.conftest import clock, open_store, session, village, workspace
from tests.app.inbox.test_duplicates import written
from tests.circle import Circle, Family
from tests.gui.pages.test_merge import bundle, family
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
from tests.village import Village

__all__ = ["bundle", "clock", "family", "open_store", "session", "village", "workspace"]

SMALL = QSize(1024, 680)
LAPTOPS = (QSize(1180, 680), QSize(1366, 768))


def in_sight(widget: QWidget) -> bool:
    """Whether all of it is shown: no part lies beyond the edge of what scrolls."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("name", ["households", "issues", "sync", "backups"])
def test_nothing_is_cut_in_a_small_window_with_large_text(
    qtbot: QtBot, workspace: Workspace, village: Village, dressed: Look, name: str
) -> None:
    home = village.household("陈桂芳", "12", "11", "1202")
    village.care(home, "C3", arrangement="2")
    workspace.issues.report(IssueDraft("燃气软管老化", "C", "S2", household_id=home.id, summary="软管发硬。"))
    dressed.use(scale=1.5)
    window, desk = seated(qtbot, workspace, [entry for entry in present(FIELD) if entry.name == name])
    window.setMinimumSize(SMALL)
    window.resize(SMALL)
    desk.open(name)
    settle(qtbot)
    assert window.size() == SMALL
    assert clipped(window) == []
    page = desk.page(name)
    if isinstance(page, HouseholdsPage):
        door = page.table.columnWidth(1) if hasattr(page.table, "columnWidth") else 0
        assert door >= page.table.fontMetrics().horizontalAdvance("12栋11单元1202")


def test_a_row_turns_where_its_parts_have_no_room_and_back_again(qtbot: QtBot) -> None:
    wide, narrow = QLabel("wide"), QLabel("narrow")
    wide.setMinimumWidth(300)
    narrow.setMinimumWidth(200)
    line = row(wide, narrow, gap=20)
    inside = QWidget()
    inside.setLayout(line)
    area = scrolling(inside)
    qtbot.addWidget(area)
    Turning(area, line)
    area.resize(600, 400)
    area.show()
    assert line.direction() is QBoxLayout.Direction.LeftToRight
    area.resize(500, 400)
    qtbot.waitUntil(lambda: line.direction() is QBoxLayout.Direction.TopToBottom)
    assert inside.width() <= 500
    area.resize(600, 400)
    qtbot.waitUntil(lambda: line.direction() is QBoxLayout.Direction.LeftToRight)


def test_where_a_bundle_goes_is_said_whole(
    qtbot: QtBot,
    workspace: Workspace,
    each_scale: float,
    each_language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del each_scale, each_language
    drive = Drive(tmp_path, "KINGSTON 32G", 31_000_000_000)
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", lambda: [drive])
    painted = spoken_by(monkeypatch, "gridworker.gui.pages.sync.destination.line_of")
    window, desk = seated(qtbot, workspace, [entry for entry in present(FIELD) if entry.name == "sync"])
    desk.open("sync")
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        painted.clear()
        window.grab()
        places = window.findChildren(Destination)
        assert len(places) == 2
        assert {one.words() for one in places} | {one.accessibleDescription() for one in places} <= set(painted)
    desk.close_down()


def beside_the_title(header: PageHeader) -> list[ElidedText]:
    found = header.findChildren(ElidedText)
    return [one for one in found if one.isVisible() and not isinstance(one, ElidedWord)]


def test_estate_and_grid_of_a_household_are_said_whole(
    qtbot: QtBot, workspace: Workspace, village: Village, each_scale: float, each_language: str
) -> None:
    del each_scale, each_language
    home = village.household("陈桂芳", "12", "11", "1202")
    window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("household", home.id)
    settle(qtbot)
    page = desk.page("household")
    assert page is not None
    header = page.findChildren(PageHeader)[0]
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        place = beside_the_title(header)
        assert [one.shown() for one in place] == [workspace.households.file(home.id).home.place]
        assert clipped(header) == []
    window.resize(1900, 900)
    settle(qtbot)
    title = next(one for one in header.findChildren(Text) if one.text().startswith("12栋"))
    (beside,) = beside_the_title(header)
    assert beside.geometry().left() > title.geometry().right(), "it is beside the door again"
    desk.close_down()


def test_what_is_known_of_a_household_stands_under_its_name_where_it_has_no_room_beside_it(
    qtbot: QtBot, workspace: Workspace, village: Village, each_language: str
) -> None:
    del each_language
    home = village.household("陈桂芳", "12", "11", "1202")
    village.care(home, "C3", arrangement="2")
    window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("household", home.id)
    page = desk.page("household")
    assert page is not None
    head = page.findChildren(FileHead)[0]
    for size in (*LAPTOPS, QSize(1900, 900), LAPTOPS[0]):
        window.resize(size)
        settle(qtbot)
        assert clipped(head) == []
        assert [one for one in head.findChildren(Chip) if not in_sight(one)] == []
        beside = head._facts.mapTo(head, QPoint()).y() < head.height() // 3
        assert beside or size != QSize(1900, 900)
    desk.close_down()


def test_no_phone_of_a_conflict_is_broken_over_two_lines(
    circle: Circle,
    bundle: Path,
    qtbot: QtBot,
    each_scale: float,
    each_language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del each_scale, each_language
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    circle.office.exchange.merge(bundle)
    window, desk = seated(qtbot, circle.office, [entry for entry in present(OFFICE) if entry.name == "merge"])
    desk.open("merge")
    settle(qtbot)
    page = desk.page("merge")
    assert isinstance(page, MergePage)
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        cards = page.detail.conflict.cards["phones"]
        assert len(cards) == 2
        for card in cards:
            layout, _height = card._layout(card.width() - card._left() - 12)
            assert layout.lineCount() == 1
        assert page.detail.width() <= page._whole.viewport().width(), "nothing lies outside"
        assert clipped(page.detail.conflict) == []
    desk.close_down()


def spoken_by(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """What a module paints as lines from now on."""
    words: list[str] = []

    def paint(painter: QPainter, rect: QRect, text: str, *rest: Any) -> None:
        words.append(text)
        line_of(painter, rect, text, *rest)

    monkeypatch.setattr(name, paint)
    return words


def test_the_title_over_the_laptops_is_whole_beside_its_actions(
    circle: Circle, qtbot: QtBot, each_scale: float, each_language: str
) -> None:
    del each_scale, each_language
    window, desk = seated(qtbot, circle.office, [entry for entry in present(OFFICE) if entry.name == "devices"])
    desk.open("devices")
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        page = desk.page("devices")
        assert page is not None
        assert clipped(page.findChildren(PageHeader)[0]) == []
    desk.close_down()


ONE, OTHER = "11010519491231002X", "110105194912310046"
"""Two ID numbers of an invented person, of one birth and one sex."""


def wide_enough(label: QLabel) -> bool:
    return label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()


def test_no_id_number_of_a_conflict_is_broken_over_two_lines(
    circle: Circle,
    family: Family,
    qtbot: QtBot,
    each_scale: float,
    each_language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del each_scale, each_language
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    laptop = circle.opened["laptop-1"]
    laptop.records.save("resident", {"id_number": ONE}, family.resident)
    circle.clock.move(minutes=5)
    circle.office.records.save("resident", {"id_number": OTHER}, family.resident)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    window, desk = seated(qtbot, circle.office, [entry for entry in present(OFFICE) if entry.name == "merge"])
    desk.open("merge")
    settle(qtbot)
    page = desk.page("merge")
    assert isinstance(page, MergePage)
    card = page.detail.conflict
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        for one in card.cards["id_number"]:
            layout, _height = one._layout(one.width() - one._left() - 12)
            assert layout.lineCount() == 1
        page.keep(0)
        settle(qtbot)
        after = [one for one in card.findChildren(QLabel) if one.isVisible() and one.text().endswith("*0046")]
        assert len(after) == 1, "what it will be"
        assert wide_enough(after[0])
        assert clipped(card) == []
    desk.close_down()


def test_no_id_number_of_two_that_may_be_one_is_broken_or_cut(
    circle: Circle, qtbot: QtBot, each_scale: float, each_language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del each_scale, each_language
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格")
    building = circle.office.records.save("building", {"grid_id": grid, "building_name": "3"}).id
    for worker, room in (("周敏", "202"), ("赵海", "302")):
        laptop = circle.enrol(worker, grid)
        written(laptop, building, room, "李红", id_number=ONE)
        circle.clock.move(minutes=5)
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    window, desk = seated(qtbot, circle.office, [entry for entry in present(OFFICE) if entry.name == "merge"])
    desk.open("merge")
    settle(qtbot)
    page = desk.page("merge")
    assert isinstance(page, MergePage)
    assert page.inbox.choose_pair()
    pair = page.detail.pair
    window.resize(SIZE)
    settle(qtbot)
    assert all(map(in_sight, (pair.later, pair.no, pair.yes))), "what decides is there without scrolling"
    for size in LAPTOPS:
        window.resize(size)
        settle(qtbot)
        numbers = [one for one in pair.findChildren(QLabel) if one.isVisible() and one.text().endswith("002X")]
        assert len(numbers) == 2
        for one in numbers:
            one.setText(ONE)  # as while the eye is held
        assert all(map(wide_enough, numbers))
        (area,) = pair.findChildren(QScrollArea)
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width(), "nothing lies outside"
        assert clipped(pair) == []
    desk.close_down()
