"""What people agree to, refuse and withdraw, and what follows from a no: only the door and how many live behind it."""

from pathlib import Path

import pytest

from gridworker.app.rights.consents import Consents, follow_words
from gridworker.app.roster.export import ExportWish
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.sheets.write import Table, write_table
from tests.builders import DEK
from tests.circle import Circle, Family, made_visit
from tests.pages import found_in

NAME, PHONE = "陈建国", "13800000142"
ASKED = {"purpose": "file", "scope": "basic phone", "method": "oral", "given_on": "2026-03-01"}


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"), name=NAME)


@pytest.fixture
def consents(circle: Circle) -> Consents:
    return circle.office.erasing.consents


def states(consents: Consents, household: int) -> list[tuple[str, str]]:
    return [(one.who, one.state) for one in consents.listed(household)]


def test_an_answer_is_a_yes_or_a_no_of_all_or_of_one_with_one_undo(
    circle: Circle, family: Family, consents: Consents
) -> None:
    given = {spec.name for spec in consents.form(family.household).specs}
    assert {"who", "answer", "scope", "given_on"} <= given
    consents.record(family.household, ASKED)
    assert states(consents, family.household) == [("All of them", "agreed")]
    no = {**ASKED, "who": str(family.resident), "answer": "refused", "given_on": "2026-03-02"}
    consents.record(family.household, no)
    assert states(consents, family.household) == [(NAME, "refused"), ("All of them", "agreed")]
    assert "phones" not in {spec.name for spec in circle.office.people.form(family.household, family.member).specs}
    circle.office.records.undo()
    assert "phones" in {spec.name for spec in circle.office.people.form(family.household, family.member).specs}
    unclear = ({"who": "5"}, "who"), ({"given_on": "2026-03-19"}, "given_on"), ({"answer": "no"}, "answer")
    for wrong, at in (*unclear, ({"answer": None}, "answer")):
        with pytest.raises(Invalid) as found:
            consents.record(family.household, {**ASKED, **wrong})
        assert set(found.value.faults) == {at}


def test_a_refusal_ends_what_was_agreed_to_before(circle: Circle, family: Family, consents: Consents) -> None:
    consents.record(family.household, ASKED)
    consents.record(family.household, {**ASKED, "answer": "refused", "given_on": "2026-03-05"})
    assert states(consents, family.household) == [
        ("All of them", "refused"), ("All of them", "withdrawn on 5 Mar"),
    ]  # fmt: skip
    assert circle.office.audit.everywhere(limit=1)[0].about == f"Consent {consents.listed(family.household)[0].id}"


def test_a_refusal_reaches_as_far_as_what_was_asked(circle: Circle, family: Family, consents: Consents) -> None:
    def offered() -> set[str]:
        asked = {spec.name for spec in circle.office.people.form(family.household, family.member).specs}
        return asked & {"phones", "birth_date", "note"}

    home, all_three = family.household, {"phones", "birth_date", "note"}
    consents.record(home, {**ASKED, "answer": "refused", "purpose": "agency", "given_on": "2026-02-01"})
    assert "consent" in circle.office.households.file(home).strips, "nobody said yes to a file yet, nor no"
    circle.office.records.undo()
    consents.record(home, ASKED)
    assert offered() == all_three
    agency = {**ASKED, "answer": "refused", "purpose": "agency", "given_on": "2026-03-02"}
    consents.record(home, agency)
    assert (offered(), consents.consequence(home).since) == (all_three, ""), "a no to handing on"
    assert [one.state for one in consents.listed(home)] == ["refused", "agreed"]
    consents.record(home, {**ASKED, "answer": "refused", "scope": "phone birth_date", "given_on": "2026-03-03"})
    assert (offered(), consents.consequence(home).since) == ({"note"}, ""), "a no to two things"
    newest, _, oldest = consents.listed(home)
    assert (newest.state, oldest.state, oldest.may_withdraw) == ("refused", "agreed", True)
    assert oldest.about.startswith("Name, relation and year of birth·"), "what is left of it"
    assert circle.office.households.paper.page(home, purpose="visit"), "they may be handed out"
    consents.record(home, {**ASKED, "scope": "phone", "given_on": "2026-03-04"})
    assert offered() == {"phones", "note"}
    consents.record(home, {**ASKED, "answer": "refused", "scope": "phone", "given_on": "2026-03-04"})
    assert offered() == {"note"}, "of one day the later word counts"
    consents.record(home, {**ASKED, "answer": "refused", "given_on": "2026-03-05"})
    assert (offered(), consents.consequence(home).since) == (set(), "2026-03-05"), "without the basics nothing is kept"


