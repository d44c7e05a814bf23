"""Verified backups of office and laptops, and what is put back from them."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE


class Safekeeping(Concern):
    """Rules for backups: any one of a device may be put back, as long as no record was let go for a newer one."""

    @rule(who=NUMBERS)
    def back_up(self, who: int) -> None:
        self.community.back_up(self.someone(who))

    @rule(who=NUMBERS)
    def back_up_at_home(self, who: int) -> None:
        """In the data folder, as it is done each day: nobody relies on it where there are others elsewhere."""
        self.community.back_up(self.someone(who), at_home=True)

    @rule()
    def back_up_office(self) -> None:
        """Only then do laptops let go what left them."""
        self.community.back_up(OFFICE)

    @precondition(lambda self: self.community.backups)
    @rule(who=NUMBERS, which=NUMBERS, gone=st.booleans())
    def put_backup_back(self, who: int, which: int, gone: bool) -> None:
        names = sorted(self.community.backups)
        name = names[who % len(names)]
        backups = self.community.useful(name, self.community.backups[name])
        if backups and (name != OFFICE or self.community.may_fall()):
            self.community.restore_backup(name, backups[-1 - which % len(backups)], gone=gone)
