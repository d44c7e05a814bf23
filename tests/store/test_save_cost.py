"""What a save asks of the engine: somebody waits for every value that is read, and for every table that is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridworker.store.engine.database import raw_cursor
from gridworker.store.store import Store
from tests.benchmarks.safekeeping import WRITTEN
from tests.builders import add, edit, make_store

WRITES = re.compile(r'(?:INSERT|REPLACE)[\w ]* INTO "?(\w+)|UPDATE "?(\w+)|DELETE FROM "?(\w+)')


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path, laptop=1)
    yield made
    made.close()


@contextmanager
def run_by(store: Store) -> Iterator[list[str]]:
    """The statements that the writing connection runs meanwhile."""
    with store.db.write() as connection:
        driver = raw_cursor(connection).connection
    run: list[str] = []
    driver.set_trace_callback(run.append)
    yield run
    driver.set_trace_callback(None)


def test_of_a_record_nothing_is_read_but_what_changes(store: Store) -> None:
    """It has some thirty fields: to make values of all takes longer than to find it."""
    person = add(store, "resident")
    edit(store, "resident", person, note="第一次上门")
    with run_by(store) as run:
        edit(store, "resident", person, note="第二次上门")
    assert [one for one in run if 't."note"' in one]
    assert not [one for one in run if "birth_date" in one]


def test_a_save_of_a_remark_writes_to_these_tables_once_and_to_no_other(store: Store) -> None:
    """Each is a page at least that has to be encrypted; ``make bench`` counts what as many bare rows take."""
    person, other = add(store, "resident"), add(store, "resident")
    edit(store, "resident", other, note="换了电话")  # who writes is known from then on
    with run_by(store) as run:
        edit(store, "resident", person, note="第一次上门")
    written = [found[found.lastindex or 0] for one in run if (found := WRITES.match(one))]
    assert set(written) == set(WRITTEN)
    assert len(written) == len(WRITTEN) + 1, "the log has two: what was changed, and the audit row of that"
