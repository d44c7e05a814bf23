"""The sample ledgers, scored by the corpus's own scorer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gridworker.sheets.roster import read_roster

SAMPLES = Path(__file__).parents[1] / "data" / "rosters"
EXPECTED = sorted(SAMPLES.glob("*.expected.json"))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name.partition(".")[0])
def test_sample_is_read_in_full(expected: Path, tmp_path: Path) -> None:
    ledger = expected.with_name(json.loads(expected.read_text("utf-8"))["file"])
    outcome = tmp_path / "outcome.json"
    outcome.write_text(json.dumps(read_roster(ledger).to_neutral(), ensure_ascii=False), "utf-8")
    scored = subprocess.run(
        [sys.executable, SAMPLES / "score.py", outcome, expected, "--json"], capture_output=True, check=True
    )
    verdict = json.loads(scored.stdout)
    assert verdict["critical"] == []
    assert verdict["dirty"] == []
    assert verdict["worst_f1"] == 1.0


def test_all_samples_are_here() -> None:
    assert len(EXPECTED) == 4
