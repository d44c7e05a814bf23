"""Folders that are copied, put back, or go to work twice."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.circle import made_visit
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE

COPIES, DEVICES = 3, 6


class Lives(Concern):
    """Rules for copies of data folders."""

    @rule(who=NUMBERS)
    def copy(self, who: int) -> None:
        name = self.someone(who)
        if len(self.community.copies.get(name, ())) < COPIES:
            self.community.copy(name)

    @rule(who=NUMBERS, which=NUMBERS)
    def put_back(self, who: int, which: int) -> None:
        """A laptop's disk is gone; its folder comes back from a copy."""
        names = [name for name in self.community.laptops if name in self.community.copies]
        name = names[who % len(names)]
        copies = self.community.copies[name]
        self.community.restore(name, copies[which % len(copies)])

    @precondition(lambda self: self.community.may_fall())
    @rule(which=NUMBERS)
    def put_back_office(self, which: int) -> None:
        """The office's disk is gone."""
        copies = self.community.useful(OFFICE, self.community.copies[OFFICE])
        if copies:
            self.community.restore(OFFICE, copies[which % len(copies)])

    @precondition(lambda self: self.community.may_fall())
    @rule(who=NUMBERS, which=NUMBERS)
    def office_loses_a_day(self, who: int, which: int) -> None:
        """The office is set back to before the last laptop came by."""
        name = self.some_laptop(who)
        self.community.copy(OFFICE)
        household = self.one_of(name, "household", which)
        if household:
            self.community.act(name, lambda at: made_visit(at, household))
        self.community.exchange(name)
        self.community.exchange(name)
        copies = self.community.useful(OFFICE, self.community.copies[OFFICE])
        if copies:  # the newest, unless a laptop let something go meanwhile
            self.community.restore(OFFICE, copies[-1])

    @precondition(lambda self: len(self.community.names) < DEVICES)
    @rule(who=NUMBERS, which=NUMBERS)
    def work_twice(self, who: int, which: int) -> None:
        """A copy of a laptop goes to work beside it."""
        names = [name for name in self.community.laptops if name in self.community.copies]
        name = names[who % len(names)]
        self.community.twin(name, which % len(self.community.copies[name]))

    @initialize(unnoticed=st.booleans())
    def beware(self, unnoticed: bool) -> None:
        self.community.unnoticed = unnoticed

    @precondition(lambda self: self.community.unnoticed and len(self.community.names) < DEVICES)
    @rule(who=NUMBERS)
    def work_twice_unnoticed(self, who: int) -> None:
        """A laptop is copied as it is, and nothing tells the copies apart."""
        self.community.double(self.some_laptop(who))

    @rule(who=NUMBERS, which=NUMBERS)
    def away_for_long(self, who: int, which: int) -> None:
        """A laptop is retired while it works on, and comes back with its work; copies of it were somewhere else."""
        name = self.some_laptop(who)
        number = self.community.number(name)
        self.community.act(OFFICE, lambda at: at.devices.retire(number))
        household = self.one_of(name, "household", which)
        if household:
            self.community.act(name, lambda at: made_visit(at, household))
        self.community.deliver(self.community.pack(name), OFFICE)
        self.community.act(OFFICE, lambda at: at.devices.readmit(number))
