"""Files of every kind into rows with the numbers a user sees; files that are refused; the second look for errors."""

import gc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from sys import getsizeof
from typing import TypeAlias

import pytest

from gridworker.errors import NotFound, Problem, RosterProblem
from gridworker.sheets import container, rawlook_xlsx
from gridworker.sheets.cells import CellError
from gridworker.sheets.delimited import decoded, records
from gridworker.sheets.markup import tables
from gridworker.sheets.rawlook import Look
from gridworker.sheets.rawlook_xlsx import xlsx_looks
from gridworker.sheets.read import Sheet, read_book
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Error, Looks, Rows, id_number, keys, ods, problems, text, xls, xlsx
from tests.sheets.test_unknown_errors import changed

HEADER = ["楼栋", "单元", "室", "姓名", "身份证号", "联系电话"]
LEDGER: Rows = [
    HEADER,
    ["3", "2", "501", "张三", id_number(order=1), "13800000001"],
    [None, None, None, "李四", id_number(order=2), Error()],
]


Make: TypeAlias = Callable[[Path, Mapping[str, Rows]], Path]
each_format = pytest.mark.parametrize("make", [xlsx, ods, xls], ids=["xlsx", "ods", "xls"])


def suffix(make: Make) -> str:
    return {id(xlsx): ".xlsx", id(ods): ".ods"}.get(id(make), ".xls")


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(RosterProblem) as caught:
        read_roster(path, today=TODAY)
    return caught.value.kind, str(caught.value)


# ------------------------------------------------------------------------------------------------------ workbooks


@each_format
def test_workbooks_keep_rows_types_and_errors(tmp_path: Path, make: Make) -> None:
    rows: Rows = [[], ["", "题目"], [], ["x", 1.5, Error("#N/A"), True if make is not ods else "1"]]
    path = make(tmp_path / f"a{suffix(make)}", {"甲": rows, "乙": [["y"]]})
    book = read_book(path)
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("甲", False), ("乙", False)]
    read = book.sheets[0].rows()
    assert len(read) == 4
    assert read[1][1] == "题目"
    assert read[3][:3] == ["x", 1.5, CellError("#N/A")]
    assert book.sheets[0].error_rows == {3}
    assert book.sheets[1].error_rows == frozenset()


def test_a_large_sheet_is_looked_at_part_by_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = [
        ["姓名", "门牌"],
        *[["张伟", Error("#REF!") if at % 7 else "501"] for at in range(60)],
        ["", *"甲" * 40],
    ]
    path = xlsx(tmp_path / "a.xlsx", {"甲": rows})
    whole = xlsx_looks(path.read_bytes())
    monkeypatch.setattr(container, "_WINDOW", 100)
    whole_sheet = container.member_bytes
    asked: list[str] = []

    def noted(archive: zipfile.ZipFile, name: str) -> bytes:
        asked.append(name)
        return whole_sheet(archive, name)

    monkeypatch.setattr(rawlook_xlsx, "member_bytes", noted)
    assert xlsx_looks(path.read_bytes()) == whole == {"甲": Look(62, 41, whole["甲"].errors)}
    assert len(whole["甲"].errors) == 51
    assert not any("sheet1" in name for name in asked)  # it would take half a gigabyte


@each_format
def test_a_book_goes_without_a_look_for_circles(tmp_path: Path, make: Make) -> None:
    """An import pauses the collector: what a circle holds, the whole workbook, would stay until it is over."""
    book = read_book(make(tmp_path / f"a{suffix(make)}", {"甲": LEDGER}))
    book.sheets[0].rows()
    number = id(book.sheets[0])
    gc.collect()
    gc.disable()
    try:
        del book
        assert number not in map(id, (one for one in gc.get_objects() if isinstance(one, Sheet)))
    finally:
        gc.enable()


