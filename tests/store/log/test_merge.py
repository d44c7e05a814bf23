"""The merge rule: whatever the order, the doubles, the batches and the clocks, the end is what the definition says."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.log.heads import Merger, heads_by_definition
from gridworker.store.log.op import unpack_all
from tests.oracle import world
from tests.store.histories import STEPS, History, Kernel, Step, deliveries
from tests.store.planted import (
    CATCHING,
    AwaitedOpsTakenAsPlain,
    LastToArriveWins,
    LateCreationForgotten,
    LoneEditsNameNothing,
    NamedInAnotherRecord,
    NothingAwaited,
    OneLosingValueDropped,
    OverLeftOut,
    SeenNotAwaited,
    three_laptops,
)  # fmt: skip


@given(st.data(), STEPS)
def test_any_order_ends_as_the_definition_says(data: st.DataObject, steps: list[Step]) -> None:
    ops = History().play(steps).ops
    kernel = Kernel()
    for batch in data.draw(deliveries(ops)):
        kernel.take(batch)
    kernel.require(world(ops))


@given(st.data(), STEPS)
def test_it_is_as_the_definition_says_at_every_step(data: st.DataObject, steps: list[Step]) -> None:
    kernel = Kernel()
    for batch in data.draw(deliveries(History().play(steps).ops)):
        kernel.take(batch)
        kernel.require(world(kernel.log.values()))


def test_all_orders_of_seven_batches_end_equal() -> None:
    batches = three_laptops()
    expected = world(row for batch in batches for row in batch)
    assert expected.conflicts
    ends = 0
    for order in permutations(batches):
        kernel = Kernel()
        for batch in order:
            kernel.take(batch)
        kernel.require(expected)
        ends += 1
    assert ends == 5040


@given(STEPS)
def test_heads_derived_from_the_whole_log_are_those_of_the_definition(steps: list[Step]) -> None:
    kernel = Kernel()
    kernel.take(History().play(steps).ops)
    for record, packed in kernel.heads.items():
        rows = [row for row in kernel.log.values() if row.record == record and row.what]
        flats = unpack_all([row.vals for row in rows])
        created = record in kernel.log and not kernel.log[record].what
        edits = [(row.clk, flat) for row, flat in zip(rows, flats, strict=True)]
        assert heads_by_definition(record, created, edits) == packed


@pytest.mark.parametrize(
    "planted",
    [
        LastToArriveWins, OverLeftOut, OneLosingValueDropped, NothingAwaited, LateCreationForgotten,
        AwaitedOpsTakenAsPlain, NamedInAnotherRecord, LoneEditsNameNothing, SeenNotAwaited,
    ],
)  # fmt: skip
def test_a_planted_bug_is_caught(planted: type[Merger]) -> None:
    @CATCHING
    @given(st.data(), STEPS)
    def prove(data: st.DataObject, steps: list[Step]) -> None:
        ops = History().play(steps).ops
        kernel = Kernel(planted)
        for batch in data.draw(deliveries(ops)):
            kernel.take(batch)
        kernel.require(world(ops))

    with pytest.raises(AssertionError):
        prove()
