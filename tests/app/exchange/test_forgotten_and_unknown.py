"""An office that lost its disk: of who was erased since the backup it has the list beside the store and no more."""

import shutil
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from gridworker.store.backup import restore
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.store.log.log import Log
from tests.builders import DEK
from tests.circle import Circle, Family
from tests.convergence.forgotten import lies

WORDS = "迟到的金丝雀"


def backup_in_a_drawer(circle: Circle) -> Path:
    """Out of reach of what makes backups anew."""
    made = circle.office.backups.make(circle.folder / "place").path
    shutil.move(circle.folder / "place", circle.folder / "drawer")
    return circle.folder / "drawer" / made.name


def put_back(circle: Circle, backup: Path) -> Workspace:
    circle.close("office")
    folder = Folder(circle.folder / "office")
    for path in folder.root.glob("store.db*"):
        path.unlink()
    shutil.rmtree(folder.archive)
    restore.restore(backup, folder, Keys(DEK), CHEAP)
    return circle.open("office")


def newcomer_after_a_backup(circle: Circle, laptop: Workspace, family: Family) -> tuple[Path, int]:
    """A backup of the office, and somebody who came after it, of whom the laptop has heard."""
    backup, save = backup_in_a_drawer(circle), circle.office.records.save
    person = save("resident", {"name": "王小明", "status": "in_place"}).id
    save("household_member", {"household_id": family.household, "resident_id": person, "relation": "80"})
    for _ in range(2):
        circle.round(laptop)
    return backup, person


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("gives_back", [False, True])
def test_what_a_laptop_wrote_about_them_waits_for_nobody(
    circle: Circle, laptop: Workspace, family: Family, heard: bool, gives_back: bool
) -> None:
    """Be it that the laptop heard of the erasure, and that it has the replies that brought them."""
    backup, person = newcomer_after_a_backup(circle, laptop, family)
    late = laptop.records.save("resident", {"note": WORDS}, person)
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT max(clk) FROM op WHERE record = ?", (late.id,))
        edit = cursor.fetchone()[0]
    circle.office.erasing.erase("resident", person)
    if heard:
        circle.reply(laptop)
    if not gives_back:
        shutil.rmtree(laptop.session.folder.archive)
    office = put_back(circle, backup)
    for _ in range(4):
        circle.round(laptop)
    assert [one.what for one in office.asides.waiting() if one.record == person and one.reason != "returned"] == []
    assert laptop.exchange.pending().records == 0
    assert list(lies(office, [WORDS])) == []
    with office.session.store.cursor() as cursor:
        assert edit in Log(cursor).rows([edit]), "blank, like all that was written about them before that was heard"
    assert office.care_of_store.check() == []


def test_what_says_more_than_was_erased_waits_like_all_that_is_out_of_scope(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    backup, person = newcomer_after_a_backup(circle, laptop, family)
    laptop.records.save("resident", {"note": WORDS, "phones": "13800000001"}, person)
    circle.office.erasing.erase("resident", person, ["note"])
    shutil.rmtree(laptop.session.folder.archive)
    office = put_back(circle, backup)
    for _ in range(4):
        circle.round(laptop)
    (one,) = [one for one in office.asides.waiting() if one.record == person]
    assert (one.what, one.reason) == ("edit", "out_of_scope")
    assert list(lies(office, [WORDS])) == []
