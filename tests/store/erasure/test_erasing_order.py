"""Erasure in any order of arrival: tables, heads and the values in the log end as the definition says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store import settling
from gridworker.store.health.check import check
from gridworker.store.intake import intake, transaction
from gridworker.store.log.blanking import Erased, blanked
from gridworker.store.log.op import OpRow, What
from gridworker.store.store import Store
from gridworker.store.upgrade.reread import reread
from tests.builders import take
from tests.oracle import bare, erasures
from tests.store.histories import STEPS_ERASING, History, Step, deliveries
from tests.store.intake.test_merge_store import emptied, expected, readings, shared, stored_heads
from tests.store.planted import CATCHING

__all__ = ["shared"]


def values_in_log(store: Store, ops: list[OpRow]) -> dict[int, bytes]:
    clks = ",".join(str(row.clk) for row in ops)
    with store.db.read() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql(f"SELECT clk, vals FROM op WHERE clk IN ({clks})")}


@given(data=st.data(), steps=STEPS_ERASING, size=st.integers(1, 9))
def test_any_order_ends_equal_and_without_the_values(
    shared: Store, data: st.DataObject, steps: list[Step], size: int
) -> None:
    ops = History().play(steps).ops
    with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "LOT", size)
        for batch in data.draw(deliveries(ops)):
            assert take(store, batch).forks == ()
        assert readings(store) == expected(ops)
        assert values_in_log(store, ops) == {row.clk: bare(row, erasures(ops)) for row in ops}


@given(data=st.data(), steps=STEPS_ERASING)
def test_reading_anew_and_the_check_agree(shared: Store, data: st.DataObject, steps: list[Step]) -> None:
    with emptied(shared) as store:
        for batch in data.draw(deliveries(History().play(steps).ops)):
            take(store, batch)
        before, heads = readings(store), stored_heads(store)
        assert not [fault for fault in check(store) if fault.serious]
        with store.db.write() as connection:
            connection.exec_driver_sql("DELETE FROM erased")
        reread(store.db)
        assert readings(store) == before
        assert stored_heads(store) == heads


def test_copies_with_and_without_the_values_are_one_op(shared: Store) -> None:
    """A device set back to an old copy gets its own ops blank, and has them whole: no fork, whichever was first."""
    history = History(1).play([("create", 0, 0, 15), ("edit", 0, 0, 3), ("erase", 0, 0, 15)])
    *whole, erasure = history.ops
    blank = [row._replace(vals=bare(row, erasures([erasure]))) for row in whole]
    assert blank != whole
    for first, second in ((whole, blank), (blank, whole)):
        with emptied(shared) as store:
            assert [take(store, batch).forks for batch in (first, second, [erasure])] == [(), (), ()]
            assert values_in_log(store, whole) == {row.clk: row.vals for row in blank}


def _only_what_is_no_edit(row: OpRow, erased: Erased) -> OpRow:
    return row if row.what == What.EDIT else blanked(row, erased)


@pytest.mark.parametrize(
    "planted",
    [
        [(intake, "blanked", _only_what_is_no_edit), (settling, "blanked", _only_what_is_no_edit)],
        [(settling, "blanked", lambda row, _erased: row)],
        [(settling.Settling, "read_anew", lambda _self: None)],
    ],
    ids=["a late value revives", "the log keeps it", "a late edit is a head"],
)
def test_a_planted_revival_is_caught(shared: Store, planted: list[tuple[object, str, object]]) -> None:
    @CATCHING
    @given(data=st.data(), steps=STEPS_ERASING)
    def prove(data: st.DataObject, steps: list[Step]) -> None:
        ops = History().play(steps).ops
        with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
            for where, name, instead in planted:
                patch.setattr(where, name, instead)
            for batch in data.draw(deliveries(ops)):
                take(store, batch)
            assert readings(store) == expected(ops)
            assert values_in_log(store, ops) == {row.clk: bare(row, erasures(ops)) for row in ops}

    with pytest.raises(AssertionError):
        prove()
