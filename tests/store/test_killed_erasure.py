"""An erasure that is killed has erased everybody it was about, or nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = "2000" if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else "16"


@pytest.mark.hypothesis  # make soak runs it at full length
@pytest.mark.hypothesis  # make soak runs it at full length
@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_erasure_is_whole_or_not_at_all(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_erasure.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, ROUNDS, "3"],
        capture_output=True, text=True, timeout=36_000, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert 0 < int(done.stdout) < int(ROUNDS)
