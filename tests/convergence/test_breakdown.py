"""A device that is killed, or whose disk is full, while it merges, packs or takes a receipt: sound, and nothing lost.

``GRIDWORKER_KILLS`` and ``GRIDWORKER_SIZES`` say how often for each kind of work.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.convergence.ground import Template
from tests.convergence.machine import fast_folder
from tests.figures import tell

KILLS = int(os.environ.get("GRIDWORKER_KILLS", "12"))
SIZES = int(os.environ.get("GRIDWORKER_SIZES", "10"))
SEED = os.environ.get("GRIDWORKER_SEED", "1")
WORK = ("merge", "pack", "receipt")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork, kills and limits")


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """Three laptops and an office."""
    folder = fast_folder()
    yield Template.make(folder / "template")
    shutil.rmtree(folder)


def broken(template: Template, what: str, how: str, rounds: int) -> tuple[int, int]:
    """How often work was done, and not, in so many rounds."""
    folder = template.folder.parent / f"{what}-{how}"
    folder.mkdir()
    script = Path(__file__).with_name("breakdown.py")
    done = subprocess.run(
        [sys.executable, script, template.folder, folder, what, how, str(rounds), SEED],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole, nothing = map(int, done.stdout.split())
    tell(f"{what}, {how}", {"done": whole, "not begun": nothing})
    return whole, nothing


@pytest.mark.parametrize("what", WORK)
def test_a_kill_leaves_all_or_nothing(template: Template, what: str) -> None:
    assert sum(broken(template, what, "kill", KILLS)) == KILLS


@pytest.mark.parametrize("what", WORK)
def test_a_full_disk_leaves_all_or_nothing_and_is_said_to_be_full(template: Template, what: str) -> None:
    whole, nothing = broken(template, what, "full", SIZES)
    assert whole + nothing == SIZES
    assert whole
    assert nothing
