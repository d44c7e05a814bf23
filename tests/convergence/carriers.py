"""What happens to bundles: packed, taken in, late, in another order, twice, cut short, lost."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gridworker.errors import BundleProblem
from tests.circle import head, is_as_before
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE


class Carriers(Concern):
    """Rules for the way between laptops and office."""

    @rule(who=NUMBERS)
    def hand_in(self, who: int) -> None:
        self.community.pack(self.some_laptop(who))

    @rule(who=NUMBERS)
    def reply(self, who: int) -> None:
        self.community.pack(OFFICE, self.community.number(self.some_laptop(who)))

    @rule(who=NUMBERS)
    def exchange(self, who: int) -> None:
        self.community.exchange(self.some_laptop(who))

    @precondition(lambda self: self.community.mail)
    @rule(which=NUMBERS, reader=NUMBERS)
    def arrive(self, which: int, reader: int) -> None:
        mail = self.community.mail
        letter = mail[which % len(mail)]
        readers = self.community.readers(letter)
        self.community.deliver(letter, readers[reader % len(readers)])

    @precondition(lambda self: self.community.taken)
    @rule(which=NUMBERS, reader=NUMBERS)
    def arrive_again(self, which: int, reader: int) -> None:
        letter = self.community.taken[-1 - which % len(self.community.taken)]
        readers = self.community.readers(letter)
        self.community.deliver(letter, readers[reader % len(readers)])

    @precondition(lambda self: self.community.mail)
    @rule(which=NUMBERS)
    def lose(self, which: int) -> None:
        mail = self.community.mail
        self.community.lose(mail[which % len(mail)])

    @precondition(lambda self: self.community.mail)
    @rule(which=NUMBERS, share=st.integers(0, 99))
    def cut(self, which: int, share: int) -> None:
        """A copy that was pulled out too early is refused, and nothing changes; the whole one is still there.

        ``share`` in hundredths: of floats hypothesis draws such as stand in our source, so a seed would not stay.
        """
        mail = self.community.mail
        letter = mail[which % len(mail)]
        device = self.community.device(self.community.readers(letter)[0])
        before = head(device)
        data = letter.path.read_bytes()
        part = letter.path.with_name("cut.gwb")
        part.write_bytes(data[: len(data) * share // 100])
        with pytest.raises(BundleProblem):
            device.exchange.merge(part)
        assert is_as_before(device, before)
