"""Columns chosen by hand at the office are known to all its computers; no person's data goes along."""

from collections.abc import Sequence
from pathlib import Path

from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.sheets.mapping import Mapping
from gridworker.sheets.remembered import Remembered
from gridworker.sheets.write import Table, write_table
from gridworker.store.engine.database import Connection, raw_cursor
from gridworker.store.intake.transaction import Commit
from gridworker.store.remembering import Remembering
from tests.circle import Circle

HEADERS = ("乳名", "姓名", "身份证号", "与户主关系", "楼栋", "室")
CHEN = ("小芳", "陈桂芳", "11010519491231002X", "户主", "3", "202")


def preview(at: Workspace, grid: int, folder: Path, headers: Sequence[str] = HEADERS) -> Preview:
    write_table(folder / "ledger.xlsx", Table("台账", headers, [CHEN]))
    return at.rosters.preview(folder / "ledger.xlsx", grid)


def choose(at: Workspace, first: Preview, column: str = "乳名", word: str = "name") -> None:
    at.rosters.save(at.rosters.again(first, first.with_column(column, word)))


def remembered_alone(at: Workspace) -> dict[str, str]:
    with at.session.store.cursor() as cursor:
        return Remembering(cursor).all("columns:")


def test_every_computer_of_the_office_reads_columns_as_the_office_chose(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    office = circle.office
    first = preview(office, grid, tmp_path)
    imported = office.rosters.save(office.rosters.again(first, first.with_column("乳名", "name")))
    office.rosters.undo(imported)
    assert preview(office, grid, tmp_path).by_hand  # to take back the people is not to take back the columns
    circle.round(laptop)
    found = preview(laptop, grid, tmp_path)
    assert (found.by_hand, [row.name for row in found.rows]) == (True, ["小芳"])
    assert remembered_alone(office) == {}
    # A laptop may decide otherwise for itself, which says nothing to the others.
    laptop.rosters.save(laptop.rosters.again(found, found.as_guessed()))
    assert not preview(laptop, grid, tmp_path).by_hand
    circle.round(laptop)
    assert preview(office, grid, tmp_path).by_hand
    again = preview(office, grid, tmp_path)
    office.rosters.save(office.rosters.again(again, again.as_guessed()))
    assert not preview(office, grid, tmp_path).by_hand
    assert office.records.page("ledger_columns") == []


def test_what_one_computer_remembered_is_taken_over_once(office: Workspace, tmp_path: Path) -> None:
    grid = office.devices.add_grid("第三网格")
    first = preview(office, grid, tmp_path)
    mapping = Mapping({"乳名": "name"})
    old = Remembered.of(first.roster.layouts[0], mapping)
    assert old is not None

    def beside(connection: Connection, _commit: Commit) -> None:
        Remembering(raw_cursor(connection)).keep(f"columns:{old.fingerprint}", old.to_json())

    office.session.note("export", beside)
    assert preview(office, grid, tmp_path).by_hand
    other = preview(office, grid, tmp_path, HEADERS[1:])
    office.rosters.save(office.rosters.again(other, other.choices))
    assert remembered_alone(office) == {}
    (kept,) = office.records.page("ledger_columns")
    assert kept.values["choices"] == "name=乳名"
    assert preview(office, grid, tmp_path).by_hand


def test_a_first_row_of_people_is_no_header_that_travels() -> None:
    def names_nobody(*headers: str) -> bool:
        return Remembered(headers, {}).names_nobody

    assert names_nobody("乳名", "姓名", "联系电话1", "2025年低保", "户号")
    assert not names_nobody("张三", "男", "户主", "低保")
    for text in ("110105194912310021", "13800000142", "1949-12-31", "1949年12月", "3-2-501", "3栋202", "002X"):
        assert not names_nobody("姓名", text), text


def test_a_choice_for_a_first_row_of_people_stays_on_its_computer(office: Workspace, tmp_path: Path) -> None:
    grid = office.devices.add_grid("第三网格")
    write_table(
        tmp_path / "bare.xlsx",
        Table("台账", ("陈桂芳", "好人", "丙单位", "丁某"), [("王强", "好人", "丁单位", "戊某")]),
    )
    bare = office.rosters.bare(tmp_path / "bare.xlsx", grid)
    choose(office, bare, "陈桂芳")
    assert office.records.page("ledger_columns") == []
    assert "陈桂芳" in "".join(remembered_alone(office).values())
