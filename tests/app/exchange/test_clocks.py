"""A laptop's clock is wrong by years: it is seen on both ends, and the office corrects it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gridworker.app.exchange.clocks import Off, off_words
from gridworker.app.exchange.shown_words import clock_words
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store.log.clock import MS_SHIFT, device, moment_of
from gridworker.store.log.corrected import Corrections, Stretch
from gridworker.store.upgrade.reread import reread
from tests.circle import Circle, Family, phones
from tests.village import WEDNESDAY, HandClock

YEARS = timedelta(days=19 * 365)
EARLY, LATE = "13800000001", "13800000002"


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path, clocks={"laptop-1": HandClock(WEDNESDAY + YEARS)})
    yield circle
    circle.close()


def own(laptop: Workspace) -> Off:
    found = laptop.clocks.own()
    assert found is not None
    return found


class Scene:
    """Two laptops of one grid; the clock of the first is 19 years ahead. Both wrote one field, the second later."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.grid = circle.office.devices.add_grid("第一网格")
        self.family: Family = circle.family(self.grid)
        self.wrong, self.right = circle.enrol("周敏", self.grid), circle.enrol("王强", self.grid)
        self.wrong.records.save("resident", {"phones": EARLY}, self.family.resident)
        circle.clock.move(minutes=60)
        self.right.records.save("resident", {"phones": LATE}, self.family.resident)
        circle.round(self.wrong, self.right)

    @property
    def all(self) -> list[Workspace]:
        return [self.circle.office, self.wrong, self.right]

    def shown(self) -> list[object]:
        return [phones(workspace, self.family.resident) for workspace in self.all]

    def history(self) -> list[object]:
        events = self.circle.office.records.history("resident", self.family.resident)
        return [event.changes[0].after for event in events[:2]]

    def correct(self) -> None:
        exactly = {"since": "2040-01-01T00:00:00Z", "seconds": -int(YEARS.total_seconds())}
        self.circle.office.clocks.correct(1, {**self.circle.office.clocks.suggestion(1), **exactly})
        self.circle.round(self.wrong, self.right)


def test_the_wrong_clock_decides_nothing_once_it_is_corrected(circle: Circle) -> None:
    scene = Scene(circle)
    assert scene.shown() == [EARLY] * 3, "its clk is the highest"
    assert scene.history() == [EARLY, LATE]
    scene.correct()
    assert scene.shown() == [LATE] * 3
    assert scene.history() == [LATE, EARLY]
    for workspace in scene.all:
        (conflict,) = workspace.merge.conflicts()
        assert [side.value for side in conflict.fields[0].sides] == [EARLY, LATE], "the shown one last"
        assert workspace.care_of_store.check() == [], "a rebuild of the tables gives the same"
        reread(workspace.session.store.db)
    assert scene.shown() == [LATE] * 3
    circle.office.records.undo()
    assert scene.shown()[0] == EARLY, "a correction is taken back like anything else"
    assert circle.office.care_of_store.check() == []


def test_what_comes_after_the_correction_follows_it_too(circle: Circle) -> None:
    scene = Scene(circle)
    scene.correct()
    home = circle.family(scene.grid, "102", "李秀英").resident
    circle.round(scene.right, scene.wrong)
    scene.wrong.records.save("resident", {"phones": EARLY}, home)
    circle.clock.move(minutes=60)
    circle.clocks["laptop-1"].move(minutes=60)
    scene.right.records.save("resident", {"phones": LATE}, home)
    circle.round(scene.right, scene.wrong)
    assert [phones(workspace, home) for workspace in scene.all] == [LATE] * 3


def test_it_is_seen_at_the_office_and_on_the_laptop(circle: Circle) -> None:
    scene = Scene(circle)
    assert circle.office.clocks.off()[1].words in {"19 years ahead", "18 years ahead"}
    assert 2 not in circle.office.clocks.off()
    assert own(scene.wrong).seconds > 0
    assert scene.right.clocks.own() is None
    assert scene.wrong.today.view().clock_wrong
    assert not scene.right.today.view().clock_wrong


def test_a_clock_that_is_behind_is_seen_too(tmp_path: Path) -> None:
    circle = Circle(tmp_path, clocks={"laptop-1": HandClock(WEDNESDAY - YEARS)})
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.records.save("resident", {"phones": EARLY}, family.resident)
    circle.round(laptop)
    assert circle.office.clocks.off()[1].seconds < 0
    assert own(laptop).seconds < 0
    assert circle.office.clocks.suggestion(1)["seconds"] == -circle.office.clocks.off()[1].seconds
    circle.close()


