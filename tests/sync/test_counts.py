"""What is told of a bundle: what it brought, and not what was here."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest

from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import StepDraft
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from gridworker.sync.counts import Counted, counts_of, counts_of_new
from tests.builders import make_store
from tests.circle import Circle
from tests.signing import lie

RESIDENT, NAME = 6, 1


@pytest.mark.parametrize(("here", "new"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_only_what_is_new_counts(tmp_path: Path, here: int, new: int) -> None:
    """With one double there are as many new ops as came: the note on record that they did is one of them."""
    store = make_store(tmp_path)
    rows = [OpRow(clk, RESIDENT, clk, int(What.CREATE), 0, pack_create({NAME: "陈建国"})) for clk in (64, 65, 66)]
    told: list[Mapping[str, int]] = []

    def take(some: list[OpRow]) -> None:
        with store.cursor() as cursor:
            counted = Counted.of(cursor, some)
        store.apply(
            Incoming(
                some, [Author(1, 0)], Act("merge", 1, always=True), b"bundle",
                beside=lambda connection, commit: told.append(
                    counts_of_new(raw_cursor(connection), store.chain_key, commit, counted).counts
                ),
            )
        )  # fmt: skip

    take(rows[:here])
    take(rows)
    assert told[-1] == ({"resident": new} if new else {})
    store.close()


def test_what_a_laptop_held_before_is_not_new_when_a_restored_office_sends_it_again(circle: Circle) -> None:
    """Neither on the card before it is taken in, nor after; what is new with it is."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "kept")
    circle.restore("office", "kept")
    circle.hand_in(laptop)
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    reply = circle.office.exchange.pack(circle.stick, laptop.session.store.identity.laptop)
    before = laptop.exchange.show(reply)
    trip = laptop.exchange.merge(reply).trip
    assert trip is not None
    assert trip.ops > 9, "all of it came once more"
    assert before.counts == trip.counts == laptop.exchange.show(reply).counts == {"changed": 1}


