"""What laptops said of a record before it was here is judged when it comes, on whatever way it comes."""

from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.scope.scope import grids_of, in_scope
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from gridworker.store.tables.layout import table_named
from tests.circle import Circle, Family

WHO = 2
"""Field of a membership: whom it brings along."""
TO_COME = 9999
MEMBER = table_named("household_member").kind.number


@pytest.fixture
def stranger(circle: Circle, grids: tuple[int, int]) -> int:
    """Somebody of another grid, who is none of these laptops' business."""
    return circle.family(grids[1], "909", "王秘密").resident


@pytest.fixture
def laptops(circle: Circle, grid: int, family: Family, stranger: int) -> tuple[Workspace, Workspace]:
    """Two of the first grid."""
    one, two = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
    circle.round(one, two)
    return one, two


def moved_in(laptop: Workspace, family: Family) -> tuple[int, int]:
    """Somebody moves in. Returns the membership and the person."""
    resident = laptop.records.save("resident", {"name": "王小明", "status": "in_place"}).id
    values = {"household_id": family.household, "resident_id": resident, "relation": "80"}
    return laptop.records.save("household_member", values).id, resident


def names(laptop: Workspace, member: int, whom: int, kind: int = MEMBER) -> None:
    """A laptop in bad hands names somebody in a membership."""
    store, who = laptop.session.store, laptop.session.who
    vals = pack_edits(member, [Edit(WHO, whom, (member,))])
    row = OpRow(store.new_id(), kind, member, What.EDIT, 0, vals)
    store.apply(Incoming([row], [Author(who, store.identity.scope)], Act("edit", who)))


def of_grids(circle: Circle, laptop: int = 1) -> set[int]:
    """What a laptop may have, for all the office knows."""
    with circle.office.session.store.db.read() as connection:
        return in_scope(connection, grids_of(connection, laptop), laptop)


def waiting(circle: Circle) -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in circle.office.asides.waiting()]


def test_nobody_is_named_while_a_restored_office_waits_for_the_record(
    circle: Circle, laptops: tuple[Workspace, Workspace], family: Family, stranger: int
) -> None:
    """One laptop hands in the edit alone; the record comes back from the other, on the office's own word."""
    one, two = laptops
    circle.copy("office", "copy")
    circle.open("office")
    member, _ = moved_in(one, family)
    circle.round(one, two)
    circle.restore("office", "copy")
    names(one, member, stranger)
    circle.hand_in(one)
    circle.round(two)
    circle.round(two)
    circle.round(one, two)
    assert circle.office.session.store.get("household_member", member) is not None
    assert waiting(circle) == [("household_member", "out_of_scope")]
    assert stranger not in of_grids(circle)
    assert one.session.store.get("resident", stranger) is None
    assert circle.office.care_of_store.check() == []
    circle.office.asides.accept([one.id for one in circle.office.asides.waiting()])
    assert stranger in of_grids(circle), "by the office's word"


def test_who_is_the_laptops_is_named_all_the_same(
    circle: Circle, laptops: tuple[Workspace, Workspace], family: Family
) -> None:
    one, two = laptops
    circle.copy("office", "copy")
    circle.open("office")
    member, _ = moved_in(one, family)
    circle.round(one, two)
    circle.restore("office", "copy")
    names(one, member, family.resident)
    circle.hand_in(one)
    circle.round(two)
    circle.round(two)
    assert waiting(circle) == []
    values = circle.office.session.store.get("household_member", member)
    assert values is not None
    assert values["resident_id"] == family.resident


def test_nobody_names_by_another_laptops_record_that_is_not_there_yet(
    circle: Circle, laptops: tuple[Workspace, Workspace], family: Family, stranger: int
) -> None:
    """Of what kind such a record is nobody knows, so it is no way out to say one of a newer version."""
    one, two = laptops
    member, _ = moved_in(one, family)
    names(two, member, stranger, TO_COME)
    circle.hand_in(two)
    circle.round(one)
    circle.round(two)
    assert stranger not in of_grids(circle)
    assert two.session.store.get("resident", stranger) is None
    assert len(waiting(circle)) == 1


@pytest.mark.parametrize("kind", [MEMBER, TO_COME])
def test_a_creation_that_is_accepted_brings_no_edit_into_force_that_nobody_saw(
    circle: Circle, laptops: tuple[Workspace, Workspace], family: Family, stranger: int, kind: int
) -> None:
    """The edit was handed in to an office that was set back then; what it is of comes from a laptop given up since."""
    one, _ = laptops
    circle.copy("office", "copy")
    circle.open("office")
    member, _ = moved_in(one, family)
    circle.round(one)
    circle.restore("office", "copy")
    names(one, member, stranger, kind)
    circle.hand_in(one)
    circle.office.devices.revoke(1)
    circle.office.exchange.merge(_all_of(circle, one))
    told = {(one.kind, one.reason) for one in circle.office.asides.waiting()}
    assert ("household_member", "revoked") in told
    circle.office.asides.accept([one.id for one in circle.office.asides.waiting() if one.acceptable])
    assert circle.office.session.store.get("household_member", member) is not None
    assert stranger not in of_grids(circle)
    assert len(waiting(circle)) == 1


def _all_of(circle: Circle, laptop: Workspace) -> Path:
    """All of a laptop's work, to the office it last heard of."""
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM mark")
    return laptop.exchange.pack(circle.stick)
