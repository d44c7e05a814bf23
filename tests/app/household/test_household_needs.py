"""Needs of a household: raised, ranked, met; each one act with one undo, told in the timeline with old and new."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid, NotFound
from tests.app.test_gate import act_as
from tests.village import HandClock, Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202")


def raised(workspace: Workspace, home: Home, *titles: str) -> list[int]:
    for title in titles:
        workspace.needs.raise_need(home.id, {"title": title, "need_kind": "housing", "urgency": "S3"})
    return [need.id for need in workspace.households.file(home.id).needs]


def titles(workspace: Workspace, home: Home) -> list[str]:
    return [need.title for need in workspace.households.file(home.id).needs]


def test_raised_needs_stand_in_the_queue_with_a_number(workspace: Workspace, chen: Home) -> None:
    first, _ = raised(workspace, chen, "装扶手", "修灯")
    shown = workspace.households.file(chen.id).needs
    assert [(need.title, need.about, need.state) for need in shown] == [
        ("装扶手", "Housing·18 Mar", "Collected"), ("修灯", "Housing·18 Mar", "Collected"),
    ]  # fmt: skip
    values = workspace.records.show("need", first).values
    assert (values["need_no"], values["raised_on"], values["rank"]) == ("N01-260318-01", "2026-03-18", 1)
    assert workspace.households.file(chen.id, sharing=True).needs == ()


def test_moved_up_and_down_and_taken_back_in_one_step(workspace: Workspace, chen: Home) -> None:
    _, second, third = raised(workspace, chen, "一", "二", "三")
    commit = workspace.needs.move(chen.id, third, -1)
    assert titles(workspace, chen) == ["一", "三", "二"]
    assert commit is not None
    workspace.records.undo_batch(commit.batch)
    assert titles(workspace, chen) == ["一", "二", "三"]
    assert workspace.needs.move(chen.id, third, 1) is None
    workspace.needs.move(chen.id, second, -5)
    assert titles(workspace, chen) == ["二", "一", "三"]


def test_what_is_met_leaves_the_queue_and_stays_in_the_timeline(
    workspace: Workspace, chen: Home, clock: HandClock
) -> None:
    raised(workspace, chen, "装扶手")
    clock.move(minutes=1)
    first, second = raised(workspace, chen, "修灯")
    clock.move(minutes=1)
    with pytest.raises(Invalid, match="why not"):
        workspace.needs.save(chen.id, second, {"status": "declined", "answer": None})
    workspace.needs.save(chen.id, first, {"status": "done", "answer": "装好了"})
    assert titles(workspace, chen) == ["修灯"]
    moments = [one for one in workspace.households.file(chen.id).moments if one.part == "need"]
    assert [(one.title, one.body, one.change) for one in moments] == [
        ("Status changed", "装扶手", ("Collected", "Met")),
        ("Answer changed", "装扶手·装好了", None),
        ("Need raised", "修灯", None),
        ("Need raised", "装扶手", None),
    ]
    bare = [one for one in workspace.households.file(chen.id, sharing=True).moments if one.part == "need"]
    assert not any("装扶手" in one.title + one.body for one in bare)


def test_of_another_household_or_of_somebody_who_may_not(workspace: Workspace, village: Village, chen: Home) -> None:
    (need,) = raised(workspace, chen, "装扶手")
    other = village.household("程国强", "3", "1", "301")
    with pytest.raises(NotFound):
        workspace.needs.save(other.id, need, {"status": "done"})
    act_as(workspace.session, "auditor")
    with pytest.raises(Denied):
        workspace.needs.raise_need(chen.id, {"title": "x", "need_kind": "other"})


def test_how_urgent_a_need_is_is_offered_by_weight(workspace: Workspace, village: Village) -> None:
    form = workspace.needs.form(village.household("陈桂芳", "3", "1", "202").id)
    codes = next(spec.codes for spec in form.specs if spec.name == "urgency")
    assert codes is not None
    assert [codes.label(code) for code in codes.offered] == ["Normal (advice)", "Normal", "Soon", "Urgent"]
