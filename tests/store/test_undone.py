"""What was taken back: told by the links that take back, however large the journal is."""

import random
from pathlib import Path

from gridworker.store.log.journal import Journal
from gridworker.store.tables.changes import Act
from gridworker.store.undone import taken_back
from tests.builders import make_store, new
from tests.store.steps import steps_of


def test_what_stands_is_what_nothing_that_stands_takes_back(tmp_path: Path) -> None:
    store, chance, acts = make_store(tmp_path), random.Random(1), list[int]()
    for number in range(60):
        undoes = chance.choice(acts) if acts and chance.randrange(2) else None
        act = Act("undo" if undoes else "create", 1, undoes=undoes)
        acts.append(store.write([new(store, "resident", name=f"甲{number}", status="in_place")], act).batch)
    with store.cursor() as cursor:
        back = taken_back(cursor)
        links = {link.no: link.entry.undoes for link in Journal(cursor, b"").links()}
    for no in links:
        taking = [later for later, undoes in links.items() if undoes == no and later not in back]
        assert (back[no].no if no in back else None) == max(taking, default=None)
    assert 5 < len(back) < len(acts)
    store.close()


def test_it_costs_no_more_where_more_was_done(tmp_path: Path) -> None:
    """A link has the clks of all that came with it: the journal of a large office is megabytes."""
    store, steps = make_store(tmp_path), list[int]()
    for number in range(100):
        store.write([new(store, "resident", name=f"甲{number}", status="in_place")], Act("create", 1))
        if number in {4, 99}:
            with store.cursor() as cursor:
                steps.append(steps_of(cursor, lambda: taken_back(cursor)))
                assert taken_back(cursor) == {}
    assert max(steps) < 50
    store.close()
