"""One person's own file: everything about them and nobody else, on record before it leaves."""

import json
import tracemalloc
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path

import pytest

from gridworker.app.rights.person_file import PURPOSE, PersonFile
from gridworker.errors import DiskFull, NotFound
from tests.circle import Circle, Family, made_visit
from tests.pictures import photo, png


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


def file_of(circle: Circle, family: Family) -> PersonFile:
    return circle.office.person_files.read(family.resident)


def test_it_holds_what_is_about_them_unmasked_and_in_words(circle: Circle, family: Family) -> None:
    consent = {"purpose": "file", "scope": "phone", "method": "oral", "given_on": "2026-03-01"}
    circle.office.records.save("consent", {**consent, "resident_id": family.resident})
    file = file_of(circle, family)
    assert [entry.title for entry in file.entries] == ["Resident", "Member", "Consent", "Household"]
    assert ("Phone", "13800000142") in file.entries[0].fields
    assert file.name == "陈建国"


def told(file: PersonFile, kind: str) -> list[dict[str, object]]:
    return [{**one} for one in file.data if one["kind"] == kind]


def test_what_concerns_their_household_is_theirs_without_what_is_only_of_others(circle: Circle, family: Family) -> None:
    save = circle.office.records.save
    wife = save("resident", {"name": "王小明", "status": "in_place", "phones": "13900000077"}).id
    save("household_member", {"household_id": family.household, "resident_id": wife, "relation": "10"})
    save("household", {"remark": "王小明打13900000077联系", "contact_phone": "13900000077"}, family.household)
    met, other = made_visit(circle.office, family.household), made_visit(circle.office, family.household)
    words = {"situation_note": "王小明说要体检", "met_other": "canary-neighbour", "home_checks": "gas=problem"}
    save("visit", {"met": f"{family.resident} {wife}", **words}, met)
    save(
        "visit", {"met": str(wife), **words, "resident_words": "canary-words", "backdated_reason": "王小明病了"}, other
    )
    hers = {"resident_id": wife, "household_id": family.household}
    save("care_membership", {**hers, "care_group": "C1", "basis": "family", "reason_note": "canary-care",
                             "start_on": "2026-03-02", "review_on": "2026-05-01",
                             "owner_id": circle.office.session.who})  # fmt: skip
    asked = {"purpose": "file", "scope": "phone", "method": "oral", "given_on": "2026-03-02"}
    save("consent", {**hers, **asked})
    save("need", {"title": "装扶手", "need_kind": "living", "status": "collected", "raised_on": "2026-03-01",
                  "household_id": family.household, "words": "canary-words"})  # fmt: skip
    reported = {"category": "B", "severity": "S3", "reported_at": "2026-03-02T01:00:00Z", "words": "canary-words"}
    ours = save("issue", {"title": "燃气漏", **reported, "household_id": family.household}).id
    for title, more in (("canary-between", {}), ("canary-office", {"visibility": "office"})):
        between = save("issue", {"title": title, **reported, **more, "household_id": family.household}).id
        if not more:
            save("issue_party", {"issue_id": between, "resident_id": wife, "display_name": "王小明"})
    file = file_of(circle, family)
    assert "canary" not in json.dumps(file.data, ensure_ascii=False)
    assert "王小明" not in json.dumps(file.data, ensure_ascii=False)
    assert "13900000077" not in json.dumps(file.data, ensure_ascii=False)
    assert (told(file, "care_membership"), told(file, "consent")) == ([], [])
    (home,) = told(file, "household")
    assert home["remark"] == "王*明打139****0077联系"
    notes = {one["id"]: one.get("situation_note") for one in told(file, "visit")}
    assert notes == {met: "王*明说要体检", other: None}
    assert {one["home_checks"] for one in told(file, "visit")} == {"gas=problem"}
    assert [("Checks", "Gas Problem") in one.fields for one in file.entries if one.title == "Visit"] == [True, True]
    assert [one["title"] for one in told(file, "need")] == ["装扶手"]
    assert [one["id"] for one in told(file, "issue")] == [ours]


