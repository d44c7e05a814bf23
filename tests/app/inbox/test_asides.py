"""The office's word on what was set aside: accepted or refused, once or again, known to the author too."""

from dataclasses import replace
from unittest.mock import Mock

import pytest

from gridworker.app.exchange.views import AsideLot
from gridworker.app.inbox.aside_words import about_words, meaning_words, reason_words, ruling_words
from gridworker.app.inbox.asides import AsideFilter
from gridworker.app.register.register import Register
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, PlaceRefused, Problem
from gridworker.record import Value
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.check import check
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import OpRow, What
from gridworker.store.store import Incoming
from gridworker.store.streams import RETURNED, Aside, Exchange, authors_of
from gridworker.store.tables.changes import Act, Change
from gridworker.store.wish import Wish
from gridworker.sync.judging.accepting import Together
from gridworker.sync.judging.judge import (
    FOREIGN_AUTHOR,
    FORK,
    MANY_DELETIONS,
    NOT_FOR_LAPTOPS,
    ON_REFUSED,
    OUT_OF_SCOPE,
    REVOKED,
)
from tests.circle import Circle, Family, head, made_visit, phones

WEIGHED = (FOREIGN_AUTHOR, OUT_OF_SCOPE, NOT_FOR_LAPTOPS, FORK, MANY_DELETIONS, ON_REFUSED, REVOKED, RETURNED)
"""The reasons for which a change waits that the office may accept."""
NEW, OLD = "13800000001", "13800000142"


