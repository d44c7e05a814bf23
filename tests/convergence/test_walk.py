"""Lives walked at random settle as every other; what does not is written down, and shortened to what it takes.

``GRIDWORKER_WALKS`` says how many, ``GRIDWORKER_SEED`` from which on.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import strategies as st

from tests.convergence import planted, walk
from tests.convergence.concern import NUMBERS
from tests.convergence.ground import Template
from tests.convergence.provoked import PROVOKED, Step
from tests.figures import tell

WALKS = int(os.environ.get("GRIDWORKER_WALKS", "2"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))
MANY = 200
"""Draws after which each value of a dozen came."""


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with walk.ground() as made:
        yield made


def test_whatever_way_a_life_leans_all_agree_in_the_end_and_nothing_is_lost(template: Template, tmp_path: Path) -> None:
    steps = 0
    for number in range(SEED * WALKS, (SEED + 1) * WALKS):
        lived, wrong = walk.walk(template, template.folder.parent / f"life-{number}", number)
        walk.save(lived, tmp_path / f"{number}.json")
        assert wrong is None, f"life {number}: {wrong!r}"
        steps += len(lived)
    assert steps > WALKS * walk.LENGTHS[0]
    tell("lives walked at random", {"lives": WALKS, "steps": steps})


def test_a_number_leads_through_the_same_life_again(template: Template) -> None:
    first, again = (walk.walk(template, template.folder.parent / name, 16)[0] for name in ("first", "again"))
    assert first == again
    assert first != walk.walk(template, template.folder.parent / "other", 17)[0]


def test_what_did_not_settle_is_told(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    life = list(PROVOKED[planted.over_left_out])
    assert walk.trouble(template, life) == ""
    planted.over_left_out(monkeypatch)
    assert walk.trouble(template, life).startswith("AssertionError: ")


def test_shortening_leaves_what_is_needed() -> None:
    life: list[Step] = [("exchange", {"who": who}) for who in range(40)]
    needed = [life[3], life[17], life[38]]
    assert walk.shorten(life, lambda some: all(step in some for step in needed)) == needed


def test_a_life_is_read_as_it_was_written_down(tmp_path: Path) -> None:
    life: list[Step] = [
        ("beware", {"unnoticed": True}),
        ("give", {"who": 2, "which": {3, 1}}),
        ("jump", {"who": 0, "step": timedelta(hours=-5)}),
        ("join", {"kind": "household", "which": 0, "other": 1}),
    ]
    walk.save(life, tmp_path / "walks" / "1.json")
    assert walk.load(tmp_path / "walks" / "1.json") == life


@pytest.mark.parametrize(
    ("strategy", "values"),
    [
        (NUMBERS, set(range(12))),
        (st.booleans(), {True, False}),
        (st.sampled_from(("C1", "C3")), {"C1", "C3"}),
    ],
)
def test_each_value_of_a_strategy_is_drawn(strategy: st.SearchStrategy[object], values: set[object]) -> None:
    chance = Random(1)
    assert {walk.drawn(strategy, chance) for _ in range(MANY)} == values


def test_sets_are_drawn_as_large_as_they_may_be() -> None:
    chance = Random(1)
    drawn = [walk.drawn(st.sets(NUMBERS, min_size=1, max_size=2), chance) for _ in range(MANY)]
    assert {len(one) for one in drawn} == {1, 2}
    assert set().union(*drawn) == set(range(12))
