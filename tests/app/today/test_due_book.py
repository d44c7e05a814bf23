"""What asks for visits, kept in memory and beside the books: it is what the books say, whatever came meanwhile."""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from gridworker.app.session import Session
from gridworker.app.today import due_book
from gridworker.app.today.due_book import DueBook
from gridworker.app.today.round import Asks, ahead_of, asks_of, read_asks, read_round
from gridworker.app.today.today import Today
from gridworker.app.workspace import Workspace
from gridworker.domain.visit_regular import first_of
from gridworker.store.erasure.eviction import evict
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.reread import reread
from tests.circle import delete
from tests.village import HandClock, Home, Village

NAMES = ("陈桂芳", "程亮", "左志", "李", "曾乐")


@pytest.fixture(autouse=True)
def _few_are_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due_book, "WORTH_KEEPING", 1)
        yield


@pytest.fixture
def homes(village: Village) -> list[Home]:
    found = [
        village.household(name, str(3 + at % 2), "1", str(900 - at), usage="rented" if at == 2 else "own")
        for at, name in enumerate(NAMES)
    ]
    village.care(found[0], "C1", person=NAMES[0])
    village.visit(found[1], "2025-09-20")
    return found


def by_home(asks: Asks, until: date, today: date) -> dict[int, tuple[date, date]]:
    """What is next for whom by a day: the day it is due, and was due first."""
    nexts = {home: first_of(visits, today) for visits, alike in asks.items() for home in alike}
    return {home: (visit.on, visit.since) for home, visit in nexts.items() if visit.on <= until}


def require_right(session: Session, book: DueBook) -> None:
    today = session.today()
    until = ahead_of(today).until
    with session.store.db.read() as connection:
        expected = read_asks(connection, ahead_of(today))
        found = book.asks(connection)
    assert by_home(found, until, today) == by_home(expected, until, today)
    assert sum(map(len, found.values())) == len({home for alike in found.values() for home in alike}), "each once"


def _care(village: Village, homes: list[Home], chance: Random) -> int:
    home = chance.choice(homes)
    person = chance.choice([None, next(iter(home.people))])
    start = chance.choice(["2025-06-01", "2026-02-20", "2026-03-20"])
    end = chance.choice([None, "2026-03-21", "2026-03-22"])
    return village.care(home, "C3", cadence=chance.choice(["V1", "V2", "V3"]), start=start, end=end, person=person)


def _visit(village: Village, homes: list[Home], chance: Random) -> int:
    return village.visit(
        chance.choice(homes),
        chance.choice(["2025-09-20", "2026-02-18", "2026-03-11", "2026-03-17T02:00:00Z"]),
        chance.choice(["met_person", "nobody_home"]),
        follow_up_on=chance.choice([None, None, "2026-03-19", "2026-03-24"]),
    )


def _issue(village: Village, homes: list[Home], chance: Random) -> None:
    issue = village.add(
        "issue", issue_no="I1", title="楼上漏水", category="B", track=chance.choice(["F1", "F2"]),
        severity=chance.choice(["S1", "S3"]), reported_at="2026-03-17T02:00:00Z",
        household_id=chance.choice(homes).id,
    )  # fmt: skip
    at = chance.choice(["2026-03-15T02:00:00Z", "2025-11-19T02:00:00Z", "2025-11-21T02:00:00Z"])
    for action in chance.choice([(), ("resolve",), ("resolve", "close"), ("resolve", "return_visit", "close")]):
        village.add("issue_step", issue_id=issue, action=action, at=at, satisfaction="2")
    if chance.random() < 0.3:
        village.change("issue", issue, {"household_id": chance.choice(homes).id})


