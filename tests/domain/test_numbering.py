"""Numbers for people to quote."""

from datetime import date

from gridworker.domain import numbering

DAY = date(2026, 3, 18)


def test_numbers_hold_the_laptop_and_go_on() -> None:
    assert numbering.household_number(7, []) == "H07-0001"
    assert numbering.household_number(7, ["H07-0011", "H08-0099", "H07-old", "3-1-202"]) == "H07-0012"
    assert numbering.visit_number(0, DAY, ["V00-260317-05"]) == "V00-260318-01"
    assert numbering.issue_number(12, DAY, ["S12-260318-09"]) == "S12-260318-10"


def test_two_laptops_never_give_the_same() -> None:
    taken: list[str] = []
    for device in (1, 2, 11, 111):
        for _ in range(3):
            taken.append(numbering.issue_number(device, DAY, taken))
    assert len(set(taken)) == len(taken)
