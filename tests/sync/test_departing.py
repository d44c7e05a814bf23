"""On a laptop: which word of several about what comes and goes counts, and which ops are taken in with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gridworker.store.departed import Departed, Entry
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.op import OpRow, What
from gridworker.store.store import Store
from gridworker.sync.departing import take_moves, wanted
from tests.builders import add, make_store

GONE = 77 << 22
"""A record that is not here."""


@dataclass
class Said:
    """What a reply of a life of the office says, at a stream number."""

    number: int
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    peer: int = 0
    numbers: tuple[int, ...] = field(default=())

    @property
    def header(self) -> Any:
        return SimpleNamespace(sender=self.peer, upto=self.number)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path, laptop=1)
    yield store
    store.close()


def left(store: Store, said: Said, *, gap: bool = False, newest: bool = True) -> dict[int, Entry]:
    """What has left a laptop after a reply."""
    with store.db.write() as connection:
        take_moves(raw_cursor(connection), said, store.identity.device, gap=gap, newest=newest)
        departed = Departed(raw_cursor(connection))
        return departed.among(departed.all())


def test_over_a_gap_nothing_leaves_and_what_comes_back_is_heard(laptop: Store) -> None:
    here, back = (add(laptop, "resident") for _ in range(2))
    assert left(laptop, Said(5, leave=(back,))) == {back: Entry(0, 5)}
    assert left(laptop, Said(7, enter=(back,), leave=(here,)), gap=True) == {}
    assert left(laptop, Said(8, leave=(here,))) == {here: Entry(0, 8)}


def test_by_the_word_of_a_former_life_only_what_is_not_here_leaves(laptop: Store) -> None:
    here = add(laptop, "resident")
    assert left(laptop, Said(5, leave=(here, GONE)), newest=False) == {GONE: Entry(0, 5)}


@pytest.mark.parametrize(("number", "comes"), [(6, True), (5, False), (4, False)])
def test_what_is_removed_comes_back_by_a_later_word_alone(laptop: Store, number: int, comes: bool) -> None:
    """The reply that had brought it turns up once more: parts of it would come to life."""
    left(laptop, Said(5, leave=(GONE,)))
    rows = [OpRow(GONE, 6, GONE, What.CREATE, 0, b""), OpRow(GONE + 1, 6, GONE, What.ERASE, 0, b"")]
    with laptop.cursor() as cursor:
        assert Departed(cursor).gone([GONE]) == {GONE}
        assert list(wanted(cursor, rows, Said(number, enter=(GONE,)))) == rows[not comes :]
