"""One text that names two things: somebody, and a door, the end of a number or words."""

import pytest
from sqlalchemy import Connection

from gridworker.store.engine.database import raw_cursor
from gridworker.store.search import both as search_both
from gridworker.store.search import search
from gridworker.store.search.hits import TOLD, Asked
from gridworker.store.search.query import read
from gridworker.store.search.sources import sources
from gridworker.store.search.split import MOST_CUTS, cuts
from gridworker.store.search.words import among, having
from tests.store.search.test_search import GRID, OTHER_GRID, connection

__all__ = ["connection"]

HERE, THERE = ("resident", 41), ("resident", 45)
"""Two of one name in two estates."""


def together(connection: Connection, typed: str, grid: int | None = None) -> list[tuple[str, int]]:
    return [(hit.kind, hit.id) for hit in search.find(connection, typed, grid=grid)]


@pytest.mark.parametrize(
    "typed",
    [
        "3-1-202 陈桂芳", "陈桂芳 3-1-202", "陈桂芳3-1-202", "3-1-202陈桂芳", "3栋1单元202陈桂芳", "3栋202室陈桂芳",
        "3栋 202 陈桂芳", "chgf 0142", "cguif202", "202cguif", "chen gui fang 3-1",
        "师院南苑3栋陈桂芳", "陈桂芳 二零二",
        "陈桂芳0142", "0142 陈桂芳", "guifang 0142", "陈桂芳 13800000142", "陈桂芳 012x", "陈桂芳 0777",
    ],
)  # fmt: skip
def test_a_name_and_a_door_or_a_number_name_one(connection: Connection, typed: str) -> None:
    assert together(connection, typed)[:1] == [HERE]
    assert THERE not in together(connection, typed)


def test_a_name_and_a_building_name_all_of_the_name_there(connection: Connection) -> None:
    assert together(connection, "3栋陈桂芳") == [HERE, THERE]
    assert together(connection, "三栋陈桂芳", OTHER_GRID) == [THERE, HERE]
    assert together(connection, "3栋单芳") == []


def test_more_doors_than_are_looked_behind_are_asked_by_the_name(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_both, "BEHIND", 1)
    assert together(connection, "3栋陈桂芳", GRID) == [HERE, THERE]
    assert together(connection, "湖滨花园3栋陈桂芳") == [THERE]
    assert together(connection, "陈桂芳 501") == [THERE]


@pytest.mark.parametrize(
    "typed", ["陈桂芳 漏水", "漏水 陈桂芳", "cguif 漏水", "陈桂芳漏水", "漏水陈桂芳", "桂芳 水管漏水"]
)
def test_a_name_and_a_word_name_who_it_was_written_of_and_where(connection: Connection, typed: str) -> None:
    assert together(connection, typed)[:2] == [HERE, ("visit", 61)]
    assert THERE not in together(connection, typed)


def test_words_of_issues_and_their_steps_are_those_of_the_home(connection: Connection) -> None:
    assert together(connection, "陈桂芳 软管") == [HERE, ("issue", 71)]
    assert together(connection, "陈桂芳 新管") == [HERE, ("issue", 71)]
    assert together(connection, "张伟 软管") == []
    assert together(connection, "买买提 慢一点") == [("resident", 48)]


def test_more_notes_than_are_looked_through_are_asked_one_by_one(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_both, "TOLD", 1)
    assert together(connection, "程国富 水管") == [("resident", 42), ("visit", 61)]
    assert together(connection, "陈桂芳 漏水") == [HERE, ("visit", 61)]


def test_a_number_stays_the_reason_where_it_was_half_of_the_text(connection: Connection) -> None:
    assert search.find(connection, "陈桂芳 0142")[0].why == search.Why("phones", "0142", ((0, 4),))
    assert search.find(connection, "程国富 0777")[0].why.field == "contact_phone"


@pytest.mark.parametrize("typed", ["陈桂芳", "zhang wei", "3栋2单元", "3 2 501", "501a", "012x", "cgf", "wei z", "3栋"])
def test_one_thing_is_not_cut(typed: str) -> None:
    assert cuts(typed) == ()


def test_few_cuts_are_tried() -> None:
    assert len(cuts("陈 桂 芳 3 5")) <= MOST_CUTS
    assert cuts(" ".join("陈桂芳漏水燃气")) == ()


