"""A bundle of nothing but what is unfit, or waits for what never comes: what of it is held at once is little."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.check import check
from gridworker.store.log.clock import device
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.store import Store
from gridworker.store.streams import Exchange
from gridworker.sync.judging import pending_references
from gridworker.sync.judging.judge import FORK, MALFORMED, OUT_OF_SCOPE, Judged, Office
from gridworker.sync.judging.unfit import Lot, set_aside
from tests.builders import make_store, take

MANY = 20_000
MINE = device(2, 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "office")
    yield store
    store.close()


def edit(number: int, value: str = "x") -> OpRow:
    record = number << 22
    return OpRow(number << 22 | MINE, 6, record, int(What.EDIT), 0, pack_edits(record, [Edit(1, value, (record,))]))


def test_what_is_unfit_is_kept_lot_by_lot(store: Store) -> None:
    unfit = [(edit(number), OUT_OF_SCOPE) for number in range(1, MANY)]
    twin, bad = (edit(1, "y"), OUT_OF_SCOPE), (edit(2, "z"), MALFORMED)
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        tracemalloc.start()
        kept = set_aside(cursor, unfit, Lot([Author(7, 1)], b"first"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept.count == len(Exchange(cursor).aside()) == len(unfit)
        assert peak < 200 * MANY, "bytes: all at once are four times that"
        assert kept.forks == []
        again = set_aside(cursor, [*unfit, twin, bad], Lot([Author(7, 1)], b"second"))
        assert again.count == 2, "what came before is no news"
        assert [(op.clk, op.reason) for op in again.forks] == [(twin[0].clk, FORK)]


def test_of_very_much_that_is_waited_for_a_merge_reads_what_concerns_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edits of records that never come; then one comes after all, and an op that another names."""
    monkeypatch.setattr("gridworker.store.log.log.FEW_AWAITED", 0)
    first, lost = edit(1), 900 << 22 | MINE
    record = first.record
    named = pack_edits(record, [Edit(1, "y", (first.clk, lost)), Edit(5, "z", (lost,))])
    take(store, [*map(edit, range(1, 50)), OpRow(800 << 22 | MINE, 6, record, int(What.EDIT), 0, named)])
    with store.cursor() as cursor:
        log = Log(cursor)
        assert len(log.awaited()) == 50
        around = log.awaited_around([lost], ())
        assert around == {lost: {(record, 1), (record, 5)}, record: {(record, -1), (record, 1)}}
        assert log.awaited_around([], [edit(7).record]).keys() == {edit(7).record}
    take(store, [OpRow(record, 6, record, int(What.CREATE), 0, pack_create({1: "a", 2: "b"}))])
    assert not check(store)
    take(store, [OpRow(lost, 6, record, int(What.EDIT), 0, pack_edits(record, [Edit(1, "w", (record,))]))])
    assert not check(store)
    with store.cursor() as cursor:
        left = Log(cursor).awaited()
    assert len(left) == 48
    assert lost not in left
    assert (store.get("resident", record) or {})["name"] == "y"


def test_what_hangs_on_each_other_and_on_nothing_before_is_not_gone_through(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doors made up, each in the one before it: two hundred thousand of them are a bundle of a kilobyte."""
    take(store, [OpRow(1 << 22 | MINE, 5, 1 << 22 | MINE, int(What.CREATE), 0, pack_create({}))])
    aside = [(made(number, number - 1), OUT_OF_SCOPE) for number in range(3, 50)]
    judged, authors = Judged([], aside), [Author(7, 1)]
    web = Mock(wraps=pending_references._Web.read)
    monkeypatch.setattr(pending_references._Web, "read", web)

    def office(_rows: object, _authors: object) -> Office:
        return Office(2, (), {})

    with store.db.read() as connection:
        assert pending_references.reconsider(connection, 2, judged, authors, office).judged == judged
        web.assert_not_called()
        met = Judged([], [*aside, (made(60, 1, 1 << 22 | MINE), OUT_OF_SCOPE)])
        pending_references.reconsider(connection, 2, met, authors, office)
        web.assert_called_once()  # one of them is about what came before


def made(number: int, place: int, record: int = 0) -> OpRow:
    clk = number << 22 | MINE
    return OpRow(clk, 4, record or clk, int(What.CREATE), 0, pack_create({2: place << 22 | MINE}))
