"""Pages where bundles come say what left the laptop and is still here, and that a merge was cut off."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gridworker.gui.page import Shell
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.pages.sync import SyncPage
from gridworker.gui.widgets.text import Text
from tests.app.roundabout import Roundabout
from tests.circle import Circle
from tests.gui.seen import clipped, settle

LEFT = "1 household that left this laptop's grids is still here, for reading only. What left goes by itself: "


def test_a_household_that_waits_for_the_backup_of_the_office(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    around = Roundabout(tmp_path)
    circle, (one, two), (home, _, target, _) = around.circle, around.laptops, around.homes
    assert [at.exchange.still_here() for at in (circle.office, one, two)] == [""] * 3
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    circle.round(one, two)
    assert one.exchange.still_here().startswith(LEFT)
    assert [at.exchange.still_here() for at in (circle.office, two)] == [""] * 2
    page = SyncPage(one, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)
    assert any(text.text().startswith(LEFT) for text in page.standing.findChildren(Text) if text.isVisibleTo(page))
    assert clipped(page) == []
    around.settle()
    assert one.exchange.still_here() == ""
    page.refresh({})
    settle(qtbot)
    assert not page.standing.isVisibleTo(page)
    page.close()
    around.close()


def test_the_inbox_says_that_a_merge_was_cut_off(circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    circle.office.session.folder.merging.write_text('{"by": "", "names": ["01-2-1a2b3c4d.gwb"], "more": false}')
    page = MergePage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)
    told = [text.text() for text in page.standing.findChildren(Text) if text.isVisibleTo(page)]
    assert [line.endswith("Merge again: 01-2-1a2b3c4d.gwb") for line in told] == [True]
    assert clipped(page) == []
