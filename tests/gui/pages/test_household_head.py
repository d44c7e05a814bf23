"""The head of a household's file and its people: what stands where, as in the mockup, and what is said in words."""

from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.page import FIELD, Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.memberstable import MembersTable
from gridworker.gui.widgets.text import ElidedText, Text
from tests.app.household.test_households import contest
from tests.gui.pages.test_household import opened
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
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


def test_names_of_several_parts_are_whole_on_a_small_laptop_beside_a_number_that_is_being_checked(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    name = "阿卜杜热西提·阿布都克里木·买买提艾力"
    home = village.household(name, "3", "1", "202", birth="1948-02-01")
    village.change("resident", home.people[name], {"id_number": "420202194802010017", "phones": "13700000555"})
    village.member(home, "Maria Fernandez-Gonzalez de la Cruz", "10")
    window, desk = seated(qtbot, workspace, present(FIELD))
    window.resize(1366, 620)
    desk.open("household", home.id)
    settle(qtbot)
    page = desk.page("household")
    assert isinstance(page, HouseholdPage)

    def holds() -> None:
        table = page.findChildren(MembersTable)[0]
        shown = [one for one in table.findChildren(Text) if one.isVisible()]
        assert [one.text() for one in shown if isinstance(one, ElidedText) and one.shown() != one.text()] == []
        assert name in {one.text() for one in shown}
        assert clipped(table) == []
        assert page._left.horizontalScrollBar().maximum() == 0

    holds()
    contest(workspace, home.people[name], "13600000311")
    page.refresh({})
    settle(qtbot)
    assert "Being checked" in {chip.accessibleName() for chip in page.findChildren(Chip)}
    holds()
    desk.close_down()


def test_age_and_numbers_of_the_people_stand_apart_and_share_the_room(
    qtbot: QtBot, workspace: Workspace, village: Village, each_scale: float
) -> None:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    page = opened(qtbot, workspace, Shell(), home.id)
    page.resize(1258, 700)
    settle(qtbot)
    table = page.findChildren(MembersTable)[0]
    heads = ("Full name", "Relation", "Age", "ID number, phone" if each_scale > 1.0 else "ID number")
    labels = {one.text(): one for one in table.findChildren(Text)}
    left = {head: labels[head].mapTo(table, labels[head].rect().topLeft()).x() for head in heads}
    age = next(one for one in labels.values() if one.text().startswith("78"))
    ends = left["Age"] + age.fontMetrics().horizontalAdvance(age.text())
    assert left[heads[3]] - ends >= 16, "two numbers are not read as one"
    if each_scale > 1.0:
        name, relation = left["Relation"] - left["Full name"], left["Age"] - left["Relation"]
        assert name > relation
        assert left[heads[3]] - left["Age"] > relation // 3, "what is left over goes to more than name and relation"


def test_the_form_of_a_need_is_not_called_as_its_first_field(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    home = village.household("陈桂芳", "3", "1", "202")
    workspace.needs.raise_need(home.id, {"title": "修灯", "need_kind": "housing"})
    page = opened(qtbot, workspace, Shell(), home.id)
    page._needing.open(home.id, workspace.households.file(home.id).needs[0].id)
    (form,) = page.findChildren(FormDialog)
    assert form.accessibleName() == "Need"
    assert [one.text() for one in form.findChildren(Text)].count("What is needed") == 1
    form.reject()
