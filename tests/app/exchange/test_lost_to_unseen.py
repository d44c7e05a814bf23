"""What lost its clk to something that goes to no laptop, or not to this one: who was told of it before lets it go.

A copy makes something, the office passes it on and is put back to before it. Then the laptop comes first, and what it
only put on record stands under that clk: no op tells a third laptop, which has read the other, that it is another now.
"""

from collections.abc import Callable

import pytest

from gridworker import discover
from gridworker.app.exchange.views import SetAside
from gridworker.app.workspace import Workspace
from gridworker.errors import PlaceRefused
from gridworker.store.log.op import OpRow
from gridworker.store.streams import Exchange
from gridworker.store.tables.changes import Change
from gridworker.sync.format.header import kept_header
from gridworker.sync.format.traces import Reissued
from tests.circle import Circle, Family, made_visit
from tests.copies import copies_of, ops_of, put_back, settled


def nothing_more(_: Workspace) -> None:
    """What most copies do then."""


def copied(
    circle: Circle,
    does: Callable[[Workspace], object],
    *readers: Workspace,
    then: Callable[[Workspace], None] = nothing_more,
) -> tuple[Workspace, Workspace, OpRow]:
    """A laptop and its copy. The copy does something, and what that says first loses its clk; ``readers`` have it.

    ``then``: what it does before the office falls.
    """
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin = copies_of(circle, "twin")
    before = ops_of(twin).keys()
    laptop.backups.make(circle.folder / "copies")
    does(twin)
    lost = min(row for clk, row in ops_of(twin).items() if clk not in before)
    assert discover.by_number()[ops_of(laptop)[lost.clk].kind].kind.office_only, "it goes to nobody but the office"
    circle.hand_in(twin)
    circle.round(*readers)
    assert all(lost.clk in ops_of(one) for one in readers)
    then(twin)
    put_back(circle, backup, gone=True)
    circle.hand_in(laptop)
    return laptop, twin, lost


def told(laptop: Workspace) -> tuple[Reissued, ...]:
    """What the newest reply says of ops that lost."""
    with laptop.session.store.cursor() as cursor:
        return kept_header(Exchange(cursor).bundles(outgoing=False, limit=1)[0].header).reissued


@pytest.fixture
def other(two: tuple[Workspace, Workspace]) -> Workspace:
    """The third laptop, beside the one that is copied."""
    return two[1]


def test_a_visit_goes_under_its_former_number(circle: Circle, grid: int, family: Family, other: Workspace) -> None:
    laptop, twin, lost = copied(circle, lambda at: made_visit(at, family.household), other)
    for _ in range(4):
        circle.round(twin, other, laptop)
    (visit,) = circle.office.records.page("visit")
    assert visit.id != lost.record
    for at in (laptop, twin, other):
        assert [one.id for one in at.records.page("visit")] == [visit.id]
    assert other.session.store.identity.incarnation == 0, "no op of its own lost"
    settled(circle, grid, laptop, twin, other)


