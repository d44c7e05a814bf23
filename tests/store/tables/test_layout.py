"""Creations made into rows and links: a few at a time, without what is null, and alike in whatever lots they come."""

import hashlib
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.record import Value
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.check import check
from gridworker.store.intake import transaction
from gridworker.store.intake.transaction import take_in
from gridworker.store.log.journal import Part
from gridworker.store.log.log import Columns
from gridworker.store.log.op import OpRow, What, pack_create
from gridworker.store.tables import layout
from gridworker.store.tables.layout import Newborn, Table
from tests.builders import make_store, take

RESIDENT = 6
NAME, YEAR, NOTE = 1, 4, 13


def creation(record: int, values: dict[int, Value], author: int = 0) -> OpRow:
    return OpRow(record, RESIDENT, record, int(What.CREATE), author, pack_create(values))


@pytest.mark.parametrize("count", [6, layout._FEW + 1])
def test_a_row_leaves_out_what_is_null_and_no_nought(count: int) -> None:
    table = Table.of(RESIDENT)
    assert table is not None
    pair: list[dict[int, Value]] = [{NAME: "陈桂芳"}, {NAME: "曾乐", YEAR: 0}]
    listed: list[dict[int, Value]] = [*pair * (count // 2), {NAME: "", YEAR: 0}]
    made = table.created(Newborn(range(len(listed)), [pack_create(values) for values in listed]))
    rows = [dict(zip(("id", *made.columns), row, strict=True)) for row in made.rows]
    names = {number: spec.name for number, spec in table.kind.numbered.items()}
    assert [{name: value for name, value in row.items() if value is not None} for row in rows] == [
        {"id": at, **{names[number]: value for number, value in values.items()}} for at, values in enumerate(listed)
    ]
    assert (len(made.columns) == 2) == (count > layout._FEW)


def test_creations_decoded_a_few_at_a_time_all_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_AT_ONCE", 3)
    store = make_store(tmp_path)
    first = store.new_id()
    rows = [creation(first + (at << 16), {NAME: f"陈{at}", YEAR if at % 2 else NOTE: at or None}) for at in range(8)]
    take(store, rows)
    assert [(store.get("resident", row.record) or {}).get("name") for row in rows] == [f"陈{at}" for at in range(8)]
    assert list(check(store)) == []
    store.close()


@pytest.mark.parametrize("at", [0, 6, 12])
def test_a_row_that_is_there_already_gives_way(tmp_path: Path, at: int) -> None:
    """As one that somebody put there behind the log's back: the creations that come with it are no less taken in."""
    store = make_store(tmp_path)
    first = store.new_id()
    rows = [creation(first + (at << 16), {NAME: f"陈{at}", YEAR: at}) for at in range(13)]
    with store.db.write() as connection:
        connection.exec_driver_sql(f"INSERT INTO resident (id, note) VALUES ({rows[at].record}, '从前')")
    take(store, rows)
    assert [(store.get("resident", row.record) or {}).get("name") for row in rows] == [f"陈{at}" for at in range(13)]
    assert list(check(store)) == []
    store.close()


def test_lots_that_go_down_are_touched_and_indexed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "LOT", 2)
    store = make_store(tmp_path)
    first = store.new_id()
    rows = [creation(first + (at << 16), {NAME: "陈桂芳"}) for at in (4, 5, 0, 1, 2, 3)]
    with store.db.write() as connection:
        taken = take_in(raw_cursor(connection), rows)
    everybody = {row.record for row in rows}
    assert set(taken.touched[RESIDENT]) == everybody
    assert set(taken.to_index.to_name()[RESIDENT]) == everybody
    assert set(taken.to_index.to_tell()[RESIDENT]) == everybody
    store.close()


COLUMN = st.lists(st.integers(-(2**63), 2**63 - 1) | st.just(7), min_size=5, max_size=5) | st.just([7] * 5)


@given(st.lists(COLUMN, min_size=4, max_size=4), st.booleans())
def test_the_hash_of_a_part_is_that_of_its_columns(columns: list[list[int]], created: bool) -> None:
    clks, vals = (1, 2, 3, 4, 5), (b"\x90", b"", b"abc", b"\x90", b"\x91\x01")
    kind, record, what, author = map(tuple, columns)
    ops = Columns(clks, kind, clks if created else record, what, author, vals)
    plain = (array("q", column) for column in (*ops[:5], list(map(len, vals))))
    assert Part.of(ops).hash == hashlib.sha256(b"".join((*(column.tobytes() for column in plain), *vals))).digest()
