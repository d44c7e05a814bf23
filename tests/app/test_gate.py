"""The gate at work: every method of every service for every role, called, and refused before anything of it runs."""

import inspect
from collections.abc import Iterator
from functools import cached_property

import pytest

from gridworker import discover
from gridworker.app.gate import Action, Declared, Matter, Service, declared, needs
from gridworker.app.issue.views import Done
from gridworker.app.register.register import Register
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.domain.rights import ROLES, may
from gridworker.errors import Denied, NotFound
from gridworker.store.log.journal import Journal
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act, Change
from tests.app.conftest import Opener
from tests.guards.test_gate import SERVICES
from tests.village import Home, Village


def act_as(session: Session, role: str | None) -> None:
    """Put somebody of a role at the keyboard."""
    who = session.new_id()
    values = kind_named("staff").checked({"name": "何平", "role": role or "office", "active": role is not None})
    session.store.write([Change("staff", who, values, create=True)], Act("role", who))
    session.who = who
    session._staff = None


def _methods(service: type) -> Iterator[tuple[str, Declared]]:
    for name, member in vars(service).items():
        said = None if name.startswith("_") else declared(member)
        if said is not None and said.action is not None:
            yield name, said


def _made(service: type, session: Session) -> Service:
    assert issubclass(service, Service)
    made = object.__new__(service)
    made._session = session
    return made


def _is_read(service: type, name: str) -> bool:
    """Whether a service has it as a property."""
    return isinstance(inspect.getattr_static(service, name), property | cached_property)


def _takes_sharing(service: type, name: str) -> bool:
    return not _is_read(service, name) and "sharing" in inspect.signature(getattr(service, name)).parameters


def _call(service: Service, name: str, **named: object) -> None:
    """Call a method with nothing that makes sense: past the gate it would fall over at once."""
    method = getattr(service, name)
    if _is_read(type(service), name):
        return
    wanted = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
    positional = {one.name: named.get(one.name) for one in wanted if one.kind is not one.KEYWORD_ONLY}
    keywords = {one.name: None for one in wanted if one.kind is one.KEYWORD_ONLY}
    method(*positional.values(), **keywords)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_what_a_role_may_not_is_refused_by_every_method(office: Workspace, role: str | None) -> None:
    session = office.session
    act_as(session, role)
    refused = 0
    for service in SERVICES:
        made = _made(service, session)
        for name, said in _methods(service):
            for kind in discover.kinds() if said.of else ("",):
                matter = said.matter or made.matter(kind)
                assert said.action is not None
                takes_masked = said.action is Action.READ and _takes_sharing(service, name)
                if may(role, said.action, matter) or (takes_masked and may(role, Action.MASKED, matter)):
                    continue
                with pytest.raises(Denied):
                    _call(made, name, **{said.of: kind})
                refused += 1
    assert refused or role == "office"
    if role in {None, "volunteer"}:
        assert refused > 250


def test_a_method_that_does_not_ask_would_be_found(office: Workspace) -> None:
    class Careless(Service):
        @needs(Action.READ, Matter.TASKS)
        def one(self) -> int:
            return 1

    act_as(office.session, None)
    made = Careless()
    made._session = office.session
    with pytest.raises(Denied):
        _call(made, "one")
    act_as(office.session, "volunteer")
    assert made.one() == 1


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


def test_who_reads_masked_gets_what_share_mode_shows(workspace: Workspace, chen: Home) -> None:
    assert "陈桂芳" in repr(workspace.households.file(chen.id))
    act_as(workspace.session, "building_head")
    shown = repr(workspace.households.file(chen.id)) + repr(workspace.households.rows([chen.id]))
    shown += repr(workspace.households.brief(chen.id)) + repr(workspace.search.find("陈桂芳"))
    assert "陈**" in shown
    assert "陈桂芳" not in shown.replace("query='陈桂芳'", "").replace("SearchView(query", "")
    assert "13800000142" not in shown
    with pytest.raises(Denied):
        workspace.people.reveal(chen.people["陈桂芳"], "phones")


def test_nobody_without_the_right_finds_people_by_a_number(workspace: Workspace, chen: Home) -> None:
    assert workspace.search.find("0142").by_number
    act_as(workspace.session, "duty")
    assert not workspace.search.find("0142").parts
    act_as(workspace.session, "grid_worker")
    workspace.session.writer = "刘芳"
    assert chen.id
    assert not workspace.search.find("0142").parts  # it could not be put on record


