"""Killed at any moment of changing a passphrase, the old one opens or the new one does: never none, never both.

``GRIDWORKER_KILLS`` sets how many (40), ``GRIDWORKER_SEED`` from where; 2,000 by ``make soak``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import tell

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("GRIDWORKER_KILLS", "40"))
SEED = os.environ.get("GRIDWORKER_SEED", "7")


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_change_leaves_one_passphrase(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_passphrase.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, str(KILLS), SEED],
        capture_output=True, text=True, timeout=600, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tell("changes", {"done before the kill": int(done.stdout), "not": KILLS - int(done.stdout)})
    assert 0 < int(done.stdout) < KILLS
