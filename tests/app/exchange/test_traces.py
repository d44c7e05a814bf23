"""What bundles say of those before them: what is missing is named, what did not check is sent again, twins are told."""

import shutil

import pytest

from gridworker.app.exchange.missing_words import missing_words
from gridworker.app.workspace import Workspace
from gridworker.errors import BundleProblem, Problem
from gridworker.store import records
from gridworker.store.health.check import check
from gridworker.store.log.clock import device
from gridworker.store.log.log import Log
from gridworker.store.log.op import pack_create, unpack_create
from gridworker.sync import incoming
from gridworker.sync.format.header import MAX_RECENT
from gridworker.sync.standing import marks_of
from gridworker.sync.unread import Unread
from tests.circle import Circle, Family, head, made_visit
from tests.signing import lie


def test_a_lost_bundle_is_named_with_the_time_it_was_written(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    circle.clock.move(hours=3)
    lost = laptop.exchange.pack(circle.stick)
    lost.unlink()
    circle.clock.move(hours=1)
    circle.hand_in(laptop)
    (one,) = circle.office.exchange.missing()
    assert (one.laptop, one.n, one.covered) == (1, laptop.exchange.trips()[1].n, True)
    assert one.written is not None
    assert f"{one.written:%H:%M}" == "04:45"
    words = missing_words(one, circle.office.session.today())
    assert f"{one.n}" in words
    assert "laptop 1" in words
    assert "12:45" in words


def test_a_lost_reply_is_named_on_the_laptop(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.office.exchange.pack(circle.stick, 1).unlink()
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.clock.move(hours=1)
    circle.reply(laptop)
    (one,) = laptop.exchange.missing()
    assert (one.laptop, one.covered) == (0, True)
    assert one.written is not None
    assert missing_words(one, laptop.session.today())


def test_one_that_comes_late_is_missing_no_longer(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    late = laptop.exchange.pack(circle.stick)
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    assert len(circle.office.exchange.missing()) == 1
    circle.office.exchange.merge(late)
    assert circle.office.exchange.missing() == []


def test_a_damaged_bundle_changes_nothing_and_its_sender_is_told(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    visit = made_visit(laptop, family.household)
    sent = laptop.exchange.pack(circle.stick)
    data = bytearray(sent.read_bytes())
    data[len(data) // 2] ^= 1
    sent.write_bytes(data)
    before = head(circle.office)
    with pytest.raises(BundleProblem):
        circle.office.exchange.merge(sent)
    assert head(circle.office) == before
    circle.reply(laptop)
    states = {trip.n: trip.state for trip in laptop.exchange.trips() if trip.outgoing}
    n = max(states)
    assert states[n] == "refused"
    circle.hand_in(laptop)
    assert holds(circle.office, [visit])
    circle.reply(laptop)
    states = {trip.n: trip.state for trip in laptop.exchange.trips() if trip.outgoing}
    assert states[n] == states[n + 1] == "confirmed"


def test_a_name_that_lies_says_nothing(circle: Circle, laptop: Workspace) -> None:
    for name in ("99-1-00000000.gwb", "01-7-00000000.gwb", "anything.gwb"):
        path = circle.stick / name
        path.write_bytes(b"no bundle")
        with pytest.raises(BundleProblem):
            circle.office.exchange.merge(path)
    circle.reply(laptop)
    assert {trip.state for trip in laptop.exchange.trips() if trip.outgoing} == {"confirmed"}


def twin_of(circle: Circle, name: str) -> Workspace:
    """A copy of a laptop that does not notice it is one: its mark and its machine were copied along."""
    circle.close(name)
    shutil.copytree(circle.folder / name, circle.folder / "twin")
    circle.open(name)
    return circle.open("twin")


def go_on(circle: Circle, name: str, family: Family) -> tuple[Workspace, Workspace, list[int]]:
    """A laptop and its twin both work, hand in - first only the twin, then in vain - and take their replies."""
    made_visit(circle.opened[name], family.household)
    circle.round(circle.opened[name])
    twin = twin_of(circle, name)
    laptop, visits = circle.opened[name], []
    for turn in range(3):
        for one in (laptop, twin, twin, laptop):
            circle.clock.move(minutes=7)
            visits.append(made_visit(one, family.household))
        for one in (twin, laptop) if turn else (twin,):
            circle.clock.move(minutes=1)
            path = one.exchange.pack(circle.stick)
            if turn != 1:
                circle.office.exchange.merge(path)
            visits.append(made_visit(one, family.household))
        for one in (laptop, twin):
            circle.clock.move(minutes=1)
            circle.reply(one)
    for _ in range(3):
        circle.round(laptop, twin)
    return laptop, twin, visits


def holds(workspace: Workspace, visits: list[int]) -> bool:
    return {id_ for id_, _ in page_of(workspace)} >= set(visits)


def page_of(workspace: Workspace) -> list[tuple[int, object]]:
    with workspace.session.store.db.read() as connection:
        return [(id_, values) for id_, values in records.page(connection, "visit", limit=1000)]


def test_a_copied_laptop_and_its_twin_go_on_and_no_edit_is_lost(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop, twin, visits = go_on(circle, "laptop-1", family)
    office = circle.office
    assert [holds(one, visits) for one in (office, laptop, twin)] == [True, True, True]
    assert any(trip.forked for trip in office.exchange.trips())
    assert laptop.session.store.identity.device != twin.session.store.identity.device
    assert laptop.exchange.pending().records == twin.exchange.pending().records == 0
    assert not any(check(one.session.store) for one in (office, laptop, twin))


def test_a_receipt_that_is_believed_for_the_twin_loses_work(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug planted: the test above can fail."""
    monkeypatch.setattr(incoming, "believed", lambda _exchange, header: marks_of(header.have))
    monkeypatch.setattr(incoming, "is_twin", lambda *_: False)
    _, _, visits = go_on(circle, "laptop-1", family)
    assert not holds(circle.office, visits)


def test_what_the_loser_wrote_on_hides_nothing_that_it_never_saw(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It edits its own edit before it hands in, and again before it hears that another stands under that clk."""
    twin, office = twin_of(circle, "laptop-1"), circle.office
    laptop = circle.opened["laptop-1"]
    for one, number in ((laptop, "13800000001"), (twin, "13800000002")):
        one.records.save("resident", {"phones": number}, family.resident)
    circle.clock.move(minutes=1)
    twin.records.save("resident", {"phones": "13800000003"}, family.resident)
    home = twin.records.save("household", {"status": "active"}).id
    for one in (laptop, twin):
        circle.hand_in(one)
    circle.clock.move(minutes=1)
    twin.records.save("resident", {"phones": "13800000004"}, family.resident)
    for _ in range(3):
        circle.round(twin, laptop)
    for one in (office, laptop, twin):
        (conflict,) = one.merge.conflicts()
        assert {side.value for field in conflict.fields for side in field.sides} == {"13800000001", "13800000004"}
        assert one.records.show("household", home).id == home
        assert not check(one.session.store)
        with one.session.store.cursor() as cursor:
            assert Log(cursor).awaited() == {}
    assert [one for one in office.asides.waiting() if one.kind == "resident"] == []


def test_two_edits_under_one_clk_both_stand_at_the_office_and_the_loser_lets_go(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """The clocks of both copies stand still at the same moment: their next ops bear the same clk."""
    twin, office = twin_of(circle, "laptop-1"), circle.office
    laptop = circle.opened["laptop-1"]
    for one, number in ((laptop, "13800000001"), (twin, "13800000002")):
        one.records.save("resident", {"phones": number}, family.resident)
    for one in (laptop, twin):
        circle.hand_in(one)
    assert [(one.reason, one.ruling) for one in office.asides.ruled() if one.kind == "resident"] == [
        ("fork", "accepted")
    ]
    (conflict,) = office.merge.conflicts()
    assert {side.value for field in conflict.fields for side in field.sides} == {"13800000001", "13800000002"}
    assert any(trip.forked for trip in office.exchange.trips())
    for _ in range(2):
        circle.round(laptop, twin)
    for one in (laptop, twin):
        (there,) = one.merge.conflicts()
        assert {side.clk for field in there.fields for side in field.sides} == conflict.clks
    lives = {one.session.store.identity.device for one in (laptop, twin)}
    assert len(lives) == 2
    assert [one for one in office.asides.waiting() if one.kind == "resident"] == []
    assert not any(check(one.session.store) for one in (office, laptop, twin))


def test_bundles_lost_right_after_the_office_was_put_back_are_named_apart_from_those_before(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A laptop counts from 1 again: numbers 1 to 3 came in the stream before, and 4 is missing in both."""
    circle.copy("office", "copy")
    circle.open("office")
    circle.round(laptop)
    office = circle.restore("office", "copy")
    circle.hand_in(laptop)
    former = [(one.n, one.office) for one in office.exchange.missing()]
    assert former == [(3, "former"), (4, "former")]
    words = [missing_words(one, office.session.today()) for one in office.exchange.missing()]
    assert all("from before the office was put back" in one for one in words)
    circle.reply(laptop)
    circle.hand_in(laptop)
    assert office.exchange.missing() == [], "they came, and what was in them came once more"
    for _ in range(4):
        circle.clock.move(minutes=5)
        made_visit(laptop, family.household)
        laptop.exchange.pack(circle.stick).unlink()
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    now = [one for one in office.exchange.missing() if one.office == ""]
    assert [one.n for one in now] == [2, 3, 4, 5]
    assert all(one.written and one.covered for one in now)
    assert len(office.exchange.missing()) == 4, "of those before, nothing is missing"
    words = [missing_words(one, office.session.today()) for one in office.exchange.missing()]
    assert len(set(words)) == 4
    assert not any(trip.forked for trip in office.exchange.trips()), "two streams with one number are no fork"


def test_all_that_went_before_the_first_to_come_is_named(circle: Circle, grid: int, family: Family) -> None:
    """After the office was put back too, and from a laptop that was: that one counts on from its copy."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "copy")
    office = circle.restore("office", "copy")
    circle.hand_in(laptop)
    circle.reply(laptop)
    for _ in range(2):
        circle.clock.move(minutes=5)
        laptop.exchange.pack(circle.stick).unlink()
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    assert [one.n for one in office.exchange.missing() if not one.office] == [1, 2]
    circle.copy("laptop-1", "old")
    laptop = circle.restore("laptop-1", "old")
    late = None
    for _ in range(2):
        circle.clock.move(minutes=5)
        late = laptop.exchange.pack(circle.stick)
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    assert [one.n for one in office.exchange.missing() if not one.office] == [1, 2, 4, 5]
    assert late is not None
    office.exchange.merge(late)
    assert [one.n for one in office.exchange.missing() if not one.office] == [1, 2, 4]


def test_whether_a_later_one_brought_it_does_not_depend_on_the_clock(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It stands while three bundles come, and is set back for the last."""
    circle.copy("office", "copy")
    circle.open("office")
    made_visit(laptop, family.household)
    circle.round(laptop)
    office = circle.restore("office", "copy")
    circle.hand_in(laptop)
    assert {one.covered for one in office.exchange.missing()} == {False}
    circle.reply(laptop)
    circle.clock.move(days=-30)
    circle.hand_in(laptop)
    assert office.exchange.missing() == []
    circle.clock.move(days=30)
    assert office.exchange.missing() == []


def test_what_a_laptop_took_in_before_it_was_set_back_is_not_missing(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Two replies came after the copy was made; the office has no receipt for them when it writes to the new life."""
    circle.copy("laptop-1", "old")
    laptop = circle.open("laptop-1")
    for phone in ("13800000001", "13800000002"):
        circle.clock.move(minutes=5)
        circle.office.records.save("resident", {"phones": phone}, family.resident)
        circle.reply(laptop)
    laptop = circle.restore("laptop-1", "old")
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    circle.reply(laptop)
    assert laptop.records.show("resident", family.resident).values["phones"] == "13800000002"
    assert laptop.exchange.missing() == []
    circle.office.exchange.pack(circle.stick, 1).unlink()
    circle.clock.move(minutes=5)
    circle.reply(laptop)
    assert [one.covered for one in laptop.exchange.missing()] == [True], "one that was lost since is told"


def test_a_fork_is_said_once_and_a_second_one_again(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.copy("laptop-1", "old")
    laptop = circle.open("laptop-1")

    def forked(rounds: int) -> list[bool]:
        said = []
        for _ in range(rounds):
            circle.clock.move(minutes=5)
            made_visit(laptop, family.household)
            path = circle.hand_in(laptop)
            (trip,) = [one for one in circle.office.exchange.trips() if one.file == path.name]
            said.append(trip.forked)
            circle.reply(laptop)
        return said

    assert not any(forked(4))
    for _ in range(2):
        circle.close("laptop-1")
        shutil.rmtree(circle.folder / "laptop-1")
        shutil.copytree(circle.folder / "old", circle.folder / "laptop-1")
        laptop = circle.open("laptop-1")
        assert forked(3) == [True, False, False]


def test_a_fork_is_said_once_though_the_bundle_after_it_is_lost(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.copy("laptop-1", "old")
    laptop = circle.open("laptop-1")
    for _ in range(4):
        made_visit(laptop, family.household)
        circle.hand_in(laptop)
    circle.close("laptop-1")
    shutil.rmtree(circle.folder / "laptop-1")
    shutil.copytree(circle.folder / "old", circle.folder / "laptop-1")
    laptop = circle.open("laptop-1")
    circle.clock.move(minutes=5)
    files = [laptop.exchange.pack(circle.stick) for _ in range(4)]
    said = {
        one.trip.n: one.trip.forked for one in map(circle.office.exchange.merge, (files[0], *files[2:])) if one.trip
    }
    assert list(said.values()) == [True, False, False]


def test_what_is_here_already_is_not_counted_as_added(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.copy("office", "copy")
    circle.restore("office", "copy")
    circle.hand_in(laptop)
    path = circle.office.exchange.pack(circle.stick, 1)
    result = laptop.exchange.merge(path)
    assert result.trip is not None
    assert result.trip.ops > 10
    assert (result.trip.new, result.trip.changed) == (0, 0)
    circle.office.records.save("resident", {"note": "新"}, family.resident)
    result = laptop.exchange.merge(circle.office.exchange.pack(circle.stick, 1))
    assert result.trip is not None
    assert (result.trip.new, result.trip.changed) == (0, 1)
    made_visit(laptop, family.household)
    laptop.exchange.pack(circle.stick)
    result = circle.office.exchange.merge(laptop.exchange.pack(circle.stick))
    assert result.trip is not None
    assert (result.trip.new, result.trip.changed) == (1, 0)


def test_what_came_from_the_office_is_not_taken_back_on_a_laptop(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It would take the worker's own row back, and with it the right to take the next reply in."""
    came = [trip.batch for trip in laptop.exchange.trips() if not trip.outgoing]
    visit = made_visit(laptop, family.household)
    for batch in came:
        assert batch is not None
        before = head(laptop)
        with pytest.raises(Problem, match="only the office"):
            laptop.records.undo_batch(batch)
        assert head(laptop) == before
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT max(no) FROM batch WHERE act = 'create'")
        own = cursor.fetchone()[0]
    laptop.records.undo_batch(own)
    assert laptop.session.store.get("visit", visit) is None
    handed = next(trip.batch for trip in circle.office.exchange.trips() if not trip.outgoing and trip.new)
    assert handed is not None
    circle.office.records.undo_batch(handed)
    circle.round(laptop)


def test_a_name_of_nobody_takes_no_room_from_those_that_are_known(circle: Circle, laptop: Workspace) -> None:
    """Anybody can name files as they like, and only so many are remembered."""
    for name in ("99-1-00000000.gwb", "01-7-00000000.gwb"):
        (circle.stick / name).write_bytes(b"no bundle")
        with pytest.raises(BundleProblem):
            circle.office.exchange.merge(circle.stick / name)
    unread = Unread(circle.office.session.folder)
    assert unread.of(device(99, 0)) == ()
    assert unread.of(device(1, 0)) == (7,)


def test_one_that_did_not_check_is_told_until_a_bundle_covers_it(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """An office that was put back has the next bundle, but nothing of what the one that was damaged brought."""
    made_visit(laptop, family.household)
    sent = laptop.exchange.pack(circle.stick)
    sent.write_bytes(sent.read_bytes()[:-7])
    with pytest.raises(BundleProblem):
        circle.office.exchange.merge(sent)
    circle.copy("office", "copy")
    circle.open("office")
    circle.clock.move(minutes=5)
    circle.hand_in(laptop)
    circle.reply(laptop)
    office, life = circle.restore("office", "copy"), laptop.session.store.identity.device
    told = Unread(office.session.folder).of(life)
    assert len(told) == 1
    circle.clock.move(minutes=5)
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert Unread(office.session.folder).of(life) == told, "what was in it is not here"
    for _ in told * 3:
        circle.round(laptop)
    assert Unread(office.session.folder).of(life) == ()


def test_an_op_under_a_clk_that_is_here_is_an_alarm_though_the_chain_is_one(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    visit = made_visit(laptop, family.household)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        row = Log(cursor).rows([visit])[visit]
    other = row._replace(author=0, vals=pack_create({**unpack_create(row.vals), 99: "x"}))
    result = circle.office.exchange.merge(
        lie(laptop, circle.stick / "one.gwb", [other], upto=laptop.session.store.newest)
    )
    assert result.trip is not None
    assert result.trip.forked


def test_one_that_comes_late_is_missing_no_longer_though_nobody_names_it_any_more(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A bundle names so many of those before it, and no more."""
    late, *_ = [laptop.exchange.pack(circle.stick) for _ in range(MAX_RECENT + 2)]
    circle.hand_in(laptop)
    first, *others = circle.office.exchange.missing()
    assert first.written is None
    circle.office.exchange.merge(late)
    assert circle.office.exchange.missing() == others
