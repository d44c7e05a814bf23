"""An office that was restored from before it made one of two: it hears of that from laptops, and late work follows.

What tells it is the log, so it does not matter what the office remembered beside it.
"""

from dataclasses import dataclass
from itertools import permutations

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import hear, joined
from gridworker.store.log.log import Columns
from gridworker.store.log.op import Edit, OpRow, What, into_in, pack_edits, seen_in, unpack_all
from gridworker.store.records import kind_named
from tests.app.exchange.test_joining import Two, said_of, written_twice
from tests.app.inbox.test_duplicates import asked, everything, laptops, values, written
from tests.circle import Circle, made_visit
from tests.village import Home

__all__ = ["laptops"]  # a fixture


@dataclass
class Restored:
    """An office that was put back to before the act; ``one`` had heard of it, ``other`` had not."""

    circle: Circle
    one: Workspace
    other: Workspace
    first: Home
    second: Home

    @property
    def office(self) -> Workspace:
        return self.circle.office

    @property
    def here(self) -> int:
        return self.first.people["李红"]

    @property
    def gone(self) -> int:
        return self.second.people["李红"]

    def settle(self) -> None:
        for _ in range(3):
            self.circle.round(self.one, self.other)


def restored(circle: Circle, laptops: Two, *, rooms: tuple[str, str] = ("202", "301")) -> Restored:
    one, other = laptops
    first, second = written_twice(circle, laptops, rooms)
    circle.round(one, other)
    circle.copy("office", "before")
    circle.open("office")
    (pair,) = asked(circle.office)
    circle.office.merge.duplicates.same(pair, pair.one.record)
    circle.round(one)
    return Restored(circle, one, other, first, second)


def back(held: Restored) -> None:
    held.circle.restore("office", "before")


def test_late_work_about_the_one_that_went_follows_at_an_office_restored_from_before(
    circle: Circle, laptops: Two
) -> None:
    held = restored(circle, laptops)
    other, gone = held.other, held.gone
    late = made_visit(other, held.second.id, met=str(gone))
    other.records.save("resident", {"note": "右耳听不清", "phones": "13900000868"}, gone)
    care = other.records.save("care_membership", {
        "resident_id": gone, "care_group": "C2", "basis": "family", "start_on": "2026-03-01", "review_on": "2026-06-01",
    }).id  # fmt: skip
    back(held)
    held.settle()
    assert ("resident", gone) not in everything(held.office)
    kept = values(held.office, "resident", held.here)
    assert (kept["note"], kept["phones"]) == ("右耳听不清", "13900000868")
    assert values(held.office, "visit", late)["met"] == str(held.here)
    assert values(held.office, "care_membership", care)["resident_id"] == held.here
    assert held.office.merge.conflicts() == []
    assert everything(held.office) == everything(held.one) == everything(other)


def test_it_follows_too_what_is_written_after_the_office_heard_of_it_again(circle: Circle, laptops: Two) -> None:
    held = restored(circle, laptops, rooms=("202", "202"))
    back(held)
    circle.round(held.one)
    circle.round(held.one)
    late = made_visit(held.other, held.second.id, met=str(held.gone))
    held.other.records.save("household", {"remark": "狗凶"}, held.second.id)
    circle.hand_in(held.other)
    seen = values(held.office, "visit", late)
    assert (seen["household_id"], seen["met"]) == (held.first.id, str(held.here))
    assert values(held.office, "household", held.first.id)["remark"] == "狗凶"
    held.settle()
    assert everything(held.office) == everything(held.one) == everything(held.other)


def test_an_erasure_at_a_restored_office_reaches_what_went_into_it(circle: Circle, laptops: Two) -> None:
    held = restored(circle, laptops)
    held.other.records.save("resident", {"note": "右耳听不清"}, held.gone)
    back(held)
    held.settle()
    held.office.erasing.erase("resident", held.here)
    assert said_of(held.office, "resident", held.gone, "note") <= {None}
    assert said_of(held.office, "resident", held.gone, "name") <= {None}


