"""A long sheet read in parts is what it is read as a whole, or it is read as a whole."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridworker.errors import RosterProblem
from gridworker.sheets import container, parts
from gridworker.sheets.cells import Cell
from gridworker.sheets.header import Merged
from gridworker.sheets.parts import Parts
from gridworker.sheets.read import read_book
from tests.sheets.ledgers import Error, Looks, Made, Rows, xlsx
from tests.sheets.test_unknown_errors import changed

LONG = 400


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Parts that are worth it from 16 KiB on, and whether each sheet that had parts was read by them."""
    monkeypatch.setattr(container, "_WINDOW", 4096)
    monkeypatch.setattr(parts, "PART", 2**14)
    found: list[bool] = []
    rows = Parts.rows

    def noted(of: Parts) -> Any:
        told = rows(of)
        found.append(told is not None)
        return told

    monkeypatch.setattr(Parts, "rows", noted)
    return found


def people(count: int = LONG) -> list[list[Made]]:
    return [["张三", "3-2-501", at, at % 3 == 0, 1.5] for at in range(count)]


def whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[list[Cell]], Merged]:
    with monkeypatch.context() as short:
        short.setattr(parts, "LONGEST", 0)
        sheet = read_book(path).sheets[0]
        return sheet.rows(), sheet.merged


def _indented() -> Rows:
    return [[None, None, *row] for row in people()]


def _below_blank_rows() -> Rows:
    return [[], [], [], *people()]


def _with_gaps() -> Rows:
    return [row if at % 50 > 20 else [] for at, row in enumerate(people(900))]


def _wide_at_both_ends() -> Rows:
    return [["标题", *[None] * 9, "右"], *people(), [None] * 30, ["末", *[None] * 12, "尾"]]


def _with_errors() -> Rows:
    return [[*row[:-1], Error("#REF!") if at % 40 == 7 else None] for at, row in enumerate(people(500))]


SHAPES: list[Callable[[], Rows]] = [
    people, _indented, _below_blank_rows, _with_gaps, _wide_at_both_ends, _with_errors,
]  # fmt: skip


@pytest.mark.parametrize("made", SHAPES)
def test_parts_are_the_whole(
    tmp_path: Path, made: Callable[[], Rows], given: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Looks(merged={"甲": [(40, 0, 44, 1), (300, 0, 302, 2)]})
    path = xlsx(tmp_path / "a.xlsx", {"甲": made(), "乙": [["y"]]}, looks if made is people else None)
    sheet, other = read_book(path).sheets
    assert (sheet.rows(), sheet.merged) == whole(path, monkeypatch)
    assert given == [True]
    assert other.rows() == [["y"]]


def test_a_sheet_is_read_anew_as_a_whole(tmp_path: Path, given: list[bool]) -> None:
    """What was read beside the look is handed out once: nobody keeps it for a second time that hardly ever comes."""
    sheet = read_book(xlsx(tmp_path / "a.xlsx", {"甲": people()})).sheets[0]
    assert sheet.rows() == sheet.rows()
    assert given == [True, False]


ODD = {
    "a cell of a row of another part": (rb'<c r="C300"', b'<c r="C2"'),
    "a row without its number": (rb'<row r="300"', b"<row"),
    "a cell that the reader refuses": (rb'(<c r="A300"[^>]*><v>)\d+', rb"\g<1>77777"),
    "quotes of the other sort": (rb'<row r="300"', b"<row r='300'"),
}


@pytest.mark.parametrize(("found", "told"), ODD.values(), ids=ODD)
def test_what_is_odd_is_read_as_a_whole(
    tmp_path: Path, found: bytes, told: bytes, given: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed(xlsx(tmp_path / "a.xlsx", {"甲": people()}), found, told)
    try:
        expected = whole(path, monkeypatch)
    except RosterProblem as refused:
        with pytest.raises(RosterProblem, match=str(refused)):
            read_book(path).sheets[0].rows()
    else:
        sheet = read_book(path).sheets[0]
        assert (sheet.rows(), sheet.merged) == expected
    assert given == [False]


def test_an_error_that_the_reader_does_not_know_takes_no_part_with_it(
    tmp_path: Path, given: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[*row, Error() if at == 300 else None] for at, row in enumerate(people())]
    path = changed(xlsx(tmp_path / "a.xlsx", {"甲": rows}), rb"<v>#N/A</v>", b"<v>#SPILL!</v>")
    assert read_book(path).sheets[0].rows() == whole(path, monkeypatch)[0]
    assert given == []


@pytest.mark.parametrize("count", [60, 4000])
def test_short_sheets_and_those_that_refer_to_much_have_no_parts(tmp_path: Path, count: int, given: list[bool]) -> None:
    rows: Rows = [[f"张{at}"] for at in range(count)]
    assert read_book(xlsx(tmp_path / "a.xlsx", {"甲": rows})).sheets[0].rows() == rows
    assert given == []


def test_members_in_capitals_are_found(tmp_path: Path, given: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    path, odd = xlsx(tmp_path / "a.xlsx", {"甲": people()}), tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(odd, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace("sharedStrings", "SharedStrings"), source.read(name))
    assert read_book(odd).sheets[0].rows() == whole(odd, monkeypatch)[0]
    assert given == [True]
