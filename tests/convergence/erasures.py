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

    @precondition(lambda self: self.forgotten < ERASURES)
    @rule(who=NUMBERS, which=NUMBERS)
    def forget_from_under(self, who: int, which: int) -> None:
        """A laptop hands in what it wrote about somebody before it hears that they are forgotten."""
        name = self.some_laptop(who)
        resident = self.one_of(name, "resident", which)
        if resident and resident in self.community.editable(OFFICE, "resident"):
            self.forgotten += 1
            self.community.act(name, lambda at: at.records.save("resident", {"note": "还不知道"}, resident))
            self.community.forget(resident)
            self.community.exchange(name)
