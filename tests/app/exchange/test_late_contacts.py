"""An emergency contact written for a care file that meanwhile went into another is in that other, for everybody."""

import pytest

from gridworker.app.workspace import Workspace
from tests.app.exchange.test_joining import Two, care, join, laptops
from tests.app.inbox.test_duplicates import building, everything, written
from tests.circle import Circle
from tests.village import Home

__all__ = ["laptops"]  # a fixture

SON = {"name": "李明", "relation": "儿子", "phone": "13800000143"}


@pytest.fixture
def homes(circle: Circle, laptops: Two) -> tuple[Home, Home]:
    """The same person on both laptops."""
    one, other = laptops
    return (
        written(one, building(circle), "202", birth_date="1973-02-03"),
        written(other, building(circle), "301", birth_date="1973-02-03"),
    )


def named(at: Workspace, home: int) -> list[str]:
    return [one.name for shown in at.households.file(home).cares for one in shown.contacts]


def meant(at: Workspace) -> list[object]:
    return [one.values["care_id"] for one in at.records.page("care_contact")]


def test_it_stands_in_the_file_that_stayed_on_every_device(
    circle: Circle, laptops: Two, homes: tuple[Home, Home]
) -> None:
    one, other = laptops
    kept = care(one, homes[0].people["李红"])
    going = care(other, homes[1].people["李红"])
    for laptop in laptops:
        circle.hand_in(laptop)
    other.care.contacts.add(homes[1].id, going, SON)
    batch = join(circle)
    circle.hand_in(other)
    assert meant(circle.office) == [kept]
    assert named(circle.office, homes[0].id) == ["李明 (儿子)"]
    circle.round(*laptops)
    for at in laptops:
        assert named(at, homes[0].id) == ["李明 (儿子)"]
    circle.office.records.undo_batch(batch)
    assert meant(circle.office) == [going], "with the file that is back"
    assert named(circle.office, homes[1].id) == ["李明 (儿子)"]


def test_it_stays_where_it_is_where_the_file_was_deleted_by_somebody_or_is_not_the_same(
    circle: Circle, laptops: Two, homes: tuple[Home, Home]
) -> None:
    one, other = laptops
    care(one, homes[0].people["李红"], care_group="C4")
    going = care(other, homes[1].people["李红"])
    for laptop in laptops:
        circle.hand_in(laptop)
    other.care.contacts.add(homes[1].id, going, SON)
    circle.office.records.remove("care_membership", going)
    circle.hand_in(other)
    assert meant(circle.office) == [going], "nobody was made one"
    join(circle)
    circle.hand_in(other)
    assert meant(circle.office) == [going], "what they have now is for something else"
    before = everything(circle.office)
    circle.round(*laptops)
    assert everything(circle.office) == before
