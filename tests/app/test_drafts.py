"""What is typed and not yet saved: kept by name, on this device only."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import StoreBusy
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
    """Several people share a laptop: a colleague's half-written visit is in clear."""
    names = ("visit:1", "person:1", "life:born:1", "report:new", "issue-step:1", "record:staff:1", "record:need:1")
    for name in (*names, "later:1"):
        workspace.drafts.keep(name, {"note": "13800000142"})
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
