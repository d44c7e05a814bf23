"""Emergency contacts of those in care: named with their care file, masked, on record when looked at, gone with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from gridworker.app.exchange.joining import Joining
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid, NotFound
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.village import Home, Village

DAUGHTER = {"name": "陈 红梅", "relation": "女儿", "phone": "138 0000 0142"}
CLEAR, MASKED = "13800000142", "138****0142"


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


@pytest.fixture
def care(workspace: Workspace, chen: Home) -> int:
    told = {"care_group": "C3", "living_arrangement": "2", "basis": "official_list"}
    since = {"start_on": "2026-03-01", "review_on": "2026-06-01"}
    workspace.care.open(chen.id, {**workspace.care.form(chen.id).values, **told, **since})
    [found] = workspace.households.file(chen.id).cares
    return found.id


def only(workspace: Workspace) -> int:
    [found] = workspace.records.page("care_contact")
    return found.id


def looks(workspace: Workspace) -> list[object]:
    return [
        (one.values["record_kind"], one.values["detail"])
        for one in workspace.records.page("audit_event")
        if one.values["action"] == "reveal"
    ]


def test_one_is_named_changed_and_taken_out(workspace: Workspace, chen: Home, care: int) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.care.contacts.add(chen.id, care, {"name": "", "relation": "女儿", "phone": "12"})
    assert set(caught.value.faults) == {"name", "phone"}
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    [shown] = workspace.households.file(chen.id).cares[0].contacts
    assert (shown.name, shown.phone) == ("陈红梅 (女儿)", MASKED)
    workspace.care.contacts.save(chen.id, care, shown.id, {"relation": None})
    assert workspace.households.file(chen.id).cares[0].contacts[0].name == "陈红梅"
    act = workspace.care.contacts.remove(chen.id, care, shown.id)
    assert workspace.households.file(chen.id).cares[0].contacts == ()
    workspace.records.undo_batch(act.batch)
    assert len(workspace.households.file(chen.id).cares[0].contacts) == 1


def test_each_look_at_a_number_is_on_record(workspace: Workspace, chen: Home, care: int) -> None:
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    contact = only(workspace)
    assert looks(workspace) == []
    assert workspace.care.contacts.reveal(contact) == CLEAR
    assert workspace.care.contacts.form(chen.id, care, contact).values["phone"] == CLEAR
    assert looks(workspace) == [("care_contact", "phone")] * 2


def test_it_belongs_to_that_care_of_that_household_and_to_who_may_see_care(
    workspace: Workspace, village: Village, chen: Home, care: int
) -> None:
    other = village.household("赵一", "3", "1", "301")
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    with pytest.raises(NotFound):
        workspace.care.contacts.add(other.id, care, DAUGHTER)
    with pytest.raises(NotFound):
        workspace.care.contacts.save(other.id, care, only(workspace), {"name": "张三"})
    act_as(workspace.session, "duty")
    for denied in (
        lambda: workspace.care.contacts.reveal(1),
        lambda: workspace.care.contacts.add(chen.id, care, DAUGHTER),
        lambda: workspace.records.page("care_contact"),
    ):
        with pytest.raises(Denied):
            denied()


def test_whom_to_ring_stands_on_the_visit_form_while_the_care_lasts(
    workspace: Workspace, village: Village, chen: Home, care: int
) -> None:
    second = village.add(
        "care_membership", resident_id=chen.people["陈桂芳"], care_group="C5", basis="official_list",
        start_on="2026-03-01", review_on="2026-06-01",
    )  # fmt: skip
    for one in (care, second):
        workspace.care.contacts.add(chen.id, one, DAUGHTER)
    [shown] = workspace.visits.start(chen.id).sheet.emergency  # named in both files, and one person
    assert (shown.label, shown.masked) == ("陈红梅 (女儿)", MASKED)
    assert workspace.visits.start(chen.id, sharing=True).sheet.emergency == ()
    for one in (care, second):
        workspace.care.save(chen.id, one, {"end_on": "2026-03-16"})
    assert workspace.visits.start(chen.id).sheet.emergency == ()


def test_the_file_tells_who_named_whom_and_hides_it_while_others_look_on(
    workspace: Workspace, chen: Home, care: int
) -> None:
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    workspace.care.contacts.save(chen.id, care, only(workspace), {"phone": "13800000143"})
    told = [(one.title, one.body, one.change) for one in workspace.households.file(chen.id).moments]
    assert ("Emergency contact added", "陈红梅", None) in told
    assert ("Phone changed", "陈红梅", (MASKED, "138****0143")) in told
    shown = repr(workspace.households.file(chen.id, sharing=True))
    assert "0142" not in shown
    assert "红梅" not in shown.replace("陈**", "")


def test_paper_shows_the_number_covered(workspace: Workspace, chen: Home, care: int) -> None:
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    page = workspace.households.paper.page(chen.id, purpose="visit")
    assert MASKED in page
    assert CLEAR not in page


def test_their_own_file_names_whom_they_told_without_the_number(
    workspace: Workspace, chen: Home, care: int, tmp_path: Path
) -> None:
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    workspace.records.save("resident", {"phones": "13900000867"}, chen.people["陈桂芳"])
    file = workspace.person_files.read(chen.people["陈桂芳"])
    workspace.person_files.write(file, tmp_path / "own.json")
    written = (tmp_path / "own.json").read_text(encoding="utf-8")
    [told] = [one for one in json.loads(written) if one["kind"] == "care_contact"]
    assert (told["name"], told["phone"]) == ("陈红梅", MASKED)
    assert CLEAR not in written
    assert "13900000867" in written, "their own number is theirs"


def test_two_files_made_one_keep_whom_both_named(workspace: Workspace, village: Village, care: int, chen: Home) -> None:
    twin = village.household("陈桂芳", "3", "1", "203")
    same = {"care_group": "C3", "living_arrangement": "2", "basis": "official_list"}
    other = village.add(
        "care_membership", resident_id=twin.people["陈桂芳"], start_on="2026-03-01", review_on="2026-06-01", **same
    )
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    workspace.care.contacts.add(twin.id, other, {"name": "陈红军", "relation": "儿子", "phone": "13800000143"})
    with workspace.session.store.db.read() as connection:
        joining = Joining(workspace.session, connection)
        joining.join("resident", chen.people["陈桂芳"], twin.people["陈桂芳"])
        changes = joining.changes()
    workspace.session.write(changes, "same")
    cares: dict[str, Any] = {str(one.values["care_group"]): one.id for one in workspace.records.page("care_membership")}
    assert {one.values["care_id"] for one in workspace.records.page("care_contact")} == {cares["C3"]}
    assert len(workspace.records.page("care_contact")) == 2


def test_it_counts_as_about_the_one_in_care(workspace: Workspace, chen: Home, care: int) -> None:
    workspace.care.contacts.add(chen.id, care, DAUGHTER)
    going = workspace.erasing.preview("resident", chen.people["陈桂芳"]).going
    assert ("care_contact", only(workspace)) in {(one.kind, one.record) for one in going}


def test_it_goes_to_the_office_and_to_the_laptops_of_the_grid_alone(circle: Circle) -> None:
    first, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    family = circle.family(first)
    near, far = circle.enrol("周敏", first), circle.enrol("赵海", second)
    told = {"resident_id": family.resident, "care_group": "C3", "basis": "official_list", "start_on": "2026-03-01"}
    care = near.records.save("care_membership", {**told, "review_on": "2026-06-01"}).id
    near.care.contacts.add(family.household, care, DAUGHTER)
    for laptop in (near, far):
        circle.hand_in(laptop)
    for laptop in (near, far):
        circle.reply(laptop)
    held = [len(one.records.page("care_contact")) for one in (circle.office, near, far)]
    assert held == [1, 1, 0]
