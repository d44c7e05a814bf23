"""Bundles through a whole circle: an office and two laptops with their own and a shared grid, on real stores."""

import gc
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gridworker.app.exchange.exchange import Exchange
from gridworker.app.exchange.views import Merged
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull, NotForUs, NotFound, StoreClosed, StoreProblem, UnknownSender
from gridworker.store.log.log import Log
from gridworker.store.streams import Exchange as Tables
from gridworker.sync.files.files import save_bundle
from tests.circle import Circle, Family, delete, head, made_visit, phones


@pytest.fixture
def grids(circle: Circle) -> tuple[int, int, int]:
    """Of 周敏, of both, of 赵海."""
    first, shared, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格", "第三网格"))
    return first, shared, second


@pytest.fixture
def families(circle: Circle, grids: tuple[int, int, int]) -> tuple[Family, Family, Family]:
    """One household in each grid."""
    first, shared, second = grids
    return circle.family(first, "101"), circle.family(shared, "202"), circle.family(second, "303")


@pytest.fixture
def laptops(
    circle: Circle, grids: tuple[int, int, int], families: tuple[Family, Family, Family]
) -> tuple[Workspace, Workspace]:
    """周敏's in the first and the shared grid, 赵海's in the shared and the last."""
    del families
    first, shared, second = grids
    return circle.enrol("周敏", first, shared), circle.enrol("赵海", shared, second)


def test_a_kit_holds_its_grids_and_nothing_else(
    laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family], grids: tuple[int, int, int],
    circle: Circle,
) -> None:  # fmt: skip
    one, two = laptops
    assert {found.id for found in one.records.page("household")} == {families[0].household, families[1].household}
    assert {found.id for found in two.records.page("resident")} == {families[1].resident, families[2].resident}
    assert {found.values["action"] for found in one.records.page("audit_event")} == {"enrol"}
    with one.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op WHERE record = ?", (families[2].resident,))
        assert cursor.fetchone()[0] == 0
    assert circle.agrees(two, *grids[1:])
    circle.round(one)  # the other laptop's own record was made after the kit
    assert circle.agrees(one, *grids[:2])


def test_what_one_laptop_writes_reaches_the_other_that_shares_the_grid(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, two = laptops
    shared = families[1]
    visit = made_visit(one, shared.household)
    private = made_visit(one, families[0].household)
    assert one.exchange.pending().counts == {"visit": 2}
    circle.round(one, two)
    assert two.records.show("visit", visit).values["household_id"] == shared.household
    with pytest.raises(NotFound):
        two.records.show("visit", private)
    assert one.exchange.pending().records == 0
    assert circle.agrees(one, *grids[:2])
    assert circle.agrees(two, *grids[1:])
    assert circle.office.care_of_store.check() == one.care_of_store.check() == two.care_of_store.check() == []


def test_a_lost_bundle_is_healed_by_the_next_and_doubles_change_nothing(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family]
) -> None:
    one, _ = laptops
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    lost = one.exchange.pack(circle.stick)
    one.records.save("resident", {"name": "陈建华"}, families[0].resident)
    path = one.exchange.pack(circle.stick)
    merged = circle.office.exchange.merge(path)
    assert phones(circle.office, families[0].resident) == "13800000001"
    assert merged.trip is not None
    assert merged.trip.missing == (1,)
    assert not merged.trip.gap
    before = head(circle.office)
    assert circle.office.exchange.merge(path).again
    assert head(circle.office) == before
    late = circle.office.exchange.merge(lost)
    assert not late.again
    assert late.trip is not None
    assert not late.trip.forked
    newest = next(trip for trip in circle.office.exchange.trips() if trip.n == 2)
    assert newest.missing == ()
    circle.reply(one)
    assert one.exchange.pending().records == 0
    assert {trip.state for trip in one.exchange.trips() if trip.outgoing} == {"confirmed"}


