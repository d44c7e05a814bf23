"""Copies of a laptop that write under one clk, and what else is said of the op that lost: whose op is meant by it.

Nothing that was said of the one may reach the other, whoever comes first and whatever waits for the office's word.
"""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import PlaceRefused
from gridworker.store.health.lives import take_new_life
from gridworker.store.health.lives_used import lived as used
from gridworker.store.history import history
from gridworker.store.log.log import Log
from gridworker.sync import forks
from tests.app.exchange.test_hard_ways import clashing
from tests.circle import Circle, Family, made_visit, phones
from tests.copies import copies_of, put_back, settled

Two = tuple[Workspace, Workspace]

WON, LOST, LATER = "13822222220", "13811111110", "13811111111"


def call(at: Workspace, family: Family, number: str) -> None:
    at.records.save("resident", {"phones": number}, family.resident)


def sides(at: Workspace) -> list[set[object]]:
    """Of each conflict what stands against each other."""
    return [{side.value for field in one.fields for side in field.sides} for one in at.merge.conflicts()]


def notes(at: Workspace) -> dict[object, object]:
    """What is noted of visits, by what was said on them."""
    return {visit.values["resident_words"]: visit.values["situation_note"] for visit in at.records.page("visit")}


def noted(at: Workspace) -> dict[object, object]:
    """The same by household."""
    return {visit.values["household_id"]: visit.values["situation_note"] for visit in at.records.page("visit")}


def lives(at: Workspace) -> int:
    """How many of its lives are used up."""
    with at.session.store.cursor() as cursor:
        return len(used(cursor, at.session.store.identity))


def two_visits(family: Family, laptop: Workspace, twin: Workspace) -> int:
    """Under one clk; that of the twin is the one that comes first."""
    won = made_visit(twin, family.household, resident_words="消防")
    assert made_visit(laptop, family.household, resident_words="养老") == won
    return won


@pytest.mark.parametrize("lived", [False, True])
def test_what_the_loser_says_of_the_one_that_won_once_it_was_told_is_said_of_that(
    circle: Circle, grid: int, family: Family, two: Two, lived: bool
) -> None:
    """One that lived before is given what won with the very reply that tells it, and speaks of that at once."""
    first, other = two
    if lived:
        take_new_life(first.session.store)
        circle.round(first)
    laptop, twin = copies_of(circle, "twin")
    won = two_visits(family, laptop, twin)
    for one in (twin, laptop):
        circle.hand_in(one)
    before = lives(laptop)
    circle.reply(laptop)
    assert lives(laptop) == before + 1, "one more, though two reasons for it came together"
    for _ in range(3 * (not lived)):
        circle.round(twin, laptop, other)
    laptop.records.save("visit", {"situation_note": "七"}, won)
    for _ in range(3):
        circle.round(laptop, twin, other)
    for at in (circle.office, laptop, twin, other):
        assert notes(at) == {"消防": "七", "养老": None}
    settled(circle, grid, laptop, twin, other)


@pytest.mark.parametrize("new_life", [False, True])
def test_what_the_loser_says_of_its_own_before_it_was_told_is_said_of_that(
    circle: Circle, grid: int, family: Family, two: Two, new_life: bool
) -> None:
    """Be it that it goes on as another life for another reason; and what it says later is said of the one that won."""
    _, other = two
    laptop, twin = copies_of(circle, "twin")
    won = two_visits(family, laptop, twin)
    call(twin, family, WON)
    call(laptop, family, LOST)
    for one in (twin, laptop):
        circle.hand_in(one)
    if new_life:
        take_new_life(laptop.session.store)
    laptop.records.save("visit", {"situation_note": "七"}, won)
    call(laptop, family, LATER)
    circle.reply(laptop)
    for _ in range(3):
        circle.round(laptop, twin, other)
    laptop.records.save("visit", {"situation_note": "九"}, won)
    for _ in range(3):
        circle.round(laptop, twin, other)
    for at in (circle.office, laptop, twin, other):
        assert notes(at) == {"消防": "九", "养老": "七"}
        assert sides(at) == [{WON, LATER}]
    settled(circle, grid, laptop, twin, other)


