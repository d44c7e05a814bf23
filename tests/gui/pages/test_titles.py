"""D7 at the window: nobody is named in the title of any window, nor in what is kept about the window itself."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.leftwritten import note_parked
from gridworker.gui.page import FIELD
from gridworker.gui.preferences import Preferences
from tests.gui.seated import seated
from tests.gui.seen import settle
from tests.village import Village

NAME, PHONE = "金丝雀陈", "13877000731"


def test_no_title_and_no_setting_names_anybody(
    workspace: Workspace, village: Village, qtbot: QtBot, tmp_path: Path
) -> None:
    home = village.household(NAME, "3", "1", "202", birth="1948-02-01")
    workspace.records.save("resident", {"phones": PHONE, "note": NAME}, home.people[NAME])
    workspace.visits.keep(workspace.visits.start(home.id).entry)
    window, desk = seated(qtbot, workspace, present(FIELD))
    for name in ("today", "households", "household", "visit"):
        desk.open(name, home.id if name in {"household", "visit"} else None)
        settle(qtbot)
        titles = {one.windowTitle() + one.windowFilePath() for one in QApplication.allWidgets()}
        assert any("Gridworker" in title for title in titles)
        assert not [title for title in titles if "金丝雀" in title or "138" in title], name
    preferences = Preferences("zh_CN", path=tmp_path / "look.json", last="51075107")
    preferences.place = bytes(window.saveGeometry().toHex().data()).decode()
    note_parked(workspace, preferences)
    preferences.save()
    assert preferences.parked
    kept = (tmp_path / "look.json").read_text("utf-8")
    assert "金丝雀" not in kept.encode().decode("unicode_escape")
    assert PHONE not in kept
    desk.close_down()
