"""Single files come out of backups: of a newer one where an older was put back, of any where one was lost."""

import os
import shutil
from collections.abc import Iterator
from errno import EIO
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from gridworker.app.attachment.picture import prepared
from gridworker.app.files_back import FilesBack
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, NotFound
from gridworker.paths import Folder
from gridworker.store.attached import Attached, Files
from gridworker.store.attachment_files import Cabinet
from gridworker.store.backup import restore
from gridworker.store.backup.manifest import LISTING
from gridworker.store.backup.place import LAST, listing
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.vault import Keys
from gridworker.sync.format import seal
from gridworker.sync.format.bundle import sections_of
from gridworker.sync.format.frame import decompressed
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import MAX_PAYLOAD
from tests.builders import DEK
from tests.circle import Circle, Family
from tests.pages import found_in
from tests.pictures import photo

PHOTO = prepared(photo(1, 20_000)).data


def put_back(circle: Circle, name: str, backup: Path) -> Workspace:
    """All else that was on the disk of a device is gone, and so is its archive."""
    circle.close(name)
    shutil.rmtree(circle.folder / name)
    restore.restore(backup, Folder(circle.folder / name), Keys(DEK), CHEAP)
    opened = circle.open(name)
    opened.exchange.recover()
    opened.attachments.tidy()
    return opened


def shown(workspace: Workspace) -> list[bytes | None]:
    """Every attachment a device knows of, as it has it."""

    def content(attachment: int) -> bytes | None:
        try:
            return workspace.attachments.show(attachment)
        except NotFound:
            return None

    return [content(view.id) for view in workspace.attachments.all()]


def let_go_for_a_newer_backup(circle: Circle, laptop: Workspace, family: Family) -> Path:
    """A photo goes from the laptop that took it, for the office's newest backup has it. Returns the one before."""
    place = circle.folder / "place"
    older = circle.office.backups.make(place).path
    laptop.attachments.add("household", family.household, PHOTO, "楼道杂物")
    circle.round(laptop)
    circle.office.backups.make(place)
    circle.round(laptop)
    assert laptop.attachments.let_go(0).files == 1
    return older


