"""A copied laptop whose op lost may be copied once more: the one op comes in bundles of both, and is one to judge."""

import shutil

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.streams import Exchange
from tests.app.exchange.test_lost_ops import LOST, WON, call, sides
from tests.circle import Circle, Family, made_visit
from tests.copies import copies_of, settled


@pytest.fixture
def laptops(circle: Circle, family: Family, two: tuple[Workspace, Workspace]) -> list[Workspace]:
    """The one that won, the one that lost and a copy of that, each with work of its own; and another."""
    _, other = two
    laptop, twin = copies_of(circle, "twin")
    call(twin, family, WON)
    call(laptop, family, LOST)
    circle.hand_in(twin)
    circle.close("laptop-1")
    shutil.copytree(circle.folder / "laptop-1", circle.folder / "third")
    laptop, third = circle.open("laptop-1"), circle.open("third")
    circle.hand_in(laptop)
    made_visit(third, family.household)
    circle.hand_in(third)
    return [laptop, twin, third, other]


def ruled(office: Workspace) -> set[tuple[str | None, bool]]:
    """What the list says was ruled about the op, and whether anything is said to stand for it."""
    with office.session.store.cursor() as cursor:
        stands = {f"{op.clk:x}-{op.source.hex()[:8]}": bool(op.written) for op in Exchange(cursor).ruled()}
    found = [one for one in office.asides.ruled() if one.kind == "resident"]
    assert len(found) >= 2, "it came in several bundles"
    return {(one.ruling, stands[one.id]) for one in found}


@pytest.mark.parametrize("which", [0, 1])
def test_the_word_on_it_is_said_of_all_of_them(
    circle: Circle, grid: int, family: Family, laptops: list[Workspace], which: int
) -> None:
    office = circle.office
    one = [one for one in office.asides.ruled() if one.kind == "resident"][which]
    assert ruled(office) == {("accepted", True)}
    office.asides.refuse([one.id])
    assert ruled(office) == {("refused", False)}
    assert sides(office) == []
    for _ in range(4):
        circle.round(*laptops)
    for at in laptops:
        assert sides(at) == []
    settled(circle, grid, *laptops)
    office.asides.accept([one.id])
    assert ruled(office) == {("accepted", True)}
    assert sides(office) == [{WON, LOST}]
    for _ in range(3):
        circle.round(*laptops)
    settled(circle, grid, *laptops)


def test_all_of_them_accepted_at_once_are_written_anew_once(
    circle: Circle, family: Family, laptops: list[Workspace]
) -> None:
    office = circle.office
    assert len(laptops) == 4
    both = [one.id for one in office.asides.ruled()]
    office.asides.refuse(both)
    office.asides.accept(both)
    with office.session.store.cursor() as cursor:
        written = {op.written for op in Exchange(cursor).ruled()}
        cursor.execute("SELECT count(*) FROM op WHERE record = ? AND what = 1", (family.resident,))
        edits = cursor.fetchone()[0]
    assert len(written) == 1
    assert edits == 3, "the one that won, and the other, written anew, refused, and written anew once more"
