"""Care files of a household: opened with consent or by an official ledger, changed, ended, taken back."""

from typing import Any

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid, NotFound
from tests.app.test_gate import act_as
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


def filled(workspace: Workspace, home: Home, **typed: Any) -> dict[str, Any]:
    told = {"care_group": "C3", "living_arrangement": "2", "basis": "visit_consent"}
    return {**workspace.care.form(home.id).values, **told, **typed}


def shown(workspace: Workspace, home: Home) -> list[str]:
    return [care.sign.text for care in workspace.households.file(home.id).cares]


def test_care_begins_with_consent_or_an_official_ledger(workspace: Workspace, village: Village, chen: Home) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.care.open(chen.id, filled(workspace, chen))
    assert list(caught.value.faults) == ["basis"]
    workspace.records.undo_batch(workspace.care.open(chen.id, filled(workspace, chen, basis="official_list")).batch)
    assert shown(workspace, chen) == []
    agreed = {"purpose": "care", "scope": "care", "method": "oral", "given_on": "2026-03-01"}
    village.add("consent", household_id=chen.id, **agreed)
    village.add("consent", resident_id=chen.people["陈桂芳"], **agreed, withdrawn_on="2026-03-01")
    with pytest.raises(Invalid):
        workspace.care.open(chen.id, filled(workspace, chen))  # their own no comes first
    village.add("consent", resident_id=chen.people["陈桂芳"], **agreed)
    workspace.care.open(chen.id, filled(workspace, chen, start_on="2026-03-01", review_on="2026-08-01"))
    [care] = workspace.households.file(chen.id).cares
    assert care.sign.text == "Lives alone (65+)·Monthly"
    assert care.about.startswith("陈桂芳·looked after by 周敏·review on")
    workspace.care.save(chen.id, care.id, {"cadence": "V1"})
    assert shown(workspace, chen) == ["Lives alone (65+)·Weekly"]
    workspace.care.save(chen.id, care.id, {"end_on": "2026-03-17"})
    assert shown(workspace, chen) == []


def test_for_whom_and_by_whom(workspace: Workspace, village: Village, chen: Home) -> None:
    village.member(chen, "李红", "30")
    other = village.household("赵一", "3", "1", "301")
    assert workspace.care.form(chen.id).values["who"] is None
    for who in (None, str(other.people["赵一"])):
        with pytest.raises(Invalid) as caught:
            workspace.care.open(chen.id, filled(workspace, chen, who=who, basis="official_list"))
        assert list(caught.value.faults) == ["who"]
    workspace.care.open(chen.id, filled(workspace, chen, who="household", basis="official_list"))
    [care] = workspace.households.file(chen.id).cares
    with pytest.raises(NotFound):
        workspace.care.save(other.id, care.id, {"cadence": "V1"})
    act_as(workspace.session, "duty")
    with pytest.raises(Denied):
        workspace.care.form(chen.id)
