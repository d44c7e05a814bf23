"""A page of a household's file on paper: what the window shows, masked, and on record before it leaves."""

import pytest

from gridworker.app.household import paper
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Problem
from tests.app.test_gate import act_as
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13700000555"})
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    village.care(home, "C3", cadence="V1", arrangement="2")
    village.visit(home, "2026-03-09", note="女儿<b>周末</b>才能来。")
    village.issue("燃气软管老化", at="2026-03-09T02:00:00Z", home=home)
    return home


def prints(workspace: Workspace) -> list[object]:
    found = [row.values for row in workspace.records.page("audit_event") if row.values["action"] == "print"]
    return [row["purpose"] for row in found]


def test_the_page_says_what_the_file_says_with_numbers_masked(workspace: Workspace, chen: Home) -> None:
    page = workspace.households.paper.page(chen.id, purpose="check")
    for said in (
        "3栋1单元202",
        "陈桂芳",
        "138****0142",
        "燃气软管老化",
        "Lives alone (65+)",
        "137****0555 → 138****0142",
    ):
        assert said in page
    assert "女儿&lt;b&gt;周末" in page
    assert "13800000142" not in page
    assert prints(workspace) == ["check"]


def test_the_page_says_what_it_has_no_room_for(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = len(workspace.households.file(chen.id).moments)
    assert "the newest" not in workspace.households.paper.page(chen.id, purpose="check")
    monkeypatch.setattr(paper, "MOMENTS", 2)
    page = workspace.households.paper.page(chen.id, purpose="check")
    assert f"Visits and changes, the newest 2 of {every}" in page


def test_nothing_is_printed_without_saying_what_for_or_by_who_may_not(workspace: Workspace, chen: Home) -> None:
    with pytest.raises(Problem):
        workspace.households.paper.page(chen.id, purpose=" ")
    act_as(workspace.session, "duty")
    with pytest.raises(Denied):
        _ = workspace.households.paper.page(chen.id, purpose="check")
    assert prints(workspace) == []
