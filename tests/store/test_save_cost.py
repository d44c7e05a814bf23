"""What a save asks of the engine: somebody waits for every value that is read."""

from pathlib import Path

from gridworker.store.engine.database import raw_cursor
from tests.builders import add, edit, make_store


def test_of_a_record_nothing_is_read_but_what_changes(tmp_path: Path) -> None:
    """It has some thirty fields: to make values of all takes longer than to find it."""
    store = make_store(tmp_path, laptop=1)
    person = add(store, "resident")
    edit(store, "resident", person, note="第一次上门")
    run: list[str] = []
    with store.db.write() as connection:
        driver = raw_cursor(connection).connection
    driver.set_trace_callback(run.append)
    edit(store, "resident", person, note="第二次上门")
    driver.set_trace_callback(None)
    assert [one for one in run if 't."note"' in one]
    assert not [one for one in run if "birth_date" in one]
    store.close()
