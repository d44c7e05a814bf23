"""Two computers at work as the office: the one that laptops follow no more is told, and nothing there reassures."""

import shutil

import pytest

from gridworker.app.exchange.missing_words import missing_words
from gridworker.app.exchange.shown_words import merged_line
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.health.lives_used import AHEAD, lived, next_life
from gridworker.store.log.clock import MAX_INCARNATION
from gridworker.store.meta import OFFICE_ROLE, Identity
from gridworker.store.other_office import elsewhere, note_recipient
from tests.circle import Circle, Family


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: "en")


def exchange(circle: Circle, laptop: Workspace, office: Workspace) -> None:
    """A laptop hands in at an office and takes its reply."""
    circle.clock.move(minutes=3)
    office.exchange.merge(laptop.exchange.pack(circle.stick))
    circle.clock.move(minutes=3)
    laptop.exchange.merge(office.exchange.pack(circle.stick, laptop.session.store.identity.laptop))


@pytest.fixture
def other(circle: Circle, laptop: Workspace, family: Family) -> Workspace:
    """The office put back on another computer; the laptop handed its work in there, and the old one stays in use."""
    circle.copy("office", "other")
    circle.open("office")
    other = circle.open("other")
    take_new_life(other.session.store, max)
    exchange(circle, laptop, other)
    laptop.records.save("resident", {"name": "陈建军"}, family.resident)
    exchange(circle, laptop, other)
    return other


def sayings(workspace: Workspace) -> list[str]:
    faults = [fault.sentence for fault in workspace.care_of_store.check() if fault.where == "office"]
    return [workspace.exchange.other_office(), workspace.exchange.agreement_words(), *faults]


def test_the_old_office_is_told_by_the_first_bundle_and_as_long_as_it_is_the_old_one(
    circle: Circle, laptop: Workspace, other: Workspace, family: Family
) -> None:
    assert sayings(circle.office)[1] == "1 laptop agrees with the office"
    exchange(circle, laptop, circle.office)
    told, agreed, fault = sayings(circle.office)
    assert told == fault
    assert "since 18 Mar or longer (laptop 1 says so). Do not go on here" in told
    assert agreed == ""
    assert [one.agrees for one in circle.office.exchange.agreements()] == [None]
    assert circle.office.records.show("resident", family.resident).values["name"] == "陈建国", "what it is about"
    circle.close("office")
    circle.open("office")
    circle.clock.move(days=3)
    exchange(circle, laptop, circle.office)
    assert sayings(circle.office)[0] == told
    assert sayings(other) == ["", "1 laptop agrees with the office"]


def test_what_the_old_office_lacks_is_not_said_to_come(circle: Circle, laptop: Workspace, other: Workspace) -> None:
    circle.clock.move(minutes=3)
    laptop.exchange.pack(circle.stick).unlink()
    result = circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    assert result.trip is not None
    assert (result.trip.gap, result.trip.elsewhere) == (True, True)
    assert "next" not in merged_line(result)
    assert "another computer" in merged_line(result)
    words = [missing_words(one, circle.office.session.today()) for one in circle.office.exchange.missing()]
    assert words
    assert all("another computer" in one and "next" not in one for one in words)
    assert other.exchange.missing() == []


def test_a_laptop_does_not_say_it_agrees_when_the_old_office_answered(
    circle: Circle, laptop: Workspace, other: Workspace
) -> None:
    assert "Same as the office" in laptop.exchange.agreement_words()
    exchange(circle, laptop, circle.office)
    told, agreed, *_ = sayings(laptop)
    assert "Ask the office which computer is in use" in told
    assert agreed == ""
    exchange(circle, laptop, other)
    assert sayings(laptop)[0] == ""
    assert "Same as the office" in laptop.exchange.agreement_words()


def test_the_way_on_makes_this_computer_the_office_again(
    circle: Circle, laptop: Workspace, other: Workspace, family: Family, grid: int
) -> None:
    """A copy made here is put back here: the life it takes is above the one that laptops follow, which is not here."""
    circle.office.records.save("household", {"remark": "周末在家"}, family.household)
    exchange(circle, laptop, circle.office)
    followed = other.session.store.identity.incarnation
    circle.copy("office", "copy")
    take_new_life(circle.open("office").session.store, min)
    assert circle.office.session.store.identity.incarnation > followed
    assert sayings(circle.office)[0] == ""
    for _ in range(3):
        exchange(circle, laptop, circle.office)
    assert circle.agrees(laptop, grid)
    assert circle.office.records.show("resident", family.resident).values["name"] == "陈建军"
    assert circle.office.exchange.agreement_words() == "1 laptop agrees with the office"
    assert sayings(laptop)[0] == ""


def test_an_office_that_was_set_back_to_before_it_was_put_back_is_told_too(
    circle: Circle, laptop: Workspace, grid: int
) -> None:
    """There is no other computer at work then; what is said holds all the same, and so does the way on."""
    circle.copy("office", "old")
    circle.restore("office", "old")
    exchange(circle, laptop, circle.office)
    circle.close("office")
    shutil.rmtree(circle.folder / "office")
    shutil.copytree(circle.folder / "old", circle.folder / "office")
    circle.open("office")
    exchange(circle, laptop, circle.office)
    assert "back up here and put that backup back here" in sayings(circle.office)[0]
    take_new_life(circle.office.session.store)
    for _ in range(2):
        exchange(circle, laptop, circle.office)
    assert circle.agrees(laptop, grid)
    assert sayings(circle.office) == ["", "1 laptop agrees with the office"]


def test_an_office_that_was_put_back_says_no_more_that_laptops_agree(circle: Circle, laptop: Workspace) -> None:
    """And a late bundle for its former life changes nothing once it was heard of."""
    late = laptop.exchange.pack(circle.stick)
    circle.copy("office", "copy")
    circle.restore("office", "copy")
    circle.hand_in(laptop)
    assert sayings(circle.office) == ["", ""]
    circle.round(laptop)
    circle.office.exchange.merge(late)
    assert sayings(circle.office) == ["", "1 laptop agrees with the office"]


def test_a_life_of_an_office_goes_above_all_that_are_known_and_no_laptop_uses_them_up(
    circle: Circle, laptop: Workspace
) -> None:
    office = Identity(OFFICE_ROLE, "", 0, 2)
    assert next_life(office, {0, 2, 7}, min) == 8
    assert next_life(office, {0, 2, 7}, max) == 7 + AHEAD
    assert next_life(office, {0, 2, 7}, min, 2) == 8
    assert next_life(office, {0, 2, MAX_INCARNATION}, min) == 3
    assert next_life(Identity("field", "", 1, 2), {0, 2, 7}, min, 2) == 3
    store = circle.office.session.store
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        for life, known in ((MAX_INCARNATION, {0}), (9, {0, 9}), (MAX_INCARNATION, {0, 9}), (5, {0, 9})):
            note_recipient(cursor, store.identity, 1, life, 0)
            assert lived(cursor, store.identity) == known
        found = elsewhere(cursor, store.identity)
    assert found is not None
    assert (found.life, found.laptops) == (9, (1,))
    assert circle.office.exchange.other_office()
    circle.office.devices.revoke(1)
    assert circle.office.exchange.other_office() == "", "a laptop that lies is silenced by revoking it"
