"""A crash leaves no picture of the memory on the disk, where keys and names could be read by anybody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CRASHING = """
import os, resource, signal, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
from gridworker.cli.main import main
assert main(["version"]) == 0
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows makes none unless it is told to")
def test_a_crash_leaves_no_picture_of_the_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASHING], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode < 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0"
    assert list(tmp_path.iterdir()) == []
