"""Copies of a laptop that nobody noticed, and an office that is put back: what tests of both begin and end with."""

import shutil
from pathlib import Path

from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow
from tests.builders import DEK
from tests.circle import Circle


def copies_of(circle: Circle, *names: str) -> list[Workspace]:
    """The first laptop and copies of it by these names, all at work."""
    circle.close("laptop-1")
    for name in names:
        shutil.copytree(circle.folder / "laptop-1", circle.folder / name)
    return [circle.open(name) for name in ("laptop-1", *names)]


def put_back(circle: Circle, backup: Path, *, gone: bool = False) -> Workspace:
    """The office as it was in a backup. ``gone``: its archive went with the disk, so only laptops know better."""
    if gone:
        shutil.rmtree(circle.office.session.folder.archive)
    circle.close("office")
    restore.restore(backup, Folder(circle.folder / "office"), Keys(DEK), CHEAP)
    opened = circle.open("office")
    assert all(merged.problem is None for merged in opened.exchange.recover())
    return opened


def ops_of(device: Workspace) -> dict[int, OpRow]:
    """All that is in its log, by clk."""
    with device.session.store.cursor() as cursor:
        return {row.clk: row for rows in Log(cursor).ops() for row in rows}


def settled(circle: Circle, grid: int, *laptops: Workspace) -> None:
    """Every store is sound, laptops have what the office has of the grid, and nothing is on its way."""
    for one in (circle.office, *laptops):
        assert one.care_of_store.check() == []
    for one in laptops:
        assert circle.agrees(one, grid)
        assert one.exchange.pending().records == 0
