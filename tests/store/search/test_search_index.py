from collections.abc import Mapping
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker import discover
from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.log.log import chunks
from gridworker.store.log.op import pack_create
from gridworker.store.search import index as search_index
from gridworker.store.search import search
from tests.store import crowd

GRID, OTHER_GRID = 1, 2


def put(connection: Connection, kind: str, **values: object) -> None:
    crowd.insert(connection, kind, [values])
    search.refresh(connection, {kind: [int(str(values["id"]))]})


def remove(connection: Connection, kind: str, record: int) -> None:
    connection.exec_driver_sql(f"DELETE FROM {kind} WHERE id = ?", (record,))
    search.refresh(connection, {kind: [record]})


def family(connection: Connection) -> None:
    """One household at 3栋2单元501 with 陈桂芳 in it."""
    put(connection, "building", id=11, grid_id=GRID, building_name="3", estate_name="师院南苑")
    put(connection, "building", id=12, grid_id=OTHER_GRID, building_name="7")
    put(connection, "dwelling", id=21, building_id=11, unit_no="2", room_no="501")
    put(connection, "dwelling", id=22, building_id=12, unit_no="1", room_no="601")
    put(connection, "household", id=31, dwelling_id=21, head_id=41, status="active")
    put(connection, "household", id=32, dwelling_id=22, status="active")
    put(connection, "resident", id=41, name="陈桂芳", phones="13800000142", status="in_place")
    put(connection, "household_member", id=51, household_id=31, resident_id=41)


def terms(connection: Connection) -> set[tuple[str, int]]:
    """Everything that is in the index: terms with the records they are found by."""
    cursor = raw_cursor(connection)
    found = set()
    for index in ("search_index", "search_words"):
        cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.of_{index} USING fts5vocab(main, {index}, instance)")
        found.update(cursor.execute(f"SELECT term, doc FROM temp.of_{index}").fetchall())
    return found


def live(connection: Connection) -> set[tuple[str, int]]:
    """The same without what is deleted and not yet merged away, and with what is remembered of each entry."""
    search.purge(connection)
    seen = raw_cursor(connection).execute("SELECT id, kind, own, place FROM search_seen").fetchall()
    return terms(connection) | {(f"{kind} {own} {place}", record) for record, kind, own, place in seen}


def in_grid(connection: Connection, grid: int) -> bool:
    """Whether 陈桂芳 is found among the people of a grid."""
    cursor = raw_cursor(connection)
    cursor.execute("SELECT rowid FROM search_index WHERE search_index MATCH ?", (f'"g{grid:x}" AND "xcgf"',))
    return cursor.fetchall() == [(41,)]


def test_a_changed_name_is_found_by_the_new_one_only(connection: Connection) -> None:
    family(connection)
    put(connection, "resident", id=41, name="陈桂香", status="in_place")
    assert [hit.id for hit in search.find(connection, "cgx")] == [41]
    assert search.find(connection, "cgf") == []
    assert search.find(connection, "0142") == []


def test_a_deleted_person_is_not_found(connection: Connection) -> None:
    family(connection)
    remove(connection, "resident", 41)
    assert search.find(connection, "陈桂芳") == []


def test_a_move_of_anything_above_moves_the_person(connection: Connection) -> None:
    family(connection)
    moves: tuple[tuple[str, dict[str, object]], ...] = (
        ("building", {"id": 11, "grid_id": OTHER_GRID, "building_name": "3"}),
        ("building", {"id": 11, "grid_id": GRID, "building_name": "3"}),
        ("dwelling", {"id": 21, "building_id": 12, "unit_no": "2", "room_no": "501"}),
        ("dwelling", {"id": 21, "building_id": 12, "unit_no": "2", "room_no": "501", "grid_id": GRID}),
        ("household", {"id": 31, "dwelling_id": 22, "status": "active"}),
        ("household", {"id": 31, "dwelling_id": 21, "status": "active"}),
        ("household_member", {"id": 51, "household_id": 32, "resident_id": 41}),
        ("household_member", {"id": 51, "household_id": 31, "resident_id": 41}),
    )
    for place, (kind, row) in enumerate(moves):
        put(connection, kind, **dict(row))
        here = GRID if place % 2 else OTHER_GRID
        assert (in_grid(connection, GRID), in_grid(connection, OTHER_GRID)) == (here == GRID, here == OTHER_GRID), kind


