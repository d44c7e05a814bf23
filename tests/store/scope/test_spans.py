"""What the office remembers of what a laptop was told to hold, and from when on it is told again."""

from collections.abc import Iterator

import pytest

from gridworker.store.engine.database import raw_cursor
from gridworker.store.scope.spans import Shift, Spans
from gridworker.store.store import Store

GRID, HOME, OTHER = 64, 128, 192


@pytest.fixture
def spans(office: Store) -> Iterator[Spans]:
    with office.db.write() as connection:
        spans = Spans(raw_cursor(connection), 1)
        spans.begin(1, 5, [GRID, HOME], [GRID])
        yield spans


def test_what_had_no_room_is_told_with_a_later_reply(spans: Spans) -> None:
    spans.shift(Shift(deferred=[HOME]), 1, 9)
    assert spans.held() == {GRID: 5, HOME: 10}


def test_what_leaves_though_nobody_remembers_that_it_came_has_left(spans: Spans) -> None:
    spans.shift(Shift(unknown=[OTHER]), 2, 9)
    assert spans.left_since(8) == {OTHER: 9}
    assert spans.left_since(9) == {}
    assert spans.turns_among([OTHER]) == {OTHER: ((0, 2),)}


def test_what_a_laptop_made_with_an_earlier_scope_is_told_it_once_more(spans: Spans) -> None:
    """It may have been told since that it left, by an office that does not remember."""
    spans.made({OTHER: 1, 256: 2}, 2, 9)
    assert spans.held() == {GRID: 5, HOME: 5, OTHER: 9, 256: 0}
