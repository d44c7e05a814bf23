"""A desk in a window, as the program shows them."""

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.desk import Desk
from gridworker.gui.owner import Owner
from gridworker.gui.page import PageEntry
from gridworker.gui.window import Window


def seated(qtbot: QtBot, workspace: Workspace, entries: Sequence[PageEntry]) -> tuple[Window, Desk]:
    """A window of the usual size with a desk of these pages, none of which is open yet."""
    window = Window()
    qtbot.addWidget(window)
    window.resize(1440, 900)
    desk = Desk(workspace, entries, Owner("师院社区", "第三网格·周敏"))
    desk.shell.toast_wanted.connect(window.toast)
    desk.shell.problem_met.connect(window.show_problem)
    desk.undo_wanted.connect(window.undo)
    window.show_content(desk)
    window.show()
    window.activateWindow()
    return window, desk