def test_of_others_nothing_stands_in_what_is_theirs(circle: Circle, family: Family) -> None:
    """In words that were written about them, in what their issue is called, and in what was changed."""
    save = circle.office.records.save
    wife = save("resident", {"name": "王小明", "status": "in_place", "phones": "13900000077"}).id
    save("household_member", {"household_id": family.household, "resident_id": wife, "relation": "10"})
    save("resident", {"note": "找王小明13900000077，自己的13800000142、0717-6234567、陈建国"}, family.resident)
    save("resident", {"phones": "13700000001 0717-6234567"}, family.resident)
    issue = {"title": "李四娘与陈建国争吵", "category": "B", "severity": "S3", "reported_at": "2026-03-02T01:00:00Z"}
    matter = save("issue", issue).id
    for name, more in (("陈建国", {"resident_id": family.resident}), ("李四娘", {"phone": "13900000088"})):
        save("issue_party", {"issue_id": matter, "display_name": name, **more})
    file = file_of(circle, family)
    text = repr(file.entries) + json.dumps([file.changes, file.data], ensure_ascii=False)
    assert [word for word in ("王小明", "李四娘", "13900000077", "13900000088") if word in text] == []
    (party,) = (entry for entry in file.entries if entry.title == "Party")
    assert ("Issue", "李*娘与陈建国争吵") in party.fields
    (own,) = told(file, "resident")
    assert own["note"] == "找王*明139****0077，自己的13800000142、0717-6234567、陈建国"
    assert any("13800000142 → 13700000001" in line for line in file.changes), "their own numbers, also of before"


def test_what_was_done_about_their_matters_and_for_their_household_is_theirs(circle: Circle, family: Family) -> None:
    save, grid = circle.office.records.save, circle.office.devices.add_grid("第二网格")
    reported = {"title": "燃气漏", "category": "B", "severity": "S3", "reported_at": "2026-03-02T01:00:00Z"}
    ours = save("issue", {**reported, "household_id": family.household}).id
    theirs = save("issue", reported).id
    save("issue_party", {"issue_id": theirs, "resident_id": family.resident, "display_name": "陈建国"})
    other = save("issue", {**reported, "household_id": family.household, "visibility": "office"}).id
    step = {"action": "accept", "at": "2026-03-02T02:00:00Z", "to_person": "canary-name"}
    steps = [
        save("issue_step", {**step, "issue_id": one, "note": f"canary-{word}"}).id
        for one, word in ((ours, "ours"), (theirs, "theirs"), (other, "other"))
    ]
    helped = {"name": "李四娘", "day": "2026-03-03", "hours": "2", "content": "送药"}
    save("volunteer_service", {**helped, "household_id": family.household})
    circle.office.handovers.ask(family.household, {"reason": "搬家", "to_grid_id": grid})
    file = file_of(circle, family)
    notes = {one["id"]: one.get("note") for one in told(file, "issue_step")}
    assert notes == {steps[0]: None, steps[1]: "canary-theirs"}
    assert [one["content"] for one in told(file, "volunteer_service")] == ["送药"]
    assert [one["reason"] for one in told(file, "handover_request")] == ["搬家"]
    assert not any(word in json.dumps(file.data, ensure_ascii=False) for word in ("canary-name", "李四娘"))


def test_texts_of_others_that_name_them_are_told_around_the_name_alone(circle: Circle, family: Family) -> None:
    save = circle.office.records.save
    other = circle.family(circle.office.devices.add_grid("第二网格"), "102", "李四", phones="13900000088")
    save("household", {"remark": "李四打13900000088找陈建国，" + "还有别的事。" * 8 + "canary-far"}, other.household)
    (named,) = (one for one in told(file_of(circle, family), "household") if one["id"] == other.household)
    assert "陈建国" in str(named["remark"])
    assert "canary-far" not in str(named)
    assert "13900000088" not in str(named)
    save("resident", {"name": "陈建国", "status": "in_place"})
    assert [one["id"] for one in told(file_of(circle, family), "household")] == [family.household]


