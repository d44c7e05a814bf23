"""A copy of a laptop that nobody notices: two ops under one clk, and a third that was written over the one that won.

What becomes of two that are about the same record is in app/test_traces.py; tests/convergence has the rest.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from gridworker import discover
from gridworker.app.workspace import Workspace
from gridworker.store import reissue
from gridworker.store.engine.cursor import Cursor
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, OpRow, What, pack_create, unpack_create
from gridworker.store.store import Incoming
from gridworker.store.streams import Aside, Exchange
from gridworker.store.tables.changes import Act, Change
from gridworker.sync import forks
from gridworker.sync.format.header import kept_header
from gridworker.sync.judging.judge import OUT_OF_SCOPE, Judged
from gridworker.sync.meant import Chains, LostBefore
from gridworker.sync.returning import life
from tests.builders import make_store
from tests.circle import Circle, Family, delete, made_visit, phones
from tests.copies import copies_of, ops_of
from tests.store.steps import steps_of
from tests.sync.samples import header


def go_wrong(circle: Circle) -> tuple[Workspace, Workspace, Family, int]:
    """The twin's ops win: a visit, an edit, and one that is deleted over. The laptop's are about another record.

    Before the laptop hands in the office has written over those that won, and its reply brings that.
    """
    grid, office = circle.office.devices.add_grid("第一网格"), circle.office
    family, other = circle.family(grid), circle.family(grid, "102", "王秀英")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop, twin = copies_of(circle, "twin")
    visit = made_visit(twin, family.household)
    for one in (family, other):
        twin.records.save("resident", {"phones": "13811111111"}, one.resident)
    for words in ("一", "二", "三"):
        laptop.records.save("household", {"remark": words}, family.household)
    circle.hand_in(twin)
    with twin.session.store.cursor() as cursor, laptop.session.store.cursor() as own:
        written = {row.clk: row.record for lot in Log(cursor).ops() for row in lot}
        clashing = {row.record: written[row.clk] for lot in Log(own).ops() for row in lot if row.clk in written}
    assert clashing[family.household] == other.resident, "under one clk"
    office.records.save("visit", {"backdated_reason": "办公室改的"}, visit)
    office.records.save("resident", {"phones": "13822222222"}, family.resident)
    delete(office, "resident", other.resident)
    circle.hand_in(laptop)
    circle.reply(laptop)
    for _ in range(2):
        circle.round(laptop, twin)
    return laptop, twin, family, grid


def test_what_was_written_over_the_op_that_won_holds_on_the_loser_too(circle: Circle) -> None:
    laptop, twin, family, grid = go_wrong(circle)
    for one in (laptop, twin):
        assert circle.agrees(one, grid)
        assert phones(one, family.resident) == "13822222222"
        assert one.merge.count() == circle.office.merge.count() == 0
        with one.session.store.cursor() as cursor:
            assert Log(cursor).awaited() == {}
    assert not any(one.care_of_store.check() for one in (circle.office, laptop, twin))


def test_a_loser_that_reads_its_own_record_alone_is_found_out(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bug planted: the test above can fail."""
    monkeypatch.setattr(reissue, "naming", lambda *_: {})
    laptop, _, _, grid = go_wrong(circle)
    assert laptop.merge.count() > circle.office.merge.count()
    assert not circle.agrees(laptop, grid)
    assert {fault.serious for fault in laptop.care_of_store.check()} == {True}


