"""What left a laptop's grids goes only once all that any of its lives wrote is safe at the office."""

from pathlib import Path

from gridworker.store.departed import Departed, Entry, may_go
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.log import Log
from gridworker.store.streams import Exchange, Stream
from tests.builders import add, make_store

OFFICE_LIFE = 0


def test_work_of_a_former_life_that_is_on_its_way_keeps_everything(tmp_path: Path) -> None:
    store = make_store(tmp_path, laptop=1)
    record = add(store, "resident")
    take_new_life(store)
    add(store, "resident")
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        exchange, written = Exchange(cursor), Log(cursor).newest()
        Departed(cursor).leave({record: Entry(OFFICE_LIFE, 1)}, 0)
        exchange.save_stream(Stream(OFFICE_LIFE, backed_up=5))
        present = {device: clk for device, clk in written.items() if device == store.identity.device}
        found = []
        for safe in (present, written):
            exchange.set_marks(safe.items())
            exchange.set_backed_up(safe.items())
            found.append(may_go(cursor, store.identity))
    store.close()
    assert len(written) == 2
    assert found == [[], [record]]
