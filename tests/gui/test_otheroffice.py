"""The pages of an office that laptops follow no more say so, above all else and until it is over."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Page, Shell
from gridworker.gui.pages.devices import DevicesPage
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.pages.today import TodayPage
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.store.health.lives import take_new_life
from tests.circle import Circle
from tests.gui.seen import clipped, settle


@pytest.fixture
def laptop(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A laptop that handed in at an office on another computer first, and at the old one then."""
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格")
    circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "other")
    circle.open("office")
    take_new_life(circle.open("other").session.store, max)
    for name in ("other", "office"):
        circle.opened[name].exchange.merge(laptop.exchange.pack(circle.stick))
        laptop.exchange.merge(circle.opened[name].exchange.pack(circle.stick, 1))
    return laptop


def shown(page: Page, qtbot: QtBot) -> list[str]:
    """What the strips at the top of a page say."""
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    page.refresh({})
    settle(qtbot)
    qtbot.waitUntil(lambda: strips(page) != [], timeout=5000)
    assert clipped(page) == []
    return strips(page)


def strips(page: QWidget) -> list[str]:
    return [
        text.text()
        for strip in page.findChildren(Strip)
        if strip.isVisibleTo(page)
        for text in strip.findChildren(Text)
    ]


def test_every_page_the_office_begins_with_says_it(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    circle.opened["other"].exchange.merge(laptop.exchange.pack(circle.stick))
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    told = circle.office.exchange.other_office()
    for made in (DevicesPage, TodayPage):
        assert told in shown(made(circle.office, Shell()), qtbot)
    page = MergePage(circle.office, Shell())
    assert told in shown(page, qtbot)
    page.inbox.list.choose(page.inbox.list.rows()[0].key)
    settle(qtbot)
    said = "\n".join(strips(page.detail))
    assert "another computer" in said
    assert "next bundle" not in said


def test_a_laptop_asks_which_office_is_in_use(laptop: Workspace, qtbot: QtBot) -> None:
    page = SyncPage(laptop, Shell())
    assert laptop.exchange.other_office() in shown(page, qtbot)
    assert "Same as the office" not in "\n".join(text.text() for text in page.findChildren(Text))
