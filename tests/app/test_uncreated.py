"""What laptops say of what is not here, or was refused, brings nothing to anybody: a reply tells none of it."""

from collections.abc import Collection

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from gridworker.store.tables.layout import table_named
from gridworker.sync.outgoing import to_laptop
from tests.circle import Circle, Family, delete

HOME, WHO = 1, 2
"""Fields of a membership: the household, and whom it brings along."""
MEMBER = table_named("household_member").kind.number
RESIDENT = table_named("resident").kind.number


@pytest.fixture
def far(circle: Circle, grids: tuple[int, int]) -> Family:
    """A family of another grid, who is none of this laptop's business."""
    return circle.family(grids[1], "909", "王秘密")


@pytest.fixture
def laptop(circle: Circle, grid: int, family: Family, far: Family) -> Workspace:
    """Of the first grid; the office was copied after it had shown itself."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "copy")
    circle.open("office")
    return laptop


def moved_in(laptop: Workspace, family: Family) -> int:
    """Somebody moves in. Returns the membership."""
    resident = laptop.records.save("resident", {"name": "王小明", "status": "in_place"}).id
    values = {"household_id": family.household, "resident_id": resident, "relation": "80"}
    return laptop.records.save("household_member", values).id


def says(laptop: Workspace, member: int, field: int, value: int, kind: int = MEMBER) -> int:
    """A laptop in bad hands writes what no form lets it write. Returns the op."""
    store, who = laptop.session.store, laptop.session.who
    row = OpRow(store.new_id(), kind, member, What.EDIT, 0, pack_edits(member, [Edit(field, value, (member,))]))
    store.apply(Incoming([row], [Author(who, store.identity.scope)], Act("edit", who)))
    return row.clk


def told_of(circle: Circle) -> set[int]:
    """The records that the next reply to the laptop brings anything of."""
    with circle.office.session.store.db.read() as connection:
        outgoing = to_laptop(connection, 1)
    return {*(row.record for row in outgoing.rows), *outgoing.enter}


def of_grids(circle: Circle) -> set[int]:
    """What the laptop may have, for all the office knows."""
    with circle.office.session.store.db.read() as connection:
        return in_scope(connection, grids_of(connection, 1), 1)


def ops_on(workspace: Workspace, record: int) -> set[int]:
    with workspace.session.store.cursor() as cursor:
        cursor.execute("SELECT clk FROM op WHERE record = ?", (record,))
        return {row[0] for row in cursor.fetchall()}


def test_a_reply_tells_nothing_of_a_record_that_is_not_here(
    circle: Circle, laptop: Workspace, family: Family, grid: int
) -> None:
    member = moved_in(laptop, family)
    circle.round(laptop)
    circle.restore("office", "copy")
    early = says(laptop, member, HOME, family.household)
    circle.hand_in(laptop)
    assert ops_on(circle.office, member) == {early}
    assert member not in told_of(circle)
    circle.round(laptop)
    circle.round(laptop)
    assert early in ops_on(circle.office, member), "nothing of it is lost"
    assert circle.office.session.store.get("household_member", member) is not None
    assert circle.agrees(laptop, grid)


@pytest.mark.parametrize("kind", [MEMBER, RESIDENT])
def test_a_reply_that_told_such_is_no_word_of_the_office(
    circle: Circle, laptop: Workspace, family: Family, far: Family, monkeypatch: pytest.MonkeyPatch, kind: int
) -> None:
    """An earlier version made it; an office that was set back again gets it back, and has the record by then."""
    member = moved_in(laptop, family)
    circle.round(laptop)
    circle.restore("office", "copy")
    says(laptop, member, HOME, family.household)
    early = says(laptop, member, WHO, far.resident, kind)
    with monkeypatch.context() as earlier:
        earlier.setattr("gridworker.sync.passage.created", _all)
        earlier.setattr("gridworker.store.scope.past.created", _all)
        circle.hand_in(laptop)
        assert member in told_of(circle)
        circle.reply(laptop)
    circle.restore("office", "copy")
    for _ in range(3):
        circle.round(laptop)
        assert far.resident not in of_grids(circle)
    assert laptop.session.store.get("resident", far.resident) is None
    assert early not in ops_on(circle.office, member)
    assert [one.record for one in circle.office.asides.waiting()] == [member], "nothing of it is lost"
    assert circle.office.session.store.get("household_member", member) is not None
    assert not any(fault.serious for fault in circle.office.care_of_store.check())


def test_who_was_deleted_is_not_brought_by_a_record_that_is_not_here(
    circle: Circle, laptop: Workspace, family: Family, far: Family
) -> None:
    member = moved_in(laptop, family)
    circle.round(laptop)
    circle.restore("office", "copy")
    delete(circle.office, "household_member", far.member)
    delete(circle.office, "resident", far.resident)
    says(laptop, member, HOME, family.household)
    says(laptop, member, WHO, far.resident)
    circle.hand_in(laptop)
    assert far.resident not in told_of(circle)
    circle.round(laptop)
    assert ops_on(laptop, far.resident) == set()


def test_who_was_deleted_is_not_brought_by_what_was_refused(
    circle: Circle, laptop: Workspace, family: Family, far: Family
) -> None:
    member = moved_in(laptop, family)
    circle.round(laptop)
    says(laptop, member, WHO, far.resident)
    circle.hand_in(laptop)
    circle.office.asides.refuse([one.id for one in circle.office.asides.waiting()])
    delete(circle.office, "household_member", far.member)
    delete(circle.office, "resident", far.resident)
    circle.copy("office", "later")
    circle.open("office")
    circle.restore("office", "later")
    assert far.resident not in told_of(circle)
    circle.round(laptop)
    assert ops_on(laptop, far.resident) == set()


def test_who_was_deleted_is_told_to_those_who_had_them(circle: Circle, laptop: Workspace, family: Family) -> None:
    """That is what an office that was set back looks for."""
    circle.copy("office", "later")
    circle.open("office")
    circle.restore("office", "later")
    delete(circle.office, "household_member", family.member)
    delete(circle.office, "resident", family.resident)
    assert {family.member, family.resident} <= told_of(circle)


def _all(_cursor: object, records: Collection[int]) -> set[int]:
    return set(records)
