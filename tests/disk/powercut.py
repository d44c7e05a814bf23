"""What power cuts leave of each phase, held against what a person was told.

Each phase is recorded once; then states of the disk that a cut may leave are laid into its folder and looked at. After
some of them the power goes once more, while the store is being opened. There are controls, wrong on purpose: "normal"
(the engine does not sync at a commit), or an ending of names of files that are never synced.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from gridworker.errors import Problem
from gridworker.store.engine import connection
from gridworker.store.health.freshness import FRESH
from tests.collecting import only_new_collected
from tests.disk import ground
from tests.disk.ground import Torn
from tests.disk.laid import lay, lies_in, name_of
from tests.disk.phases import Line, Phase
from tests.disk.replay import Event, State, cuts, events, without_syncs
from tests.disk.shim import Recorder

NORMAL = "normal"
EACH = 3
"""Second cuts of one opening: it is recorded once for so many."""


class Cutter:
    """Cuts the power in a phase."""

    def __init__(self, phase: Phase, diary: Path, chance: Random) -> None:
        self.looked = self.torn = 0
        self.differing: set[tuple[int, bytes]] = set()
        self._phase = phase
        self._chance = chance
        self._recorder = Recorder()
        self._diary = diary

    def record(self) -> list[Event]:
        """Do the work once, undisturbed, and put everything back."""
        before = lies_in(self._phase.folder)
        with self._recorder.watching(self._phase.folder, self._diary):
            self._phase.work(lambda: self._recorder.mark(1))
        lay(before, self._phase.folder)
        return events(self._diary)

    def cut(self, found: list[Event], count: int, again: int) -> None:
        """Look at so many states, and at so many of each of some while they are opened."""
        for number, (told, state) in enumerate(cuts(self._phase.folder, found, count, self._chance)):
            self._look(told, state)
            if again and number % max(count * EACH // again, 1) == 0:
                self._cut_again(told, state)

    def _look(self, told: int, state: State) -> None:
        """Hold a state against what was told. One that was seen before need not be laid again."""
        self.looked += 1
        seen = told, name_of(state)
        if seen in self.differing:
            return
        self.differing.add(seen)
        lay(state, self._phase.folder)
        try:
            self._phase.look(told)
        except (Torn, Problem) as fault:
            self._is_torn(fault)

    def _cut_again(self, told: int, state: State) -> None:
        lay(state, self._phase.folder)
        try:
            with self._recorder.watching(self._phase.folder, self._diary):
                self._phase.start()
        except (Torn, Problem) as fault:
            self._is_torn(fault)
            return
        lay(state, self._phase.folder)
        for _, left in cuts(self._phase.folder, events(self._diary), EACH, self._chance):
            self._look(told, left)

    def _is_torn(self, fault: Exception) -> None:
        if not self.torn:
            sys.stderr.write(f"{self._phase.name}: {type(fault).__name__}: {fault}\n")
        self.torn += 1


@contextmanager
def wrong_on_purpose(control: str) -> Iterator[None]:
    """The control. What starts finds is passed over: else it would speak before anybody looks at what is lost."""
    sound = connection._pragmas

    def lax(*, query_only: bool) -> Iterator[str]:
        for pragma in sound(query_only=query_only):
            yield "synchronous=NORMAL" if pragma == "synchronous=FULL" else pragma

    with pytest.MonkeyPatch.context() as patch:
        if control:
            patch.setattr(ground, "freshen", lambda *_, **__: FRESH)
        if control == NORMAL:
            patch.setattr(connection, "_pragmas", lax)
        yield


def power_cuts(phase: Phase, diary: Path, seed: str, count: str, again: str, control: str) -> Line:
    """How many cuts were looked at, how many of what they left differed, and how many were torn."""
    cutter = Cutter(phase, diary, Random(seed))
    with wrong_on_purpose(control):
        found = cutter.record()
        with only_new_collected():
            cutter.cut(without_syncs(found, control) if control else found, int(count), int(again))
    return cutter.looked, len(cutter.differing), cutter.torn
