"""What is looked through after a bundle, for a reply and for the office's word is what is needed, not all there is."""

from typing import Any

import pytest

from gridworker.app.exchange import forgotten_late
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure import late
from gridworker.store.streams import Exchange, clks_since
from gridworker.sync.judging.judge import OUT_OF_SCOPE
from gridworker.sync.passage import erased_and_gone
from tests.circle import Circle, Family, made_visit


class Recording:
    """A cursor that keeps the statements it is given, with how they would be carried out."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.plans: list[str] = []

    def execute(self, statement: str, *given: Any) -> Any:
        if statement.startswith("SELECT"):
            self._cursor.execute(f"EXPLAIN QUERY PLAN {statement}", *given)
            self.plans += [str(row[3]) for row in self._cursor.fetchall()]
        return self._cursor.execute(statement, *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def test_who_was_erased_and_is_gone_is_found_without_a_look_at_the_whole_log(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    office = circle.office
    stays = circle.family(office.devices.grids()[0][0], "505").resident
    with office.session.store.cursor() as cursor:
        assert erased_and_gone(cursor) == set()
    office.erasing.erase("resident", stays, ["phones"])
    office.records.save("household", {"head_id": None}, family.household)
    office.erasing.erase("household", family.household)
    with office.session.store.cursor() as cursor:
        recording = Recording(cursor)
        found = erased_and_gone(recording)
        cursor.execute("SELECT DISTINCT record FROM erased WHERE record IN (SELECT record FROM op WHERE what = 2)")
        assert found == {row[0] for row in cursor.fetchall()}
    assert family.household in found
    assert stays not in found
    assert [plan for plan in recording.plans if plan.startswith("SCAN op")] == []


def test_after_the_first_erasure_only_what_came_since_is_looked_at(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def counted(cursor: Any, since: int) -> tuple[list[int], int]:
        clks, upto = clks_since(cursor, since)
        looked.append(len(clks))
        return clks, upto

    monkeypatch.setattr(late, "clks_since", counted)
    for _ in range(20):
        made_visit(circle.office, family.household)
    gone = circle.family(circle.office.devices.grids()[0][0], "505")
    circle.office.erasing.erase("resident", gone.resident)
    with circle.office.session.store.cursor() as cursor:
        before, _ = clks_since(cursor, 0)
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert len(looked) == 1
    assert looked[0] < len(before) // 2
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert len(looked) == 2
    assert not forgotten_late.forget_late(circle.office.session)


def test_the_offices_word_is_given_without_a_look_at_all_its_words_before(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle.office.devices.revoke(1)
    for _ in range(3):
        made_visit(laptop, family.household)
    circle.hand_in(laptop)
    first, second, *_ = (one.id for one in circle.office.asides.waiting() if one.reason != OUT_OF_SCOPE)
    circle.office.asides.refuse([first])

    def unread(_exchange: Exchange) -> None:
        raise AssertionError("all that was ever ruled on is read")

    monkeypatch.setattr(Exchange, "ruled", unread)
    circle.office.asides.accept([second])
    with circle.office.session.store.db.read() as connection:
        recording = Recording(raw_cursor(connection))
        exchange = Exchange(recording)
        assert len(exchange.refused_creations()) == 1
        exchange.forks()
    assert all("aside_refused" in plan or "aside_fork" in plan for plan in recording.plans)
