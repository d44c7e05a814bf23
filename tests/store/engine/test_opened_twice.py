"""Attempts to open a store for writing while another process may have it: never two writers."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.circle import Circle

ROOT = Path(__file__).parents[3]
ATTEMPTS = int(os.environ.get("GRIDWORKER_OPENINGS", "40"))
OPENED = int(os.environ.get("GRIDWORKER_OPENED", "3"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "1"))

WRITER = """
import os, random, signal, sys
from pathlib import Path
from gridworker.paths import Folder
from gridworker.store.engine.lock import WriterLock
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

OPENER = """
import os, random, signal, sys
from pathlib import Path
from gridworker.app.access.opening import open_with_keys
from gridworker.errors import Problem
from gridworker.paths import Folder
from gridworker.store.engine.diskspace import Ballast
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from tests.builders import DEK
root, inside, attempts, chance = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), random.Random(int(sys.argv[4]))
NOBODY, DONE, TWO = 0, 1, 2
Ballast.ensure = lambda _: False
def attempt(dies, dwell):
    try:
        session, close = open_with_keys(Folder(root), Keys(DEK), CHEAP)
    except Problem:
        return NOBODY
    if session.read_only:
        close()
        return NOBODY
    try:
        handle = os.open(inside, os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return TWO
    session.note("search", detail="number")
    for _ in range(dwell):
        os.stat(inside)
    os.close(handle)
    os.unlink(inside)
    if dies:
        os.kill(os.getpid(), signal.SIGKILL)
    close()
    return DONE
first = attempt(False, 0)  # loads what the others need
if first == TWO:
    sys.exit("two writers")
held = int(first == DONE)
for _ in range(attempts):
    dies, dwell = chance.random() < 0.3, chance.randrange(2000)
    child = os.fork()
    if child == 0:
        os._exit(attempt(dies, dwell))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (NOBODY, DONE, -signal.SIGKILL):
        sys.exit(f"ended with {status}")
    held += status != NOBODY
print(held)
"""


@pytest.mark.skipif(os.name == "nt", reason="a link to a folder needs rights on Windows")
def test_there_are_never_two_writers(tmp_path: Path) -> None:
    """What each does alone would fail with two inside."""
    (tmp_path / "data").mkdir()
    assert sum(tried(WRITER, tmp_path, "data", ATTEMPTS)) >= ATTEMPTS // 2  # the rest met another who wrote


@pytest.mark.skipif(os.name == "nt", reason="needs fork, kills and a link to a folder")
def test_nor_does_a_store_open_for_two_and_what_each_wrote_is_there(tmp_path: Path) -> None:
    """As the program opens it; some are killed with it open. Who comes meanwhile may read and no more."""
    circle = Circle(tmp_path)
    circle.close()
    held = sum(tried(OPENER, tmp_path, "office", OPENED))
    office = circle.open("office")
    searches = office.records.page("audit_event", where={"action": "search"}, limit=10**4)
    assert len(searches) == held > 0
    assert not office.care_of_store.check()
    circle.close()


def tried(program: str, place: Path, folder: str, attempts: int) -> list[int]:
    """Run it in three processes, one of them by another name of the folder; how often each was the writer."""
    (place / "name").symlink_to(place / folder)
    chance = random.Random(SEED)
    seeds = [str(chance.randrange(10**6)) for _ in range(3)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, place / name, place / "inside", str(attempts), seed],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for name, seed in zip((folder, "name", folder), seeds, strict=True)
    ]  # fmt: skip
    ended = [one.communicate(timeout=3000) for one in running]
    assert [one.returncode for one in running] == [0, 0, 0], ended
    return [int(told) for told, _ in ended]