def test_a_photo_that_only_the_newer_backup_has_comes_back_with_its_record(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    assert shown(office) == []
    circle.round(laptop)
    assert shown(office) == [PHOTO]
    made = office.backups.make(circle.folder / "place")
    assert any(name.startswith("attachments/") for name in listing(made.path))


def test_it_waits_there_however_many_backups_are_made_meanwhile(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    for number in range(24):
        office.records.save("household", {"remark": f"第{number}次"}, family.household)
        office.backups.make(circle.folder / "place")
    assert len(office.backups.list(circle.folder / "place")) > LAST
    circle.round(laptop)
    assert shown(office) == [PHOTO]


def test_a_place_that_was_away_is_asked_once_it_is_here(circle: Circle, laptop: Workspace, family: Family) -> None:
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    place, away = circle.folder / "place", circle.folder / "away"
    place.rename(away)
    circle.round(laptop)
    assert shown(office) == [None]
    away.rename(place)
    office.backups.make(place)
    assert shown(office) == [PHOTO]


def test_a_copy_that_is_damaged_is_passed_over_for_one_elsewhere(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    other = circle.folder / "other"
    circle.office.backups.make(other)
    older = let_go_for_a_newer_backup(circle, laptop, family)
    circle.office.backups.make(other)
    office = put_back(circle, "office", older)
    for bad in (circle.folder / "place" / "files").iterdir():
        bad.write_bytes(bytes(100))
    circle.round(laptop)
    assert shown(office) == [PHOTO]


def test_a_full_disk_puts_it_off_and_stops_no_bundle(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)

    def full(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.store.attachment_files.write_durably", full)
        circle.round(laptop)
        assert shown(office) == [None]
    circle.round(laptop)
    assert shown(office) == [PHOTO]


def test_what_was_erased_since_stays_in_no_way_for_want_of_a_name(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """A backup out of reach of the erasure may hold the photo: nothing names it here, so nothing brings it."""
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    circle.round(laptop)
    (view,) = office.attachments.all()
    place, away = circle.folder / "place", circle.folder / "away"
    place.rename(away)
    office.erasing.erase("attachment", view.id)
    away.rename(place)
    circle.round(laptop)
    office.attachments.tidy()
    with office.session.store.cursor() as cursor:
        assert Files(cursor).all() == []


def test_a_file_that_went_missing_comes_out_of_the_backup_and_nobody_is_asked(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.attachments.add("household", family.household, PHOTO)
    circle.round(laptop)
    circle.office.backups.make()
    (file,) = circle.office.session.folder.attachments.iterdir()
    file.unlink()
    circle.office.attachments.tidy()
    assert shown(circle.office) == [PHOTO]


def test_a_laptop_that_was_set_back_finds_what_it_had_not_handed_in_whole(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """The office has the record and not the file, and so has the laptop, until it looks into its newer backup."""
    older = laptop.backups.make(circle.folder / "own").path
    large = prepared(photo(2, 300_000)).data
    laptop.attachments.add("household", family.household, large)
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=100_000))
    laptop.backups.make(circle.folder / "own")
    again = put_back(circle, "laptop-1", older)
    circle.round(again)
    circle.round(again)
    assert shown(again) == [large]
    assert shown(circle.office) == [large]


def test_a_place_that_cannot_be_read_stops_no_bundle_no_backup_and_no_opening(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    place, listed = circle.folder / "place", Path.iterdir

    def failing(folder: Path) -> Iterator[Path]:
        if folder == place:
            raise OSError(EIO, "a bad stick")
        return listed(folder)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", failing)
        circle.round(laptop)
        office.attachments.tidy()
        office.backups.make()
        assert shown(office) == [None]
    circle.round(laptop)
    assert shown(office) == [PHOTO]


@pytest.mark.parametrize("of_listing", [True, False], ids=["its listing", "its files"])
def test_a_backup_that_could_not_be_read_once_is_asked_again_with_the_next_bundle(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, *, of_listing: bool
) -> None:
    """A stick that is loose: its folder can be listed, and what lies in it cannot be read."""
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office, place, sound = put_back(circle, "office", older), circle.folder / "place", os.open
    failed: list[str] = []

    def fails(name: str | Path, flags: int, *mode: int) -> int:
        path = Path(name)
        if place in path.parents and (path.name == LISTING) == of_listing:
            failed.append(path.name)
            raise OSError(EIO, "loose")
        return sound(name, flags, *mode)

    with monkeypatch.context() as patched:
        patched.setattr("gridworker.plainfile.os.open", fails)
        circle.round(laptop)
        assert shown(office) == [None]
        assert failed
    circle.hand_in(laptop)
    assert shown(office) == [PHOTO]


def erase_while_it_is_put(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right before the next file is put into the cabinet, somebody erases the one there is."""
    put = Cabinet.put

    def erased_meanwhile(cabinet: Cabinet, data: bytes) -> Attached:
        monkeypatch.setattr(Cabinet, "put", put)
        (view,) = office.attachments.all()
        office.erasing.erase("attachment", view.id)
        return put(cabinet, data)

    monkeypatch.setattr(Cabinet, "put", erased_meanwhile)


def require_no_file(office: Workspace) -> None:
    with office.session.store.cursor() as cursor:
        assert Files(cursor).all() == []
    assert list(office.session.folder.attachments.iterdir()) == []


def test_what_is_erased_while_files_are_brought_does_not_come_back(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many photos take minutes, and the window is at work meanwhile."""
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    erase_while_it_is_put(office, monkeypatch)
    circle.round(laptop)
    require_no_file(office)


def test_what_is_erased_while_a_file_is_made_of_its_pieces_does_not_come_back(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.attachments.add("household", family.household, PHOTO)
    erase_while_it_is_put(circle.office, monkeypatch)
    circle.hand_in(laptop)
    require_no_file(circle.office)


def test_a_file_that_went_missing_comes_back_once_the_backup_is_within_reach(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """The laptop let it go, for the backup has it: nobody else does."""
    office, place, away = circle.office, circle.folder / "place", circle.folder / "away"
    let_go_for_a_newer_backup(circle, laptop, family)
    (file,) = office.session.folder.attachments.iterdir()
    file.unlink()
    place.rename(away)
    office.attachments.tidy()
    assert shown(office) == [None]
    away.rename(place)
    circle.close("office")
    office = circle.open("office")
    office.attachments.tidy()
    assert shown(office) == [PHOTO]
    with office.session.store.cursor() as cursor:
        assert Files(cursor).mislaid() == []


def test_a_file_that_went_missing_comes_back_though_the_search_was_cut_off(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go_for_a_newer_backup(circle, laptop, family)
    (file,) = circle.office.session.folder.attachments.iterdir()
    file.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(FilesBack, "bring", lambda *_: pytest.fail("killed"))
        with pytest.raises(BaseException, match="killed"):
            circle.office.attachments.tidy()
    circle.office.attachments.tidy()
    assert shown(circle.office) == [PHOTO]


@pytest.mark.parametrize("is_cut_off", [False, True], ids=["at once", "cut off"])
def test_an_erasure_leaves_the_photo_that_only_the_newer_backup_has_and_nobody_s_words(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch, *, is_cut_off: bool
) -> None:
    """An office that was put back has not heard of the photo when it erases somebody: the backup is made anew."""
    place = circle.folder / "place"
    older = circle.office.backups.make(place).path
    circle.office.records.save("resident", {"note": "金丝雀一号"}, family.resident)
    laptop.records.save("resident", {"note": "金丝雀二号"}, family.resident)
    let_go_for_a_newer_backup(circle, laptop, family)
    newer = circle.office.backups.list(place)[0]
    office = put_back(circle, "office", older)
    if is_cut_off:
        with monkeypatch.context() as patched:
            patched.setattr("gridworker.app.backup.remaking.Remaking._erase", lambda *_: pytest.fail("killed"))
            with pytest.raises(BaseException, match="killed"):
                office.erasing.erase("resident", family.resident)
        assert office.backups.are_stale()
        office.backup_plan.keep_up()
    else:
        office.erasing.erase("resident", family.resident)
    assert not office.backups.are_stale()
    assert not any(found_in(path, ["金丝雀"]) for path in place.rglob("store.db"))
    views = office.backups.list(place)
    assert len(views) == 3
    again = views[1]
    assert (again.chain, again.at) == (newer.chain, newer.at)
    assert office.backups.verify(again.path).counts == again.counts
    opened = [seal.open_sealed(path.read_bytes(), [own(office)]) for path in bundles_of(again.path)]
    assert opened
    assert not any("金丝雀".encode() in part for inner in opened for part in parts_of(inner))
    circle.round(laptop)
    assert shown(office) == [PHOTO]
    assert list((circle.folder / "office").glob(".remake")) == []


def test_one_that_was_made_anew_is_made_anew_again_by_the_next_erasure(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It knows of the first alone; the photo that is nowhere else stays in it all the same."""
    place = circle.folder / "place"
    older = circle.office.backups.make(place).path
    circle.office.records.save("resident", {"note": "金丝雀一号"}, family.resident)
    circle.office.records.save("household", {"remark": "家里有狗"}, family.household)
    let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    office.erasing.erase("resident", family.resident)
    once = office.backups.list(place)[1]
    assert found_in(once.path / "store.db", ["家里有狗"])
    office.erasing.erase("household", family.household, ["remark"])
    assert not once.path.exists()
    assert (once.chain, once.at) in {(view.chain, view.at) for view in office.backups.list(place)}
    assert not any(found_in(path, ["金丝雀", "家里有狗"]) for path in place.rglob("store.db"))
    assert not office.backups.are_stale()
    circle.round(laptop)
    assert shown(office) == [PHOTO]


def test_a_laptop_that_was_put_back_makes_its_newer_backup_anew_when_it_hears_of_an_erasure(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """What it had not handed in is nowhere else."""
    place = circle.folder / "own"
    older = laptop.backups.make(place).path
    laptop.records.save("resident", {"note": "金丝雀"}, family.resident)
    circle.office.records.save("resident", {"phones": "13800000777"}, family.resident)
    circle.reply(laptop)
    laptop.records.save("household", {"remark": "还没有交"}, family.household)
    newer = laptop.backups.make(place)
    laptop = put_back(circle, "laptop-1", older)
    circle.round(laptop)
    circle.office.erasing.erase("resident", family.resident)
    circle.round(laptop)
    assert not laptop.backups.are_stale()
    assert not newer.path.exists()
    again = [view for view in laptop.backups.list(place) if (view.chain, view.at) == (newer.chain, newer.at)]
    assert [laptop.backups.verify(view.path).counts for view in again] == [again[0].counts]
    assert not any(found_in(path, ["金丝雀", "13800000777"]) for path in place.rglob("store.db"))
    circle.close("laptop-1")
    restore.restore(again[0].path, Folder(circle.folder / "laptop-1"), Keys(DEK), CHEAP)
    laptop = circle.open("laptop-1")
    laptop.exchange.recover()
    for _ in range(2):
        circle.round(laptop)
    assert circle.office.records.show("household", family.household).values["remark"] == "还没有交"
    assert laptop.care_of_store.check() == []


def own(workspace: Workspace) -> Identity:
    with workspace.session.store.settings() as settings:
        return DeviceKeys.parse(settings.secret("device_keys") or b"").identity


def bundles_of(backup: Path) -> list[Path]:
    """The archived bundles that go with a backup."""
    return [
        backup.parent / "files" / hash_ for name, (hash_, _) in listing(backup).items() if name.startswith("archive/")
    ]


def parts_of(inner: bytes) -> Iterator[bytes]:
    for name, section in sections_of(inner).items():
        yield bytes(decompressed(section, MAX_PAYLOAD)) if name == "ops" else bytes(section)


def test_one_that_was_made_anew_and_is_put_back_tells_of_the_erasure_and_asks_for_all_it_lacks(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    place = circle.folder / "place"
    elsewhere = circle.office.backups.make(circle.folder / "elsewhere").path
    older = let_go_for_a_newer_backup(circle, laptop, family)
    office = put_back(circle, "office", older)
    away = elsewhere.parent.rename(circle.folder / "away")
    office.erasing.erase("resident", family.resident)
    away.rename(elsewhere.parent)
    again = office.backups.list(place)[1].path
    office = put_back(circle, "office", again)
    assert office.backups.are_stale()
    office.backup_plan.keep_up()
    assert not office.backups.are_stale()
    assert not elsewhere.exists()
    for _ in range(3):
        circle.round(laptop)
    assert shown(office) == [PHOTO]
    assert office.care_of_store.check() == []
    assert laptop.care_of_store.check() == []
    for workspace in (office, laptop):
        with pytest.raises(NotFound):
            workspace.records.show("resident", family.resident)