@each_format
def test_columns_left_empty_count_and_a_text_is_kept_once(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.sheets.read._FEW", 2)
    rows: Rows = [["", "", "三栋东边"], ["", "", 1.0], ["", "", "三栋东边"]]
    read = read_book(make(tmp_path / f"a{suffix(make)}", {"甲": rows})).sheets[0].rows()
    assert read == rows
    assert read[0][2] is read[2][2]


@each_format
def test_rows_have_no_room_to_spare(tmp_path: Path, make: Make) -> None:
    """Of 200,000 rows that would be ten million bytes."""
    rows: Rows = [["", *"三栋东边甲乙丙丁"], ["", *"3-2-501"], ["", 1.0, *"三栋东边甲乙"]]
    read = read_book(make(tmp_path / f"a{suffix(make)}", {"甲": rows})).sheets[0].rows()
    assert list(map(getsizeof, read)) == [getsizeof([""] * len(row)) for row in read]


@pytest.mark.parametrize(
    "cell",
    [
        '<table:table-cell table:formula="of:=IF([.A1]>0;1)" office:value-type="string" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell>",
        '<table:table-cell office:value-type="float" office:value="0"><text:p>#REF!</text:p></table:table-cell>',
        '<table:table-cell office:value-type="float" office:value="0"><text:p>Err:502</text:p></table:table-cell>',
    ],
)
def test_errors_as_other_programs_write_them(tmp_path: Path, cell: str) -> None:
    path = ods(tmp_path / "a.ods", {"甲": [["x", "y"], ["HERE", "1"]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    plain = '<table:table-cell office:value-type="string"><text:p>HERE</text:p></table:table-cell>'
    content = members["content.xml"].decode().replace(plain, cell)
    content = content.replace("<table:table-row>" + cell, '<table:table-row table:number-rows-repeated="2">' + cell)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (members | {"content.xml": content.encode()}).items():
            archive.writestr(name, data)
    rows = read_book(path).sheets[0].rows()
    assert [isinstance(row[0], CellError) for row in rows] == [False, True, True]


@each_format
def test_ledgers_are_the_same_in_every_format(tmp_path: Path, make: Make) -> None:
    roster = read_roster(make(tmp_path / f"a{suffix(make)}", {"台账": LEDGER}), today=TODAY)
    assert keys(roster) == ["3|2|501", "3|2|501"]
    assert problems(roster) == {(3, "cell_error")}
    assert [resident.phones for resident in roster.residents] == [("13800000001",), ()]


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})
    assert len(read_roster(path.rename(tmp_path / "a.xls"), today=TODAY).residents) == 2
    table = text(tmp_path / "b.xls", [row[:5] for row in LEDGER], separator="\t", encoding="gb18030")
    assert len(read_roster(table, today=TODAY).residents) == 2


def test_hidden_sheets_are_marked_and_not_read(tmp_path: Path) -> None:
    book = read_book(xlsx(tmp_path / "a.xlsx", {"甲": LEDGER, "乙": LEDGER}, Looks(hidden=["乙"])))
    assert [(sheet.hidden, len(sheet.rows())) for sheet in book.sheets] == [(False, 3), (True, 0)]


def test_web_page_under_the_name_of_a_workbook(tmp_path: Path) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ([*HEADER], [*LEDGER[1]]))
    page = (
        "<html><head><meta charset=gbk></head><body><table><tr><td colspan=6>台账</td></tr>"
        f"{rows}<tr><td rowspan=2>3</td><td>1</td><td>101<td>王五<br></td><td>{id_number(order=7)}</td><td></td></tr>"
        f"<tr><td>1</td><td>102</td><td>赵六</td><td>{id_number(order=8)}</td><td></td></tr></table></body></html>"
    )
    path = tmp_path / "a.xls"
    path.write_bytes(page.encode("gb18030"))
    roster = read_roster(path, today=TODAY)
    assert keys(roster) == ["3|2|501", "3|1|101", "3|1|102"]
    assert [resident.row for resident in roster.residents] == [3, 4, 5]


# ---------------------------------------------------------------------------------------------------------- text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [*LEDGER[:2], ["", "", "", "王𠮷祥", id_number(order=9), "13800000002"]]
    roster = read_roster(text(tmp_path / "a.txt", rows, encoding=encoding, separator=separator), today=TODAY)
    assert [resident.name for resident in roster.residents] == ["张三", "王𠮷祥"]
    assert [resident.sheet for resident in roster.residents] == [None, None]


def test_separator_is_the_one_that_makes_a_header(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "与户主关系", "备注"], ["张三", id_number(), "户主", "一,二,三,四,五,六"]]
    assert (
        read_roster(text(tmp_path / "a.csv", rows, separator=";"), today=TODAY).residents[0].note == "一,二,三,四,五,六"
    )


def test_separator_line_of_excel_is_no_row() -> None:
    assert records("sep=;\r\n姓名;电话\r\n张三;1") == [["姓名", "电话"], ["张三", "1"]]


def test_rows_of_text_are_counted_as_records() -> None:
    assert records('姓名,备注\r\n张三,"一\r\n二"\r\n\r\n李四,') == [
        ["姓名", "备注"],
        ["张三", "一\r\n二"],
        [],
        ["李四", ""],
    ]


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    assert records('姓名,备注\n张三,"开\n李四,\n王五,') == [
        ["姓名", "备注"],
        ["张三", '"开'],
        ["李四", ""],
        ["王五", ""],
    ]


def test_character_cut_off_at_the_end_is_forgiven() -> None:
    assert decoded("姓名,李四".encode()[:-1]) == "姓名,李"
    assert decoded(("姓名" * 500).encode("gb18030")[:-1]) == "姓名" * 499 + "姓"


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.csv", "a.txt"])
@pytest.mark.parametrize("content", [b"", b"\0\0\0", b"\r\n  \r\n", b"\xef\xbb\xbf"])
def test_empty_files(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name) == ("file_empty", "This file is empty.")


