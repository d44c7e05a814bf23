"""The plain register: what pages mask stands in its forms only on record, and keys stand in none."""

from typing import Any

import pytest

from gridworker.app.register import register as register_module
from gridworker.app.register.register import Register
from gridworker.app.words.showing import show
from gridworker.app.workspace import Workspace
from gridworker.domain.masking import HIDDEN
from gridworker.record import Value
from gridworker.store.records import kind_named
from tests.app.household.test_people import audits
from tests.app.test_gate import act_as
from tests.village import Home, Village

REASON = "独居，家人都在外地"


@pytest.fixture
def home(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


@pytest.fixture
def care(workspace: Workspace, village: Village, home: Home) -> int:
    values: dict[str, Value] = {"household_id": home.id, "care_group": "C1", "basis": "own_request",
                                "start_on": "2026-03-01", "review_on": "2026-06-01", "reason_note": REASON}  # fmt: skip
    return workspace.records.save("care_membership", {**values, "owner_id": workspace.session.who}).id


def test_a_form_with_a_reason_in_clear_is_a_look(workspace: Workspace, care: int) -> None:
    register = Register(workspace.session)
    assert register.form("care_membership", None)[1]["reason_note"] is None
    assert audits(workspace, "reveal") == []
    assert register.form("care_membership", care)[1]["reason_note"] == REASON
    (row,) = audits(workspace, "reveal")
    assert (row["record_kind"], row["record"], row["detail"]) == ("care_membership", care, "reason_note")


def test_who_may_not_see_it_finds_it_masked(workspace: Workspace, village: Village, home: Home) -> None:
    staff = workspace.session.who
    village.change("staff", staff, {"phone": "13800000142"})
    register = Register(workspace.session)
    assert register.form("staff", staff)[1]["phone"] == "13800000142"
    assert len(audits(workspace, "reveal")) == 1
    act_as(workspace.session, "duty")
    assert register.form("staff", staff)[1]["phone"] == "138****0142"
    assert len(audits(workspace, "reveal")) == 1, "nothing was seen in clear"


def test_what_the_program_makes_itself_is_in_no_form(office: Workspace) -> None:
    register = Register(office.session)
    for kind, made in (("community", "id_key"), ("resident", "id_hash"), ("resident", "id_number")):
        specs, values = register.form(kind, None)
        assert made not in {*values, *(spec.name for spec in specs)}
        assert specs


def test_who_sees_a_number_covered_changes_what_stands_beside_it(workspace: Workspace, village: Village) -> None:
    shop = village.add("merchant", name="副食店", shop_kind="other", grid_id=village.grid, phone="13800000144")
    assert workspace.records.save("merchant", {"name": "超市"}, shop).values["phone"] == "138****0144"
    assert (workspace.session.store.get("merchant", shop) or {})["phone"] == "13800000144"


def test_what_is_sensitive_is_masked_wherever_it_is_put_into_words(workspace: Workspace, care: int) -> None:
    spec = kind_named("care_membership").kind.specs["reason_note"]
    assert (show(spec, REASON), show(spec, REASON, masked=False)) == (HIDDEN, REASON)
    workspace.records.save("care_membership", {"reason_note": "不再独居"}, care)
    told = "\n".join(workspace.records.history_lines("care_membership", care))
    assert HIDDEN in told
    assert "独居" not in told


def test_lists_and_histories_show_no_more_of_a_child_than_a_form_does(workspace: Workspace, village: Village) -> None:
    """What a ledger brought is kept of them; scripts and lists are asked what the window's forms are asked."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1990-02-01")
    known: dict[str, Any] = {"phones": "13800000142", "id_number": "420204201802010020", "sex": "1",
                               "birth_date": "2018-02-01", "tags": "留守儿童", "note": "在实验小学"}  # fmt: skip
    child = village.add("resident", name="陈小宝", status="in_place", basis="official_ledger", **known)
    village.add("household_member", household_id=home.id, resident_id=child, relation="20")
    covered = {"phones": "138****0142", "id_number": "420204********0020", "sex": HIDDEN, "birth_date": HIDDEN,
               "tags": HIDDEN, "note": HIDDEN}  # fmt: skip
    records = workspace.records
    listed = {one.id: one.values for one in records.page("resident")}
    for values in (
        listed[child],
        records.show("resident", child).values,
        records.several("resident", [child])[child].values,
    ):
        assert {name: values[name] for name in known} == covered
        assert (values["name"], values["birth_year"]) == ("陈小宝", 2018)
    assert listed[home.people["陈桂芳"]]["birth_date"] == "1990-02-01", "of those who are older all as before"
    told = {change.field: change.after for event in records.history("resident", child) for change in event.changes}
    assert {name: told[name] for name in known} == covered
    agreed: dict[str, Any] = {"household_id": home.id, "resident_id": child, "purpose": "file", "method": "guardian",
                                "scope": "basic birth_date phone", "given_on": "2026-03-01"}  # fmt: skip
    village.add("consent", **agreed)
    opened = records.show("resident", child).values
    assert (opened["phones"], opened["birth_date"], opened["note"]) == ("13800000142", "2018-02-01", HIDDEN)
    village.change("consent", records.page("consent")[0].id, {"withdrawn_on": "2026-03-17"})
    records.remove("resident", child)
    told = {change.field: change.after for event in records.history("resident", child) for change in event.changes}
    assert told["phones"] == "138****0142", "of one who is gone too"


def test_a_contact_stands_in_the_list_with_whose_care_file_names_it(
    workspace: Workspace, village: Village, home: Home, care: int
) -> None:
    own = village.care(home, "C3", arrangement="2")
    for file in (care, own):
        village.add("care_contact", name="陈红梅", phone="13800000142", care_id=file)
    register = Register(workspace.session)
    group = register.columns("care_contact")[-1]
    assert group.ref == "care_membership"
    assert [one.cells[-1] for one in register.entries("care_contact")] == [
        "陈桂芳·Out of work",
        "陈桂芳·Lives alone (65+)",
    ]
    assert [one.cells[-1] for one in register.entries("care_contact", sharing=True)] == [HIDDEN, HIDDEN]
    assert [one.id for one in register.find("care_membership", "陈桂", 9)] == [own, care]
    act_as(workspace.session, "auditor")
    assert "陈桂芳" not in repr(register.shown(group, care))


def test_who_is_far_behind_is_found_too(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop has more doors than are read at once, and an office more buildings."""
    monkeypatch.setattr(register_module, "_LOT", 2)
    names = [str(number) for number in range(1, 8)]
    buildings = {name: village.building(name) for name in names}
    last = village.add("dwelling", building_id=buildings["7"], unit_no="2", room_no="501")
    lived_in = village.household("陈桂芳", "7", "1", "301")
    grids = [village.add("grid", name=f"第{number}网格") for number in "一二三四五"]
    register = Register(workspace.session)
    assert [one.id for one in register.find("building", "7", 9)] == [buildings["7"]]
    assert [one.id for one in register.find("building", "7栋", 9)] == [buildings["7"]]
    assert [one.id for one in register.find("grid", "五", 9)] == [grids[-1]]
    assert len(register.find("grid", "网格", 4)) == 4
    for typed, door in (
        ("7-2-501", last),
        ("501", last),
        ("7-1-301", lived_in.dwelling),
        ("陈桂芳", lived_in.dwelling),
    ):
        assert [one.id for one in register.find("dwelling", typed, 9)] == [door], typed
