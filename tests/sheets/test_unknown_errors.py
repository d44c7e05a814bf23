"""One error that the reader does not know takes no sheet with it: it is named, and the rest is read."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from gridworker.sheets import container
from gridworker.sheets.cells import CellError
from gridworker.sheets.rawlook import Look
from gridworker.sheets.read import read_book
from gridworker.sheets.roster import read_roster
from gridworker.sheets.unknown_errors import any_unknown, with_known_errors
from tests.sheets.ledgers import TODAY, Error, Made, Rows, id_number, xlsx

HEADER = ["楼栋", "单元", "室", "姓名", "身份证号", "联系电话"]


def ledger(path: Path, count: int, error: str) -> Path:
    """So many people; the phone of the last shows an error. Beside it a sheet with an error that everybody knows."""
    people: list[Sequence[Made]] = [HEADER]
    for at in range(1, count + 1):
        phone = Error() if at == count else "13800000001"
        people.append(["3", "2", f"{at}01", f"王{'一二三四五六七八九'[at % 9]}", id_number(order=at), phone])
    xlsx(path, {"台账": people, "另一张": [["甲"], [Error()]]})
    return changed(path, rb"<v>#N/A</v>", f"<v>{error}</v>".encode())


def changed(path: Path, found: bytes, told: bytes) -> Path:
    """Something in the first sheet written otherwise."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = re.sub(found, told, members["xl/worksheets/sheet1.xml"])
    assert sheet != members["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (members | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#GETTING_DATA", "#PYTHON!", "#n/a", "x"])
def test_the_rest_is_read_and_the_cell_is_named(tmp_path: Path, error: str) -> None:
    path = ledger(tmp_path / "a.xlsx", 3, error)
    roster = read_roster(path, today=TODAY)
    assert [(person.row, person.phones) for person in roster.residents] == [
        (2, ("13800000001",)), (3, ("13800000001",)), (4, ()),
    ]  # fmt: skip
    told = [one for one in roster.findings if one.kind == "cell_error"]
    assert [(one.row, one.values["cell"], one.values["code"]) for one in told] == [(4, "F4", error)]
    assert read_book(path).sheets[1].rows()[1] == [CellError("#N/A")]


def test_a_sheet_of_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_WINDOW", 500)
    monkeypatch.setattr("gridworker.sheets.read._AT_ONCE", 0)
    path = ledger(tmp_path / "a.xlsx", 40, "#SPILL!")
    assert len(read_roster(path, today=TODAY).residents) == 40


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (b'<c r="B2" t="e"><f>A1</f><v>#SPILL!</v></c>', "#SPILL!"),
        (b"<c r='B2' t='e'><v>#SPILL!</v></c>", "#SPILL!"),
        (b'<c r="B2" s="1" t="e" vm="1"><v xml:space="preserve"> #N/A</v></c>', " #N/A"),
        (b'<c r="B2" t="e"><v></v></c>', "#N/A"),
        (b'<c r="B2" t="e"><f>A1</f></c>', "#N/A"),
    ],
)
def test_however_it_is_written(tmp_path: Path, cell: bytes, shown: str) -> None:
    rows: Rows = [["甲", "乙"], ["丙", "丁"], ["戊", "己"]]
    path = changed(xlsx(tmp_path / "a.xlsx", {"表": rows}), rb'<c r="B2"[^>]*>.*?</c>', cell)
    assert read_book(path).sheets[0].rows() == [["甲", "乙"], ["丙", CellError(shown)], ["戊", "己"]]


def test_all_else_in_the_workbook_stays_as_it_is(tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", 2, "#SPILL!")
    copy = tmp_path / "b.xlsx"
    copy.write_bytes(with_known_errors(path.read_bytes()))
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(copy) as after:
        assert sorted(after.namelist()) == sorted(before.namelist())
        differing = [name for name in before.namelist() if before.read(name) != after.read(name)]
        assert differing == ["xl/worksheets/sheet1.xml"]
        written = before.read(differing[0])
        assert after.read(differing[0]) == written.replace(b"#SPILL!", b"#N/A")


def test_the_errors_of_old_are_left_to_the_reader() -> None:
    assert not any_unknown({"甲": Look(errors={(0, 0): "#DIV/0!", (1, 0): "#N/A"})})
    assert any_unknown({"甲": Look(), "乙": Look(errors={(0, 0): "#DIV/0!", (1, 0): "#SPILL!"})})
