"""Numbers for people to quote."""

from datetime import date

from gridworker.domain.numbering import NUMBERED, next_number

DAY = date(2026, 3, 18)


def test_numbers_hold_the_laptop_and_the_day_and_go_on() -> None:
    assert next_number("household", 7, DAY, []) == "H07-260318-01"
    assert next_number("household", 7, DAY, ["H07-260318-11", "H08-260318-99", "H07-old", "3-1-202"]) == "H07-260318-12"
    assert next_number("visit", 0, DAY, ["V00-260317-05"]) == "V00-260318-01"
    assert next_number("issue", 12, DAY, ["S12-260318-99"]) == "S12-260318-100"
    assert next_number("need", 1, DAY, []) == "N01-260318-01"


def test_no_two_laptops_or_kinds_give_the_same() -> None:
    taken: list[str] = []
    for device in (1, 2, 11, 111):
        for kind in NUMBERED:
            for _ in range(3):
                taken.append(next_number(kind, device, DAY, taken))
    assert len(set(taken)) == len(taken)
