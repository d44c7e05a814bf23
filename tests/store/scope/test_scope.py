"""What a laptop may hold: cut by grid from the kinds' declarations; climbing agrees with cutting."""

from pathlib import Path

import pytest

from gridworker.app.demo.demo import make_demo
from gridworker.app.workspace import Workspace
from gridworker.store.engine.database import raw_cursor
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.scope.scope import among, grids_of, in_scope
from gridworker.store.store import Store
from gridworker.store.streams import kinds_of
from tests.builders import add, edit, pour


@pytest.fixture(scope="module")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    demo = make_demo(tmp_path_factory.mktemp("demo"), people=120, profile=CHEAP)
    return Workspace.open(demo.office, demo.passphrase, profile=CHEAP)


def test_a_laptop_holds_the_records_of_its_grids_and_no_others(demo_office: Workspace) -> None:
    with demo_office.session.store.db.read() as connection:
        scope = in_scope(connection, grids_of(connection, 1), 1)
        houses: dict[int, int] = dict(connection.exec_driver_sql("SELECT id, grid_id FROM building").fetchall())
    (grid,) = [id_ for id_, name in demo_office.devices.grids() if name == "第一网格"]
    assert {id_ for id_, own in houses.items() if own == grid} == houses.keys() & scope
    assert len(houses.keys() & scope) < len(houses)


def test_climbing_from_records_gives_what_cutting_by_grid_gives(demo_office: Workspace) -> None:
    store = demo_office.session.store
    with store.db.read() as connection:
        cursor = raw_cursor(connection)
        cursor.execute("SELECT DISTINCT record FROM op")
        kinds = kinds_of(cursor, [row[0] for row in cursor.fetchall()])
        everywhere = {kind.number for kind in demo_office.records.kinds() if kind.everywhere or kind.office_only}
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


def test_what_is_in_conflict_about_its_first_place_is_not_where_a_later_one_says(office: Store, laptop: Store) -> None:
    """An issue of one of two households names a building of another grid: that one's laptop has no business with it."""
    first, second = (add(office, "grid", name=name) for name in ("第一网格", "第二网格"))
    near, far = (add(office, "building", grid_id=grid, building_name="3") for grid in (first, second))
    homes = [
        add(office, "household", dwelling_id=add(office, "dwelling", building_id=near, room_no=f"10{at}"))
        for at in range(3)
    ]
    issue = add(
        office, "issue", household_id=homes[0], building_id=far,
        title="渗水", category="B", severity="S3", reported_at="2026-03-18T01:00:00Z",
    )  # fmt: skip
    pour(office, laptop)
    for store, home in ((office, homes[1]), (laptop, homes[2])):
        edit(store, "issue", issue, household_id=home)
    assert pour(laptop, office).conflicts == 1
    with office.db.read() as connection:
        assert [issue in in_scope(connection, [grid], None) for grid in (first, second)] == [True, False]
