"""How standings are kept: each field by itself, what many have in common once."""

from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.issue.standing import NEVER, Columns, Standing, packed

NUMBERS = st.one_of(st.just(NEVER), st.integers(0, NEVER))
STANDINGS = st.builds(
    Standing,
    order=st.text(max_size=4),
    issue=NUMBERS,
    part=st.sampled_from(("waiting", "handling", "return")),
    track=st.none() | st.sampled_from(("F1", "F2", "")),
    building=st.none() | NUMBERS,
    reported_at=st.text(max_size=4),
    soon=NUMBERS,
    late=NUMBERS,
    since=NUMBERS,
)


@given(st.lists(STANDINGS, max_size=12))
def test_what_was_packed_is_unpacked(standings: list[Standing]) -> None:
    found = Columns(packed(standings)).all()
    assert found == standings
    assert all(isinstance(one, Standing) for one in found)
    columns = Columns(packed(standings))
    for name in Standing._fields:
        assert list(columns.of(name)) == [getattr(one, name) for one in standings]


def test_as_many_values_as_a_byte_tells_apart_and_one_more_come_back() -> None:
    for count in (255, 256, 257):
        standings = [Standing(f"{at}", at, "waiting", None, None, "", NEVER, NEVER, 0) for at in range(count)]
        assert Columns(packed(standings)).all() == standings


def test_what_many_have_in_common_is_there_once() -> None:
    standings = [Standing("", at, "waiting", f"F{at % 2}", None, "", 1 << 40, NEVER, at) for at in range(300)]
    found = Columns(packed(standings)).all()
    assert len({id(one.part) for one in found}) == 1
    assert len({id(one.track) for one in found}) == 2
    assert len({id(one.soon) for one in found}) == 1
