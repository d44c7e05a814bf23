"""Grids, people, laptops and kits."""

from contextlib import nullcontext

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid, NotForUs, NotFound, Problem, StoreProblem, UnknownSender
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from tests.circle import Circle, Family, delete, head, made_visit, phones


def test_grids_have_names_of_their_own(circle: Circle) -> None:
    devices = circle.office.devices
    grid = devices.add_grid("第一网格")
    assert devices.grid("第一网格") == devices.grid(str(grid)) == grid
    with pytest.raises(Problem, match="already"):
        devices.add_grid("第一网格")
    with pytest.raises(NotFound):
        devices.grid("第九网格")


def test_a_person_needs_a_name(circle: Circle) -> None:
    with pytest.raises(Invalid):
        circle.office.devices.add_staff({"role": "grid_worker"})
    circle.office.devices.add_staff({"name": "赵海", "role": "grid_worker"})
    assert ("赵海", "grid_worker") in [(name, role) for _, name, role in circle.office.devices.staff()]


@pytest.mark.parametrize(
    ("kit", "code"),
    [("gone/kit.gwk", "code.txt"), ("kit.gwk", "gone/code.txt"), ("kit.gwk", "stick"), ("kit.gwk", "kit.gwk")],
)
def test_where_a_file_of_a_kit_cannot_be_written_nothing_was_issued(circle: Circle, kit: str, code: str) -> None:
    devices, grid = circle.office.devices, circle.office.devices.add_grid("第一网格")
    before, files = head(circle.office), set(circle.folder.rglob("*.*"))
    with pytest.raises(Problem):
        devices.issue_kit("周敏", [grid], circle.folder / kit, circle.folder / code)
    assert devices.laptops() == []
    assert "周敏" not in {name for _, name, _ in devices.staff()}
    assert head(circle.office) == before
    assert set(circle.folder.rglob("*.*")) == files
    assert devices.issue_kit("周敏", [grid], circle.stick).laptop == 1


def test_a_kit_is_issued_again_and_only_once_it_is_written(circle: Circle) -> None:
    devices, grid = circle.office.devices, circle.office.devices.add_grid("第一网格")
    first = devices.issue_kit("周敏", [grid], circle.stick / "first.gwk")
    with pytest.raises(StoreProblem):
        devices.reissue_kit(first.laptop, circle.folder / "gone" / "again.gwk")
    circle.round(circle.set_up(first.path, first.code, "laptop-1"))
    second = devices.issue_kit("王强", [grid], circle.stick)
    kit = devices.reissue_kit(second.laptop, circle.stick)
    assert kit.path == circle.stick / "laptop-02.gwk"
    enrolled = circle.set_up(kit.path, kit.code, "laptop-2")
    circle.round(enrolled)
    assert circle.agrees(enrolled, grid)
    with pytest.raises(NotFound):
        devices.reissue_kit(9, circle.stick)