@pytest.mark.parametrize(
    "statement",
    [
        search_both.BY_DOOR,
        search_both.BY_HOUSEHOLD,
        search_both.BY_PERSON,
        *search_both.OF_HOMES.values(),
        search_both.OF_ISSUES,
    ],
)
def test_both_halves_are_put_together_by_indexes(connection: Connection, statement: str) -> None:
    plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[1]",))]
    assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step and "VIRTUAL" not in step]


def test_older_notes_are_read_where_they_stand_and_the_index_is_asked_once_each_time(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To ask the index about each of hundreds of notes took longer than all the rest."""
    monkeypatch.setattr(search_both, "TOLD", 1)
    asked: list[str] = []
    raw_cursor(connection).connection.set_trace_callback(asked.append)
    try:
        assert together(connection, "陈桂芳 漏水") == [HERE, ("visit", 61)]
    finally:
        raw_cursor(connection).connection.set_trace_callback(None)
    assert [one for one in asked if "FROM visit WHERE id IN" in one]
    assert not [one for one in asked if "search_words MATCH" in one and "rowid IN" in one]


def test_a_note_behind_many_newer_ones_with_the_word_is_found(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_both, "TOLD", 1)
    monkeypatch.setattr(Asked, "told", lambda *_: [10**6])
    assert together(connection, "陈桂芳 漏水") == [HERE, ("visit", 61)]


def test_texts_that_are_read_are_those_the_index_finds(connection: Connection) -> None:
    told = "SELECT rowid AS id FROM search_words UNION SELECT id FROM search_later ORDER BY id DESC"
    every = [row[0] for row in connection.exec_driver_sql(told)]
    for typed in ("漏水", "软管", "新管", "水管漏水", "没有的词", "代买 药"):
        asked = Asked(raw_cursor(connection), read(typed), 50, None)
        assert having(asked, every, dict.fromkeys(sources(), every)) == [one for one in every if one in _told(asked)], (
            typed
        )


def _told(asked: Asked) -> set[int]:
    return {record for record in asked.told(asked.query.words, 1000) if among(asked, [record])}


def test_older_notes_are_read_on_from_where_one_stopped(connection: Connection) -> None:
    plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {TOLD}", ('"水管"', 61, 5))]
    assert len(plan) == 1, "nothing is sorted"
    assert "<" in plan[0].rpartition("INDEX")[2], "and what was read is not gone through again"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("陳桂芳 3-1", [HERE]), ("3-1陳桂芳", [HERE]), ("陳桂芳 0142", [HERE]), ("張 3-2-501", [("resident", 43)]),
        ("陳桂芳 漏水", [HERE, ("visit", 61)]), ("陳桂芳漏水", [HERE, ("visit", 61)]),
        ("zhang 3-2", [("resident", 43)]), ("成桂芳 3-1", []), ("芳 5-1", []),
    ],
)  # fmt: skip
def test_a_sound_and_a_door_a_number_or_a_word_name_who_sounds_so_there(
    connection: Connection, typed: str, found: list[tuple[str, int]]
) -> None:
    assert together(connection, typed)[: max(1, len(found))] == found


@pytest.mark.parametrize(
    ("typed", "whom"), [("陳桂芳", {41, 45}), ("張偉", {43, 44}), ("曾樂", {46}), ("成桂芳", set())]
)
def test_a_name_nobody_has_is_found_by_its_sound(connection: Connection, typed: str, whom: set[int]) -> None:
    assert {hit.id for hit in search.find(connection, typed) if hit.why.field == "pinyin"} == whom


@pytest.mark.parametrize(
    "typed", ["陈桂芳 42", "42 陈桂芳", "陈桂芳42", "cgf 42", "陈桂芳 2x", "陈桂芳 20", "陈桂芳202"]
)
def test_a_name_and_a_few_digits_name_one(connection: Connection, typed: str) -> None:
    assert together(connection, typed)[:1] == [HERE]
    assert THERE not in together(connection, typed)


def test_a_few_digits_are_a_building_before_they_are_the_end_of_a_number(connection: Connection) -> None:
    assert together(connection, "陈桂芳 3") == [HERE, THERE]
    assert together(connection, "陈桂芳 9") == []
    assert search.find(connection, "陈桂芳 42")[0].why == search.Why("phones", "42", ((0, 2),))
    hidden = search.find(connection, "陈桂芳 42", shows=lambda hit: hit.why.field != "phones")
    assert hidden == []
