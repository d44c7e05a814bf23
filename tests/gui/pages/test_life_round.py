"""Every act of a household's life, filled in by its form and saved once: one trace, one undo, and all is as before."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.discover import kinds
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog
from tests.gui.pages.test_household import button, opened
from tests.gui.pages.test_household_life import happened
from tests.gui.seen import settle
from tests.village import Home, Village

_KINDS = tuple(kind for kind in kinds() if kind != "audit_event")
"""All that is stored but who looked and did what, which no undo takes back."""

_PLAIN = (("陈桂芳", "1948-02-01"), ("李强", "1974-01-01"), ("王芳", "1976-01-01"), ("张三", "1980-01-01"))
_RARE = (("𠮷桂芳", None), ("买买提·艾力", None), ("王䶮", None), ("欧阳㛃", None))
"""Rare characters and the dot of names; of none of them more is known than the name."""

Given = dict[str, str | int]


@pytest.fixture(params=[_PLAIN, _RARE], ids=["plain", "rare"])
def home(request: pytest.FixtureRequest, village: Village) -> Home:
    (head, born), *others = request.param
    home = village.household(head, "3", "1", "202", birth=born)
    for (name, birth), relation in zip(others, ("20", "38", "99"), strict=True):
        village.member(home, name, relation, birth)
    return home


def stored(workspace: Workspace) -> dict[tuple[str, int], Any]:
    return {(kind, one.id): one.values for kind in _KINDS for one in workspace.records.page(kind, limit=100)}


def _asked(workspace: Workspace, village: Village, home: Home) -> list[tuple[str, str, Given]]:
    """The acts: what is told of each, its words in the list, and what is filled in."""
    chen, li, wang, zhang = home.people.values()
    door = village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501")
    grid = village.add("grid", name="第四网格")
    there = village.add("building", grid_id=grid, building_name="9")
    far = village.add("dwelling", building_id=there, unit_no="1", room_no="101")
    other = village.household("钱二", "3", "1", "301").id
    workspace.life.do("moved_out", home.id, {"who": str(zhang), "day": "2026-03-01"})
    day = {"day": "2026-03-10"}
    return [
        ("Born", "A child was born", {"name": "李小宝", "relation": "41", "birth_year": 2026}),
        ("Moved to another door", "They moved to another door", {"dwelling_id": far, **day}),
        ("Moved out", "Somebody moved out", {"who": str(wang), **day}),
        ("Died", "Somebody died", {"one": str(chen), "head": str(li), **day}),
        ("Made a household of their own", "Some make a household of their own",
         {"who": f"{li} {wang}", "dwelling_id": door, "new_head": str(li), **day}),
        ("Went to another household", "Somebody went to another household",
         {"who": str(wang), "household_id": other, f"relation_{wang}": "99", **day}),
        ("Head of household changed", "Another head of household", {"head": str(li)}),
        ("", "Tenants share the dwelling", {"name": "周八", "rented": 1, **day}),
        ("Moved in", "Somebody moved back in", {"who": str(zhang), **day}),
    ]  # fmt: skip


def told_of(workspace: Workspace, home: Home) -> set[tuple[object, str, str]]:
    return {(one.key, one.title, one.body) for one in workspace.households.file(home.id).moments}


def test_an_act_is_told_and_one_undo_leaves_all_as_before(
    qtbot: QtBot, workspace: Workspace, village: Village, home: Home
) -> None:
    acts, shell = _asked(workspace, village, home), Shell()
    page = opened(qtbot, workspace, shell, home.id)
    before = stored(workspace)
    for trace, title, given in acts:
        told = told_of(workspace, home)
        dialog = happened(qtbot, page, title)
        dialog.form.propose(given)
        with qtbot.waitSignal(shell.toast_wanted) as said:
            dialog.save.click()
        settle(qtbot)
        new = {words for _, words, _ in told_of(workspace, home) - told}
        assert (trace in new) is bool(trace), title  # of tenants their own file tells
        assert stored(workspace) != before, title
        said.args[1].run()
        settle(qtbot)
        assert stored(workspace) == before, title


def undone(qtbot: QtBot, workspace: Workspace, shell: Shell, dialog: FormDialog, given: Given) -> None:
    """The form saved once, and taken back by the undo that was offered: all is as before."""
    before = stored(workspace)
    dialog.form.propose(given)
    with qtbot.waitSignal(shell.toast_wanted) as said:
        dialog.save.click()
    settle(qtbot)
    assert stored(workspace) != before
    said.args[1].run()
    settle(qtbot)
    assert stored(workspace) == before


def test_a_person_written_down_or_changed_is_taken_back_by_one_undo(
    qtbot: QtBot, workspace: Workspace, home: Home
) -> None:
    shell = Shell()
    page = opened(qtbot, workspace, shell, home.id)
    button(page, "Add person").click()
    adding = next(one for one in page.findChildren(FormDialog) if one.isVisible())
    undone(qtbot, workspace, shell, adding, {"name": "古丽·𠮷", "relation": "99"})
    membership = next(one.id for one in workspace.records.page("household_member", limit=100)
                      if one.values["relation"] == "38")  # fmt: skip
    page._on_edit(membership)
    changing = next(one for one in page.findChildren(FormDialog) if one.isVisible())
    undone(qtbot, workspace, shell, changing, {"name": "王䶮䶮", "relation": "99"})


def test_a_changed_name_is_told_with_what_it_was(qtbot: QtBot, workspace: Workspace, home: Home) -> None:
    shell = Shell()
    page = opened(qtbot, workspace, shell, home.id)
    name = list(home.people)[2]
    membership = next(one.id for one in workspace.records.page("household_member", limit=100)
                      if one.values["relation"] == "38")  # fmt: skip
    page._on_edit(membership)
    dialog = next(one for one in page.findChildren(FormDialog) if one.isVisible())
    dialog.form.propose({"name": "王𠮷䶮"})
    with qtbot.waitSignal(shell.toast_wanted):
        dialog.save.click()
    settle(qtbot)
    assert (name, "王𠮷䶮") in [moment.change for moment in workspace.households.file(home.id).moments]


def test_what_happens_to_a_household_of_a_door_and_a_number_is_taken_back_too(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    """Nobody agreed to more than the door and how many they are."""
    shell = Shell()
    door = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="301")
    far = village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501")
    told = village.add("household", dwelling_id=door, status="active", people_count=3)
    page = opened(qtbot, workspace, shell, told)
    acts: dict[str, Given] = {
        "They moved to another door": {"dwelling_id": far, "day": "2026-03-10"},
        "Tenants share the dwelling": {"name": "买买提·艾力", "rented": 1, "day": "2026-03-10"},
    }
    for title, given in acts.items():
        undone(qtbot, workspace, shell, happened(qtbot, page, title), given)
