"""Files of photos and papers that are gone or damaged: noticed, asked for again, and named until they are back."""

import shutil
from pathlib import Path

import pytest

from gridworker.app.attachment import file_check
from gridworker.app.attachment.file_check import DAYS
from gridworker.app.attachment.picture import prepared
from gridworker.app.workspace import Workspace
from tests.circle import Circle
from tests.pictures import photo
from tests.sync.files.test_attaching import content, files, start


@pytest.fixture
def laptop(circle: Circle) -> Workspace:
    """Whose three photos are at the office too."""
    family, opened = start(circle)
    for number in range(3):
        opened.attachments.add("household", family.household, photo(number, 20_000))
    circle.round(opened)
    assert len(files(circle.office)) == len(files(opened)) == 3
    return opened


def days(circle: Circle, workspace: Workspace, count: int) -> list[tuple[str, ...]]:
    """What the daily check says on so many days."""
    found = []
    for _ in range(count):
        circle.clock.move(days=1)
        found.append(tuple(one.sentence for one in workspace.self_check.daily()))
    return found


def flip(path: Path) -> None:
    """Damage what is in a file, and not its length."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("at", ["office", "laptop-1"])
def test_one_that_is_gone_is_missed_the_same_day_and_asked_for_until_it_is_back(
    circle: Circle, laptop: Workspace, at: str
) -> None:
    device = circle.opened[at]
    assert days(circle, device, 1) == [()]
    gone = next(view.id for view in device.attachments.all() if len(files(device)) == 3)
    files(device)[0].unlink()
    [said] = days(circle, device, 1)[0]
    [missing] = [view.id for view in device.attachments.all() if not view.here]
    assert said == f"The file of 1 photo or paper was here and is gone or damaged: no. {missing} of 2026-03-18."
    [finding] = device.self_check.last()
    assert ("ask the laptops" if at == "office" else "asks the office") in finding.todo
    assert days(circle, device, 1) == [(said,)], "and it is not forgotten by the next day"
    assert [fault.sentence for fault in device.care_of_store.check() if fault.where == "files"] == [said]
    circle.round(laptop)
    circle.round(laptop)
    assert content(device, missing) is not None
    assert len(files(device)) == 3
    assert days(circle, device, 1) == [()]
    assert gone


def test_one_that_is_cut_short_is_found_at_once_and_one_that_is_damaged_within_a_month(
    circle: Circle, laptop: Workspace
) -> None:
    short, altered, _ = files(laptop)
    short.write_bytes(short.read_bytes()[:-1])
    flip(altered)
    found = days(circle, laptop, DAYS)
    assert "1 photo" in found[0][0] or "2 photos" in found[0][0]
    assert "The files of 2 photos and papers were here" in found[-1][0]


def test_who_asks_has_every_file_read(circle: Circle, laptop: Workspace) -> None:
    flip(files(laptop)[1])
    assert [fault.where for fault in laptop.care_of_store.check() if fault.where == "files"] == ["files"]
    assert laptop.self_check.last()[0].sentence.startswith("The file of 1 photo")


def test_with_the_whole_folder_gone_all_are_missed_and_a_backup_within_reach_gives_them_back(
    circle: Circle, laptop: Workspace
) -> None:
    kept = {view.id: content(laptop, view.id) for view in laptop.attachments.all()}
    shutil.rmtree(laptop.session.folder.attachments)
    assert "The files of 3 photos and papers" in days(circle, laptop, 1)[0][0]
    laptop.attachments.add("household", laptop.records.page("household")[0].id, photo(9, 20_000))
    circle.round(laptop)
    circle.round(laptop)
    assert {id_: content(laptop, id_) for id_ in kept} == kept
    assert days(circle, laptop, 1) == [()]
    laptop.backups.make()
    shutil.rmtree(laptop.session.folder.attachments)
    assert days(circle, laptop, 1) == [()], "the backup had them all, so that nobody has to be told"
    assert {id_: content(laptop, id_) for id_ in kept} == kept


def test_of_one_that_never_went_to_the_office_it_is_said_that_nobody_there_has_it(
    circle: Circle, laptop: Workspace
) -> None:
    before = set(files(laptop))
    laptop.attachments.add("household", laptop.records.page("household")[0].id, photo(9, 20_000))
    [own] = set(files(laptop)) - before
    own.unlink()
    before.pop().unlink()
    assert days(circle, laptop, 1)[0][0].endswith(
        "1 of them never reached the office: take the photo again where you can."
    )


def test_what_was_let_go_or_erased_is_not_missed(circle: Circle, laptop: Workspace) -> None:
    circle.office.backups.make()
    circle.round(laptop)
    assert laptop.attachments.let_go(0).files == 3
    assert days(circle, laptop, 1) == [()]


def test_the_look_is_left_off_where_nobody_wants_it_any_more(circle: Circle, laptop: Workspace) -> None:
    asked: list[int] = []

    def no_longer() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise KeyboardInterrupt

    files(laptop)[2].unlink()
    with pytest.raises(KeyboardInterrupt):
        file_check.look_at_files(laptop.session, no_longer)
    assert len(asked) == 2


def test_photos_that_are_gone_make_no_damaged_store(circle: Circle, laptop: Workspace) -> None:
    """Else a backup that is put back would be mixed with what it was to take the place of."""
    files(laptop)[0].unlink()
    days(circle, laptop, 1)
    assert [one.of_store for one in laptop.self_check.last()] == [False]


def test_a_photo_is_told_whole_again_when_somebody_adds_it_once_more(circle: Circle, laptop: Workspace) -> None:
    gone = files(laptop)[0]
    gone.unlink()
    assert days(circle, laptop, 1) != [()]
    home = laptop.records.page("household")[0].id
    for number in range(3):
        laptop.attachments.add("household", home, photo(number, 20_000))
    assert all(view.here for view in laptop.attachments.all())
    assert days(circle, laptop, 1) == [()]
    assert prepared(photo(0, 20_000)).data in {content(laptop, view.id) for view in laptop.attachments.all()}
