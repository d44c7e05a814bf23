"""One call to the disk fails, or all from one on, in each phase, call after call.

The calls of a phase are counted; then it is done once for each of them that is to fail. It has to end with a sentence
for a person, or as if nothing had been; and after a start all that was told is there, and nothing is torn.
"""

import errno
import gc
import sys
import traceback
from pathlib import Path
from random import Random
from typing import NamedTuple

from gridworker.errors import DiskFull, Problem
from tests.collecting import only_new_collected
from tests.disk.ground import Torn, require
from tests.disk.laid import lay, lies_in
from tests.disk.phases import Line, Phase
from tests.disk.replay import State
from tests.disk.shim import NAMES, OPENS, READS, SIZES, SYNCS, WRITES, Recorder


class Fault(NamedTuple):
    """What fails: kinds of calls, with which error, once or from then on, and what has to be said."""

    kinds: int
    error: int
    on: bool
    said: type[Problem]


ALL = WRITES | SYNCS | SIZES | NAMES | OPENS
FAULTS = {
    "io": Fault(ALL, errno.EIO, on=False, said=Problem),
    "io-on": Fault(ALL, errno.EIO, on=True, said=Problem),
    "read": Fault(READS, errno.EIO, on=False, said=Problem),
    "full": Fault(WRITES | SIZES, errno.ENOSPC, on=True, said=DiskFull),
}


class Failing:
    """A phase whose calls fail."""

    def __init__(self, phase: Phase, diary: Path, fault: Fault) -> None:
        self.there = self.tried = self.said = self.wrong = 0
        self._phase = phase
        self._diary = diary
        self._fault = fault
        self._recorder = Recorder()
        self._calls = 0
        self._before: State = lies_in(phase.folder)

    def run(self, most: int, chance: Random) -> None:
        """Count, then let so many of them fail, each in a run of its own."""
        require(self._once(0) > 0, "undisturbed, it is not done")
        self.there = self._calls
        with only_new_collected():
            self._let_fail(most, chance)

    def _let_fail(self, most: int, chance: Random) -> None:
        for number in sorted(chance.sample(range(1, self.there + 1), min(most, self.there))):
            self.tried += 1
            fault = self._faults(number)
            if fault:
                if not self.wrong:
                    sys.stderr.write(f"{self._phase.name}, call {number}: {fault}\n")
                self.wrong += 1

    def _faults(self, number: int) -> str:
        """What is wrong after a failure of one call; nothing where all is well."""
        lay(self._before, self._phase.folder)
        try:
            told = self._once(number)
            self._phase.look(told)
        except Torn as torn:
            return f"Torn: {torn}"
        except Problem as problem:
            return f"after a start: {problem!r}"
        except Exception as bug:  # noqa: BLE001 - this is what is looked for
            return f"no sentence: {''.join(traceback.format_exception(bug))}"
        return ""

    def _once(self, number: int) -> int:
        """Do it; how often somebody was told. Raises whatever is no problem for a person."""
        told = 0

        def tell() -> None:
            nonlocal told
            told += 1

        fault = self._fault
        failing = self._recorder.failing(fault.kinds, number, fault.error, sticky=fault.on)
        with self._recorder.watching(self._phase.folder, self._diary), failing:
            try:
                self._phase.work(tell)
            except fault.said:
                self.said += 1
            self._calls = self._recorder.calls
            gc.collect()  # a connection that the exception held is closed while the disk still fails, as all others
        return told


def failures(phase: Phase, diary: Path, seed: str, most: str, fault: str) -> Line:
    """Calls there are, calls that were let fail, how often that ended with a sentence, and how often it was wrong."""
    failing = Failing(phase, diary, FAULTS[fault])
    failing.run(int(most), Random(seed))
    return failing.there, failing.tried, failing.said, failing.wrong
