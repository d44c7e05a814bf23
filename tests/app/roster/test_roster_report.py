"""The report of an import: the reason beside each row, masked, safe, on record."""

import zipfile
from pathlib import Path

import pytest

from gridworker.app.office_rules import OfficeRules
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.sheets.read import read_book
from gridworker.sheets.write import Table, write_table
from tests.sheets.ledgers import id_number

HEADERS = ("姓名", "身份证号", "与户主关系", "出生日期", "联系电话", "楼栋", "室")
FATHER = ["陈建国", id_number("19491231", 2), "户主", "", "13800000142", "3", "202"]
CHILD = ["陈小宝", "", "孙子", "2020-03-02", "13800000867", "3", "202"]
BAD = ["王强", "110105194912310021", "户主", "", "", "=1+1", "501"]


def ledger(folder: Path, *rows: list[str]) -> Path:
    path = folder / "三月.xlsx"
    write_table(path, Table("居民台账", HEADERS, rows))
    return path


def written(path: Path) -> list[list[object]]:
    (sheet,) = read_book(path).sheets
    return [list(row) for row in sheet.rows()]


def test_a_report_has_the_reason_beside_each_row_masked(office: Workspace, tmp_path: Path) -> None:
    grid = office.devices.add_grid("第三网格")
    office.rosters.save(office.rosters.preview(ledger(tmp_path, FATHER, CHILD), grid))
    changed = [*FATHER[:4], "13900000143", *FATHER[5:]]
    first = office.rosters.preview(ledger(tmp_path, changed, [*CHILD[:4], "1380", *CHILD[5:]], BAD), grid)
    preview = office.rosters.again(first, first.with_cells(first.rows[0], {4: "13900000144"}))
    out = tmp_path / "report.xlsx"
    assert office.rosters.report(preview, out, purpose="check") == 3
    title, note, header, *rows = written(out)
    assert title[0] == "Import of 三月.xlsx"
    assert note[0] == "New 0, changed 1, the same 1, rejected 1; to be checked 1."
    assert header[1:5] == ["Row", "What happens", "To check", "Full name"]
    father, child, bad = rows
    assert father[1:7] == [3, "Changed", "", "陈建国", "3栋202", "Phone: 138****0142 → 139****0144"]
    assert "Cell E3 was corrected in the preview." in str(father[7])
    assert child[1:7] == [4, "Same", "√", "(under 14)", "3栋202", ""]
    assert bad[1:5] == [5, "Not taken in", "", "王强"]
    assert str(bad[5]).startswith("=1+1")
    with zipfile.ZipFile(out) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    assert "does not fit this ID number" in str(bad[7])
    text = str(rows)
    assert not any(secret in text for secret in (FATHER[1], "13900000144", "13900000143", BAD[1], "陈小宝"))
    last = office.records.page("audit_event", limit=1000)[-1].values
    assert (last["action"], last["count"], last["purpose"], last["detail"]) == ("export", 3, "check", "report")


def test_above_the_cap_of_a_laptop_names_stay_here(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = office.rosters.preview(ledger(tmp_path, FATHER, CHILD), office.devices.add_grid("第三网格"))
    monkeypatch.setattr(Session, "is_office", False)
    monkeypatch.setattr(OfficeRules, "export_cap", lambda _: 1)
    out = tmp_path / "report.csv"
    office.rosters.report(preview, out, purpose="check")
    text = out.read_text(encoding="utf-8-sig")
    assert "陈**" in text
    assert "陈建国" not in text


def test_what_cannot_be_written_is_neither_written_nor_on_record(office: Workspace, tmp_path: Path) -> None:
    preview = office.rosters.preview(ledger(tmp_path, FATHER), office.devices.add_grid("第三网格"))
    before = len(office.records.page("audit_event", limit=1000))
    for name, purpose in (("report.docx", "check"), ("gone/report.xlsx", "check"), ("a.csv", "")):
        with pytest.raises(Problem):
            office.rosters.report(preview, tmp_path / name, purpose=purpose)
    assert len(office.records.page("audit_event", limit=1000)) == before


def test_a_report_that_met_a_fault_says_that_nothing_was_written(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = office.rosters.preview(ledger(tmp_path, FATHER), office.devices.add_grid("第三网格"))

    def full(*_: object) -> None:
        raise Problem("The disk is full.")

    monkeypatch.setattr("gridworker.app.roster.report.write_table", full)
    with pytest.raises(Problem):
        office.rosters.report(preview, tmp_path / "report.xlsx", purpose="check")
    last = office.records.page("audit_event", limit=1000)[-1].values
    assert (last["count"], last["detail"]) == (0, "unwritten")
