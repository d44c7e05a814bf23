"""What issues say, kept for whoever types: it is what the books say, whatever came meanwhile."""

from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from gridworker.app.issue import book as book_module
from gridworker.app.issue import reading
from gridworker.app.issue.book import Standings
from gridworker.app.issue.list import Told
from gridworker.app.issue.reading import WordBook, Words
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import IssueFilter, StepDraft
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.store.erasure.eviction import evict
from gridworker.store.queries import issues as queries
from gridworker.store.tables.changes import Act, Change
from gridworker.store.upgrade.reread import reread
from tests.app.issue.test_issue_book import _acts, _report, _step
from tests.village import Home, Village

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

TEXTS = (
    "漏",
    "漏水",
    "ls",
    "陈",
    "王小",
    "cgf",
    "wxm",
    "3栋",
    "12栋",
    "101",
    "7单元",
    "楼道",
    "ld",
    "周敏",
    "刘芳",
    "i1",
)


@pytest.fixture
def homes(village: Village) -> list[Home]:
    return [village.household(name, str(3 + at), "1", "101") for at, name in enumerate(("陈桂芳", "程亮", "左志"))]


def by_the_books(connection: "Connection", told: Told, typed: str) -> set[int]:
    """What all issues say, read at once."""
    return Words(queries.maybe_open_in_words(connection, {}), told).having(typed)


def told_here(connection: "Connection") -> Told:
    return Told(queries.staff_names(connection), queries.office_name(connection))


def stand(connection: "Connection") -> Standings:
    """How all issues stand, read from the books."""
    return book_module._read(connection)


def require_right(session: Session, book: WordBook) -> None:
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        for typed in TEXTS:
            found = book.saying(connection, known, told, typed)
            assert found == by_the_books(connection, told, typed), typed


def _renamings(
    village: Village, homes: list[Home], issues: list[int], chance: Random
) -> Iterator[Callable[[], object]]:
    """What is done to the places and people that issues name."""
    home, other = chance.sample(homes, 2)
    [head] = home.people.values()
    if village.session.store.get("resident", head):
        yield lambda: village.change("resident", head, {"name": chance.choice(["王小明", "陈桂芳"])})
    yield lambda: village.change("household", home.id, {"head_id": chance.choice([None, head, *other.people.values()])})
    yield lambda: village.change("dwelling", home.dwelling, {"unit_no": chance.choice(["1", "7"])})
    yield lambda: village.change("building", village.building("4"), {"building_name": chance.choice(["4", "12"])})
    yield lambda: village.change("issue", chance.choice(issues), {"place_text": chance.choice([None, "楼道"])})
    yield lambda: village.change("issue", chance.choice(issues), {"title": chance.choice(["井盖松动", "楼上漏水"])})
    yield lambda: village.change("staff", village.session.who, {"name": chance.choice(["周敏", "刘芳"])})
    yield lambda: village.session.write([Change("resident", head, {}, alive=chance.random() < 0.5)], "edit")
    yield lambda: village.add("household_member", household_id=home.id, resident_id=head, relation="02")