@pytest.fixture
def moved_away(
    circle: Circle, family: Family, grids: tuple[int, int], laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office gave the house to another grid, and the laptop knows; its program is a broken one that writes on."""
    circle.office.records.save("building", {"grid_id": grids[1]}, family.building)
    circle.round(laptop)
    monkeypatch.setattr("gridworker.store.store.refuse_departed", lambda *_: None)


def write_anyway(laptop: Workspace, record: int, value: str, *, kind: str = "resident", field: str = "phones") -> int:
    """An edit of a record that is not the laptop's, as a broken or hostile program would write it. Returns its clk."""
    store = laptop.session.store
    with store.cursor() as cursor:
        cursor.execute("SELECT clk, kind, record, what, author, vals FROM op WHERE kind = 6 AND what = 0 LIMIT 1")
        _, authors = authors_of(cursor, [OpRow(*cursor.fetchone())])
    from gridworker import discover
    from gridworker.store.log.op import Edit, pack_edits

    written = discover.kinds()[kind].kind
    number = written.specs[field].number
    clk = store.new_id()
    row = OpRow(clk, written.number, record, What.EDIT, 0, pack_edits(record, [Edit(number, value, (record,))]))
    store.apply(Incoming([row], authors, Act("edit", laptop.session.who)))
    return clk


@pytest.fixture
def stranger(circle: Circle, grids: tuple[int, int], laptop: Workspace) -> int:
    """A resident of the other grid whose number the laptop has written over."""
    resident = circle.family(grids[1], "909", "王秀英").resident
    write_anyway(laptop, resident, NEW)
    circle.hand_in(laptop)
    return resident


def sound(*workspaces: Workspace) -> bool:
    return not any(check(one.session.store) for one in workspaces)


def test_what_is_set_aside_tells_what_it_is(circle: Circle, laptop: Workspace, stranger: int) -> None:
    (one,) = circle.office.asides.waiting()
    assert (one.record, one.what, one.caption, one.laptop, one.reason) == (
        stranger, "edit", "3栋1单元909 王秀英", 1, "out_of_scope",
    )  # fmt: skip
    assert NEW not in str(one.fields)
    assert list(one.fields) == ["Phone"]
    assert one.acceptable


def test_a_household_set_aside_is_called_by_its_door_and_its_head(
    circle: Circle, grids: tuple[int, int], laptop: Workspace
) -> None:
    household = circle.family(grids[1], "909", "王秀英").household
    write_anyway(laptop, household, "院里有狗", kind="household", field="remark")
    circle.hand_in(laptop)
    (one,) = circle.office.asides.waiting()
    assert one.caption == "3栋1单元909 王秀英"
    assert about_words(one) == "Changed: 3栋1单元909 王秀英·Remark → 院里有狗"
    assert ruling_words(one) == ""
    circle.office.asides.refuse([one.id])
    assert [ruling_words(ruled) for ruled in circle.office.asides.ruled()] == ["not accepted by the office"]


def test_an_accepted_change_is_the_offices_own(circle: Circle, laptop: Workspace, stranger: int) -> None:
    office = circle.office
    (one,) = office.asides.waiting()
    office.asides.accept([one.id])
    assert phones(office, stranger) == NEW
    assert office.asides.waiting() == []
    assert [ruled.ruling for ruled in office.asides.ruled()] == ["accepted"]
    events = office.records.history("resident", stranger)
    assert [event.what.name for event in events if event.ruling is not None] == ["VERDICT", "EDIT"]
    circle.round(laptop)
    assert office.asides.waiting() == []
    assert office.merge.count() == 0
    assert sound(office, laptop)


def test_a_refused_change_leaves_everything_as_it_was(circle: Circle, laptop: Workspace, stranger: int) -> None:
    office = circle.office
    (one,) = office.asides.waiting()
    office.asides.refuse([one.id], "不是你的网格")
    assert phones(office, stranger) == OLD
    refused = [event for event in office.records.history("resident", stranger) if event.refused]
    assert [event.clk for event in refused] == [int(one.id.partition("-")[0], 16)]
    circle.round(laptop)
    assert office.asides.waiting() == []
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT record FROM judged")
        assert cursor.fetchall() == [(stranger,)]
    assert sound(office, laptop)


def test_what_waits_and_was_erased_since_is_the_same_when_it_comes_once_more(
    circle: Circle, laptop: Workspace, stranger: int
) -> None:
    erase(circle.office.session.store, [Wish("resident", stranger)], Act.note("erase", circle.office.session.who))
    (before,) = circle.office.asides.waiting()
    circle.hand_in(laptop)
    assert circle.office.asides.waiting() == [before], "and no fork"


@pytest.mark.usefixtures("moved_away")
def test_the_author_is_told_though_the_record_is_not_in_its_grids(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    visit = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    (one,) = circle.office.asides.waiting()
    circle.office.asides.refuse([one.id])
    circle.reply(laptop)
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM judged")
        assert cursor.fetchone()[0] == 1
        cursor.execute("SELECT count(*) FROM awaited WHERE record = ?", (visit,))
        assert cursor.fetchone()[0] == 0


def test_an_author_who_holds_the_record_sees_what_was_before(circle: Circle, laptop: Workspace, family: Family) -> None:
    office = circle.office
    edits = [laptop.records.save("resident", {"phones": NEW}, family.resident)]
    assert edits[0].values["phones"] == NEW
    office.devices.revoke(1)  # thought to be stolen, and found again
    circle.hand_in(laptop)
    office.devices.readmit(1)
    (one,) = [one for one in office.asides.waiting() if one.record == family.resident]
    office.asides.refuse([one.id], "电话没有变")
    circle.reply(laptop)
    assert phones(office, family.resident) == OLD
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT phones FROM resident WHERE id = ?", (family.resident,))
        assert cursor.fetchone()[0] == OLD
    assert sound(laptop)


def test_a_later_word_counts(circle: Circle, laptop: Workspace, stranger: int) -> None:
    office = circle.office
    (one,) = office.asides.waiting()
    for accept, expected in [(False, OLD), (True, NEW), (False, OLD), (True, NEW), (True, NEW)]:
        (office.asides.accept if accept else office.asides.refuse)([one.id])
        assert phones(office, stranger) == expected
        assert office.merge.count() == 0
    circle.round(laptop)
    assert phones(office, stranger) == NEW
    assert sound(office, laptop)


@pytest.mark.usefixtures("moved_away")
def test_an_accepted_creation_brings_what_hangs_on_it(circle: Circle, laptop: Workspace, family: Family) -> None:
    office = circle.office
    visit = made_visit(laptop, family.household)
    laptop.records.save("visit", {"outcome": "nobody_home"}, visit)
    circle.hand_in(laptop)
    creation, edit = office.asides.waiting()
    assert (creation.what, edit.what) == ("create", "edit")
    with pytest.raises(NotFound):
        office.records.show("visit", visit)
    office.asides.accept([edit.id])
    assert office.records.show("visit", visit).values["outcome"] == "nobody_home"
    assert [one.ruling for one in office.asides.ruled()] == ["vouched", "accepted"]
    office.asides.refuse([creation.id])
    with pytest.raises(NotFound):
        office.records.show("visit", visit)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM visit WHERE id = ?", (visit,))
        assert cursor.fetchone()[0] == 0
    assert sound(office, laptop)


@pytest.mark.usefixtures("moved_away")
def test_edits_after_a_refused_creation_wait_too(circle: Circle, laptop: Workspace, family: Family) -> None:
    visit = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    (creation,) = circle.office.asides.waiting()
    circle.office.asides.refuse([creation.id])
    laptop.records.save("visit", {"outcome": "nobody_home"}, visit)
    circle.hand_in(laptop)
    assert [one.what for one in circle.office.asides.waiting()] == ["edit"]


@pytest.fixture
def settlement(circle: Circle, grids: tuple[int, int], laptop: Workspace) -> dict[str, int]:
    """What a laptop wrote into a strange grid: a household of two; the door is written before the building."""
    session, kinds = laptop.session, ("dwelling", "household", "building", "resident", "household_member")
    made = {kind: session.new_id() for kind in (*kinds, "head", "head_member")}
    home = made["household"]
    people = [(made["resident"], made["household_member"], "王强"), (made["head"], made["head_member"], "王秀英")]
    session.write(
        [
            Change("dwelling", made["dwelling"], {"building_id": made["building"], "room_no": "101"}, create=True),
            Change("household", home, {"dwelling_id": made["dwelling"], "head_id": made["head"]}, create=True),
            Change("building", made["building"], {"building_name": "9栋", "grid_id": grids[1]}, create=True),
            *(Change("resident", resident, {"name": name}, create=True) for resident, _, name in people),
            *(
                Change("household_member", member,
                       {"household_id": home, "resident_id": resident, "relation": "02"}, create=True)
                for resident, member, _ in people
            ),
        ],
        "import",
    )  # fmt: skip
    before = circle.office.care_of_store.digest()
    circle.hand_in(laptop)
    assert {one.record for one in circle.office.asides.waiting()} == set(made.values())
    assert circle.office.care_of_store.digest() == before
    return made


def aside_of(office: Workspace, record: int) -> str:
    """The number of what was set aside about a record."""
    found = [*office.asides.waiting(), *office.asides.ruled()]
    return next(one.id for one in found if one.record == record)


def test_a_household_that_waits_is_accepted_with_its_door_its_building_and_its_people(
    circle: Circle, laptop: Workspace, settlement: dict[str, int]
) -> None:
    office = circle.office
    along = {one.record: one.along for one in office.asides.waiting()}
    assert along[settlement["household"]] == 6
    assert along[settlement["dwelling"]] == 1
    assert along[settlement["building"]] == along[settlement["resident"]] == 0
    office.asides.accept([aside_of(office, settlement["household"])])
    assert office.asides.waiting() == []
    assert office.records.show("resident", settlement["resident"]).caption == "王强"
    assert office.records.show("household_member", settlement["head_member"]).values["relation"] == "02"
    assert sound(office)
    circle.round(laptop)
    assert office.asides.waiting() == []
    assert sound(office, laptop)


def test_a_building_is_accepted_without_what_stands_in_it(circle: Circle, settlement: dict[str, int]) -> None:
    circle.office.asides.accept([aside_of(circle.office, settlement["building"])])
    assert len(circle.office.asides.waiting()) == 6


def test_what_lies_in_what_was_refused_is_accepted_with_it_or_not_at_all(
    circle: Circle, laptop: Workspace, settlement: dict[str, int]
) -> None:
    office = circle.office
    office.asides.refuse([aside_of(office, settlement["building"])])
    before, home = head(office), aside_of(office, settlement["household"])
    with pytest.raises(PlaceRefused) as told:
        office.asides.accept([home])
    assert str(told.value) == (
        "This needs what was not accepted before: Building 9栋. Accept that with it, or leave both out."
    )
    assert head(office) == before
    office.asides.accept([home], places=True)
    assert office.asides.waiting() == []
    assert office.records.show("building", settlement["building"]).caption == "9栋"
    circle.round(laptop)
    assert sound(office, laptop)


def test_who_was_refused_is_not_named(circle: Circle, settlement: dict[str, int]) -> None:
    office = circle.office
    office.asides.refuse([aside_of(office, settlement["resident"])])
    with pytest.raises(PlaceRefused) as told:
        office.asides.accept([aside_of(office, settlement["household_member"])])
    assert "Resident. " in str(told.value)


def test_what_came_before_what_it_hangs_on_waits_with_it_and_comes_back_with_it(
    circle: Circle, grids: tuple[int, int], laptop: Workspace
) -> None:
    """The door comes with one bundle; with the next the building, which is in a strange grid."""
    office, session = circle.office, laptop.session
    door, building = session.new_id(), session.new_id()
    session.write([Change("dwelling", door, {"building_id": building, "room_no": "101"}, create=True)], "import")
    circle.hand_in(laptop)
    assert office.records.show("dwelling", door).id == door
    house: dict[str, Value] = {"building_name": "9栋", "grid_id": grids[1]}
    session.write([Change("building", building, house, create=True)], "import")
    circle.hand_in(laptop)
    assert {one.record for one in office.asides.waiting()} == {door, building}
    with pytest.raises(NotFound):
        office.records.show("dwelling", door)
    laptop.records.save("dwelling", {"room_no": "102"}, door)
    circle.round(laptop)
    assert [one.what for one in office.asides.waiting() if one.record == door] == ["create", "edit"]
    assert sound(office, laptop)
    office.asides.accept([one.id for one in office.asides.waiting()])
    assert office.records.show("dwelling", door).values["room_no"] == "102"
    told = [event.ruling and event.ruling.name for event in office.records.history("dwelling", door)]
    assert "WAITING" in told
    assert told[-1] == "VOUCHED"
    circle.round(laptop)
    assert office.asides.waiting() == []
    assert sound(office, laptop)


def test_a_household_that_moved_there_is_back_where_it_was_and_its_history_says_so(
    circle: Circle, family: Family, grids: tuple[int, int], laptop: Workspace
) -> None:
    office, session = circle.office, laptop.session
    door, building = session.new_id(), session.new_id()
    session.write([Change("dwelling", door, {"building_id": building, "room_no": "101"}, create=True)], "import")
    session.write([Change("household", family.household, {"dwelling_id": door})], "edit")
    circle.hand_in(laptop)
    assert office.records.show("household", family.household).values["dwelling_id"] == door
    house: dict[str, Value] = {"building_name": "9栋", "grid_id": grids[1]}
    session.write([Change("building", building, house, create=True)], "import")
    circle.hand_in(laptop)
    assert {one.record for one in office.asides.waiting()} == {door, building, family.household}
    assert office.records.show("household", family.household).values["dwelling_id"] == family.dwelling
    assert any("changed, set aside" in line for line in office.records.history_lines("household", family.household))
    titles = " ".join(moment.title for moment in Register(office.session).history("household", family.household))
    assert "(set aside)" in titles
    assert "A change was set aside" in titles
    assert sound(office)


def test_accepting_a_chain_leaves_no_conflict(circle: Circle, laptop: Workspace, stranger: int) -> None:
    """The second edit knew the first: what stands for it stands over what stands for the first."""
    office = circle.office
    (first,) = office.asides.waiting()
    office.asides.accept([first.id])
    from gridworker import discover
    from gridworker.store.log.op import Edit, pack_edits

    number = discover.kinds()["resident"].kind.specs["phones"].number
    store = laptop.session.store
    clk, over = store.new_id(), int(first.id.partition("-")[0], 16)
    with store.cursor() as cursor:
        cursor.execute("SELECT kind FROM op WHERE clk = ?", (over,))
        row = OpRow(clk, cursor.fetchone()[0], stranger, What.EDIT, 0,
                    pack_edits(stranger, [Edit(number, "13800000002", (over,))]))  # fmt: skip
        cursor.execute("SELECT clk, kind, record, what, author, vals FROM op WHERE clk = ?", (over,))
        _, authors = authors_of(cursor, [OpRow(*cursor.fetchone())])
    store.apply(Incoming([row], authors, Act("edit", laptop.session.who)))
    circle.hand_in(laptop)
    (second,) = office.asides.waiting()
    office.asides.accept([second.id])
    assert office.merge.conflicts() == []
    assert phones(office, stranger) == "13800000002"


def test_only_the_office_rules_and_only_on_what_is_there(circle: Circle, laptop: Workspace, stranger: int) -> None:
    (one,) = circle.office.asides.waiting()
    with pytest.raises(NotFound):
        circle.office.asides.accept(["0-00"])
    with pytest.raises(NotFound):
        circle.office.asides.refuse([])
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO aside (clk, kind, record, what, who, scope, vals, reason, source) "
            "VALUES (1, 6, 1, 1, 0, 0, x'90', 'malformed', x'00')"
        )
    with pytest.raises(Denied):
        laptop.asides.refuse([laptop.asides.waiting()[0].id])
    assert [left.id for left in circle.office.asides.waiting()] == [one.id]


def test_what_cannot_be_read_can_only_be_refused(circle: Circle) -> None:
    with circle.office.session.store.db.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO aside (clk, kind, record, what, who, scope, vals, reason, source) "
            "VALUES (1, 6, 1, 1, 0, 0, x'c1', 'malformed', x'00')"
        )
    (one,) = circle.office.asides.waiting()
    assert not one.acceptable
    assert one.fields == {}
    with pytest.raises(Problem, match="cannot be taken in"):
        circle.office.asides.accept([one.id])
    circle.office.asides.refuse([one.id])
    assert circle.office.asides.waiting() == []


