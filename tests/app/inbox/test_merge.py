"""Conflicts as people see them, and what settling one writes."""

from typing import Any

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.exchange.shown_words import merged_line
from gridworker.app.workspace import Workspace
from gridworker.cli.conflict import lines_of
from gridworker.domain.masking import HIDDEN
from gridworker.errors import Invalid, NotFound, Problem
from tests.circle import Circle, Family, delete, head, made_visit, phones, write_ahead


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """A laptop whose number for the resident stands against the office's."""
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    laptop.records.save("resident", {"phones": "13811110001"}, family.resident)
    circle.office.records.save("resident", {"phones": "13822220001"}, family.resident)
    circle.hand_in(laptop)
    return laptop


def reveals(office: Workspace) -> list[tuple[str, str]]:
    """What was shown in clear at the office, as the audit says it."""
    return [(row.about, row.detail) for row in office.audit.here(Filter(actions=("reveal",)))]


def test_what_pages_mask_is_shown_in_clear_only_on_record(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop
    office, numbers = circle.office, {"13811110001", "13822220001"}
    (field,) = office.merge.conflicts()[0].fields
    assert {side.shown for side in field.sides} == {"138****0001"}
    assert reveals(office) == []
    assert set(office.merge.reveal("resident", family.resident, "phones").values()) == numbers
    assert reveals(office) == [("Resident 陈建国", "Phone")]
    (told,) = office.merge.in_clear()
    assert {side.value for side in told.fields[0].sides} == numbers
    assert reveals(office) == [("Resident 陈建国", "Phone")] * 2
    with pytest.raises(NotFound):
        office.merge.reveal("resident", family.resident, "name")


def test_what_is_sensitive_is_hidden_as_a_whole(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    values = {"care_group": "C1", "basis": "own_request", "start_on": "2026-03-01", "review_on": "2026-06-01"}
    care = circle.office.records.save(
        "care_membership", {"resident_id": family.resident, "owner_id": circle.office.session.who, **values}
    ).id
    circle.round(laptop)
    for one, reason in ((laptop, "上月摔过"), (circle.office, "子女在外")):
        one.records.save("care_membership", {"reason_note": reason}, care)
    circle.hand_in(laptop)
    (field,) = circle.office.merge.conflicts()[0].fields
    assert {side.shown for side in field.sides} == {HIDDEN}


def test_the_list_for_people_masks_and_says_how_to_see_more(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop, family
    (conflict,) = circle.office.merge.conflicts()
    (line,) = lines_of(conflict)
    assert line.endswith("Phone: 138****0001 / 138****0001 (masked; --json shows them, on record)")


def test_who_may_not_see_numbers_gets_them_masked(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    del laptop, family
    monkeypatch.setattr(circle.office.session, "writer", "another window")
    (told,) = circle.office.merge.in_clear()
    assert {side.value for side in told.fields[0].sides} == {"138****0001"}
    assert reveals(circle.office) == []


def test_computers_and_households_are_called_as_elsewhere(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    laptop.records.save("household", {"remark": "周五在家"}, family.household)
    circle.office.records.save("household", {"remark": "周三在家"}, family.household)
    circle.hand_in(laptop)
    (conflict,) = circle.office.merge.in_clear()
    assert (conflict.door, conflict.caption) == ("3栋1单元101", "陈建国")
    assert {(side.laptop, side.device) for side in conflict.fields[0].sides} == {(0, "Office"), (1, "Laptop 1")}
    assert reveals(circle.office) == [], "a remark is masked nowhere"


def test_a_settled_conflict_stays_settled_everywhere(circle: Circle, laptop: Workspace, family: Family) -> None:
    (conflict,) = circle.office.merge.conflicts()
    assert (conflict.door, conflict.caption, conflict.title) == ("3栋1单元101", "陈建国", "3栋1单元101 陈建国")
    assert not conflict.waiting
    (field,) = conflict.fields
    assert field.can_keep_both
    both = circle.office.merge.both("resident", "phones", tuple(side.value for side in field.sides))
    circle.office.merge.resolve("resident", family.resident, {"phones": both})
    assert circle.office.merge.count() == 0
    circle.round(laptop)
    assert phones(laptop, family.resident) == phones(circle.office, family.resident) == both


def test_what_is_no_conflict_cannot_be_settled(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop
    with pytest.raises(NotFound):
        circle.office.merge.resolve("resident", family.resident, {"name": "陈"})
    with pytest.raises(NotFound):
        circle.office.merge.resolve("household", family.resident, {"phones": "13811110001"})
    with pytest.raises(Problem, match="Nothing was decided"):
        circle.office.merge.resolve("resident", family.resident, {})
    with pytest.raises(Problem, match="cannot keep both"):
        circle.office.merge.both("resident", "name", ("陈桂芳", "陈桂方"))


@pytest.fixture
def gone(circle: Circle, family: Family) -> int:
    """A household that the office deleted while a laptop wrote in it."""
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    laptop.records.save("household", {"remark": "周五在家"}, family.household)
    delete(circle.office, "household", family.household)
    circle.hand_in(laptop)
    return family.household


def test_only_a_clear_decision_keeps_or_deletes_a_record(circle: Circle, gone: int) -> None:
    """As JSON gives them: a word, nothing, a number that is neither one nor nought decide nothing."""
    office = circle.office
    waiting, before = office.merge.conflicts(), head(office)
    odds: tuple[Any, ...] = ("no", "0", "", None, 2, -5, 1.5, 1.0, 0.0, [], [1], {})
    for odd in odds:
        with pytest.raises(Invalid) as refused:
            office.merge.resolve("household", gone, {"alive": odd})
        assert str(refused.value) == "Keep or delete: Only true keeps the record, and only false deletes it."
    assert (office.merge.conflicts(), head(office)) == (waiting, before)
    for clear in (True, 1, False, 0):
        office.merge.resolve("household", gone, {"alive": clear})
        assert office.merge.count() == 0
        assert (office.session.store.get("household", gone) is not None) is bool(clear)
        office.records.undo()
        assert office.merge.conflicts() == waiting


def test_an_undone_decision_is_a_decision_taken_back(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Both sides wait again, each with who gave it and when, below the bundle that brought them; on the laptop too."""
    office = circle.office
    (arrival,) = office.merge.arrivals()
    told = office.merge.told(arrival.conflicts)
    shown = phones(office, family.resident)
    office.merge.resolve("resident", family.resident, {"phones": "13833330001"})
    circle.reply(laptop)
    circle.clock.move(minutes=5)
    assert office.records.undo().kept == 0
    assert office.merge.arrivals() == [arrival]
    assert office.merge.told(arrival.conflicts) == told
    assert phones(office, family.resident) == shown
    circle.round(laptop)
    assert laptop.merge.conflicts() == told
    assert phones(laptop, family.resident) == shown
    office.merge.resolve("resident", family.resident, {"phones": "13844440001"})
    circle.round(laptop)
    assert office.merge.count() == laptop.merge.count() == 0
    assert phones(laptop, family.resident) == "13844440001"
    assert not office.care_of_store.check()


def test_conflicts_stand_with_the_bundle_that_brought_them(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop, family
    (arrival,) = circle.office.merge.arrivals()
    assert (arrival.worker, arrival.grids, len(arrival.conflicts)) == ("周敏", ("第一网格",), 1)
    assert circle.office.merge.unclaimed([arrival]) == []
    assert len(circle.office.merge.unclaimed([])) == 1


def test_a_list_without_counts_has_the_same_bundles(circle: Circle, laptop: Workspace, family: Family) -> None:
    merge = circle.office.merge
    (arrival,), (uncounted,) = merge.arrivals(), merge.arrivals(counted=False)
    assert (uncounted.trip, uncounted.worker, uncounted.conflicts) == (arrival.trip, "周敏", ())
    named = merge.unclaimed([uncounted])
    assert named == list(arrival.conflicts) == [("resident", family.resident)]
    assert merge.told(named) == merge.conflicts()
    merge.resolve(*named[0], {"phones": "13833330001"})
    assert merge.told(named) == []
    assert merge.unclaimed([]) == []
    del laptop


def test_what_came_of_a_newer_version_is_counted(circle: Circle, family: Family) -> None:
    """Both ways, and told of each bundle for itself; a laptop's next one says nothing of it."""
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    write_ahead(laptop, family.resident)
    merged = circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    assert merged.newer == 3
    assert merged_line(merged).endswith("3 entries of a newer version came too: they are kept, and show once this "
                                        "program is up to date.")  # fmt: skip
    made_visit(laptop, family.household)
    merged = circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    assert merged.newer == 0
    assert "newer" not in merged_line(merged)
    assert [arrival.newer for arrival in circle.office.merge.arrivals()] == [0, 3]
    write_ahead(circle.office, family.resident)
    reply = circle.office.exchange.pack(circle.stick, 1)
    (received,) = laptop.exchange.merge_all([reply])
    assert received.newer == 2, "what lies in no grid stays at the office"


def test_undo_passes_a_merge_over_and_says_so(circle: Circle, family: Family) -> None:
    office, grid = circle.office, circle.office.devices.grids()[0][0]
    laptop = circle.enrol("周敏", grid)
    office.records.save("household", {"remark": "周三在家"}, family.household)
    assert not office.records.undo().merge_stands, "nothing was merged"
    office.records.save("household", {"remark": "周四在家"}, family.household)
    circle.hand_in(laptop)
    undone = office.records.undo()
    assert (undone.act, undone.merge_stands) == ("edit", True)
    office.records.save("household", {"remark": "周五在家"}, family.household)
    assert not office.records.undo().merge_stands, "what was done after the merge"
    laptop.exchange.merge(office.exchange.pack(circle.stick, 1))
    with pytest.raises(NotFound, match="The bundle that was merged stands"):
        laptop.records.undo()


def test_every_record_of_a_household_is_called_by_its_door(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    save = circle.office.records.save
    issue = save(
        "issue",
        {
            "title": "楼道灯不亮",
            "household_id": family.household,
            "category": "F",
            "severity": "S3",
            "reported_at": "2026-03-18T01:00:00Z",
        },
    ).id
    circle.round(laptop)
    edits = {
        ("household_member", family.member): "valid_from",
        ("dwelling", family.dwelling): "hazard_note",
        ("issue", issue): "summary",
    }
    for (kind, record), field in edits.items():
        laptop.records.save(kind, {field: "2020-01-01" if field == "valid_from" else "一"}, record)
        save(kind, {field: "2020-02-02" if field == "valid_from" else "二"}, record)
    circle.hand_in(laptop)
    assert [conflict.title for conflict in circle.office.merge.conflicts()] == [
        "3栋1单元101",
        "3栋1单元101 陈建国",
        "3栋1单元101 楼道灯不亮",
    ]


def test_a_side_that_came_while_two_were_looked_at_is_not_settled_unseen(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A watched folder takes bundles in beside the window."""
    office = circle.office
    (seen,) = office.merge.conflicts()
    laptop.records.save("resident", {"phones": "13811110009"}, family.resident)
    circle.hand_in(laptop)
    (now,) = office.merge.conflicts()
    assert not now.clks <= seen.clks
    before = head(office)
    with pytest.raises(Problem, match="changed in the meantime"):
        office.merge.resolve("resident", family.resident, {"phones": "13822220001"}, seen.clks)
    assert head(office) == before
    office.merge.resolve("resident", family.resident, {"phones": "13822220001"}, now.clks)
    assert office.merge.conflicts() == []
    assert phones(office, family.resident) == "13822220001"