def test_locked_workbooks(tmp_path: Path) -> None:
    envelope = container._OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    (tmp_path / "a.xlsx").write_bytes(envelope)
    kind, sentence = refusal(tmp_path / "a.xlsx")
    assert kind == "file_encrypted"
    assert "password" in sentence
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("content.xml", b"\x12\x34")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert refusal(tmp_path / "b.ods")[0] == "file_encrypted"
    flagged = bytearray((tmp_path / "b.ods").read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(mark) + at] |= 1
    (tmp_path / "c.xlsx").write_bytes(flagged)
    assert refusal(tmp_path / "c.xlsx")[0] == "file_encrypted"


def test_locked_old_workbooks(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", {"台账": LEDGER})
    data = path.read_bytes()
    at = data.index(b"\x09\x08", 512)
    after = at + 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    path.write_bytes(data[:after] + b"\x2f\x00" + data[after + 2 :])
    assert refusal(path)[0] == "file_encrypted"


@each_format
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.98])
def test_cut_off_workbooks(tmp_path: Path, make: Make, part: float) -> None:
    path = make(tmp_path / f"a{suffix(make)}", {"台账": LEDGER})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    assert refusal(path)[0] == "file_corrupt"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.csv"])
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), bytes(range(256)) * 20, b"PK\x03\x04 not really",
        "这不是表格，只是一段话。\n第二行也是。".encode(), b"<html><body>no table</body></html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 900,
        b"\xff\xd8\xff\xe0 JFIF", bytes(reversed(range(256))) * 20,
    ],
)  # fmt: skip
def test_other_files_under_the_name_of_a_ledger(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name)[0] == "file_corrupt"


def test_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(tmp_path / "a.xlsx")[0] == "file_corrupt"


def test_no_file_is_said_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"missing\.xlsx") as caught:
        read_roster(tmp_path / "missing.xlsx")
    assert str(tmp_path) not in str(caught.value)


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        read_roster(tmp_path)


# -------------------------------------------------------------------------------------------------------------- bombs


def test_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_UNPACKED", 2000)
    assert "too large" in refusal(xlsx(tmp_path / "a.xlsx", {"台账": LEDGER}))[1]


def test_a_lone_cell_in_the_far_corner_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member.endswith("sheet1.xml"):
                data = data.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(member, data)
    kind, sentence = refusal(path)
    assert (kind, "too large" in sentence) == ("file_corrupt", True)


def test_styled_but_empty_cells_far_away_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
            target.writestr(member, data)
    assert len(read_roster(path, today=TODAY).residents) == 2


@pytest.mark.parametrize("edge", [b"<sheetData>", b"</sheetData>"])
def test_a_row_with_the_prefix_of_a_namespace_is_seen_among_others(edge: bytes, tmp_path: Path) -> None:
    path, row = tmp_path / "far.xlsx", b'<x:row r="70"><x:c r="B70"><x:v>1</x:v></x:c></x:row>'
    with zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            parts = (edge, row) if edge == b"<sheetData>" else (row, edge)
            target.writestr(member, source.read(member).replace(edge, b"".join(parts)))
    assert xlsx_looks(path.read_bytes())["台账"].rows == 70


