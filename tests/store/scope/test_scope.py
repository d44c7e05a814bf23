"""What a laptop may hold: cut by grid from the kinds' declarations; climbing agrees with cutting."""

from pathlib import Path

import pytest

from gridworker.app.demo.demo import make_demo
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.scope.scope import among, grids_of, in_scope
from gridworker.store.streams import kinds_of


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    demo = make_demo(tmp_path_factory.mktemp("demo"), people=120, profile=CHEAP)
    return Workspace.open(demo.office, demo.passphrase, profile=CHEAP)


def test_a_laptop_holds_the_records_of_its_grids_and_no_others(office: Workspace) -> None:
    with office.session.store.db.read() as connection:
        scope = in_scope(connection, grids_of(connection, 1), 1)
        houses: dict[int, int] = dict(connection.exec_driver_sql("SELECT id, grid_id FROM building").fetchall())
    (grid,) = [id_ for id_, name in office.devices.grids() if name == "第一网格"]
    assert {id_ for id_, own in houses.items() if own == grid} == houses.keys() & scope
    assert len(houses.keys() & scope) < len(houses)


def test_climbing_from_records_gives_what_cutting_by_grid_gives(office: Workspace) -> None:
    store = office.session.store
    with store.db.read() as connection:
        cursor = raw_cursor(connection)
        cursor.execute("SELECT DISTINCT record FROM op")
        kinds = kinds_of(cursor, [row[0] for row in cursor.fetchall()])
        everywhere = {kind.number for kind in office.records.kinds() if kind.everywhere or kind.office_only}
        placed = {record: kind for record, kind in kinds.items() if kind not in everywhere}
        for laptop in (1, 2):
            grids = grids_of(connection, laptop)
            cut = in_scope(connection, grids, laptop) & placed.keys()
            assert among(connection, placed, grids, laptop) == cut


def test_what_nothing_places_yet_stays_with_the_laptop_that_made_it(tmp_path: Path) -> None:
    demo = make_demo(tmp_path, people=60, profile=CHEAP)
    laptop = Workspace.open(demo.laptops[0], demo.passphrase, profile=CHEAP)
    household = laptop.records.save("household", {"status": "active"}).id
    person = laptop.records.save("resident", {"name": "新来的", "status": "in_place"}).id
    with laptop.session.store.db.read() as connection:
        for number, expected in ((1, {household, person}), (2, set()), (None, set())):
            assert in_scope(connection, [], number) & {household, person} == expected
            assert among(connection, {household: 5, person: 6}, [], number) == expected
    laptop.close()