def test_a_kit_opens_with_its_own_code_only(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    first = circle.office.devices.issue_kit("周敏", [grid], circle.stick, circle.stick / "code.txt")
    second = circle.office.devices.issue_kit("赵海", [grid], circle.stick)
    assert (circle.stick / "code.txt").read_text().strip() == first.code
    with pytest.raises(NotForUs):
        circle.set_up(first.path, second.code, "wrong")


def test_a_laptop_decides_nothing_about_devices(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    with pytest.raises(Denied):
        laptop.devices.add_grid("第二网格")
    with pytest.raises(Denied):
        laptop.devices.issue_kit("赵海", [grid], circle.stick)
    with pytest.raises(Problem, match="at least one grid"):
        circle.office.devices.issue_kit("赵海", [], circle.stick)


def test_numbers_are_never_given_twice(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    numbers = [circle.office.devices.issue_kit("周敏", [grid], circle.stick).laptop for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert [laptop.worker for laptop in circle.office.devices.laptops()] == ["周敏"] * 3


@pytest.fixture
def at_work(circle: Circle) -> tuple[Workspace, Family]:
    """A laptop in use, and the family in its grid."""
    grid = circle.office.devices.add_grid("第五网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    return laptop, family


def test_a_retired_laptop_comes_back_and_nothing_of_its_work_is_refused(
    circle: Circle, at_work: tuple[Workspace, Family]
) -> None:
    laptop, family = at_work
    office = circle.office
    office.devices.retire(1)
    assert [one.state for one in office.devices.laptops()] == ["retired"]
    assert office.exchange.laptops() == []
    office.records.save("resident", {"phones": "13800000001"}, family.resident)
    visit = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert office.records.show("visit", visit).values["household_id"] == family.household
    assert office.asides.waiting() == []
    with pytest.raises(UnknownSender, match="1"):
        circle.reply(laptop)
    office.devices.readmit(1)
    circle.round(laptop)
    assert phones(laptop, family.resident) == "13800000001"
    assert laptop.exchange.pending().records == 0
    assert [one.agrees for one in office.exchange.agreements()] == [True]


@pytest.mark.parametrize(
    ("said", "then", "settles"),
    [
        ("retired", "readmit", True),
        ("retired", "revoke", True),
        ("revoked", "revoke", True),
        ("revoked", "readmit", False),
    ],
)
def test_what_two_lives_of_the_office_said_of_a_laptop_the_next_word_settles(
    circle: Circle, at_work: tuple[Workspace, Family], said: str, then: str, settles: bool
) -> None:
    """But a laptop that one of them called stolen does not come back by the way."""
    office = circle.office
    record = office.devices.laptops()[0].id
    elsewhere(office, record, said)
    with nullcontext() if settles else pytest.raises(Problem, match="Settle that first"):
        getattr(office.devices, then)(1)
    assert bool(office.merge.conflicts(record)) is not settles


def elsewhere(office: Workspace, record: int, said: str) -> None:
    """Another life of the office says something of a laptop's state, and this one something else."""
    kind, store = kind_named("device").kind, office.session.store
    number = kind.specs["state"].number
    for state in ("active", said):
        edit = pack_edits(record, [Edit(number, state, (record,))])
        rows = [OpRow(store.new_id(), kind.number, record, What.EDIT, 0, edit)]
        store.apply(Incoming(rows, [Author(office.session.who, 0)], Act("edit", office.session.who)))


def test_what_comes_from_a_revoked_laptop_waits_for_a_word(circle: Circle, at_work: tuple[Workspace, Family]) -> None:
    laptop, family = at_work
    office = circle.office
    office.devices.revoke(1)
    (row,) = office.audit.here(Filter(actions=("revoke",)))
    assert (row.did, row.detail) == ("Reported a laptop lost or stolen", "Lost or stolen")
    visit = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    waiting = office.asides.waiting()
    assert {one.reason for one in waiting} == {"revoked"}
    assert visit in {one.record for one in waiting}
    with pytest.raises(NotFound):
        office.records.show("visit", visit)
    office.asides.accept([one.id for one in waiting if one.kind == "visit"])
    assert office.records.show("visit", visit).values["household_id"] == family.household


def test_only_the_office_says_which_laptops_are_in_use(circle: Circle, at_work: tuple[Workspace, Family]) -> None:
    laptop, _ = at_work
    with pytest.raises(Denied):
        laptop.devices.retire(1)
    with pytest.raises(NotFound):
        circle.office.devices.revoke(9)


def test_undo_does_not_take_back_a_kit_that_was_given_out(circle: Circle) -> None:
    """Nor anything before it: whoever says undo after a kit was given out does not mean the grid it is for."""
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    kit = office.devices.issue_kit("周敏", [grid], circle.stick)
    before = head(office)
    with pytest.raises(Problem, match="Take the laptop out of use instead"):
        office.records.undo()
    with pytest.raises(Problem, match="Take the laptop out of use instead"):
        office.records.undo_batch(before[0])
    assert head(office) == before
    circle.set_up(kit.path, kit.code, "laptop-1")
    assert office.devices.laptops()[0].worker == "周敏"


def test_giving_out_a_kit_is_one_act_whoever_it_is_for(circle: Circle) -> None:
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    for worker in ("周敏", "周敏", "王强"):
        before = head(office)[0]
        office.devices.issue_kit(worker, [grid], circle.stick)
        assert head(office)[0] == before + 1
    assert [name for _, name, _ in office.devices.staff()] == ["刘芳", "周敏", "王强"]


def test_pages_hear_of_a_worker_that_a_kit_wrote_down(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    heard: set[str] = set()
    circle.office.subscribe(lambda commit: heard.update(commit.touched))
    circle.office.devices.issue_kit("周敏", [grid], circle.stick)
    assert {"staff", "device", "device_grid"} <= heard


def test_a_grid_that_a_laptop_holds_is_not_undone(circle: Circle) -> None:
    office = circle.office
    grid = office.devices.add_grid("第一网格")
    made = head(office)[0]
    office.devices.issue_kit("周敏", [grid], circle.stick)
    assert office.records.undo_batch(made).kept == 1
    assert office.devices.grids() == [(grid, "第一网格")]
    assert not office.care_of_store.check()


def test_the_number_of_a_laptop_whose_record_is_gone_is_given_to_no_other(circle: Circle) -> None:
    """Its kit was given out: what comes from it bears that number."""
    grid = circle.office.devices.add_grid("第一网格")
    circle.enrol("周敏", grid)
    (device,) = (one.id for one in circle.office.records.page("device") if one.values["number"] == 1)
    delete(circle.office, "device", device)
    assert circle.office.devices.issue_kit("赵海", [grid], circle.stick / "new.gwk").laptop == 2
