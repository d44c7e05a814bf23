"""The rows of a preview, kept side by side: what is asked for is what was put in."""

from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.ledger.preview_rows import FieldChange, PlannedRows, RowPlan, RowState

CHANGES = st.just(()) | st.just((FieldChange("Sex", "1", "2"),))
ROWS = st.lists(
    st.builds(
        RowPlan,
        st.sampled_from((None, "3栋", "4栋")),
        st.integers(1, 2**40),
        st.sampled_from(("陈桂芳", "曾乐")),
        st.sampled_from(("", "3-2-501")),
        st.sampled_from(RowState),
        CHANGES,
        st.just(()) | st.just(("No ID number.",)),
        st.booleans(),
        st.sampled_from((None, "1950-01-01", "1950")),
    ),
    max_size=12,
)


@given(ROWS)
def test_rows_come_in_the_order_of_the_file_as_they_were(listed: list[RowPlan]) -> None:
    rows = PlannedRows()
    for row in listed:
        rows.add(row)
    assert list(rows) == listed
    sheets = ("4栋", None, "3栋")
    ordered = sorted(listed, key=lambda row: (sheets.index(row.sheet), row.row, row.member))
    assert list(rows.in_order(sheets)) == rows.in_order(sheets)[:] == ordered
    assert [rows[-at] for at in range(1, len(rows) + 1)] == listed[::-1]
