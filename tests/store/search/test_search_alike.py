"""Everybody whose name sounds like one being typed is found in the index, however it is written."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.store.engine.database import Database
from gridworker.store.search import search
from gridworker.store.search.alike import READ, alike
from gridworker.store.search.pinyin import readings_of, units
from tests.store import crowd

PEOPLE = 900
RARE = ("阿不都·热合曼", "王㐂", "李𠮷", "尉迟恭", "单雄信", "曾国", "仇英", "Tom Li", "解珍", "王善")


COMMON, FAR = ("张伟", "张卫", "章伟", "张玮"), "章威"
"""All of one sound; who is looked for lives elsewhere and was written down last."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, dict[int, str]]]:
    database = Database(tmp_path_factory.mktemp("alike") / "store.db", bytes(32), create=True)
    people = crowd.Crowd(PEOPLE, seed=5, households_in_grid=100)
    for row, name in zip(people.rows["resident"], (*RARE, *COMMON), strict=False):
        row["name"] = name
    people.rows["resident"][-1] |= {"name": FAR, "phones": "13800000142"}
    with database.write() as connection:
        crowd.create(connection)
        search.refresh(connection, crowd.settle(connection, people))
    with database.read() as connection:
        yield connection, {int(str(row["id"])): str(row["name"]) for row in people.rows["resident"]}
    database.close()


def written_otherwise(name: str, chance: st.DataObject) -> str:
    """The name by ear: each character may be another one that can be read the same."""
    others = _homophones()
    letters = list(name)
    for unit in units(name):
        if len(unit.text) == 1 and unit.readings:
            same = [one for way in unit.readings for one in others.get(way, ())]
            letters[unit.start] = chance.draw(st.sampled_from([unit.text, *same]))
    return "".join(letters)


def _homophones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for letter in "桂贵方房陈晨臣王汪张章伟卫维曾增赠单善旦擅仇求球愁红洪宏丽莉立礼明铭强英影华花国果解谢介珍真":
        for way in readings_of(letter):
            found[way].append(letter)
    return found


@settings(max_examples=60)
@given(st.data())
def test_whoever_sounds_the_same_is_found(books: tuple[Connection, dict[int, str]], data: st.DataObject) -> None:
    connection, people = books
    resident = data.draw(st.sampled_from(sorted(people)))
    typed = written_otherwise(people[resident], data)
    assert resident in {row.resident for row in alike(connection, typed)}


@pytest.mark.parametrize("name", RARE)
def test_rare_names_and_dots_are_found(books: tuple[Connection, dict[int, str]], name: str) -> None:
    connection, _ = books
    assert name in {row.name for row in alike(connection, name)}


@pytest.mark.parametrize(
    ("typed", "found"), [("善雄信", "单雄信"), ("球英", "仇英"), ("增国", "曾国"), ("谢珍", "解珍"), ("王单", "王善")]
)
def test_surnames_are_read_as_people_read_them(
    books: tuple[Connection, dict[int, str]], typed: str, found: str
) -> None:
    connection, _ = books
    assert found in {row.name for row in alike(connection, typed)}


def test_of_a_common_sound_who_is_near_is_looked_at_first(
    books: tuple[Connection, dict[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, people = books
    monkeypatch.setattr("gridworker.store.search.alike.MOST", 1)
    wanted = next(resident for resident, name in people.items() if name == FAR)
    (row,) = [row for row in alike(connection, FAR) if row.resident == wanted]  # by the very characters
    assert wanted not in {row.resident for row in alike(connection, "章卫")}
    assert wanted in {row.resident for row in alike(connection, "章卫", building=row.building)}
    assert wanted in {row.resident for row in alike(connection, "章卫", phones=["138-0000-0142"])}


def test_a_longer_or_a_shorter_name_is_another(books: tuple[Connection, dict[int, str]]) -> None:
    connection, people = books
    for name in list(people.values())[20:60]:
        wanted = len(units(name))
        assert {len(units(row.name)) for row in alike(connection, name)} == {wanted}


@settings(max_examples=80)
@given(st.text(max_size=12), st.text(max_size=20))
def test_whatever_is_typed_is_answered(books: tuple[Connection, dict[int, str]], name: str, number: str) -> None:
    connection, _ = books
    assert isinstance(alike(connection, name, number), list)


def test_nobody_is_read_who_does_not_sound_so(books: tuple[Connection, dict[int, str]]) -> None:
    """Every table is entered by a key: what it costs does not grow with the books."""
    connection, _ = books
    plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {READ}", ("[]",))]
    assert [step for step in plan if step.startswith("SCAN") and "w VIRTUAL TABLE" not in step] == []
