"""Attempts to open a store for writing while another process may have it: never two writers."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ATTEMPTS = int(os.environ.get("GRIDWORKER_OPENINGS", "40"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))

WRITER = """
import os, random, signal, sys
from pathlib import Path
from gridworker.paths import Folder
from gridworker.store.lock import WriterLock
root, inside, attempts, chance = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), random.Random(int(sys.argv[4]))
held = 0
for _ in range(attempts):
    lock = WriterLock(Folder(root))
    if not lock.acquire():
        continue
    held += 1
    try:
        handle = os.open(inside, os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        sys.exit("two writers")
    for _ in range(chance.randrange(200)):
        os.stat(inside)
    os.close(handle)
    os.unlink(inside)
    lock.release()
print(held)
"""


@pytest.mark.skipif(os.name == "nt", reason="a link to a folder needs rights on Windows")
def test_there_are_never_two_writers(tmp_path: Path) -> None:
    """Three processes, one of them by another name of the folder; what each does alone would fail with two inside."""
    (tmp_path / "data").mkdir()
    (tmp_path / "name").symlink_to(tmp_path / "data")
    chance = random.Random(SEED)
    seeds = [str(chance.randrange(10**6)) for _ in range(3)]
    tried = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path / name, tmp_path / "inside", str(ATTEMPTS), seed],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for name, seed in zip(("data", "name", "data"), seeds, strict=True)
    ]  # fmt: skip
    ended = [one.communicate(timeout=600) for one in tried]
    assert [one.returncode for one in tried] == [0, 0, 0], ended
    assert sum(int(told) for told, _ in ended) >= ATTEMPTS
