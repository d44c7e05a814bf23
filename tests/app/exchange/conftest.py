"""What stories of several laptops begin with."""

import pytest

from gridworker.app.workspace import Workspace
from tests.circle import Circle, Family


@pytest.fixture
def two(circle: Circle, grid: int, family: Family) -> tuple[Workspace, Workspace]:
    """Two laptops of one grid, both up to date."""
    laptops = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
    circle.round(*laptops)
    return laptops