@pytest.mark.parametrize(("count", "waiting"), [(50, 0), (51, 51)])
def test_many_deletions_wait_for_a_word(
    circle: Circle, laptop: Workspace, family: Family, count: int, waiting: int
) -> None:
    visits = [made_visit(laptop, family.household) for _ in range(count)]
    circle.round(laptop)
    for visit in visits:
        laptop.records.remove("visit", visit)
    circle.hand_in(laptop)
    office = circle.office
    found = office.asides.waiting()
    assert len(found) == waiting
    assert {one.reason for one in found} <= {"many_deletions"}
    left = [visit for visit in visits if _is_there(office, visit)]
    assert len(left) == waiting
    if waiting:
        office.asides.accept([one.id for one in found])
        assert not any(_is_there(office, visit) for visit in visits)
        circle.round(laptop)
        assert office.asides.waiting() == []
        assert office.merge.count() == 0


def test_refused_deletions_come_back_on_the_laptop(circle: Circle, laptop: Workspace, family: Family) -> None:
    visits = [made_visit(laptop, family.household) for _ in range(51)]
    circle.round(laptop)
    for visit in visits:
        laptop.records.remove("visit", visit)
    circle.hand_in(laptop)
    circle.office.asides.refuse([one.id for one in circle.office.asides.waiting()])
    circle.round(laptop)
    assert all(_is_there(laptop, visit) for visit in visits)
    assert all(_is_there(circle.office, visit) for visit in visits)
    assert sound(circle.office, laptop)


