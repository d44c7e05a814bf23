"""Which regular visits of a section are looked at closely: those a list of all of them would begin with."""

from array import array
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.app.long_sort import ID
from gridworker.app.today import urgent
from gridworker.domain.today_order import Place, Section, section_of, urgency
from gridworker.domain.visit_regular import Regular

TODAY = date(2026, 3, 18)
MOST = 4
DAYS = st.integers(-4, 5).map(lambda days: TODAY + timedelta(days=days))
VISITS = st.builds(lambda on, before, weight: Regular(on, on - timedelta(days=before), weight), DAYS, st.integers(0, 2),
                   st.integers(1, 2))  # fmt: skip
BOOKS = st.dictionaries(st.integers(1, 60), VISITS, max_size=25)


def place(household: int) -> Place:
    """Doors in another order than the ids, several households behind one door."""
    return Place(None, str(household % 7), "1", str(household % 3))


def first_of_each(regular: dict[int, Regular]) -> set[int]:
    """Every household ranked by itself, the whole of each section put in order."""
    sections: dict[Section, list[int]] = {}
    for household, visit in regular.items():
        sections.setdefault(section_of(visit, TODAY), []).append(household)
    chosen: set[int] = set()
    for several in sections.values():
        several.sort(key=lambda one: (urgency(regular[one].score(TODAY), regular[one].on, TODAY), place(one).key, one))
        chosen.update(several[:MOST])
    return chosen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BOOKS)
def test_the_first_of_each_section_are_those_of_all_in_order(
    monkeypatch: pytest.MonkeyPatch, regular: dict[int, Regular]
) -> None:
    doors = SimpleNamespace(doors=lambda _connection, ids: {one: place(one) for one in ids})
    monkeypatch.setattr(urgent, "rows", doors)
    visits: urgent.Visits = {}
    for household, visit in regular.items():
        visits.setdefault(visit, []).append(array(ID, [household]))
    found = urgent.most_urgent(cast("Connection", None), visits, TODAY, urgent.Looking(MOST))
    assert set().union(*found.values()) == first_of_each(regular)
    assert all(regular[household] == visit for visit, several in found.items() for household in several)
