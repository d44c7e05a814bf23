"""Where two people named somebody differently and one of these is one with another, or parted again.

What follows and what goes back leaves such a conflict to a person, with all its sides; and no exchange and no undo
breaks for it.
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import current_thread, main_thread
from typing import NamedTuple

import pytest

from gridworker.app.exchange import following
from gridworker.app.exchange.joining import Joining
from gridworker.app.exchange.views import Merged
from gridworker.app.register.history_words import history_lines
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.store.erasure.erasure import erase
from gridworker.store.tables.changes import Act, Change
from gridworker.store.wish import Wish
from tests.app.exchange.test_joining import join, written_twice
from tests.app.inbox.test_duplicates import building, everything, laptops, values, written
from tests.circle import Circle, made_visit

__all__ = ["laptops"]  # a fixture

Two = tuple[Workspace, Workspace]


class Named(NamedTuple):
    """``here`` and ``gone`` are the same person, ``third`` a household that is to name one of them."""

    here: int
    gone: int
    third: int
    resident: int


@pytest.fixture
def named(circle: Circle, laptops: Two) -> Named:
    first, second = written_twice(circle, laptops, ("202", "301"))
    third = written(laptops[0], building(circle), "401", "王五")
    circle.hand_in(laptops[0])
    circle.round(*laptops)
    return Named(first.people["李红"], second.people["李红"], third.id, third.people["王五"])


def say(at: Workspace, named: Named, resident: int | None) -> None:
    at.records.save("household", {"head_id": resident}, named.third)


def named_late(circle: Circle, laptop: Workspace, named: Named) -> int:
    """A laptop names the one that went after the office made them one. Returns the batch of the office's act."""
    batch = join(circle)
    say(laptop, named, named.gone)
    circle.hand_in(laptop)
    return batch


def sides(at: Workspace, record: int, field: str = "head_id") -> list[object]:
    """What stands against each other, the one that is shown last."""
    found = [one for conflict in at.merge.conflicts(record) for one in conflict.fields]
    assert {one.name for one in found} <= {field}
    return [side.value for one in found for side in sorted(one.sides, key=lambda side: side.clk)]


def authors(at: Workspace, record: int) -> dict[object, str]:
    """By value of a conflict's sides whose they are."""
    fields = [one for conflict in at.merge.conflicts(record) for one in conflict.fields]
    return {side.value: side.who for one in fields for side in one.sides}


def told(at: Workspace, named: Named) -> list[str]:
    """The lines of the third household's history."""
    return history_lines(at.session, "household", at.records.history("household", named.third))


def met_on(at: Workspace, visit: int) -> set[frozenset[int]]:
    """Of each side of a visit's conflict whom it names."""
    return {frozenset(map(int, str(side).split())) for side in sides(at, visit, "met")}


def test_what_followed_and_is_in_conflict_since_goes_back_and_stays_in_conflict(
    circle: Circle, laptops: Two, named: Named
) -> None:
    one, other = laptops
    batch = named_late(circle, other, named)
    assert values(circle.office, "household", named.third)["head_id"] == named.here
    say(one, named, None)
    circle.hand_in(one)
    assert set(sides(circle.office, named.third)) == {named.here, None}
    circle.office.records.undo_batch(batch)
    assert set(sides(circle.office, named.third)) == {named.gone, None}
    circle.round(*laptops)
    circle.office.merge.resolve("household", named.third, {"head_id": named.gone})
    circle.round(*laptops)
    for at in (circle.office, *laptops):
        assert values(at, "household", named.third)["head_id"] == named.gone
        assert at.merge.conflicts() == []
    assert everything(circle.office) == everything(one) == everything(other)


