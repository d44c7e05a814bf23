"""What is typed, saved, merged ..., killed at random instants; whatever was told is there afterwards.

Each round a child does a phase from its beginning and tells each step through a pipe; it is killed at some moment, and
what is left is looked at.
"""

import os
import signal
import sys
import time
from pathlib import Path
from random import Random
from threading import Event

from gridworker.errors import Problem
from tests.collecting import only_new_collected
from tests.disk.ground import Torn, require
from tests.disk.laid import lay, lies_in
from tests.disk.phases import Line, Phase

SHORTER, LONGER = 0.8, 1.05
"""A machine may be faster or slower by now than it was: with these one kill in five or six comes after the end."""


def begun(phase: Phase) -> tuple[int, int]:
    """A child that does the phase. Returns it, and the pipe on which it tells."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            phase.work(lambda: os.write(writing, b"."))
        finally:
            os._exit(0)  # whatever happened: the parent looks at what is left
    os.close(writing)
    return child, reading


def told(child: int, pipe: int, after: float) -> int:
    """Kill the child after so many seconds. How many steps it told of."""
    Event().wait(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(pipe, "rb") as reading:
        return len(reading.read())


def kills(phase: Phase, _diary: Path, seed: str, rounds: str) -> Line:
    """How many kills, how many steps were told of by then and in a first run, and how often something was torn."""
    before, chance = lies_in(phase.folder), Random(seed)
    phase.work(lambda: None)  # once here: what it imports need not be imported by every child
    lay(before, phase.folder)
    began = time.perf_counter()
    child, pipe = begun(phase)
    os.waitpid(child, 0)
    with os.fdopen(pipe, "rb") as reading:
        whole, torn = len(reading.read()), 0
    reach, steps = time.perf_counter() - began, whole
    require(whole > 0, "undisturbed, it is not done")
    with only_new_collected():
        for _ in range(int(rounds)):
            lay(before, phase.folder)
            done = told(*begun(phase), chance.uniform(0, reach))
            steps += done
            reach *= SHORTER if done == whole else LONGER
            try:
                phase.look(done)
            except (Torn, Problem) as fault:
                sys.stderr.write(f"{phase.name}: {type(fault).__name__}: {fault}\n")
                torn += 1
    return int(rounds), steps, torn