def test_what_was_refused_alone_is_let_go_of_alone(circle: Circle, family: Family, consents: Consents) -> None:
    home, get = family.household, circle.office.session.store.get
    circle.office.records.save("household", {"contact_phone": PHONE, "remark": "canary"}, home)
    consents.record(home, {**ASKED, "scope": "basic birth_date phone"})
    consents.record(home, {**ASKED, "answer": "refused", "scope": "phone", "given_on": "2026-03-02"})
    offered = consents.consequence(home)
    assert (offered.people, offered.home, offered.since, offered.records) == ((), False, "", 2)
    assert follow_words(offered) == [f"Goes, for they said no to it: {NAME}: Phone, All of them: Contact phone."]
    consents.carry_out(home)
    assert circle.office.session.store.db.checkpoint()
    assert found_in(circle.office.session.folder.database, (PHONE,), DEK) == set()
    assert (get("resident", family.resident) or {})["name"] == NAME
    assert (get("household", home) or {})["remark"] == "canary"
    assert consents.consequence(home).records == 0


def test_the_last_word_counts_in_whatever_order_it_is_written_down(family: Family, consents: Consents) -> None:
    consents.record(family.household, ASKED)
    consents.record(family.household, {**ASKED, "answer": "refused", "given_on": "2026-01-05"})
    assert [state for _, state in states(consents, family.household)] == ["agreed", "refused"]
    assert consents.consequence(family.household).since == ""
    consents.record(family.household, {**ASKED, "answer": "refused", "given_on": "2026-03-05"})
    consents.record(family.household, {**ASKED, "given_on": "2026-03-04"})
    assert [state for _, state in states(consents, family.household)] == [
        "refused", "withdrawn on 5 Mar", "withdrawn on 5 Mar", "refused",
    ]  # fmt: skip
    assert consents.consequence(family.household).since == "2026-03-05"
    consents.record(family.household, {**ASKED, "given_on": "2026-03-06"})
    assert consents.consequence(family.household).since == ""
    consents.record(family.household, {**ASKED, "given_on": "2026-03-18"})
    consents.withdraw(family.household, consents.listed(family.household)[0].id)
    assert [state for _, state in states(consents, family.household)][:2] == ["withdrawn on 18 Mar", "agreed"]
    assert consents.consequence(family.household).since == "", "what was agreed to before stands"


def test_what_is_withdrawn_counts_no_more_from_that_day(family: Family, consents: Consents) -> None:
    consents.record(family.household, ASKED)
    (known,) = consents.listed(family.household)
    for day in ("2026-03-19", "2026-02-28"):
        with pytest.raises(Problem):
            consents.withdraw(family.household, known.id, day)
    assert known.about.endswith("·1 Mar"), "no day as it is stored"
    consents.withdraw(family.household, known.id)
    assert states(consents, family.household) == [("All of them", "withdrawn on 18 Mar")]
    assert not consents.listed(family.household)[0].may_withdraw
    with pytest.raises(NotFound):
        consents.withdraw(family.household, known.id)


def test_a_no_is_offered_and_carried_out_and_only_door_and_count_stay(
    circle: Circle, family: Family, consents: Consents
) -> None:
    save = circle.office.records.save
    listed = save("resident", {"name": "王小明", "status": "in_place", "basis": "official_ledger"}).id
    save("household_member", {"household_id": family.household, "resident_id": listed, "relation": "10"})
    save("household", {"remark": "canary-remark", "contact_phone": PHONE}, family.household)
    visit = made_visit(circle.office, family.household)
    save("visit", {"situation_note": "canary-note"}, visit)
    care = {"care_group": "C1", "basis": "family", "start_on": "2026-01-02", "review_on": "2026-03-04",
            "owner_id": circle.office.session.who, "resident_id": family.resident}  # fmt: skip
    care_id = save("care_membership", care).id
    other = circle.family(circle.office.devices.add_grid("第二网格"), "102", "李四", phones="13900000088")
    save("household", {"remark": f"找{NAME}"}, other.household)
    with pytest.raises(Problem):
        consents.carry_out(family.household)
    consents.record(family.household, {**ASKED, "answer": "refused"})
    offered = consents.consequence(family.household)
    assert (offered.people, offered.listed, offered.since) == ((NAME,), ("王小明",), "2026-03-01")
    get = circle.office.session.store.get
    assert (get("resident", family.resident) or {})["name"] == NAME, "it is only offered"
    before = circle.office.households.file(family.household)
    assert before.strips["no"].startswith("They said no on 1 Mar")
    with pytest.raises(Problem):
        circle.office.households.paper.page(family.household, purpose="visit")
    consents.carry_out(family.household)
    assert (get("resident", family.resident) or {})["name"] == "某居民"
    assert (get("resident", listed) or {})["name"] == "王小明"
    assert (get("visit", visit) or {})["outcome"] == "met_person"
    assert get("care_membership", care_id) is None
    assert circle.office.households.file(family.household).people == before.people
    assert circle.office.session.store.db.checkpoint()
    words = (NAME, PHONE, "canary-remark", "canary-note")
    assert found_in(circle.office.session.folder.database, words, DEK) == set()
    assert circle.office.audit.everywhere(limit=1)[0].action == "erase"
    assert consents.consequence(family.household).records == 0
    consents.carry_out(family.household, ledgers=True)
    assert (get("resident", listed) or {})["name"] == "某居民"