def test_what_cannot_be_put_on_record_is_not_shown(workspace: Workspace, chen: Home) -> None:
    workspace.session.writer = "刘芳"
    with pytest.raises(Exception, match="is writing in another window"):
        workspace.people.reveal(chen.people["陈桂芳"], "phones")


def test_a_read_only_window_shows_numbers_masked(workspace: Workspace, chen: Home) -> None:
    resident = chen.people["陈桂芳"]
    assert "13800000142" in repr(workspace.records.history("resident", resident))
    workspace.session.writer = "刘芳"
    assert workspace.records.show("resident", resident).values["phones"] == "138****0142"
    shown = repr(workspace.records.history("resident", resident))
    assert "13800000142" not in shown
    assert "138****0142" in shown
    assert "13800000142" not in repr(workspace.rosters.neutral())


def test_a_role_that_was_changed_holds_at_once(workspace: Workspace, chen: Home) -> None:
    act_as(workspace.session, "office")  # stays the last one of the office
    act_as(workspace.session, "office")
    workspace.records.save("staff", {"role": "auditor"}, workspace.session.who)
    with pytest.raises(Denied, match="Grid worker"):
        workspace.households.file(chen.id)
    act_as(workspace.session, "office")
    workspace.records.save("staff", {"active": False}, workspace.session.who)
    with pytest.raises(Denied, match="without a role"):
        workspace.households.file(chen.id)


def test_nobody_gives_themselves_a_role_that_may_do_more(office: Workspace) -> None:
    """The administrator keeps the accounts, and would else be one click from seeing everybody in clear."""
    act_as(office.session, "office")  # stays the last one of the office
    act_as(office.session, "administrator")
    me, values = office.session.who, {"name": "何平", "phone": "13800000111"}
    for role in ("office", "grid_worker", "duty"):
        with pytest.raises(Denied, match="themselves"):
            office.records.save("staff", {"role": role}, me)
    office.records.save("staff", {**values, "role": "administrator"}, me)
    assert office.records.save("staff", {"role": "volunteer"}, me).values["role"] == "volunteer"


def test_who_has_not_come_yet_is_a_worker_and_who_was_deleted_is_nobody(workspace: Workspace) -> None:
    workspace.session.who = 5
    workspace.session._staff = None
    assert workspace.session.role == "grid_worker"
    act_as(workspace.session, "office")
    act_as(workspace.session, "office")
    workspace.records.remove("staff", workspace.session.who)
    assert workspace.session.role is None


def test_a_change_of_role_stands_in_the_audit_as_one(office: Workspace) -> None:
    clerk = office.devices.add_staff({"name": "赵海", "role": "volunteer"})
    office.records.save("staff", {"role": "duty"}, clerk)
    office.records.save("staff", {"phone": "13800000111"}, clerk)
    acts = [view.action for view in office.audit.everywhere()]
    assert acts[:3] == ["edit", "role", "role"]


def test_references_to_what_one_may_not_read_are_hidden(office: Workspace) -> None:
    act_as(office.session, "administrator")
    register = Register(office.session)
    spec = kind_named("handover_request").kind.specs["household_id"]
    assert register.shown(spec, 5) == "••••"
    assert {kind.name for kind in register.kinds()} == {
        "building", "dwelling", "grid", "community", "merchant", "staff", "handover_request", "duty_shift",
        "training_record", "post_assignment", "disclosure",
    }  # fmt: skip


def test_the_administrator_sees_staff_phones_and_the_auditor_does_not(office: Workspace) -> None:
    person = office.devices.add_staff({"name": "赵海", "role": "duty", "phone": "13800000111"})
    act_as(office.session, "administrator")
    assert office.records.show("staff", person).values["phone"] == "13800000111"
    act_as(office.session, "auditor")
    assert office.records.show("staff", person).values["phone"] == "138****0111"


def test_a_volunteer_has_the_slip_and_nothing_of_why(workspace: Workspace, village: Village, chen: Home) -> None:
    act_as(workspace.session, "volunteer")
    assert workspace.tasks.mine() == []
    at = "2026-03-18T01:00:00Z"
    issue = village.issue("送餐", at=at, home=chen, owner_id=workspace.session.who, summary="腿脚不便")
    village.step(issue, "accept", at=at, due_on="2026-03-20")
    (slip,) = workspace.tasks.mine()
    assert (slip.name, slip.place, slip.due) == ("陈桂芳", "3栋1单元202", "2026-03-20")
    assert "腿脚" not in repr(slip)
    assert "送餐" not in repr(slip)


