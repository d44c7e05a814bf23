"""ID numbers checked by their parts: good are those that are good by the rule itself."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from gridworker.domain.id_parts import NumberParts
from gridworker.domain.identity import check_digit, id_fault

TODAY = date(2026, 3, 18)
DIGITS = st.text("0123456789", min_size=17, max_size=17)
DAYS = st.dates(date(1860, 1, 1), date(2030, 12, 31)).map(lambda day: f"{day:%Y%m%d}".zfill(8))
BEHIND = st.sampled_from(("", "X", "x", "0", " ", "00"))


@given(st.text("0123456789", min_size=6, max_size=6), DAYS, st.integers(0, 999), BEHIND)
@example("000000", "20260318", 0, "")
@example("000000", "20260319", 0, "")
@example("110105", "18691231", 2, "")
@example("110105", "20000229", 2, "")
@example("110105", "19000229", 2, "")
@example("110105", "20231301", 2, "")
def test_a_number_is_good_where_the_rule_says_so(division: str, born: str, order: int, behind: str) -> None:
    digits = f"{division}{born}{order:03}"
    number = digits + (behind or check_digit(digits))
    good = len(number) == 18 and id_fault(number, TODAY) is None
    assert NumberParts(TODAY).day_of(number) == (f"{born[:4]}-{born[4:6]}-{born[6:]}" if good else "")


@given(DIGITS | st.text("0123456789X１²", min_size=18, max_size=18) | st.text(max_size=20))
def test_anything_else_states_no_day(text: str) -> None:
    if NumberParts(TODAY).day_of(text):
        assert id_fault(text, TODAY) is None
