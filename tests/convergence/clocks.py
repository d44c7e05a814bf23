"""Clocks that are wrong by hours or years, and jump both ways."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.convergence.concern import NUMBERS, Concern

STEPS = [timedelta(hours=step) for step in (-5, 3, -24 * 400, 24 * 3 * 365, -24 * 10 * 365)]


class Clocks(Concern):
    """Rules for the time of day."""

    @rule(who=NUMBERS, step=st.sampled_from(STEPS))
    def jump(self, who: int, step: timedelta) -> None:
        self.community.jump(self.someone(who), step)
