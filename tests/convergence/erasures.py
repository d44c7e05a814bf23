"""People who are forgotten, while bundles, copies and laptops that know nothing of it are still about."""

from hypothesis.stateful import precondition, rule

from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE

ERASURES = 2


class Erasures(Concern):
    """Rules for a resident's right."""

    forgotten = 0

    @precondition(lambda self: self.forgotten < ERASURES)
    @rule(which=NUMBERS)
    def forget(self, which: int) -> None:
        resident = self.one_of(OFFICE, "resident", which)
        if resident:
            self.forgotten += 1
            self.community.forget(resident)
