"""Who lets whom do more, for every role and every other one; and no office locks itself out."""

from pathlib import Path

import pytest

from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import vault_in, who_opens
from gridworker.app.workspace import Workspace
from gridworker.domain.rights import ROLES, Action, Matter, may, rises
from gridworker.errors import Denied, Problem, TooSoon, WrongPassphrase
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import seal_recovery
from tests.app.test_gate import act_as
from tests.circle import PASSPHRASE, RECOVERY, Circle

SECOND, THIRD = "second person here", "三只蓝猫 爱喝 绿豆汤"


@pytest.fixture
def office(circle: Circle) -> Workspace:
    return circle.office


@pytest.mark.parametrize("active", [True, False])
def test_nobody_else_calls_who_is_of_the_office_something_else(office: Workspace, *, active: bool) -> None:
    """The name is how the log says whose act it was."""
    clerk = office.records.save("staff", {"name": "王敏", "role": "office", "active": active}).id
    worker = office.records.save("staff", {"name": "周敏", "role": "grid_worker", "active": True}).id
    _sit_down(office, _made(office, "administrator"))
    with pytest.raises(Denied, match="of the office alone"):
        office.records.save("staff", {"name": "李四", "phone": "13800000142"}, clerk)
    office.records.save("staff", {"name": "王敏", "phone": "13800000142"}, clerk)
    office.records.save("staff", {"name": "周小敏"}, worker)
    assert [office.records.show("staff", one).values["name"] for one in (clerk, worker)] == ["王敏", "周小敏"]


def _made(office: Workspace, role: str) -> int:
    return office.records.save("staff", {"name": f"某{role}", "role": role, "active": True}).id


def _sit_down(office: Workspace, person: int) -> None:
    office.session.who, office.session._staff = person, None


@pytest.mark.parametrize("actor", ["office", "administrator"])
@pytest.mark.parametrize("role", ROLES)
def test_new_accounts_and_their_passphrases(office: Workspace, actor: str, role: str) -> None:
    clerk = office.session.who
    _sit_down(office, _made(office, actor))
    if actor == "administrator" and role == "office":
        with pytest.raises(Denied, match="of the office alone"):
            _made(office, role)
        person = _by(office, clerk, role)
    else:
        person = _made(office, role)
    assert office.people_here.needs_second(person) == rises(actor, role)
    if not rises(actor, role):
        return office.people_here.add(person, SECOND)
    with pytest.raises(Denied, match="types their own passphrase"):
        office.people_here.add(person, SECOND)
    with pytest.raises(WrongPassphrase):
        office.people_here.add(person, SECOND, witness=SECOND)
    assert len(office.people_here.listed()) == 1
    office.people_here.add(person, SECOND, witness=PASSPHRASE)
    _sit_down(office, clerk)
    rows = [row.values for row in office.records.page("audit_event", limit=50, where={"action": "key"})]
    assert [(row["detail"], row["record"]) for row in rows] == [("vouched", clerk), ("person added", person)]
    assert {row["staff_id"] for row in rows} != {clerk}
    return None


def _by(office: Workspace, clerk: int, role: str) -> int:
    me, office.session.who, office.session._staff = office.session.who, clerk, None
    made = _made(office, role)
    _sit_down(office, me)
    return made


@pytest.mark.parametrize("before", [*ROLES, None])
@pytest.mark.parametrize("after", [*ROLES, None])
def test_an_account_that_is_there_rises_by_the_office_alone(
    office: Workspace, before: str | None, after: str | None
) -> None:
    person = _made(office, before or "duty")
    if before is None:
        office.records.save("staff", {"active": False}, person)
    values = {"active": False} if after is None else {"role": after, "active": True}
    clerk = office.session.who
    act_as(office.session, "administrator")
    refused = before != after and (
        "office" in (before, after)
        or (after is not None and rises("administrator", after) and (before is None or rises(before, after)))
    )
    if refused:
        with pytest.raises(Denied, match="office"):
            office.records.save("staff", values, person)
        _sit_down(office, clerk)
    office.records.save("staff", values, person)


def test_a_deleted_account_is_brought_back_by_the_office_and_not_by_an_undo(office: Workspace) -> None:
    clerk, worker = office.session.who, _made(office, "grid_worker")
    act_as(office.session, "administrator")
    office.records.remove("staff", worker)
    for way in (office.records.undo, lambda: office.records.bring_back("staff", worker)):
        with pytest.raises(Denied, match="brings accounts back"):
            way()
    _sit_down(office, clerk)
    office.records.bring_back("staff", worker)


