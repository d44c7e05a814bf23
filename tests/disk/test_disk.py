"""D1, D2, D3, D4: power cuts, kills, errors of the disk and full disks lose nothing that a person was told.

``GRIDWORKER_CUTS`` sets how many cuts in each phase (4), ``GRIDWORKER_CUT`` in which phases, ``GRIDWORKER_CUTS_AGAIN``
how many while what is left is opened (1), ``GRIDWORKER_FAILING`` how many calls fail, in each of four ways (1),
``GRIDWORKER_PHASE_KILLS`` how often each of some phases is killed (4), ``GRIDWORKER_KILLED`` which, ``GRIDWORKER_SEED``
from where. Full counts by ``make soak``.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.convergence.machine import fast_folder
from tests.disk import shim
from tests.disk.commands import asked_for
from tests.disk.more_phases import ALL
from tests.figures import tell

CUTS, AGAIN, FAILING, KILLS = (
    int(os.environ.get(f"GRIDWORKER_{name}", few))
    for name, few in (("CUTS", 4), ("CUTS_AGAIN", 1), ("FAILING", 1), ("PHASE_KILLS", 4))
)
CUT_IN = os.environ.get("GRIDWORKER_CUT", "all")
KILLED = os.environ.get("GRIDWORKER_KILLED", "typing,saving,erase,retention apply")
SEED = os.environ.get("GRIDWORKER_SEED", "1")

CUT = f"cut:{CUT_IN}:{CUTS}:{AGAIN}:"
CONTROLS = ("cut:saving:12:0:normal", "cut:saving:12:0:-wal", "cut:packing:12:0:.part")
"""The engine does not sync at a commit; its write-ahead log is not synced; files written beside are not, before they
get their names."""
MORE = "all" if FAILING > 1 else "saving"
FAULTS = (f"fail:all:{FAILING}:io", *(f"fail:{MORE}:{FAILING}:{fault}" for fault in ("io-on", "read", "full")))
KILL = f"kill:{KILLED}:{KILLS}"
JOBS = (*((CUT, *CONTROLS) if CUTS else ()), *(FAULTS if FAILING else ()))

LABELS = {
    "cut": ("cuts", "different states", "torn"),
    "fail": ("calls", "let fail", "said in a sentence", "wrong"),
    "kill": ("kills", "steps told of", "torn"),
}

needs_recorder = pytest.mark.skipif(not shim.USABLE, reason="needs Linux and a C compiler")


@dataclass(frozen=True)
class Done:
    """The figures of each job by phase, and what was said of the first that went wrong."""

    figures: dict[str, dict[str, list[int]]]
    said: str

    def torn(self, job: str) -> list[str]:
        """The phases in which something was lost or torn."""
        return [name for name, figures in self.figures[job].items() if figures[-1]]


@pytest.fixture(scope="module")
def done() -> Done:
    """All of it in one process, in memory where there is such a place."""
    folder = fast_folder()
    jobs = [*(JOBS if shim.USABLE else ()), *((KILL,) if KILLS else ())]
    ran = shim.run(Path(__file__).with_name("proofs.py"), folder, SEED, *jobs)
    shutil.rmtree(folder)
    assert ran.returncode == 0, ran.stderr
    figures: dict[str, dict[str, list[int]]] = {job: {} for job in jobs}
    for job, name, numbers in (line.split("|") for line in ran.stdout.splitlines()):
        figures[job][name] = list(map(int, numbers.split()))
    tell_all({job: found for job, found in figures.items() if job not in CONTROLS})
    return Done(figures, ran.stderr)


def tell_all(figures: dict[str, dict[str, list[int]]]) -> None:
    """To ``make soak``, where it asks."""
    for job, found in figures.items():
        what, *_, how = job.split(":")
        for name, numbers in found.items():
            tell(f"{name}, {how}" if what == "fail" else name, dict(zip(LABELS[what], numbers, strict=True)))


@needs_recorder
def test_a_power_cut_takes_nothing_that_was_told(done: Done) -> None:
    for job in {CUT} & done.figures.keys():
        assert done.figures[job].keys() == {phase.name for phase in asked_for(CUT_IN)}
        assert min(looked for looked, _, _ in done.figures[job].values()) >= CUTS
        assert done.torn(job) == [], done.said


@needs_recorder
def test_the_controls_lose_what_was_told(done: Done) -> None:
    for job in set(CONTROLS) & done.figures.keys():
        assert len(done.torn(job)) == 1, job


@needs_recorder
def test_an_error_of_the_disk_is_said_and_takes_nothing(done: Done) -> None:
    for job in set(FAULTS) & done.figures.keys():
        assert done.figures[job].keys() in ({phase.name for phase in ALL}, {"saving"})
        assert min(tried for _, tried, _, _ in done.figures[job].values()) > 0
        assert done.torn(job) == [], done.said


@pytest.mark.skipif(os.name == "nt", reason="needs fork and kills")
def test_a_kill_takes_nothing_that_was_told(done: Done) -> None:
    """The exchange is killed in convergence/test_breakdown.py too, parts of these phases in store/test_killed_*.py."""
    for job in {KILL} & done.figures.keys():
        assert done.figures[job].keys() == {phase.name for phase in asked_for(KILLED)}
        assert sum(told for _, told, _ in done.figures[job].values()) > 0
        assert done.torn(job) == [], done.said
