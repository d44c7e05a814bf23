"""The short row of a household's last calls says what its visits say, whatever is done to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.health.check import check
from gridworker.store.tables import last_calls
from tests.builders import add, edit, make_store
from tests.store.crowd import create

VISITS, HOUSEHOLDS = range(1, 5), (1, 2, None)
CELLS = st.tuples(
    st.sampled_from(HOUSEHOLDS),
    st.sampled_from(["2026-03-01T01:00:00Z", "2026-03-02T01:00:00Z", None]),
    st.sampled_from(["met_person", "nobody_home", None]),
    st.sampled_from(["2026-04-01", None]),
)
STEPS = st.lists(st.tuples(st.sampled_from(["replace", "update", "delete"]), st.sampled_from(VISITS), CELLS))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = Database(tmp_path_factory.mktemp("calls") / "store.db", bytes(32), create=True)
    with found.write() as connection:
        create(connection)
    yield found
    found.close()


def kept(connection: Connection) -> dict[int, tuple[object, ...]]:
    rows = connection.exec_driver_sql("SELECT household, at, effective, follow_up_on, met_at FROM last_call").all()
    return {row[0]: tuple(row[1:]) for row in rows}


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_they_follow_every_write(database: Database, steps: list[tuple[str, int, tuple[object, ...]]]) -> None:
    visits: dict[int, tuple[object, ...]] = {}
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM visit")
        assert kept(connection) == {}
        for what, visit, cells in steps:
            columns = "household_id = ?, started_at = ?, outcome = ?, follow_up_on = ?"
            if what == "replace":
                statement = "INSERT OR REPLACE INTO visit (household_id, started_at, outcome, follow_up_on, id)"
                connection.exec_driver_sql(f"{statement} VALUES (?, ?, ?, ?, ?)", (*cells, visit))
                visits[visit] = cells
            elif what == "update":
                connection.exec_driver_sql(f"UPDATE visit SET {columns} WHERE id = ?", (*cells, visit))
                visits |= {visit: cells} if visit in visits else {}
            else:
                connection.exec_driver_sql("DELETE FROM visit WHERE id = ?", (visit,))
                visits.pop(visit, None)
        assert kept(connection) == _told(visits)
        assert last_calls.differing(raw_cursor(connection)) == []


def _told(visits: dict[int, tuple[object, ...]]) -> dict[int, tuple[object, ...]]:
    found: dict[int, tuple[object, ...]] = {}
    for household in {cells[0] for cells in visits.values() if cells[0] is not None}:
        own = [(str(cells[1] or ""), id, cells) for id, cells in visits.items() if cells[0] == household]
        _, at, outcome, agreed = max(own)[2]
        met = [cells[1] for _, _, cells in own if cells[2] == "met_person" and cells[1]]
        effective = None if outcome is None else int(outcome == "met_person")
        found[int(str(household))] = (at, effective, agreed, max(map(str, met), default=None))
    return found


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM last_call", "UPDATE last_call SET met_at = NULL", "INSERT INTO last_call (household) VALUES (9)"],
)
def test_the_self_check_finds_a_row_that_was_tampered_with(tmp_path: Path, statement: str) -> None:
    store = make_store(tmp_path)
    household = add(store, "household")
    visit = add(
        store, "visit", visit_no="V1", household_id=household, visitor_id=household, started_at="2026-03-01T01:00:00Z",
        channel="door", visit_kind="routine", outcome="met_person",
    )  # fmt: skip
    edit(store, "visit", visit, outcome="met_family")
    assert not [fault for fault in check(store) if fault.serious]
    with store.db.write() as connection:
        connection.exec_driver_sql(statement)
    assert {fault.where for fault in check(store) if fault.serious} == {"tables"}
    store.close()