def test_one_who_may_give_passphrases_and_do_as_much_vouches_and_nobody_else(office: Workspace) -> None:
    administrator, duty, worker = (_made(office, role) for role in ("administrator", "duty", "grid_worker"))
    office.people_here.add(administrator, SECOND)
    office.people_here.add(duty, THIRD)
    _sit_down(office, administrator)
    for passphrase in (SECOND, THIRD):
        with pytest.raises(WrongPassphrase):
            office.people_here.add(worker, "窗户 稻田 老虎 铅笔", witness=passphrase)


def test_vouching_is_no_way_to_guess_a_colleague_s_passphrase(office: Workspace) -> None:
    administrator, worker = _made(office, "administrator"), _made(office, "grid_worker")
    office.people_here.add(administrator, SECOND)
    _sit_down(office, administrator)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            office.people_here.add(worker, "窗户 稻田 老虎 铅笔", witness=THIRD)
    with pytest.raises(TooSoon):
        office.people_here.add(worker, "窗户 稻田 老虎 铅笔", witness=PASSPHRASE)


def test_a_worker_on_a_laptop_cannot_be_who_may_do_more(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    people = {role: _made(circle.office, role) for role in ROLES}
    laptop = circle.enrol("周敏", grid)
    for role, person in people.items():
        if rises("grid_worker", role):
            with pytest.raises(Denied, match="make its device bundle"):
                laptop.people_here.add(person, SECOND, witness=PASSPHRASE)
    laptop.people_here.add(people["duty"], SECOND)
    assert not may("duty", Action.CHANGE, Matter.KEYS)
    head = circle.enrol("某branch_secretary", grid)
    head.people_here.add(people["grid_worker"], SECOND)


def test_kits_answers_and_lost_laptops_are_the_offices(circle: Circle, tmp_path: Path) -> None:
    """Each of them opens whole grids in clear."""
    office, grid = circle.office, circle.office.devices.add_grid("第一网格")
    circle.enrol("周敏", grid)
    act_as(office.session, "administrator")
    for way in (
        lambda: office.devices.issue_kit("周敏", [grid], tmp_path / "kit.gwk"),
        lambda: office.devices.reissue_kit(1, tmp_path / "kit.gwk"),
        lambda: office.devices.readmit(1),
        lambda: office.resets.answer("7K2MX"),
    ):
        with pytest.raises(Denied, match="It is for: Community office"):
            way()
    office.devices.revoke(1)
    assert [one.state for one in office.devices.laptops()] == ["revoked"]


def test_a_new_data_key_leaves_somebody_of_the_office(office: Workspace) -> None:
    administrator = _made(office, "administrator")
    office.people_here.add(administrator, SECOND)
    [slot] = [one.slot for one in office.people_here.listed() if one.person == administrator]
    office.session.keys = type(office.session.keys)(office.session.keys.dek, slot, administrator)
    _sit_down(office, administrator)
    with pytest.raises(Denied, match="one of the community office makes"):
        office.data_key.prepare(SECOND)


def test_the_recovery_sheet_lets_the_office_in_again_where_nobody_of_it_can_unlock(
    circle: Circle, tmp_path: Path
) -> None:
    """A backup from before they came does not know who has the passphrases now."""
    office, clerk = circle.office, circle.office.session.who
    office.session.keys = type(office.session.keys)(office.session.keys.dek, "", 0)
    changes = SlotChanges(vault_in(office.session.folder.root, CHEAP), office.session.keys)
    changes.set_recovery(1, RECOVERY.public.recipient, RECOVERY.public.signing)
    changes.belongs_to(office.session.new_id())
    circle.close("office")
    folder = circle.folder / "office"
    stranger = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    assert stranger.session.role is None
    stranger.close()
    code, sheet = Code.new(), tmp_path / "recovery.age"
    sheet.write_bytes(seal_recovery(RECOVERY, code))
    [here] = who_opens(folder, CHEAP)
    again = Forgotten(folder, profile=CHEAP).recover(sheet, code.text, THIRD, here.slot)
    assert (again.session.who, again.session.role) == (clerk, "office")
    again.close()
    opened = Workspace.open(folder, THIRD, profile=CHEAP)
    assert opened.session.who == clerk
    assert "The office let in again by the recovery sheet" in {view.detail for view in opened.audit.everywhere()}
    opened.close()
    with pytest.raises(Problem):
        Workspace.open(folder, PASSPHRASE, profile=CHEAP)
