"""Names, doors and numbers as long as they may be, in small windows and large text: shortened, and never cut."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.keysheet import KeySheet
from gridworker.gui.look.theme import Look
from gridworker.gui.page import FIELD, OFFICE, Status
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.today.hero import TodayHero
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.navitem import NavItem
from gridworker.gui.widgets.options import OptionButton
from gridworker.gui.widgets.paint import line_of
from gridworker.gui.widgets.statuscard import StatusCard
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from tests.app.conftest import clock, open_store, session, village, workspace
from tests.app.inbox.test_duplicates import written
from tests.circle import Circle
from tests.gui.seated import seated
from tests.gui.seen import clipped, only, settle
from tests.village import Home, Village

__all__ = ["clock", "open_store", "session", "village", "workspace"]

NAME = "买买提·阿不都热西提·" + "古丽" * 19 + "木"
BUILDING = "师范学院家属区南苑老干部活动中心旁临时安置师范学院家属区南苑"
ROOM = "附属平房东侧第三排二楼靠里那间临时房屋"
SIZES = ((1280, 720, 1.0), (1024, 640, 1.5))


@pytest.fixture
def long_home(village: Village) -> Home:
    """Everything about it is as long as the forms take it."""
    home = village.household(NAME, BUILDING, "1", ROOM)
    care = village.care(home, "C3", arrangement="2")
    for number in range(12):
        village.add("care_contact", care_id=care, name=f"{NAME[:48]}{number}", phone=f"1390000{number:04d}")
    return home


@pytest.fixture(params=SIZES, ids=["1280 x 720", "1024 x 640 at 150 %"])
def small(request: pytest.FixtureRequest, dressed: Look) -> QSize:
    width, height, scale = request.param
    dressed.use(scale=scale)
    return QSize(width, height)


def sideways(widget: QWidget) -> list[str]:
    """What scrolls sideways inside a widget."""
    areas = [one for one in widget.findChildren(QAbstractScrollArea) if one.isVisible()]
    return [type(one).__name__ for one in areas if one.horizontalScrollBar().maximum() > 0]


def beyond(window: QWidget) -> list[str]:
    """Labels that reach over the right edge of what they stand in."""
    shown = [one for one in window.findChildren(Text) if one.isVisible() and one.text()]
    return [one.text() for one in shown if 0 < one.visibleRegion().boundingRect().width() < one.width()]


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What doors and tabs paint, and does not fit where it is painted."""
    found: list[str] = []

    def telling(painter: QPainter, rect: QRect, words: str, look: tuple[QFont, QColor], *more: int) -> None:
        if QFontMetrics(look[0]).horizontalAdvance(words) > rect.width() + 1:
            found.append(words)
        line_of(painter, rect, words, look, *more)

    for name in ("doordelegate", "tabs"):
        monkeypatch.setattr(f"gridworker.gui.widgets.{name}.line_of", telling)
    return found


def test_a_door_and_its_building_are_shortened_where_they_are_painted(
    qtbot: QtBot, workspace: Workspace, long_home: Home, small: QSize, painted: list[str]
) -> None:
    assert long_home.id
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.setMinimumSize(small)
    window.resize(small)
    desk.open("buildings")
    settle(qtbot)
    window.grab()
    assert painted == []
    (tab,) = (one for one in window.findChildren(QAbstractButton) if one.accessibleName().startswith(BUILDING))
    assert tab.toolTip().startswith(BUILDING)
    desk.close_down()


@pytest.mark.parametrize("page", ["household", "visit", "households", "buildings", "today"])
def test_what_is_very_long_is_shortened_and_makes_no_page_wider_than_its_window(
    qtbot: QtBot, workspace: Workspace, long_home: Home, small: QSize, each_language: str, page: str
) -> None:
    del each_language
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.setMinimumSize(small)
    window.resize(small)
    desk.open(page, None if page in {"households", "buildings", "today"} else long_home.id)
    settle(qtbot)
    assert sideways(window) == []
    assert clipped(window) == []
    assert beyond(window) == []
    for one in window.findChildren(ElidedText):
        if one.isVisible() and one.shown() != one.text():
            assert one.toolTip() == one.text()
    desk.close_down()


def test_the_door_in_the_title_and_the_name_under_it_tell_the_whole(
    qtbot: QtBot, workspace: Workspace, village: Village, long_home: Home
) -> None:
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.resize(1280, 720)
    desk.open("household", long_home.id)
    settle(qtbot)
    title = only(only(window, PageHeader), ElidedWord)
    assert title.shown() != title.text()
    assert title.toolTip() == title.text() == f"{BUILDING}1单元{ROOM}"
    other = village.household("李红", "3", "1", "302")
    desk.open("household", other.id)
    settle(qtbot)
    assert (title.shown(), title.toolTip()) == ("3栋1单元302", "")
    desk.close_down()