def test_what_happened_before_they_came_or_after_they_left_is_not_theirs(circle: Circle, family: Family) -> None:
    save = circle.office.records.save
    visit = made_visit(circle.office, family.household)
    save("household_member", {"valid_to": "2026-03-18"}, family.member)
    assert [one["id"] for one in told(file_of(circle, family), "visit")] == [visit]
    assert told(file_of(circle, family), "household") == []
    save("household_member", {"valid_to": "2026-03-17"}, family.member)
    assert told(file_of(circle, family), "visit") == []


def test_entries_of_registers_that_name_them_are_theirs_unless_two_have_the_name(
    circle: Circle, family: Family
) -> None:
    save, day = circle.office.records.save, "2026-03-01"
    save("volunteer_service", {"name": "陈建国", "day": day, "hours": "2"})
    save("volunteer_service", {"name": "陈建", "day": day, "hours": "2"})
    save("post_assignment", {"post": "邻里岗", "holder": "陈建国"})
    save("service_request", {"requested_on": day, "item": "办证", "received_by": "陈建国"})
    wanted = {"volunteer_service": 1, "post_assignment": 1, "service_request": 1}

    def found() -> dict[str, int]:
        return dict(Counter(str(one["kind"]) for one in file_of(circle, family).data if one["kind"] in wanted))

    assert found() == wanted
    save("resident", {"name": "陈建国", "status": "in_place"})
    assert found() == {}


def test_it_says_who_looked(circle: Circle, family: Family) -> None:
    assert file_of(circle, family).looks == ()
    circle.office.people.reveal(family.resident, "phones")
    (look,) = file_of(circle, family).looks
    assert "Showed a masked value" in look
    circle.office.households.paper.page(family.household, purpose="request")
    looks = file_of(circle, family).looks
    assert len(looks) == 2, "a page of their household is of them too"
    assert "Printed a page" in looks[0]


def test_it_says_what_was_changed(circle: Circle, family: Family) -> None:
    circle.office.records.save("resident", {"note": "canary"}, family.resident)
    file = file_of(circle, family)
    (line,) = (line for line in file.changes if "canary" in line)
    assert line.startswith("Resident")
    number = circle.office.records.show("household", family.household).values["household_no"]
    assert any(line.startswith("Member") and line.endswith(f"Household: {number}") for line in file.changes)
    assert {"kind": "change", "words": line} in file.data


def test_what_leaves_is_on_record_and_reads_back(circle: Circle, family: Family, tmp_path: Path) -> None:
    file = file_of(circle, family)
    circle.office.person_files.write(file, tmp_path / "file.json")
    found = json.loads((tmp_path / "file.json").read_text("utf-8"))
    assert found[0]["name"] == "陈建国"
    (event,) = circle.office.records.page("audit_event", where={"action": "export"})
    assert (event.values["record"], event.values["purpose"]) == (family.resident, PURPOSE)
    assert "陈建国" not in str(event.values)


def test_the_photos_go_along_with_the_data(circle: Circle, family: Family, tmp_path: Path) -> None:
    """Those of the household and of visits that met them; not of a visit that met somebody else alone."""
    met, other = made_visit(circle.office, family.household), made_visit(circle.office, family.household)
    circle.office.records.save("visit", {"met": str(family.resident)}, met)
    add = circle.office.attachments.add
    home, seen = add("household", family.household, png()), add("visit", met, photo(1, 900), "yard")
    add("visit", other, photo(2, 900))
    file = file_of(circle, family)
    assert [entry.attachment for entry in file.entries if entry.attachment] == [seen.id, home.id]
    circle.office.person_files.write(file, tmp_path / "file.json")
    told = [one for one in json.loads((tmp_path / "file.json").read_text("utf-8")) if one["kind"] == "attachment"]
    show = circle.office.attachments.show
    assert {one["id"]: b64decode(one["content"]) for one in told} == {id_: show(id_) for id_ in (seen.id, home.id)}
    for path in (circle.folder / "office").glob("attachments/**/*"):
        if path.is_file():
            path.unlink()
    circle.office.attachments.tidy()
    circle.office.person_files.write(file, tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text("utf-8"))
    assert [one for one in again if "content" in one] == [], "and what is not here stands without"


