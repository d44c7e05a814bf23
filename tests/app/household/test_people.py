"""Adding, changing and letting go of people; what needs consent; every look at a number on record."""

from typing import Any

import pytest

from gridworker import discover
from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid
from gridworker.record import Value
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from tests.sheets.ledgers import id_number
from tests.village import Home, Village


@pytest.fixture
def home(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


def audits(workspace: Workspace, action: str) -> list[dict[str, Value]]:
    return [dict(found.values) for found in workspace.records.page("audit_event") if found.values["action"] == action]


def people(workspace: Workspace, home: Home) -> list[str]:
    return [person.name for person in workspace.households.file(home.id).home.members]


def agree(village: Village, home: Home, scope: str, method: str = "oral", resident: int | None = None) -> None:
    owner: dict[str, Any] = {"resident_id": resident} if resident else {"household_id": home.id}
    village.add("consent", **owner, purpose="file", scope=scope, method=method, given_on="2026-03-01")


def test_number_and_phone_are_offered_with_consent_only(workspace: Workspace, village: Village, home: Home) -> None:
    form = workspace.people.form(home.id)
    assert form.values["lives_here"] == 1, "whoever is added lives there, unless somebody says otherwise"
    assert {"phones", "id_number"} <= form.withheld
    assert not {"phones", "id_number"} & {spec.name for spec in form.specs}
    agree(village, home, "phone")
    offered = {spec.name for spec in workspace.people.form(home.id).specs}
    assert "phones" in offered
    assert "id_number" not in offered


def test_a_phone_without_consent_is_refused(workspace: Workspace, home: Home) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.people.add(home.id, {"name": "李红", "relation": "30", "phones": "13900000867"})
    assert set(caught.value.faults) == {"phones"}
    assert people(workspace, home) == ["陈桂芳"]


def test_of_a_child_only_name_relation_and_year(workspace: Workspace, village: Village, home: Home) -> None:
    agree(village, home, "phone birth_date basic care")
    with pytest.raises(Invalid) as caught:
        workspace.people.add(home.id, {"name": "李小宝", "relation": "40", "birth_date": "2018-05-01", "sex": "1"})
    assert set(caught.value.faults) == {"birth_date", "sex"}
    workspace.people.add(home.id, {"name": "李小宝", "relation": "40", "birth_year": 2018})
    assert people(workspace, home) == ["陈桂芳", "李小宝"]
    agree(village, home, "birth_date", "guardian")
    workspace.people.add(home.id, {"name": "李小贝", "relation": "40", "birth_date": "2018-05-01"})


def test_adding_is_one_act_with_one_undo(workspace: Workspace, home: Home) -> None:
    commit = workspace.people.add(home.id, {"name": "李红", "relation": "30", "birth_year": 1974})
    assert people(workspace, home) == ["陈桂芳", "李红"]
    workspace.records.undo_batch(commit.batch)
    assert people(workspace, home) == ["陈桂芳"]
    assert workspace.records.page("resident", where={"name": "李红"}) == []


def test_the_first_person_is_the_head(workspace: Workspace, village: Village) -> None:
    dwelling = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="301")
    household = village.add("household", dwelling_id=dwelling, status="active")
    workspace.people.add(household, {"name": "钱丽华", "relation": None})
    assert workspace.households.file(household).home.name == "钱丽华"


def test_changing_logs_only_what_differs(workspace: Workspace, home: Home) -> None:
    membership = workspace.households.file(home.id).home.members[0].membership
    form = workspace.people.form(home.id, membership)
    assert form.values["name"] == "陈桂芳"
    workspace.people.save(home.id, membership, {"name": "陈桂芬"})
    latest = workspace.records.history("resident", home.people["陈桂芳"])[0]
    assert [(change.field, change.before, change.after) for change in latest.changes] == [
        ("name", ("陈桂芳",), "陈桂芬")
    ]


