"""What the circle's tests do not reach: kills in the middle of a merge."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.circle import Circle
from tests.pictures import photo


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_merge_that_is_killed_is_in_whole_or_not_at_all(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    laptop.records.save("resident", {"phones": "13800000777"}, family.resident)
    for _ in range(39):
        laptop.records.save("resident", {"name": "王小明", "status": "in_place", "phones": "13800000777"})
    laptop.attachments.add("household", family.household, photo(1, 1_000_000))
    bundle = laptop.exchange.pack(circle.stick)
    circle.close()
    script = Path(__file__).with_name("killed_merge.py")
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, str(script), str(tmp_path / "office"), str(bundle), "4", "7"],
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=120,
    )