def _acts(village: Village, homes: list[Home], chance: Random) -> Iterator[Callable[[], object]]:
    """What may bear on the next visit of a household."""
    workspace, home, other = Workspace(village.session, lambda: None), *chance.sample(homes, 2)
    yield lambda: _visit(village, homes, chance)
    yield lambda: delete(workspace, "visit", _visit(village, homes, chance))
    yield lambda: (_visit(village, homes, chance), workspace.records.undo())
    yield lambda: village.change("visit", _visit(village, homes, chance), {"household_id": other.id})
    yield lambda: _care(village, homes, chance)
    yield lambda: (_care(village, homes, chance), workspace.records.undo())
    yield lambda: _issue(village, homes, chance)
    yield lambda: village.member(home, "安娜", "20")
    yield lambda: village.add(
        "household_member", household_id=other.id, resident_id=home.people[next(iter(home.people))],
        valid_to=chance.choice([None, "2026-03-20"]),
    )  # fmt: skip
    yield lambda: village.change("household", home.id, {"status": chance.choice(["moved_out", "active"])})
    yield lambda: village.change("household", home.id, {"visit_policy": chance.choice([None, "V1"])})
    yield lambda: village.change("household", home.id, {"visit_wish": chance.choice([None, "not_wanted"])})
    yield lambda: village.change("household", home.id, {"dwelling_id": other.dwelling})
    yield lambda: village.change("dwelling", home.dwelling, {"usage": chance.choice(["rented", "own"])})
    since = chance.choice(["2025-01-01", "2026-03-12"])
    yield lambda: homes.append(village.household("宁静", "9", "1", "101", since=since))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_done_those_are_due_that_the_books_say(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Visits, care, issues, moves, undos, days, restarts and readings that are kept, in any order."""
    chance, session = Random(seed), village.session
    monkeypatch.setattr("gridworker.app.kept.LAG", chance.choice([0, 5, 100]))
    book = DueBook(session)
    for _ in range(20):
        chance.choice(list(_acts(village, homes, chance)))()
        match chance.choice(["keep", "keep", "start", "ask", "go on", "day", "reread"]):
            case "keep":
                require_right(session, book)
                book.keep()
            case "start":
                book = DueBook(session)
            case "ask":
                require_right(session, book)
            case "day":
                clock.move(days=chance.choice([1, 1, 2, 6]))
            case "reread":
                reread(session.store.db)
    require_right(session, book)
    require_right(session, DueBook(session))


def test_the_next_start_asks_only_about_those_written_to_since(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, asked = village.session, list[set[int]]()
    ending = village.care(homes[3], "C3", end="2026-03-18")
    assert ending
    book = DueBook(session)
    require_right(session, book)
    book.keep()
    village.visit(homes[0], "2026-03-18")
    clock.move(days=1)

    def noted(connection: Connection, changed: set[int], *more: Any) -> Any:
        asked.append(changed)
        return asks_of(connection, changed, *more)

    monkeypatch.setattr("gridworker.app.today.due_book.asks_of", noted)
    monkeypatch.setattr(DueBook, "_read", None)
    require_right(session, DueBook(session))
    assert asked == [{homes[0].id, homes[3].id}]


def test_another_week_is_read_anew_and_so_is_a_day_before(
    village: Village, homes: list[Home], clock: HandClock
) -> None:
    book = DueBook(village.session)
    for days in (0, 4, 15, -20, 40):
        clock.move(days=days)
        require_right(village.session, book)
        book.keep()
        require_right(village.session, DueBook(village.session))
    assert homes


def test_what_leaves_the_log_takes_all_of_it_along(village: Village, homes: list[Home]) -> None:
    session, book = village.session, DueBook(village.session)
    require_right(session, book)
    book.keep()
    evict(session.store, [homes[0].people[NAMES[0]]], Act("evict", session.who))
    with session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM worked_out")
        assert cursor.fetchone()[0] == 0
    require_right(session, book)


def test_the_page_is_that_of_who_reads_all_of_it(village: Village, homes: list[Home], clock: HandClock) -> None:
    """In sections and counts too, also for those who were put off."""
    session = village.session
    Today(session).view()
    Today(session).put_off(homes[0].id)
    village.visit(homes[2], "2026-03-18")
    clock.move(days=1)
    with session.store.db.read() as connection:
        whole = read_round(connection, session.today(), frozenset({homes[0].id}))
    view = Today(session).view()
    assert view.hero is not None
    listed = {row.household for section in view.sections for row in section.rows}
    assert {view.hero.row.household, *listed} == {entry.household for entry in whole.entries}


@pytest.mark.parametrize("kept_since", [False, True])
def test_what_was_written_since_ends_on_its_day_too(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch, *, kept_since: bool
) -> None:
    monkeypatch.setattr("gridworker.app.kept.LAG", 0)
    session = village.session
    book = DueBook(session)
    require_right(session, book)
    village.care(homes[3], "C3", end="2026-03-18")
    require_right(session, book)
    book.keep()
    monkeypatch.setattr(DueBook, "_read", None)
    clock.move(days=1)
    require_right(session, DueBook(session) if kept_since else book)
