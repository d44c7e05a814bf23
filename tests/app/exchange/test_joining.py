"""What making one of two leaves behind: nothing that was written is lost, and an undo finds everything again."""

from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from gridworker.app.exchange.joining import Joining
from gridworker.app.exchange.views import Merged
from gridworker.app.inbox.duplicate_views import Copy, Pair
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, Problem
from gridworker.record import Value
from gridworker.store.tables.changes import Change
from tests.app.inbox.test_duplicates import NUMBER, asked, building, everything, laptops, values, written
from tests.circle import Circle, made_visit
from tests.village import Home

__all__ = ["laptops"]  # a fixture

Two = tuple[Workspace, Workspace]


def written_twice(circle: Circle, two: Two, rooms: tuple[str, str] = ("202", "202")) -> list[Home]:
    """The same person on both laptops, taken in at the office."""
    found = []
    for laptop, room in zip(two, rooms, strict=True):
        circle.clock.move(minutes=5)
        found.append(written(laptop, building(circle), room, birth_date="1973-02-03"))
    for laptop in two:
        circle.hand_in(laptop)
    return found


def join(circle: Circle) -> int:
    (pair,) = asked(circle.office)
    return circle.office.merge.duplicates.same(pair, pair.one.record).batch


def said_of(at: Workspace, kind: str, record: int, field: str) -> set[object]:
    """All that a field ever was, by its own history."""
    changes = [change for event in at.records.history(kind, record) for change in event.changes]
    return {change.after for change in changes if change.field == field}


def care(at: Workspace, resident: int, **told: Value) -> int:
    whole = {"resident_id": resident, "care_group": "C2", "basis": "family", "start_on": "2026-03-01",
             "review_on": "2026-06-01"}  # fmt: skip
    return at.records.save("care_membership", {**whole, **told}).id