def test_what_was_two_again_before_it_was_restored_stays_two(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    written_twice(circle, laptops, ("202", "301"))
    circle.round(one, other)
    circle.copy("office", "before")
    circle.open("office")
    (pair,) = asked(circle.office)
    batch = circle.office.merge.duplicates.same(pair, pair.one.record).batch
    circle.round(one)
    circle.office.records.undo_batch(batch)
    circle.round(one)
    two = everything(circle.office)
    circle.restore("office", "before")
    for _ in range(3):
        circle.round(one, other)
    assert everything(circle.office) == two
    with circle.office.session.store.cursor() as cursor:
        assert joined(cursor) == {}
    other.records.remove("household_member", next(
        row.id for row in other.records.page("household_member") if row.values["resident_id"] == pair.other.record
    ))  # fmt: skip
    circle.round(one, other)
    assert [row.id for row in circle.office.records.page("resident")] == [pair.one.record, pair.other.record]


@pytest.mark.parametrize("late", [False, True])
def test_two_that_were_made_one_the_other_way_round_meanwhile_are_not_both_lost(
    circle: Circle, laptops: Two, late: bool
) -> None:
    """The restored office asks again, and the clerk keeps the other one this time."""
    held = restored(circle, laptops)
    if late:
        held.other.records.save("resident", {"note": "右耳听不清"}, held.gone)
    visit = made_visit(held.other, held.second.id, met=str(held.gone))
    back(held)
    (pair,) = asked(held.office)
    held.office.merge.duplicates.same(pair, held.gone)
    held.settle()
    left = [row.id for row in held.office.records.page("resident")]
    assert left == [held.here]
    assert values(held.office, "visit", visit)["met"] == str(held.here)
    assert values(held.office, "resident", held.here)["note"] == ("右耳听不清" if late else None)
    assert held.office.merge.conflicts() == []
    assert everything(held.office) == everything(held.one) == everything(held.other)


def test_a_laptop_that_holds_only_the_one_that_went_waits_for_nothing(circle: Circle) -> None:
    office = circle.office
    grids = [office.devices.add_grid(name) for name in ("第一网格", "第二网格")]
    homes = []
    for grid, worker in zip(grids, ("周敏", "赵海"), strict=True):
        own = office.records.save("building", {"grid_id": grid, "building_name": "3"}).id
        laptop = circle.enrol(worker, grid)
        homes.append((laptop, written(laptop, own, "101", birth_date="1973-02-03", phones="13900000867")))
        circle.hand_in(laptop)
    (pair,) = asked(office)
    office.merge.duplicates.same(pair, pair.one.record)
    circle.round(*(laptop for laptop, _ in homes))
    for laptop, _ in homes:
        with laptop.session.store.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM awaited")
            assert cursor.fetchone() == (0,)
        assert laptop.care_of_store.check() == []


def test_a_deletion_says_into_which_it_went_and_nothing_else_reads_otherwise() -> None:
    for seen in permutations((5, 7, 7), 3):
        (flat,) = unpack_all([pack_edits(3, [Edit(0, 0, (3,))], seen)])
        assert (into_in(flat), list(seen_in(flat))) == (7, [5])
    (flat,) = unpack_all([pack_edits(3, [Edit(0, 0, (3,))], (5, 7))])
    assert (into_in(flat), list(seen_in(flat))) == (0, [5, 7])


def test_only_the_office_says_so(circle: Circle, laptops: Two) -> None:
    first, second = written_twice(circle, laptops, ("202", "301"))
    here, gone = first.people["李红"], second.people["李红"]
    store, kind = laptops[1].session.store, kind_named("resident").kind.number

    def told(clk: int) -> bool:
        vals = pack_edits(gone, [Edit(0, 0, (gone,))], (here, here))
        with circle.office.session.store.db.write() as connection:
            cursor = raw_cursor(connection)
            hear(cursor, Columns.of([OpRow(clk, kind, gone, int(What.DELETE), 0, vals)]))
            cursor.execute("SELECT count(*) FROM setting WHERE name LIKE 'joined:%'")
            return bool(cursor.fetchone()[0])

    assert not told(store.new_id())
    assert told(circle.office.session.store.new_id())


def test_it_knows_so_too_after_what_told_it_was_taken_back_and_brought_in_again(circle: Circle, laptops: Two) -> None:
    held = restored(circle, laptops)
    back(held)
    held.settle()
    office = held.office
    with office.session.store.cursor() as cursor:
        cursor.execute("SELECT no FROM batch WHERE act = 'return' ORDER BY no")
        told = [no for (no,) in cursor.fetchall()]
    taken = [office.records.undo_batch(no).commit.batch for no in reversed(told)]
    assert ("resident", held.gone) in everything(office)
    for batch in reversed(taken):
        office.records.undo_batch(batch)
    assert ("resident", held.gone) not in everything(office)
    late = made_visit(held.other, held.second.id, met=str(held.gone))
    circle.hand_in(held.other)
    with office.session.store.cursor() as cursor:
        assert joined(cursor)["resident", held.gone] == held.here
    assert values(office, "visit", late)["met"] == str(held.here)