def test_an_imported_phone_may_stay_without_consent(workspace: Workspace, village: Village, home: Home) -> None:
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    membership = workspace.households.file(home.id).home.members[0].membership
    workspace.people.save(home.id, membership, {"note": "耳背", "phones": "13800000142"})
    assert workspace.records.show("resident", home.people["陈桂芳"]).values["note"] == "耳背"


def test_letting_go_ends_the_membership(workspace: Workspace, village: Village, home: Home) -> None:
    daughter = village.member(home, "李红", "30")
    membership = next(
        person.membership for person in workspace.households.file(home.id).home.members if person.name == "李红"
    )
    commit = workspace.life.let_go(home.id, membership)
    view = workspace.households.file(home.id)
    assert [person.name for person in view.home.members] == ["陈桂芳"]
    assert [person.name for person in view.former] == ["李红"]
    assert workspace.records.show("resident", daughter).values["status"] == "moved_out"
    workspace.records.undo_batch(commit.batch)
    assert people(workspace, home) == ["陈桂芳", "李红"]


def test_who_was_added_today_by_mistake_goes_altogether(workspace: Workspace, home: Home) -> None:
    workspace.people.add(home.id, {"name": "李红", "relation": "30"})
    membership = workspace.households.file(home.id).home.members[1].membership
    workspace.life.let_go(home.id, membership)
    assert workspace.households.file(home.id).former == ()
    assert workspace.records.page("resident", where={"name": "李红"}) == []


def test_recording_a_consent_opens_its_fields(workspace: Workspace, home: Home) -> None:
    form = workspace.erasing.consents.form(home.id)
    commit = workspace.erasing.consents.record(home.id, dict(form.values))
    assert "phones" in {spec.name for spec in workspace.people.form(home.id).specs}
    workspace.records.undo_batch(commit.batch)
    assert "phones" in workspace.people.form(home.id).withheld


def test_every_look_is_on_record_without_the_number(workspace: Workspace, village: Village, home: Home) -> None:
    resident = home.people["陈桂芳"]
    village.change("resident", resident, {"phones": "13800000142"})
    assert workspace.people.reveal(resident, "phones") == "13800000142"
    (row,) = audits(workspace, "reveal")
    assert (row["record_kind"], row["record"], row["detail"]) == ("resident", resident, "phones")
    assert row["staff_id"] == workspace.session.who
    assert "0142" not in repr(row)


def test_a_look_at_the_phone_of_a_household_is_on_record_too(
    workspace: Workspace, village: Village, home: Home
) -> None:
    village.change("household", home.id, {"contact_phone": "13800000143"})
    assert workspace.people.reveal_contact(home.id) == "13800000143"
    (row,) = audits(workspace, "reveal")
    assert (row["record_kind"], row["record"], row["detail"]) == ("household", home.id, "contact_phone")
    assert row["staff_id"] == workspace.session.who
    assert "0143" not in repr(row)


def test_a_form_with_numbers_in_clear_is_a_look_too(workspace: Workspace, village: Village, home: Home) -> None:
    resident = home.people["陈桂芳"]
    village.change("resident", resident, {"phones": "13800000142"})
    agree(village, home, "phone")
    (membership,) = [row.id for row in workspace.records.page("household_member")
                     if row.values["resident_id"] == resident]  # fmt: skip
    workspace.people.form(home.id)
    assert audits(workspace, "reveal") == []
    assert workspace.people.form(home.id, membership).values["phones"] == "13800000142"
    (row,) = audits(workspace, "reveal")
    assert (row["record"], row["detail"]) == (resident, "phones")


def test_what_concerns_the_household(workspace: Workspace, village: Village, home: Home) -> None:
    assert "contact_phone" not in workspace.people.house_form(home.id).values
    agree(village, home, "phone")
    assert "contact_phone" in workspace.people.house_form(home.id).values
    workspace.people.save_house(home.id, {"visit_wish": "phone_only"})
    assert workspace.households.file(home.id).wish == "Wish about visits: Phone only"


