"""What the office ruled on is ruled on, though the office is put back to before that: nobody is asked twice."""

import shutil
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.tables.changes import Change
from tests.circle import Circle, Family
from tests.copies import put_back
from tests.sync.judging.test_hanging import faults, hand_in_while_lost, ids, is_there, moved_in, waiting


@pytest.fixture
def backup(circle: Circle, laptop: Workspace, other: Workspace) -> Path:
    """Of the office as both laptops know it."""
    circle.round(laptop, other)
    return circle.office.backups.make(circle.folder / "place").path


@pytest.fixture
def other(circle: Circle, grid: int) -> Workspace:
    """A second laptop of the same grid."""
    return circle.enrol("赵海", grid)


def fall(circle: Circle, backup: Path, *laptops: Workspace) -> Workspace:
    """The office is put back, and hears of all from laptops alone."""
    circle.round(*laptops)
    shutil.rmtree(circle.office.session.folder.archive)
    office = put_back(circle, backup)
    for _ in range(3):
        circle.round(*laptops)
    return office


@pytest.fixture
def strange(circle: Circle, grids: tuple[int, int], laptop: Workspace, backup: Path) -> dict[str, int]:
    """A door and its building that a laptop wrote into the grid of others."""
    assert backup.exists()
    session = laptop.session
    made = {"dwelling": session.new_id(), "building": session.new_id()}
    door = Change("dwelling", made["dwelling"], {"building_id": made["building"], "room_no": "101"}, create=True)
    house = Change("building", made["building"], {"building_name": "9", "grid_id": grids[1]}, create=True)
    session.write([door, house], "import")
    circle.round(laptop)
    assert waiting(circle.office) == set(made.values())
    return made


@pytest.mark.parametrize("accept", [True, False])
def test_what_was_ruled_on_does_not_wait_again(
    circle: Circle, laptop: Workspace, other: Workspace, backup: Path, strange: dict[str, int], accept: bool
) -> None:
    asides = circle.office.asides
    (asides.accept if accept else asides.refuse)(ids(circle.office, *strange.values()))
    office = fall(circle, backup, laptop, other)
    assert waiting(office) == set()
    assert [is_there(office, kind, record) for kind, record in strange.items()] == [accept] * 2
    assert faults(office, laptop, other) == [[], [], []]


def test_the_same_word_can_be_given_on_what_an_earlier_version_let_wait_again(
    circle: Circle, laptop: Workspace, other: Workspace, backup: Path, strange: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    circle.office.asides.refuse(ids(circle.office, *strange.values()))
    monkeypatch.setattr("gridworker.sync.incoming.as_ruled", lambda judged, _cursor: judged)
    office = fall(circle, backup, laptop, other)
    assert waiting(office) == set(strange.values())
    office.asides.refuse(ids(office, *strange.values()))
    assert waiting(office) == set()
    circle.round(laptop, other)
    assert faults(office, laptop, other) == [[], [], []]


def test_what_hangs_on_what_was_refused_waits_on(
    circle: Circle, laptop: Workspace, other: Workspace, backup: Path, family: Family
) -> None:
    """Both the person and the membership would be taken in by now: only the verdicts say otherwise."""
    member, resident = moved_in(laptop, family.household)
    hand_in_while_lost(circle, laptop)
    circle.office.asides.accept(ids(circle.office, member))
    circle.round(laptop, other)
    circle.office.asides.refuse(ids(circle.office, resident))
    office = fall(circle, backup, laptop, other)
    assert waiting(office) == {member}
    assert not is_there(office, "household_member", member)
    assert faults(office, laptop, other) == [[], [], []]
    office.asides.refuse(ids(office, member))
    assert waiting(office) == set()
