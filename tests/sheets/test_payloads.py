"""Nothing that was typed leaves as a formula or as another value, whatever reads the file."""

import os
import re
from pathlib import Path

import pytest

from gridworker.sheets.cells import unescaped
from gridworker.sheets.read import read_book
from gridworker.sheets.write import Table, neutralised, write_table
from tests.sheets.payloads import PAYLOADS, cells_of, seen_by_libreoffice

HARMLESS = re.compile(r"0|[1-9]\d{0,10}", re.ASCII)
LOOKS_TYPED = re.compile(r"[\d\W_]*\d[\d\W_]*|[=+\-@].*|true|false", re.DOTALL | re.IGNORECASE)
"""What somebody's spreadsheet may take for more than text, drawn wider than the writer draws it: no letter, a digit."""


def test_there_are_two_hundred() -> None:
    assert len(PAYLOADS) >= 200


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_none_is_a_formula_and_none_is_changed(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, Table("台账", ["值"], [[text] for text in PAYLOADS]))
    read = cells_of(tmp_path / name)[-len(PAYLOADS) :]
    looks = [read]
    if os.environ.get("GRIDWORKER_LIBREOFFICE"):
        looks += [cells[-len(PAYLOADS) :] for _, cells in seen_by_libreoffice([tmp_path / name], tmp_path)]
    if name.endswith(".csv"):
        told = [cell for cell in read if LOOKS_TYPED.fullmatch(cell) and not HARMLESS.fullmatch(cell)]
        assert [cell for cell in told if cell[0] != "'"] == []
        looks = [list(map(unescaped, cells)) for cells in looks]
    for cells in looks:
        assert [cell.replace("\r", "\n") for cell in cells] == [text.replace("\r", "\n") for text in PAYLOADS]


def test_our_own_reader_gives_them_back_from_csv(tmp_path: Path) -> None:
    plain = [text for text in PAYLOADS if text == text.strip() and "\u200b" not in text and "\ufeff" not in text]
    write_table(tmp_path / "a.csv", Table("台账", ["姓名", "值"], [["张三", text] for text in plain]))
    assert [row[1] for row in read_book(tmp_path / "a.csv").sheets[0].rows()[1:]] == plain


def test_numbers_people_work_with_stay_numbers() -> None:
    for text in ("0", "5", "202", "20260318", "13800000001"):
        assert neutralised(text) == text
    for text in ("0714", "1.50", "1.5", "-5", "3-2", "2026-03-18", "1e5", "张三"):
        assert neutralised(text) == (text if text == "张三" else f"'{text}")
