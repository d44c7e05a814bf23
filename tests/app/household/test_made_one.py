"""The timeline of a household that was made one with another: who went into it, and what differed."""

from gridworker.app.household.view import MomentView
from gridworker.app.workspace import Workspace
from tests.app.inbox.test_duplicates import asked, building, laptops, written
from tests.circle import Circle
from tests.village import Home

__all__ = ["laptops"]  # a fixture

HOUSEHOLD, PERSON = "Made one with another household", "Made one with another entry of the same person"
Two = tuple[Workspace, Workspace]


def one_home(circle: Circle, two: Two) -> tuple[Home, int]:
    """A household that both wrote down, made one; and the act."""
    one, other = two
    first = written(one, building(circle), "202", "陈桂芳", birth_date="1948-02-01", sex="1")
    one.records.save("household", {"visit_wish": "welcome"}, first.id)
    circle.clock.move(minutes=5)
    second = written(other, building(circle), "202", "陈贵芳", birth_date="1948-02-01", phones="13900000868")
    other.records.save("household", {"visit_wish": "phone_only", "booklet_no": "7"}, second.id)
    for laptop in two:
        circle.hand_in(laptop)
    circle.clock.move(minutes=5)
    (pair,) = asked(circle.office)
    return first, circle.office.merge.duplicates.same(pair, first.id).batch


def told(at: Workspace, home: int) -> dict[str, MomentView]:
    return {one.title: one for one in reversed(at.households.file(home).moments)}


def test_the_file_tells_what_it_was_made_one_with_and_what_became_of_the_fields(circle: Circle, laptops: Two) -> None:
    home, _ = one_home(circle, laptops)
    circle.round(*laptops)
    for at in (circle.office, laptops[1]):  # the other never held the one that went
        lines = told(at, home.id)
        assert lines[HOUSEHOLD].change == ("陈贵芳", "陈桂芳")
        assert lines[PERSON].change == ("陈贵芳", "陈桂芳")
        assert lines[HOUSEHOLD].right == "18 Mar·刘芳"
        assert lines["Wish about visits changed"].change == ("Visits welcome", "Phone only")
        assert lines["Household number: the two differed"].change == ("H02-260318-01", "H01-260318-01")
        assert "Household number changed" not in lines
        assert not [title for title in lines if title.startswith("Taken back")]


def test_an_undo_is_told_as_taken_back(circle: Circle, laptops: Two) -> None:
    home, batch = one_home(circle, laptops)
    circle.clock.move(minutes=5)
    circle.office.records.undo_batch(batch)
    titles = [one.title for one in circle.office.households.file(home.id).moments]
    assert titles.index(f"Taken back: {HOUSEHOLD}") < titles.index(HOUSEHOLD)
    assert titles.count(HOUSEHOLD) == titles.count(f"Taken back: {PERSON}") == 1


def test_a_person_of_another_door_is_told_with_both_names(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    first = written(one, building(circle), "202", "李红", birth_date="1973-02-03")
    circle.clock.move(minutes=5)
    second = written(other, building(circle), "301", "李宏", birth_date="1973-02-03")
    for laptop in laptops:
        circle.hand_in(laptop)
    circle.clock.move(minutes=5)
    (pair,) = asked(circle.office)
    circle.office.merge.duplicates.same(pair, pair.one.record)
    for home in (first.id, second.id):
        lines = told(circle.office, home)
        assert lines[PERSON].change == ("李宏", "李红")
        assert HOUSEHOLD not in lines
        assert lines["Full name changed"].change == ("李红", "李宏"), "the newer name counts"


def test_what_went_into_what_went_is_told_too(circle: Circle, laptops: Two) -> None:
    one, other = laptops
    homes = []
    for at, room, name in ((one, "202", "李红"), (one, "301", "李宏"), (other, "401", "李虹")):
        circle.clock.move(minutes=5)
        homes.append(written(at, building(circle), room, name, birth_date="1973-02-03"))
    for laptop in laptops:
        circle.hand_in(laptop)
    gone: list[int] = []
    while pairs := asked(circle.office):
        circle.clock.move(minutes=5)
        pair = pairs[0]
        circle.office.merge.duplicates.same(pair, max(pair.one.record, pair.other.record))
        gone.append(min(pair.one.record, pair.other.record))
    lines = [one for one in circle.office.households.file(homes[2].id).moments if one.title == PERSON]
    assert len(lines) == len(gone) == 2
    assert {one.change[0] if one.change else one.body for one in lines} <= {"李红", "李宏", "李虹"}


def test_nothing_of_it_shows_while_others_look_on(circle: Circle, laptops: Two) -> None:
    home, _ = one_home(circle, laptops)
    moments = circle.office.households.file(home.id, sharing=True).moments
    (line,) = [one for one in moments if one.title == HOUSEHOLD]
    assert (line.change, line.body) == (None, "Hidden while others look on")


def test_a_file_that_was_made_one_with_none_tells_of_none(circle: Circle, laptops: Two) -> None:
    alone = written(laptops[0], building(circle), "501", "王五")
    circle.hand_in(laptops[0])
    one_home(circle, laptops)
    assert told(circle.office, alone.id).keys().isdisjoint({HOUSEHOLD, PERSON})