def test_a_conflict_that_comes_before_what_an_undo_left_is_done_breaks_no_exchange(
    circle: Circle, laptops: Two, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power went right after the undo."""
    one, other = laptops
    batch = named_late(circle, other, named)
    with monkeypatch.context() as patched:
        patched.setattr(following, "part_again", lambda _session: pytest.fail("cut off"))
        with pytest.raises(BaseException, match="cut off"):
            circle.office.records.undo_batch(batch)
    circle.close("office")
    circle.open("office")
    say(one, named, None)
    circle.hand_in(one)
    assert set(sides(circle.office, named.third)) == {named.gone, None}
    circle.office.merge.resolve("household", named.third, {"head_id": None})
    circle.round(*laptops)
    assert values(other, "household", named.third)["head_id"] is None


def test_an_edit_that_settles_the_conflict_of_what_went_back_stands(circle: Circle, laptops: Two, named: Named) -> None:
    one, other = laptops
    batch = named_late(circle, other, named)
    say(one, named, None)
    circle.hand_in(one)
    circle.office.records.undo_batch(batch)
    circle.office.merge.resolve("household", named.third, {"head_id": named.here})
    circle.round(*laptops)
    for at in (circle.office, *laptops):
        assert values(at, "household", named.third)["head_id"] == named.here, "the clerk said so when they were two"


def test_a_side_that_followed_goes_back_to_whom_it_named(circle: Circle, laptops: Two, named: Named) -> None:
    one, other = laptops
    batch = join(circle)
    say(other, named, named.gone)
    say(one, named, None)
    circle.office.exchange.merge_all([laptop.exchange.pack(circle.stick) for laptop in laptops])
    assert set(sides(circle.office, named.third)) == {named.here, None}
    circle.office.records.undo_batch(batch)
    assert set(sides(circle.office, named.third)) == {named.gone, None}


def test_a_side_beside_one_that_followed_is_still_whose_it_was(circle: Circle, laptops: Two, named: Named) -> None:
    """Both are written anew by the clerk who takes the bundles in."""
    one, other = laptops
    batch = join(circle)
    say(one, named, None)
    say(other, named, named.gone)
    circle.office.exchange.merge_all([laptop.exchange.pack(circle.stick) for laptop in laptops])
    assert authors(circle.office, named.third)[None] == "周敏"
    circle.office.records.undo_batch(batch)
    assert authors(circle.office, named.third)[None] == "周敏"


def test_two_sides_that_were_the_same_for_a_while_are_two_again(circle: Circle, laptops: Two, named: Named) -> None:
    one, other = laptops
    batch = join(circle)
    say(other, named, named.gone)
    say(one, named, named.here)
    circle.office.exchange.merge_all([laptop.exchange.pack(circle.stick) for laptop in laptops])
    assert sides(circle.office, named.third) == []
    assert values(circle.office, "household", named.third)["head_id"] == named.here
    circle.office.records.undo_batch(batch)
    assert set(sides(circle.office, named.third)) == {named.here, named.gone}
    circle.round(*laptops)
    assert everything(circle.office) == everything(one) == everything(other)


def test_what_a_laptop_said_beside_what_had_followed_is_not_lost_when_it_goes_back(
    circle: Circle, laptops: Two, named: Named
) -> None:
    """It said the same as long as the two were one: nobody was asked which of the two is meant."""
    one, other = laptops
    visit = made_visit(one, named.third)
    circle.round(*laptops)
    batch = join(circle)
    say(other, named, named.gone)
    other.records.save("visit", {"met": f"{named.resident} {named.gone}"}, visit)
    circle.hand_in(other)
    say(one, named, named.here)
    one.records.save("visit", {"met": f"{named.resident} {named.here}"}, visit)
    circle.hand_in(one)
    assert circle.office.merge.conflicts() == []
    circle.office.records.undo_batch(batch)
    circle.round(*laptops)
    told = everything(circle.office)
    for _ in range(3):
        circle.round(*laptops)
    assert set(sides(circle.office, named.third)) == {named.here, named.gone}
    assert met_on(circle.office, visit) == {frozenset({named.resident, who}) for who in (named.here, named.gone)}
    assert told == everything(circle.office) == everything(one) == everything(other)


def test_lists_of_people_in_conflict_follow_and_go_back_side_by_side(
    circle: Circle, laptops: Two, named: Named
) -> None:
    one, other = laptops
    visit = made_visit(one, named.third)
    circle.round(*laptops)
    batch = join(circle)
    one.records.save("visit", {"met": f"{named.resident} {named.gone}"}, visit)
    other.records.save("visit", {"met": str(named.gone)}, visit)
    circle.office.exchange.merge_all([laptop.exchange.pack(circle.stick) for laptop in laptops])
    assert met_on(circle.office, visit) == {frozenset({named.resident, named.here}), frozenset({named.here})}
    circle.office.records.undo_batch(batch)
    assert met_on(circle.office, visit) == {frozenset({named.resident, named.gone}), frozenset({named.gone})}


def test_who_went_once_more_and_is_erased_since_stays_away(circle: Circle, laptops: Two, named: Named) -> None:
    _, other = laptops
    batch = join(circle)
    other.records.save("resident", {"note": "右耳听不清"}, named.gone)
    circle.hand_in(other)
    erase(circle.office.session.store, [Wish("resident", named.here)], Act("erase", circle.office.session.who))
    circle.office.records.undo_batch(batch)
    circle.round(*laptops)
    for at in (circle.office, *laptops):
        assert {("resident", named.here), ("resident", named.gone)}.isdisjoint(everything(at))
        assert at.care_of_store.check() == []


def test_a_disk_that_is_full_after_the_undo_puts_off_what_goes_back(
    circle: Circle, laptops: Two, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = laptops
    batch = named_late(circle, other, named)

    def full(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr(following, "_part", full)
        circle.office.records.undo_batch(batch)
    assert values(circle.office, "household", named.third)["head_id"] == named.here
    circle.hand_in(one)
    assert values(circle.office, "household", named.third)["head_id"] == named.gone


@pytest.mark.parametrize("step", [1, 2])
def test_what_comes_while_something_follows_is_not_written_over_unseen(
    circle: Circle, laptops: Two, named: Named, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """A watched folder takes bundles in beside the window: after the look whether there is anything, or while it is."""
    one, other = laptops
    join(circle)
    say(other, named, named.gone)
    say(one, named, None)
    bundle = one.exchange.pack(circle.stick)
    taking, gathered = list[Future[Merged]](), Joining.changes
    rounds = 0

    def meanwhile(joining: Joining) -> list[Change]:
        nonlocal rounds
        if current_thread() is not main_thread():
            raise DiskFull("what the other bundle brought follows another time")
        found, rounds = gathered(joining), rounds + 1
        if rounds == step:
            taking.append(pool.submit(circle.office.exchange.merge, bundle))
            wait(taking, timeout=2)
        return found

    monkeypatch.setattr(Joining, "changes", meanwhile)
    with ThreadPoolExecutor(1) as pool:
        circle.hand_in(other)
        assert taking[0].result().problem is None
    assert set(sides(circle.office, named.third)) == {named.here, None}


def test_a_side_that_names_another_since_is_whose_it_was(circle: Circle, laptops: Two, named: Named) -> None:
    """Not the clerk's, who said nothing of this household: not when two are made one, nor when they are parted."""
    one, other = laptops
    say(one, named, named.gone)
    say(other, named, None)
    for laptop in laptops:
        circle.hand_in(laptop)
    batch = join(circle)
    assert authors(circle.office, named.third) == {named.here: "周敏", None: "赵海"}
    assert not any("settled" in line for line in told(circle.office, named))
    circle.round(*laptops)
    for at in laptops:
        assert authors(at, named.third) == {named.here: "周敏", None: "赵海"}
    circle.office.records.undo_batch(batch)
    assert authors(circle.office, named.third) == {named.gone: "周敏", None: "赵海"}
    circle.office.merge.resolve("household", named.third, {"head_id": named.gone})
    assert sum("settled" in line for line in told(circle.office, named)) == 1
    circle.office.records.undo()
    assert authors(circle.office, named.third) == {named.gone: "周敏", None: "赵海"}
