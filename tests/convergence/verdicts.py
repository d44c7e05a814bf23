"""The office's word on what was set aside."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.convergence.concern import NUMBERS, Concern


class Verdicts(Concern):
    """Rules for the office's list of changes set aside. What is left in the end ``settle`` rules on."""

    @precondition(lambda self: self.community.asides())
    @rule(which=NUMBERS, accept=st.booleans())
    def judge(self, which: int, accept: bool) -> None:
        self.community.judge(which, accept=accept)