def require_no_more(session: Session, book: WordBook) -> None:
    """What is found before all was looked through is right too."""
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        for typed in TEXTS:
            so_far, right = book.so_far(connection, known, told, typed), by_the_books(connection, told, typed)
            assert so_far.found <= right, typed
            assert so_far.looked < so_far.of or so_far.found == right, typed


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_done_they_say_what_the_books_say(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Issues, steps, moves, new names, undos, and readings anew, in any order."""
    chance, session = Random(seed), village.session
    monkeypatch.setattr(reading, "MOST", chance.choice([1, 3, 1_000]))
    monkeypatch.setattr(reading, "KEPT", chance.choice([1, 1_000]))
    monkeypatch.setattr(reading, "FIRST", chance.choice([1, 2, 1_000]))
    monkeypatch.setattr(reading, "LOT", chance.choice([1, 2, 1_000]))
    book, issues = WordBook(session), [_report(village, homes, chance)]
    for _ in range(25):
        acts = [*_acts(village, homes, issues, chance), *_renamings(village, homes, issues, chance)]
        chance.choice(acts)()
        if chance.random() < 0.5:
            require_no_more(session, book)
        if chance.random() < 0.3:
            require_right(session, book)
        if chance.random() < 0.05:
            reread(session.store.db)
    require_right(session, book)


def test_after_a_save_only_its_own_words_are_read_again(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, session, asked = Random(1), village.session, list[object]()
    issues = [_report(village, homes, chance) for _ in range(3)]
    book = WordBook(session)
    require_right(session, book)
    _step(village, issues[0], chance, "handle")
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        expected, read = by_the_books(connection, told, "漏"), queries.maybe_open_in_words

        def noted(*args: Any) -> Any:
            asked.append(args[2:])
            return read(*args)

        monkeypatch.setattr(queries, "maybe_open_in_words", noted)
        assert book.saying(connection, known, told, "漏") == expected
    assert asked == [({issues[0]},)]


def noting(monkeypatch: pytest.MonkeyPatch, told: Callable[[list[int]], object]) -> None:
    """Be told which open issues are read in words, before they are."""
    read = queries.maybe_open_in_words

    def noted(*args: Any) -> Any:
        told(sorted(args[2]) if len(args) > 2 else [])
        return read(*args)

    monkeypatch.setattr(queries, "maybe_open_in_words", noted)


def test_the_first_character_waits_for_the_newest_issues_alone(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are read while nobody waits, and what was read is not read again."""
    monkeypatch.setattr(reading, "FIRST", 2)
    monkeypatch.setattr(reading, "LOT", 2)
    chance, session, read = Random(1), village.session, list[list[int]]()
    issues = sorted(_report(village, homes, chance) for _ in range(5))
    book = WordBook(session)
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        noting(monkeypatch, read.append)
        so_far = book.so_far(connection, known, told, "i")
        assert (so_far.looked, so_far.of, read) == (2, 5, [issues[3:]])
        assert so_far.found <= set(issues[3:])
        assert book.so_far(connection, known, told, "漏")[1:] == (2, 5)
        assert read == [issues[3:]]
        book.look_ahead(connection, known, told)
        assert read == [issues[3:], issues[1:3], issues[:1]]
        assert book.so_far(connection, known, told, "i")[1:] == (5, 5)
        assert len(read) == 3
    require_right(session, book)


def test_whoever_types_while_it_is_read_ahead_is_answered_from_what_is_there(
    village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after something was written meanwhile, which the one who reads ahead does not see."""
    monkeypatch.setattr(reading, "FIRST", 1)
    monkeypatch.setattr(reading, "LOT", 2)
    chance, session, found = Random(2), village.session, list[tuple[int, int]]()
    issues = sorted(_report(village, homes, chance) for _ in range(7))
    book = WordBook(session)

    def meanwhile(lot: list[int]) -> None:
        if lot == issues[4:6]:
            village.change("issue", issues[0], {"title": "井盖松动"})
            village.change("issue", issues[4], {"title": "井盖松动"})
            village.change("issue", issues[6], {"title": "井盖松动"})
        if lot == issues[2:4]:
            with session.store.db.read() as newer:
                so_far = book.so_far(newer, stand(newer), told_here(newer), "井盖松动")
            found.append((so_far.looked, so_far.of))
            assert so_far.found >= {issues[0], issues[4], issues[6]}

    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        with monkeypatch.context() as patch:
            noting(patch, meanwhile)
            book.look_ahead(connection, known, told)
    assert found == [(3, 7)]
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        assert book.so_far(connection, known, told, "井")[1:] == (7, 7), "what was read for the elder is kept"
    require_right(session, book)


def test_reading_ahead_waits_for_who_asks(village: Village, homes: list[Home], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each lot, until nobody does."""
    monkeypatch.setattr(reading, "FIRST", 1)
    monkeypatch.setattr(reading, "LOT", 1)
    session, done, free = village.session, list[list[int] | bool](), list[bool]()
    issues = sorted(_report(village, homes, Random(3)) for _ in range(3))
    book = WordBook(session)
    is_set = book._nobody_asks.is_set
    monkeypatch.setattr(book._nobody_asks, "wait", lambda _most: done.append(is_set()))
    noting(monkeypatch, done.append)
    with session.store.db.read() as connection:
        told, known = told_here(connection), stand(connection)
        with book.undisturbed(), book.undisturbed():
            free.append(is_set())
        free.append(is_set())
        book.look_ahead(connection, known, told)
    assert free == [False, True]
    assert done == [issues[2:], True, issues[1:2], True, issues[:1]]


def test_what_left_the_log_is_not_found_any_more(village: Village, homes: list[Home]) -> None:
    session, book = village.session, WordBook(village.session)
    issue = _report(village, homes, Random(1))
    require_right(session, book)
    evict(session.store, [issue], Act("evict", session.who))
    require_right(session, book)


def test_what_is_settled_is_found_by_the_same_words(workspace: Workspace, village: Village, homes: list[Home]) -> None:
    """By door and by the first letters of a name, as the others are; and by no title where somebody looks on."""
    issue = workspace.issues.report(IssueDraft("楼上漏水", "B", household_id=homes[0].id)).issue
    for action, satisfaction in (("resolve", None), ("return_visit", "3"), ("close", None)):
        workspace.issues.take_step(issue, StepDraft(action, result="substantial", satisfaction=satisfaction))
    for typed in ("3栋1单元", "cgf", "漏水"):
        wanted = IssueFilter(state="closed", text=typed)
        assert workspace.issues.view(wanted).counts["closed"] == 1, typed
    assert workspace.issues.view(IssueFilter(state="closed", text="漏水"), sharing=True).counts["closed"] == 0
