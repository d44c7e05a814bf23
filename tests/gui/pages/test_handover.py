"""A hand-over as the worker and the clerk see it on the household's page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from tests.circle import Circle, Family
from tests.gui.seen import clipped, settle, unnamed


@pytest.fixture
def homes(circle: Circle) -> tuple[Family, Family]:
    first, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    return circle.family(first), circle.family(second, "303")


@pytest.fixture
def laptop(circle: Circle, homes: tuple[Family, Family]) -> Workspace:
    del homes
    return circle.enrol("周敏", circle.office.devices.grids()[0][0])


def opened(qtbot: QtBot, workspace: Workspace, household: int) -> HouseholdPage:
    page = HouseholdPage(workspace, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.show_target(household)
    settle(qtbot)
    page.focus_first()
    return page


def strips(page: HouseholdPage) -> str:
    return " ".join(text.text() for strip in page.findChildren(Strip) for text in strip.findChildren(Text))


def dialog(page: HouseholdPage) -> FormDialog:
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def test_the_worker_asks_the_clerk_hands_over_and_the_worker_sees_it(
    qtbot: QtBot, circle: Circle, laptop: Workspace, homes: tuple[Family, Family]
) -> None:
    home, target = homes
    page = opened(qtbot, laptop, home.household)
    QTest.keyClick(page, Qt.Key.Key_H)
    form = dialog(page)
    form.save.click()
    settle(qtbot)
    assert form.form.fault("reason")
    assert clipped(form) == []
    assert unnamed(form) == []
    form.form.editor("reason").set_value("搬到二网格")
    form.save.click()
    settle(qtbot)
    assert "搬到二网格" in strips(page)
    QTest.keyClick(page, Qt.Key.Key_H)  # asked once: there is nothing more to ask
    assert not any(one.isVisible() for one in page.findChildren(FormDialog))
    circle.hand_in(laptop)

    clerk = opened(qtbot, circle.office, home.household)
    (strip,) = (one for one in clerk.findChildren(Strip) if "搬到二网格" in one.accessibleName())
    strip.button.click()
    form = dialog(clerk)
    form.save.click()
    settle(qtbot)
    assert form.form.fault("dwelling_id")
    form.form.editor("dwelling_id").set_value(target.dwelling)
    form.save.click()
    settle(qtbot)
    assert circle.office.records.show("household", home.household).values["dwelling_id"] == target.dwelling
    circle.reply(laptop)
    page.refresh({})
    settle(qtbot)
    assert "moved to another grid" in strips(page)
    assert not page._visit.isVisible()


def test_the_clerk_declines_with_a_reason(
    qtbot: QtBot, circle: Circle, laptop: Workspace, homes: tuple[Family, Family]
) -> None:
    home, _ = homes
    laptop.handovers.ask(home.household, {"reason": "搬走了"})
    circle.hand_in(laptop)
    clerk = opened(qtbot, circle.office, home.household)
    clerk._on_decide()
    form = dialog(clerk)
    form.also_pressed.emit()
    settle(qtbot)
    assert form.form.fault("answer")
    form.form.editor("answer").set_value("还住在这里")
    form.also_pressed.emit()
    settle(qtbot)
    circle.reply(laptop)
    page = opened(qtbot, laptop, home.household)
    assert "还住在这里" in strips(page)
