"""D2: whatever a power cut leaves of what was written, all that a person was told is there, and nothing is torn.

``GRIDWORKER_CUTS`` sets how many in each phase (4), ``GRIDWORKER_CUTS_AGAIN`` how many while what is left is opened (1),
``GRIDWORKER_SEED`` from where; 10,000 and 2,000 by ``make soak``.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.convergence.machine import fast_folder
from tests.disk import shim
from tests.disk.phases import PHASES

CUTS = os.environ.get("GRIDWORKER_CUTS", "4")
AGAIN = os.environ.get("GRIDWORKER_CUTS_AGAIN", "1")
SEED = os.environ.get("GRIDWORKER_SEED", "1")
CONTROLS = ("saving:12:0:normal", "saving:12:0:-wal", "packing:12:0:.part")
"""The engine does not sync at a commit; its write-ahead log is not synced; files written beside are not, before they get
their names."""

pytestmark = pytest.mark.skipif(not shim.USABLE, reason="needs Linux and a C compiler")


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place."""
    made = fast_folder()
    yield made
    shutil.rmtree(made)


def test_a_power_cut_takes_nothing_that_was_told_and_the_controls_lose_it(folder: Path) -> None:
    done = shim.run("powercut.py", folder, SEED, f"all:{CUTS}:{AGAIN}:", *CONTROLS)
    assert done.returncode == 0, done.stderr
    lines = [line.split(",") for line in done.stdout.splitlines()]
    sound = {name: tuple(map(int, numbers)) for name, control, *numbers in lines if not control}
    assert sound.keys() == {phase.name for phase in PHASES}
    assert [name for name, (looked, _, _) in sound.items() if looked < int(CUTS)] == []
    assert [name for name, (_, _, torn) in sound.items() if torn] == [], done.stderr
    assert {control for _, control, *numbers in lines if control and int(numbers[-1])} == {"normal", "-wal", ".part"}
