"""A watched folder that several use: what is wrong with one of them keeps nobody else waiting, and sends to nobody."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from gridworker.app.exchange.exchange import Exchange
from gridworker.app.exchange.views import Merged
from gridworker.app.exchange.watched import AGAIN_AT_OFFICE
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreProblem
from tests.app.exchange.test_watched import family, laptop, look_around
from tests.circle import Circle, Family, made_visit

__all__ = ["family", "laptop"]


@pytest.fixture
def other(circle: Circle, laptop: Workspace) -> Workspace:
    """Another laptop of the same grid that watches the same folder."""
    other = circle.enrol("李静", *circle.office.session.grids())
    other.watched.watch(circle.stick)
    look_around(circle, laptop, other, circle.office)
    return other


def test_one_that_cannot_be_read_keeps_the_others_from_nothing(
    circle: Circle, laptop: Workspace, other: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = {made_visit(one, family.household) for one in (laptop, other)}
    for one in (laptop, other):
        assert one.watched.look().packed
    merge, tried = Exchange.merge_all, list[Path]()

    def failing(self: Exchange, paths: Sequence[Path]) -> list[Merged]:
        tried.extend(paths)
        if len(tried) == 1:
            raise StoreProblem("The disk failed.")
        return merge(self, paths)

    def here() -> set[int]:
        return {visit.id for visit in circle.office.records.page("visit")}

    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "merge_all", failing)
        came = circle.office.watched.look().merged
    assert [(one.file, one.problem is None) for one in came] == [(tried[0].name, False), (tried[1].name, True)]
    assert len(here()) == 1
    circle.office.watched.look()
    assert here() == visits


def test_a_lost_reply_goes_again_to_whom_it_was_for_alone(
    circle: Circle, laptop: Workspace, other: Workspace, family: Family
) -> None:
    circle.office.records.save("resident", {"phones": "13800000007"}, family.resident)
    assert len(circle.office.watched.look().packed) == 2
    newest, before = circle.office.exchange.trips(2)
    (circle.stick / newest.file).unlink()
    look_around(circle, laptop if before.peer == 1 else other, circle.office)
    circle.clock.move(seconds=(AGAIN_AT_OFFICE + timedelta(minutes=1)).total_seconds())
    [again] = circle.office.watched.look().packed
    assert [trip.peer for trip in circle.office.exchange.trips() if trip.file == again.name] == [newest.peer]


def test_an_office_that_was_put_back_makes_itself_heard_and_gets_back_what_it_lost(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """What it had confirmed was taken out of the folder, and for the laptop there is nothing to say any more."""
    look_around(circle, laptop, circle.office)
    circle.copy("office", "copy")
    circle.open("office")
    visit = made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    assert laptop.exchange.pending().records == 0
    office = circle.restore("office", "copy")
    look_around(circle, laptop, office)
    assert office.records.show("visit", visit).id == visit
    assert look_around(circle, laptop, office) == 0
