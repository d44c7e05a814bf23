"""An office and laptops for measuring, made quickly: the passphrase costs nothing here."""

from pathlib import Path

from gridworker.app.access.enrolment import enrol
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.workspace import Workspace
from gridworker.store.keys.kdf import CHEAP

PASSPHRASE = "only for measuring"


def new_office(folder: Path) -> Workspace:
    """An empty office, open."""
    found_office(folder, PASSPHRASE, Founding("420202005002", "师院社区办公室", "刘芳"), profile=CHEAP)
    return Workspace.open(folder, PASSPHRASE, profile=CHEAP)


def new_laptop(office: Workspace, folder: Path, grids: list[int]) -> Workspace:
    """A laptop with these grids, enrolled by the office, open."""
    kit = folder.with_suffix(".gwk")
    issued = office.devices.issue_kit("周敏", grids, kit)
    enrol(kit, issued.code, folder, PASSPHRASE, profile=CHEAP)
    return Workspace.open(folder, PASSPHRASE, profile=CHEAP)
