"""What the circle's tests do not reach: bundles that do not go in together, and kills in the middle of a merge."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from tests.circle import Circle, Family, made_visit
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


def test_a_bundle_and_a_reply_are_taken_in_by_themselves_too(circle: Circle, laptop: Workspace, family: Family) -> None:
    visit = made_visit(laptop, family.household)
    for at, other, number in ((circle.office, laptop, 0), (laptop, circle.office, 1)):
        bundle = other.exchange.pack(circle.stick, number).read_bytes()
        assert at.exchange._post.take_in(bundle, at.session.now()).taken is not None
    assert circle.office.records.show("visit", visit).id == visit
    assert laptop.exchange.pending().records == 0