def test_a_photo_of_others_whose_caption_names_them_is_not_theirs(
    circle: Circle, family: Family, tmp_path: Path
) -> None:
    """They are told the words around their name, and no more; one of their own is there once, named or not."""
    other = circle.family(circle.office.devices.add_grid("第九网格"), "102", "李四", phones="13900000088")
    add, met = circle.office.attachments.add, made_visit(circle.office, family.household)
    circle.office.records.save("visit", {"met": str(family.resident)}, met)
    own = add("visit", met, photo(1, 900), "陈建国家")
    theirs = add("household", other.household, png(), "李四家的，陈建国借用")
    add("visit", made_visit(circle.office, other.household), photo(3, 900), "与陈建国合影")
    file = file_of(circle, family)
    assert [entry.attachment for entry in file.entries if entry.attachment] == [own.id]
    circle.office.person_files.write(file, tmp_path / "file.json")
    told = [one for one in json.loads((tmp_path / "file.json").read_text("utf-8")) if one["kind"] == "attachment"]
    assert len(told) == 3
    assert [one["id"] for one in told if "content" in one] == [own.id]
    assert theirs.id in {one["id"] for one in told}


def test_a_photo_of_before_they_came_is_not_theirs(circle: Circle, family: Family) -> None:
    save = circle.office.records.save
    wife = save("resident", {"name": "王小明", "status": "in_place"}).id
    belongs = {"household_id": family.household, "resident_id": wife, "relation": "10", "valid_from": "2026-03-02"}
    save("household_member", belongs)
    taken = [
        circle.office.attachments.add("household", family.household, photo(seed, 900), taken_at=at).id
        for seed, at in enumerate(
            (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, tzinfo=UTC), None)
        )
    ]
    pictures = {
        resident: [entry.attachment for entry in circle.office.person_files.read(resident).entries if entry.attachment]
        for resident in (wife, family.resident)
    }
    assert pictures == {wife: taken[1:], family.resident: taken}, "a day begins here at 16:00 of the one before"


def test_photos_are_written_one_by_one(
    circle: Circle, family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred of them at once would take more memory than the whole window."""
    size, count = 200_000, 40
    for at in range(count):
        circle.office.attachments.add("household", family.household, png(), str(at))
    monkeypatch.setattr(circle.office.attachments, "show", lambda _attachment: bytes(size))
    file = file_of(circle, family)
    tracemalloc.start()
    circle.office.person_files.write(file, tmp_path / "file.json")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "file.json").stat().st_size > size * count
    assert most < 8 * size


def test_a_file_that_could_not_be_written_leaves_no_part_and_a_row_that_says_so(
    circle: Circle, family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(ENOSPC, "full")

    file = file_of(circle, family)
    with monkeypatch.context() as patch:
        patch.setattr("gridworker.store.engine.filesafe.os.fsync", full)
        with pytest.raises(DiskFull):
            circle.office.person_files.write(file, tmp_path / "file.json")
    assert not list(tmp_path.glob("file.json*"))
    rows = circle.office.records.page("audit_event", where={"action": "export"})
    assert sorted(str(row.values["detail"] or "") for row in rows) == ["", "unwritten"]


def test_nobody_has_no_file(circle: Circle) -> None:
    for read in (circle.office.person_files.read, circle.office.person_files.of_member):
        with pytest.raises(NotFound):
            read(5)