def test_a_care_file_and_a_door_that_both_had_keep_what_either_said(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", birth_date="1973-02-03")
    second = written(other, building(circle), "202", birth_date="1973-02-03")
    kept = care(one, first.people["李红"], reason_note="独居")
    care(other, second.people["李红"], reason_note="摔过一跤", cadence="V2", priority_services="P4")
    one.records.save("dwelling", {"hazard_note": "门前有台阶"}, first.dwelling)
    other.records.save("dwelling", {"hazard_note": "电线老化", "vacancy": "occupied"}, second.dwelling)
    for laptop in laptops:
        circle.hand_in(laptop)
    before = everything(circle.office)
    batch = join(circle)
    care_file = values(circle.office, "care_membership", kept)
    assert (care_file["reason_note"], care_file["cadence"]) == ("独居", "V2")
    assert said_of(circle.office, "care_membership", kept, "reason_note") == {"独居", "摔过一跤"}
    assert values(circle.office, "dwelling", first.dwelling)["hazard_note"] == "门前有台阶\n电线老化"
    assert len(circle.office.records.page("care_membership")) == 1
    circle.office.records.undo_batch(batch)
    assert everything(circle.office) == before


def test_what_the_one_that_goes_said_is_in_the_history_of_the_one_that_stays(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    written(other, building(circle), "301", "李宏", birth_date="1973-02-03", id_number=NUMBER)
    circle.clock.move(minutes=5)
    first = written(one, building(circle), "202", birth_date="1973-02-03")
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    circle.office.merge.duplicates.same(pair, first.people["李红"])
    assert values(circle.office, "resident", first.people["李红"])["name"] == "李红"
    circle.round(*laptops)
    for at in (circle.office, *laptops):
        assert said_of(at, "resident", first.people["李红"], "name") == {"李红", "李宏"}


def test_a_conflict_that_names_the_one_that_goes_names_the_other(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    third = written(one, building(circle), "401", "王五")
    circle.hand_in(one)
    circle.round(*laptops)
    circle.office.records.save("household", {"head_id": first.people["李红"]}, third.id)
    other.records.save("household", {"head_id": second.people["李红"]}, third.id)
    circle.hand_in(other)
    assert [one.record for one in circle.office.merge.conflicts()] == [third.id]
    batch = join(circle)
    assert circle.office.merge.conflicts() == [], "both name the same person now"
    assert values(circle.office, "household", third.id)["head_id"] == first.people["李红"]
    circle.office.records.undo_batch(batch)
    (conflict,) = circle.office.merge.conflicts()
    sides = {side.value for field in conflict.fields for side in field.sides}
    assert sides == {first.people["李红"], second.people["李红"]}


def test_a_record_in_conflict_is_not_made_one_with_another(circle: Circle, laptops: Two) -> None:
    _, other = laptops
    _, second = written_twice(circle, laptops, ("202", "301"))
    circle.round(*laptops)
    circle.office.records.save("resident", {"sex": "1"}, second.people["李红"])
    other.records.save("resident", {"sex": "9"}, second.people["李红"])
    circle.hand_in(other)
    before = everything(circle.office)
    with pytest.raises(Problem, match="Settle that conflict first"):
        join(circle)
    assert everything(circle.office) == before


def test_what_comes_while_two_are_made_one_is_not_written_over_unseen(
    circle: Circle, laptops: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watched folder takes bundles in beside the window: one that comes between reading and writing waits."""
    one, other = laptops
    first = written(one, building(circle), "202", birth_date="1973-02-03", phones="13900000001")
    circle.clock.move(minutes=5)
    written(other, building(circle), "202", birth_date="1973-02-03", phones="13900000002")
    for laptop in laptops:
        circle.hand_in(laptop)
    person = first.people["李红"]
    one.records.save("resident", {"phones": "13900000003"}, person)
    bundle = one.exchange.pack(circle.stick)
    taking, gathered = list[Future[Merged]](), Joining.changes

    def meanwhile(joining: Joining) -> list[Change]:
        monkeypatch.setattr(Joining, "changes", gathered)
        taking.append(pool.submit(circle.office.exchange.merge, bundle))
        wait(taking, timeout=2)
        return gathered(joining)

    monkeypatch.setattr(Joining, "changes", meanwhile)
    with ThreadPoolExecutor(1) as pool:
        join(circle)
        assert taking[0].result().problem is None
    (conflict,) = circle.office.merge.conflicts()
    sides = {side.value for field in conflict.fields for side in field.sides}
    assert sides == {"13900000001 13900000002", "13900000003"}


def test_a_late_visit_goes_back_when_they_are_two_again(circle: Circle, laptops: Two) -> None:
    _, other = laptops
    first, second = written_twice(circle, laptops)
    here, gone = first.people["李红"], second.people["李红"]
    batch = join(circle)
    late = made_visit(other, second.id, met=str(gone))
    circle.hand_in(other)
    seen = values(circle.office, "visit", late)
    assert (seen["household_id"], seen["met"]) == (first.id, str(here))
    undone = circle.office.records.undo_batch(batch)
    seen = values(circle.office, "visit", late)
    assert (seen["household_id"], seen["met"]) == (second.id, str(gone))
    with pytest.raises(Problem, match="Make one of them again"):
        circle.office.records.undo_batch(undone.commit.batch)
    batch = join(circle)
    assert values(circle.office, "visit", late)["met"] == str(here), "one again"
    circle.office.records.undo_batch(batch)
    assert values(circle.office, "visit", late)["met"] == str(gone)


def test_a_late_visit_goes_back_though_the_power_went_right_after_the_undo(
    circle: Circle, laptops: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other = laptops
    _, second = written_twice(circle, laptops, ("202", "301"))
    gone = second.people["李红"]
    batch = join(circle)
    late = made_visit(other, second.id, met=str(gone))
    other.records.save("resident", {"note": "右耳听不清"}, gone)
    circle.hand_in(other)
    with monkeypatch.context() as patched:
        patched.setattr("gridworker.app.exchange.following.part_again", lambda _session: pytest.fail("cut off"))
        with pytest.raises(BaseException, match="cut off"):
            circle.office.records.undo_batch(batch)
    circle.close("office")
    circle.open("office")
    circle.round(*laptops)
    assert values(circle.office, "visit", late)["met"] == str(gone)
    assert values(circle.office, "resident", gone)["note"] == "右耳听不清"
    assert everything(circle.office) == everything(other)


def test_a_late_visit_goes_back_to_whom_it_named_by_way_of_two_that_are_parted_one_after_the_other(
    circle: Circle, laptops: Two
) -> None:
    """Between the two another pair is parted, that has nothing to do with them."""
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    third, fourth, fifth = (
        written(one, building(circle), room, name).people[name]
        for room, name in (("401", "李虹"), ("402", "王平"), ("403", "王萍"))
    )
    circle.hand_in(one)
    batch = join(circle)
    late = made_visit(other, second.id, met=str(gone))
    circle.hand_in(other)
    same = circle.office.merge.duplicates.same
    last = same(Pair("resident", Copy(third, "", "", ""), Copy(here, "", "", ""), (), (), ""), third).batch
    strange = same(Pair("resident", Copy(fourth, "", "", ""), Copy(fifth, "", "", ""), (), (), ""), fourth).batch
    for undone, who in ((strange, third), (last, here), (batch, gone)):
        circle.office.records.undo_batch(undone)
        assert values(circle.office, "visit", late)["met"] == str(who)


def test_a_late_visit_that_followed_two_steps_at_once_goes_back_step_by_step(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    third = written(one, building(circle), "401", "李虹").people["李虹"]
    circle.hand_in(one)
    batch = join(circle)
    pair = Pair("resident", Copy(third, "", "", ""), Copy(here, "", "", ""), (), (), "")
    last = circle.office.merge.duplicates.same(pair, third).batch
    late = made_visit(other, second.id, met=str(gone))
    circle.hand_in(other)
    assert values(circle.office, "visit", late)["met"] == str(third)
    for undone, who in ((last, here), (batch, gone)):
        circle.office.records.undo_batch(undone)
        assert values(circle.office, "visit", late)["met"] == str(who)


def test_a_disk_that_is_full_once_a_bundle_is_in_puts_off_what_follows_it(
    circle: Circle, laptops: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    join(circle)
    late = made_visit(other, second.id, met=str(gone))

    def full(*_: object) -> bool:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.app.exchange.following.follow_joined", full)
        (merged,) = circle.office.exchange.merge_all([other.exchange.pack(circle.stick)])
        assert merged.problem is None
    assert values(circle.office, "visit", late)["met"] == str(gone)
    circle.hand_in(one)
    assert values(circle.office, "visit", late)["met"] == str(here)


@pytest.mark.parametrize("onward", [False, True])
def test_two_who_were_met_late_and_are_one_by_then_go_back_one_after_the_other(
    circle: Circle, laptops: Two, onward: bool
) -> None:
    """Both went into a third; or one of them into the other, and that one onward."""
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    third = written(one, building(circle), "401", "李虹").people["李虹"]
    circle.hand_in(one)
    batch = join(circle)
    keep, goes = (third, here) if onward else (here, third)
    pair = Pair("resident", Copy(keep, "", "", ""), Copy(goes, "", "", ""), (), (), "")
    last = circle.office.merge.duplicates.same(pair, keep).batch
    met = {gone, here} if onward else {gone, third}
    late = made_visit((other, one)[not onward], second.id if onward else first.id, met=" ".join(map(str, met)))
    circle.hand_in((other, one)[not onward])
    assert values(circle.office, "visit", late)["met"] == str(keep)
    for undone, who in ((last, {here} if onward else {here, third}), (batch, met)):
        circle.office.records.undo_batch(undone)
        assert set(map(int, str(values(circle.office, "visit", late)["met"]).split())) == who


def test_what_is_written_late_about_the_one_that_went_is_taken_over(circle: Circle, laptops: Two) -> None:
    _, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    batch = join(circle)
    other.records.save("resident", {"note": "右耳听不清", "phones": "13900000868"}, gone)
    circle.hand_in(other)
    left = values(circle.office, "resident", here)
    assert (left["note"], left["phones"]) == ("右耳听不清", "13900000868")
    assert ("resident", gone) not in everything(circle.office)
    assert circle.office.merge.conflicts() == []
    circle.office.records.undo_batch(batch)
    assert values(circle.office, "resident", gone)["note"] == "右耳听不清"
    assert values(circle.office, "household", second.id)["head_id"] == gone


def test_a_visit_to_somebody_who_is_head_and_no_member_follows(circle: Circle, laptops: Two) -> None:
    _, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    seen = made_visit(other, second.id, met=str(gone))
    for member in other.records.page("household_member", where={"household_id": second.id}):
        other.records.remove("household_member", member.id)
    circle.hand_in(other)
    join(circle)
    assert values(circle.office, "visit", seen)["met"] == str(here)


def test_an_office_restored_from_before_it_ends_with_the_same(circle: Circle, laptops: Two) -> None:
    """The act comes back from whoever had heard of it."""
    one, other = laptops
    first, second = written_twice(circle, laptops, ("202", "301"))
    circle.copy("office", "before")
    circle.open("office")
    join(circle)
    circle.round(one, other)
    after = everything(circle.office)
    circle.restore("office", "before")
    assert len(asked(circle.office)) == 1
    circle.round(one, other)
    circle.round(one, other)
    assert everything(circle.office) == everything(one) == everything(other) == after
    assert asked(circle.office) == []
    assert values(circle.office, "household", second.id)["head_id"] == first.people["李红"]


def test_who_was_met_in_another_home_follows_early_and_late_and_goes_back(circle: Circle, laptops: Two) -> None:
    """A visit may name a guest: no member of the household it went to, nor of any other."""
    one, other = laptops
    home = written(one, building(circle), "401", "王五")
    circle.hand_in(one)
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    circle.round(*laptops)
    both = f"{home.people['王五']} {gone}"
    early = made_visit(other, home.id, met=both)
    circle.hand_in(other)
    batch = join(circle)
    assert values(circle.office, "visit", early)["met"] == f"{home.people['王五']} {here}"
    late = [made_visit(other, home.id, met=both), made_visit(other, home.id, met=str(gone))]
    circle.hand_in(other)
    assert values(circle.office, "visit", late[0])["met"] == f"{home.people['王五']} {here}"
    assert values(circle.office, "visit", late[1])["met"] == str(here)
    later = made_visit(other, home.id, met=str(gone))
    circle.hand_in(other)
    assert values(circle.office, "visit", later)["met"] == str(here)
    circle.office.records.undo_batch(batch)
    for visit, met in ((early, both), (late[0], both), (late[1], str(gone)), (later, str(gone))):
        assert values(circle.office, "visit", visit)["met"] == met
