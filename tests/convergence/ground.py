"""What a community stands on: the one it is copied from, bundles on their way, and what people were told of a disk."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from gridworker.store.log.op import OpRow
from tests.circle import Circle, Family

OFFICE = "office"
NAMES = ("陈建国", "王秀英", "李淑珍")
"""Of the heads of the three households: nobody else is called so."""


@dataclass(frozen=True)
class Template:
    """A community that is made once and copied for every example: three laptops that have introduced themselves.

    Of every folder there is a copy, as if a backup had been made the day before.
    """

    folder: Path
    grids: tuple[int, ...]
    families: tuple[Family, ...]

    @staticmethod
    def make(folder: Path) -> "Template":
        """周敏 holds the first and the second grid, 赵海 the second and the third, 王强 the third."""
        circle = Circle(folder)
        grids = tuple(circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格", "第三网格"))
        families = tuple(
            circle.family(grid, f"{place}01", name)
            for place, (grid, name) in enumerate(zip(grids, NAMES, strict=True), 1)
        )
        held = {"周敏": grids[:2], "赵海": grids[1:], "王强": grids[2:]}
        laptops = [circle.enrol(worker, *own) for worker, own in held.items()]
        circle.round(*laptops)
        circle.round(*laptops)
        circle.close()
        for name in (OFFICE, *(path.name for path in folder.glob("laptop-*"))):
            shutil.copytree(folder / name, folder / f"copy-{name}-0")
        return Template(folder, grids, families)


@dataclass
class Letter:
    """A bundle on its way. ``to`` is the number of the laptop it is for; 0 is the office."""

    path: Path
    to: int


@dataclass
class Disk:
    """What people were told is on the disk of a device: clks of ops it wrote, at the office of all that it took in."""

    acknowledged: dict[int, OpRow] = field(default_factory=dict)
    """By clk, as they were."""
    photos: set[int] = field(default_factory=set)
    """Attachments whose files were there once: of those it took itself, at the office of all that came."""

    def copy(self) -> "Disk":
        """The same on another disk."""
        return Disk(dict(self.acknowledged), set(self.photos))


@dataclass(frozen=True)
class Kept:
    """A copy or a backup of a disk at ``path``. ``let_go``: how often laptops had let records go by then."""

    path: Path
    disk: Disk
    let_go: int = 0
    made: int = 0
    """Which one it is of all there are, by when it was made."""
    finds: bool = True
    """Whether who puts it back knows where the newer ones lie; a backup says where it lies itself."""
