"""Records that leave a laptop while their file is on the way: they stay until the office's backup has it whole."""

from gridworker.app.attachment.attachments import where
from gridworker.app.workspace import Workspace
from tests.circle import Circle, Family, delete
from tests.pictures import photo
from tests.sync.files.test_attaching import content, files

MB = 1024 * 1024


def building_moves(circle: Circle, family: Family, grid: int) -> None:
    """To another grid."""
    circle.office.records.save("building", {"grid_id": grid}, family.building)


def test_a_file_on_its_way_is_whole_at_the_office_before_its_record_goes(circle: Circle) -> None:
    grid, other = circle.office.devices.add_grid("第一网格"), circle.office.devices.add_grid("第二网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    added = laptop.attachments.add("household", family.household, photo(1, 3 * MB), "楼道杂物").id
    hand_in(circle, laptop)
    building_moves(circle, family, other)
    told(circle, laptop)
    hand_in(circle, laptop)
    told(circle, laptop)
    assert laptop.exchange.pending().files == 1
    assert laptop.session.store.get("household", family.household) is not None, "it all goes together"
    hand_in(circle, laptop)
    assert content(circle.office, added) is not None
    circle.reply(laptop)
    assert content(laptop, added) is not None, "no backup has it yet"
    told(circle, laptop)
    assert laptop.exchange.pending().files == 0
    assert laptop.session.store.get("household", family.household) is None
    laptop.attachments.tidy()
    assert files(laptop) == []


def test_a_file_that_stays_with_another_record_holds_nothing_back(circle: Circle) -> None:
    grid, other = circle.office.devices.add_grid("第一网格"), circle.office.devices.add_grid("第二网格")
    going, staying, laptop = circle.family(grid), circle.family(grid, "102"), circle.enrol("周敏", grid)
    circle.round(laptop)
    for household in (going.household, staying.household):
        added = laptop.attachments.add("household", household, photo(1, 3 * MB), "楼道杂物").id
    hand_in(circle, laptop)
    building_moves(circle, going, other)
    told(circle, laptop)
    hand_in(circle, laptop)
    told(circle, laptop)
    assert laptop.session.store.get("household", going.household) is None
    assert content(laptop, added) is not None
    assert laptop.exchange.pending().files == 1


def test_a_record_deleted_at_the_office_after_it_left_holds_nothing_back_and_its_file_is_not_lost(
    circle: Circle,
) -> None:
    grid, other = circle.office.devices.add_grid("第一网格"), circle.office.devices.add_grid("第二网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    added = laptop.attachments.add("household", family.household, photo(1, 300_000), "楼道杂物").id
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=150_000))
    building_moves(circle, family, other)
    told(circle, laptop)
    delete(circle.office, "attachment", added)
    circle.hand_in(laptop)
    told(circle, laptop)
    assert laptop.session.store.get("household", family.household) is None
    circle.office.records.undo()
    assert content(circle.office, added) is not None


def test_the_office_says_who_has_a_file_and_no_more(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    laptop.attachments.add("household", family.household, photo(1, 200_000), "楼道杂物")
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=1))
    assert [where(view) for view in circle.office.attachments.all()] == ["still on laptop 1"]
    circle.hand_in(laptop)
    told(circle, laptop)
    assert laptop.attachments.let_go(0).files == 1
    files(circle.office)[0].unlink()
    for copied in (circle.office.session.folder.backups / "files").iterdir():
        copied.unlink()
    circle.office.attachments.tidy()
    circle.round(laptop)
    assert [where(view) for view in circle.office.attachments.all()] == ["it was on laptop 1"]
    assert [where(view) for view in laptop.attachments.all()] == ["still at the office"]


def hand_in(circle: Circle, laptop: Workspace) -> None:
    """On a stick with room for a third of the photo."""
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=MB + 300_000))


def told(circle: Circle, laptop: Workspace) -> None:
    """The office backs up and says so."""
    circle.office.backups.make()
    circle.reply(laptop)
