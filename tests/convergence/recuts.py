"""The community cut anew: grids given to laptops and taken from them, split and merged."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gridworker.app.workspace import Workspace
from tests.convergence.concern import NUMBERS, Concern
from tests.convergence.ground import OFFICE

GRIDS = 4
"""So many at most: each has to have something in it."""


class Recuts(Concern):
    """Rules for grids. What a laptop no longer holds leaves it, and nothing it wrote is lost by that."""

    @rule(who=NUMBERS, which=st.sets(NUMBERS, min_size=1, max_size=2))
    def give(self, who: int, which: set[int]) -> None:
        laptop = self.community.number(self.some_laptop(who))
        grids = self._grids()
        chosen = sorted({grids[one % len(grids)] for one in which})
        self.community.act(OFFICE, lambda at: at.grids.give(laptop, chosen))

    @precondition(lambda self: len(self._grids()) < GRIDS)
    @rule(which=NUMBERS)
    def split(self, which: int) -> None:
        building = self.one_of(OFFICE, "building", which)
        if building:
            self.community.act(OFFICE, lambda at: _split(at, building, len(self._grids())))

    @precondition(lambda self: len(self._grids()) > 1)
    @rule(which=NUMBERS, into=NUMBERS)
    def merge(self, which: int, into: int) -> None:
        grids = self._grids()
        self.community.act(OFFICE, lambda at: at.grids.merge(grids[which % len(grids)], grids[into % len(grids)]))

    def _grids(self) -> list[int]:
        return [grid for grid, _ in self.community.device(OFFICE).devices.grids()]


def _split(office: Workspace, building: int, count: int) -> None:
    grid = office.records.show("building", building).values["grid_id"]
    office.grids.split(int(str(grid)), f"新网格{count}", [building])
