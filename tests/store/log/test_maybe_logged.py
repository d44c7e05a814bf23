"""What somebody made up is not looked for clk by clk, and what is here is found all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.store.log import log
from gridworker.store.log.clock import TICK
from gridworker.store.log.log import Log, maybe_logged
from gridworker.store.store import Store
from gridworker.store.streams import kinds_of
from tests.builders import Wall, add, make_store

RESIDENT = 6


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(log, "MANY_ASKED", 4)
    store = make_store(tmp_path, wall=Wall(step=1000))
    yield store
    store.close()


@pytest.mark.parametrize("step", [1, 200, 5000], ids=["dense", "even", "sparse"])
def test_what_is_here_is_found_among_what_is_not(store: Store, step: int) -> None:
    """``step``: ms between the clks that are made up, beside acts a second apart."""
    here = [add(store, "resident", name=f"张三{number}") for number in range(8)]
    made_up = [here[0] + at * step * TICK + 7 for at in range(-20, 60)]
    with store.cursor() as cursor:
        asked = sorted([*here, *made_up])
        assert Log(cursor).kinds(asked) == dict.fromkeys(here, RESIDENT)
        assert kinds_of(cursor, asked) == dict.fromkeys(here, RESIDENT)
        assert Log(cursor).present(asked) == set(here)


def test_where_little_lies_between_no_more_is_asked_for(store: Store) -> None:
    here = [add(store, "resident", name=f"张三{number}") for number in range(3)]
    with store.cursor() as cursor:
        made_up = [here[0] + at * TICK + 7 for at in range(200)]
        assert set(maybe_logged(cursor, [*here, *made_up])) == set(here)
        assert maybe_logged(cursor, [*here, here[0] + 7]) == [*here, here[0] + 7], "more lies between"
