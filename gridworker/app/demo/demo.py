"""A sample community of invented people: an office and two laptops, one passphrase for all."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from gridworker.app.access.enrolment import enrol
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.access.new_store import require_empty
from gridworker.app.access.opening import open_with_keys
from gridworker.app.demo.records import DOORS, Sample
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile

PASSPHRASE = "sample community invented people"
COMMUNITY, OFFICE, CLERK = "420202005002", "师院社区办公室", "刘芳"
GRIDS = ("第一网格", "第二网格", "第三网格")
WORKERS = (("周敏", ("第一网格",)), ("赵海", ("第二网格", "第三网格")))
PEOPLE, SEED = 1200, 7
PER_HOUSEHOLD = 2.6
HISTORY = timedelta(days=245)
FILLED = 40
"""Families of a full building: two doors stay vacant."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made. ``folder`` is the one to open first: a laptop."""

    office: Path
    laptops: tuple[Path, ...]
    passphrase: str

    @property
    def folder(self) -> Path:
        """The first laptop's data folder."""
        return self.laptops[0] if self.laptops else self.office


def make_demo(
    folder: Path,
    *,
    people: int = PEOPLE,
    seed: int = SEED,
    report: Callable[[float], object] = float,
    profile: "KdfProfile | None" = None,
) -> Demo:
    """Make ``folder``/office, /laptop-1 and /laptop-2. ``report`` is told the share done, 0 to 1; nobody is by default.

    Raises StoreMissing where a store is there already, DiskFull.
    """
    office = folder / "office"
    for place in (folder, office, *(folder / f"laptop-{number}" for number in range(1, len(WORKERS) + 1))):
        require_empty(place)
    found_office(office, PASSPHRASE, Founding(COMMUNITY, OFFICE, CLERK), profile=profile, wall=before)
    with closing(_opened_before(office, profile)) as opened:
        grids = [opened.devices.add_grid(name) for name in GRIDS]
        fill(opened.session, grids, people=people, seed=seed, report=lambda share: report(share * 0.9))
    laptops = []
    _mark(office, profile)
    with closing(Workspace.open(office, PASSPHRASE, profile=profile)) as opened:
        for number, (worker, names) in enumerate(WORKERS, start=1):
            kit = folder / f"laptop-{number}.gwk"
            given = [opened.devices.grid(name) for name in names]
            issued = opened.devices.issue_kit(worker, given, kit)
            laptops.append(folder / f"laptop-{number}")
            enrol(kit, issued.code, laptops[-1], PASSPHRASE, profile=profile)
            kit.unlink()
            _mark(laptops[-1], profile)
            report(0.9 + 0.05 * number)
    return Demo(office, tuple(laptops), PASSPHRASE)


def before() -> int:
    """The clock of the day the sample's books were opened, ahead of every visit in them."""
    from gridworker.store.log.clock import wall_ms

    return wall_ms() - HISTORY // timedelta(milliseconds=1)


def _opened_before(folder: Path, profile: "KdfProfile | None") -> Workspace:
    from gridworker.store.keys.kdf import PRODUCTION
    from gridworker.store.keys.vault import Vault

    keys = Vault(Folder(folder), profile or PRODUCTION).open(PASSPHRASE)
    return Workspace(*open_with_keys(Folder(folder), keys, profile, wall=before))


def _mark(folder: Path, profile: "KdfProfile | None") -> None:
    """Let every page say that nothing here is real."""
    opened = Workspace.open(folder, PASSPHRASE, profile=profile)
    with opened.session.store.settings() as settings:
        settings.set("sample", 1)
    opened.close()


def fill(
    session: Session, grids: list[int], *, people: int, seed: int, report: Callable[[float], object] = float
) -> None:
    """Write about so many people into the grids, building by building."""
    worker = session.new_id()
    staff = kind_named("staff").checked({"name": WORKERS[0][0], "role": "grid_worker", "active": 1})
    session.write([Change("staff", worker, staff, create=True)], "create")
    sample = Sample(session.new_id, session.now(), seed, worker)
    random = Random(seed)
    left = max(round(people / PER_HOUSEHOLD), 1)
    whole, number = left, 0
    while left > 0:
        number += 1
        families = min(left, FILLED, DOORS - random.randrange(3), -(-whole // len(grids)))
        session.write(sample.building(grids[(number - 1) % len(grids)], number, families), "import")
        left -= families
        report(1 - left / whole)
