"""Households handed over to another grid: a worker asks, the office moves them or says why not (sync.md 6)."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gridworker.app.workspace import Workspace
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE


class HandingOver(Concern):
    """Rules for requests, on both ends."""

    @rule(who=NUMBERS, which=NUMBERS, to=NUMBERS)
    def ask_for_hand_over(self, who: int, which: int, to: int) -> None:
        name = self.some_laptop(who)
        household, grid = self.one_of(name, "household", which), self._grid(to)
        if household:
            self.community.act(name, lambda at: _ask(at, household, grid))

    @precondition(lambda self: self.community.device(OFFICE).handovers.waiting())
    @rule(which=NUMBERS, to=NUMBERS, moves=st.booleans())
    def answer_request(self, which: int, to: int, moves: bool) -> None:
        self._answer(which, to, moves=moves)

    @rule(who=NUMBERS, which=NUMBERS, to=NUMBERS)
    def hand_over(self, who: int, which: int, to: int) -> None:
        """From the request to the reply that tells of the move, while work on the household goes on at the laptop."""
        name = self.some_laptop(who)
        household, grid = self.one_of(name, "household", which), self._grid(to)
        if household and self.community.act(name, lambda at: _ask(at, household, grid)):
            self.community.exchange(name)
            self.community.act(name, lambda at: at.records.save("household", {"remark": "还在这里"}, household))
            self._answer(which, to, moves=True)
            self.community.exchange(name)

    def _answer(self, which: int, to: int, *, moves: bool) -> None:
        waiting, dwelling = self.community.device(OFFICE).handovers.waiting(), self.one_of(OFFICE, "dwelling", to)
        if not waiting or not dwelling:
            return
        request = waiting[which % len(waiting)].id
        if moves:
            self.community.act(OFFICE, lambda at: at.handovers.complete(request, dwelling))
        else:
            self.community.act(OFFICE, lambda at: at.handovers.decline(request, "还住在原处"))

    def _grid(self, which: int) -> int:
        grids = [grid for grid, _ in self.community.device(OFFICE).devices.grids()]
        return grids[which % len(grids)]


def _ask(laptop: Workspace, household: int, grid: int) -> None:
    laptop.handovers.ask(household, {"reason": "搬走了", "to_grid_id": grid, "to_address": "新家"})
