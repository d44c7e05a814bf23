"""The guard against deletions by the hundred: what it counts, and how many are too many."""

from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import What
from gridworker.store.streams import Exchange
from gridworker.sync.judging import guard
from gridworker.sync.judging.guard import guarded
from gridworker.sync.judging.judge import Judged
from tests.builders import make_store
from tests.circle import Circle, Family, made_visit
from tests.sync.judging.test_judge import creation, life


@pytest.mark.parametrize(
    ("held", "count", "waiting"), [(600, 50, 0), (600, 51, 51), (10_000, 100, 0), (10_000, 101, 101)]
)
def test_more_than_fifty_and_than_one_in_a_hundred_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, count: int, waiting: int
) -> None:
    monkeypatch.setattr(Exchange, "held", lambda *_: set(range(held)))
    store = make_store(tmp_path)
    rows = [life((1 + at) << 22, What.DELETE, 0, number=at) for at in range(count)]
    with store.cursor() as cursor:
        found = guarded(Judged(rows, []), cursor, 3)
    store.close()
    assert (len(found.aside), len(found.good)) == (waiting, count - waiting)


def test_what_was_made_and_taken_back_in_one_bundle_is_none_of_them(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    made = [creation("household", at) for at in range(60)]
    gone = [life(row.record, What.DELETE, 0, number=100 + at) for at, row in enumerate(made)]
    with store.cursor() as cursor:
        assert guarded(Judged([*made, *gone], []), cursor, 3).aside == []
    store.close()


def test_who_deletes_a_few_at_a_time_does_not_go_past_it(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the office has confirmed something, what was taken in before counts too."""
    monkeypatch.setattr(guard, "FEW", 3)
    visits = [made_visit(laptop, family.household) for _ in range(6)]
    circle.round(laptop)
    waiting = []
    for some in (visits[:3], visits[3:]):
        for visit in some:
            laptop.records.remove("visit", visit)
        circle.clock.move(minutes=1)
        circle.hand_in(laptop)
        waiting.append({one.record for one in circle.office.asides.waiting()})
    assert waiting == [set(), set(visits[3:])]
