"""The same person or household written down on two laptops: the pair with its reasons, one of two, or two after all."""

import pytest

from gridworker.app.inbox.duplicate_views import Pair
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.store.history import histories
from gridworker.store.tables.changes import Change
from tests.circle import Circle, made_visit
from tests.village import Home

NUMBER = "11010519491231002X"


def written(at: Workspace, building: int, room: str, name: str = "李红", **values: Value) -> Home:
    """A household of one person as a worker writes it down."""
    save = at.records.save
    door = save("dwelling", {"building_id": building, "unit_no": "1", "room_no": room}).id
    person = save("resident", {"name": name, "status": "in_place", "sex": "2", **values}).id
    home = save("household", {"dwelling_id": door, "head_id": person, "status": "active"}).id
    save("household_member", {"household_id": home, "resident_id": person, "relation": "02"})
    return Home(home, door, {name: person})


@pytest.fixture
def laptops(circle: Circle) -> tuple[Workspace, Workspace]:
    """Two laptops that hold one grid."""
    grid = circle.office.devices.add_grid("第一网格")
    circle.office.records.save("building", {"grid_id": grid, "building_name": "3"})
    return circle.enrol("周敏", grid), circle.enrol("赵海", grid)


def building(circle: Circle) -> int:
    return circle.office.records.page("building")[0].id


def asked(office: Workspace) -> list[Pair]:
    return [pair for found in office.merge.duplicates.pairs(office.merge.arrivals()).values() for pair in found]


def values(at: Workspace, kind: str, record: int) -> dict[str, object]:
    return dict(at.records.show(kind, record).values)


def everything(at: Workspace) -> dict[tuple[str, int], object]:
    kinds = ("household", "household_member", "resident", "dwelling", "care_membership", "visit")
    return {(kind, one.id): one.values for kind in kinds for one in at.records.page(kind, limit=100)}


