"""The rules of the roster corpus, row by row: what is imported, reported, refused."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gridworker.sheets.people import Resident, Roster
from gridworker.sheets.relations import word_of
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import (
    TODAY,
    Error,
    Looks,
    Made,
    Rows,
    id_number,
    ods,
    only,
    problems,
    reading,
    text,
    xls,
    xlsx,
)

HEADER = ["楼栋", "单元", "室", "姓名", "与户主关系", "性别", "出生日期", "身份证号", "联系电话", "人员类别", "备注"]
GOOD = id_number("19800526", 425)


def row(**cells: Made) -> list[Made]:
    """A good row with some cells changed."""
    usual: dict[str, Made] = {
        "楼栋": "3", "单元": "2", "室": "501", "姓名": "张三", "与户主关系": "户主", "性别": "男",
        "出生日期": "1980-05-26",
        "身份证号": GOOD, "联系电话": "13800000001",
    }  # fmt: skip
    return [{**usual, **cells}.get(name, "") for name in HEADER]


def one(folder: Path, **cells: Made) -> Roster:
    return reading(folder, [HEADER, row(**cells)])


def person(folder: Path, **cells: Made) -> Resident:
    return only(one(folder, **cells))


def wrong(folder: Path, **cells: Made) -> set[str]:
    return {kind for _row, kind in problems(one(folder, **cells))}


def test_a_good_row_is_read_in_full(tmp_path: Path) -> None:
    roster = one(tmp_path, 人员类别="低保、残疾", 备注="每周入户")
    assert only(roster).to_neutral() == {
        "sheet": "台账", "row": 2, "name": "张三", "sex": "男", "birth_date": "1980-05-26", "id_number": GOOD,
        "phones": ["13800000001"], "relation": "户主", "tags": ["低保", "残疾"], "household_key": "3|2|501",
        "note": "每周入户", "status": "active",
    }  # fmt: skip
    assert roster.to_neutral()["households"] == [{"building": "3", "unit": "2", "room": "501", "head": "张三"}]
    assert problems(roster) == set()
    assert only(roster).relation_code == "02"


# ------------------------------------------------------------------------------------------------------ 2. heads


def test_head_comes_from_the_column_of_heads(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "室", "户主姓名", "姓名", "身份证号"],
        ["3", "501", "冯浩", "冯强", id_number(order=1)],
        ["", "", "", "金茜", id_number(order=2)],
    ]
    roster = reading(tmp_path, rows)
    assert [home.head for home in roster.households] == ["冯浩"]
    assert [resident.name for resident in roster.residents] == ["冯强", "金茜"]


def test_a_rejected_head_is_no_head_but_in_the_column_of_heads(tmp_path: Path) -> None:
    bad = row(身份证号="420202198005264250")
    child = row(姓名="张小", 与户主关系="子", 身份证号=id_number("20080101", 3), 出生日期="")
    assert [home.head for home in reading(tmp_path, [HEADER, bad, child]).households] == [None]
    rows: Rows = [[*HEADER, "户主"], [*bad, "张三"], [*child, ""]]
    assert [home.head for home in reading(tmp_path, rows).households] == ["张三"]


def test_second_head_behind_one_door_is_only_worth_knowing(tmp_path: Path) -> None:
    roster = reading(tmp_path, [HEADER, row(), row(姓名="李四", 身份证号=id_number("19700101", 1), 出生日期="")])
    assert [home.head for home in roster.households] == ["张三"]
    assert ("head_duplicate", 3) in {(finding.kind, finding.row) for finding in roster.findings}
    assert problems(roster) == set()


# ----------------------------------------------------------------------------------------------- 3. and 4. ID numbers


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), "id_checksum"),
        (GOOD[:17], "id_length"),
        (GOOD + "1", "id_length"),
        ("420202********1429", "id_format"),
        (GOOD[:10] + "O" + GOOD[11:], "id_format"),
        (id_number("19800230"), "id_date"),
        (id_number("20990101"), "id_date"),
        ("000000800230425", "id_date"),
        (420202198005264253, "id_precision_lost"),
        (4.20202198005264e17, "id_precision_lost"),
        ("4.20202E+17", "id_precision_lost"),
        ("4.20202198005264E+17", "id_precision_lost"),
        ("420202198005264000.0", "id_precision_lost"),
        ("420202198005264000", "id_precision_lost"),
        (1234567890123, "id_length"),
    ],
)
def test_bad_numbers_are_refused(tmp_path: Path, number: Made, kind: str) -> None:
    roster = reading(tmp_path, [HEADER, row(), row(姓名="李四", 身份证号=number)])
    assert [resident.name for resident in roster.residents] == ["张三"]
    assert problems(roster) == {(3, kind)}
    assert [(draft.name, draft.id_number, draft.row) for draft in roster.rejected] == [("李四", None, 3)]


def test_lost_digits_that_pass_the_check_are_lost_all_the_same(tmp_path: Path) -> None:
    days = [f"1980{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]
    passing = next(number for day in days if (number := id_number(day, 100)).endswith("000"))
    rounded = float(f"420202{passing[6:]}")
    assert wrong(tmp_path, 身份证号=rounded) == {"id_precision_lost"}
    assert person(tmp_path, 身份证号=passing, 性别="").id_number == passing
    rows: Rows = [HEADER, row(身份证号="420202198005264000"), row(姓名="李四", 身份证号=passing)]
    assert problems(reading(tmp_path, rows)) == {(2, "id_precision_lost"), (3, "id_precision_lost")}


def test_old_numbers_are_exact_in_number_cells(tmp_path: Path) -> None:
    roster = one(tmp_path, 身份证号=420202800526425, 出生日期="")
    assert (only(roster).id_number, only(roster).birth_date, only(roster).sex) == (
        "420202800526425",
        "1980-05-26",
        "男",
    )
    assert problems(roster) == set()


def test_same_number_again_is_refused_over_all_sheets_and_both_forms(tmp_path: Path) -> None:
    new = id_number("19800526", 425)
    old = new[:6] + new[8:17]
    path = xlsx(
        tmp_path / "a.xlsx",
        {
            "一": [HEADER, row(身份证号=new), row(姓名="李四", 身份证号=old, 出生日期="")],
            "二": [
                HEADER,
                row(姓名="王五", 身份证号=new.lower()),
                row(姓名="赵六", 身份证号=id_number("19700101", 1), 出生日期=""),
            ],
        },
    )
    roster = read_roster(path, today=TODAY)
    assert [resident.name for resident in roster.residents] == ["张三", "赵六"]
    assert [(f.sheet, f.row, f.kind) for f in roster.findings if str(f.action) == "reject"] == [
        ("一", 3, "id_duplicate"),
        ("二", 2, "id_duplicate"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "无",
        "未办理",
        "暂无",
        "不详",
        "-",
        "/",
        "办理中",
        "无证",
        "0",
        0,
        "见户口本",
        "（补办中）",
        "（2025年补办中）",
    ],
)
def test_no_number_is_no_fault(tmp_path: Path, cell: Made) -> None:
    roster = one(tmp_path, 身份证号=cell)
    assert only(roster).id_number is None
    assert problems(roster) == set()
    assert [finding.kind for finding in roster.findings] == ["id_missing"]


@pytest.mark.parametrize(
    "cell",
    [
        "'" + GOOD, "\t" + GOOD, GOOD + " ", f'="{GOOD}"', "０" + GOOD[1:], f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}",
        GOOD + "_x000D_\n", "\u200b" + GOOD, "\ufeff" + GOOD, "\u3000" + GOOD, GOOD[:9] + "\n" + GOOD[9:], "’" + GOOD,
        "身份证：" + GOOD, "公民身份证号码:" + GOOD,
    ],
)  # fmt: skip
def test_what_clings_to_numbers_disappears(tmp_path: Path, cell: str) -> None:
    assert person(tmp_path, 身份证号=cell).id_number == GOOD


@pytest.mark.parametrize("mark", ["x", "X", "ｘ", "Ｘ", "×", "✕", "Х"])
def test_the_check_letter_is_a_capital(tmp_path: Path, mark: str) -> None:
    number = next(found for n in range(100) if (found := id_number("19800526", n * 2 + 1)).endswith("X"))
    assert person(tmp_path, 身份证号=number[:17] + mark).id_number == number


def test_number_of_another_document_is_left_out(tmp_path: Path) -> None:
    rows: Rows = [[*HEADER, "证件类型"], [*row(身份证号="E12345678"), "护照"], [*row(姓名="李四"), "居民身份证"]]
    roster = reading(tmp_path, rows)
    assert [resident.id_number for resident in roster.residents] == [None, GOOD]
    assert problems(roster) == set()


def test_last_four_characters_are_no_number(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "与户主关系", "身份证号(后四位)"], ["张三", "户主", "425X"]]
    assert (only(reading(tmp_path, rows)).id_number, only(reading(tmp_path, rows)).id_last4) == (None, "425X")


@pytest.mark.parametrize("name", ["", "   ", "无", "—", "？"])
def test_a_person_without_a_name_is_reported(tmp_path: Path, name: str) -> None:
    roster = one(tmp_path, 姓名=name)
    assert roster.residents == []
    assert problems(roster) == {(2, "name_missing")}


def test_a_row_without_name_and_number_is_a_person_by_phone_or_relation(tmp_path: Path) -> None:
    assert wrong(tmp_path, 姓名="", 身份证号="") == {"name_missing"}
    assert wrong(tmp_path, 姓名="", 身份证号="", 联系电话="", 出生日期="") == {"name_missing"}
    rows: Rows = [HEADER, row(), row(姓名="", 身份证号="", 联系电话="", 与户主关系="", 出生日期="")]
    assert problems(reading(tmp_path, rows)) == set()


# ------------------------------------------------------------------------------------------------------ 5. warnings


@pytest.mark.parametrize(
    "cell",
    ["1980-05-26", "1980.5.26", "1980年5月26日", "19800526", 19800526, date(1980, 5, 26), 29367, "29367",
    "1980/05/26 00:00:00",
     "80.5.26", "一九八〇年五月二十六日", "1980.05", "1980年5月", "1980", "", "不详", "１９８０．５．２６", 1980.05,
     Error()],
)  # fmt: skip
def test_birth_dates_that_fit_the_number(tmp_path: Path, cell: Made) -> None:
    roster = one(tmp_path, 出生日期=cell)
    assert only(roster).birth_date == "1980-05-26"
    assert problems(roster) - {(2, "cell_error")} == set()


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("1980-06-25", "birth_mismatch"), ("1980.4", "birth_mismatch"), ("1981", "birth_mismatch"), ("1980-13-40",
    "birth_unparsed"),
     ("五月生", "birth_unparsed"), (date(1980, 5, 27), "birth_mismatch"), ("90.5.26", "birth_mismatch")],
)  # fmt: skip
def test_birth_dates_that_do_not(tmp_path: Path, cell: Made, kind: str) -> None:
    roster = one(tmp_path, 出生日期=cell)
    assert only(roster).birth_date == "1980-05-26"
    assert problems(roster) == {(2, kind)}


@pytest.mark.parametrize(
    ("cell", "born", "kinds"),
    [
        ("2020.3.5", "2020-03-05", set()),
        ("2020.03", "2020-03", set()),
        ("2020", "2020", set()),
        (2020.1, "2020", set()),
        ("2031-05-01", None, {"birth_future"}),
        ("2020-02-30", None, {"birth_unparsed"}),
        ("五月生", None, {"birth_unparsed"}),
        ("不详", None, set()),
        ("3/4/2020", None, {"birth_unparsed"}),
        ("51.1.26", "1951-01-26", set()),
    ],
)
def test_birth_dates_without_a_number(tmp_path: Path, cell: Made, born: str | None, kinds: set[str]) -> None:
    roster = one(tmp_path, 出生日期=cell, 身份证号="")
    assert only(roster).birth_date == born
    assert {kind for _row, kind in problems(roster)} == kinds


@pytest.mark.parametrize("cell", ["男", "男性", "M", "m", 1, "1", "男 ", "１", ""])
def test_sexes_that_fit_the_number(tmp_path: Path, cell: Made) -> None:
    assert wrong(tmp_path, 性别=cell) == set()


@pytest.mark.parametrize("cell", ["女", "F", 2, "女性"])
def test_sexes_that_do_not(tmp_path: Path, cell: Made) -> None:
    assert wrong(tmp_path, 性别=cell) == {"sex_mismatch"}
    assert person(tmp_path, 性别=cell).sex == "男"
    assert person(tmp_path, 性别=cell, 身份证号="").sex == "女"


@pytest.mark.parametrize("cell", ["？", "老王家的", "abc", "不知道"])
def test_unknown_relations_are_reported(tmp_path: Path, cell: str) -> None:
    assert wrong(tmp_path, 与户主关系=cell) == {"relation_unknown"}
    assert person(tmp_path, 与户主关系=cell).relation is None


def test_words_for_codes() -> None:
    assert [word_of(code) for code in ("02", "12", "L1", "no")] == ["户主", "妻", "保姆", None]


def test_phone_of_the_head_is_the_households(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "室", "姓名", "与户主关系", "身份证号", "户主联系电话"],
        ["3", "501", "张三", "户主", GOOD, "13800000009"],
        ["", "", "李四", "妻", id_number("19820303", 2), "13800000009"],
    ]
    roster = reading(tmp_path, rows)
    assert [home.phone for home in roster.households] == ["13800000009"]
    assert [resident.phones for resident in roster.residents] == [("13800000009",), ()]


def test_errors_are_no_values(tmp_path: Path) -> None:
    for name in ("联系电话", "备注", "出生日期", "性别", "人员类别", "与户主关系", "身份证号"):
        for cell in (Error(), Error("#REF!"), "#N/A", "#VALUE!"):
            roster = one(tmp_path, **{name: cell})
            assert problems(roster) == {(2, "cell_error")}, (name, cell)
            assert "#" not in str(only(roster).to_neutral())


@pytest.mark.parametrize("make", [xlsx, xls, ods], ids=["xlsx", "xls", "ods"])
def test_every_error_cell_is_named_with_what_it_shows(
    tmp_path: Path, make: Callable[[Path, dict[str, Rows]], Path]
) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "与户主关系", "楼栋", "室", "联系电话", "备注"],
        ["张三", GOOD, Error(), "3", "501", Error("#REF!"), "好"],
        [Error("#NAME?"), "", "妻", "3", "501", "13800000009", ""],
    ]
    roster = read_roster(make(tmp_path / f"a.{make.__name__}", {"台账": rows}), today=TODAY)
    told = [(f.row, f.column, str(f)) for f in roster.findings if f.kind == "cell_error"]
    assert told == [
        (2, 2, "Cell C2 shows #N/A instead of a value; it was left out."),
        (2, 5, "Cell F2 shows #REF! instead of a value; it was left out."),
        (3, 0, "Cell A3 shows #NAME? instead of a value; it was left out."),
    ]
    assert (only(roster).relation, only(roster).phones) == (None, ())
    assert [(person.row, person.phones) for person in roster.rejected] == [(3, ("13800000009",))]


def test_prefilled_formulas_are_no_people(tmp_path: Path) -> None:
    empty: list[Made] = [0, 0, 0, 0, 0, "女", Error("#VALUE!"), 0, 0, "", ""]
    blank: list[Made] = ["", "", "", "", "", "", "1900-01-00", "", "", "", ""]
    roster = reading(tmp_path, [HEADER, row(), empty, blank])
    assert only(roster).name == "张三"
    assert problems(roster) == set()


# ------------------------------------------------------------------------------------------------------ 7. names


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("\u200b张三\ufeff", "张三"),
        ("张三_x000D_", "张三"),
        ("张\n三", "张三"),
        ("'张三", "张三"),
        ('="张三"', "张三"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John  Smith", "John Smith"),
        ("阿布都·买买提", "阿布都·买买提"),
        ("阿布都．买买提", "阿布都·买买提"),
        ("阿布都•买买提", "阿布都·买买提"),
        ("王𠮷祥", "王𠮷祥"),
        ("陈䶮", "陈䶮"),
        ("=张三", "=张三"),
        ("张伟（大）", "张伟（大）"),
    ],
)
def test_names_are_cleaned(tmp_path: Path, cell: str, name: str) -> None:
    assert person(tmp_path, 姓名=cell).name == name


# ------------------------------------------------------------------------------------------------------ 8. phones


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("+86 13800000001", ("13800000001",)),
        ("008613800000001", ("13800000001",)),
        ("138-0000-0001", ("13800000001",)),
        ("138 0000 0001", ("13800000001",)),
        (13800000001, ("13800000001",)),
        ("13800000001、0714-6000603", ("13800000001", "0714-6000603")),
        ("13800000001/13800000002", ("13800000001", "13800000002")),
        ("13800000001 13800000002", ("13800000001", "13800000002")),
        ("13800000001\n13800000002", ("13800000001", "13800000002")),
        ("13800000001（单位）", ("13800000001",)),
        ("（0714）6000326", ("0714-6000326",)),
        ("0714 6000555", ("0714-6000555",)),
        ("１３８００００００１１", ("13800000011",)),
        ("无", ()),
        ("", ()),
        ("/", ()),
        (0, ()),
        ("停机", ()),
    ],
)
def test_phones(tmp_path: Path, cell: Made, phones: tuple[str, ...]) -> None:
    assert person(tmp_path, 联系电话=cell).phones == phones
    assert wrong(tmp_path, 联系电话=cell) == set()


def test_phones_that_are_said_again_are_those_of_the_row_above(tmp_path: Path) -> None:
    """Also of a row that is not taken in: 同上 never reaches over somebody to the phone of another."""
    phones = ("13800000001", "同上", "13800000002", "〃", "", "同上")
    numbers = (GOOD, id_number(order=2), "420202198005260000", *(id_number(order=order) for order in (4, 5, 6)))
    rows = [row(身份证号=number, 联系电话=phone) for number, phone in zip(numbers, phones, strict=True)]
    roster = reading(tmp_path, [HEADER, *rows])
    assert {person.row: person.phones for person in (*roster.residents, *roster.rejected)} == {
        2: ("13800000001",), 3: ("13800000001",), 4: ("13800000002",), 5: ("13800000002",), 6: (), 7: (),
    }  # fmt: skip
    assert "phone_invalid" not in {kind for _row, kind in problems(roster)}


@pytest.mark.parametrize("cell", ["1380000001", "138000000011", "138****0001", "1.38E+10", 12345])
def test_bad_phones_are_left_out_and_reported(tmp_path: Path, cell: Made) -> None:
    assert person(tmp_path, 联系电话=cell).phones == ()
    assert wrong(tmp_path, 联系电话=cell) == {"phone_invalid"}


def test_phones_of_others_are_not_the_residents(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "手机", "住宅电话", "紧急联系人", "紧急联系人电话", "监护人及电话", "户主电话"],
        ["张三", GOOD, "13800000001", "0714-6000603", "李四", "13800000002", "王五 13800000003", "13800000004"],
    ]
    assert only(reading(tmp_path, rows)).phones == ("13800000001", "0714-6000603")


# ------------------------------------------------------------------------------------------------------ 9. tags


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("低保、独居老人；残疾", ("低保", "独居老人", "残疾")),
        ("低保/残疾", ("低保", "残疾")),
        ("空巢老人,残疾", ("空巢老人", "残疾")),
        ("下岗失业人员 低保", ("下岗失业", "低保")),
        ("困难家庭\n残疾", ("困难家庭", "残疾")),
        ("低保+残疾", ("低保", "残疾")),
        ("低保户", ("低保",)),
        ("残疾（肢体二级）、低保", ("残疾", "低保")),
        ("残疾(肢体、二级)，低保", ("残疾", "低保")),
        ("低保、低保", ("低保",)),
        ("无", ()),
        ("/", ()),
        ("—", ()),
        ("正常", ()),
        ("普通居民", ()),
        ("流动人口、低保", ("低保",)),
        ("社区矫正", ()),
        ("精神障碍 、 低保", ("低保",)),
        ("退役军人，党员", ("退役军人",)),
    ],
)
def test_tags_in_one_cell(tmp_path: Path, cell: str, tags: tuple[str, ...]) -> None:
    assert person(tmp_path, 人员类别=cell).tags == tags


def test_words_of_residence_are_no_tags(tmp_path: Path) -> None:
    read = person(tmp_path, 人员类别="流动人口、低保")
    assert (read.tags, read.residence) == (("低保",), "流动人口")
    rows: Rows = [[*HEADER, "人户状态", "是否人户分离"], [*row(), "人户同在", "否"]]
    assert only(reading(tmp_path, rows)).residence == "人户同在"


@pytest.mark.parametrize("cell", ["√", "✓", "✔", "☑", "是", "Y", "y", 1, "1", "肢体二级", True])
def test_ticks(tmp_path: Path, cell: Made) -> None:
    rows: Rows = [["姓名", "身份证号", "残疾", "低保"], ["张三", GOOD, cell, ""]]
    assert only(reading(tmp_path, rows)).tags == ("残疾",)


@pytest.mark.parametrize("cell", ["", "×", "否", "无", 0, "0", "-", "/", "N", "✗", "—", False])
def test_no_ticks(tmp_path: Path, cell: Made) -> None:
    rows: Rows = [["姓名", "身份证号", "残疾", "低保"], ["张三", GOOD, cell, "√"]]
    assert only(reading(tmp_path, rows)).tags == ("低保",)


def test_sensitive_columns_are_dropped_with_a_notice(tmp_path: Path) -> None:
    rows: Rows = [[*HEADER, "民族", "社区矫正"], [*row(), "汉", "√"]]
    roster = reading(tmp_path, rows)
    dropped = [str(finding) for finding in roster.findings if finding.kind == "sensitive_dropped"]
    assert ["民族" in dropped[0], "社区矫正" in dropped[1], len(dropped)] == [True, True, 2]
    assert "汉" not in str(only(roster).to_neutral())


# ---------------------------------------------------------------------------------------------------- 10. relations


@pytest.mark.parametrize(
    ("cell", "word", "code"),
    [
        ("户主", "户主", "02"), ("本人", "本人", "02"), ("妻", "妻", "12"), ("之妻", "妻", "12"), ("户主之妻", "妻",
        "12"),
        ("长子", "长子", "22"), ("之长子", "长子", "22"), ("儿媳妇", "儿媳妇", "38"), ("外孙女", "外孙女", "44"),
        ("岳母", "岳母", "56"), ("婆婆", "婆婆", "54"), ("母亲", "母亲", "52"), ("02", "户主", "02"), ("10", "配偶",
        "10"),
        ("配偶（再婚）", "配偶", "10"), ("保姆", "保姆", "L1"), ("合租", "合租", "L2"), ("其他", "其他", "80"),
        (" 女 儿 ", "女儿", "30"),
        ("侄子", "侄子", "97"), ("02-户主", "户主", "02"), ("20 长子", "长子", "22"), ("", None, None), ("无", None,
        None),
    ],
)  # fmt: skip
def test_relations(tmp_path: Path, cell: str, word: str | None, code: str | None) -> None:
    read = person(tmp_path, 与户主关系=cell)
    assert (read.relation, read.relation_code) == (word, code)
    assert wrong(tmp_path, 与户主关系=cell) == set()


# ------------------------------------------------------------------------------------------------------ 13. formulas


@pytest.mark.parametrize("note", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1+1"])
def test_text_like_a_formula_is_text(tmp_path: Path, note: str) -> None:
    assert person(tmp_path, 备注=note).note == note
    path = text(tmp_path / "a.csv", [HEADER, row(备注=f"'{note}")])
    assert only(read_roster(path, today=TODAY)).note == note


def test_several_columns_of_notes_are_one(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "备注", "其他情况"], ["张三", GOOD, "每周入户\n轮椅", "喜静"]]
    assert only(reading(tmp_path, rows)).note == "每周入户\n轮椅；喜静"


def test_a_very_long_text_is_cut_with_a_word(tmp_path: Path) -> None:
    roster = one(tmp_path, 备注="长" * 5000)
    assert len(only(roster).note or "") == 2000
    assert "text_cut" in {finding.kind for finding in roster.findings}


# ------------------------------------------------------------------------------------------------------ 14. changes


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("迁出", "moved_out"), ("2025年8月迁出至武汉", "moved_out"), ("已搬走", "moved_out"), ("死亡", "deceased"),
        ("已去世", "deceased"),
        ("病故", "deceased"), ("", "active"), ("无", "active"), ("无变动", "active"), ("未迁出", "active"), ("迁入",
        "active"), ("新增", "active"),
        ("正常", "active"), ("在住", "active"),
    ],
)  # fmt: skip
def test_changes(tmp_path: Path, change: str, status: str) -> None:
    rows: Rows = [[*HEADER, "变动情况"], [*row(), change]]
    assert only(reading(tmp_path, rows)).to_neutral()["status"] == status


def test_flags_and_dates_of_leaving(tmp_path: Path) -> None:
    header = ["姓名", "身份证号", "是否已迁出", "是否死亡", "死亡日期"]
    rows: Rows = [
        header,
        ["甲一", id_number(order=1), "否", "否", ""],
        ["甲二", id_number(order=2), "是", "否", ""],
        ["甲三", id_number(order=3), "", "是", ""],
        ["甲四", id_number(order=4), "", "", "2024-05-01"],
    ]
    assert [found.status for found in reading(tmp_path, rows).residents] == [
        "in_place",
        "moved_out",
        "deceased",
        "deceased",
    ]


def test_neutral_form_says_good_to_know_as_info(tmp_path: Path) -> None:
    problems_told = one(tmp_path, 身份证号="").to_neutral()["problems"]
    assert problems_told == [{"row": 2, "sheet": "台账", "kind": "info", "action": "advise", "detail": "id_missing"}]


def test_more_than_there_is_room_for_is_cut_and_an_end_that_is_none_left_out(tmp_path: Path) -> None:
    phones = [f"138000{number:05}" for number in range(40)]
    roster = one(tmp_path, 联系电话=" ".join(phones), 人员类别="、".join(f"类别{number}" * 9 for number in range(30)))
    found = only(roster)
    assert found.phones == tuple(phones[:16])
    assert 0 < len(" ".join(found.tags)) <= 200
    assert [finding.kind for finding in roster.findings].count("text_cut") == 2
    ends: Rows = [["姓名", "身份证后四位", "室"], ["张三", "无", "501"], ["李四", "425x", "502"], ["王五", "42", "503"]]
    assert [person.id_last4 for person in reading(tmp_path, ends).residents] == [None, "425X", None]


@pytest.mark.parametrize(
    "remark",
    ["截止2025年9月30日", "以下为新迁入", "第1页", "户主姓名：张三", "（空置）", "待核实", "户主", "共12户"],
)
def test_a_remark_where_names_stand_is_nobody(tmp_path: Path, remark: str) -> None:
    rows: Rows = [["姓名", "楼栋", "室", "身份证号"], ["李四", "3", "101", id_number()], [remark, "3", "102", ""]]
    roster = reading(tmp_path, rows)
    assert [person.name for person in roster.residents] == ["李四"]
    assert len(roster.households) == 1


def test_a_birth_date_in_three_columns_is_one(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "室", "姓名", "出生年", "月", "日"], ["3", "101", "张三", "1990年", "1月", "2日"]]
    rows = [*rows, ["3", "102", "李四", 1991, 12.0, 31], ["3", "103", "王五", "1992", "", ""]]
    found = [person.birth_date for person in reading(tmp_path, rows).residents]
    assert found == ["1990-01-02", "1991-12-31", "1992"]


def test_who_is_gone_by_a_column_of_residence_is_gone(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "室", "姓名", "居住状态"]]
    rows = [*rows, *[["3", f"10{n}", "张三", word] for n, word in enumerate(["在住", "已搬离", "死亡注销", "空挂户"])]]
    found = [(person.status, person.residence) for person in reading(tmp_path, rows).residents]
    assert found == [("in_place", "在住"), ("moved_out", "已搬离"), ("deceased", "死亡注销"), ("in_place", "空挂户")]


def test_ticks_under_one_merged_group_are_tags(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "楼栋", "室", "人群分类", "", ""],
        ["", "", "", "", "低保户", "残疾人", "80岁以上老人"],
        ["张三", id_number(), "3", "101", "√", "×", "√"],
    ]
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": rows}, Looks(merged={"台账": [(0, 4, 0, 6)]}))
    assert only(read_roster(path, today=TODAY)).tags == ("低保", "高龄老人")


def test_several_names_in_one_cell_are_reported(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "室", "姓名"], ["3", "101", "张三、李四"], ["3", "102", "阿依古丽．买买提"]]
    roster = reading(tmp_path, rows)
    assert [person.name for person in roster.residents] == ["阿依古丽·买买提"]
    assert [finding.kind for finding in roster.findings] == ["names_several"]
    assert problems(roster) == {(2, "names_several")}
    assert roster.findings[0].to_neutral()["kind"] == "name_missing"


def test_a_row_of_a_head_alone_is_told(tmp_path: Path) -> None:
    header = ["楼栋", "室", "户主", "户主身份证号", "姓名", "与户主关系"]
    rows: Rows = [header, ["3", "101", "张三", GOOD, "张四", "子"], ["3", "102", "李三", GOOD, "", ""]]
    roster = reading(tmp_path, rows)
    assert [person.name for person in roster.residents] == ["张四"]
    assert [finding.row for finding in roster.findings if finding.kind == "head_only"] == [3]


@pytest.mark.parametrize(("names", "shared"), [(("Sheet1", "Sheet2"), 1), (("张三片区", "李四片区"), 0)])
def test_rooms_of_one_number_on_sheets_without_a_name_are_to_be_looked_at(
    tmp_path: Path, names: tuple[str, str], shared: int
) -> None:
    header = ("姓名", "与户主关系", "性别", "出生日期", "室")
    sheets: dict[str, Rows] = {
        names[0]: [header, ("张三", "户主", "男", "1980-01-01", "101"), ("张四", "子", "男", "2001-01-01", "101")],
        names[1]: [header, ("王五", "户主", "男", "1982-01-01", "101"), ("王六", "子", "男", "2002-01-01", "102")],
    }
    roster = read_roster(xlsx(tmp_path / "l.xlsx", sheets), today=TODAY)
    found = [(one.sheet, one.row) for one in roster.findings if one.is_to_check]
    assert found == [(names[1], 2)] * shared
    assert problems(roster) == set()
