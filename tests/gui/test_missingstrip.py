"""Pages where bundles go and come name what is missing, and what came and could not be read, until it is here."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem
from gridworker.gui.missingstrip import NAMED, MissingStrip
from gridworker.gui.page import Shell
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.widgets.text import Text
from tests.circle import Circle
from tests.gui.seen import clipped, settle


@pytest.fixture
def laptop(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    grid = circle.office.devices.add_grid("第一网格")
    circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    return laptop


def unread(circle: Circle, sender: Workspace, receiver: Workspace, to: int = 0) -> str:
    """A bundle that comes cut off. Returns its number."""
    sent = sender.exchange.pack(circle.stick, to)
    sent.write_bytes(sent.read_bytes()[:-7])
    with pytest.raises(BundleProblem):
        receiver.exchange.merge(sent)
    return sent.name.split("-")[1]


def said(page: QWidget, strip: MissingStrip, qtbot: QtBot) -> list[str]:
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)
    assert clipped(page) == []
    return [text.text() for text in strip.findChildren(Text) if text.isVisibleTo(page)]


def test_the_office_names_it_until_it_came_and_counts_what_is_too_much(
    circle: Circle, laptop: Workspace, qtbot: QtBot
) -> None:
    n = unread(circle, laptop, circle.office)
    page = MergePage(circle.office, Shell())
    (line,) = said(page, page.missing, qtbot)
    assert f"Bundle {n} of laptop 1" in line
    for _ in range(NAMED + 1):
        unread(circle, laptop, circle.office)
    page.refresh({})
    lines = said(page, page.missing, qtbot)
    assert lines[NAMED:] == ["and 2 more"]
    circle.hand_in(laptop)
    page.refresh({})
    assert said(page, page.missing, qtbot) == []


def test_a_laptop_names_a_reply(circle: Circle, laptop: Workspace, qtbot: QtBot) -> None:
    n = unread(circle, circle.office, laptop, 1)
    page = SyncPage(laptop, Shell())
    (line,) = said(page, page.missing, qtbot)
    assert f"Bundle {n} of the office" in line