def test_a_lost_and_a_late_reply(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, _ = laptops
    circle.hand_in(one)
    circle.office.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    first = circle.office.exchange.pack(circle.stick, 1)
    new = circle.family(grids[0], "404")
    second = circle.office.exchange.pack(circle.stick, 1)
    one.exchange.merge(second)
    assert phones(one, families[0].resident) == "13800000001"
    assert phones(one, new.resident) == "13800000142"
    before = one.care_of_store.digest()
    one.exchange.merge(first)
    assert one.care_of_store.digest() == before
    circle.round(one)
    assert circle.agrees(one, *grids[:2])


def test_a_true_conflict_and_two_fields_that_both_stay(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, two = laptops
    resident = families[1].resident
    one.records.save("resident", {"phones": "13800000001"}, resident)
    two.records.save("resident", {"phones": "13800000002", "name": "陈建华"}, resident)
    circle.hand_in(one)
    circle.clock.move(minutes=1)
    circle.hand_in(two)
    (conflict,) = circle.office.merge.conflicts()
    assert [field.name for field in conflict.fields] == ["phones"]
    assert {side.value for side in conflict.fields[0].sides} == {"13800000001", "13800000002"}
    assert {side.who for side in conflict.fields[0].sides} == {"周敏", "赵海"}
    assert circle.office.records.show("resident", resident).values["name"] == "陈建华"
    arrivals = circle.office.merge.arrivals()
    assert [(arrival.worker, len(arrival.conflicts)) for arrival in arrivals] == [("赵海", 1), ("周敏", 0)]
    circle.office.exchange.pack(circle.stick, 1)
    assert circle.office.merge.arrivals(limit=2) == arrivals, "what is sent takes no place in the list of what came"
    circle.office.merge.resolve("resident", resident, {"phones": "13800000001"})
    circle.round(one, two)
    assert phones(one, resident) == phones(two, resident) == "13800000001"
    assert one.merge.conflicts() == two.merge.conflicts() == circle.office.merge.conflicts() == []
    assert circle.agrees(one, *grids[:2])
    assert circle.agrees(two, *grids[1:])


def test_a_deletion_meets_an_edit_it_had_not_seen(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, _ = laptops
    resident = families[0].resident
    circle.hand_in(one)
    one.records.save("resident", {"phones": "13800000009"}, resident)
    delete(circle.office, "resident", resident)
    circle.hand_in(one)
    (conflict,) = circle.office.merge.conflicts()
    assert [field.name for field in conflict.fields] == ["alive"]
    assert phones(circle.office, resident) == "13800000009"
    circle.office.merge.resolve("resident", resident, {"alive": 0})
    circle.round(one)
    with pytest.raises(NotFound):
        one.records.show("resident", resident)
    assert circle.agrees(one, *grids[:2])


def test_a_deletion_at_the_office_reaches_the_laptop(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, _ = laptops
    circle.office.records.save("resident", {"phones": "13800000008"}, families[0].resident)
    circle.office.records.remove("household_member", families[0].member)
    delete(circle.office, "household", families[0].household)
    circle.round(one)
    with pytest.raises(NotFound):
        one.records.show("household", families[0].household)
    assert one.merge.conflicts() == []
    assert circle.agrees(one, *grids[:2])


def test_a_household_the_office_moves_leaves_one_laptop_and_enters_the_other_whole(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, two = laptops
    moved, target = families[0], families[2]
    circle.round(one, two)
    visit = made_visit(one, moved.household)
    circle.round(one, two)
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, moved.household)
    circle.round(one, two)
    assert two.records.show("visit", visit).values["household_id"] == moved.household
    assert phones(two, moved.resident) == "13800000142"
    assert two.records.history("household", moved.household)
    assert circle.agrees(one, *grids[:2])
    assert circle.agrees(two, *grids[1:])
    assert one.exchange.pending().records == 0


def test_what_may_be_on_a_laptop_is_known_though_replies_were_lost(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, two = laptops
    circle.hand_in(one)
    circle.hand_in(two)
    circle.office.records.save("household", {"dwelling_id": families[2].dwelling}, families[0].household)
    circle.office.exchange.pack(circle.stick, 2)  # lost: it said that the household enters
    circle.office.records.save("household", {"dwelling_id": families[0].dwelling}, families[0].household)
    circle.round(two)
    circle.office.records.save("household", {"dwelling_id": families[2].dwelling}, families[0].household)
    circle.round(two)
    assert two.records.show("household", families[0].household).values["dwelling_id"] == families[2].dwelling
    assert phones(two, families[0].resident) == "13800000142"
    assert circle.agrees(two, *grids[1:])


def test_bundles_nobody_can_take_in_change_nothing(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family], tmp_path: Path
) -> None:
    one, two = laptops
    del families
    path = one.exchange.pack(circle.stick)
    data = path.read_bytes()
    other = Circle(tmp_path / "other")
    before = head(circle.office), head(two), head(other.office)
    bad = circle.stick / "01-9-00000000.gwb"
    for broken in (b"", data[:-100], data[:200], data[:-5] + b"xxxxx", b"nothing of ours" * 50):
        bad.write_bytes(broken)
        (result,) = circle.office.exchange.merge_all([bad])
        assert result.problem is not None
        assert str(result.problem).count(".") <= 3
    with pytest.raises(NotForUs):
        other.office.exchange.merge(path)
    with pytest.raises(NotForUs):
        two.exchange.merge(path)
    assert (head(circle.office), head(two), head(other.office)) == before
    assert not list(circle.office.session.folder.archive.glob("*"))
    other.close()


def test_an_unknown_laptop_is_refused(
    circle: Circle, laptops: tuple[Workspace, Workspace], grids: tuple[int, int, int]
) -> None:
    del laptops
    kit = circle.stick / "kit.gwk"
    issued = circle.office.devices.issue_kit("王强", [grids[0]], kit)
    again = circle.office.devices.reissue_kit(issued.laptop, circle.stick / "again.gwk")
    stale = circle.set_up(kit, issued.code, "stale")
    fresh = circle.set_up(circle.stick / "again.gwk", again.code, "fresh")
    path, before = stale.exchange.pack(circle.stick), head(circle.office)
    with pytest.raises(UnknownSender):
        circle.office.exchange.merge(path)
    assert head(circle.office) == before
    circle.round(fresh)
    assert circle.agrees(fresh, grids[0])
    with pytest.raises(Exception, match="introduced itself"):
        circle.office.devices.reissue_kit(issued.laptop, kit)


def test_a_stick_that_takes_nothing_leaves_no_trace(
    circle: Circle, laptops: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = laptops
    before = head(one)
    with pytest.raises(StoreProblem):
        one.exchange.pack(circle.folder / "pulled-out" / "bundle.gwb")
    assert head(one) == before
    assert one.exchange.trips() == []
    assert not list(one.session.folder.outbox.glob("*.gwb"))
    stop = RuntimeError("escape")

    def cancel(step: str) -> None:
        if step == "check":
            raise stop

    files = sorted(circle.stick.iterdir())
    with pytest.raises(RuntimeError):
        one.exchange.pack(circle.stick, report=cancel)
    assert sorted(circle.stick.iterdir()) == files
    assert head(one) == before
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(DiskFull):
        one.exchange.pack(circle.stick)
    monkeypatch.undo()
    assert head(one) == before
    assert one.exchange.pack(circle.stick).name.startswith("01-1-")


def test_the_garbage_collector_rests_while_a_bundle_is_packed(
    circle: Circle, laptops: tuple[Workspace, Workspace]
) -> None:
    collecting: dict[str, bool] = {}
    laptops[0].exchange.pack(circle.stick, report=lambda step: collecting.setdefault(step, gc.isenabled()))
    assert collecting == {"pack": True, "write": False, "check": False}
    assert gc.isenabled()


def test_bundles_that_come_together_go_in_together(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    brought = list[bool]()
    monkeypatch.setattr(circle.office.session.store.db._brought_in, "_bring", lambda: brought.append(True))
    one, two = laptops
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    paths = [one.exchange.pack(circle.stick)]
    two.records.save("resident", {"phones": "13800000002"}, families[2].resident)
    paths.append(two.exchange.pack(circle.stick))
    one.records.save("resident", {"phones": "13800000003"}, families[0].resident)
    paths.append(one.exchange.pack(circle.stick))
    bad = circle.stick / "01-9-00000000.gwb"
    bad.write_bytes(b"nothing of ours" * 50)
    seen: list[tuple[object, ...]] = []
    told: list[str] = []

    def report(result: Merged) -> None:
        told.append(result.file)
        seen.append((phones(circle.office, families[0].resident), phones(circle.office, families[2].resident)))

    results = circle.office.exchange.merge_all([paths[0], bad, *paths[1:], paths[0]], report)
    assert [result.problem is None for result in results] == [True, False, True, True, True]
    assert [result.again for result in results] == [False, False, False, False, True]
    assert told == [result.file for result in results]
    assert seen == [("13800000003", "13800000002")] * 5, "all of it was there before any was told of"
    circle.office.session.store.db.checkpoint()
    assert brought == [True]
    assert circle.office.care_of_store.check() == []


def test_the_records_of_a_bundle_are_read_once_for_judging_and_merging_it(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    one, _ = laptops
    for number in ("13800000001", "13800000002"):
        one.records.save("resident", {"phones": number}, families[0].resident)
        made_visit(one, families[0].household)
        with monkeypatch.context() as patch:
            patch.delattr(Log, "standing")
            circle.office.exchange.merge(one.exchange.pack(circle.stick))
        assert phones(circle.office, families[0].resident) == number
    assert circle.office.care_of_store.check() == []


def test_where_they_cannot_go_in_together_each_goes_by_itself(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    paths = []
    for laptop, family in zip(laptops, (families[0], families[2]), strict=True):
        laptop.records.save("resident", {"phones": "13800000009"}, family.resident)
        paths.append(laptop.exchange.pack(circle.stick))
    archive, before = circle.office.session.folder.archive, head(circle.office)
    monkeypatch.setattr("gridworker.store.search.search.refresh", _no_room)
    results = circle.office.exchange.merge_all(paths)
    assert [str(result.problem) for result in results] == ["No room."] * 2
    assert head(circle.office) == before
    assert not list(archive.glob("*.gwb"))
    monkeypatch.undo()
    monkeypatch.setattr("gridworker.sync.files.archive.save_bundle", _only(save_bundle, paths[0].name))
    results = circle.office.exchange.merge_all(paths)
    assert [result.problem is None for result in results] == [True, False]
    assert [path.name for path in archive.glob("*.gwb")] == [paths[0].name]
    taken = [phones(circle.office, family.resident) == "13800000009" for family in (families[0], families[2])]
    assert taken == [True, False], "what has no copy was not taken in"
    assert circle.office.care_of_store.check() == []


def _no_room(*_: object) -> None:
    raise DiskFull("No room.")


def _only(save: Callable[..., None], name: str) -> Callable[..., None]:
    """Saves the one bundle and has no room for others."""
    return lambda path, data, **how: save(path, data, **how) if path.name == name else _no_room()


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_what_the_lock_broke_off_is_not_begun_anew_bundle_by_bundle(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be waited for: the keys would stay as long as all of them take."""
    begun = list[str]()

    def broken_off(_exchange: object, paths: Sequence[Path]) -> list[Merged]:
        begun.extend(path.name for path in paths)
        raise StoreClosed("The data are locked. Unlock them and try again.")

    monkeypatch.setattr(Exchange, "_merge_together", broken_off)
    monkeypatch.setattr(Exchange, "merge", lambda exchange, path: broken_off(exchange, [path]))
    with pytest.raises(StoreClosed):
        circle.office.exchange.merge_all([Path("one.gwb"), Path("two.gwb")])
    assert begun == ["one.gwb", "two.gwb"]
    begun.clear()
    with pytest.raises(StoreClosed):
        circle.office.exchange._merge_alone(Path("one.gwb"))


def test_a_full_disk_while_merging(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    one, _ = laptops
    for number in range(30):
        one.records.save("resident", {"phones": f"138000{number:05d}"}, families[0].resident)
    path, before = one.exchange.pack(circle.stick), head(circle.office)
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(DiskFull):
        circle.office.exchange.merge(path)
    monkeypatch.undo()
    with circle.office.session.store.db.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        circle.office.exchange.merge(path)
    assert head(circle.office) == before
    assert not list(circle.office.session.folder.archive.glob("*.gwb"))
    with circle.office.session.store.db.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    assert circle.office.exchange.merge(path).trip
    assert phones(circle.office, families[0].resident) == "13800000029"


def test_a_whole_bundle_can_be_taken_back(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family]
) -> None:
    one, _ = laptops
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    visit = made_visit(one, families[0].household)
    circle.hand_in(one)
    trip = circle.office.exchange.trips()[0]
    assert trip.batch
    circle.office.records.undo_batch(trip.batch)
    assert phones(circle.office, families[0].resident) == "13800000142"
    with pytest.raises(NotFound):
        circle.office.records.show("visit", visit)


def test_a_copied_laptop_and_its_twin_both_get_everything_in(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, _ = laptops
    circle.round(one)
    circle.copy("laptop-1", "copy")
    one = circle.open("laptop-1")
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    circle.round(one)
    kept = made_visit(one, families[0].household)
    circle.hand_in(one)
    one = circle.restore("laptop-1", "copy")
    assert phones(one, families[0].resident) == "13800000142"
    own = made_visit(one, families[1].household)
    circle.round(one)
    circle.round(one)
    assert phones(one, families[0].resident) == "13800000001"
    assert one.records.show("visit", kept).id == kept
    assert circle.office.records.show("visit", own).id == own
    assert circle.agrees(one, *grids[:2])
    assert one.exchange.pending().records == 0


def test_the_days_without_confirmation_are_those_of_what_waits(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family]
) -> None:
    """Not of what was put on record, nor of what was changed and changed back, or made and deleted, long before."""
    one, _ = laptops
    circle.round(one)
    one.session.note("key", detail="asked")
    circle.clock.move(days=2)
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    one.records.undo()
    delete(one, "visit", made_visit(one, families[0].household))
    circle.clock.move(days=3)
    assert (one.exchange.pending().records, one.exchange.pending().oldest) == (0, None)
    made_visit(one, families[0].household)
    circle.clock.move(days=1)
    one.records.save("household", {"remark": "周末在家"}, families[0].household)
    assert one.exchange.pending().records == 2
    assert one.exchange.pending().days(one.session.today()) == 1


def test_an_office_set_back_to_an_old_copy_gets_everything_again(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, two = laptops
    circle.round(one, two)
    circle.copy("office", "old-office")
    circle.open("office")
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    visit = made_visit(two, families[1].household)
    circle.round(one, two)
    assert one.exchange.pending().records == 0
    circle.restore("office", "old-office")
    with pytest.raises(NotFound):
        circle.office.records.show("visit", visit)
    later = made_visit(one, families[0].household)
    circle.hand_in(one)
    circle.reply(one)
    assert one.exchange.pending().records > 0  # what the office lost goes out once more
    circle.round(one, two)
    circle.round(one, two)
    assert circle.office.records.show("visit", visit).id == visit
    assert circle.office.records.show("visit", later).id == later
    assert phones(circle.office, families[0].resident) == "13800000001"
    assert circle.agrees(one, *grids[:2])
    assert circle.agrees(two, *grids[1:])
    assert one.exchange.pending().records == 0


def test_an_office_set_back_without_noticing_learns_it_from_the_first_bundle(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family],
    grids: tuple[int, int, int],
) -> None:  # fmt: skip
    one, _ = laptops
    circle.copy("office", "old-office")  # it did not know the laptop yet
    circle.open("office")
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    circle.round(one)
    circle.close("office")
    shutil.rmtree(circle.folder / "office")
    shutil.copytree(circle.folder / "old-office", circle.folder / "office")
    circle.open("office")
    circle.hand_in(one)
    assert circle.office.session.store.identity.incarnation > 0
    circle.reply(one)
    circle.round(one)
    assert phones(circle.office, families[0].resident) == "13800000001"
    assert circle.agrees(one, *grids[:2])
    assert circle.office.devices.issue_kit("王强", [grids[0]], circle.stick / "new.gwk").laptop > 50


def test_a_kit_too_big_for_one_bundle_is_filled_up_by_the_replies(
    circle: Circle, grids: tuple[int, int, int], families: tuple[Family, Family, Family],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    del families
    monkeypatch.setattr("gridworker.sync.outgoing.MAX_OPS", 12)
    for room in range(5):
        circle.family(grids[0], f"50{room}")
    one = circle.enrol("周敏", grids[0])
    held = len(one.records.page("household"))
    assert held < 6
    for _ in range(12):
        circle.round(one)
    assert circle.agrees(one, grids[0])
    for found in circle.office.records.page("resident"):
        circle.office.records.save("resident", {"phones": "13800000003"}, found.id)
        circle.office.records.save("resident", {"phones": "13800000004"}, found.id)
    for _ in range(8):
        circle.round(one)
    assert circle.agrees(one, grids[0])


def test_the_office_answers_only_who_has_shown_themselves(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, _ = laptops
    with pytest.raises(UnknownSender):
        circle.office.exchange.pack(circle.stick, 1)
    assert circle.office.exchange.laptops() == []
    circle.hand_in(one)
    assert list(circle.office.exchange.pack_all(circle.stick)) == [1]


def test_a_stick_shows_what_is_for_this_device_and_new(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, two = laptops
    mine = circle.hand_in(one)
    theirs = two.exchange.pack(circle.stick)
    reply = circle.office.exchange.pack(circle.stick, 1)
    assert circle.office.exchange.bundles_in(circle.stick) == [theirs]
    assert one.exchange.bundles_in(circle.stick) == [reply]
    (waiting,) = one.exchange.waiting([reply])
    assert waiting.shown is not None
    assert waiting.shown.purpose == "reply"
    one.exchange.merge(reply)
    assert one.exchange.bundles_in(circle.stick) == []
    assert one.exchange.show(mine).n == 1


def test_forged_ops_of_a_known_laptop_are_set_aside_and_the_rest_goes_in(
    circle: Circle, laptops: tuple[Workspace, Workspace], families: tuple[Family, Family, Family]
) -> None:
    one, _ = laptops
    one.records.save("resident", {"phones": "13800000001"}, families[0].resident)
    stranger = families[2].resident
    store = one.session.store
    clk = store.new_id()
    with store.cursor() as cursor:
        cursor.execute("SELECT kind, author, vals FROM op WHERE record = ? AND what = 1", (families[0].resident,))
        kind, author, vals = cursor.fetchone()
    with store.db.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO op (clk, kind, record, what, author, vals) VALUES (?,?,?,?,?,?)",
            (clk, kind, stranger, 1, author, vals),
        )
    circle.hand_in(one)
    assert phones(circle.office, families[0].resident) == "13800000001"
    assert phones(circle.office, stranger) == "13800000142"
    (aside,) = circle.office.asides.waiting()
    assert (aside.record, aside.reason, aside.who) == (stranger, "out_of_scope", "周敏")
    assert circle.office.exchange.trips()[0].aside == 1
    circle.reply(one)
    assert one.exchange.pending().records == 0


def test_pinned_keys_are_the_laptops(circle: Circle, laptops: tuple[Workspace, Workspace]) -> None:
    one, _ = laptops
    circle.hand_in(one)
    with circle.office.session.store.cursor() as cursor:
        (pinned,) = Tables(cursor).pinned()
    assert pinned.laptop == 1
    (laptop, unseen) = circle.office.devices.laptops()
    assert laptop.introduced
    assert laptop.words == one.exchange.key().words
    assert laptop.seen is not None
    assert not unseen.introduced
    assert one.exchange.office_key().words == circle.office.exchange.key().words