def test_what_was_set_aside_is_not_new_on_the_card_of_the_next_bundle(circle: Circle) -> None:
    grids = [circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格")]
    family, laptop = circle.family(grids[0]), circle.enrol("周敏", grids[1])
    vals = pack_edits(family.resident, [Edit(NAME, "陈建民", (family.resident,))])
    row = OpRow(laptop.session.store.new_id(), RESIDENT, family.resident, What.EDIT, 0, vals)
    circle.office.exchange.merge(lie(laptop, circle.stick / "one.gwb", [row]))
    assert circle.office.exchange.show(lie(laptop, circle.stick / "two.gwb", [row])).counts == {}


def test_a_person_counts_whom_and_what_they_wrote_down(circle: Circle) -> None:
    """A child is one, for all that is written with it; taken back it is none. A death is of one, and one household."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    born = laptop.life.do("born", family.household, {"name": "陈小宝", "birth_year": 2026})
    assert laptop.exchange.pending().counts == {"resident": 1}
    laptop.records.undo_batch(born.batch)
    assert laptop.exchange.pending().records == 0
    laptop.people.add(family.household, {"name": "李红", "relation": "10"})
    assert laptop.exchange.pending().records == 1
    laptop.life.do("died", family.household, {"one": str(family.resident), "day": "2026-03-18"})
    found = laptop.exchange.pending()
    assert found.counts == {"resident": 1, "changed": 2}
    bundle = laptop.exchange.pack(circle.stick)
    assert circle.office.exchange.show(bundle).counts == found.counts, "both ends count alike"


def test_what_was_changed_and_undone_is_nothing_to_hand_over(circle: Circle) -> None:
    """Nor is it at the other end. What is undone once it was handed over is: the office has it the other way."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    died = laptop.life.do("died", family.household, {"one": str(family.resident), "day": "2026-03-18"})
    assert laptop.exchange.pending().records > 1
    laptop.records.undo_batch(died.batch)
    assert laptop.exchange.pending().records == 0
    laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    assert laptop.exchange.pending().counts == {"changed": 1}, "of one that was led back and changed since"
    bundle = laptop.exchange.pack(circle.stick)
    assert circle.office.exchange.show(bundle).counts == {"changed": 1}
    trip = circle.office.exchange.merge(bundle).trip
    assert trip is not None
    assert trip.counts == {"changed": 1}
    circle.round(laptop)
    phone = laptop.records.save("resident", {"phones": "13800000010"}, family.resident)
    circle.hand_in(laptop)
    circle.round(laptop)
    laptop.records.undo_batch(phone.batch)
    assert laptop.exchange.pending().counts == {"changed": 1}


def test_a_bundle_of_nothing_but_what_was_undone_counts_none_at_both_ends(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    edit = laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    laptop.records.undo_batch(edit.batch)
    bundle = laptop.exchange.pack(circle.stick)
    assert laptop.exchange.pending().records == 0, "it took along both the change and the way back"
    assert circle.office.exchange.show(bundle).counts == {}
    trip = circle.office.exchange.merge(bundle).trip
    assert trip is not None
    assert (trip.counts, trip.ops > 0) == ({}, True)
    assert laptop.exchange.trips()[0].counts == {}


def test_what_is_undone_after_a_bundle_took_it_along_is_something_to_hand_over(circle: Circle) -> None:
    """The office may have it the other way, though no receipt says so; be it changed or written down."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    phone = laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.hand_in(laptop)
    laptop.records.undo_batch(phone.batch)
    assert circle.office.records.show("resident", family.resident).values["phones"] == "13800000009"
    assert laptop.exchange.pending().counts == {"changed": 1}
    laptop.exchange.pack(circle.stick)
    assert laptop.exchange.pending().counts == {"changed": 1}, "as long as that is not confirmed"
    circle.round(laptop)
    assert laptop.exchange.pending().records == 0
    person = laptop.people.add(family.household, {"name": "李红", "relation": "10"})
    circle.hand_in(laptop)
    laptop.records.undo_batch(person.batch)
    assert laptop.exchange.pending().counts == {"resident": 1}


def test_what_leads_back_beside_what_another_wrote_meanwhile_is_a_change(circle: Circle) -> None:
    """It stands against that for a person, so the office has to hear of it."""
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.office.records.save("resident", {"phones": "13900000009"}, family.resident)
    phone = laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    laptop.records.undo_batch(phone.batch)
    circle.reply(laptop)
    assert laptop.merge.count() == 1
    assert laptop.exchange.pending().counts == {"changed": 1}
    trip = circle.office.exchange.merge(laptop.exchange.pack(circle.stick)).trip
    assert trip is not None
    assert trip.counts == {"changed": 1}


def test_what_does_not_follow_one_upon_the_other_does_not_lead_back(tmp_path: Path) -> None:
    """Two lives of a laptop wrote into one field: that the later of the two says what was before takes nothing back."""
    store = make_store(tmp_path)
    made = OpRow(64, RESIDENT, 64, int(What.CREATE), 0, pack_create({NAME: "陈建国"}))
    store.apply(Incoming([made], [Author(1, 0)], Act("merge", 1), b"bundle"))
    ops = [
        OpRow(clk, RESIDENT, 64, int(What.EDIT), 0, pack_edits(64, [Edit(NAME, name, (over,))]))
        for clk, name, over in ((128, "陈建民", 64), (192, "陈建军", 128), (256, "陈建国", 128))
    ]
    with store.cursor() as cursor:
        assert counts_of(cursor, ops) == {"changed": 1}
        assert counts_of(cursor, [ops[0], ops[2]]) == {}
    store.close()


@pytest.mark.parametrize(("also", "left"), [((), {}), ((999,), {"changed": 1})])
def test_what_settles_against_somebody_else_is_no_way_back(
    tmp_path: Path, also: tuple[int, ...], left: Mapping[str, int]
) -> None:
    """The old value stands again; what another had written into the field meanwhile does not."""
    store = make_store(tmp_path)
    made = OpRow(64, RESIDENT, 64, int(What.CREATE), 0, pack_create({NAME: "陈建国"}))
    store.apply(Incoming([made], [Author(1, 0)], Act("merge", 1), b"bundle"))
    there = OpRow(128, RESIDENT, 64, int(What.EDIT), 0, pack_edits(64, [Edit(NAME, "陈建民", (64,))]))
    back = OpRow(192, RESIDENT, 64, int(What.RESOLVE), 0, pack_edits(64, [Edit(NAME, "陈建国", (128, *also))]))
    with store.cursor() as cursor:
        assert counts_of(cursor, [there, back]) == left
        assert counts_of(cursor, [there]) == {"changed": 1}
    store.close()


def test_a_report_counts_once_and_each_later_step(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    done = laptop.issues.report(IssueDraft("燃气软管老化", "C", "S2", household_id=family.household, summary="发硬。"))
    assert laptop.exchange.pending().counts == {"issue": 1}
    laptop.issues.take_step(done.issue, StepDraft("first_response"))
    assert laptop.exchange.pending().records == 2


def test_what_was_changed_very_often_costs_as_much_as_it_is_long(tmp_path: Path) -> None:
    """A laptop gone mad writes one field 24,000 times: eight times as much is no sixty-four times the work."""
    store, record = make_store(tmp_path), 1 << 40

    def takes(count: int) -> float:
        clks = range(record, record + (count + 1 << 16), 1 << 16)
        rows = [
            OpRow(clk, RESIDENT, record, What.EDIT, 0, pack_edits(record, [Edit(NAME, str(clk), (before,))]))
            for before, clk in pairwise(clks)
        ]
        began = process_time()
        with store.cursor() as cursor, collecting_paused():  # else it is the tests before that are counted
            assert counts_of(cursor, rows) == {"changed": 1}
        return process_time() - began

    few, many = (min(takes(count) for _ in range(3)) for count in (3000, 24_000))
    assert many < 40 * few
    store.close()
