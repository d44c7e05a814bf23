"""A folder that office and laptops watch: both ways by itself, nothing half-written believed, no endless answers."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from gridworker.app.attachment.picture import prepared
from gridworker.app.exchange.bundle_limit import LEAST
from gridworker.app.exchange.views import Merged
from gridworker.app.exchange.watched import AGAIN, AGAIN_AT_OFFICE, SETTLED, TRIED_AGAIN
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, Problem
from gridworker.store.engine.database import raw_cursor
from gridworker.store.engine.filesafe import PRIVATE_FILE, write_durably
from gridworker.store.streams import Exchange
from gridworker.sync.files import files
from gridworker.sync.format.states import PAST
from tests.circle import Circle, Family, head, made_visit
from tests.pictures import photo


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """A laptop that watches the stick's folder, as the office does, and holds the family's grid."""
    assert circle.office.records.show("household", family.household).id == family.household
    laptop = circle.enrol("周敏", *circle.office.session.grids())
    for one in (circle.office, laptop):
        one.watched.watch(circle.stick)
    return laptop


def look_around(circle: Circle, *devices: Workspace, rounds: int = 8) -> int:
    """Everybody looks in turn; how many bundles were written."""
    written = 0
    for _ in range(rounds):
        for device in devices:
            circle.clock.move(seconds=20)
            written += len(device.watched.look().packed)
    return written


def test_a_wish_to_be_forgotten_goes_by_itself_and_so_does_its_taking_back(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    look_around(circle, laptop, circle.office)
    laptop.erasing.asked.ask("resident", family.resident)
    assert look_around(circle, laptop, circle.office) == 2, "the wish, and that it came"
    assert [one.record for one in circle.office.erasing.asked.waiting()] == [family.resident]
    laptop.erasing.asked.take_back("resident", family.resident)
    assert look_around(circle, laptop, circle.office) == 2
    assert circle.office.erasing.asked.waiting() == []
    assert look_around(circle, laptop, circle.office) == 0


def test_both_ways_without_a_hand(circle: Circle, laptop: Workspace, family: Family) -> None:
    grid = circle.office.session.grids()[0]
    visit = made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    assert circle.office.records.show("visit", visit).id == visit
    circle.office.records.save("resident", {"phones": "13800000007"}, family.resident)
    look_around(circle, laptop, circle.office)
    assert laptop.records.show("resident", family.resident).values["phones"] == "13800000007"
    assert circle.agrees(laptop, grid)
    assert laptop.exchange.pending().records == 0


def test_they_do_not_answer_each_other_for_ever(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    assert look_around(circle, laptop, circle.office) == 0
    made_visit(laptop, family.household)
    assert 1 <= look_around(circle, laptop, circle.office) <= 3


def test_a_receipt_goes_back_though_the_office_has_nothing_else_to_say(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Also for what comes after the first: else it would never be said to be confirmed."""
    for _ in range(2):
        look_around(circle, laptop, circle.office)
        made_visit(laptop, family.household)
        assert laptop.exchange.pending().records
        look_around(circle, laptop, circle.office)
        assert laptop.exchange.pending().records == 0


def test_two_laptops_in_one_folder(circle: Circle, laptop: Workspace, family: Family) -> None:
    other = circle.enrol("李静", *circle.office.session.grids())
    other.watched.watch(circle.stick)
    visit = made_visit(laptop, family.household)
    look_around(circle, laptop, other, circle.office)
    assert other.records.show("visit", visit).id == visit
    assert look_around(circle, laptop, other, circle.office) == 0
    assert laptop.watched.look().bad == other.watched.look().bad == ()


