"""Killed at any moment of changing the data key, the store opens whole under the old key or the new: never under none.

``GRIDWORKER_REKEY_KILLS`` sets how many (2), ``GRIDWORKER_SEED`` from where; 2,000 by ``make soak``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import tell

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("GRIDWORKER_REKEY_KILLS", "2"))
SEED = os.environ.get("GRIDWORKER_SEED", "7")
MANY = 40


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_change_leaves_one_key(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_rekey.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, str(KILLS), SEED],
        capture_output=True, text=True, timeout=600, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tell("changes", {"done before the kill": int(done.stdout), "not": KILLS - int(done.stdout)})
    assert 0 <= int(done.stdout) <= KILLS
    assert KILLS < MANY or 0 < int(done.stdout) < KILLS
