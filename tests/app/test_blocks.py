"""All buildings in the order they are walked."""

import json

from hypothesis import given
from hypothesis import strategies as st

from gridworker.app import blocks
from gridworker.domain.address import natural_key

ESTATES = st.sampled_from([None, "", "师院南苑", "2期", "02期", "10期"])
NUMBERS = st.sampled_from([None, "", "1", "01", "2", "10", "10A", "A", "综合楼"])


@given(st.lists(st.tuples(ESTATES, NUMBERS), max_size=12))
def test_they_stand_by_estate_and_number_and_equals_as_they_came(found: list[tuple[str | None, str | None]]) -> None:
    rows = [(id_, *one) for id_, one in enumerate(found)]
    order = blocks._in_order(json.dumps(rows))
    assert order == tuple(sorted(rows, key=lambda row: (natural_key(row[1]), natural_key(row[2]))))


def test_they_are_called_with_their_estate_where_there_are_several() -> None:
    one, other = (1, "师院南苑", "3"), (2, None, "A")
    assert blocks._called(blocks._in_order(json.dumps([one]))) == [(1, "3栋")]
    assert blocks._called(blocks._in_order(json.dumps([one, other]))) == [(2, "A座"), (1, "师院南苑 3栋")]
