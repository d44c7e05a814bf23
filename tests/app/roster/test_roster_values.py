"""Values of an import: checked as if each came alone, whatever was met before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.roster.values import Checked, Checker
from gridworker.domain.resident import Resident
from gridworker.errors import Invalid

FIELDS = st.sampled_from(
    ("name", "sex", "phones", "status", "tags", "birth_year", "id_number", "registered_elsewhere", "nonsense")
)
VALUES = st.sampled_from(
    (
        "陈桂芳",
        " 陈桂芳 ",
        "1",
        "",
        "13800000142",
        "11010519491231002X",
        "in_place",
        "低保户",
        "吸毒",
        1,
        True,
        1950,
        None,
    )
)


def answer(checker: Checker | None, values: dict[str, object]) -> object:
    try:
        found = checker.checked("resident", values) if checker else Resident.checked(values)
    except Invalid as fault:
        return str(fault), list(fault.faults)
    return [(name, type(value), value) for name, value in found.items()]


@given(st.lists(st.dictionaries(FIELDS, VALUES), max_size=8))
def test_records_are_checked_as_if_each_came_alone(listed: list[dict[str, object]]) -> None:
    checker = Checker()
    for values in [*listed, *listed]:
        assert answer(checker, values) == answer(None, values)


def alone_again(checked: list[Checked], count: int) -> list[object]:
    found: list[object] = [None] * count
    for one in checked:
        for place, row in enumerate(one.places):
            found[row] = [(name, column[place]) for name, column in one.columns.items()]
    return found


@given(st.lists(st.dictionaries(FIELDS, VALUES), max_size=4), st.booleans())
def test_many_are_checked_as_if_each_came_alone(listed: list[dict[str, object]], whole: bool) -> None:
    if whole:
        listed = [{"name": "陈桂芳", "status": "in_place", **values} for values in listed]
    try:
        together: object = alone_again(Checker().all_checked("resident", listed), len(listed))
    except Invalid as fault:
        together = str(fault)
    try:
        alone: object = [list(Resident.checked(values).items()) for values in listed]
    except Invalid as fault:
        alone = str(fault)
    assert together == alone


def test_a_part_is_checked_without_what_is_needed() -> None:
    assert Checker().checked("resident", {"phones": "138 0000 0142"}, partial=True) == {"phones": "13800000142"}
    with pytest.raises(Invalid):
        Checker().checked("resident", {"phones": "138 0000 0142"})


def test_what_was_checked_before_is_taken_as_it_is() -> None:
    checker = Checker()
    checker.trust("resident", "id_number")
    found = checker.checked("resident", {"id_number": "11010519491231002X"}, partial=True)
    assert found == {"id_number": "11010519491231002X", "id_last4": "002X"}


def test_a_number_is_no_other_for_being_equal() -> None:
    checker = Checker()
    assert checker.checked("resident", {"birth_year": 1950}, partial=True) == {"birth_year": 1950}
    with pytest.raises(Invalid):
        checker.checked("resident", {"birth_year": 1950.0}, partial=True)
