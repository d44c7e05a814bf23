"""What is typed and not yet saved: kept by name, on this device only."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem, StoreBusy
from gridworker.store import drafts
from gridworker.store.departed import _begun
from tests.app.test_gate import act_as
from tests.village import HandClock


def test_a_draft_is_kept_under_its_name_and_replaced(workspace: Workspace, clock: HandClock) -> None:
    workspace.drafts.keep("visit:1", {"note": "一"})
    clock.move(seconds=5)
    assert workspace.drafts.keep("visit:1", {"note": "二", "count": 3}) == clock.at
    draft = workspace.drafts.get("visit:1")
    assert draft is not None
    assert (draft.fields, draft.kept_at) == ({"note": "二", "count": 3}, clock.at)
    assert len(workspace.drafts.all()) == 1


def test_drafts_are_found_by_the_start_of_their_name_newest_first(workspace: Workspace, clock: HandClock) -> None:
    for name in ("visit:1", "later:1", "visit:22", "visit:2"):
        workspace.drafts.keep(name, {})
        clock.move(minutes=1)
    assert [draft.name for draft in workspace.drafts.all("visit:")] == ["visit:2", "visit:22", "visit:1"]
    assert workspace.drafts.get("visit:") is None


def test_a_draft_is_no_record_and_goes_when_dropped(workspace: Workspace) -> None:
    with workspace.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op")
        before = cursor.fetchone()
    workspace.drafts.keep("visit:1", {"note": "x"})
    workspace.drafts.drop("visit:1")
    workspace.drafts.drop("visit:1")
    assert workspace.drafts.all() == []
    with workspace.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op")
        assert cursor.fetchone() == before


def test_a_window_that_only_reads_keeps_none(workspace: Workspace) -> None:
    workspace.session.writer = "刘芳"
    with pytest.raises(StoreBusy, match="刘芳"):
        workspace.drafts.keep("visit:1", {})


def test_what_stands_in_a_form_is_shown_to_who_fills_in_such_a_form(workspace: Workspace) -> None:
    """Of those of nobody in particular: an older version wrote down nobody."""
    names = ("visit:1", "person:1", "life:born:1", "report:new", "issue-step:1", "record:staff:1", "record:need:1")
    workspace.drafts.keep("later:1", {"note": "13800000142"})
    for name in names:
        with workspace.session.store.db.write() as connection:
            drafts.put(connection, name, b'{"note": "13800000142"}', workspace.session.now())
    seen = {
        "grid_worker": {*names} - {"record:staff:1"},
        "building_head": {"report:new"},
        "duty": {"report:new", "issue-step:1", "record:need:1"},
        "administrator": {"record:staff:1"},
    }
    for role, wanted in seen.items():
        act_as(workspace.session, role)
        workspace.households.opened(7)
        assert workspace.households.last_opened() == [7]
        shown = {draft.name for draft in workspace.drafts.all() if draft.fields}
        assert shown == wanted | {"later:1", "opened"}
        assert len(workspace.drafts.all()) == len(names) + 2, "that there is one is known"
        draft = workspace.drafts.get("visit:1")
        assert draft is not None
        assert bool(draft.fields) == ("visit:1" in wanted)


def test_a_draft_is_read_finished_and_dropped_by_who_began_it(workspace: Workspace, clock: HandClock) -> None:
    first = workspace.session.who
    names = ("visit:1", "report:new", "issue-step:1", "person:1")
    for name in names:
        workspace.drafts.keep(name, {"note": "她说的话"})
    for role in ("grid_worker", "branch_secretary", "building_head", "duty", "office", "administrator"):
        act_as(workspace.session, role)
        assert workspace.drafts.all() == []
        assert workspace.drafts.get("report:new") is None
        assert {(one.name, one.who, one.called) for one in workspace.drafts.of_others()} == {
            (name, first, "周敏") for name in names
        }
    act_as(workspace.session, "grid_worker")
    clock.move(seconds=5)
    workspace.drafts.keep("visit:1", {"note": "我的"})
    workspace.drafts.drop("visit:1")
    workspace.drafts.drop("report:new")
    workspace.session.who, workspace.session._staff = first, None
    assert {one.name for one in workspace.drafts.all() if one.fields == {"note": "她说的话"}} == {*names}
    with workspace.session.store.cursor() as cursor:
        assert _begun(cursor) == {1}, "a household with a draft of anybody stays on the laptop"


def test_who_keeps_the_accounts_hands_a_draft_on_and_reads_none_by_it(office: Workspace) -> None:
    giver, heir = office.session.who, office.devices.add_staff({"name": "赵海", "role": "office"})
    office.drafts.keep("visit:1", {"note": "她说的话"})
    act_as(office.session, "auditor")
    with pytest.raises(Denied):
        office.drafts.hand_on("visit:1", giver, heir)
    act_as(office.session, "administrator")
    administrator = office.session.who
    for name, of, to in (("visit:2", giver, heir), ("visit:1", heir, giver), ("visit:1", giver, 7)):
        with pytest.raises(NotFound):
            office.drafts.hand_on(name, of, to)
    with pytest.raises(Denied, match="not for your role, Administrator"):
        office.drafts.hand_on("visit:1", giver, administrator)
    office.drafts.hand_on("visit:1", giver, heir)
    assert office.drafts.all() == []
    office.session.who, office.session._staff = giver, None
    assert office.drafts.all() == []
    office.drafts.keep("visit:1", {"note": "另一次"})
    with pytest.raises(Problem, match="begun one of their own"):
        office.drafts.hand_on("visit:1", giver, heir)
    rows = [row.values for row in office.records.page("audit_event", limit=50)]
    handed = [(row["staff_id"], row["record"]) for row in rows if row["detail"] == "draft handed-on"]
    assert handed == [(administrator, giver)]
    office.session.who, office.session._staff = heir, None
    assert [draft.fields for draft in office.drafts.all()] == [{"note": "她说的话"}]


def test_what_is_handed_on_takes_nothing_from_who_began_one_of_their_own(workspace: Workspace) -> None:
    at = workspace.session.now()
    with workspace.session.store.db.write() as connection:
        for who, body in ((1, b'"one"'), (2, b'"two"')):
            drafts.put(connection, "visit:1", body, at, who)
        assert not drafts.hand_on(connection, "visit:1", 1, 2)
        assert {(one.who, one.body) for one in drafts.find(connection, "visit:")} == {(1, b'"one"'), (2, b'"two"')}


def test_a_name_that_looks_like_that_of_a_colleague_finds_nothing_of_theirs(workspace: Workspace) -> None:
    at = workspace.session.now()
    with workspace.session.store.db.write() as connection:
        drafts.put(connection, "visit:34", b'{"note": "theirs"}', at, 12)
    with workspace.session.store.db.read() as connection:
        assert drafts.own(connection, "@12:visit:34", 7) is None
        assert drafts.own(connection, "visit:34", 7) is None
        assert drafts.own(connection, "visit:34", 12) is not None
