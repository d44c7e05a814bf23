"""Entries of very many new records: those of some are written by another thread while those of the next are made."""

from collections.abc import Iterable, Sequence
from threading import Event, Thread, current_thread
from threading import enumerate as all_threads

import pytest
import sqlcipher3.dbapi2 as driver

from gridworker.errors import StoreClosed
from gridworker.record import Value
from gridworker.store.intake import transaction
from gridworker.store.search import born, search
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.store.tables.creations import Lot
from tests.store.search.test_search_index import live

PEOPLE = 8


@pytest.fixture
def written_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads that write entries, in lots of five records."""
    threads: list[str] = []
    write = born._Planting.write

    def noting(planting: born._Planting, entries: born._Entries) -> None:
        threads.append(current_thread().name)
        write(planting, entries)

    monkeypatch.setattr(transaction, "SOWN_LOT", 5)
    monkeypatch.setattr(born, "TOGETHER", 1)
    monkeypatch.setattr(born._Planting, "write", noting)
    return threads


def _street(store: Store) -> tuple[dict[str, int], list[Change]]:
    """A building with two doors of two grids and a household behind each, of eight people, all of it new."""
    names = ("building", "near", "far", "first", "second")
    ids = {name: store.new_id() for name in names}
    named: list[tuple[str, int, dict[str, Value]]] = [
        ("building", ids["building"], {"grid_id": 8, "building_name": "8"}),
        ("dwelling", ids["near"], {"building_id": ids["building"], "room_no": "101"}),
        ("dwelling", ids["far"], {"building_id": ids["building"], "grid_id": 9, "room_no": "102"}),
    ]
    for home, door in (("first", "near"), ("second", "far")):
        named.append(("household", ids[home], {"dwelling_id": ids[door], "remark": '"漏\\水"', "status": "active"}))
        people = [store.new_id() for _ in range(PEOPLE)]
        ids[f"{home} person"] = people[0]
        named += [("resident", one, {"name": "曾乐", "note": "漏水"}) for one in people]
        named += [("household_member", store.new_id(), {"household_id": ids[home], "resident_id": at}) for at in people]
    return ids, [Change(*one, create=True) for one in named]


def _places(store: Store) -> dict[int, str]:
    """Where records are as the index has it, which has all that it would have if it were made anew."""
    with store.db.write() as connection:
        planted = live(connection)
        search.rebuild(connection)
        assert live(connection) == planted
        return dict(connection.exec_driver_sql("SELECT id, place FROM search_seen").fetchall())


def _keeps_nothing(store: Store, changes: Sequence[Change]) -> None:
    """Nothing of it is there, nobody works on, and all of it can be written then."""
    assert [thread.name for thread in all_threads() if thread.name.startswith("indexing")] == []
    with store.db.read() as connection:
        for table in ("op", "resident", "search_seen"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
    assert store.write(changes, Act("create", 1)).new == len(changes) + 1
    _places(store)


def test_entries_are_written_beside_the_making_of_others_as_if_anew(office: Store, written_by: list[str]) -> None:
    ids, changes = _street(office)
    office.write(changes, Act("create", 1))
    places = _places(office)
    assert len(written_by) == 8, "37 records in lots of five"
    assert written_by == ["indexing_0"] * 7 + ["MainThread"]
    assert [places[ids[name]] for name in ("far", "first person", "second person")] == ["h8 g9", "g8", "g9"]


def test_places_that_are_here_are_looked_up_meanwhile(office: Store, written_by: list[str]) -> None:
    ids, changes = _street(office)
    office.write(changes[:3], Act("create", 1))
    office.write(changes[3:], Act("create", 1))
    assert written_by.count("indexing_0") == 6
    places = _places(office)
    assert [places[ids[name]] for name in ("first person", "second person")] == ["g8", "g9"]


def test_few_are_written_without_another_thread(office: Store, written_by: list[str]) -> None:
    ids, changes = _street(office)
    office.write(changes[:3], Act("create", 1))
    assert set(written_by) <= {"MainThread"}
    assert _places(office)[ids["far"]] == "h8 g9"


def test_what_the_engine_refuses_in_the_other_thread_is_raised_and_nothing_is_kept(
    office: Store, written_by: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _ids, changes = _street(office)
    with monkeypatch.context() as patch:
        patch.setattr(born, "_object", lambda entries: "{" if entries else "")
        with pytest.raises(driver.OperationalError, match="malformed JSON"):
            office.write(changes, Act("create", 1))
    assert written_by[-1] == "indexing_0"
    _keeps_nothing(office, changes)


def test_what_goes_wrong_while_another_thread_writes_waits_for_it_and_nothing_is_kept(
    office: Store, written_by: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _ids, changes = _street(office)
    make = born._Planting.entries
    with monkeypatch.context() as patch:

        def made(planting: born._Planting, lots: Iterable[Lot]) -> born._Entries:
            if len(written_by) == 3:
                raise MemoryError
            return make(planting, lots)

        patch.setattr(born._Planting, "entries", made)
        with pytest.raises(MemoryError):
            office.write(changes, Act("create", 1))
    _keeps_nothing(office, changes)


def test_what_another_thread_writes_can_be_broken_off_and_nothing_is_kept(
    office: Store, written_by: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _ids, changes = _street(office)
    under_way = Event()
    with monkeypatch.context() as patch:

        def endlessly(planting: born._Planting, _entries: born._Entries) -> None:
            under_way.set()
            planting._beside.execute("WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n")

        patch.setattr(born._Planting, "write", endlessly)
        locking = Thread(target=lambda: under_way.wait() and office.db.break_off(0))
        locking.start()
        with pytest.raises(StoreClosed):
            office.write(changes, Act("create", 1))
        locking.join()
    _keeps_nothing(office, changes)
