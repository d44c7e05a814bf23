"""The smallest laptop that is about, with the largest text: no word is cut, no part lies over another."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.issue.report import IssueDraft
from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.look.theme import Look
from gridworker.gui.page import FIELD
from gridworker.gui.pages.households import HouseholdsPage
from gridworker.gui.widgets.layout import row, scrolling
from gridworker.gui.widgets.turning import Turning
from tests.app.conftest import clock, open_store, session, village, workspace
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
from tests.village import Village

__all__ = ["clock", "open_store", "session", "village", "workspace"]

SMALL = QSize(1024, 680)


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
