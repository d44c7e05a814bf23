"""Ascending ids are a set like any other, in less room."""

from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.log.ids import AscendingIds

IDS = st.integers(0, 2**60)
LOTS = st.lists(st.frozensets(IDS, max_size=6).map(sorted), max_size=5)


@given(LOTS, st.frozensets(IDS, max_size=5))
def test_they_hold_what_a_set_of_the_same_lots_holds(lots: list[list[int]], others: frozenset[int]) -> None:
    plain = {one for lot in lots for one in lot}

    ids = AscendingIds.of(lots)

    assert list(ids) == sorted(plain)
    assert all(one in ids for one in plain)
    assert [one in ids for one in others] == [one in plain for one in others]
    assert ids | others == plain | others == others | ids
    assert [ids.place(one) for one in sorted(plain)] == list(range(len(plain)))
    assert ids.places(sorted(plain)[1:]) == range(min(1, len(plain)), len(plain))
    apart = sorted(plain)[::2]
    assert ids.places(apart) == (range(len(apart)) if len(apart) < 2 else None)
    assert ids.places(sorted(others - plain)) == (None if others - plain else range(0))


def test_a_lot_that_does_not_follow_is_not_added() -> None:
    ids = AscendingIds([3, 9])

    assert not ids.extend([9, 12])
    assert list(ids) == [3, 9]
