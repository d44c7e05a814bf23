"""The merge rule through the whole store: tables, conflicts, what is awaited and pending, read anew, checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3.dbapi2 import IntegrityError

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.health.check import check
from gridworker.store.intake import intake, transaction
from gridworker.store.log import verdicts
from gridworker.store.log.clock import OFFICE
from gridworker.store.log.heads import Merger
from gridworker.store.log.log import Log, unpack_heads
from gridworker.store.log.op import OpRow, What, value_of
from gridworker.store.log.verdicts import Met, Ruling, Verdicts
from gridworker.store.store import Store
from gridworker.store.tables.projection import Projection
from gridworker.store.upgrade.reread import reread
from tests.builders import make_store, take
from tests.oracle import World, world
from tests.store.histories import RESIDENT, RULED_STEPS, STEPS, History, Step, deliveries
from tests.store.planted import CATCHING, LastToArriveWins, OneLosingValueDropped, OverLeftOut, three_laptops

RESIDENT_KIND = discover.by_number()[RESIDENT].kind


class Readings(NamedTuple):
    """What a store shows of a set of ops."""

    residents: dict[int, dict[int, Value]]
    conflicts: set[tuple[int, int, int]]
    awaited: set[tuple[int, int, int]]
    pending: set[tuple[int, int, int]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples, emptied before each: making one takes longer than the test."""
    store = make_store(tmp_path_factory.mktemp("store"), laptop=1000)
    yield store
    store.close()


@contextmanager
def emptied(store: Store) -> Iterator[Store]:
    with store.db.write() as connection:
        names = (
            "op", "sheaf", "head", "conflict", "awaited", "pending", "newest", "batch", "ruling", "judged", "erased",
            "unredacted", "search_index", "search_words", "search_seen", *discover.kinds(),
        )  # fmt: skip
        for name in names:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
    yield store


def understood(kind: int, number: int, value: Value) -> bool:
    known = discover.by_number().get(kind)
    spec = known.kind.numbered.get(number) if known else None
    return value is None if spec is None else spec.understands(value)


def readings(store: Store) -> Readings:
    def rows(sql: str) -> list[Any]:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]

    with store.db.read() as connection:
        columns = ", ".join(("id", *RESIDENT_KIND.specs))
        residents = {
            row[0]: dict(zip(RESIDENT_KIND.numbered, row[1:], strict=True))
            for row in rows(f"SELECT {columns} FROM resident")
        }
        return Readings(
            residents,
            set(rows("SELECT record, field, waiting FROM conflict")),
            set(rows("SELECT clk, record, field FROM awaited")),
            set(rows("SELECT record, field, clk FROM pending")),
        )


def expected(ops: list[OpRow]) -> Readings:
    found = world(ops, understood)
    counting = {row.clk for row in ops} - found.judged
    kinds = {row.record: row.kind for row in ops if row.what == What.CREATE and row.clk in counting}
    waiting = {(record, number) for _, record, number in found.awaited}
    conflicts = {
        (record, number, int((record, number) in waiting or (number == ALIVE and record in dict(waiting))))
        for record, number in found.conflicts
    }
    residents = {
        record: {number: row.get(number) for number in RESIDENT_KIND.numbered}
        for record, row in found.rows.items()
        if kinds[record] == RESIDENT
    }
    return Readings(residents, conflicts, found.awaited, _pending(ops, found, kinds))


def _pending(ops: list[OpRow], found: World, kinds: dict[int, int]) -> set[tuple[int, int, int]]:
    values = {row.clk: row for row in ops}
    pending = {(record, ALIVE, record) for record, kind in kinds.items() if kind != RESIDENT}
    for (record, number), clks in found.heads.items():
        if kinds.get(record) == RESIDENT and number != ALIVE:
            for clk in clks:
                if not understood(RESIDENT, number, _value(values[clk], number)):
                    pending.add((record, number, clk))
    return pending


def _value(row: OpRow, number: int) -> Value:
    return value_of(row.what, row.record, row.vals, number)


@given(data=st.data(), steps=RULED_STEPS)
def test_any_order_gives_the_same_tables(shared: Store, data: st.DataObject, steps: list[Step]) -> None:
    ops = History().play(steps).ops
    with emptied(shared) as store:
        for batch in data.draw(deliveries(ops)):
            take(store, batch)
        assert readings(store) == expected(ops)


@given(data=st.data(), steps=RULED_STEPS, size=st.integers(1, 5))
def test_reading_anew_gives_the_same_tables(shared: Store, data: st.DataObject, steps: list[Step], size: int) -> None:
    with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "LOT", size)
        for batch in data.draw(deliveries(History().play(steps).ops)):
            take(store, batch)
        before, heads = readings(store), stored_heads(store)
        assert not [fault for fault in check(store) if fault.serious]
        reread(store.db)
        assert readings(store) == before
        assert stored_heads(store) == heads