def test_doors_that_are_called_the_same_are_told_apart_by_their_estates(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, _ = laptops
    written(one, building(circle), "202", birth_date="1973-02-03")
    grid = circle.office.records.page("grid", limit=1)[0].id
    there = circle.office.records.save(
        "building", {"grid_id": grid, "building_name": "3", "estate_name": "湖滨花园"}
    ).id
    written(circle.office, there, "202", birth_date="1973-02-03")
    circle.hand_in(one)
    (pair,) = asked(circle.office)
    lines = {line.label: line for line in pair.lines}
    assert {lines["Lives at"].one, lines["Lives at"].other} == {
        "3栋1单元202, Head of household", "湖滨花园 3栋1单元202, Head of household",
    }  # fmt: skip


def test_one_person_of_two_doors(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", phones="13900000867", birth_date="1973-02-03", note="在职")
    circle.clock.move(minutes=5)
    second = written(other, building(circle), "301", phones="13900000867 13900000868", birth_date="1973-02-03",
                     note="想找工作", id_number=NUMBER)  # fmt: skip
    visit = other.records.save("visit", {
        "household_id": second.id, "started_at": "2026-03-18T01:00:00Z", "visitor_id": other.session.who,
        "channel": "door", "outcome": "met_person", "visit_kind": "routine", "backdated_reason": "补记",
        "met": str(second.people["李红"]),
    }).id  # fmt: skip
    circle.hand_in(one)
    assert asked(circle.office) == []
    circle.hand_in(other)
    (pair,) = asked(circle.office)
    assert pair.facts == ("Same name", "Born on the same day", "Same phone", "In the same building")
    assert (pair.one.record, pair.other.record) == (first.people["李红"], second.people["李红"])
    assert ("周敏" in pair.one.made, "赵海" in pair.other.made) == (True, True)
    lines = {line.label: line for line in pair.lines}
    assert lines["Full name"].same
    assert "13900000867" not in lines["Phone"].one
    homes = ("3栋1单元202, Head of household", "3栋1单元301, Head of household")
    assert (lines["Lives at"].one, lines["Lives at"].other) == homes
    before = everything(circle.office)
    commit = circle.office.merge.duplicates.same(pair, pair.one.record)
    left = values(circle.office, "resident", pair.one.record)
    assert left["phones"] == "13900000867 13900000868"
    assert left["note"] == "在职\n想找工作"
    assert (left["id_number"], left["id_last4"]) == (NUMBER, "002X")
    assert ("resident", pair.other.record) not in everything(circle.office)
    assert values(circle.office, "household", second.id)["head_id"] == pair.one.record
    assert values(circle.office, "visit", visit)["met"] == str(pair.one.record)
    assert circle.office.households.file(second.id).home.name == "李红"
    assert asked(circle.office) == []
    circle.office.records.undo_batch(commit.batch)
    assert everything(circle.office) == before
    assert asked(circle.office) == [pair]


def test_one_household_with_its_people(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", "陈桂芳", birth_date="1948-02-01")
    second = written(other, building(circle), "202", "陈贵芳", birth_date="1948-02-01")
    other.people.add(second.id, {"name": "李强", "relation": "20", "birth_year": 1974})
    seen = made_visit(other, second.id)
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    assert (pair.kind, pair.one.record, pair.other.record) == ("household", first.id, second.id)
    assert pair.facts == ("Behind the same door", "1 person may be the same")
    before = everything(circle.office)
    commit = circle.office.merge.duplicates.same(pair, first.id)
    file = circle.office.households.file(first.id)
    assert [member.name for member in file.home.members] == ["陈贵芳", "李强"]
    assert [member.relation for member in file.home.members] == ["Head of household", "Son"]
    assert values(circle.office, "visit", seen)["household_id"] == first.id
    assert ("dwelling", second.dwelling) not in everything(circle.office)
    assert asked(circle.office) == []
    circle.office.records.undo_batch(commit.batch)
    assert everything(circle.office) == before


def test_everybody_a_visit_met_is_met_by_it_after_their_households_were_made_one(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", "陈桂芳", birth_date="1948-02-01")
    second = written(other, building(circle), "202", "陈贵芳", birth_date="1948-02-01")
    for laptop, home, name in ((one, first, "李强"), (other, second, "李墙")):
        laptop.people.add(home.id, {"name": name, "relation": "20", "birth_date": "1974-05-06"})
    here, gone = (
        [member.resident for member in laptop.households.file(home.id).home.members]
        for laptop, home in ((one, first), (other, second))
    )
    seen = made_visit(other, second.id, met=" ".join(map(str, gone)))
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    assert len(pair.people) == 2
    circle.office.merge.duplicates.same(pair, first.id)
    assert str(values(circle.office, "visit", seen)["met"]).split() == list(map(str, here))


def test_who_resembles_two_of_a_household_is_made_one_with_one_of_them(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    """Else the second would take the place of the first, with what was written of them."""
    one, other = laptops
    first = written(one, building(circle), "202", "陈桂芳", birth_date="1948-02-01")
    second = written(other, building(circle), "202", "陈贵芳", birth_date="1948-02-01", note="右耳听不清")
    other.people.add(second.id, {"name": "陈桂方", "relation": "50", "birth_date": "1948-02-01", "note": "住在客厅"})
    for laptop in laptops:
        circle.hand_in(laptop)
    pair = next(pair for pair in asked(circle.office) if pair.kind == "household")
    assert len(pair.people) == 1
    circle.office.merge.duplicates.same(pair, first.id)
    left = [member.resident for member in circle.office.households.file(first.id).home.members]
    assert len(left) == 2
    said = " ".join(str(values(circle.office, "resident", one)["note"]) for one in left)
    assert ("右耳听不清" in said, "住在客厅" in said) == (True, True)


def test_two_different_people_are_not_asked_about_again(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, other = laptops
    for laptop, room in ((one, "202"), (other, "301")):
        written(laptop, building(circle), room, phones="13900000867")
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    duplicates = circle.office.merge.duplicates
    duplicates.apart(pair)
    assert asked(circle.office) == []
    circle.close("office")
    assert asked(circle.open("office")) == [], "also after the window was closed"
    circle.office.merge.duplicates.ask_again(pair)
    assert asked(circle.office) == [pair]


@pytest.mark.parametrize(("mine", "theirs"), [
    ({"birth_date": "1973-02-03", "phones": "13900000867"}, {"birth_date": "1988-11-30", "phones": "13900000867"}),
    ({"id_last4": "0048", "phones": "13900000867"}, {"id_last4": "0056", "phones": "13900000867"}),
    ({"birth_year": 1973}, {"birth_year": 1973}),
    ({"phones": "13900000867"}, {"phones": "13900000867", "name": "李兰"}),
])  # fmt: skip
def test_what_speaks_against_it_or_says_little_is_not_asked(
    circle: Circle, laptops: tuple[Workspace, Workspace], mine: dict[str, Value], theirs: dict[str, Value]
) -> None:
    for laptop, room, told in zip(laptops, ("202", "301"), (mine, theirs), strict=True):
        written(
            laptop,
            building(circle),
            room,
            str(told.get("name", "李红")),
            **{k: v for k, v in told.items() if k != "name"},
        )
        circle.hand_in(laptop)
    assert asked(circle.office) == []


def test_what_a_laptop_writes_before_it_hears_of_it_follows(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", birth_date="1973-02-03")
    second = written(other, building(circle), "202", birth_date="1973-02-03")
    for laptop in laptops:
        circle.hand_in(laptop)
    circle.office.merge.duplicates.same(asked(circle.office)[0], first.id)
    late = made_visit(other, second.id)
    circle.hand_in(other)
    assert values(circle.office, "visit", late)["household_id"] == first.id
    circle.round(*laptops)
    assert all(values(laptop, "visit", late)["household_id"] == first.id for laptop in laptops)
    assert everything(one) == everything(other) == everything(circle.office)


def made_one(circle: Circle, laptops: tuple[Workspace, Workspace]) -> tuple[Home, Home]:
    """Two households of one person behind one door that was on the books twice; the laptops have not heard of it."""
    first, second = (written(one, building(circle), "202", birth_date="1973-02-03") for one in laptops)
    for laptop in laptops:
        circle.hand_in(laptop)
    circle.office.merge.duplicates.same(asked(circle.office)[0], first.id)
    return first, second


def test_who_was_met_on_a_late_visit_is_who_they_are_one_with(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    first, second = made_one(circle, laptops)
    late = made_visit(laptops[1], second.id, met=str(second.people["李红"]))
    circle.hand_in(laptops[1])
    assert values(circle.office, "visit", late)["met"] == str(first.people["李红"])


def test_a_household_that_a_late_edit_brought_back_follows_with_its_visit_and_who_was_met(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    first, second = made_one(circle, laptops)
    late = made_visit(laptops[1], second.id, met=str(second.people["李红"]))
    laptops[1].records.save("household", {"remark": "还住在这里"}, second.id)
    circle.hand_in(laptops[1])
    seen = values(circle.office, "visit", late)
    assert (seen["household_id"], seen["met"]) == (first.id, str(first.people["李红"]))


def test_who_moves_in_late_behind_a_door_that_went_is_behind_the_one_that_stays(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    """Else they would be in no grid, and nobody would see them any more."""
    first, second = made_one(circle, laptops)
    late = laptops[1].records.save("household", {"dwelling_id": second.dwelling, "status": "active"}).id
    circle.round(*laptops)
    assert values(circle.office, "household", late)["dwelling_id"] == first.dwelling
    assert everything(laptops[0]) == everything(laptops[1]) == everything(circle.office)


def test_erasing_one_of_two_reaches_what_went_into_it(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, other = laptops
    written(one, building(circle), "202", birth_date="1973-02-03")
    written(other, building(circle), "301", "李宏", birth_date="1973-02-03", phones="13900000868")
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    circle.office.merge.duplicates.same(pair, pair.one.record)
    circle.office.erasing.erase("resident", pair.one.record)
    with circle.office.session.store.cursor() as cursor:
        left = histories(cursor, (pair.one.record, pair.other.record))
    said = {change.after for events in left.values() for event in events for change in event.changes}
    assert said.isdisjoint({"李红", "李宏", "1973-02-03", "13900000868"})


def test_erasing_a_field_of_one_of_two_reaches_that_of_what_went_into_it(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, other = laptops
    written(one, building(circle), "202", birth_date="1973-02-03", phones="13900000867")
    written(other, building(circle), "301", "李宏", birth_date="1973-02-03", phones="13900000868")
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    circle.office.merge.duplicates.same(pair, pair.one.record)
    circle.office.erasing.erase("resident", pair.one.record, ["phones"])
    with circle.office.session.store.cursor() as cursor:
        left = histories(cursor, (pair.one.record, pair.other.record))
    said = {change.after for events in left.values() for event in events for change in event.changes}
    assert said.isdisjoint({"13900000867", "13900000868"})
    assert said >= {"李红", "李宏"}


def test_what_was_two_again_is_not_followed(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, other = laptops
    written(one, building(circle), "202", birth_date="1973-02-03")
    second = written(other, building(circle), "301", birth_date="1973-02-03")
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    commit = circle.office.merge.duplicates.same(pair, pair.one.record)
    circle.office.records.undo_batch(commit.batch)
    circle.office.session.write([Change("resident", pair.other.record, alive=False)], "delete")
    circle.hand_in(one)
    circle.office.exchange.merge_all([])
    assert values(circle.office, "household", second.id)["head_id"] == pair.other.record


def test_masked_values_that_differ_do_not_look_the_same(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    for laptop, room, phone in zip(laptops, ("202", "301"), ("13900000867", "13911110867"), strict=True):
        written(laptop, building(circle), room, birth_date="1973-02-03", phones=phone)
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    lines = {line.label: line for line in pair.lines}
    assert (lines["Phone"].one, lines["Phone"].same) == ("139****0867", False)
    assert lines["Phone"].one == lines["Phone"].other
    assert lines["Date of birth"].one == "1973-**-**"


def headless(at: Workspace, building: int, room: str, head: str, **values: Value) -> int:
    """A household of which no more is known than what its head is called."""
    door = at.records.save("dwelling", {"building_id": building, "unit_no": "1", "room_no": room}).id
    return at.records.save("household", {"dwelling_id": door, "head_name": head, "status": "active", **values}).id


def test_households_with_only_a_written_head_are_asked_about(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, other = laptops
    first = headless(one, building(circle), "202", "陈桂芳", people_count=2)
    headless(one, building(circle), "203", "陈桂芳")
    headless(one, building(circle), "202", "王五")
    circle.clock.move(minutes=5)
    second = headless(other, building(circle), "202", "陈贵芳", people_count=3, remark="狗凶")
    seen = made_visit(other, second)
    for laptop in laptops:
        circle.hand_in(laptop)
    (pair,) = asked(circle.office)
    assert (pair.kind, pair.one.record, pair.other.record) == ("household", first, second)
    assert pair.facts == ("Name sounds the same", "Behind the same door")
    assert (pair.one.name, pair.other.name, pair.heads) == ("陈桂芳", "陈贵芳", None)
    before = everything(circle.office)
    commit = circle.office.merge.duplicates.same(pair, first)
    assert values(circle.office, "visit", seen)["household_id"] == first
    kept = values(circle.office, "household", first)
    assert (kept["head_name"], kept["remark"]) == ("陈桂芳", "狗凶")
    assert asked(circle.office) == []
    circle.office.records.undo_batch(commit.batch)
    assert everything(circle.office) == before
    circle.office.merge.duplicates.apart(pair)
    assert asked(circle.office) == []
    circle.office.merge.duplicates.ask_again(pair)
    assert asked(circle.office) == [pair]


@pytest.mark.parametrize("keeps_person", [True, False])
def test_a_written_head_meets_the_person_it_is(
    circle: Circle, laptops: tuple[Workspace, Workspace], keeps_person: bool
) -> None:
    one, other = laptops
    whole = written(one, building(circle), "202", "陈桂芳", birth_date="1948-02-01")
    circle.hand_in(one)
    circle.clock.move(minutes=5)
    bare = headless(other, building(circle), "202", "陈贵芳", people_count=3)
    circle.hand_in(other)
    (pair,) = asked(circle.office)
    assert {pair.one.record, pair.other.record} == {whole.id, bare}
    keep = whole.id if keeps_person else bare
    circle.office.merge.duplicates.same(pair, keep)
    kept = values(circle.office, "household", keep)
    assert kept["head_id"] == whole.people["陈桂芳"]
    assert circle.office.households.file(keep).home.name == "陈桂芳"
    assert [row.id for row in circle.office.records.page("household")] == [keep]


def test_who_moved_out_or_lives_at_another_door_is_no_pair_by_a_written_name(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    one, other = laptops
    headless(one, building(circle), "202", "陈桂芳", status="moved_out", status_date="2026-01-01")
    headless(one, building(circle), "203", "陈桂芳")
    written(one, building(circle), "204", "李红")
    headless(other, building(circle), "202", "陈贵芳")
    headless(other, building(circle), "204", "李虹鱼")
    for laptop in laptops:
        circle.hand_in(laptop)
    assert asked(circle.office) == []
