"""Words whose entries are written later are found like all others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.health.search_check import Astray, astray
from gridworker.store.search import later, search
from gridworker.store.search import words as search_words
from gridworker.store.store import Store
from tests.builders import add, edit, remove
from tests.store import crowd


def note(connection: Connection, record: int, text: str | None) -> None:
    crowd.insert(connection, "resident", [{"id": record, "name": "陈桂芳", "note": text, "status": "in_place"}])
    search.refresh(connection, {}, {"resident": {record}})


def found(connection: Connection, query: str, limit: int = 20) -> list[int]:
    return [hit.id for hit in search.find(connection, query, limit=limit)]


def waiting(connection: Connection) -> list[int]:
    rows = connection.exec_driver_sql("SELECT id FROM search_later ORDER BY id").fetchall()
    return [record for (record,) in rows]


def written(connection: Connection) -> list[int]:
    rows = connection.exec_driver_sql("SELECT id FROM search_words_docsize ORDER BY id").fetchall()
    return [record for (record,) in rows]


def test_a_remark_that_is_saved_is_found_and_nothing_of_the_index_of_words_is_written(laptop: Store) -> None:
    person = add(laptop, "resident", name="陈桂芳")
    with laptop.cursor() as cursor:
        before = cursor.execute("SELECT id, block FROM search_words_data ORDER BY id").fetchall()
    edit(laptop, "resident", person, note="厨房水管漏水")
    with laptop.db.read() as connection:
        assert found(connection, "漏水") == [person]
        assert (
            raw_cursor(connection).execute("SELECT id, block FROM search_words_data ORDER BY id").fetchall() == before
        )
        assert astray(raw_cursor(connection)) == Astray(0, 0)
    remove(laptop, "resident", person)
    with laptop.db.read() as connection:
        assert found(connection, "漏水") == []
        assert astray(raw_cursor(connection)) == Astray(0, 0)


def test_of_a_record_that_waits_already_nothing_is_noted_again(connection: Connection) -> None:
    note(connection, 41, "漏水")
    changes = raw_cursor(connection).connection.total_changes
    search.refresh(connection, {}, {"resident": {41}})
    assert raw_cursor(connection).connection.total_changes == changes


@pytest.mark.parametrize("together", [False, True])
def test_of_two_records_under_one_id_that_which_stands_is_found(connection: Connection, together: bool) -> None:
    """Copies that nobody noticed made a resident and a visit under it; the visit stayed."""
    note(connection, 41, "漏水")
    connection.exec_driver_sql("DELETE FROM resident WHERE id = 41")
    crowd.insert(connection, "visit", [{"id": 41, "situation_note": "停电", "started_at": "2026-03-18T01:00:00Z"}])
    for told in [{"resident": {41}, "visit": {41}}] if together else [{"resident": {41}}, {"visit": {41}}]:
        search.refresh(connection, {}, told)
    later.take_out(raw_cursor(connection))  # which kind it was noted under
    assert written(connection) == [41]
    assert found(connection, "停电") == [41]
    assert astray(raw_cursor(connection)) == Astray(0, 0)


def test_once_too_many_wait_all_are_written(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "MOST", 2)
    for record in (41, 42):
        note(connection, record, "漏水")
    assert (waiting(connection), written(connection)) == ([41, 42], [])
    note(connection, 43, "漏水")
    assert (waiting(connection), written(connection)) == ([], [41, 42, 43])
    assert found(connection, "漏水") == [43, 42, 41]


def test_what_is_more_than_a_person_saves_is_written_at_once_with_all_that_wait(connection: Connection) -> None:
    note(connection, 41, "漏水")
    people = range(100, 100 + later.FEW + 1)
    crowd.insert(connection, "resident", [{"id": at, "name": "王小明", "note": "停电"} for at in people])
    search.refresh(connection, {}, {"resident": set(people)})
    assert (waiting(connection), written(connection)) == ([], [41, *people])


def test_nothing_of_what_was_said_before_is_left_after_a_purge(connection: Connection) -> None:
    note(connection, 41, "龘靐")
    search.purge(connection)
    note(connection, 41, None)
    assert (waiting(connection), written(connection)) == ([41], [41])
    search.purge(connection)
    assert (waiting(connection), written(connection)) == ([], [])
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, search_words, instance)")
    assert connection.exec_driver_sql("SELECT term FROM temp.said").fetchall() == []


def test_what_waits_comes_in_its_place_among_the_newest(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_words, "CANDIDATES", 2)
    for record in range(41, 50):
        note(connection, record, "漏水")
        if record % 3:
            search.purge(connection)
            note(connection, 90, "停电")
    note(connection, 45, "停电")
    assert found(connection, "漏水") == [49, 48, 47, 46, 44, 43, 42, 41]
    assert found(connection, "漏水", limit=4) == [49, 48, 47, 46]


def test_words_that_neither_wait_nor_have_an_entry_are_missed(laptop: Store) -> None:
    edit(laptop, "resident", add(laptop, "resident"), note="漏水")
    with laptop.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM search_later")
        assert astray(raw_cursor(connection)) == Astray(1, 0)
        connection.exec_driver_sql("DROP TABLE search_later")
        assert astray(raw_cursor(connection)) is None


def test_what_somebody_put_among_those_that_wait_stops_no_search(connection: Connection) -> None:
    note(connection, 41, "漏水")
    connection.exec_driver_sql("INSERT INTO search_later VALUES (42, 999), (43, 16)")
    assert found(connection, "漏水") == [41]
    search.purge(connection)
    assert waiting(connection) == []


TEXTS = st.sampled_from((None, "漏水", "约好周四上门", "周四漏水", "WiFi 坏了", "computer", "电话13800000142"))
ASKED = ("漏水", "周四", "wifi", "omputer", "comp", "周四 漏水", "0142")


@settings(max_examples=40)
@given(history=st.lists(st.tuples(st.integers(41, 46), TEXTS), max_size=12), most=st.integers(0, 5))
def test_whatever_waits_the_same_is_found_as_if_nothing_did(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, str | None]], most: int
) -> None:
    database = Database(tmp_path_factory.mktemp("any") / "store.db", bytes(32), create=True)
    with database.write() as connection, pytest.MonkeyPatch.context() as patch:
        crowd.create(connection)
        patch.setattr(later, "MOST", most)
        for record, text in history:
            note(connection, record, text)
        while_waiting = [found(connection, query) for query in ASKED]
        search.purge(connection)
        assert [found(connection, query) for query in ASKED] == while_waiting
    database.close()
