"""A file that came and could not be read is named on screen until what was in it came, or nothing is missing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.exchange.missing_words import missing_words
from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem
from gridworker.sync.unread import AHEAD, MOST
from tests.circle import Circle, Family, made_visit
from tests.copies import put_back


def truncated(path: Path) -> Path:
    """The same file, cut off."""
    path.write_bytes(path.read_bytes()[:-7])
    return path


def bent(path: Path) -> Path:
    """The same file, of which nothing can be opened any more: its head is bent."""
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    return path


def refused(workspace: Workspace, path: Path) -> None:
    with pytest.raises(BundleProblem):
        workspace.exchange.merge(path)


def words(workspace: Workspace) -> list[str]:
    assert workspace.exchange.missing_lines() == [
        missing_words(one, workspace.session.today()) for one in workspace.exchange.missing() if not one.covered
    ]
    return workspace.exchange.missing_lines()


@pytest.mark.parametrize("damage", [truncated, bent])
def test_a_damaged_bundle_is_named_with_laptop_number_and_when_it_came(
    circle: Circle, laptop: Workspace, family: Family, damage: Callable[[Path], Path]
) -> None:
    made_visit(laptop, family.household)
    sent = damage(laptop.exchange.pack(circle.stick))
    refused(circle.office, sent)
    n = int(sent.name.split("-")[1])
    came = circle.clock.at
    circle.clock.move(hours=2)
    (one,) = circle.office.exchange.missing()
    assert (one.laptop, one.n, one.covered) == (1, n, False)
    assert one.came is not None
    assert abs((one.came - came).total_seconds()) < 2
    (line,) = words(circle.office)
    assert f"Bundle {n} of laptop 1" in line
    assert "copy it once more" in line
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert words(circle.office) == []


def test_it_is_named_where_another_copy_came_damaged_and_the_whole_one_ends_that(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    made_visit(laptop, family.household)
    sent = laptop.exchange.pack(circle.stick)
    whole = sent.read_bytes()
    copy = sent.with_name(sent.name.replace(".gwb", " (1).gwb"))
    copy.write_bytes(whole[:-9])
    refused(circle.office, copy)
    assert len(words(circle.office)) == 1
    circle.office.exchange.merge(sent)
    refused(circle.office, copy)
    assert circle.office.exchange.missing() == []


def test_one_that_comes_damaged_with_a_later_one_leaves_nothing_open(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    made_visit(laptop, family.household)
    first = truncated(laptop.exchange.pack(circle.stick))
    circle.clock.move(minutes=1)
    second = laptop.exchange.pack(circle.stick)
    for order in ([first, second], [second, first]):
        circle.office.exchange.merge_all(order)
        assert words(circle.office) == []


def test_the_first_bundle_of_a_laptop_is_named_too(circle: Circle, grids: tuple[int, int]) -> None:
    """Its keys are not known yet; that a kit was given out is."""
    worker = circle.enrol("新来的", grids[0])
    refused(circle.office, truncated(worker.exchange.pack(circle.stick)))
    number = worker.session.laptop
    assert [(one.laptop, one.n) for one in circle.office.exchange.missing()] == [(number, 1)]
    circle.hand_in(worker)
    assert circle.office.exchange.missing_lines() == []


def test_one_without_a_name_of_ours_is_told_until_every_laptop_was_heard(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    """Nothing of what it was called is kept: people give files the names of people."""
    other = circle.enrol("赵海", grids[0])
    circle.hand_in(other)
    made_visit(laptop, family.household)
    sent = laptop.exchange.pack(circle.stick)
    named = truncated(sent.rename(sent.with_name("周敏的包.gwb")))
    circle.clock.move(minutes=1)
    made_visit(other, family.household)
    before = other.exchange.pack(circle.stick)
    circle.office.exchange.merge_all([named, before])
    (one,) = circle.office.exchange.missing()
    assert (one.laptop, one.n) == (None, None)
    assert one.came is not None
    (line,) = words(circle.office)
    assert "could not be read" in line
    assert "周敏" not in circle.office.session.folder.unread.read_text()
    circle.clock.move(minutes=1)
    circle.hand_in(other)
    assert len(words(circle.office)) == 1
    circle.clock.move(minutes=1)
    circle.hand_in(laptop)
    assert words(circle.office) == []


def test_a_laptop_names_a_reply_that_could_not_be_read(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    reply = truncated(circle.office.exchange.pack(circle.stick, 1))
    refused(laptop, reply)
    n = int(reply.name.split("-")[1])
    (line,) = words(laptop)
    assert f"Bundle {n} of the office" in line
    sent = circle.hand_in(laptop)
    shown = circle.office.exchange.trips(1)
    assert [trip.file for trip in shown] == [sent.name]
    circle.clock.move(minutes=1)
    circle.reply(laptop)
    assert words(laptop) == []


def test_a_laptop_says_nothing_of_a_reply_that_is_for_another(
    circle: Circle, laptop: Workspace, grids: tuple[int, int]
) -> None:
    other = circle.enrol("赵海", grids[0])
    circle.hand_in(other)
    refused(laptop, circle.office.exchange.pack(circle.stick, other.session.laptop))
    assert laptop.exchange.missing() == []


def test_a_name_of_no_laptop_of_this_office_is_nothing_that_is_missing(circle: Circle, laptop: Workspace) -> None:
    for name in ("99-1-00000000.gwb", "00-1-00000000.gwb", "台账.xlsx"):
        path = circle.stick / name
        path.write_bytes(b"no bundle")
        refused(circle.office, path)
    assert circle.office.exchange.missing() == []


def test_one_from_before_a_new_life_of_the_laptop_is_named_until_that_goes_beyond_it(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.copy("laptop-1", "before")
    laptop = circle.open("laptop-1")
    made_visit(laptop, family.household)
    sent = truncated(laptop.exchange.pack(circle.stick))
    refused(circle.office, sent)
    laptop = circle.restore("laptop-1", "before")
    lines = []
    for _ in range(2):
        circle.clock.move(minutes=1)
        again = circle.hand_in(laptop)
        lines.append(len(words(circle.office)))
    assert int(again.name.split("-")[1]) == int(sent.name.split("-")[1]) + 1
    assert lines == [1, 0], "what only that one held may be nowhere else, until its number was passed"


def rubbish(circle: Circle, *numbers: int) -> None:
    """Files named like bundles of laptop 1, of which the office can open none: so are those for another office."""
    for n in numbers:
        path = circle.stick / f"01-{n}-00000000.gwb"
        path.write_bytes(b"no bundle")
        refused(circle.office, path)


def number_of(path: Path) -> int:
    return int(path.name.split("-")[1])


@pytest.mark.parametrize("beyond", [1, 999_999_999_999_999_000])
def test_a_number_that_the_laptop_is_far_from_is_none_that_is_missing(
    circle: Circle, laptop: Workspace, beyond: int
) -> None:
    """Another office has a laptop 1 too, and its bundles lie on the same stick."""
    highest = number_of(circle.hand_in(laptop))
    rubbish(circle, highest + AHEAD + beyond)
    assert circle.office.exchange.missing() == []


def test_the_furthest_number_that_is_waited_for_is_named_until_the_laptop_reaches_it(
    circle: Circle, laptop: Workspace
) -> None:
    highest = number_of(circle.hand_in(laptop))
    rubbish(circle, highest + AHEAD)
    assert [(one.laptop, one.n) for one in circle.office.exchange.missing()] == [(1, highest + AHEAD)]
    for _ in range(AHEAD):
        assert len(words(circle.office)) == 1
        circle.clock.move(minutes=1)
        circle.hand_in(laptop)
    assert words(circle.office) == []


def test_a_damaged_bundle_stays_named_however_many_files_bear_numbers_far_from_it(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    made_visit(laptop, family.household)
    sent = truncated(laptop.exchange.pack(circle.stick))
    refused(circle.office, sent)
    rubbish(circle, *range(1000, 1000 + MOST + 1))
    assert [(one.laptop, one.n) for one in circle.office.exchange.missing()] == [(1, number_of(sent))]


def test_how_far_a_number_is_goes_by_those_of_this_life_of_the_office(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    backup = circle.office.backups.make(circle.folder / "place").path
    for _ in range(AHEAD):
        made_visit(laptop, family.household)
        former = circle.hand_in(laptop)
    circle.reply(laptop)
    office = put_back(circle, backup)
    circle.hand_in(laptop)
    circle.reply(laptop)
    anew = number_of(circle.hand_in(laptop))
    assert anew < number_of(former)
    rubbish(circle, anew + AHEAD + 1)
    assert office.exchange.missing() == []
    rubbish(circle, anew + AHEAD)
    assert [one.n for one in office.exchange.missing()] == [anew + AHEAD]


def test_a_reply_with_a_number_far_from_the_office_is_told_without_it_until_the_next(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It is for this laptop, so something of ours came damaged; its name was given by somebody."""
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    reply = truncated(circle.office.exchange.pack(circle.stick, 1))
    refused(laptop, reply.rename(reply.with_name("00-99999-00000000.gwb")))
    (one,) = laptop.exchange.missing()
    assert (one.laptop, one.n) == (None, None)
    circle.clock.move(minutes=1)
    circle.reply(laptop)
    assert words(laptop) == []


def test_what_is_kept_of_them_does_not_grow(circle: Circle, laptop: Workspace) -> None:
    highest = number_of(circle.hand_in(laptop))
    for n in range(2 * MOST):
        for name in (f"01r{n // AHEAD}-{highest + 1 + n % AHEAD}-00000000.gwb", f"甲{n}.gwb"):
            (circle.stick / name).write_bytes(b"no bundle")
            refused(circle.office, circle.stick / name)
    kept = json.loads(circle.office.session.folder.unread.read_text())
    assert len(kept["noted"]) == MOST
    assert len(circle.office.exchange.missing()) == AHEAD + 1