def test_a_reply_to_another_laptop_is_neither_on_its_way_nor_damaged(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    other = circle.enrol("李静", *circle.office.session.grids())
    other.watched.watch(circle.stick)
    look_around(circle, laptop, other, circle.office)
    circle.office.records.save("resident", {"phones": "13800000007"}, family.resident)
    assert len(circle.office.watched.look().packed) == 2
    for seconds in (1, SETTLED.total_seconds() + 1):
        circle.clock.move(seconds=seconds)
        look = laptop.watched.look()
        assert (look.arriving, look.bad) == ((), ())
    assert other.watched.look().merged


def test_a_half_copied_file_changes_nothing_and_is_taken_in_when_whole(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    visit = made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    whole = path.read_bytes()
    before = head(circle.office)
    for size in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        look = circle.office.watched.look()
        assert (look.merged, look.arriving, look.bad) == ((), (path.name,), ())
        assert head(circle.office) == before
    path.write_bytes(whole)
    [merged] = circle.office.watched.look().merged
    assert merged.problem is None
    assert circle.office.records.show("visit", visit).id == visit


def test_a_file_that_stays_damaged_is_named(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    path.write_bytes(path.read_bytes()[:-7])
    assert circle.office.watched.look().bad == ()
    circle.clock.move(seconds=SETTLED.total_seconds() + 1)
    [bad] = circle.office.watched.look().bad
    assert bad.file == path.name
    assert bad.problem is not None


def test_a_file_whose_room_was_made_first_goes_in_as_soon_as_it_is_filled(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    visit = made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    whole, before = path.read_bytes(), path.stat()
    path.write_bytes(bytes(len(whole)))
    assert circle.office.watched.look().arriving == (path.name,)
    path.write_bytes(whole)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 10**10))
    assert [merged.file for merged in circle.office.watched.look().merged] == [path.name]
    assert circle.office.session.store.get("visit", visit) is not None


@pytest.mark.parametrize("late", TRIED_AGAIN)
def test_a_file_that_is_filled_without_looking_other_is_tried_again(
    circle: Circle, laptop: Workspace, family: Family, late: timedelta
) -> None:
    """A copier makes room for all of it first, and the share's clock ticks every two seconds only."""
    visit, office = made_visit(laptop, family.household), circle.office
    [path] = laptop.watched.look().packed
    whole, before = path.read_bytes(), path.stat()

    def fill(data: bytes) -> None:
        path.write_bytes(data)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    fill(bytes(len(whole)))
    assert office.watched.look().arriving == (path.name,)
    for after in TRIED_AGAIN[: TRIED_AGAIN.index(late)]:
        circle.clock.move(seconds=int(after.total_seconds()))
        assert [bad.file for bad in office.watched.look().bad] == [path.name]
    fill(whole)
    circle.clock.move(seconds=int(late.total_seconds()))
    assert [merged.file for merged in office.watched.look().merged] == [path.name]
    assert office.session.store.get("visit", visit) is not None
    assert office.watched.look().bad == ()


def test_a_file_that_stays_what_it_is_is_not_read_for_ever(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = circle.office
    tried: list[str] = []
    merge = office.exchange.merge_all

    def merged(paths: Sequence[Path]) -> list[Merged]:
        tried.extend(path.name for path in paths)
        return merge(paths)

    monkeypatch.setattr(office.exchange, "merge_all", merged)
    (circle.stick / "01-9-00000000.gwb").write_bytes(b"nothing")
    for _ in range(3 * len(TRIED_AGAIN)):
        office.watched.look()
        circle.clock.move(seconds=int(TRIED_AGAIN[-1].total_seconds()))
    assert len(tried) == 1 + len(TRIED_AGAIN)


def test_only_confirmed_bundles_of_ones_own_are_taken_away(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    stranger = circle.stick / "报表.xlsx"
    stranger.write_bytes(b"not ours")
    laptop.watched.look()
    assert path.exists()
    look_around(circle, laptop, circle.office)
    assert not path.exists()
    assert stranger.exists()


def test_what_was_lost_goes_again(circle: Circle, laptop: Workspace, family: Family) -> None:
    visit = made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    path.unlink()
    assert laptop.watched.look().packed == ()
    circle.clock.move(seconds=(AGAIN + timedelta(minutes=1)).total_seconds())
    assert len(laptop.watched.look().packed) == 1
    look_around(circle, circle.office, laptop)
    assert circle.office.records.show("visit", visit).id == visit


def test_a_lost_reply_goes_again_after_a_week(circle: Circle, laptop: Workspace, family: Family) -> None:
    """A laptop may be on leave: nobody packs for it every day."""
    look_around(circle, laptop, circle.office)
    circle.office.records.save("resident", {"phones": "13800000007"}, family.resident)
    [path] = circle.office.watched.look().packed
    path.unlink()
    circle.clock.move(seconds=(AGAIN + timedelta(minutes=1)).total_seconds())
    assert circle.office.watched.look().packed == ()
    circle.clock.move(seconds=AGAIN_AT_OFFICE.total_seconds())
    assert len(circle.office.watched.look().packed) == 1
    look_around(circle, laptop, circle.office)
    assert laptop.records.show("resident", family.resident).values["phones"] == "13800000007"


def test_what_is_confirmed_does_not_go_again(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    circle.clock.move(seconds=(AGAIN_AT_OFFICE + timedelta(minutes=1)).total_seconds())
    assert laptop.watched.look().packed == circle.office.watched.look().packed == ()


def test_what_was_changed_and_led_back_goes_again_and_is_confirmed_too(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """It counts as nothing, and may stand against what another wrote all the same."""
    look_around(circle, laptop, circle.office)
    edit = laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
    laptop.records.undo_batch(edit.batch)
    [path] = laptop.watched.look().packed
    path.unlink()
    circle.clock.move(seconds=(AGAIN + timedelta(minutes=1)).total_seconds())
    assert len(laptop.watched.look().packed) == 1
    look_around(circle, circle.office, laptop)
    [last, *_] = [trip for trip in laptop.exchange.trips() if trip.outgoing and trip.work]
    assert (last.state, last.counts) == ("confirmed", {})
    assert look_around(circle, laptop, circle.office) == 0


def test_in_a_full_folder_visits_go_and_photos_wait_until_there_is_room(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_around(circle, laptop, circle.office)
    sound, room = write_durably, [96 * 1024]

    def small(path: Path, data: bytes, *, mode: int = PRIVATE_FILE, sync_name: bool = True) -> None:
        if path.parent == circle.stick and len(data) > room[0]:
            raise DiskFull("full")
        sound(path, data, mode=mode, sync_name=sync_name)

    monkeypatch.setattr(files, "write_durably", small)
    shown = laptop.attachments.add("household", family.household, photo(1, 400_000)).id
    visit = made_visit(laptop, family.household)
    look = laptop.watched.look()
    assert len(look.packed) == 1
    assert laptop.watched.problem is look.full is not None, "it is said that something waits"
    look_around(circle, circle.office, rounds=1)
    assert circle.office.records.show("visit", visit).id == visit
    assert laptop.watched.look().packed == ()
    with pytest.raises(DiskFull):  # no new file at every look because of the photo
        laptop.watched.look()
    room[0] = 4 * 1024 * 1024
    assert look_around(circle, laptop, circle.office) > 0
    assert laptop.watched.problem is None
    assert circle.office.attachments.show(shown) == prepared(photo(1, 400_000)).data


def test_a_limit_that_no_piece_fits_in_is_refused_and_the_least_one_carries_one(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.attachments.add("household", family.household, photo(1, 400_000))
    made_visit(laptop, family.household)
    with pytest.raises(Problem, match="at least 96 KB"):
        laptop.exchange.pack(circle.stick, limit=LEAST - 1)
    before = laptop.exchange.pending().files_size
    circle.office.exchange.merge(laptop.exchange.pack(circle.stick, limit=LEAST))
    circle.reply(laptop)
    assert laptop.exchange.pending().files_size < before


def test_a_folder_out_of_reach_is_a_sentence(
    circle: Circle, laptop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="out of reach"):
        laptop.watched.watch(circle.folder / "gone")
    with pytest.raises(Problem, match="data folder"):
        laptop.watched.watch(laptop.session.folder.root)
    monkeypatch.setattr(os, "access", lambda path, how: (Path(path), how) != (circle.stick, os.W_OK))
    with pytest.raises(Problem, match="for reading only"):
        laptop.watched.watch(circle.stick)
    laptop.watched.watch(None)
    assert laptop.watched.look().packed == ()


def test_what_came_in_is_told_though_nothing_could_be_packed(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed

    def full(*_: object, **_kept: object) -> None:
        raise Problem("There is no room.")

    monkeypatch.setattr(circle.office.exchange, "pack", full)
    with pytest.raises(Problem):
        circle.office.watched.look()
    last = circle.office.watched.last
    assert last is not None
    assert [merged.file for merged in last.merged] == [path.name]


def test_a_bundle_of_ones_own_that_was_renamed_is_taken_away_too(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    renamed, strange = circle.stick / "01-77-01234567.gwb", circle.stick / "01-78-01234567.gwb"
    path.rename(renamed)
    strange.write_bytes(b"of somebody else")
    look_around(circle, laptop)
    assert renamed.exists(), "nobody has confirmed it"
    look_around(circle, circle.office, laptop)
    assert not renamed.exists()
    assert strange.exists()


@pytest.mark.parametrize(
    "copy", ["{} (1).gwb", "{}(1).gwb", "{} - 副本.gwb", "{}.sync-conflict-20260319-101112-ABCDEFG.gwb", "{}.GWB"]
)
def test_a_copy_under_the_name_that_a_netdisk_gives_it_is_taken_in_and_taken_away(
    circle: Circle, laptop: Workspace, family: Family, copy: str
) -> None:
    """It may be the only one that came; where there are two, they are one bundle."""
    visit = made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    copied = path.with_name(copy.format(path.stem))
    path.rename(copied)
    [merged] = circle.office.watched.look().merged
    assert merged.file == copied.name
    assert circle.office.records.show("visit", visit).id == visit
    path.write_bytes(copied.read_bytes())
    assert circle.office.watched.look().merged == ()
    look_around(circle, laptop, circle.office, rounds=3)
    assert not copied.exists()
    assert not path.exists()


def test_a_file_that_its_owner_takes_away_at_that_moment_is_no_trouble(
    circle: Circle, laptop: Workspace, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    merge = circle.office.exchange.merge_all

    def too_late(paths: Sequence[Path]) -> list[Merged]:
        for path in paths:
            path.unlink()
        return merge(paths)

    monkeypatch.setattr(circle.office.exchange, "merge_all", too_late)
    look = circle.office.watched.look()
    assert not path.exists()
    assert look.merged == look.bad == ()


def test_a_bundle_that_did_not_check_stays_where_it_was_put(circle: Circle, laptop: Workspace, family: Family) -> None:
    """It may have been read while it was still being copied: whole, it is as good as any. Nobody has confirmed it."""
    look_around(circle, laptop, circle.office)
    visit = made_visit(laptop, family.household)
    [path] = laptop.watched.look().packed
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    circle.office.watched.look()
    circle.reply(laptop)
    assert "refused" in {trip.state for trip in laptop.exchange.trips() if trip.outgoing}
    laptop.watched.look()
    assert path.exists()
    path.write_bytes(whole)
    circle.office.exchange.merge(path)
    assert circle.office.records.show("visit", visit).id == visit


def test_a_reply_that_was_taken_in_is_left_to_the_office(circle: Circle, laptop: Workspace, family: Family) -> None:
    """A laptop that was set back takes notice of replies in its archive, and takes none of the office's files away."""
    look_around(circle, laptop, circle.office)
    circle.office.records.save("resident", {"phones": "13800000007"}, family.resident)
    [path] = circle.office.watched.look().packed
    laptop.watched.look()
    with laptop.session.store.db.write() as connection:
        exchange = Exchange(raw_cursor(connection))
        exchange.save_bundle(next(iter(exchange.bundles(outgoing=False)))._replace(state=PAST))
    laptop.watched.look()
    assert path.exists()


def test_what_another_office_waits_for_in_the_same_folder_is_nothing_bad_here(
    circle: Circle, laptop: Workspace, tmp_path: Path
) -> None:
    look_around(circle, laptop, circle.office)
    elsewhere = Circle(tmp_path / "elsewhere")
    grid = elsewhere.office.devices.add_grid("别处")
    for worker in (elsewhere.enrol(name, grid) for name in ("何秀英", "何秀兰")):
        worker.exchange.pack(circle.stick)
    circle.office.watched.look()
    circle.clock.move(seconds=SETTLED.seconds + 1)
    look = circle.office.watched.look()
    assert (look.arriving, look.bad) == ((), ())