def test_who_was_there_is_offered_with_a_name_that_fits(
    qtbot: QtBot, workspace: Workspace, long_home: Home, dressed: Look
) -> None:
    dressed.use(scale=1.5)
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.setMinimumSize(800, 600)
    window.resize(1024, 640)
    desk.open("visit", long_home.id)
    settle(qtbot)
    (chip,) = (one for one in window.findChildren(OptionButton) if one.option.label.startswith("买买提"))
    assert chip.width() < chip.sizeHint().width()
    assert chip.toolTip() == chip.option.label == chip.accessibleName()
    desk.close_down()


@pytest.mark.parametrize(("count", "shown"), [(7, "7"), (99, "99"), (100, "99+"), (1012, "99+")])
def test_a_large_count_on_the_rail_leaves_the_icon_to_be_seen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, count: int, shown: str
) -> None:
    from gridworker.gui.widgets import navitem, statuscard

    told: list[str] = []
    for module in (navitem, statuscard):
        monkeypatch.setattr(module, "line_of", lambda _painter, _rect, words, *_more: told.append(words))
    item, card = NavItem("issues", "Issues", "flag-banner"), StatusCard("Sync")
    item.show_count(count, "over")
    card.show_status(Status("Sync", "", count=count))
    for one in (item, card):
        qtbot.addWidget(one)
        one.set_rail(True)
        one.resize(92, 80)
        told.clear()
        one.grab()
        assert shown in told
        assert str(count) in one.accessibleName() or one is card


def test_the_keys_of_a_page_are_read_without_scrolling_sideways(
    qtbot: QtBot, workspace: Workspace, village: Village, small: QSize, each_language: str
) -> None:
    del each_language
    home = village.household("李红", "3", "1", "302")
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.setMinimumSize(small)
    window.resize(small)
    for page in ("household", "issues"):
        desk.open(page, home.id if page == "household" else None)
        settle(qtbot)
        desk.show_keys()
        settle(qtbot)
        (sheet,) = (one for one in desk.findChildren(KeySheet) if one.isVisible())
        assert sideways(sheet) == []
        assert clipped(sheet) == []
        assert sheet.width() < window.width()
        sheet.reject()
        settle(qtbot)
    desk.close_down()


def test_who_has_no_name_yet_is_called_by_the_door_once(qtbot: QtBot, workspace: Workspace, village: Village) -> None:
    door = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="303", usage="own")
    village.add("household", dwelling_id=door, status="active")
    window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("today")
    settle(qtbot)
    hero = only(window, TodayHero)
    assert [one.text() for one in hero.findChildren(Text) if "303" in one.text()] == ["3栋1单元303"]
    desk.close_down()


@pytest.fixture
def busy_office(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Two laptops that brought the same person, one of a worker with a very long name."""
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格（含附属平房与老干部活动中心片区）")
    building = circle.office.records.save("building", {"grid_id": grid, "building_name": "3"}).id
    for worker, room in ((NAME[:20], ROOM), ("赵海", "302")):
        laptop = circle.enrol(worker, grid)
        written(laptop, building, room, NAME, id_number="11010519491231002X")
        circle.clock.move(minutes=5)
        circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    return circle.office


def test_two_with_very_long_names_are_compared_without_scrolling_sideways(
    qtbot: QtBot, busy_office: Workspace, each_language: str, dressed: Look
) -> None:
    del each_language
    dressed.use(scale=1.5)
    window, desk = seated(qtbot, busy_office, present(OFFICE))
    window.resize(1280, 720)
    desk.open("merge")
    settle(qtbot)
    page = desk.page("merge")
    assert isinstance(page, MergePage)
    assert page.inbox.choose_pair()
    settle(qtbot)
    assert sideways(page) == []
    assert clipped(page) == []
    page.inbox.list.choose(page.inbox.list.rows()[-1].key)
    settle(qtbot)
    assert sideways(page) == []
    assert clipped(page) == []
    desk.close_down()


def test_the_laptops_and_what_is_known_of_one_are_whole_in_a_small_window(
    qtbot: QtBot, busy_office: Workspace, small: QSize, each_language: str
) -> None:
    del each_language
    window, desk = seated(qtbot, busy_office, present(OFFICE))
    window.setMinimumSize(small)
    window.resize(small)
    desk.open("devices")
    settle(qtbot)
    page = desk.page("devices")
    assert page is not None
    assert sideways(page) == []
    assert clipped(page) == []
    desk.close_down()