def test_a_building_with_another_number_is_found_by_it(connection: Connection) -> None:
    family(connection)
    put(connection, "building", id=11, grid_id=GRID, building_name="8")
    assert [hit.id for hit in search.find(connection, "8-2-501")] == [31]
    assert search.find(connection, "3-2-501") == []


def test_who_is_in_two_households_belongs_to_both_grids(connection: Connection) -> None:
    family(connection)
    put(connection, "household_member", id=52, household_id=32, resident_id=41)
    assert in_grid(connection, GRID)
    assert in_grid(connection, OTHER_GRID)
    put(connection, "household_member", id=52, household_id=32, resident_id=41, valid_to="2026-01-01")
    assert not in_grid(connection, OTHER_GRID)


def test_a_membership_that_is_gone_takes_the_person_out_of_the_grid(connection: Connection) -> None:
    """Its row is gone: only the op that created it knows whose it was."""
    family(connection)
    raw_cursor(connection).execute(
        "INSERT INTO op (clk, kind, record, what, author, vals) VALUES (51, 7, 51, 0, 1, ?)",
        (pack_create({1: 31, 2: 41}),),
    )
    remove(connection, "household_member", 51)
    assert not in_grid(connection, GRID)
    assert [hit.id for hit in search.find(connection, "cgf", grid=GRID)] == [41]


def test_what_is_not_searched_rewrites_nothing(connection: Connection) -> None:
    family(connection)
    crowd.insert(connection, "resident", [{"id": 41, "name": "陈桂芳", "phones": "13800000142", "status": "moved_out"}])
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    search.refresh(connection, {"resident": {41}, "household": {31}, "building": {11}}, {})
    assert connection.exec_driver_sql("SELECT total_changes()").scalar_one() == before


def test_the_watched_fields_are_those_the_index_depends_on() -> None:
    watched, told = _named(search.watched()), _named(search.told())
    assert watched["resident"] == {"name", "phones", "id_last4"}
    assert told["resident"] == {"note"}
    assert told["building"] >= {"estate_name"} <= watched["building"]
    assert watched["dwelling"] == {"building_id", "grid_id", "unit_no", "room_no"}
    assert watched["household_member"] == {"household_id", "resident_id", "valid_to"}
    assert not (watched.keys() | told.keys()) & {"audit_event", "staff", "grid", "community", "device"}
    assert all(0 in fields for fields in (*search.watched().values(), *search.told().values()))


def _named(fields: Mapping[int, frozenset[int]]) -> dict[str, set[str]]:
    kinds = {record.kind.number: record.kind for record in discover.kinds().values()}
    return {
        kinds[number].name: {spec.name for spec in kinds[number].specs.values() if spec.number in numbers}
        for number, numbers in fields.items()
    }


def test_a_changed_remark_is_found_without_a_look_at_the_name(connection: Connection) -> None:
    family(connection)
    put(connection, "resident", id=41, name="陈桂芳", note="水管漏水", status="in_place")
    crowd.insert(connection, "resident", [{"id": 41, "name": "陈桂芳", "note": "电梯停运", "status": "in_place"}])
    search.refresh(connection, {}, {"resident": {41}})
    assert [hit.id for hit in search.find(connection, "电梯")] == [41]
    assert search.find(connection, "漏水") == []
    crowd.insert(connection, "resident", [{"id": 41, "name": "陈桂芳", "status": "in_place"}])
    search.refresh(connection, {}, {"resident": {41}})
    assert search.find(connection, "电梯") == []
    assert [hit.id for hit in search.find(connection, "cgf")] == [41]


def test_kinds_that_are_not_searched_are_passed_over(connection: Connection) -> None:
    search.refresh(connection, {"audit_event": {1}, "grid": {2}, "staff": {3}})
    assert terms(connection) == set()


def test_nothing_of_a_removed_name_is_left_after_a_purge(connection: Connection) -> None:
    family(connection)
    put(connection, "resident", id=49, name="龘靐", status="in_place")
    remove(connection, "resident", 49)
    search.purge(connection)
    assert not {term for term, record in terms(connection) if record == 49}
    assert "1陈" in {term for term, _ in terms(connection)}


def test_a_crowd_indexed_at_once_is_as_if_indexed_anew(connection: Connection) -> None:
    search.refresh(connection, crowd.settle(connection, crowd.Crowd(300, visits=60)))
    refreshed = live(connection)
    search.rebuild(connection)
    assert live(connection) == refreshed
    assert len({record for _, record in refreshed}) > 300