def test_of_who_stands_in_a_ledger_what_was_refused_alone_goes_when_the_office_says_so(
    circle: Circle, family: Family, consents: Consents
) -> None:
    home, get = family.household, circle.office.session.store.get
    circle.office.records.save("resident", {"basis": "official_ledger"}, family.resident)
    consents.record(home, {**ASKED, "scope": "basic birth_date phone"})
    consents.record(home, {**ASKED, "answer": "refused", "scope": "phone", "given_on": "2026-03-02"})
    offered = consents.consequence(home)
    assert (offered.listed, offered.parts, offered.records) == ((f"{NAME}: Phone",), (), 0)
    assert consents.consequence(home, ledgers=True).records == 1
    consents.carry_out(home, ledgers=True)
    assert (get("resident", family.resident) or {})["phones"] is None
    assert (get("resident", family.resident) or {})["name"] == NAME


def test_what_was_said_of_matters_that_are_over_goes_and_what_is_open_stays(
    circle: Circle, family: Family, consents: Consents, tmp_path: Path
) -> None:
    save, home = circle.office.records.save, {"household_id": family.household}
    save("household", {"remark": "canary-remark"}, family.household)
    need = {**home, "title": "装扶手", "need_kind": "living", "raised_on": "2026-03-01"}
    over = save("need", {**need, "title": "canary-wish", "status": "done", "words": "canary-need",
                         "answer": "canary-answer"}).id  # fmt: skip
    held = save("need", {**need, "status": "collected", "words": "open-need"}).id
    request = {**home, "requested_on": "2026-03-01", "item": "办证", "received_by": "canary-received"}
    save("service_request", {**request, "materials": "canary-papers", "finished_on": "2026-03-02"})
    issue = save("issue", {**home, "title": "canary-title", "place_text": "canary-place", "category": "B",
                           "severity": "S3", "summary": "canary-summary", "words": "canary-words",
                           "reported_at": "2026-03-02T01:00:00Z"}).id  # fmt: skip
    save("issue_party", {"issue_id": issue, "resident_id": family.resident, "display_name": NAME, "phone": PHONE})
    save("issue_step", {"issue_id": issue, "action": "reject", "at": "2026-03-03T01:00:00Z", "note": "canary-step",
                        "actor_id": circle.office.session.who})  # fmt: skip
    save("visit", {"backdated_reason": "canary-late"}, made_visit(circle.office, family.household))
    drawer = tmp_path / "drawer"
    drawer.mkdir()
    circle.office.backups.make(drawer)
    drawer.rename(tmp_path / "taken-away")
    consents.record(family.household, {**ASKED, "answer": "refused", "witness": "canary-witness"})
    offered = consents.consequence(family.household)
    assert (offered.people, offered.home, offered.held) == ((NAME,), True, ("the household itself",))
    assert any("matters that are over" in line for line in follow_words(offered))
    assert consents.carry_out(family.household).elsewhere == (str(drawer),)
    assert circle.office.session.store.db.checkpoint()
    told = ("need", "answer", "received", "papers", "summary", "words", "late", "wish", "title", "place", "step",
            "witness")  # fmt: skip
    words = [f"canary-{word}" for word in told]
    assert found_in(circle.office.session.folder.database, (NAME, PHONE, *words), DEK) == set()
    get = circle.office.session.store.get
    assert [(get("need", over) or {})["title"], (get("issue", issue) or {})["title"]] == ["某需求", "某事件"]
    assert (get("household", family.household) or {})["remark"] == "canary-remark", "a need is open"
    assert (get("need", held) or {})["words"] == "open-need"
    save("need", {"status": "done"}, held)
    consents.carry_out(family.household)
    assert (get("household", family.household) or {})["remark"] is None


@pytest.mark.parametrize("basis", ["official_list", "visit_consent"])
def test_whom_they_named_for_an_emergency_goes_whatever_the_basis_of_the_care(
    circle: Circle, family: Family, consents: Consents, basis: str
) -> None:
    care = {"resident_id": family.resident, "care_group": "C3", "basis": basis, "start_on": "2026-03-01"}
    named = circle.office.records.save("care_membership", {**care, "review_on": "2026-06-01"}).id
    told = {"care_id": named, "name": "canary-daughter", "phone": "13800000142"}
    contact = circle.office.records.save("care_contact", told).id
    consents.record(family.household, {**ASKED, "answer": "refused"})
    consents.carry_out(family.household)
    assert circle.office.session.store.db.checkpoint()
    words = ("canary-daughter", "13800000142")
    assert found_in(circle.office.session.folder.database, words, DEK) == set()
    get = circle.office.session.store.get
    assert get("care_contact", contact) is None
    assert (get("care_membership", named) is None) is (basis != "official_list")


