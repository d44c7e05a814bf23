"""A bundle that was taken back by mistake is brought back, whatever it had brought and whoever did it."""

from datetime import timedelta

import pytest

from gridworker.app.exchange.shown_words import again_line
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.store.health.check import check
from tests.circle import Circle, Family, made_visit, phones

NEW, OLD = "13800000009", "13800000142"


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """It knows a visit of the family's, which its next bundle deletes beside all else."""
    laptop = circle.enrol("周敏", *circle.office.session.grids())
    made_visit(laptop, family.household)
    circle.round(laptop)
    return laptop


@pytest.fixture
def batch(circle: Circle, laptop: Workspace, family: Family) -> int:
    """A bundle with a record made, one made and changed, one changed, one deleted, and a conflict."""
    (visit,) = laptop.records.page("visit")
    laptop.records.remove("visit", visit.id)
    laptop.records.save("resident", {"phones": NEW}, family.resident)
    dwelling = laptop.records.save("dwelling", {"building_id": family.building, "room_no": "102"}).id
    laptop.records.save("dwelling", {"room_no": "103"}, dwelling)
    laptop.records.save("resident", {"note": "周三在家"}, family.resident)
    circle.office.records.save("resident", {"note": "周四在家"}, family.resident)
    circle.hand_in(laptop)
    assert circle.office.merge.count() == 1
    found = circle.office.exchange.trips()[0].batch
    assert found is not None
    return found


def stands(office: Workspace) -> tuple[str, int]:
    """What the tables show, and how much is in conflict."""
    assert check(office.session.store) == []
    return office.care_of_store.digest(), office.merge.count()


def test_a_bundle_that_was_taken_back_is_brought_back(circle: Circle, family: Family, batch: int) -> None:
    office = circle.office
    before = stands(office)
    for _ in range(2):
        office.bundles_back.take_back(batch)
        assert phones(office, family.resident) == OLD
        assert len(office.records.page("dwelling")) == 1
        assert len(office.records.page("visit")) == 1
        assert office.merge.arrivals()[0].taken_back
        assert office.bundles_back.bring_back(batch).kept == 0
        assert stands(office) == before
        assert not office.merge.arrivals()[0].taken_back


def test_whoever_takes_it_back_another_brings_it_back(circle: Circle, family: Family, batch: int) -> None:
    office = circle.office
    clerk = office.session.who
    other = office.records.save("staff", {"name": "何平", "role": "office", "active": True}).id
    before = stands(office)
    office.session.who = other
    office.bundles_back.take_back(batch)
    office.session.who = clerk
    office.bundles_back.bring_back(batch)
    office.session.who = other
    assert office.bundles_back.take_back(batch).kept == 1  # the conflict, which is open again: a person settles it
    assert phones(office, family.resident) == OLD
    assert len(office.records.page("dwelling")) == 1
    office.session.who = clerk
    office.bundles_back.bring_back(batch)
    assert phones(office, family.resident) == NEW
    assert stands(office) == before


def test_what_was_changed_meanwhile_stays(circle: Circle, family: Family, batch: int) -> None:
    office = circle.office
    office.bundles_back.take_back(batch)
    office.records.save("resident", {"phones": "13800000007"}, family.resident)
    assert office.bundles_back.bring_back(batch).kept == 1
    assert phones(office, family.resident) == "13800000007"
    assert len(office.records.page("dwelling")) == 2


def test_the_same_file_given_again_says_when_it_was_taken_back_and_what_to_do(circle: Circle, batch: int) -> None:
    office = circle.office
    path = circle.stick / office.exchange.trips(outgoing=False)[0].file
    assert "taken back" not in again_line(office.exchange.merge(path))
    circle.clock.move(hours=1)
    office.bundles_back.take_back(batch)
    again = office.exchange.merge(path)
    assert again.back is not None
    assert abs(again.back - office.session.now()) < timedelta(minutes=1)
    assert f"bring-back {path.name}" in again_line(again)
    assert office.bundles_back.numbered(path.name) == batch
    office.bundles_back.bring_back(batch)
    assert office.exchange.merge(path).back is None


def test_only_what_was_taken_back_is_brought_back(circle: Circle, batch: int) -> None:
    office = circle.office
    with pytest.raises(NotFound, match="it was not taken back"):
        office.bundles_back.bring_back(batch)
    office.bundles_back.take_back(batch)
    with pytest.raises(NotFound, match="taken back already"):
        office.bundles_back.take_back(batch)
    with pytest.raises(NotFound, match="No bundle"):
        office.bundles_back.numbered("01-9-00000000.gwb")
