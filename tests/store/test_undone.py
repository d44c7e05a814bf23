"""What was taken back is the same, whether the journal is read whole or as far as it grew."""

import random
from pathlib import Path

from gridworker.store.joined import JOINED
from gridworker.store.tables.changes import Act
from gridworker.store.undone import Undone, taken_back
from tests.builders import make_store, new
from tests.store.steps import steps_of


def test_what_is_remembered_of_the_journal_tells_what_a_look_through_all_of_it_tells(tmp_path: Path) -> None:
    store, chance = make_store(tmp_path), random.Random(1)
    known, acts = Undone(JOINED), list[int]()
    for number in range(60):
        undoes = chance.choice(acts) if acts and chance.randrange(2) else None
        act = Act("undo" if undoes else chance.choice([JOINED, "create"]), 1, undoes=undoes)
        acts.append(store.write([new(store, "resident", name=f"甲{number}", status="in_place")], act).batch)
        with store.cursor() as cursor:
            if not chance.randrange(4):
                known.learn(cursor)
            assert known.back(cursor) == Undone(JOINED).back(cursor) == taken_back(cursor)
            assert known.acts(cursor) == Undone(JOINED).acts(cursor)
            count = len(known.back(cursor))
    assert count > 5
    store.close()


def test_what_was_learnt_is_not_read_again(tmp_path: Path) -> None:
    """A link has the clks of all that came with it: the journal of a large office is megabytes."""
    store, known = make_store(tmp_path), Undone(JOINED)
    for number in range(50):
        store.write([new(store, "resident", name=f"甲{number}", status="in_place")], Act("create", 1))

    with store.cursor() as cursor:
        before = steps_of(cursor, lambda: known.back(cursor))
        known.learn(cursor)
        assert steps_of(cursor, lambda: known.back(cursor)) < before / 5
        assert known.back(cursor) == {}
    store.close()
