"""What a person decides about a ledger before it is imported: columns, which are remembered, and cells."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound, Problem
from gridworker.sheets.write import Table, write_table

HEADERS = ("乳名", "姓名", "身份证号", "与户主关系", "楼栋", "室", "联系电话", "签约")
CHEN = ["小芳", "陈桂芳", "11010519491231002X", "户主", "3", "202", "13800000142", "是"]
LI = ["小红", "李红", "", "女儿", "3", "202", "13800000867", ""]
BAD = ["小强", "王强", "110105194912310021", "户主", "3", "501", "13800000143", ""]


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第三网格")


def ledger(folder: Path, *rows: Sequence[str], headers: Sequence[str] = HEADERS, name: str = "ledger.xlsx") -> Path:
    path = folder / name
    write_table(path, Table("居民台账", headers, rows))
    return path


def names(preview: Preview) -> list[str]:
    return [row.name for row in preview.rows]


# ------------------------------------------------------------------------------------------------------------ columns


def test_a_column_chosen_in_the_preview_is_read_so_at_once(office: Workspace, grid: int, tmp_path: Path) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN, LI), grid)
    again = office.rosters.again(first, first.with_column("乳名", "name"))
    assert (names(first), names(again)) == (["陈桂芳", "李红"], ["小芳", "小红"])
    back = office.rosters.again(again, again.as_guessed())
    assert names(back) == ["陈桂芳", "李红"]


def test_columns_chosen_by_hand_are_remembered_for_the_next_ledger_like_it(
    office: Workspace, grid: int, tmp_path: Path
) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN), grid)
    office.rosters.save(office.rosters.again(first, first.with_column("签约", "tag:家庭医生")))
    shuffled = [HEADERS[at] for at in (3, 2, 1, 0, 5, 4, 7, 6)]
    row = [LI[HEADERS.index(header)] for header in shuffled]
    row[shuffled.index("签约")] = "√"
    like = ledger(tmp_path, [*row, "x"], headers=[*shuffled, "序号"], name="next.xlsx")
    preview = office.rosters.preview(like, grid)
    assert preview.by_hand
    made = [change.values for change in preview.plan.new.changes() if change.kind == "resident"]
    assert [values["tags"] for values in made] == ["家庭医生"]
    other = ledger(tmp_path, LI[1:5], headers=["姓名", "身份证号", "与户主关系", "签约"], name="other.xlsx")
    assert not office.rosters.preview(other, grid).by_hand


def test_what_is_remembered_keeps_nobody_from_being_found(office: Workspace, grid: int, tmp_path: Path) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN), grid)
    chosen = office.rosters.again(first, first.with_column("乳名", "name"))
    office.rosters.save(office.rosters.again(chosen, chosen.with_column("姓名", "note")))
    headers = [header for header in HEADERS if header != "乳名"]
    second = office.rosters.preview(ledger(tmp_path, LI[1:], headers=headers, name="b.xlsx"), grid)
    assert names(second) == ["李红"]
    assert not second.by_hand


def test_a_preview_alone_remembers_nothing(office: Workspace, grid: int, tmp_path: Path) -> None:
    path = ledger(tmp_path, CHEN)
    first = office.rosters.preview(path, grid)
    office.rosters.again(first, first.with_column("乳名", "name"))
    assert not office.rosters.preview(path, grid).by_hand


def test_what_is_remembered_is_forgotten_with_an_import_read_as_guessed(
    office: Workspace, grid: int, tmp_path: Path
) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN), grid)
    office.rosters.save(office.rosters.again(first, first.with_column("乳名", "name")))
    second = office.rosters.preview(ledger(tmp_path, LI, name="b.xlsx"), grid)
    assert names(second) == ["小红"]
    office.rosters.save(office.rosters.again(second, second.as_guessed()))
    assert not office.rosters.preview(ledger(tmp_path, LI, name="c.xlsx"), grid).by_hand


def test_a_mapping_from_a_file_is_taken_and_what_is_none_is_one_sentence(
    office: Workspace, grid: int, tmp_path: Path
) -> None:
    path = ledger(tmp_path, CHEN)
    told = office.rosters.columns(path)
    assert told["fields"]["姓名"] == "name"
    assert told["headers"] == {"居民台账": [2, 1]}
    file = tmp_path / "map.json"
    file.write_text('{"fields": {"乳名": "name"}}')
    assert names(office.rosters.preview(path, grid, mapping=office.rosters.mapping(file))) == ["小芳"]
    for text in ("", "[]", "{", '{"fields": 3}', '{"fields": {"a": "soul"}}', '{"headers": {"a": 1}}', '{"sheets": 1}'):
        file.write_text(text)
        with pytest.raises(Problem):
            office.rosters.mapping(file)
    with pytest.raises(NotFound):
        office.rosters.mapping(tmp_path / "gone.json")


# -------------------------------------------------------------------------------------------------------------- cells


def test_a_corrected_cell_is_judged_anew_and_saved(office: Workspace, grid: int, tmp_path: Path) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN, BAD), grid)
    (bad,) = [row for row in first.rows if row.state == "rejected"]
    cells = {cell.header: cell for cell in office.rosters.cells(first, bad)}
    assert cells["身份证号"].text == BAD[2]
    again = office.rosters.again(first, first.with_cells(bad, {cells["身份证号"].column: "11010519491231006X"}))
    assert again.rows[1].state == "rejected"
    assert "corrected" in again.rows[1].reasons[-1], "why it is not taken in stands first"
    assert len(again.rows[1].reasons) > 1
    good = office.rosters.again(again, again.with_cells(bad, {cells["身份证号"].column: "110105194912310046"}))
    assert good.counts == {"new": 2}
    assert "Cell C4 was corrected in the preview." in good.rows[1].reasons
    assert {cell.text for cell in office.rosters.cells(good, good.rows[1])} >= {"110105194912310046"}
    office.rosters.save(good)
    saved = {person.values["name"]: person.values["id_number"] for person in office.records.page("resident")}
    assert saved == {"陈桂芳": CHEN[2], "王强": "110105194912310046"}


def test_one_of_several_people_in_a_row_is_corrected(office: Workspace, grid: int, tmp_path: Path) -> None:
    headers = ("户主姓名", "户主身份证号", "楼栋", "室", "成员1姓名", "成员1关系", "成员1身份证号", "成员2姓名")
    path = ledger(tmp_path, [CHEN[1], CHEN[2], "3", "202", "王强", "子", BAD[2], "李红"], headers=headers)
    first = office.rosters.preview(path, grid)
    assert names(first) == [CHEN[1], "王强", "李红"]
    (bad,) = [row for row in first.rows if row.state == "rejected"]
    assert (bad.name, first.fault_column(bad), len(first.rows)) == ("王强", 6, 3)
    office.rosters.save(office.rosters.again(first, first.with_cells(bad, {6: "110105194912310046"})))
    assert [one["relation"] for one in office.rosters.neutral()["residents"]] == ["户主", "子", None]
    assert len(office.rosters.neutral()["households"]) == 1


def test_a_correction_is_judged_with_all_other_rows(office: Workspace, grid: int, tmp_path: Path) -> None:
    first = office.rosters.preview(ledger(tmp_path, CHEN, BAD), grid)
    again = office.rosters.again(first, first.with_cells(first.rows[1], {2: CHEN[2]}))
    assert again.rows[1].state == "rejected"
    assert "Row 3 has the same ID number" in again.rows[1].reasons[0]


def test_cells_corrected_are_not_put_into_a_file_that_changed(office: Workspace, grid: int, tmp_path: Path) -> None:
    path = ledger(tmp_path, CHEN, BAD)
    first = office.rosters.preview(path, grid)
    again = office.rosters.again(first, first.with_cells(first.rows[1], {2: "110105194912310046"}))
    ledger(tmp_path, LI, CHEN, BAD)
    with pytest.raises(Problem, match="was changed since"):
        office.rosters.again(again, again.choices)
    with pytest.raises(Problem, match="was changed since"):
        office.rosters.cells(again, again.rows[0])


@pytest.mark.parametrize("name", ["ledger.xlsx", "ledger.csv"])
def test_a_row_that_is_not_there_has_no_cells(office: Workspace, grid: int, tmp_path: Path, name: str) -> None:
    preview = office.rosters.preview(ledger(tmp_path, CHEN, name=name), grid)
    assert len(office.rosters.cells(preview, preview.rows[0])) == 6
    with pytest.raises(NotFound):
        office.rosters.cells(preview, preview.rows[0]._replace(row=99))


# ------------------------------------------------------------------------------------------------------------ suspect


def test_rows_to_look_at_are_suspect(office: Workspace, grid: int, tmp_path: Path) -> None:
    odd = [*LI]
    odd[6] = "1380"
    preview = office.rosters.preview(ledger(tmp_path, CHEN, odd), grid)
    assert [row.suspect for row in preview.rows] == [False, True]
    assert preview.suspect == 1


def test_a_namesake_with_the_same_phone_elsewhere_is_suspect(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN, LI), grid))
    moved = [*LI]
    moved[5] = "701"
    (row,) = office.rosters.preview(ledger(tmp_path, moved, name="b.xlsx"), grid).rows
    assert (row.state, row.suspect) == ("new", True)
    assert "3栋202" in row.reasons[-1]


def test_a_number_that_is_somebody_elses_is_suspect(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    other = [*CHEN]
    other[1] = "周敏"
    (row,) = office.rosters.preview(ledger(tmp_path, other, name="b.xlsx"), grid).rows
    assert (row.state, row.suspect) == ("changed", True)


def test_who_stands_above_the_header_is_read_once_confirmed(office: Workspace, grid: int, tmp_path: Path) -> None:
    path = tmp_path / "above.xlsx"
    write_table(path, Table("居民台账", CHEN, [HEADERS, LI]))
    first = office.rosters.preview(path, grid)
    (above,) = [row for row in first.rows if row.state == "rejected"]
    assert (above.name, first.counts["new"]) == (CHEN[1], 1)
    cells = {cell.header: cell for cell in office.rosters.cells(first, above)}
    assert cells["联系电话"].text == CHEN[6]
    name = first.read_as_it_is(above)
    assert name == cells["姓名"].column
    assert first.read_as_it_is(next(row for row in first.rows if row.state == "new")) is None
    again = office.rosters.again(first, first.with_cells(above, {name: cells["姓名"].text}))
    assert again.counts == {"new": 2}
    assert len(office.rosters.cells(again, again.rows[0])) == 6, "it can be corrected once more"
    office.rosters.save(again)
    assert {one["name"] for one in office.rosters.neutral()["residents"]} == {CHEN[1], LI[1]}


def test_a_row_of_a_table_that_is_not_read_says_so(office: Workspace, grid: int, tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    write_table(path, Table("居民台账", ("姓名", "职务", "电话"), [("何一", "网格员", ""), (), HEADERS, CHEN]))
    preview = office.rosters.preview(path, grid)
    (staff,) = [row for row in preview.rows if row.state == "rejected"]
    with pytest.raises(NotFound, match="Nothing of this table is read"):
        office.rosters.cells(preview, staff)
