"""The full counts say what failed, and count nothing that did not run."""

import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.convergence import soak

TOP = Path(__file__).parents[2]
PART = soak.Part("kills of something", 20, 10, "GRIDWORKER_SOMETHING", "tests/none.py")


@pytest.mark.parametrize(
    ("code", "good", "line"),
    [
        (0, True, "kills of something: 20 of 20, all good, "),
        (1, False, "kills of something: 10 of 20, failed from seed 1, "),
        (-9, False, "kills of something: 10 of 20, failed from seed 1, "),
    ],
)
def test_a_piece_that_fails_or_dies_without_a_word_fails_its_part(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, good: bool, line: str
) -> None:
    ran = subprocess.CompletedProcess((), code, stdout="", stderr="")
    monkeypatch.setattr(subprocess, "run", Mock(return_value=ran))
    assert PART.run(float("inf")) is good
    said = capsys.readouterr().out
    assert said.startswith(line)
    assert ("ended with" in said) is not good


def test_a_part_is_named_by_a_word_of_its_own() -> None:
    lines = [part.what for part in soak.PARTS]
    assert len(set(lines)) == len(lines)
    assert [part.what for part in soak.chosen(["kills of seven commands"])] == ["kills of seven commands"]


def test_every_part_has_its_share_whatever_those_before_it_took() -> None:
    machine = soak.Part("lives", soak.ENDLESS, 1, "GRIDWORKER_LIVES", "tests/none.py")
    assert soak.share([PART, PART, machine], 600) == 300
    assert soak.share([PART, machine], 600) == 600
    assert soak.share([PART, machine], -5) == 0
    assert soak.share([machine], 600) == 600


def test_a_part_runs_once_at_least(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(subprocess, "run", Mock(return_value=subprocess.CompletedProcess((), 0, stdout="", stderr="")))
    assert PART.run(0.0)
    assert capsys.readouterr().out.startswith("kills of something: 10 of 20, time is over, ")


def test_every_part_names_tests_that_are_there() -> None:
    named = [word for part in soak.PARTS for word in part.tests.split("|") if word.endswith(".py")]
    assert len(named) > 20
    assert [one for one in named if not (TOP / one).is_file()] == []
