"""The quick way for usual rows: whoever goes it comes to the same, and nobody is kept for it."""

import gc
import weakref
from pathlib import Path

import pytest

from gridworker.sheets import sheet_reading
from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from gridworker.sheets.sheet_reading import SheetReading
from gridworker.sheets.usual_rows import UsualRows
from tests.sheets.invented import invent
from tests.sheets.ledgers import TODAY


def read(path: Path) -> tuple[Roster, int]:
    """A ledger, and how many of its rows went the quick way."""
    taken = 0
    take = UsualRows.take

    def counted(self: UsualRows, *row: object) -> bool:
        nonlocal taken
        usual = take(self, *row)  # type: ignore[arg-type]
        taken += usual
        return usual

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UsualRows, "take", counted)
        return read_roster(path, today=TODAY), taken


def test_the_quick_way_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers = [invent(tmp_path, seed).path for seed in range(12)]
    quickly = [read(path) for path in ledgers]
    monkeypatch.setattr(sheet_reading, "usual_rows", lambda _reading: lambda *_row: False)
    for path, (roster, _taken) in zip(ledgers, quickly, strict=True):
        assert read(path)[0] == roster
    assert sum(taken for _roster, taken in quickly) > 40


def test_a_sheet_that_is_read_lets_its_people_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[weakref.ref[SheetReading]] = []
    run = SheetReading.run
    monkeypatch.setattr(SheetReading, "run", lambda self: (begun.append(weakref.ref(self)), run(self)))
    path = invent(tmp_path, 1).path
    gc.collect()
    gc.disable()  # as in an import
    try:
        read_roster(path, today=TODAY)
        assert [reading() for reading in begun] == [None] * len(begun)
    finally:
        gc.enable()
    assert begun
