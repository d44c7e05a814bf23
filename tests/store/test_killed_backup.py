"""Every backup that has its name opens and compares, whatever killed the making of it or filled the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import tell

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("GRIDWORKER_BACKUP_KILLS", "25"))
SIZES = int(os.environ.get("GRIDWORKER_BACKUP_SIZES", "8"))
SEED = os.environ.get("GRIDWORKER_SEED", "3")


@pytest.mark.skipif(os.name == "nt", reason="needs fork and timers")
def test_a_killed_backup_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_backup.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, str(KILLS), SEED],
        capture_output=True, text=True, timeout=3000, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    new, midst, compared = map(int, done.stdout.split())
    tell("backups", {"named before the kill": new, "left as a half": midst, "opened and compared": compared})
    assert 0 < new < KILLS
    assert midst > 0
    assert compared >= KILLS


FULL = """
import resource, signal, sys
from pathlib import Path
from gridworker.errors import Problem
from gridworker.store.backup.place import finished
from tests.store.killed_backup import make, opened

SHARED = 32 * 1024  # what the engine needs beside an open store, whose limit would else be met before a backup begins
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, place = Path(sys.argv[1]), Path(sys.argv[2])
whole = (folder / "store.db").stat().st_size
before = len(finished(place))
for step in range(int(sys.argv[3])):
    room = SHARED + (whole - SHARED) * (step + 1) // (int(sys.argv[3]) + 1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        make(folder, place)
    except Problem as problem:
        print(type(problem).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert opened(place) == before, "a backup that found no room was called one"
    assert not list(place.glob("*.part")), "it left something behind"
make(folder, place)
assert opened(place) == before + 1
"""


@pytest.mark.skipif(os.name == "nt", reason="needs limits on files")
def test_a_backup_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    """At every size at which the file can be cut off: the store is untouched, and the next one goes through."""
    script = Path(__file__).with_name("killed_backup.py")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, script, tmp_path, "0", "1"], check=True, env=env, timeout=120)
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path, tmp_path / "place", str(SIZES)],
        capture_output=True, text=True, timeout=3000, check=False, env=env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["StoreProblem"] * SIZES