def test_a_clock_that_was_set_right_is_not_said_to_be_wrong_still(circle: Circle) -> None:
    """Its times only ever go up: they are corrected at the office, and nothing is left to be set."""
    scene = Scene(circle)
    assert not circle.office.clocks.off()[1].is_over
    assert not own(scene.wrong).is_over
    circle.clocks["laptop-1"].at = circle.clock.at
    (result,) = circle.office.exchange.merge_all([scene.wrong.exchange.pack(circle.stick)])
    assert circle.office.clocks.off()[1].is_over
    assert result.trip is not None
    assert "years ahead and is right now. What it writes bears the wrong time" in clock_words(result.trip)
    (result,) = scene.wrong.exchange.merge_all([circle.office.exchange.pack(circle.stick, 1)])
    assert result.trip is not None
    assert "Set it right" not in clock_words(result.trip)


def test_a_stick_that_lay_about_for_weeks_makes_no_clock_wrong(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    circle.clocks.clear()
    laptop = circle.enrol("周敏", grid)
    for _ in range(3):
        path = laptop.exchange.pack(circle.stick)
        circle.clock.move(minutes=30 * 24 * 60)
        circle.office.exchange.merge(path)
        reply = circle.office.exchange.pack(circle.stick, 1)
        circle.clock.move(minutes=30 * 24 * 60)
        laptop.exchange.merge(reply)
    assert circle.office.clocks.off() == {}
    assert laptop.clocks.own() is None


def test_a_laptop_whose_clock_is_right_again_goes_on_by_it(circle: Circle) -> None:
    scene = Scene(circle)
    wrong = scene.wrong.session.store
    life = wrong.identity.incarnation
    circle.clocks["laptop-1"].at = circle.clock.at
    scene.correct()
    assert wrong.identity.incarnation != life
    home = scene.wrong.records.save("household", {"status": "active"}).id
    assert abs(moment_of(home) - circle.clock.at) < timedelta(days=1)
    circle.round(scene.wrong, scene.right)
    assert circle.office.clocks.off() == {}
    assert not scene.wrong.today.view().clock_wrong
    assert circle.agrees(scene.wrong, scene.grid)
    assert circle.agrees(scene.right, scene.grid)
    assert scene.wrong.care_of_store.check() == []
    circle.clock.move(minutes=1)
    circle.round(scene.wrong)
    assert wrong.identity.incarnation == scene.wrong.session.store.identity.incarnation


def test_only_the_office_corrects_and_only_what_makes_sense(circle: Circle) -> None:
    scene = Scene(circle)
    given = {"since": "2040-01-01T00:00:00Z", "until": None, "seconds": -60}
    with pytest.raises(Denied):
        scene.wrong.clocks.correct(1, given)
    with pytest.raises(NotFound):
        circle.office.clocks.correct(9, given)
    with pytest.raises(Problem, match="beginning"):
        circle.office.clocks.correct(1, {**given, "until": "2039-01-01T00:00:00Z"})
    with pytest.raises(Problem, match="how much"):
        circle.office.clocks.correct(1, {**given, "seconds": 0})
    with pytest.raises(NotFound):
        circle.office.clocks.suggestion(2)
    assert circle.office.clocks.corrections() == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (660, "11 minutes ahead"),
        (-3 * 3600, "3 hours behind"),
        (86_400, "1 day ahead"),
        (-800 * 86_400, "2 years behind"),
    ],
)
def test_by_how_much_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert off_words(seconds) == words


def test_a_correction_bears_on_nothing_after_its_end() -> None:
    """What a laptop wrote once its clock was right again stays at its own time."""
    corrected = Corrections({1: (Stretch(1000, 2000, -500),)})
    times = [corrected.ms(ms << MS_SHIFT | device(1, 0)) for ms in (999, 1000, 2000, 2001)]
    assert times == [999, 500, 1500, 2001]
    assert not corrected.covers(2001 << MS_SHIFT | device(1, 0))


def test_times_that_stay_ahead_are_seen_though_the_clock_was_set_right(circle: Circle) -> None:
    """Its times only ever go up: what it writes by a clock that is right goes on from the wrong ones."""
    scene = Scene(circle)
    circle.clocks["laptop-1"].at = circle.clock.at
    scene.wrong.records.save("household", {"remark": "一"}, scene.family.household)
    circle.hand_in(scene.wrong)
    assert circle.office.clocks.off()[1].words in {"19 years ahead", "18 years ahead"}