def test_a_script_keeps_to_what_a_form_keeps_to(workspace: Workspace, village: Village) -> None:
    """Of a child under 14 nothing beyond name, relation and year of birth without the guardian's consent."""
    home = village.household("陈桂芳")
    child = workspace.records.save("resident", {"name": "陈小宝", "birth_year": 2020, "status": "in_place"}).id
    village.add("household_member", household_id=home.id, resident_id=child, relation="40")
    for values in ({"phones": "13800000142"}, {"birth_date": "2020-05-01", "birth_year": None, "sex": "1"}):
        with pytest.raises(Invalid, match="the guardian's"):
            workspace.records.save("resident", values, child)
    with pytest.raises(Invalid, match="the guardian's"):
        workspace.records.save("resident", {"name": "陈小妹", "birth_date": "2020-05-01", "status": "in_place"})
    workspace.records.save("resident", {"name": "陈宝"}, child)
    village.add("consent", household_id=home.id, purpose="file", scope="phone birth_date", method="guardian",
                given_on="2026-03-01")  # fmt: skip
    workspace.records.save("resident", {"phones": "13800000142", "birth_date": "2020-05-01"}, child)
    ledger = {"name": "陈小弟", "birth_date": "2021-05-01", "status": "in_place", "basis": "official_ledger"}
    brought = workspace.records.save("resident", ledger).id  # it is kept, and no script is told
    assert (workspace.session.store.get("resident", brought) or {})["birth_date"] == "2021-05-01"


def test_somebody_looks_after_every_care_that_is_entered(workspace: Workspace, village: Village) -> None:
    home = village.household("陈桂芳")
    care = {"household_id": home.id, "care_group": "C5", "basis": "family", "start_on": "2026-03-01",
            "review_on": "2026-06-01"}  # fmt: skip
    made = workspace.records.save("care_membership", care).id
    assert workspace.records.show("care_membership", made).values["owner_id"] == workspace.session.who
    with pytest.raises(Invalid, match="Say who looks after it"):
        workspace.records.save("care_membership", {"owner_id": None}, made)
    assert [view.about for view in workspace.households.file(home.id).cares] == ["looked after by 周敏·review on 1 Jun"]
    village.change("care_membership", made, {"owner_id": None})  # as a ledger brings it
    assert [view.about for view in workspace.households.file(home.id).cares] == [
        "nobody looks after it yet·review on 1 Jun"
    ]


def test_the_phone_of_a_household_needs_a_consent_too(workspace: Workspace, village: Village) -> None:
    home = village.household("陈桂芳")
    with pytest.raises(Invalid, match="Record the consent first"):
        workspace.people.save_house(home.id, {"contact_phone": "13800000142"})
    workspace.people.save_house(home.id, {"remark": "周三在家"})
    village.add("consent", household_id=home.id, purpose="file", scope="phone", method="oral", given_on="2026-03-01")
    workspace.people.save_house(home.id, {"contact_phone": "13800000142"})
    assert workspace.records.show("household", home.id).values["contact_phone"] == "13800000142"


