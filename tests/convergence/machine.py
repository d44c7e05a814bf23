"""The machine: every concern of a community at once, in any order, and then the proof that nothing went wrong.

To add a concern, write a ``Concern`` with its rules in a file of its own and name it among the bases of ``Machine``.
"""

import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.convergence.carriers import Carriers
from tests.convergence.chances import live_the_same_lives
from tests.convergence.clocks import Clocks
from tests.convergence.community import Community
from tests.convergence.erasures import Erasures
from tests.convergence.ground import Template
from tests.convergence.handing_over import HandingOver
from tests.convergence.joins import Joins
from tests.convergence.lives import Lives
from tests.convergence.people import People
from tests.convergence.photos import Photos
from tests.convergence.recuts import Recuts
from tests.convergence.safekeeping import Safekeeping
from tests.convergence.settled import require_settled
from tests.convergence.verdicts import Verdicts


class Machine(
    People, Photos, Carriers, Clocks, Lives, Erasures, Recuts, HandingOver, Safekeeping, Verdicts, Joins,
    RuleBasedStateMachine,
):  # fmt: skip
    """One example: a community made from ``template`` in ``folder``, lived in, settled, and looked at."""

    def __init__(self, template: Template, folder: Path) -> None:
        super().__init__()
        self.community = Community(template, folder)
        self._patch = pytest.MonkeyPatch()
        live_the_same_lives(self._patch)

    def teardown(self) -> None:
        """Settle and look."""
        try:
            self.community.settle()
            require_settled(self.community)
        finally:
            self.leave()

    def leave(self) -> None:
        """Leave everything as it was, whatever became of the example."""
        self._patch.undo()
        self.community.close()


def prove(template: Template, folder: Path, sown: int, **chosen: Any) -> int:
    """Run the machine from a seed. Returns how many examples it ran; raises where one does not settle as it must.

    ``chosen`` are settings of hypothesis: how many examples, of how many steps. A seed gives the same examples again.
    """
    numbers = count()
    how = settings(
        **chosen, derandomize=False, database=None, deadline=None, phases=[Phase.generate], print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    class Example(Machine):
        """The machine with a folder of its own."""

        def __init__(self) -> None:
            super().__init__(template, folder / f"example-{next(numbers)}")

    run_state_machine_as_test(seed(sown)(Example), settings=how)
    return next(numbers)


def fast_folder() -> Path:
    """A new folder in memory where there is such a place: thousands of stores are made and thrown away."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="gridworker-", dir=memory if memory.is_dir() else None))
