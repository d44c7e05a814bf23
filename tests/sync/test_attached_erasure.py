"""Erasing and evicting records take their files along: the key first, then the file, then the pieces in the archive."""

import pytest

from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.store.attached import Files
from gridworker.store.erasure.erasure import erase
from gridworker.store.erasure.eviction import evict
from gridworker.store.tables.changes import Act, Change
from gridworker.store.wish import Wish
from gridworker.sync.format import seal
from gridworker.sync.format.keys import DeviceKeys
from tests.circle import RECOVERY, Circle, Family
from tests.pictures import photo

SIZE = 150_000


def start(circle: Circle) -> tuple[Family, Workspace, int]:
    """A photo that a laptop took and the office has."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    added = laptop.attachments.add("household", family.household, photo(1, SIZE), "厨房")
    circle.round(laptop)
    return family, laptop, added.id


def holding(workspace: Workspace) -> list[str]:
    """The files of a data folder in which the picture is, with every key there is in hand; and keys that are left."""
    mark = prepared(photo(1, SIZE)).data[5000:5032]
    folder = workspace.session.folder
    with workspace.session.store.settings() as settings:
        own = DeviceKeys.parse(settings.secret("device_keys") or b"")
    found = [
        path.parent.name
        for path in folder.root.rglob("*.gwb")
        if mark in seal.open_sealed(path.read_bytes(), [own.identity, RECOVERY.identity])
    ]
    if folder.attachments.is_dir():
        found += [path.parent.name for path in folder.attachments.iterdir()]
    with workspace.session.store.cursor() as cursor:
        found += ["key" for _ in Files(cursor).all()]
    return sorted(set(found))


def forget(circle: Circle, attachment: int) -> None:
    """The office erases an attachment."""
    office = circle.office
    erase(office.session.store, [Wish("attachment", attachment)], Act.note("erase", office.session.who))
    office.exchange.settle_erasures()


def test_an_erased_photo_is_nowhere_any_more(circle: Circle) -> None:
    _, laptop, added = start(circle)
    assert holding(circle.office) == ["archive", "attachments", "key"]
    assert holding(laptop) == ["attachments", "key", "outbox"]
    forget(circle, added)
    assert holding(circle.office) == []
    circle.round(laptop)
    assert holding(laptop) == []
    assert holding(circle.office) == []


def test_a_late_bundle_does_not_bring_it_back(circle: Circle) -> None:
    family, laptop, _ = start(circle)
    added = laptop.attachments.add("household", family.household, photo(2, SIZE))
    late = [laptop.exchange.pack(circle.stick, limit=120_000) for _ in range(3)]
    circle.office.exchange.merge(late[0])
    forget(circle, added.id)
    for path in late[1:]:
        circle.office.exchange.merge(path)
    with circle.office.session.store.cursor() as cursor:
        assert Files(cursor).begun() == {}
        assert len(Files(cursor).all()) == 1


def test_one_that_another_record_still_shows_stays(circle: Circle) -> None:
    family, laptop, first = start(circle)
    second = laptop.attachments.add("household", family.household, photo(1, SIZE), "同一张")
    circle.round(laptop)
    forget(circle, first)
    assert circle.office.attachments.show(second.id) == prepared(photo(1, SIZE)).data


def test_of_a_photo_that_came_in_part_nothing_is_left_either(circle: Circle) -> None:
    family, laptop, _ = start(circle)
    added = laptop.attachments.add("household", family.household, photo(2, 8 * SIZE)).id
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=2 * SIZE))
    with circle.office.session.store.cursor() as cursor:
        begun = Files(cursor).begun()
    assert len(begun) == 1
    forget(circle, added)
    with circle.office.session.store.cursor() as cursor:
        files = Files(cursor)
        assert (files.begun(), [files.joined(hash_) for hash_ in begun]) == ({}, [b""])


def test_a_photo_that_an_edit_put_in_the_place_of_another_goes_too(circle: Circle) -> None:
    """No page of ours does that; a bundle may."""
    family, laptop, first = start(circle)
    second = laptop.attachments.add("household", family.household, photo(2, SIZE)).id
    circle.round(laptop)
    office = circle.office
    values = office.session.store.get("attachment", first) or {}
    changes = [
        Change("attachment", second, {"sha256": values["sha256"], "size": values["size"]}),
        Change("attachment", first, alive=False),
    ]
    office.session.store.write(changes, Act("edit", office.session.who))
    circle.round(laptop)
    assert office.attachments.show(second) == prepared(photo(1, SIZE)).data
    forget(circle, second)
    circle.round(laptop)
    circle.round(laptop)
    assert holding(office) == holding(laptop) == []


def test_what_a_full_disk_cut_off_is_taken_up_again(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, added = start(circle)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.sync.redact.save_bundle", full)
        with pytest.raises(DiskFull):
            forget(circle, added)
    assert "key" not in holding(circle.office), "the key is gone with the values"
    circle.office.exchange.settle_erasures()
    assert holding(circle.office) == []


def test_what_is_evicted_loses_its_key_at_once_and_its_file_at_the_next_start(circle: Circle) -> None:
    _, laptop, added = start(circle)
    evict(laptop.session.store, [added], Act.note("evict", laptop.session.who))
    with laptop.session.store.cursor() as cursor:
        assert Files(cursor).all() == []
    laptop.attachments.tidy()
    folder = laptop.session.folder.attachments
    assert list(folder.iterdir()) == []


def test_a_photo_that_left_a_laptop_and_was_erased_then_is_nowhere_any_more(circle: Circle) -> None:
    """The laptop knows of it only by the bundle that brought it."""
    family, taker, added = start(circle)
    laptop = circle.enrol("赵海", circle.office.devices.grids()[0][0])
    circle.round(taker, laptop)
    other = circle.office.devices.add_grid("第二网格")
    circle.office.records.save("building", {"grid_id": other}, family.building)
    circle.round(taker, laptop)
    circle.office.backups.make()
    circle.round(taker, laptop)
    assert laptop.session.store.get("attachment", added) is None, "it left"
    assert "archive" in holding(laptop)
    forget(circle, added)
    circle.round(taker, laptop)
    laptop.attachments.tidy()
    assert holding(laptop) == []