def test_many_ops_are_looked_for_at_once_and_few_one_by_one(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find the same, also where a clock stood before 2020."""
    circle.clock.at = datetime(1999, 1, 1, tzinfo=UTC)
    early = circle.office.records.save("resident", {"name": "王秀英", "status": "in_place"}).id
    for resident in (early, family.resident):
        for number in range(reissue.FEW):
            circle.office.records.save("resident", {"phones": f"1380000000{number}"}, resident)
    with circle.office.session.store.cursor() as cursor:
        clks = {row.clk for lot in Log(cursor).ops() for row in lot}
        at_once = reissue.naming(cursor, clks)
        monkeypatch.setattr(reissue, "FEW", len(clks))
        assert at_once == reissue.naming(cursor, clks)
    assert early in at_once
    assert family.resident in at_once


def two_who_differ(
    circle: Circle, turned: bool, more: Callable[[Workspace], object], less: Callable[[Workspace], object]
) -> None:
    """A copy and its laptop write at the same moment; one says all that the other says, and more."""
    laptop = circle.opened["laptop-1"]
    circle.round(laptop)
    laptop, twin = copies_of(circle, "twin")
    more(twin if turned else laptop)
    less(laptop if turned else twin)
    with twin.session.store.cursor() as cursor, laptop.session.store.cursor() as own:
        assert Log(cursor).newest() == Log(own).newest(), "under one clk"
    for _ in range(3):
        circle.round(laptop, twin)


@pytest.mark.parametrize("turned", [False, True])
def test_a_value_taken_out_is_not_taken_for_one_that_an_erasure_took(
    circle: Circle, laptop: Workspace, family: Family, turned: bool
) -> None:
    """Whichever comes first, the other stands beside it for a person."""
    two_who_differ(
        circle,
        turned,
        lambda at: at.records.save("resident", {"phones": "13811111111"}, family.resident),
        lambda at: at.records.save("resident", {"phones": None}, family.resident),
    )
    devices = [circle.office, circle.opened["laptop-1"], circle.opened["twin"]]
    for one in devices:
        (conflict,) = one.merge.conflicts()
        assert {side.value for side in conflict.fields[0].sides} == {None, "13811111111"}
    assert not any(one.care_of_store.check() for one in devices)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_visits_that_say_the_same_but_for_who_was_met_both_are_kept(
    circle: Circle, laptop: Workspace, grid: int, family: Family, turned: bool
) -> None:
    two_who_differ(
        circle,
        turned,
        lambda at: made_visit(at, family.household, met=str(family.resident)),
        lambda at: made_visit(at, family.household),
    )
    for one in (circle.office, circle.opened["laptop-1"], circle.opened["twin"]):
        met = [visit.values["met"] for visit in one.records.page("visit")]
        assert sorted(met, key=str) == [str(family.resident), None]
        assert circle.agrees(one, grid)


@pytest.mark.parametrize("first", [False, True])
def test_an_op_that_waits_for_the_offices_word_is_not_let_go_for_another_under_its_clk(
    circle: Circle, laptop: Workspace, family: Family, first: bool
) -> None:
    """One copy writes where it may not, the other where it may; both are there in the end, whichever came first."""
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    circle.round(laptop)
    laptop, twin = copies_of(circle, "twin")
    store = laptop.session.store
    visit = Change("visit", store.new_id(), {"household_id": elsewhere.household}, create=True)
    store.write([visit], Act("create", laptop.session.who))
    made = made_visit(twin, family.household)
    with twin.session.store.cursor() as cursor, store.cursor() as own:
        assert Log(own).rows([made])[made] != Log(cursor).rows([made])[made], "under one clk"
    for one in (laptop, twin) if first else (twin, laptop):
        circle.hand_in(one)
    (waiting,) = [op for op in circle.office.asides.waiting() if op.kind == "visit"]
    circle.office.asides.accept([waiting.id])
    for _ in range(3):
        circle.round(laptop, twin)
    visited = {visit.values["household_id"] for visit in circle.office.records.page("visit")}
    assert visited == {family.household, elsewhere.household}
    assert circle.agrees(laptop, *laptop.session.grids())
    assert circle.agrees(twin, *twin.session.grids())


def test_of_two_ops_under_one_clk_that_both_may_not_go_in_both_wait(circle: Circle, laptop: Workspace) -> None:
    """The one that came later is none the less somebody's work, and the office sees it."""
    grid = circle.office.devices.add_grid("第九网格")
    far = [circle.family(grid, "901", "王秀英"), circle.family(grid, "902", "赵海")]
    circle.round(laptop)
    both = copies_of(circle, "twin")
    for one, family in zip(both, far, strict=True):
        store = one.session.store
        visit = Change("visit", store.new_id(), {"household_id": family.household}, create=True)
        store.write([visit], Act("create", one.session.who))
    with both[0].session.store.cursor() as cursor, both[1].session.store.cursor() as other:
        assert Log(cursor).newest() == Log(other).newest(), "under one clk"
    for one in both:
        circle.hand_in(one)
    with circle.office.session.store.cursor() as cursor:
        visits = [op for op in Exchange(cursor).aside() if op.kind == discover.kinds()["visit"].kind.number]
    named = {value for op in visits for value in unpack_create(op.vals).values()}
    assert named >= {family.household for family in far}
    first, second = (OpRow(*op[:4], 0, op.vals) for op in visits)
    with circle.office.session.store.cursor() as cursor:
        _, late = forks.late_among(cursor, Judged([], [(first, OUT_OF_SCOPE), (second, OUT_OF_SCOPE)]), {})
    assert late.aside, "judged again with what waits, one would be taken for the other"


def test_all_that_is_built_on_an_op_that_lost_lets_go_with_it(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Three edits upon each other in one bundle: the last names neither the one that lost nor the one that won."""
    laptop, twin = copies_of(circle, "twin")
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    for number in ("13800000002", "13800000003", "13800000004"):
        twin.records.save("resident", {"phones": number}, family.resident)
    for one in (laptop, twin):
        circle.hand_in(one)
    for _ in range(3):
        circle.round(laptop, twin)
    for one in (circle.office, laptop, twin):
        (conflict,) = one.merge.conflicts()
        assert {side.value for side in conflict.fields[0].sides} == {"13800000001", "13800000004"}
        with one.session.store.cursor() as cursor:
            assert Log(cursor).awaited() == {}
    assert not any(one.care_of_store.check() for one in (circle.office, laptop, twin))


def three_of(circle: Circle) -> list[Workspace]:
    """A laptop and two copies of it, none of which notices."""
    circle.round(circle.opened["laptop-1"])
    return copies_of(circle, "twin", "third")


def test_of_three_copies_each_that_loses_lets_go(circle: Circle, laptop: Workspace, grid: int, family: Family) -> None:
    """All write under one clk: the office names two ops under it that it has written anew."""
    copies = three_of(circle)
    for at, one in enumerate(copies):
        one.records.save("resident", {"phones": f"1380000000{at}"}, family.resident)
    for _ in range(3):
        circle.round(*copies)
    for one in (circle.office, *copies):
        (conflict,) = one.merge.conflicts()
        assert {side.value for side in conflict.fields[0].sides} == {f"1380000000{at}" for at in range(3)}
        assert circle.agrees(one, grid)
        assert one.care_of_store.check() == []


def test_what_each_of_two_losers_builds_on_is_its_own(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Visits under one clk, and each is edited before its writer hears that it was written anew."""
    copies = three_of(circle)
    visits = [made_visit(one, family.household, backdated_reason=f"写{at}") for at, one in enumerate(copies)]
    assert len(set(visits)) == 1, "under one clk"
    for one in copies:
        circle.hand_in(one)
    for at, one in enumerate(copies):
        one.records.save("visit", {"backdated_reason": f"改{at}"}, visits[0])
    for one in copies:
        circle.hand_in(one)
    for _ in range(3):
        circle.round(*copies)
    for one in (circle.office, *copies):
        said = {visit.id: visit.values["backdated_reason"] for visit in one.records.page("visit")}
        assert sorted(map(str, said.values())) == ["改0", "改1", "改2"]


@pytest.mark.parametrize("told", [False, True])
def test_what_is_built_on_an_op_that_lost_before_goes_with_it_though_nobody_has_told_its_writer_yet(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """It handed in so often since that the reply names its own bundles alone, and has no room to tell of its visit.

    Where it has, the loser goes on as a new life all the same.
    """
    copies = three_of(circle)[:2]
    visits = {made_visit(one, family.household, backdated_reason=f"写{at}") for at, one in enumerate(copies)}
    (visit,) = visits  # under one clk
    for one in copies:
        circle.hand_in(one)
    with monkeypatch.context() as patched:
        patched.setattr(life, "MAX_GOT", 1)
        patched.setattr(forks, "MAX_REISSUED", int(told))
        circle.reply(copies[1])
    lives = {one.session.store.identity.incarnation for one in copies}
    assert len(lives) == 1 + told
    mine = min(one.id for one in copies[1].records.page("visit") if one.values["backdated_reason"] == "写1")
    assert (mine == visit) is not told
    copies[1].records.save("visit", {"backdated_reason": "改1"}, mine)
    for _ in range(3):
        circle.round(*copies)
    for one in (circle.office, *copies):
        said = {str(visit.values["backdated_reason"]) for visit in one.records.page("visit")}
        assert said == {"写0", "改1"}


def test_of_more_than_one_reply_can_name_all_are_told_in_the_end(
    circle: Circle, laptop: Workspace, grid: int, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock ran ahead and was put right, so ids are counted one by one: all that two copies write clashes."""
    monkeypatch.setattr(forks, "MAX_REISSUED", 8)
    copies = three_of(circle)[:2]
    for number in range(20):
        for one, digit in zip(copies, "12", strict=True):
            one.records.save("resident", {"phones": f"138{digit}{number:07d}"}, family.resident)
    for _ in range(12):
        circle.round(*copies)
    written = {row.clk: row.vals for row in ops_of(circle.office).values()}
    for one in copies:
        assert circle.agrees(one, grid)
        assert one.care_of_store.check() == []
        assert all(written[row.clk] == row.vals for row in ops_of(one).values() if row.clk in written)


def test_each_reply_tells_of_others_where_it_has_no_room_for_all(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these visits builds on another, so each has to be told by itself."""
    monkeypatch.setattr(forks, "MAX_REISSUED", 2)
    copies = three_of(circle)[:2]
    for number in range(4):
        for at, one in enumerate(copies):
            made_visit(one, family.household, backdated_reason=f"写{at}{number}")
    for one in copies:
        circle.hand_in(one)
    told = set[int]()
    for _ in range(12):
        circle.office.exchange.pack(circle.stick, 1)
        with circle.office.session.store.cursor() as cursor:
            told |= {one.clk for one in kept_header(Exchange(cursor).bundles(limit=1)[0].header).reissued}
    assert told >= {one.id for one in copies[1].records.page("visit")}


def test_what_names_a_record_that_was_written_anew_names_what_it_is_now(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A person whom the losing copy wrote down bears the clk of another's edit, and heads the household there."""
    circle.round(laptop)
    laptop, twin = copies_of(circle, "twin")
    for number in ("13800000001", "13800000002", "13800000003"):
        laptop.records.save("resident", {"phones": number}, family.resident)
    twin.people.add(family.household, {"name": "李红", "relation": "10"})
    (person,) = [one.id for one in twin.records.page("resident") if one.values["name"] == "李红"]
    twin.records.save("household", {"head_id": str(person)}, family.household)
    with laptop.session.store.cursor() as cursor:
        assert Log(cursor).rows([person]), "under one clk"
    for one in (laptop, twin):
        circle.hand_in(one)
    for _ in range(3):
        circle.round(laptop, twin)
    for one in (circle.office, laptop, twin):
        head = one.records.show("household", family.household).values["head_id"]
        assert isinstance(head, int)
        assert one.records.show("resident", head).values["name"] == "李红"
        assert head in {member.values["resident_id"] for member in one.records.page("household_member")}
    assert not any(one.care_of_store.check() for one in (circle.office, laptop, twin))


@pytest.mark.parametrize("lived", [False, True])
def test_what_is_taken_in_in_place_of_an_op_that_lost_waits_no_longer(
    circle: Circle, laptop: Workspace, family: Family, lived: bool
) -> None:
    """A laptop that lived before is told its own ops too: what won comes before it has let go of what lost."""
    if lived:
        take_new_life(laptop.session.store)
    two_who_differ(
        circle,
        False,
        lambda at: at.records.save("resident", {"phones": "13800000001"}, family.resident),
        lambda at: at.records.save("resident", {"phones": "13800000002"}, family.resident),
    )
    for name in ("laptop-1", "twin"):
        with circle.opened[name].session.store.cursor() as cursor:
            assert [op for op in Exchange(cursor).aside() if op.record == family.resident] == []


def test_of_two_ops_under_one_clk_in_one_bundle_the_first_stands_and_the_other_is_told(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    rows = [OpRow(64, 6, 64, int(What.CREATE), 0, pack_create({1: name})) for name in ("陈建国", "王秀英")]
    commit = store.apply(Incoming(rows, [Author(1, 0)], Act("merge", 1, always=True)))
    assert list(commit.forks) == rows[1:]
    with store.cursor() as cursor:
        assert Log(cursor).rows([64])[64].vals == rows[0].vals
    store.close()


def test_an_op_of_a_kit_that_came_back_means_what_lost_in_it(tmp_path: Path) -> None:
    """A kit is no bundle of the list."""
    store = make_store(tmp_path)
    with store.cursor() as cursor:
        assert Chains(Exchange(cursor)).meant(b"kit", {b"kit": 7}) == 7
    store.close()


def test_what_a_reply_and_a_bundle_ask_of_lost_ops_costs_no_more_where_more_was_set_aside(tmp_path: Path) -> None:
    """A laptop that went mad has two hundred thousand set aside, and each reply to any other would read them all."""
    store, steps = make_store(tmp_path), list[int]()

    def ask(cursor: Cursor) -> None:
        assert forks.reissued(Exchange(cursor), 1) == ()
        assert forks.written_anew(Exchange(cursor), 1) == set()
        assert LostBefore(cursor, header(), 1).clks == set()

    for most in (10, 1000):
        with store.db.write() as connection:
            exchange = Exchange(raw_cursor(connection))
            ops = [
                Aside(at << 22 | 1 << 6, 6, 7, int(What.EDIT), 1, 1, b"\x90", OUT_OF_SCOPE, b"") for at in range(most)
            ]
            exchange.set_aside(ops)
            exchange.settle_aside((op.clk, op.source, 0, 0) for op in ops[::2])
        with store.cursor() as cursor:
            steps.append(steps_of(cursor, partial(ask, cursor)))
    assert max(steps) < 50
    store.close()