def test_an_open_issue_keeps_who_is_a_party_of_it(circle: Circle, family: Family, consents: Consents) -> None:
    reported = {"title": "canary", "category": "B", "severity": "S3", "reported_at": "2026-03-02T01:00:00Z"}
    issue = circle.office.records.save("issue", reported).id
    circle.office.records.save("issue_party", {"issue_id": issue, "resident_id": family.resident, "display_name": NAME})
    consents.record(family.household, {**ASKED, "answer": "refused"})
    offered = consents.consequence(family.household)
    assert (offered.people, offered.held) == ((), (NAME,))


def test_a_laptop_records_a_no_and_the_office_carries_it_out(circle: Circle, family: Family) -> None:
    grid = circle.office.devices.add_grid("第三网格")
    far = circle.family(grid, "103", "赵六", phones="")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.erasing.consents.record(far.household, {**ASKED, "answer": "refused"})
    with pytest.raises(Denied):
        laptop.erasing.consents.carry_out(far.household)
    circle.round(laptop)
    for workspace in (laptop, circle.office):
        workspace.drafts.keep(f"visit:{far.household}", {"note": "她说的话"})
        workspace.drafts.keep("report:new", {"note": "楼道的灯"})
    circle.office.erasing.consents.carry_out(far.household)
    circle.round(laptop)
    assert (laptop.session.store.get("resident", far.resident) or {})["name"] == "某居民"
    for workspace in (laptop, circle.office):
        assert [one.name for one in workspace.drafts.all()] == ["report:new"], "what they told goes unsaved too"


def test_a_no_stands_when_an_older_yes_comes_in_from_a_laptop(circle: Circle) -> None:
    far = circle.family(grid := circle.office.devices.add_grid("第三网格"), "103", "赵六", phones="")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.erasing.consents.record(far.household, {**ASKED, "given_on": "2026-03-03"})
    circle.office.erasing.consents.record(far.household, {**ASKED, "answer": "refused", "given_on": "2026-03-05"})
    circle.round(laptop)
    for workspace in (circle.office, laptop):
        assert states(workspace.erasing.consents, far.household) == [
            ("All of them", "refused"),
            ("All of them", "over"),
        ]
        assert workspace.erasing.consents.consequence(far.household).people == ("赵六",)


def test_a_ledger_brings_nobody_back_behind_a_door_that_said_no_without_a_word(
    circle: Circle, family: Family, consents: Consents, tmp_path: Path
) -> None:
    consents.record(family.household, {**ASKED, "answer": "refused"})
    consents.carry_out(family.household)
    rows = [[NAME, "3", "1", "101"], ["李四", "3", "1", "102"]]
    write_table(tmp_path / "ledger.xlsx", Table("台账", ("姓名", "楼栋", "单元", "室"), rows))
    grid = circle.office.devices.grid("第一网格")
    told = {row.name: row for row in circle.office.rosters.preview(tmp_path / "ledger.xlsx", grid).rows}
    assert ("said no" in " ".join(told[NAME].reasons), told[NAME].suspect) == (True, True)
    assert not told["李四"].suspect


def test_who_said_no_is_in_no_ledger_that_leaves(
    circle: Circle, family: Family, consents: Consents, tmp_path: Path
) -> None:
    grid = circle.office.devices.add_grid("第二网格")
    circle.family(grid, "102", "李四", phones="13900000088")
    made_visit(circle.office, family.household)
    consents.record(family.household, {**ASKED, "answer": "refused"})
    home = {"household_id": family.household}
    circle.office.records.save("service_request", {**home, "requested_on": "2026-03-01", "item": "办证",
                                                   "materials": "陈的户口簿"})  # fmt: skip
    circle.office.records.save("need", {**home, "title": "装扶手", "need_kind": "living", "status": "done",
                                        "raised_on": "2026-03-01", "answer": "陈家装好了"})  # fmt: skip
    for ledger in ("residents", "households", "visits", "requests", "needs"):
        path = tmp_path / f"{ledger}.csv"
        count = circle.office.rosters.export(ExportWish(path, "report", ledger=ledger))
        text = path.read_text("utf-8-sig")
        assert "陈" not in text, ledger
        assert "0142" not in text, ledger
        assert count == {"residents": 1, "households": 2}.get(ledger, 1)
    assert "李四" in (tmp_path / "residents.csv").read_text("utf-8-sig")
    assert (tmp_path / "households.csv").read_text("utf-8-sig").count("101") == 1
