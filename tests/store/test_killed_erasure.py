"""An erasure that is killed has erased everybody it was about, or nobody.

``GRIDWORKER_ERASURE_KILLS`` sets how many (16), ``GRIDWORKER_SEED`` from where; 2,000 by ``make soak``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import tell

ROUNDS = os.environ.get("GRIDWORKER_ERASURE_KILLS", "16")
SEED = os.environ.get("GRIDWORKER_SEED", "3")


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_erasure_is_whole_or_not_at_all(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_erasure.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, ROUNDS, SEED],
        capture_output=True, text=True, timeout=3000, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tell("erasures", {"done before the kill": int(done.stdout), "not begun": int(ROUNDS) - int(done.stdout)})
    assert 0 < int(done.stdout) < int(ROUNDS)