def test_who_turns_out_to_be_a_child_keeps_nothing_that_needs_the_guardian(
    workspace: Workspace, village: Village
) -> None:
    made = workspace.records.save("resident", {"name": "陈小宝", "phones": "13800000142", "status": "in_place"}).id
    with pytest.raises(Invalid, match="the guardian's"):
        workspace.records.save("resident", {"birth_year": 2020}, made)
    workspace.records.save("resident", {"birth_year": 2020, "phones": None}, made)


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [("resident", "status", {"note": "周三在家"}), ("household", "status", {"remark": "周三在家"})],
)
def test_what_a_newer_version_says_in_words_of_its_own_stands_in_nobodys_way(
    workspace: Workspace, village: Village, kind: str, field: str, values: dict[str, object]
) -> None:
    """A required field shows nothing where its code is not known: the rest can be changed, and it keeps its code."""
    home = village.household("陈桂芳")
    record = home.id if kind == "household" else home.people["陈桂芳"]
    spec, store = discover.kinds()[kind].kind.specs[field], workspace.session.store
    op = OpRow(store.new_id(), discover.kinds()[kind].kind.number, record, What.EDIT, 0,
               pack_edits(record, [Edit(spec.number, "newer", (record,))]))  # fmt: skip
    store.apply(Incoming([op], [Author(7, 0)], Act("merge", workspace.session.who)))
    assert workspace.records.show(kind, record).values[field] is None
    assert workspace.households.ids("", "door").tolist() == [home.id]
    file = workspace.households.file(home.id)
    assert file.may_visit
    assert "moved" not in file.strips
    workspace.records.save(kind, values, record)
    workspace.people.save(home.id, file.home.members[0].membership, {"note": "周四在家"})
    workspace.people.save_house(home.id, {"remark": "周四在家"})
    event = next(one for one in workspace.records.history(kind, record) if one.clk == op.clk)
    assert [change.after for change in event.changes] == ["newer"]


def test_a_script_is_told_what_looks_wrong(workspace: Workspace) -> None:
    values = {"name": "陈桂芳", "id_number": "11010519491231002X", "birth_date": "1949-12-13", "status": "in_place"}
    made = workspace.records.save("resident", values).id
    assert workspace.records.doubts("resident", made) == ("The ID number says another date of birth.",)


WOMAN, BOY = "11010519491231002X", id_number("20180501", 31)


def test_an_id_number_says_birth_and_sex_where_nobody_does(workspace: Workspace, village: Village, home: Home) -> None:
    """As in an import; what somebody said otherwise stays, and is told to be looked at."""
    agree(village, home, "id_number birth_date")

    def known(name: str) -> tuple[Value, ...]:
        [found] = workspace.records.page("resident", where={"name": name})
        return tuple(found.values[field] for field in ("birth_date", "sex", "birth_year"))

    workspace.people.add(home.id, {"name": "李红", "id_number": WOMAN})
    assert known("李红") == ("1949-12-31", "2", None)
    workspace.people.add(home.id, {"name": "李强", "id_number": WOMAN, "birth_date": "1950-12-31", "sex": "1"})
    assert known("李强") == ("1950-12-31", "1", None)
    workspace.people.add(home.id, {"name": "李芳", "id_number": WOMAN, "birth_year": 1948})
    assert known("李芳") == (None, "2", 1948)
    workspace.people.add(home.id, {"name": "李丽"})
    member = next(one for one in workspace.households.file(home.id).home.members if one.name == "李丽")
    workspace.people.save(home.id, member.membership, {"id_number": WOMAN})
    assert known("李丽") == ("1949-12-31", "2", None)
    saved = workspace.records.save("resident", {"name": "李敏", "status": "in_place", "id_number": WOMAN})
    assert (saved.values["birth_date"], saved.values["sex"]) == ("1949-12-31", "2")


def test_a_child_is_known_by_the_id_number_too(workspace: Workspace, village: Village, home: Home) -> None:
    agree(village, home, "id_number phone")
    with pytest.raises(Invalid) as caught:
        workspace.people.add(home.id, {"name": "李小宝", "relation": "40", "id_number": BOY, "phones": "13900000867"})
    assert {"id_number", "phones"} <= set(caught.value.faults)
    with pytest.raises(Invalid):
        workspace.records.save("resident", {"name": "李小宝", "status": "in_place", "id_number": BOY})
    agree(village, home, "id_number", "guardian")
    workspace.people.add(home.id, {"name": "李小贝", "relation": "40", "id_number": BOY})
    [found] = workspace.records.page("resident", where={"name": "李小贝"})
    assert (found.values["birth_date"], found.values["birth_year"]) == (None, 2018), "no consent opens the day"
