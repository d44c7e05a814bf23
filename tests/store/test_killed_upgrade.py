"""An upgrade that is killed at any moment is gone on with at the next start, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import tell

ROOT = Path(__file__).parents[2]
KILLS = os.environ.get("GRIDWORKER_UPGRADE_KILLS", "3")
SEED = os.environ.get("GRIDWORKER_SEED", "1")


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_upgrade_is_gone_on_with(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_upgrade.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, KILLS, SEED],
        capture_output=True, text=True, timeout=3000, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tell("upgrades", {"cut off half way": int(done.stdout)})
    assert int(done.stdout) <= int(KILLS)
