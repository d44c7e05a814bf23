"""What a search asks for, and what it does not: a million people are searched key by key."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from gridworker.store.engine.database import raw_cursor
from gridworker.store.search import both as search_both
from gridworker.store.search import homes as search_homes
from gridworker.store.search import people as search_people
from gridworker.store.search import search
from gridworker.store.search.hits import Asked
from gridworker.store.search.names import Match, why
from tests.store.search.test_search import connection

__all__ = ["connection"]


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """The statements that are run meanwhile, with their values."""
    run: list[str] = []
    driver = raw_cursor(connection).connection
    driver.set_trace_callback(run.append)
    try:
        yield run
    finally:
        driver.set_trace_callback(None)


def test_where_many_begin_so_nobody_with_it_further_in_is_asked_for(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_people, "COMPARED", 1)
    with statements(connection) as few:
        search.find(connection, "zhang", limit=3)
    with statements(connection) as many:
        assert [hit.id for hit in search.find(connection, "zhang", limit=1)] == [43]
    assert [one for one in few if '"3zhang0"' in one]
    assert not [one for one in many if '"2zhang0"' in one or '"3zhang0"' in one]


def test_where_nobody_is_shown_no_more_are_compared_than_are_wanted(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of households puts them in its own order, and reads hundreds from a disk."""

    def read(run: list[str]) -> list[int]:
        names = [one for one in run if "SELECT id, name, status FROM resident" in one]
        return [one.count(",", one.index("json_each")) + 1 for one in names]

    monkeypatch.setattr(search_homes, "MANY", 1)
    with statements(connection) as shown:
        search.find(connection, "z", limit=1)
    with statements(connection) as counted:
        assert len(search.likeliest(connection, "z", 1)) == 1
    assert (read(shown), read(counted)) == ([2], [1])


def test_whole_names_that_are_few_are_asked_for_once(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_people, "COMPARED", 1)
    with statements(connection) as run:
        assert [hit.id for hit in search.find(connection, "zhangwei", limit=2)] == [43, 44]
    assert len([one for one in run if '"xzw"' in one]) == 1


def test_of_a_whole_name_that_many_have_nothing_else_is_asked_for(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_people, "COMPARED", 1)
    with statements(connection) as run:
        assert [hit.id for hit in search.find(connection, "陈桂芳", limit=2)] == [41, 45]
    assert len([one for one in run if "search_index MATCH" in one]) == 1


def test_why_is_told_of_those_who_are_shown(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def counted(name: str, match: Match) -> search.Why:
        told.append(name)
        return why(name, match)

    monkeypatch.setattr(search_people, "why", counted)
    assert search.find(connection, "zhang", limit=1)[0].why.spans == ((0, 5),)
    assert told == ["张伟"]


def test_of_many_people_the_room_is_read_first(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_both, "BEHIND", 1)
    for typed in ("陈桂芳 501", "湖滨花园3栋陈桂芳"):
        with statements(connection) as run:
            assert [hit.id for hit in search.find(connection, typed)][:1] == [45]
        rooms, people = (
            {one for one in run if begun in one and "json_each" in one} for begun in ("SELECT w.value", "r.phones")
        )
        assert any("41" in one and "45" in one for one in rooms)
        assert not any("41" in one.partition("json_each")[2] for one in people)


def test_older_notes_are_read_once_for_a_name_and_its_sound(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_both, "TOLD", 1)
    monkeypatch.setattr(Asked, "told", lambda *_: [10**6])
    with statements(connection) as run:
        assert search.find(connection, "陈桂芳 没有的词") == []
    assert len([one for one in run if "situation_note FROM visit WHERE id IN" in one]) == 1
    people = [one for one in run if "SELECT id, note FROM resident WHERE id IN" in one]
    assert people
    assert not [one for one in people if "61" in one], "nor is a visit looked for among people"


def test_households_are_not_looked_for_by_a_number_where_people_fill_the_list(connection: Connection) -> None:
    with statements(connection) as few:
        found = search.find(connection, "0142", limit=9)
    with statements(connection) as many:
        assert search.find(connection, "0142", limit=2) == found[:2]
    assert [one for one in few if "contact_phone FROM household WHERE" in one]
    assert not [one for one in many if "contact_phone FROM household WHERE" in one]


def test_what_stands_beside_a_whole_name_is_not_taken_for_one_by_its_sound(connection: Connection) -> None:
    with statements(connection) as run:
        search.find(connection, "陈桂芳 漏电")
    assert [one for one in run if '"schen0gf"' in one]
    assert not [one for one in run if '"slou0d" AND "2dian0")' in one]


def test_what_may_not_be_shown_takes_nobodys_place(connection: Connection) -> None:
    def found(typed: str, limit: int, *hidden: str) -> list[tuple[str, int]]:
        hits = search.find(connection, typed, limit=limit, shows=lambda hit: hit.kind not in hidden)
        return [(hit.kind, hit.id) for hit in hits]

    assert found("周四", 1) == [("issue", 71)]
    assert found("周四", 1, "issue") == [("visit", 61)]
    assert found("周四", 1, "issue", "visit") == []
    assert found("漏水 陈桂芳", 2) == [("resident", 41), ("visit", 61)]
    assert found("漏水 陈桂芳", 2, "visit") == [], "nor is said of whom it was written"
