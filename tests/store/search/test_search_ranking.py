"""The right person is among the first three for 95 % of three-letter queries inside a grid (ux.md, job 2)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from gridworker.store.engine.database import Database
from gridworker.store.search import search
from gridworker.store.search.pinyin import readings
from tests.store import crowd

PEOPLE = 3300
"""Three grids of 400 households."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, crowd.Crowd]]:
    database = Database(tmp_path_factory.mktemp("ranking") / "store.db", bytes(32), create=True)
    people = crowd.Crowd(PEOPLE, seed=11)
    with database.write() as connection:
        crowd.create(connection)
        search.refresh(connection, crowd.settle(connection, people))
    with database.read() as connection:
        yield connection, people
    database.close()


def three_letters(name: str) -> str:
    """What somebody types who looks for a person: the initials; of two characters also the next letter (``zwe``)."""
    spelled = [unit[0] for unit in readings(name)]
    letters = "".join(syllable[0] for syllable in spelled)
    return letters[:3] if len(letters) > 2 else (letters[:1] + spelled[-1])[:3]


def test_the_right_person_is_among_the_first_three(world: tuple[Connection, crowd.Crowd]) -> None:
    connection, people = world
    grid = people.grids[0]
    living = people.residents[grid]
    assert len(living) > 1000
    found = [
        resident in [hit.id for hit in search.find(connection, three_letters(name), grid=grid)[:3]]
        for resident, name in living
    ]
    among_three = sum(found) / len(found)
    assert among_three >= 0.95


def test_everybody_of_the_grid_is_found_by_any_spelling(world: tuple[Connection, crowd.Crowd]) -> None:
    connection, people = world
    grid = people.grids[1]
    for resident, name in people.residents[grid][::40]:
        spelled = [unit[0] for unit in readings(name)]
        ways = (
            name,
            "".join(spelled),
            " ".join(spelled),
            spelled[0] + "".join(way[0] for way in spelled[1:]),
            name[:1] + " " + "".join(spelled[1:]),
        )
        for typed in ways:
            assert resident in [hit.id for hit in search.find(connection, typed, grid=grid, limit=60)], typed


def test_the_grid_comes_before_all_others(world: tuple[Connection, crowd.Crowd]) -> None:
    connection, people = world
    for typed in ("w", "zh", "li", "王", "zhang w", "1"):
        near = [hit.place.grid_id == people.grids[2] for hit in search.find(connection, typed, grid=people.grids[2])]
        assert near == sorted(near, reverse=True)