def test_a_laptop_lets_its_own_go_by_what_it_is_told_alone(
    circle: Circle, family: Family, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that lived before is given what won, too, but this reply has no room to tell of what lost."""
    take_new_life(two[0].session.store)
    circle.round(two[0])
    laptop, twin = copies_of(circle, "twin")
    won = two_visits(family, laptop, twin)
    for one in (twin, laptop):
        circle.hand_in(one)
    monkeypatch.setattr(forks, "MAX_REISSUED", 0)
    circle.reply(laptop)
    assert laptop.records.show("visit", won).values["resident_words"] == "养老"


def test_what_the_winner_writes_over_its_own_stays_so_where_it_loses_later(
    circle: Circle, grid: int, family: Family, two: Two
) -> None:
    """Its second edit bears the clk of another op of the laptop, and is written anew over its first one."""
    _, other = two
    laptop, twin = copies_of(circle, "twin")
    call(twin, family, WON)
    call(laptop, family, LOST)
    for number in range(8):
        laptop.records.save("household", {"remark": f"{number}"}, family.household)
    circle.hand_in(twin)
    call(twin, family, LATER)
    with twin.session.store.cursor() as cursor, laptop.session.store.cursor() as own:
        last = {row.clk for lot in Log(cursor).ops() for row in lot if row.record == family.resident}
        clashing_ones = [row for row in Log(own).rows(last).values() if row.record != family.resident]
    assert clashing_ones, "under one clk"
    for one in (laptop, twin):
        circle.hand_in(one)
    for _ in range(3):
        circle.round(laptop, twin, other)
    for at in (circle.office, laptop, twin, other):
        assert {LOST, LATER} in sides(at)
        assert not any(WON in values for values in sides(at))
    settled(circle, grid, laptop, twin, other)


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("accepted", [False, True])
def test_what_is_said_of_one_that_waits_waits_with_it_and_is_not_said_of_the_other(
    circle: Circle, grid: int, family: Family, two: Two, later: bool, accepted: bool
) -> None:
    """The laptop made a visit where it may not, and notes something of it: in the same bundle, or in the next."""
    _, other = two
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    laptop, twin, made = clashing(circle, family, elsewhere)
    circle.hand_in(twin)
    if later:
        circle.hand_in(laptop)
    laptop.records.save("visit", {"situation_note": "远"}, made)
    circle.hand_in(laptop)
    office = circle.office
    assert noted(office) == {family.household: None}
    (note,) = [op for op in office.asides.waiting() if op.what == "edit"]
    assert (note.acceptable, note.along) == (True, 1)
    if accepted:
        office.asides.accept([note.id])
    else:
        (visit,) = [op for op in office.asides.waiting() if op.what == "create"]
        office.asides.refuse([visit.id])
        with pytest.raises(PlaceRefused):
            office.asides.accept([note.id])
        office.asides.refuse([note.id])
    for _ in range(4):
        circle.round(laptop, twin, other)
    assert office.asides.waiting() == []
    assert noted(office) == {family.household: None, **({elsewhere.household: "远"} if accepted else {})}
    for at in (laptop, twin, other):
        assert noted(at)[family.household] is None
    settled(circle, grid, laptop, twin, other)


@pytest.mark.parametrize("edits", [1, 2])
@pytest.mark.parametrize("gift_first", [False, True])
def test_what_lost_and_comes_back_with_a_reply_stands_beside_the_one_that_won(
    circle: Circle, grid: int, family: Family, two: Two, edits: int, gift_first: bool
) -> None:
    """The office had heard of the laptop, told another, and fell; then the copy came before it. Nobody has to decide
    that both are kept, and nobody keeps what others have let go.
    """
    _, other = two
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin = copies_of(circle, "twin")
    for number in (LOST, LATER)[:edits]:
        call(laptop, family, number)
    call(twin, family, WON)
    circle.hand_in(laptop)
    circle.round(other)
    put_back(circle, backup, gone=True)
    circle.hand_in(twin)
    circle.reply(twin)
    circle.hand_in(twin)
    for _ in range(2 * gift_first):
        circle.round(other)
    for _ in range(4):
        circle.round(laptop, twin, other)
    for at in (circle.office, laptop, twin, other):
        assert sides(at) == [{(LOST, LATER)[edits - 1], WON}]
        with at.session.store.cursor() as cursor:
            assert Log(cursor).awaited() == {}
    assert circle.office.asides.waiting() == []
    settled(circle, grid, laptop, twin, other)


def test_a_side_that_was_written_anew_is_whose_it_was(circle: Circle, family: Family, two: Two) -> None:
    laptop, twin = copies_of(circle, "twin")
    call(laptop, family, LOST)
    call(twin, family, WON)
    for _ in range(2):
        circle.round(laptop, twin)
    for at in (circle.office, laptop, twin):
        (conflict,) = at.merge.conflicts()
        assert {side.value: side.who for field in conflict.fields for side in field.sides} == {
            WON: "周敏",
            LOST: "周敏",
        }


def test_the_office_s_word_on_what_was_written_anew_counts(circle: Circle, grid: int, family: Family, two: Two) -> None:
    """It is taken in without anybody's word, and can be left out, and taken in again, once each."""
    _, other = two
    laptop, twin = copies_of(circle, "twin")
    call(twin, family, WON)
    call(laptop, family, LOST)
    for _ in range(2):
        circle.round(twin, laptop, other)
    office = circle.office

    def written() -> int:
        with office.session.store.cursor() as cursor:
            events = history(cursor, family.resident)
        return sum(change.after == LOST for event in events for change in event.changes)

    (one,) = office.asides.ruled()
    office.asides.accept([one.id])
    assert written() == 1
    office.asides.refuse([one.id])
    assert (sides(office), phones(office, family.resident)) == ([], WON)
    office.asides.accept([one.id])
    assert sides(office) == [{WON, LOST}]
    assert written() == 2
    for _ in range(3):
        circle.round(laptop, twin, other)
    settled(circle, grid, laptop, twin, other)
