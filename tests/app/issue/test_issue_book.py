"""How issues stand, kept in memory and beside the books: it is what the books say, whatever came meanwhile."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from gridworker.app.issue import book as issue_book
from gridworker.app.issue.book import Book, Standings
from gridworker.app.issue.case import IssueCase
from gridworker.app.issue.issues import Issues
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.standing import VERSION, Standing, standing_of, tick_of
from gridworker.app.issue.views import IssueFilter
from gridworker.app.kept import read_kept
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.domain.deadline import Light
from gridworker.domain.issue_steps import follows_text
from gridworker.domain.moments import written
from gridworker.store.erasure.eviction import evict
from gridworker.store.queries import issues as queries
from gridworker.store.tables.changes import Act, Change
from gridworker.store.upgrade.reread import reread
from tests.village import HandClock, Home, Village

ACTIONS = (
    "first_response", "handle", "refer", "suspend", "resolve", "return_visit", "close", "reopen", "reject", "note",
    "schedule_return",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _few_are_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issue_book, "WORTH_KEEPING", 1)
        yield


@pytest.fixture
def homes(village: Village) -> list[Home]:
    return [village.household(name, str(3 + at), "1", "101") for at, name in enumerate(("陈桂芳", "程亮", "左志"))]


def read(session: Session) -> Standings:
    """How all issues stand by the books alone."""
    with session.store.db.read() as connection:
        settled = queries.surely_closed(connection)
        others = map(standing_of, queries.maybe_open(connection, settled))
        return Standings.of(settled, others, queries.tracks_of(connection, settled))


def told(session: Session, book: Book) -> Standings:
    with session.store.db.read() as connection:
        return book.standings(connection)


def require_right(session: Session, book: Book) -> None:
    expected, found = read(session), told(session, book)
    assert _columns(found) == _columns(expected)
    assert found.others == expected.others
    assert _columns(found) == _columns(expected)
    assert dict(found.settled) == dict(expected.settled)
    with session.store.db.read() as connection:
        for track in (None, "F1", "F2", "F4"):
            by_the_books = queries.closed_order(connection, expected.settled, queries.Wanted(track))
            assert dict(found.settled_of(track)) == by_the_books, track


def _columns(standings: Standings) -> dict[str, list[list[object]]]:
    """The parts of the list as they are put together from their fields."""
    parts = {name: part for name, part in standings.open.items() if len(part)}
    return {name: [list(part.column(field)) for field in Standing._fields] for name, part in parts.items()}


def _report(village: Village, homes: list[Home], chance: Random) -> int:
    at = village.session.now() - timedelta(minutes=chance.choice([0, 25, 29, 30, 31, 5_000]))
    where = chance.choice([{"household_id": chance.choice(homes).id}, {"building_id": village.building("3")}, {}])
    return village.add(
        "issue", issue_no="I1", title="楼上漏水", category="B", severity=chance.choice(["S1", "S3"]),
        since="2026-03-01", track=chance.choice(["F1", "F2", "F3", None]), reported_at=written(at), **where,
    )  # fmt: skip


def _step(village: Village, issue: int, chance: Random, action: str | None = None) -> int:
    with village.session.store.db.read() as connection:
        file = queries.file_of(connection, issue)
    return village.add(
        "issue_step", issue_id=issue, action=action or chance.choice(ACTIONS), at=village.session.stamp(),
        follows=follows_text(file.steps) if file else None, satisfaction=chance.choice([None, "0", "1", "2", "3"]),
        due_on=chance.choice([None, "2026-03-19", "2026-04-01"]), since="2026-03-02",
    )  # fmt: skip


def _gone(village: Village, issues: list[int]) -> None:
    if len(issues) > 1:
        village.session.write([Change("issue", issues.pop(), {}, alive=False)], "delete")


def _acts(village: Village, homes: list[Home], issues: list[int], chance: Random) -> Iterator[Callable[[], object]]:
    """What may be done about issues, and about what they rest on."""
    workspace, issue = Workspace(village.session, lambda: None), chance.choice(issues)
    yield lambda: issues.append(_report(village, homes, chance))
    yield lambda: _step(village, issue, chance)
    yield lambda: [_step(village, issue, chance, one) for one in ("resolve", "return_visit", "close")]
    yield lambda: (_step(village, issue, chance), workspace.records.undo())
    yield lambda: village.change("issue", issue, {"severity": "S1", "household_id": chance.choice(homes).id})
    yield lambda: village.change("issue", issue, {"track": chance.choice(["F1", "F2", None])})
    yield lambda: village.change("household", chance.choice(homes).id, {"dwelling_id": chance.choice(homes).dwelling})
    yield lambda: village.change("dwelling", chance.choice(homes).dwelling, {"building_id": village.building("9")})
    yield lambda: village.change("building", village.building("3"), {"building_name": "12"})
    yield lambda: _gone(village, issues)
    yield lambda: village.visit(homes[0], "2026-03-18")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_done_issues_stand_as_the_books_say(
    village: Village, homes: list[Home], clock: HandClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Steps, undos, deletions, moves, days, restarts and readings that are kept, in any order."""
    chance, session = Random(seed), village.session
    monkeypatch.setattr("gridworker.app.kept.LAG", chance.choice([0, 5, 100]))
    book, issues = Book(session), [_report(village, homes, chance)]
    for _ in range(25):
        chance.choice(list(_acts(village, homes, issues, chance)))()
        clock.move(minutes=chance.choice([0, 1, 40]))
        match chance.choice(["keep", "start", "ask", "go on", "reread"]):
            case "keep":
                told(session, book)
                book.keep()
            case "start":
                book = Book(session)
            case "ask":
                require_right(session, book)
            case "reread":
                reread(session.store.db)
    require_right(session, book)
    require_right(session, Book(session))


