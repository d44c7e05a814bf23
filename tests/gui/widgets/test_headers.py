"""Heads of pages and the door's panel: no word is cut where there is room for it elsewhere."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.household.view import HomeView, PersonView
from gridworker.gui.look.theme import Look
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.homepanel import HomePanel
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from tests.gui.seen import clipped, settle

LONG = "Households: 40, vacant: 2. Visited within 30 days: 18, overdue: 3"


def _seen(widget: QWidget) -> list[str]:
    """What is said beside a title, or under it."""
    found = [one for one in widget.findChildren(ElidedText) if one.isVisible()]
    return [one.shown() for one in found if not isinstance(one, ElidedWord)]


def test_the_grey_line_goes_under_the_title_where_it_would_be_cut_and_back_again(qtbot: QtBot, dressed: Look) -> None:
    dressed.use(scale=1.5)
    header = PageHeader("师院南苑 1栋", "", Button("Add a building", "plus", key="B"))
    qtbot.addWidget(header)
    header.resize(900, 60)
    header.show()
    header.show_title("师院南苑 1栋", LONG)
    settle(qtbot)
    low = header.height()
    assert _seen(header) == [LONG]
    header.resize(1600, 60)
    settle(qtbot)
    assert _seen(header) == [LONG]
    assert header.height() < low
    header.resize(900, 60)
    settle(qtbot)
    assert header.height() == low


def test_a_relation_in_english_is_not_cut_beside_a_phone(qtbot: QtBot, each_scale: float) -> None:
    panel = HomePanel(lambda _resident, _field: "")
    qtbot.addWidget(panel)
    person = PersonView(1, 1, "何超", "Head of household", phone="168****0095")
    panel.show_home(HomeView(1, "何超", "", "", "", "", (), "", "", "", "", members=(person,)))
    panel.resize(panel.width(), 860)
    panel.show()
    settle(qtbot)
    relation = [one for one in panel.findChildren(Text) if one.text() == "Head of household" and one.isVisible()]
    assert [one.shown() for one in relation if isinstance(one, ElidedText)] == []
    assert len(relation) == 1
    assert clipped(panel) == []