def test_an_edit_goes_and_what_it_replaced_may_be_replaced_again(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    laptop, twin, lost = copied(
        circle, lambda at: at.records.save("resident", {"phones": "13800000001"}, family.resident), other
    )
    for _ in range(4):
        circle.round(twin, other, laptop)
    circle.office.records.save("resident", {"phones": "13800000002"}, family.resident)
    for _ in range(2):
        circle.round(twin, other, laptop)
    for at in (circle.office, laptop, twin, other):
        assert at.records.show("resident", family.resident).values["phones"] == "13800000002"
        assert at.merge.conflicts() == []
    assert lost.clk not in ops_of(other)
    settled(circle, grid, laptop, twin, other)


def test_it_goes_though_its_household_has_left_meanwhile(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    """The visit under its new number never comes there: it leaves with the household."""
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    laptop, twin, lost = copied(circle, lambda at: made_visit(at, family.household), other)
    circle.office.records.save("household", {"dwelling_id": elsewhere.dwelling}, family.household)
    for _ in range(4):
        circle.round(twin, other, laptop)
    circle.office.backups.make(circle.folder / "place")
    circle.round(twin, other, laptop)
    assert lost.record in {row.record for row in ops_of(circle.office).values()}, "as what stands under that clk"
    for at in (twin, other):
        assert at.records.page("visit") == []
        assert family.household not in {row.record for row in ops_of(at).values()}
    assert lost.clk not in ops_of(other)
    settled(circle, grid, laptop, twin, other)


def test_who_was_never_told_of_it_hears_nothing(circle: Circle, grid: int, family: Family, other: Workspace) -> None:
    """A hash of what it says is enough to guess a telephone number by trying."""
    away = circle.enrol("王强", circle.office.devices.add_grid("第九网格"))
    circle.round(away)
    phone = {"phones": "13800000001"}
    laptop, twin, lost = copied(circle, lambda at: at.records.save("resident", phone, family.resident), other)
    for _ in range(3):
        circle.round(twin, other, away, laptop)
    assert lost.clk in {one.clk for one in told(other)}
    assert told(away) == ()


def test_a_late_reply_of_a_former_office_takes_nothing_that_stands_by_now(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    """The office that said so was put back once more, and of the two copies the other came first then."""
    first = circle.office.backups.make(circle.folder / "first").path
    laptop, twin, lost = copied(circle, lambda at: made_visit(at, family.household), other)
    for _ in range(3):
        circle.round(twin, laptop)
    late = circle.office.exchange.pack(circle.stick, 2)
    put_back(circle, first, gone=True)
    circle.hand_in(twin)
    circle.round(other)
    other.exchange.merge(late)
    assert lost.clk in {one.clk for one in told(other)}
    assert ops_of(other)[lost.clk].vals == lost.vals
    for _ in range(4):
        circle.round(twin, other, laptop)
    for at in (circle.office, twin, other):
        assert lost.record in {one.id for one in at.records.page("visit")}
    settled(circle, grid, laptop, twin, other)


def newcomer(at: Workspace, household: int) -> None:
    """First who it is, then where they live: the membership names the person by a clk that is another's."""
    person = at.records.save("resident", {"name": "王小明", "status": "in_place"}).id
    at.records.save("household_member", {"household_id": household, "resident_id": person, "relation": "80"})


def newcomers(office: Workspace) -> list[SetAside]:
    """Who came and where they live, as the office has ruled on it."""
    return [op for op in office.asides.ruled() if op.kind in {"resident", "household_member"}]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("copy_first", [False, True])
def test_what_builds_on_it_goes_the_same_way_where_it_is_given_back(
    circle: Circle, grid: int, family: Family, other: Workspace, copy_first: bool, accepted: bool
) -> None:
    """Whether the copy hands it in again before the reader gives it back, or after: nobody lives nowhere.

    It is written anew without anybody's word; ``accepted``: the office leaves it at that.
    """
    laptop, twin, lost = copied(circle, lambda at: newcomer(at, family.household), other)
    for one in (twin, other) if copy_first else (other, twin):
        for _ in range(3):
            circle.round(one)
    asides = circle.office.asides
    assert asides.waiting() == []
    if not accepted:
        asides.refuse([op.id for op in newcomers(circle.office)])
    for _ in range(4):
        circle.round(twin, other, laptop)
    assert asides.waiting() == []
    for at in (circle.office, laptop, twin, other):
        people = [one.id for one in at.records.page("resident") if one.values["name"] == "王小明"]
        assert len(people) == accepted
        assert lost.record not in people
        members = {one.values["resident_id"] for one in at.records.page("household_member")}
        assert members == {family.resident, *people}
    settled(circle, grid, laptop, twin, other)


def test_what_names_who_was_left_out_is_not_accepted(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    laptop, twin, _ = copied(circle, lambda at: newcomer(at, family.household), other)
    for _ in range(3):
        circle.round(other)
    asides = circle.office.asides
    ids = {op.kind: op.id for op in newcomers(circle.office)}
    assert asides.waiting() == []
    asides.refuse(list(ids.values()))
    with pytest.raises(PlaceRefused):
        asides.accept([ids["household_member"]])
    asides.accept([ids["household_member"]], places=True)
    for _ in range(4):
        circle.round(twin, other, laptop)
    for at in (circle.office, laptop, twin, other):
        (person,) = [one.id for one in at.records.page("resident") if one.values["name"] == "王小明"]
        assert person in {one.values["resident_id"] for one in at.records.page("household_member")}
    settled(circle, grid, laptop, twin, other)


def test_a_life_of_the_office_meant_one_op_to_whomever_it_wrote(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    """Another laptop gives back what builds on it, and no more has the reply that brought it that itself."""
    another = circle.enrol("钱丽", grid)
    circle.round(another)

    before = set(another.session.folder.archive.rglob("*"))

    def call(at: Workspace, number: str) -> None:
        at.records.save("resident", {"phones": number}, family.resident)

    def then(at: Workspace) -> None:
        for file in set(another.session.folder.archive.rglob("*")) - before:
            file.unlink()
        call(at, "13800000002")
        circle.round(at, another)

    laptop, twin, lost = copied(circle, lambda at: call(at, "13800000001"), other, another, then=then)
    circle.round(other)
    for _ in range(4):
        circle.round(another, other, laptop, twin)
    assert lost.record == family.resident
    for at in (circle.office, laptop, twin, other, another):
        assert at.records.show("resident", family.resident).values["phones"] == "13800000002"
        assert at.merge.conflicts() == []
        assert lost.clk not in ops_of(at) or at is circle.office or at is laptop


def test_what_the_office_wrote_on_it_goes_from_who_made_it(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    """The copy that loses has read the office's word on what it made: nothing is left of a record that is no more."""

    def visited(at: Workspace) -> None:
        made = made_visit(at, family.household)
        circle.hand_in(at)
        circle.office.records.save("visit", {"situation_note": "七"}, made)
        circle.round(at)

    laptop, twin, lost = copied(circle, visited, other)
    assert any(row.record == lost.record and row.clk != lost.clk for row in ops_of(twin).values())
    for _ in range(4):
        circle.round(other, twin, laptop)
    assert [row for row in ops_of(twin).values() if row.record == lost.record] == []
    (visit,) = circle.office.records.page("visit")
    for at in (circle.office, laptop, twin, other):
        assert [(one.id, one.values["situation_note"]) for one in at.records.page("visit")] == [(visit.id, "七")]
    settled(circle, grid, laptop, twin, other)


def test_of_what_leaves_nothing_is_taken_in_where_something_else_bore_its_number(
    circle: Circle, grid: int, family: Family, other: Workspace
) -> None:
    """The laptop's visit is first here, and is another grid's before its copy hears of it: the copy never has it."""
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    laptop, twin = copies_of(circle, "twin")
    visit = made_visit(laptop, family.household)
    twin.backups.make(circle.folder / "copies")
    assert ops_of(twin)[visit].kind != ops_of(laptop)[visit].kind
    circle.hand_in(laptop)
    circle.office.session.write([Change("visit", visit, {"household_id": elsewhere.household})], "edit")
    for _ in range(2):
        circle.round(twin, laptop, other)
    assert visit in ops_of(circle.office)
    assert visit not in {row.record for row in ops_of(twin).values()}
    settled(circle, grid, twin, laptop, other)


@pytest.mark.parametrize("says_more", [False, True])
def test_where_a_reader_took_both_for_one_it_gets_the_other_when_its_own_goes(
    circle: Circle, grid: int, family: Family, other: Workspace, says_more: bool
) -> None:
    """Two visits say the same but for who was met: a third laptop keeps what it has."""
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin = copies_of(circle, "twin")
    for one, met in ((laptop, says_more), (twin, not says_more)):
        made_visit(one, family.household, met=str(family.resident) if met else None)
    circle.hand_in(laptop)
    circle.round(other)
    put_back(circle, backup, gone=True)
    circle.hand_in(twin)
    circle.reply(other)
    for _ in range(3):
        circle.round(other, twin, laptop)
    (waiting,) = circle.office.asides.waiting()
    circle.office.asides.accept([waiting.id])
    for _ in range(3):
        circle.round(other, twin, laptop)
    for at in (circle.office, other, twin, laptop):
        assert {visit.values["met"] for visit in at.records.page("visit")} == {str(family.resident), None}
    settled(circle, grid, laptop, twin, other)
