"""Stories of an exchange that goes wrong in several ways at once, each told once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from gridworker.app.workspace import Workspace
from gridworker.domain.resident import Resident
from gridworker.errors import DiskFull, NotFound
from gridworker.record import CodeList
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.log import Log
from gridworker.store.tables.changes import Act, Change
from gridworker.sync.returning import taking_back
from tests.circle import Circle, Family, delete, made_visit, write_ahead
from tests.copies import copies_of, put_back, settled
from tests.store.upgrade.test_upgrade import forget_kinds


def test_an_office_put_back_twice_from_different_backups_gets_back_what_each_laptop_saw_of_each_life(
    circle: Circle, grid: int, family: Family, two: tuple[Workspace, Workspace]
) -> None:
    """First the newer backup, then the older one: each laptop saw a life that the other did not."""
    one, other = two
    older = circle.office.backups.make(circle.folder / "older").path
    seen = [circle.family(grid, "201", "甲").household]
    circle.round(one)
    newer = circle.office.backups.make(circle.folder / "newer").path
    seen.append(circle.family(grid, "202", "乙").household)
    visits = [made_visit(one, family.household)]
    circle.round(one)
    put_back(circle, newer)
    seen.append(circle.family(grid, "203", "丙").household)
    visits.append(made_visit(other, family.household))
    circle.round(other)
    put_back(circle, older)
    seen.append(circle.family(grid, "204", "丁").household)
    visits.append(made_visit(one, family.household))
    for _ in range(4):
        circle.round(one, other)
    for at in (circle.office, one, other):
        assert [at.records.show("household", each).id for each in seen] == seen
        assert [at.records.show("visit", each).id for each in visits] == visits
    settled(circle, grid, one, other)
    assert circle.office.asides.waiting() == []


def test_receipts_that_come_late_out_of_order_and_twice_confirm_nothing_that_was_not(
    circle: Circle, grid: int, family: Family, two: tuple[Workspace, Workspace]
) -> None:
    laptop, _ = two
    made, replies = [], []
    for turn in range(4):
        made.append(made_visit(laptop, family.household))
        circle.clock.move(minutes=5)
        bundle = laptop.exchange.pack(circle.stick)
        if turn != 2:  # that one is lost
            circle.office.exchange.merge(bundle)
        replies.append(circle.office.exchange.pack(circle.stick, 1))
    waiting = made_visit(laptop, family.household)
    before = laptop.exchange.pending().records
    for at in (2, 0, 2, 3, 1, 3, 0):
        laptop.exchange.merge(replies[at])
        after = laptop.exchange.pending().records
        assert 1 <= after <= before, "what was confirmed stays so, and the last visit never went"
        before = after
    assert before == 1
    circle.office.exchange.merge(bundle)
    for _ in range(2):
        circle.round(*two)
    assert [circle.office.records.show("visit", each).id for each in (*made, waiting)] == [*made, waiting]
    settled(circle, grid, *two)


@contextmanager
def older_program() -> Iterator[None]:
    """A version whose residents have no remark and only one sex."""
    kind = Resident.kind
    sex = kind.specs["sex"]
    one_sex = replace(sex, codes=CodeList("sex", {"1": sex.codes.labels["1"]}) if sex.codes else None)
    specs = {name: one_sex if name == "sex" else spec for name, spec in kind.specs.items() if name != "note"}
    numbered = MappingProxyType({spec.number: spec for spec in specs.values()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resident, "kind", replace(kind, specs=specs, numbered=numbered))
        forget_kinds()
        try:
            yield
        finally:
            forget_kinds()


def test_what_a_newer_version_wrote_comes_back_to_an_office_put_back_and_shows_once_it_is_upgraded(
    tmp_path: Path,
) -> None:
    """One laptop has the newer program, the office and the other one do not; and the first is lost."""
    with older_program():
        circle = Circle(tmp_path / "older")
        grid = circle.office.devices.add_grid("第一网格")
        family = circle.family(grid)
        one, other = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
        circle.round(one, other)
        backup = circle.office.backups.make(circle.folder / "place").path
        circle.close("laptop-1")
    one = circle.open("laptop-1")
    one.records.save("resident", {"note": "三楼", "sex": "2"}, family.resident)
    write_ahead(one, family.resident)
    bundle = one.exchange.pack(circle.stick)
    circle.close("laptop-1")
    with older_program():
        circle.office.exchange.merge(bundle)
        circle.round(other)
        put_back(circle, backup, gone=True)
        for _ in range(3):
            circle.round(other)
        assert "note" not in circle.office.records.show("resident", family.resident).values
        circle.close()
    office, other = circle.open("office"), circle.open("laptop-2")
    for at in (office, other):
        values = at.records.show("resident", family.resident).values
        assert (values["note"], values["sex"]) == ("三楼", "2")
        with at.session.store.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pending WHERE kind = ?", (Resident.kind.number,))
            assert cursor.fetchone()[0] > 0, "and what this one does not know either"
    circle.round(other)
    settled(circle, grid, other)
    circle.close()


@pytest.mark.parametrize("at", range(2))
def test_a_disk_that_is_full_in_the_middle_of_a_gift_loses_nothing(
    circle: Circle,
    grid: int,
    family: Family,
    two: tuple[Workspace, Workspace],
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    """Each reply that is given back goes in by itself: those before it are in, the rest comes with the same file."""
    laptop, other = two
    backup = circle.office.backups.make(circle.folder / "place").path
    homes = []
    for number in range(3):
        homes.append(circle.family(grid, f"30{number}", "王小明").household)
        circle.round(laptop)
    put_back(circle, backup)
    circle.round(laptop)
    visit = made_visit(laptop, family.household)
    bundle = laptop.exchange.pack(circle.stick)
    taken = 0
    take: Callable[..., object] = taking_back._take_one

    def full(*given: object) -> object:
        nonlocal taken
        taken += 1
        if taken > at + 1:
            raise DiskFull("The disk is full.")
        return take(*given)

    with monkeypatch.context() as patch:
        patch.setattr(taking_back, "_take_one", full)
        with pytest.raises(DiskFull):
            circle.office.exchange.merge(bundle)
    assert circle.office.care_of_store.check() == []
    assert circle.office.session.store.get("visit", visit) is None, "the bundle as such did not go in"
    circle.office.exchange.merge(bundle)
    for _ in range(2):
        circle.round(laptop, other)
    assert [circle.office.records.show("household", each).id for each in homes] == homes
    assert circle.office.records.show("visit", visit).id == visit
    settled(circle, grid, laptop, other)


def clashing(circle: Circle, family: Family, elsewhere: Family) -> tuple[Workspace, Workspace, int]:
    """Two copies of a laptop make a visit under one clk: the laptop where it may not, its copy where it may."""
    laptop, twin = copies_of(circle, "twin")
    store = laptop.session.store
    visit = Change("visit", store.new_id(), {"household_id": elsewhere.household}, create=True)
    store.write([visit], Act("create", laptop.session.who))
    made = made_visit(twin, family.household)
    with twin.session.store.cursor() as cursor, store.cursor() as own:
        assert Log(own).rows([made])[made] != Log(cursor).rows([made])[made], "under one clk"
    return laptop, twin, made


def fallen(
    circle: Circle, families: tuple[Family, Family], other: Workspace
) -> tuple[Workspace, Workspace, Workspace, int]:
    """The office, put back after another laptop heard of what the copy wrote; the laptop, its copy, and the clk."""
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin, made = clashing(circle, *families)
    circle.hand_in(twin)
    circle.round(other)
    return put_back(circle, backup, gone=True), laptop, twin, made


@pytest.mark.parametrize("accepted", [False, True])
def test_a_reply_given_back_tells_of_another_op_than_waits_under_its_clk(
    circle: Circle, grid: int, family: Family, two: tuple[Workspace, Workspace], accepted: bool
) -> None:
    """The office heard of the copy's visit, told another laptop, and fell; then the laptop's own was set aside."""
    _, other = two
    elsewhere = circle.family(circle.office.devices.add_grid("第九网格"), "901", "王秀英")
    office, laptop, twin, made = fallen(circle, (family, elsewhere), other)
    for _ in range(12):
        circle.hand_in(laptop)
        circle.reply(laptop)
        if any(op.kind == "visit" for op in office.asides.waiting()):
            break
    (waiting,) = [op for op in office.asides.waiting() if op.kind == "visit"]
    assert office.session.store.get("visit", made) is None
    for _ in range(2):
        circle.round(other)
    values = office.session.store.get("visit", made)
    assert values is not None
    assert values["household_id"] == family.household
    (waiting,) = [op for op in office.asides.waiting() if op.kind == "visit"]
    (office.asides.accept if accepted else office.asides.refuse)([waiting.id])
    for _ in range(4):
        circle.round(laptop, twin, other)
    for at in (office, laptop, twin, other):
        visited = [visit.values["household_id"] for visit in at.records.page("visit")]
        assert family.household in visited
    visited = [visit.values["household_id"] for visit in office.records.page("visit")]
    assert len(visited) == 1 + accepted
    assert set(visited) == {family.household, *([elsewhere.household] if accepted else [])}
    settled(circle, grid, laptop, twin, other)


def test_a_third_laptop_s_edits_reach_the_record_that_was_written_anew(
    circle: Circle, grid: int, family: Family, two: tuple[Workspace, Workspace]
) -> None:
    """Two copies make a visit under one clk. The one that lost has another number, and is edited by a third laptop."""
    _, other = two
    laptop, twin = copies_of(circle, "twin")
    won = made_visit(twin, family.household, resident_words="消防")
    lost = made_visit(laptop, family.household, resident_words="养老")
    assert won == lost
    for one in (twin, laptop):
        circle.hand_in(one)
    circle.round(other)
    told = {visit.values["resident_words"]: visit.id for visit in other.records.page("visit")}
    assert set(told) == {"消防", "养老"}
    other.records.save("visit", {"situation_note": "七"}, told["养老"])
    other.records.save("visit", {"situation_note": "九"}, told["消防"])
    for _ in range(3):
        circle.round(other, laptop, twin)
    for at in (circle.office, laptop, twin, other):
        notes = {visit.values["resident_words"]: visit.values["situation_note"] for visit in at.records.page("visit")}
        assert notes == {"养老": "七", "消防": "九"}
    settled(circle, grid, laptop, twin, other)


def test_the_archive_tells_an_office_put_back_which_copy_came_first(
    circle: Circle, grid: int, family: Family, two: tuple[Workspace, Workspace]
) -> None:
    """A third laptop had the visit of the one copy in sight; after the office fell, the other copy came before it."""
    _, other = two
    backup = circle.office.backups.make(circle.folder / "place").path
    laptop, twin = copies_of(circle, "twin")
    made = made_visit(laptop, family.household, resident_words="养老")
    assert made_visit(twin, family.household, resident_words="消防") == made
    circle.hand_in(laptop)
    circle.round(other)
    put_back(circle, backup)
    other.records.save("visit", {"situation_note": "七"}, made)
    circle.hand_in(twin)
    for _ in range(4):
        circle.round(other, laptop, twin)
    for at in (circle.office, laptop, twin, other):
        notes = {visit.values["resident_words"]: visit.values["situation_note"] for visit in at.records.page("visit")}
        assert notes == {"养老": "七", "消防": None}
    settled(circle, grid, laptop, twin, other)


def test_what_was_deleted_before_a_restored_office_had_it_again_goes_from_every_copy(
    circle: Circle, grid: int, family: Family
) -> None:
    """The deletion came to the office when only one life of the laptop was known, and the visit after it."""
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("laptop-1", "twin")
    circle.copy("office", "before")
    laptop = circle.open("laptop-1")
    circle.open("office")
    circle.restore("office", "before")
    visit = made_visit(laptop, family.household)
    circle.copy("office", "again")
    circle.open("office")
    for _ in range(2):
        circle.hand_in(laptop)
        circle.reply(laptop)
    circle.restore("office", "again")
    delete(laptop, "visit", visit)
    twin = circle.open("twin")
    take_new_life(twin.session.store)
    for _ in range(4):
        for one in (laptop, twin):
            circle.hand_in(one)
            circle.reply(one)
    for one in (circle.office, laptop, twin):
        with pytest.raises(NotFound):
            one.records.show("visit", visit)
    assert circle.agrees(twin, grid)