def test_what_is_written_in_parts_is_as_if_indexed_anew(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 20)
    monkeypatch.setattr(search_index, "chunks", partial(chunks, size=30))
    search.refresh(connection, crowd.settle(connection, crowd.Crowd(300, visits=60)))
    refreshed = live(connection)
    search.rebuild(connection)
    assert live(connection) == refreshed
    assert len({record for _, record in refreshed}) > 300


def test_what_is_not_here_is_not_gathered_either(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody makes up memberships by the hundred thousand, of people who are not here."""
    monkeypatch.setattr(search_index, "AT_ONCE", 20)
    monkeypatch.setattr(search_index, "chunks", partial(chunks, size=10))
    family(connection)
    crowd.insert(connection, "household_member", [{"id": 100 + at, "resident_id": 1000 + at} for at in range(90)])
    gathered: list[int] = []
    write = search_index._Refresh._write

    def counting(refreshing: search_index._Refresh) -> None:
        gathered.append(len(refreshing._gone))
        write(refreshing)

    monkeypatch.setattr(search_index._Refresh, "_write", counting)
    search.refresh(connection, {"household_member": range(100, 190)})
    assert sum(gathered) == 90
    assert max(gathered) <= 30
    search.refresh(connection, {"resident": [41, *range(1000, 1090)]})
    assert in_grid(connection, GRID)


def test_the_index_is_made_where_there_was_none(connection: Connection) -> None:
    family(connection)
    for table in ("search_index", "search_words", "search_seen"):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    search.rebuild(connection)
    assert [hit.id for hit in search.find(connection, "cgf", grid=GRID)] == [41]


ROWS: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "building": {
        "grid_id": st.sampled_from((GRID, OTHER_GRID, None)), "building_name": st.sampled_from("38"),
        "estate_name": st.sampled_from((None, "师院南苑")),
    },
    "dwelling": {
        "building_id": st.integers(100, 101), "unit_no": st.sampled_from("12"), "room_no": st.sampled_from(("5", "12")),
        "grid_id": st.sampled_from((None, None, OTHER_GRID)),
    },
    "household": {"dwelling_id": st.integers(200, 202), "contact_phone": st.sampled_from((None, "0714-6510777"))},
    "resident": {"name": st.sampled_from(("陈桂芳", "曾乐", "李")), "phones": st.sampled_from((None, "13800000142"))},
    "household_member": {
        "household_id": st.integers(300, 302), "resident_id": st.none(),
        "valid_to": st.sampled_from((None, "2026-01-01")),
    },
    "visit": {"household_id": st.integers(300, 302), "situation_note": st.sampled_from((None, "漏水", "WiFi"))},
}  # fmt: skip
FIRST = {"building": 100, "dwelling": 200, "household": 300, "resident": 400, "household_member": 500, "visit": 600}


@st.composite
def acts(draw: st.DrawFn) -> tuple[str, dict[str, object] | None, int]:
    """A record written (its values) or removed (none). A membership stays with the person it was made for."""
    kind = draw(st.sampled_from(sorted(ROWS)))
    place = draw(st.integers(0, 2))
    if draw(st.integers(0, 3)) == 0:
        return kind, None, FIRST[kind] + place
    values = {name: draw(value) for name, value in ROWS[kind].items()}
    if kind == "household_member":
        values["resident_id"] = FIRST["resident"] + place
    return kind, {"id": FIRST[kind] + place, **values}, FIRST[kind] + place


@settings(max_examples=30)
@given(history=st.lists(st.lists(acts(), min_size=1, max_size=5), max_size=8))
def test_any_history_refreshed_is_as_if_indexed_anew(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[str, dict[str, object] | None, int]]]
) -> None:
    database = Database(tmp_path_factory.mktemp("any") / "store.db", bytes(32), create=True)
    with database.write() as connection:
        crowd.create(connection)
        for place in range(3):
            raw_cursor(connection).execute(
                "INSERT INTO op (clk, kind, record, what, author, vals) VALUES (?, 7, ?, 0, 1, ?)",
                (500 + place, 500 + place, pack_create({2: 400 + place})),
            )
        for transaction in history:
            touched: dict[str, set[int]] = {}
            for kind, values, record in transaction:
                if values is None:
                    connection.exec_driver_sql(f"DELETE FROM {kind} WHERE id = ?", (record,))
                else:
                    crowd.insert(connection, kind, [values])
                touched.setdefault(kind, set()).add(record)
            search_index.refresh(connection, touched)
        refreshed = live(connection)
        search_index.rebuild(connection)
        assert live(connection) == refreshed
    database.close()