def stored_heads(store: Store) -> dict[int, tuple[int, object]]:
    with store.db.read() as connection:
        rows = connection.exec_driver_sql("SELECT record, kind, k FROM head")
        return {record: (kind, unpack_heads(k)) for record, kind, k in rows}


class _ConflictsForgotten(Projection):
    """Shows the highest value and tells nobody that there are others."""

    def show(self, merged: Any, places: Any, others: Any) -> Any:
        shown = super().show(merged, places, others)
        self._cursor.execute("DELETE FROM conflict")
        return shown


class _DeletionWins(Projection):
    """A deletion hides the edits it had not seen."""

    def reread(self, records: Any, places: Any) -> None:
        super().reread(records, places)
        for record in records:
            if 0 in places.heads[record]:
                self._cursor.execute("DELETE FROM resident WHERE id = ?", (record,))


class _PendingKept(Projection):
    """Goes on listing as not understood what has been replaced."""

    def _forget(self, contested: Any, values: Any) -> None:
        super()._forget(contested, {})


class _StaleTable(Projection):
    """Leaves the table as it is where a field has several heads."""

    def _settle(self, contested: Any, merged: Any, places: Any) -> None:
        super()._settle({place: heads for place, heads in contested.items() if len(heads) < 2}, merged, places)


@pytest.mark.parametrize(
    "planted",
    [
        LastToArriveWins, OverLeftOut, OneLosingValueDropped, _ConflictsForgotten, _DeletionWins, _PendingKept,
        _StaleTable,
    ],
)  # fmt: skip
def test_a_planted_bug_is_caught_in_the_tables(shared: Store, planted: type[Merger | Projection]) -> None:
    name = "Merger" if issubclass(planted, Merger) else "Projection"

    @CATCHING
    @given(data=st.data(), steps=STEPS)
    def prove(data: st.DataObject, steps: list[Step]) -> None:
        ops = History().play(steps).ops
        with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
            patch.setattr(intake, name, planted)
            for batch in data.draw(deliveries(ops)):
                take(store, batch)
            assert readings(store) == expected(ops)

    with pytest.raises((AssertionError, IntegrityError)):
        prove()


class _JudgedOpsMerged(Verdicts):
    """Merges an op that comes after its verdict."""

    def meet(self, ops: Any) -> Met | None:
        met = super().meet(ops)
        return met and met._replace(ruled=())


class _VerdictsNotFollowed(Verdicts):
    """Leaves standing what came before its verdict."""

    def meet(self, ops: Any) -> Met | None:
        met = super().meet(ops)
        return met and met._replace(records={})


class _LastVerdictToArriveWins(Verdicts):
    """Does not look at the verdicts that came before."""

    def _keep(self, verdicts: Any) -> None:
        super()._keep(verdicts)
        for one in verdicts:
            self._cursor.execute("DELETE FROM judged WHERE clk = ?", (one.on,))
            if one.ruling is not Ruling.VOUCHED:
                self._cursor.execute("INSERT INTO judged VALUES (?,?,?)", (one.on, one.record, one.op))


def _anybody(_clk: int) -> int:
    """Takes everybody for the office."""
    return OFFICE


class _Unwaited(Log):
    """Waits for an op that was judged before it came."""

    def present(self, clks: Any) -> set[int]:
        return super().present(clks) & self.rows(clks).keys()


class _JudgedCreation(Log):
    """Goes on showing a record whose creation was not accepted."""

    def kinds(self, records: Any) -> dict[int, int]:
        return {row.record: row.kind for row in self.rows(records).values() if row.what == What.CREATE}


@pytest.mark.parametrize(
    ("where", "name", "planted"),
    [
        (intake, "Verdicts", _JudgedOpsMerged),
        (intake, "Verdicts", _VerdictsNotFollowed),
        (intake, "Verdicts", _LastVerdictToArriveWins),
        (intake, "Log", _Unwaited),
        (intake, "Log", _JudgedCreation),
        (verdicts, "laptop_of", _anybody),
    ],
)
def test_a_bug_planted_in_the_verdicts_is_caught(shared: Store, where: Any, name: str, planted: object) -> None:
    @CATCHING
    @given(data=st.data(), steps=RULED_STEPS)
    def prove(data: st.DataObject, steps: list[Step]) -> None:
        ops = History().play(steps).ops
        with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
            patch.setattr(where, name, planted)
            for batch in data.draw(deliveries(ops)):
                take(store, batch)
            assert readings(store) == expected(ops)

    with pytest.raises((AssertionError, IntegrityError, KeyError)):
        prove()


def test_a_sample_of_all_orders_of_seven_batches_ends_equal(shared: Store) -> None:
    batches = three_laptops()
    wanted = expected([row for batch in batches for row in batch])
    assert wanted.conflicts
    chance = Random(1)
    for _ in range(40):
        with emptied(shared) as store:
            for batch in chance.sample(batches, len(batches)):
                take(store, batch)
            assert readings(store) == wanted
