"""The head of a household's file: what stands beside its door, as in the mockup, and what is said in words."""

from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.headers import PageHeader
from tests.gui.pages.test_household import opened
from tests.village import Village


def test_printing_is_said_in_words_and_the_neighbours_stand_beside_the_door(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    home = village.household("陈桂芳", "3", "1", "202")
    page = opened(qtbot, workspace, Shell(), home.id)
    printing = next(button for button in page.findChildren(Button) if button.label() == "Print a page")
    ways = {button.accessibleName(): button for button in page.findChildren(IconButton)}
    header = page.findChildren(PageHeader)[0]
    assert printing.isVisible()
    places = [
        one.mapTo(page, one.rect().topLeft()).x()
        for one in (ways["Household before"], ways["Next household"], printing)
    ]
    assert places == sorted(places)
    assert places[1] < header.width() // 2 < places[2]