def test_a_task_of_who_had_very_many_before_is_on_the_slip(workspace: Workspace, chen: Home) -> None:
    act_as(workspace.session, "volunteer")
    who, at, session = workspace.session.who, "2026-03-18T01:00:00Z", workspace.session
    said = {"title": "送餐", "category": "E", "severity": "S3", "reported_at": at, "owner_id": who}
    *before, last = (session.new_id() for _ in range(502))
    issue, step = kind_named("issue").checked({**said, "household_id": chen.id}), kind_named("issue_step")
    closing = [step.checked({"action": "close", "at": at, "actor_id": who, "issue_id": id_}) for id_ in before]
    changes = [Change("issue", id_, issue, create=True) for id_ in (*before, last)]
    changes += [Change("issue_step", session.new_id(), values, create=True) for values in closing]
    session.store.write(changes, Act("create", who))
    assert [(slip.id, slip.name) for slip in workspace.tasks.mine()] == [(last, "陈桂芳")]


def test_a_laptop_opens_its_own_log_and_the_office_everybodys(workspace: Workspace, office: Workspace) -> None:
    assert workspace.audit.here()
    with pytest.raises(Denied):
        workspace.audit.everywhere()
    assert office.audit.everywhere()


def test_fixture_opens_with_a_role(open_store: Opener) -> None:
    assert open_store("laptop-9", laptop=9, duty="volunteer").role == "volunteer"


@pytest.mark.parametrize("role", ["office", "auditor"])
def test_a_history_is_read_as_what_the_record_is(workspace: Workspace, village: Village, role: str) -> None:
    """Asked for as a grid, a person's history would pass by the gate of people, by the mask and by the audit."""
    home = village.household("陈桂芳")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    act_as(workspace.session, role)
    with pytest.raises(NotFound):
        workspace.records.history("grid", home.people["陈桂芳"])


def test_what_a_newer_version_wrote_is_covered_with_the_rest(workspace: Workspace, village: Village) -> None:
    resident = village.household("陈桂芳").people["陈桂芳"]
    store = workspace.session.store
    vals = pack_edits(resident, [Edit(999, "canary", (resident,))])
    row = OpRow(store.new_id(), kind_named("resident").kind.number, resident, What.EDIT, 0, vals)
    store.apply(Incoming([row], [Author(7, 0)], Act("merge", workspace.session.who)))
    assert "canary" in repr(workspace.records.history("resident", resident))
    workspace.session.writer = "刘芳"  # no look could be put on record
    assert "canary" not in repr(workspace.records.history("resident", resident))


def _last_act(office: Workspace) -> int:
    with office.session.store.cursor() as cursor:
        return Journal(cursor, office.session.store.chain_key).last()[0]


@pytest.mark.parametrize("role", ["administrator", "auditor", "building_head", "duty", None])
def test_nobody_takes_back_what_they_may_not_write(office: Workspace, role: str | None) -> None:
    made = office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    done = Done(0, "", _last_act(office))
    act_as(office.session, role)
    for way in (lambda: office.records.undo_batch(done.batch), lambda: office.issues.undo(done)):
        with pytest.raises(Denied):
            way()
    act_as(office.session, "office")
    assert office.records.show("resident", made.id).values["name"] == "陈桂芳"
    office.records.undo_batch(done.batch)
    with pytest.raises(NotFound):
        office.records.show("resident", made.id)


def test_a_role_that_goes_takes_the_undo_of_what_was_done_in_it(office: Workspace) -> None:
    act_as(office.session, "office")
    made = office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    who = office.session.who
    act_as(office.session, "office")
    office.records.save("staff", {"role": "volunteer"}, who)
    office.session.who, office.session._staff = who, None
    with pytest.raises(Denied):
        office.records.undo()
    assert office.session.store.get("resident", made.id) is not None


def test_one_s_own_act_goes_back_whole_though_it_reached_beyond_the_role(office: Workspace) -> None:
    """As where an administrator parts a grid, and its households go along."""
    session, grid = office.session, office.devices.add_grid("第一网格")
    act_as(session, "administrator")
    who, person = session.who, session.new_id()
    values = kind_named("resident").checked({"name": "陈桂芳", "status": "in_place"})
    along = Change("resident", person, values, create=True)
    commit = session.store.write([Change("grid", grid, {"name": "一网格"}), along], Act("edit", who))
    act_as(session, "administrator")
    with pytest.raises(Denied):
        office.records.undo_batch(commit.batch)
    session.who, session._staff = who, None
    office.records.undo()
    assert office.records.show("grid", grid).values["name"] == "第一网格"
    assert session.store.get("resident", person) is None
