"""A laptop that was put back writes no ledger out before the office answered it; bundles go, and so does the first."""

from pathlib import Path

import pytest

from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied
from tests.app.backup.test_remade import put_back
from tests.circle import Circle, Family


def ledgers(workspace: Workspace, folder: Path, household: int) -> list[Path]:
    """By both ways there are."""
    paths = [folder / "residents.xlsx", folder / "households.xlsx"]
    workspace.rosters.export(ExportWish(paths[0], "check"))
    workspace.households.ledger.write(paths[1], [household], purpose="check")
    return paths


def test_a_laptop_hands_nobody_out_whom_the_office_erased_since_its_backup(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    other = circle.family(circle.office.devices.grids()[0][0], "102", "王秀英")
    circle.round(laptop)
    assert all(path.exists() for path in ledgers(laptop, circle.folder, family.household))
    older = laptop.backups.make(circle.folder / "place").path
    circle.office.erasing.erase("resident", other.resident)
    laptop = put_back(circle, "laptop-1", older)
    assert laptop.records.show("resident", other.resident).values["name"] == "王秀英"
    laptop.session.note("login")  # as whoever opens it does
    with pytest.raises(Denied, match="office has not answered"):
        laptop.rosters.export(ExportWish(circle.folder / "none.xlsx", "check"))
    with pytest.raises(Denied, match="office has not answered"):
        laptop.households.ledger.write(circle.folder / "none.xlsx", [family.household], purpose="check")
    with pytest.raises(Denied, match="office has not answered"):
        laptop.households.ledger.page([family.household], purpose="check")
    assert not (circle.folder / "none.xlsx").exists()
    circle.hand_in(laptop)
    with pytest.raises(Denied, match="office has not answered"):
        laptop.rosters.export(ExportWish(circle.folder / "none.xlsx", "check"))
    circle.reply(laptop)
    assert all(path.exists() for path in ledgers(laptop, circle.folder, family.household))


def test_an_office_that_was_put_back_goes_on(circle: Circle, laptop: Workspace, family: Family) -> None:
    """It decides who is erased, and a superior does not wait for a laptop to come."""
    office = put_back(circle, "office", circle.office.backups.make(circle.folder / "place").path)
    assert all(path.exists() for path in ledgers(office, circle.folder, family.household))
