"""Several ops under one clk, and an office that fell: which of them stands, and what goes with those that do not."""

from typing import Any

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.lives import take_new_life
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.wish import Wish
from gridworker.sync import forks
from gridworker.sync.meant import writer_of
from tests.app.exchange.test_hard_ways import fallen
from tests.circle import Circle, Family, made_visit
from tests.copies import copies_of, ops_of, put_back, settled

Two = tuple[Workspace, Workspace]


def said(at: Workspace) -> list[str]:
    """What was said on visits."""
    return sorted(str(visit.values["resident_words"]) for visit in at.records.page("visit"))


def noted(at: Workspace) -> dict[object, object]:
    """What is noted of visits, by household."""
    return {visit.values["household_id"]: visit.values["situation_note"] for visit in at.records.page("visit")}


@pytest.mark.parametrize("former_first", [False, True])
def test_a_copy_takes_in_what_stands_now_and_not_what_stood_before_the_office_fell(
    circle: Circle, grid: int, family: Family, two: Two, monkeypatch: pytest.MonkeyPatch, former_first: bool
) -> None:
    """The third copy has heard of the second one's visit and, from the next life of the office, of the first one's.

    Whichever of them it finds first.
    """
    _, other = two
    take_new_life(circle.opened["laptop-1"].session.store)  # so that it is told its own ops too
    circle.round(circle.opened["laptop-1"], other)
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin, third = copies_of(circle, "twin", "third")
    words = ["养老", "消防", "低保"]
    (visit,) = {made_visit(at, family.household, resident_words=word)
                for at, word in zip((laptop, twin, third), words, strict=True)}  # fmt: skip
    circle.hand_in(twin)
    circle.reply(third)
    put_back(circle, backup, gone=True)
    for one in (laptop, third):
        circle.hand_in(one)
    among = Exchange.aside_among

    def found(exchange: Exchange, clks: Any) -> list[Aside]:
        told = among(exchange, clks)
        return sorted(told, key=lambda op: writer_of(exchange, op.source), reverse=not former_first)

    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "aside_among", found)
        circle.reply(third)
    assert ops_of(third)[visit].vals == ops_of(circle.office)[visit].vals
    for _ in range(4):
        circle.round(twin, laptop, third, other)
    for at in (circle.office, laptop, twin, third, other):
        assert said(at) == sorted(words)
    settled(circle, grid, laptop, twin, third, other)


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("later", [False, True])
def test_what_is_said_of_one_that_waits_goes_with_it_where_another_of_its_clk_is_given_back(
    circle: Circle, grid: int, family: Family, two: Two, accepted: bool, later: bool
) -> None:
    """The laptop made a visit where it may not, and notes something of it: in the same bundle, or in the next."""
    _, other = two
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    office, laptop, twin, made = fallen(circle, (family, elsewhere), other)

    def waiting() -> list[str]:
        return [op.id for op in office.asides.waiting() if op.kind == "visit"]

    if not later:
        laptop.records.save("visit", {"situation_note": "远"}, made)
    while not waiting():  # what it asks back may tell that the laptop may
        circle.round(laptop)
    if later:
        laptop.records.save("visit", {"situation_note": "远"}, made)
        circle.hand_in(laptop)
    assert len(waiting()) == 2
    for _ in range(2):
        circle.round(other)
    assert noted(office) == {family.household: None}
    (office.asides.accept if accepted else office.asides.refuse)(waiting())
    for _ in range(4):
        circle.round(laptop, twin, other)
    assert noted(office) == {family.household: None, **({elsewhere.household: "远"} if accepted else {})}
    for at in (laptop, twin, other):
        assert noted(at)[family.household] is None
    settled(circle, grid, laptop, twin, other)


def test_what_a_changed_reply_alone_still_holds_waits_though_another_bears_its_clk(
    circle: Circle, grid: int, family: Family, two: Two
) -> None:
    """The copy whose visit the office had confirmed is gone, and an erasure changed the reply that told of it."""
    _, other = two
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin = copies_of(circle, "twin")
    for at, word in ((laptop, "养老"), (twin, "消防")):
        visit = made_visit(at, family.household, resident_words=word)
    circle.hand_in(twin)
    circle.office.records.save("resident", {"phones": "13800000009"}, family.resident)
    circle.round(other)
    erase(circle.office.session.store, [Wish("resident", family.resident)], Act("erase", circle.office.session.who))
    circle.round(other)
    circle.close("twin")
    office = put_back(circle, backup, gone=True)
    circle.hand_in(laptop)
    for _ in range(3):
        circle.round(other)
    assert said(office) == ["养老"]
    waiting = [op for op in office.asides.waiting() if op.kind == "visit"]
    assert [(op.record, op.acceptable) for op in waiting] == [(visit, True)]
    office.asides.accept([op.id for op in office.asides.waiting() if op.acceptable])
    for _ in range(3):
        circle.round(laptop, other)
    for at in (office, laptop, other):
        assert said(at) == ["养老", "消防"]
    settled(circle, grid, laptop, other)


def test_of_more_than_a_reply_can_name_all_go_though_what_they_are_now_does_not_belong_here(
    circle: Circle, grid: int, family: Family, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their household has left meanwhile: they come under their new numbers once, with a reply that names but some."""
    monkeypatch.setattr(forks, "MAX_REISSUED", 4)
    _, other = two
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    laptop, twin = copies_of(circle, "twin")
    for number in range(24):
        laptop.records.save("resident", {"note": f"{number}"}, family.resident)
    visits = {made_visit(twin, family.household) for _ in range(12)}
    assert visits <= ops_of(laptop).keys(), "under one clk"
    circle.hand_in(laptop)
    circle.office.records.save("household", {"dwelling_id": elsewhere.dwelling}, family.household)
    for _ in range(4):
        circle.round(twin, other, laptop)
    circle.office.backups.make(circle.folder / "place")
    for _ in range(16):
        circle.round(twin)
    circle.round(other, laptop)
    assert len(circle.office.records.page("visit")) == len(visits)
    for at in (laptop, twin, other):
        assert at.records.page("visit") == []
    settled(circle, grid, laptop, twin, other)
