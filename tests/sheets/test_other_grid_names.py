"""What a cell calls a grid: the number and the name before it, in the words offices write."""

import pytest

from gridworker.sheets.other_grids import GridNames

GRIDS = GridNames(1, {"第一网格": 1, "第二网格": 2, "师院社区第三网格": 3})


@pytest.mark.parametrize(
    "text", ["2", "02", "第2网格", "第二网格", "二号网格", "网格2", "师院社区第二网格", "第二网格(东)"]
)
def test_another_grid_is_known_by_its_number(text: str) -> None:
    assert GRIDS.other(text) == "第二网格"


@pytest.mark.parametrize("text", ["1", "第一网格", "", "城东", "9", "别的社区第三网格"])
def test_the_one_chosen_is_none_and_neither_is_what_is_not_known(text: str) -> None:
    assert GRIDS.other(text) == ""


def test_what_is_too_long_for_a_name_is_none() -> None:
    """Nor is it taken apart: four thousand digits and a letter took minutes."""
    assert GRIDS.other("社区" * 10 + "第二网格") == "第二网格"
    assert GRIDS.other("社区" * 30 + "第二网格") == ""
