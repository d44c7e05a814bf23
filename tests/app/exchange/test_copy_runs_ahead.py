"""A copy of a laptop that nobody noticed, its clock hours ahead: its numbers are above all that the laptop gives out.

Once the laptop has them, what it writes on in the same life stands below what the office confirmed, and never goes.
"""

import shutil
from collections.abc import Callable
from typing import TypeAlias

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.store.health.lives import take_new_life
from gridworker.sync import incoming
from tests.circle import Circle, Family, made_visit

Heard: TypeAlias = Callable[[Circle, Workspace, Family], Workspace]


def outrun(circle: Circle, family: Family) -> Workspace:
    """The copy writes by a clock three hours ahead, hands in, and does so once more as a new life. Back to the laptop.

    The office as it was before lies beside it.
    """
    circle.copy("laptop-1", "kept")
    circle.copy("office", "office-before")
    circle.open("office")
    twin = circle.open("laptop-1")
    circle.clock.move(hours=3)
    made_visit(twin, family.household)
    circle.hand_in(twin)
    take_new_life(twin.session.store)
    circle.hand_in(twin)
    circle.clock.move(hours=-3)
    circle.close("laptop-1")
    shutil.rmtree(circle.folder / "laptop-1")
    shutil.copytree(circle.folder / "kept", circle.folder / "laptop-1")
    return circle.open("laptop-1")


def go_on(circle: Circle, laptop: Workspace, family: Family) -> list[int]:
    """Work that is written while a bundle is away, again and again. Returns the visits that never reach the office."""
    visits = []
    for _ in range(3):
        circle.hand_in(laptop)
        visits.append(made_visit(laptop, family.household))
        circle.clock.move(minutes=2)
        circle.reply(laptop)
        visits.append(made_visit(laptop, family.household))
    for _ in range(2):
        circle.round(laptop)
    return [visit for visit in visits if not _is_at(circle.office, visit)]


def _is_at(office: Workspace, visit: int) -> bool:
    try:
        return office.records.show("visit", visit).id == visit
    except NotFound:
        return False


def heard_by_a_reply(circle: Circle, laptop: Workspace, family: Family) -> Workspace:
    """The newest bundle of its life that the office took in is its own, so nothing else tells that it has a copy."""
    circle.round(laptop)
    laptop = outrun(circle, family)
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    made_visit(laptop, family.household)
    circle.reply(laptop)
    return laptop


def heard_by_a_late_reply(circle: Circle, laptop: Workspace, family: Family) -> Workspace:
    """The office was put back to before it. A reply of its former life, that knew the copy, comes when that is over."""
    circle.round(laptop)
    laptop = outrun(circle, family)
    late = circle.office.exchange.pack(circle.stick, laptop.session.store.identity.laptop)
    circle.restore("office", "office-before")
    circle.hand_in(laptop)
    circle.reply(laptop)
    laptop.exchange.merge(late)
    return laptop


@pytest.mark.parametrize("heard", [heard_by_a_reply, heard_by_a_late_reply])
def test_what_is_written_after_a_copy_whose_clock_ran_far_ahead_reaches_the_office(
    circle: Circle, laptop: Workspace, family: Family, heard: Heard
) -> None:
    laptop = heard(circle, laptop, family)
    life = laptop.session.store.identity.incarnation
    assert life != 0
    assert go_on(circle, laptop, family) == []
    assert laptop.session.store.identity.incarnation == life, "and goes on in that life"
    assert laptop.exchange.pending().records == 0
    assert laptop.care_of_store.check() == circle.office.care_of_store.check() == []


def test_a_laptop_that_does_not_see_it_loses_work(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug planted: the test above can fail."""
    monkeypatch.setattr(incoming, "_is_outrun", lambda *_: False)
    laptop = heard_by_a_reply(circle, laptop, family)
    assert go_on(circle, laptop, family) != []


def test_a_laptop_whose_own_clock_ran_ahead_and_was_put_right_stays_who_it_is(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Also where what it wrote comes back to it: the office was put back and has it from a reply given back."""
    circle.copy("office", "office-before")
    circle.open("office")
    circle.clock.move(hours=30)
    made_visit(laptop, family.household)
    circle.round(laptop)
    circle.clock.move(hours=-30)
    circle.restore("office", "office-before")
    assert go_on(circle, laptop, family) == []
    assert laptop.session.store.identity.incarnation == 0


@pytest.mark.parametrize("at", [0, 1])
def test_a_cut_before_it_lives_on_leaves_nothing_of_the_reply(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """What the copy wrote and the new life that it asks for are one transaction."""
    circle.round(laptop)
    laptop = outrun(circle, family)
    made_visit(laptop, family.household)
    for _ in range(at):
        circle.hand_in(laptop)

    def cut(_store: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(incoming, "take_new_life", cut)
        with pytest.raises(KeyboardInterrupt):
            circle.reply(laptop)
    circle.close("laptop-1")
    laptop = circle.open("laptop-1")
    assert go_on(circle, laptop, family) == []
