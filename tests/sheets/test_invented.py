"""Ledgers invented at random are read without a fault, by the corpus's own scorer."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from gridworker.sheets.roster import read_roster
from tests.sheets.invented import invent
from tests.sheets.ledgers import TODAY

SCORE = Path(__file__).parents[1] / "data" / "rosters" / "score.py"


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(60))
def test_invented_ledger_is_read_in_full(tmp_path: Path, scorer: ModuleType, seed: int) -> None:
    ledger = invent(tmp_path, seed)
    tallies, critical, dirty, _notes = scorer.score(read_roster(ledger.path, today=TODAY).to_neutral(), ledger.expected)
    assert critical == []
    assert dirty == []
    assert {name: tally.bad for name, tally in tallies.items() if tally.bad} == {}
