"""What is typed and not yet saved: kept by name, on this device only."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import StoreBusy
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
