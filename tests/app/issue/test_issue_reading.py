"""The issues page keeps what it has read: it shows the same, and reads it again as soon as that may be otherwise."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.issue import reading as issue_reading
from gridworker.app.issue.list import Told
from gridworker.app.issue.reading import Words
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import IssueFilter, IssuesView
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_issue import CATEGORY
from gridworker.store.queries import issues as queries
from gridworker.store.queries.issues import IssueRow
from gridworker.store.search.pinyin import initials
from tests.circle import Circle
from tests.village import HandClock

TEXTS = st.text("漏水王 lsLS3栋\n", max_size=6)


def shown(view: IssuesView) -> set[str]:
    return {row.title for group in view.groups for row in group.rows}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of all open issues, one by one."""
    read: list[str] = []

    def noted(name: str, query: Callable[..., object]) -> Callable[..., object]:
        def asked(*args: object) -> object:
            read.append(name)
            return query(*args)

        return asked

    for name in ("surely_closed", "maybe_open", "maybe_open_in_words"):
        monkeypatch.setattr(queries, name, noted(name, getattr(queries, name)))
    return read


def test_another_filter_or_character_reads_nothing_again(workspace: Workspace, reads: list[str]) -> None:
    workspace.issues.report(IssueDraft("楼上漏水", "B"))
    workspace.issues.report(IssueDraft("井盖松动", "F"))
    workspace.issues.view()
    once = reads.copy()
    assert shown(workspace.issues.view(IssueFilter(track="F2"))) == {"楼上漏水"}
    assert reads == once
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水"}
    assert reads == [*once, "maybe_open_in_words"], "of words no more than these"
    assert shown(workspace.issues.view(IssueFilter(text="jgs"))) == {"井盖松动"}
    assert reads == [*once, "maybe_open_in_words"]


def test_what_was_written_meanwhile_is_shown_and_found(workspace: Workspace) -> None:
    workspace.issues.report(IssueDraft("楼上漏水", "B"))
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水"}
    done = workspace.issues.report(IssueDraft("水表漏水", "B"))
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水", "水表漏水"}
    workspace.issues.undo(done)
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水"}


def test_where_somebody_looks_on_no_title_is_looked_through(workspace: Workspace) -> None:
    workspace.issues.report(IssueDraft("王强家漏水", "B"))
    assert workspace.issues.view(IssueFilter(text="王强")).counts["open"] == 1
    assert workspace.issues.view(IssueFilter(text="王强"), sharing=True).counts["open"] == 0


def test_what_another_thread_writes_between_two_readings_is_found(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.issues.report(IssueDraft("楼上漏水", "B"))
    read = queries.maybe_open

    def slowly(*args: Any) -> Any:
        found = read(*args)
        monkeypatch.setattr(queries, "maybe_open", read)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(workspace.issues.report, IssueDraft("水表漏水", "B")).result()
        return found

    monkeypatch.setattr(queries, "maybe_open", slowly)
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水"}
    assert shown(workspace.issues.view(IssueFilter(text="漏"))) == {"楼上漏水", "水表漏水"}


def test_as_time_goes_by_what_is_late_is_counted_again(workspace: Workspace, clock: HandClock) -> None:
    workspace.issues.report(IssueDraft("燃气软管老化", "C"))
    assert workspace.issues.view().late == 0
    clock.move(minutes=31)
    assert workspace.issues.view(IssueFilter(newest=True)).late == 1


def test_the_words_of_very_many_are_not_kept(
    workspace: Workspace, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue_reading, "KEPT", 1)
    for title in ("楼上漏水", "井盖松动"):
        workspace.issues.report(IssueDraft(title, "B"))
    for text in ("漏", "井"):
        assert workspace.issues.view(IssueFilter(text=text)).counts["open"] == 1
    assert reads.count("maybe_open_in_words") == 2


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), TEXTS.filter(str.strip))
def test_words_hold_what_one_would_look_for_in_each_part(issues: list[tuple[str, str]], typed: str) -> None:
    rows = [
        IssueRow(number, None, "S3", "", None, None, title=title, place_text=place)
        for number, (title, place) in enumerate(issues)
    ]
    wanted = "".join(typed.casefold().split())
    expected = {
        number
        for number, parts in enumerate(issues)
        for part in parts
        if wanted in "".join(part.casefold().split()) or (wanted.isascii() and wanted in initials(part).casefold())
    }
    assert Words([(row, None) for row in rows], Told()).having(typed) == expected


def test_an_issue_whose_title_was_erased_is_called_by_its_kind(circle: Circle) -> None:
    """A title may name somebody: it goes for good, and what was a title there is none any more."""
    office = circle.office
    family = circle.family(office.devices.add_grid("第一网格"))
    draft = IssueDraft("金丝雀与邻居争吵", "B", household_id=family.household)
    done = office.issues.report(draft)
    office.erasing.erase("issue", done.issue, ("title",))
    [group] = [one for one in office.issues.view().groups if one.rows]
    assert [row.title for row in group.rows] == [CATEGORY.label("B")]
    assert office.issues.detail(done.issue).title == CATEGORY.label("B")
    assert office.issues.view(IssueFilter(text=CATEGORY.label("B"))).groups[0].rows[0].id == done.issue
    assert [one.title for one in office.households.file(family.household).home.issues] == [CATEGORY.label("B")]
    found = office.search.find("陈建国")
    assert CATEGORY.label("B") in [hit.title for part in found.parts for hit in part.hits]
