"""How a round begins, kept for the first rows of the next start: the same day, whatever was done and put off."""

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from gridworker.app.due.today_view import FIRST
from gridworker.app.issue.book import Book
from gridworker.app.issue.report import IssueDraft
from gridworker.app.session import Session
from gridworker.app.today import due_book
from gridworker.app.today.due_book import DueBook
from gridworker.app.today.today import Today
from gridworker.app.workspace import Workspace
from gridworker.store.queries import news
from tests.app.today.test_due_book import NAMES, _acts
from tests.village import HandClock, Home, Village

if TYPE_CHECKING:
    from gridworker.app.due.today_view import TodayRow, TodayView


@pytest.fixture(autouse=True)
def _few_are_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due_book, "WORTH_KEEPING", 1)
        yield


@pytest.fixture
def homes(village: Village) -> list[Home]:
    found = [village.household(name, str(3 + at % 2), "1", str(900 - at)) for at, name in enumerate(NAMES)]
    village.care(found[0], "C1", person=NAMES[0])
    village.visit(found[1], "2025-09-20")
    return found


def started(session: Session) -> Today:
    """Today as the next start finds it: nothing is in memory."""
    session._shared.clear()
    return Today(session)


def first_rows(session: Session) -> "TodayView":
    return started(session).view(most=FIRST)


def by_the_books(session: Session) -> "TodayView":
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridworker.app.kept.read_kept", lambda *_: None)
        return first_rows(session)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_done_the_first_rows_are_those_the_books_say(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Acts, days, households put off and put back, and readings that are kept, in any order."""
    chance, session, put = Random(seed), village.session, list[Any]()
    monkeypatch.setattr("gridworker.app.today.round.BESIDE", chance.choice([20, 1 - FIRST, 2 - FIRST]))
    for _ in range(20):
        match chance.choice(["act", "act", "keep", "keep", "off", "back", "day"]):
            case "act":
                chance.choice(list(_acts(village, homes, chance)))()
            case "keep":
                today = started(session)
                today.view(most=FIRST)
                today.keep_ahead()
            case "off":
                put.append(Today(session).put_off(chance.choice(homes).id))
            case "back" if put:
                Today(session).put_back(put.pop())
            case "day":
                clock.move(days=chance.choice([1, 1, 2, 6]))
        assert first_rows(session) == by_the_books(session)


def test_the_next_days_begin_without_what_asks_for_all_visits(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, today = village.session, started(village.session)
    today.put_off(homes[2].id)
    today.view(most=FIRST)
    today.keep_ahead()
    village.session.note("login")  # what the next start writes before anybody looks at the day
    for _ in range(3):
        expected = by_the_books(session)
        with monkeypatch.context() as patch:
            patch.setattr(DueBook, "asks", None)
            assert first_rows(session) == expected
        clock.move(days=1)
    village.visit(homes[3], "2026-03-18")
    asked = list[bool]()
    monkeypatch.setattr(DueBook, "asks", _noting(asked, DueBook.asks))
    assert first_rows(session) == by_the_books(session)
    assert asked == [True, True], "who was visited since is due no more"


def _noting(asked: list[bool], asks: Any) -> Any:
    def noted(*args: Any) -> Any:
        asked.append(True)
        return asks(*args)

    return noted


def test_before_very_much_came_in_is_worked_out_the_day_shows_who_was_due_before(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of each is what the books say now; nobody waits for who is due since, nor for their issues."""
    session, today = village.session, started(village.session)
    before = today.view(most=FIRST)
    today.keep_ahead()
    assert today.before() is None, "nothing came"
    monkeypatch.setattr(news, "MOST_OPS", 3)
    village.change("resident", homes[1].people[NAMES[1]], {"name": "王小明"})
    came = village.household("新来的", "3", "1", "101")
    village.care(came, "C1", person="新来的")
    with monkeypatch.context() as patch:
        for kind, name in ((DueBook, "asks"), (Book, "standings")):
            patch.setattr(kind, name, None)
        view = today.before()
    assert view is not None
    assert view.is_before
    shown = households(view)
    assert shown == households(before)
    assert came.id not in shown
    assert "王小明" in names(view)
    assert today.view(most=FIRST) == by_the_books(session)
    assert today.before() is None, "it was worked out"
    assert started(session).before() is not None, "at the next start it would have to be again"


def test_without_a_day_before_there_is_none_to_show(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(homes) == len(NAMES)
    monkeypatch.setattr(news, "MOST_OPS", 0)
    assert started(village.session).before() is None


def test_an_issue_that_is_gone_is_no_hindrance_to_the_day_before(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    today, workspace = started(village.session), Workspace(village.session, lambda: None)
    issues = [workspace.issues.report(IssueDraft(title, "B", household_id=homes[0].id)) for title in ("漏水", "井盖")]
    assert today.view(most=FIRST).waiting.count == 2
    today.keep_ahead()
    monkeypatch.setattr(news, "MOST_OPS", 0)
    workspace.issues.undo(issues[0])
    view = today.before()
    assert view is not None
    assert [one.issue for one in view.waiting.first] == [issues[1].issue]


def rows_of(view: "TodayView") -> "list[TodayRow]":
    heroes = [view.hero.row] if view.hero else []
    return [*heroes, *(row for part in view.sections for row in part.rows)]


def households(view: "TodayView") -> set[int]:
    return {row.household for row in rows_of(view)}


def names(view: "TodayView") -> set[str]:
    return {row.name for row in rows_of(view)}
