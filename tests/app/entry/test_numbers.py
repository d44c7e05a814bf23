"""Numbers for people to quote, wherever a record is made."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.domain.numbering import NUMBERED
from gridworker.record import Value
from tests.village import Village

VISIT = {"started_at": "2026-03-18T01:00:00Z", "channel": "door", "visit_kind": "routine", "outcome": "met_person"}
ISSUE = {"title": "井盖松动", "category": "F", "severity": "S3", "reported_at": "2026-03-18T01:00:00Z"}
REQUEST = {"requested_on": "2026-03-18", "item": "办老年优待证"}
NEED = {"title": "装扶手", "need_kind": "housing", "status": "collected", "raised_on": "2026-03-18"}


@pytest.mark.parametrize("kind", NUMBERED)
def test_a_record_saved_by_a_script_has_its_number(workspace: Workspace, village: Village, kind: str) -> None:
    home = village.household("陈桂芳")
    made: dict[str, dict[str, Value]] = {
        "household": {"status": "active"}, "issue": dict(ISSUE), "need": dict(NEED),
        "service_request": dict(REQUEST),
        "visit": {**VISIT, "household_id": home.id, "visitor_id": workspace.session.who},
    }  # fmt: skip
    field, letter = NUMBERED[kind]
    numbers = [workspace.records.save(kind, made[kind]).values[field] for _ in range(2)]
    assert numbers == [f"{letter}01-260318-01", f"{letter}01-260318-02"]
    own = workspace.records.save(kind, {**made[kind], field: "9-9"})
    assert own.values[field] == "9-9"
    changed = workspace.records.save(kind, {field: "9-8"}, own.id)
    assert changed.values[field] == "9-8"


def test_a_household_opened_behind_a_door_has_its_number(workspace: Workspace, village: Village) -> None:
    door = village.add("dwelling", building_id=village.building("3"), room_no="101")
    household, _ = workspace.buildings.settle(door)
    assert workspace.records.show("household", household).values["household_no"] == "H01-260318-01"
