"""Mutated spreadsheets imported: a preview or a sentence, never a crash, and all of a ledger or nothing.

``GRIDWORKER_SHEETS`` sets how many (40), ``GRIDWORKER_SEED`` from where; 1,000 by ``make soak``.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gridworker.app.roster import memory as roster_memory
from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.domain.identity import id_fault
from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from gridworker.sheets.write import Table, write_table
from gridworker.store.records import count, page
from tests.sheets.mutations import mutated

COUNT = int(os.environ.get("GRIDWORKER_SHEETS", "40"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "7"))
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第三网格")


def people(office: Workspace) -> list[dict[str, Value]]:
    with office.session.store.db.read() as connection:
        assert count(connection, "resident") < 5000
        return [values for _, values in page(connection, "resident", limit=5000)]


def read(office: Workspace, grid: int, path: Path) -> Preview | None:
    """A preview, or None where the file was refused with a sentence."""
    with suppress(Problem):
        return office.rosters.preview(path, grid)
    return None


def faults(preview: Preview, ledger: Roster, saved: list[dict[str, Value]]) -> Iterator[str]:
    """What is wrong with what was taken in."""
    new, rejected = preview.counts.get("new", 0), preview.counts.get("rejected", 0)
    nobody = len(ledger.rejected) + len(ledger.passed_over)
    if len(saved) != new or len(ledger.residents) != new or nobody != rejected:
        yield f"{len(saved)} people of {new}"
    for person in saved:
        number = person["id_number"]
        if number and id_fault(str(number)):
            yield "a number that is none"
        for field in ("name", "tags", "phones", "id_number"):
            if INVISIBLE.search(str(person[field] or "")):
                yield f"invisible characters in {field}"


def test_a_mutated_spreadsheet_goes_in_whole_or_not_at_all(
    office: Workspace, grid: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before, wrong, taken = office.care_of_store.digest(), [], 0
    for seed in range(SEED * COUNT, (SEED + 1) * COUNT):
        path = mutated(seed, tmp_path)
        preview = read(office, grid, path)
        if preview is not None and preview.writes:
            imported = office.rosters.save(preview)
            ledger = read_roster(path, today=office.session.today())
            wrong += [f"seed {seed}: {fault}" for fault in faults(preview, ledger, people(office))]
            office.rosters.undo(imported)
            taken += 1
        path.unlink()
        assert people(office) == [], seed
    capfd.readouterr()  # the reader of spreadsheets says on stderr where it panicked
    assert wrong == []
    assert office.care_of_store.digest() == before
    assert office.care_of_store.check() == []
    assert taken >= COUNT // 4


def test_an_import_that_meets_a_fault_at_its_end_leaves_nothing(
    office: Workspace, grid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.xlsx"
    write_table(path, Table("台账", ("姓名", "乳名", "室"), [["陈建国", "小国", "202"], ["周敏", "小敏", "303"]]))
    first = office.rosters.preview(path, grid)
    preview = office.rosters.again(first, first.with_column("乳名", "note"))
    before = office.care_of_store.digest()

    def full(*_: object) -> None:
        raise Problem("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(roster_memory, "keep", full)
        with pytest.raises(Problem):
            office.rosters.save(preview)
    assert office.care_of_store.digest() == before
    assert people(office) == []
    assert office.rosters.save(preview).counts["new"] == 2