@pytest.mark.parametrize(
    "places", [{"C300": "XFD1048576"}, {"C300": "D99999", "C2": "XFD2"}, {"C300": "XFD2", "A300": "A99999"}]
)
def test_a_cell_that_is_elsewhere_than_its_row_is_refused_where_that_is_too_far(
    tmp_path: Path, places: Mapping[str, str]
) -> None:
    """The reader puts it where it says that it is, and would make room for all cells before it."""
    path = tmp_path / "far.xlsx"
    with (
        zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": [["甲", 1, 2]] * 300})) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for member in source.namelist():
            data = source.read(member)
            for found, told in places.items():
                data = data.replace(f'<c r="{found}"'.encode(), f'<c r="{told}"'.encode())
            target.writestr(member, data)
    assert refusal(path) == (container.too_large().kind, str(container.too_large()))


@pytest.mark.parametrize(
    "told",
    [
        b'r = "XFD1048576"', b'r ="XFD1048576"', b'r= "C1048576"', b'r\n=\t"XFD1048576"', b'r="C4294967295"',
        b"r='C4294967295'", b'r="C' + b"9" * 30 + b'"',
    ],
)  # fmt: skip
def test_a_far_cell_is_refused_however_its_place_is_written(tmp_path: Path, told: bytes) -> None:
    """The reader understands room around an equals sign and rows of ten digits; where it ends, the program ends."""
    path = tmp_path / "far.xlsx"
    with (
        zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": [[*"甲乙丙丁戊己庚辛壬"]] * 300})) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for member in source.namelist():
            target.writestr(member, source.read(member).replace(b'<c r="C300"', b"<c " + told))
    assert refusal(path) == (container.too_large().kind, str(container.too_large()))


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="99999">' + b"<c><v>1</v></c>" * 300 + b"</row>",
        b'<row r="99999">' + b'<c s="1" t="n"><v>1</v></c>' * 300 + b"</row>",
        b'<row r="99999">' + b"<c cm=\" r='A1'\"><v>1</v></c>" * 300 + b"</row>",
        b'<row spans=" r=\'5\'" r="1048576"><c><v>1</v></c></row>',
        b'<row r="7"><c cm=" r=\'A7\'" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="7"><c cm=">" r="XFD1048576"><v>1</v></c></row>',
    ],
    ids=["nothing", "other things", "quoted", "row quoted", "quoted and far", "bracket and far"],
)
def test_cells_that_do_not_plainly_say_where_they_are_take_no_memory(tmp_path: Path, row: bytes) -> None:
    """The reader counts those that stand before a cell; a ledger of five kilobytes took as many gigabytes."""
    path = changed(xlsx(tmp_path / "a.xlsx", {"台账": [["甲", *range(12)]]}), b"</sheetData>", row + b"</sheetData>")
    assert refusal(path) == (container.too_large().kind, str(container.too_large()))


def test_cells_that_say_no_place_are_read_where_they_stand(tmp_path: Path) -> None:
    row = b'<row r="3"><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
    path = changed(xlsx(tmp_path / "a.xlsx", {"台账": [["甲", 2]]}), b"</sheetData>", row + b"</sheetData>")
    assert read_book(path).sheets[0].rows() == [["甲", 2.0], ["", ""], [1.0, CellError("#N/A")]]


def test_room_around_the_equals_sign_of_a_place_is_read(tmp_path: Path) -> None:
    path = changed(xlsx(tmp_path / "a.xlsx", {"台账": [["甲", Error()], ["乙", 1]]}), rb'<c r="B1"', b'<c r = "B3"')
    assert read_book(path).sheets[0].rows() == [["甲", ""], ["乙", 1.0], ["", CellError("#N/A")]]


def test_page_breaks_are_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that was printed has them below its rows: to be walked through cell by cell takes far longer."""
    path = xlsx(tmp_path / "a.xlsx", {"台账": [["甲", Error()]]})
    changed(path, b"</sheetData>", b'</sheetData><rowBreaks count="1"><brk id="1" max="16383" man="1"/></rowBreaks>')
    monkeypatch.setattr(rawlook_xlsx, "_xlsx_walk", lambda _xml: pytest.fail("walked"))
    assert read_book(path).sheets[0].rows() == [["甲", CellError("#N/A")]]


def test_an_error_is_where_its_cell_says(tmp_path: Path) -> None:
    """A walk through all cells, which the quotes ask for, places an error as the reader places what is beside it."""
    path = tmp_path / "odd.xlsx"
    with (
        zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"台账": [["甲", Error()], ["乙", 1]]})) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for member in source.namelist():
            target.writestr(member, source.read(member).replace(b'<c r="B1"', b"<c r='B3'"))
    assert read_book(path).sheets[0].rows() == [["甲", ""], ["乙", 1.0], ["", CellError("#N/A")]]


def test_repeated_cells_of_ods_take_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.ods"
    with zipfile.ZipFile(ods(tmp_path / "a.ods", {"台账": LEDGER})) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member == "content.xml":
                bomb = (
                    b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
                    b'office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
                    b"</table:table-row></table:table>"
                )
                data = data.replace(b"</table:table>", bomb)
            target.writestr(member, data)
    assert "too large" in refusal(path)[1]


def test_one_cell_of_a_megabyte(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "与户主关系", "备注"], ["张三", id_number(), "户主", "长" * 1_000_000]]
    assert refusal(text(tmp_path / "a.csv", rows))[0] == "file_corrupt"
    roster = read_roster(ods(tmp_path / "a.ods", {"台账": rows}), today=TODAY)
    assert len(roster.residents[0].note or "") == 2000


def test_sixteen_thousand_columns(tmp_path: Path) -> None:
    wide = ["姓名", "身份证号", "与户主关系", *[f"列{n}" for n in range(16_000)]]
    roster = read_roster(text(tmp_path / "a.csv", [wide, ["张三", id_number(), "户主"]]), today=TODAY)
    assert len(roster.residents) == 1


def test_markup_without_end_is_read_to_where_it_goes() -> None:
    assert tables("<table><tr><td>a<td>b<tr><td colspan=x>c") == [[["a", "b"], ["c"]]]