def _noting(asked: list[object], query: Callable[..., object]) -> Callable[..., object]:
    def noted(*args: object) -> object:
        asked.append(args[-1])
        return query(*args)

    return noted


def test_the_next_start_reads_only_what_came_since(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, session = Random(1), village.session
    issues = [_report(village, homes, chance) for _ in range(3)]
    book = Book(session)
    told(session, book)
    book.keep()
    _step(village, issues[0], chance, "handle")
    expected, asked = read(session), list[object]()
    for name in ("surely_closed", "maybe_open"):
        monkeypatch.setattr(queries, name, _noting(asked, getattr(queries, name)))
    assert told(session, Book(session)).others == expected.others
    assert asked == [{issues[0]}, {issues[0]}]


def test_a_step_that_is_taken_back_is_looked_up_by_the_log(
    workspace: Workspace, village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(1)
    issue = _report(village, homes, chance)
    book = Book(village.session)
    told(village.session, book)
    monkeypatch.setattr("gridworker.app.issue.book._read", None)
    _step(village, issue, chance, "handle")
    require_right(village.session, book)
    workspace.records.undo()
    require_right(village.session, book)
    assert [one.part for one in told(village.session, book).others] == ["waiting"]


def test_what_leaves_the_log_takes_all_of_it_along(village: Village, homes: list[Home]) -> None:
    session, book = village.session, Book(village.session)
    issue = _report(village, homes, Random(1))
    told(session, book)
    book.keep()
    with session.store.db.read() as connection:
        found = read_kept(connection, issue_book._NAME, VERSION)
    assert found is not None
    assert b"waiting" in found.body
    assert "漏水".encode() not in found.body
    evict(session.store, [issue], Act("evict", session.who))
    with session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM worked_out")
        assert cursor.fetchone()[0] == 0
    require_right(session, book)


@pytest.mark.parametrize("category", ["A", "B", "C", "D", "F"])
@pytest.mark.parametrize("minutes", [0, 20, 21, 29, 30, 83, 84, 119, 120, 1007, 1008, 1439, 1440])
def test_what_is_late_and_soon_is_what_its_clock_says(
    workspace: Workspace, clock: HandClock, category: str, minutes: int
) -> None:
    done = workspace.issues.report(IssueDraft("楼上漏水", category))
    with workspace.session.store.db.read() as connection:
        file = queries.files_of(connection, [done.issue])[done.issue]
    clock.move(minutes=minutes, seconds=-1)
    for _ in range(3):
        _require_same(standing_of(file), IssueCase(file, clock()), clock())
        clock.move(seconds=1)


def _require_same(standing: Standing, case: IssueCase, at: datetime) -> None:
    assert standing.part == case.part
    assert case.is_late() == (case.light is Light.RED)
    _require_limits(standing, case, at)


def test_the_order_of_standings_is_that_of_the_cases(village: Village, homes: list[Home], clock: HandClock) -> None:
    chance = Random(4)
    issues = [_report(village, homes, chance) for _ in range(30)]
    for _ in range(60):
        _step(village, chance.choice(issues), chance)
        clock.move(minutes=7)
    with village.session.store.db.read() as connection:
        cases = [IssueCase(file, clock()) for file in queries.files_of(connection, issues).values()]
    for part in ("waiting", "handling", "return"):
        here = sorted((case for case in cases if case.part == part), key=lambda case: (case.urgency(), case.row.id))
        found = [one.issue for one in sorted(standing_of(case.file) for case in here)]
        assert found == [case.row.id for case in here], part
        for case in here:
            _require_limits(standing_of(case.file), case, clock())


def _require_limits(standing: Standing, case: IssueCase, at: datetime) -> None:
    assert (standing.late <= tick_of(at)) == case.is_late()
    assert (standing.soon <= tick_of(at) < standing.late) == case.is_soon()


def test_a_part_that_was_reported_together_is_listed_newest_first(workspace: Workspace) -> None:
    for title in ("楼上漏水", "井盖松动"):
        workspace.issues.report(IssueDraft(title, "B"))
    [group] = Issues(workspace.session).view(IssueFilter(newest=True)).groups
    assert [row.title for row in group.rows] == ["楼上漏水", "井盖松动"]
