"""A merge that is killed is in the store whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_merge_is_in_whole_or_not_at_all(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_merge.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, "24", "3"],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert 0 < int(done.stdout) < 24
