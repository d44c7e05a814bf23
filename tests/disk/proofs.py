"""Run by test_disk, with the recorder in it where there is one: proofs that a device is whole whatever becomes of it.

Usage: proofs.py FOLDER SEED JOB... A job is what is done, to which phases (names with commas between, or a group of
commands.py), and what the function that does it asks for, with colons between: cut:PHASES:CUTS:AGAIN:CONTROL,
fail:PHASES:CALLS:FAULT, kill:PHASES:ROUNDS. Prints a line for each phase: the job, the name of the phase, and its
figures, the last of which is how often something was torn; what the first was stands on stderr.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gridworker.store.engine.database import PAGE_SIZE
from gridworker.store.engine.diskspace import Ballast
from tests.disk.commands import asked_for
from tests.disk.faulty import failures
from tests.disk.ground import Ground
from tests.disk.killed import kills
from tests.disk.laid import lay, lies_in
from tests.disk.phases import Line, Phase
from tests.disk.powercut import power_cuts
from tests.disk.replay import State

DO: Mapping[str, Callable[..., Line]] = MappingProxyType({"cut": power_cuts, "fail": failures, "kill": kills})


def main() -> None:
    """All jobs."""
    place, seed, *jobs = sys.argv[1:]
    Ballast.__init__.__defaults__ = (PAGE_SIZE,)
    """Of 64 MiB that are laid out, read and held against each other for every cut nothing depends."""
    ground = Ground.make(Path(place) / "ground")
    ready: dict[str, tuple[Phase, State]] = {}
    for job in jobs:
        what, names, *asked = job.split(":")
        for one in asked_for(names):
            if one.name not in ready:
                phase = one(ground, Path(place) / one.name)
                ready[one.name] = phase, lies_in(phase.folder)
            phase, before = ready[one.name]
            lay(before, phase.folder)
            line = DO[what](phase, Path(place) / "diary", f"{seed} {job} {one.name}", *asked)
            sys.stdout.write(f"{job}|{one.name}|{' '.join(map(str, line))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
