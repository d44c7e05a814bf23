"""Every act of a household's life, filled in by its form and saved once: one trace, one undo, and all is as before."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from tests.gui.pages.test_household import opened
from tests.gui.pages.test_household_life import happened
from tests.gui.seen import settle
from tests.village import Home, Village

_KINDS = ("household", "household_member", "resident", "dwelling", "care_membership", "need")

Given = dict[str, str | int]


@pytest.fixture
def home(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(home, "李强", "20", "1974-01-01", sex="1")
    village.member(home, "王芳", "38", "1976-01-01", sex="2")
    village.member(home, "张三", "99", "1980-01-01")
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