def test_the_office_deletes_unguarded(circle: Circle, laptop: Workspace, family: Family) -> None:
    visits = [made_visit(circle.office, family.household) for _ in range(60)]
    circle.round(laptop)
    for visit in visits:
        circle.office.records.remove("visit", visit)
    circle.round(laptop)
    assert not any(_is_there(laptop, visit) for visit in visits)
    assert laptop.asides.waiting() == []


def _is_there(workspace: Workspace, visit: int) -> bool:
    try:
        workspace.records.show("visit", visit)
    except NotFound:
        return False
    return True


def test_a_merge_reads_nothing_of_what_waits_but_what_it_is_about(
    circle: Circle, laptop: Workspace, family: Family, stranger: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop can have hundreds of thousands set aside with a kilobyte: what others hand in must not pay for it."""

    def read_all(_exchange: Exchange) -> list[Aside]:
        raise AssertionError("all that waits was read")

    laptop.records.save("resident", {"phones": NEW}, family.resident)
    monkeypatch.setattr(Exchange, "aside", read_all)
    circle.hand_in(laptop)
    assert phones(circle.office, family.resident) == NEW
    assert [lot.count for lot in circle.office.asides.lots()] == [1]


@pytest.mark.usefixtures("moved_away")
@pytest.mark.parametrize("accept", [True, False])
def test_all_of_a_bundle_is_ruled_on_at_once(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, accept: bool
) -> None:
    office, bundles = circle.office, []
    for _ in range(2):
        visit = made_visit(laptop, family.household)
        laptop.records.save("visit", {"outcome": "nobody_home"}, visit)
        circle.hand_in(laptop)
        bundles.append(office.asides.waiting()[-1].bundle)
    monkeypatch.setattr("gridworker.app.inbox.asides.PORTION", 1)
    assert [(lot.bundle, lot.reason, lot.count, lot.acceptable) for lot in sorted_lots(office, bundles)] == [
        (bundle, "out_of_scope", 2, 2) for bundle in bundles
    ]
    assert [one.bundle for one in office.asides.waiting(1)] == bundles
    word = office.asides.accept_all if accept else office.asides.refuse_all
    assert word(AsideFilter(bundles[:1])) == 2
    assert [one.bundle for one in office.asides.waiting()] == bundles[1:] * 2
    assert word(AsideFilter(laptop=2)) == word(AsideFilter(reason="fork")) == 0
    assert word(AsideFilter(laptop=1)) == 2
    assert office.asides.lots() == []
    assert (office.session.store.get("visit", visit) is not None) is accept
    assert sound(office)


def test_all_that_is_accepted_at_once_lies_in_nothing_that_was_refused(
    circle: Circle, laptop: Workspace, settlement: dict[str, int]
) -> None:
    office = circle.office
    office.asides.refuse([aside_of(office, settlement["building"])])
    left = {one.record for one in office.asides.waiting()}
    assert {settlement["dwelling"], settlement["household"]} <= left
    office.asides.accept_all(AsideFilter())
    assert {settlement["dwelling"], settlement["household"]} <= {one.record for one in office.asides.waiting()}
    assert office.session.store.get("household", settlement["household"]) is None
    circle.round(laptop)
    assert sound(office, laptop)


def sorted_lots(office: Workspace, bundles: list[str]) -> list[AsideLot]:
    return sorted(office.asides.lots(), key=lambda lot: bundles.index(lot.bundle))


def test_a_number_that_is_none_is_not_found(circle: Circle, stranger: int) -> None:
    for id_ in ("", "-", "x", "f" * 40, "12-34"):
        with pytest.raises(NotFound):
            circle.office.asides.refuse([id_])


def test_what_waits_is_read_once_however_many_lots_are_accepted(
    circle: Circle, laptop: Workspace, settlement: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.inbox.asides.PORTION", 1)
    read, asked = Together.read, Mock()

    def counted(cursor: Cursor) -> Together:
        asked()
        return read(cursor)

    monkeypatch.setattr(Together, "read", counted)
    assert circle.office.asides.accept_all(AsideFilter()) > 1
    assert asked.call_count == 1
    assert circle.office.asides.lots() == []
    circle.round(laptop)
    assert sound(circle.office, laptop)


def test_a_house_accepted_in_a_strange_grid_leaves_its_authors_laptop(
    circle: Circle, laptop: Workspace, settlement: dict[str, int]
) -> None:
    """Once it is handed over and in the office's backup, like every household that leaves."""
    circle.office.asides.accept_all(AsideFilter())
    assert laptop.session.store.get("household", settlement["household"]) is not None
    for _ in range(3):
        circle.round(laptop)
        circle.office.backups.make(circle.folder / "backups")
    circle.round(laptop)
    assert laptop.session.store.get("household", settlement["household"]) is None
    assert circle.office.session.store.get("household", settlement["household"]) is not None
    assert sound(circle.office, laptop)


def test_whoever_gets_a_household_later_gets_what_was_refused_of_it_too(
    circle: Circle, grids: tuple[int, int], laptop: Workspace, stranger: int
) -> None:
    """It comes with its whole history: what somebody wrote and the office refused is part of that."""
    (one,) = circle.office.asides.waiting()
    circle.office.asides.refuse([one.id], "不是你的网格")
    other = circle.enrol("李静", grids[1])
    circle.round(other)
    for at in (circle.office, other):
        assert [event.refused for event in at.records.history("resident", stranger)].count(True) == 1


def test_every_reason_says_what_it_means_to_who_decides(circle: Circle, stranger: int) -> None:
    (one,) = circle.office.asides.waiting()
    for reason in WEIGHED:
        told = replace(one, reason=reason)
        assert reason_words(told) != reason
        assert meaning_words(told) not in {"", reason_words(told)}, reason
    assert meaning_words(replace(one, reason="malformed", acceptable=False)).startswith("This change cannot be")
    assert meaning_words(replace(one, reason="of a newer version")) == ""
    assert stranger


def test_an_act_on_record_is_told_as_the_log_tells_it(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    circle.office.devices.revoke(1)
    laptop.people.reveal(family.resident, "phones")
    circle.hand_in(laptop)
    told = [one.fields for one in circle.office.asides.waiting() if one.kind == "audit_event"]
    [act] = [fields for fields in told if "Showed a masked value" in fields.values()]
    assert {name: words for name, words in act.items() if name != "Time"} == {
        "Done by": "周敏", "Device": "Laptop 1", "Which act": "Showed a masked value",
        "To what": f"Resident {family.resident}", "Detail": "Phone",
    }  # fmt: skip
