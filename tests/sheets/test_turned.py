"""Ledgers that are no lists: people in columns, cards, owners, grids of doors. Each is turned into one, and says so."""

from pathlib import Path

import pytest

from gridworker.errors import RosterProblem
from gridworker.sheets import headers_below
from gridworker.sheets.cells import Cell
from gridworker.sheets.corrections import Corrections
from gridworker.sheets.ledger_row import row_cells
from gridworker.sheets.mapping import NO_MAPPING
from gridworker.sheets.mapping_file import to_json
from gridworker.sheets.people import Roster
from gridworker.sheets.roster import Choices, read_ledger, read_roster
from tests.sheets.ledgers import TODAY, Error, Looks, Made, Rows, id_number, only, reading, xlsx

A, B, C, D = (id_number("19620304", order) for order in (12, 21, 33, 46))

COLUMNS: Rows = [
    ["居民信息表", "", "", ""],
    ["楼栋", "3", "", "4"],
    ["房号", "501", "", "101"],
    ["姓名", "江一", "江二", "河一"],
    ["与户主关系", "户主", "妻", "户主"],
    ["身份证号", A, B, C],
]
CARD: Rows = [
    ["居民登记卡"],
    ["姓名", "江一", "性别", "□男 ☑女"],
    ["身份证号", D, "", ""],
    ["住址", "3栋1单元501", "紧急联系人", "江二", "电话", "13911112222"],
    ["与户主关系", "户主", "人员类别", "低保"],
    ["填表人：河一"],
]
HOME: Rows = [
    ["家庭登记卡"],
    ["户主姓名", "江一", "身份证号", A],
    ["家庭住址", "3栋1单元501", "联系电话", "13800000001"],
    ["姓名", "与户主关系", "身份证号"],
    ["江二", "妻", B],
]
GRID: Rows = [
    ["3栋住户分布图"],
    ["楼层", "1单元", "", "2单元", ""],
    ["", "01室", "02室", "01室", "02室"],
    ["2楼", "江一", "江二", "空置", "河一"],
    ["1楼", "何一", "何二", "何三", "何四"],
]


def told(roster: Roster) -> list[tuple[int, str, str | None, str | None]]:
    return [(one.row, one.name, one.household.key if one.household else None, one.relation) for one in roster.residents]


def kinds(roster: Roster) -> set[str]:
    return {one.kind for one in roster.findings if one.kind.startswith("form_")}


def test_people_in_columns_are_rows_of_their_columns(tmp_path: Path) -> None:
    roster = reading(tmp_path, COLUMNS)
    assert told(roster) == [(2, "江一", "3||501", "户主"), (3, "江二", "3||501", "妻"), (4, "河一", "4||101", "户主")]
    assert [one.id_number for one in roster.residents] == [A, B, C]
    assert kinds(roster) == {"form_columns"}


def test_a_cell_of_people_in_columns_is_called_as_it_is_there(tmp_path: Path) -> None:
    rows = [list(row) for row in COLUMNS]
    rows[4][2] = Error()
    roster = reading(tmp_path, rows)
    assert [one.values["cell"] for one in roster.findings if one.kind == "cell_error"] == ["C5"]


def test_who_stands_in_a_column_is_corrected_like_others(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": COLUMNS})
    roster = read_roster(path, today=TODAY)
    cells = {cell.header: cell for cell in row_cells(path, roster, ("台账", 3), Corrections())}
    assert cells["姓名"].text == "江二"
    corrections = Corrections({("台账", 3, cells["姓名"].column): "江三"}, roster.digest)
    again = read_ledger(path, Choices(corrections=corrections), TODAY)
    assert [one.name for one in again.residents] == ["江一", "江三", "河一"]
    assert [one.values["cell"] for one in again.findings if one.kind == "cell_corrected"] == ["C4"]
    assert read_roster(path, today=TODAY).mapping == roster.mapping
    assert to_json(roster)["headers"] == {}, "the header of a turned sheet is none of the sheet itself"


def test_a_card_is_one_person(tmp_path: Path) -> None:
    roster = reading(tmp_path, CARD)
    assert told(roster) == [(2, "江一", "3|1|501", "户主")]
    person = only(roster)
    assert (person.sex, person.tags, person.phones) == ("女", ("低保",), ())
    assert kinds(roster) == {"form_cards"}


@pytest.mark.parametrize(
    ("line", "phones"),
    [
        (["监护人", "何一", "联系电话", "13911112222"], ()),
        (["监护人电话", "13911112222", "联系电话", "13800000001"], ("13800000001",)),
        (["所属网格", "第三网格", "联系电话", "13800000001"], ("13800000001",)),
    ],
)
def test_what_stands_behind_a_guardian_is_theirs(tmp_path: Path, line: list[Made], phones: tuple[str, ...]) -> None:
    rows: Rows = [["姓名", "江一", "与户主关系", "母亲"], ["身份证号", A, "住址", "3-1-501"], line]
    person = only(reading(tmp_path, rows))
    assert (person.phones, person.relation, person.household and person.household.key) == (phones, "母亲", "3|1|501")


def test_people_in_columns_may_have_guidance_and_groups(tmp_path: Path) -> None:
    rows: Rows = [
        ["基本信息", "姓名", "必填", "江一", "江二"], ["", "身份证号", "必填", A, B],
        ["居住信息", "楼栋", "选填", "3", "3"], ["", "房号", "选填", "501", "502"],
    ]  # fmt: skip
    looks = Looks(merged={"台账": [(0, 0, 1, 0), (2, 0, 3, 0)]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, looks), today=TODAY)
    assert told(roster) == [(4, "江一", "3||501", None), (5, "江二", "3||502", None)]


def test_cards_stand_below_each_other(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名：江一", "性别：男"], [f"身份证号：{A}"], ["住址：3栋1单元501"], [],
        ["姓名：江二", "性别：女"], [f"身份证号：{B}"], ["住址：3栋1单元502"],
    ]  # fmt: skip
    assert told(reading(tmp_path, rows)) == [(1, "江一", "3|1|501", None), (5, "江二", "3|1|502", None)]


def test_a_card_has_its_labels_above_the_values(tmp_path: Path) -> None:
    rows: Rows = [
        ["居民信息卡"],
        ["姓名", "性别", "身份证号"], ["江一", "男", A],
        ["住址", "联系电话", "与户主关系", "人员类别"], ["3栋1单元501", "13800000001", "户主", "低保"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert told(roster) == [(3, "江一", "3|1|501", "户主")]
    assert [home.head for home in roster.households] == ["江一"]
    assert only(roster).tags == ("低保",)


def test_cards_side_by_side_are_two_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "江一", "", "姓名", "江二"], ["身份证号", A, "", "身份证号", B],
        ["住址", "3-1-501", "", "住址", "3-1-502"], ["电话", "", "", "电话", "13800000002"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert [(one.name, one.id_number, one.phones) for one in roster.residents] == [
        ("江一", A, ()),
        ("江二", B, ("13800000002",)),
    ]


def test_people_in_columns_below_each_other_are_no_cards(tmp_path: Path) -> None:
    block: Rows = [["姓名", "江一", "江二"], ["身份证号", A, B], ["住址", "3-1-501", "3-1-502"]]
    more: Rows = [["姓名", "何一", "何二"], ["身份证号", C, D], ["住址", "3-1-503", "3-1-504"]]
    roster = reading(tmp_path, [*block, [], *more])
    assert {one.name: one.id_number for one in roster.residents} == {"江一": A, "江二": B, "何一": C, "何二": D}


def test_a_card_with_all_of_it_in_one_column(tmp_path: Path) -> None:
    assert told(reading(tmp_path, [["姓名：江一"], [f"身份证号：{A}"], ["住址：3栋1单元501"]])) == [
        (1, "江一", "3|1|501", None)
    ]


def test_the_head_on_a_card_over_a_table_is_a_person(tmp_path: Path) -> None:
    roster = reading(tmp_path, HOME)
    assert told(roster) == [(2, "江一", "3|1|501", "户主"), (5, "江二", "3|1|501", "妻")]
    assert roster.residents[0].phones == ("13800000001",)
    assert [home.head for home in roster.households] == ["江一"]


def test_the_head_on_a_card_who_stands_in_the_table_comes_once(tmp_path: Path) -> None:
    roster = reading(tmp_path, [*HOME, ["江一", "户主", A]])
    assert [one.name for one in roster.residents] == ["江二", "江一"]
    assert not roster.rejected


def test_who_stands_on_a_card_and_below_it_is_corrected(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": HOME})
    roster = read_roster(path, today=TODAY)
    texts: dict[tuple[str | None, int, int], str] = {}
    for row, name in ((2, "江三"), (5, "江四")):
        found = row_cells(path, roster, ("台账", row), Corrections())
        texts["台账", row, next(cell.column for cell in found if cell.header in {"姓名", "户主姓名"})] = name
    again = read_ledger(path, Choices(corrections=Corrections(texts, roster.digest)), TODAY)
    assert told(again) == [(2, "江三", "3|1|501", "户主"), (5, "江四", "3|1|501", "妻")]
    assert len([one for one in again.findings if one.kind == "cell_corrected"]) == 2


def test_several_owners_of_a_door_are_people_but_for_who_lets_it(tmp_path: Path) -> None:
    rows: Rows = [
        ["房号", "产权人", "身份证号", "联系电话", "租户姓名", "租户电话"],
        ["3-1-501", "江一、江二", f"{A}、{B}", "13800000001/13800000002", "", ""],
        ["3-1-502", "河一", C, "13800000003", "何一", "13800000004"],
        ["3-1-503", "石一、石二", D, "", "", ""],
    ]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.id_number, one.phones, one.relation) for one in roster.residents] == [
        ("江一", A, ("13800000001",), None),
        ("江二", B, ("13800000002",), None),
        ("何一", None, ("13800000004",), "租户"),
        ("石一", None, (), None),
        ("石二", None, (), None),
    ]
    assert [(one.row, one.kind) for one in roster.findings if one.kind.startswith("owner")] == [
        (3, "owner_lets"),
        (4, "owner_numbers"),
    ]
    assert kinds(roster) == {"form_owners"}


def test_owners_and_phones_in_columns_of_their_own(tmp_path: Path) -> None:
    rows: Rows = [
        ["房号", "产权人1", "产权人1身份证号", "产权人2", "产权人2身份证号", "电话1", "电话2"],
        ["3-1-501", "江一", A, "江二", B, "13800000001", "13800000002"],
        ["3-1-502", "何一", C, "", "", "13800000003", "13800000004"],
    ]
    assert [(one.name, one.id_number, one.phones) for one in reading(tmp_path, rows).residents] == [
        ("江一", A, ("13800000001",)),
        ("江二", B, ("13800000002",)),
        ("何一", C, ("13800000003", "13800000004")),
    ]


def test_a_list_of_tenants_stays_one(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "室", "产权人", "承租人姓名", "承租人身份证号"], ["3", "501", "河一", "江一", A]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一"]
    assert kinds(roster) == set()


def test_a_grid_of_doors_names_heads(tmp_path: Path) -> None:
    looks = Looks(merged={"图": [(1, 1, 1, 2), (1, 3, 1, 4)]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"图": GRID}, looks), today=TODAY)
    assert told(roster)[:3] == [
        (4, "江一", "3|1|201", "户主"),
        (5, "何一", "3|1|101", "户主"),
        (4, "江二", "3|1|202", "户主"),
    ]
    assert len(roster.residents) == 7
    assert kinds(roster) == {"form_grid"}


@pytest.mark.parametrize(
    "rows",
    [
        [["501 江一", "502 何一"], ["401-江二", "402 何二"]],
        [["501", "502"], ["江一", "何一"], ["401", "402"], ["江二", "何二"]],
        [["501 江一 13800000001", "502 何一"], ["401-江二", "402 何二(13800000002)"]],
    ],
)
def test_doors_beside_and_above_the_names_of_a_grid(tmp_path: Path, rows: Rows) -> None:
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"5栋": rows}), today=TODAY)
    assert {(name, key) for _row, name, key, _relation in told(roster)} == {
        ("江一", "5||501"), ("何一", "5||502"), ("江二", "5||401"), ("何二", "5||402"),
    }  # fmt: skip


def test_a_grid_of_several_names_in_a_cell_says_what_to_do(tmp_path: Path) -> None:
    rows = [list(row) for row in GRID[:3]] + [[f"{floor}楼", *["江一、江二"] * 4] for floor in (2, 1)]
    with pytest.raises(RosterProblem, match="head of the household alone"):
        reading(tmp_path, rows)


def test_what_explains_a_form_is_no_list(tmp_path: Path) -> None:
    rows: Rows = [
        ["字段", "说明", "示例"], ["姓名", "与身份证一致", "张三"], ["性别", "男/女", "男"], ["身份证号", "18位", A],
    ]  # fmt: skip
    with pytest.raises(RosterProblem):
        reading(tmp_path, rows)


def test_a_turned_sheet_counts_only_where_none_is_a_list(tmp_path: Path) -> None:
    table: Rows = [["楼栋", "室", "姓名", "身份证号"], ["3", "502", "石一", A]]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": table, "卡": CARD}), today=TODAY)
    assert [one.name for one in roster.residents] == ["石一"]
    assert [one.values["detail"] for one in roster.findings if one.kind == "sheet_ignored"] == ["卡"]


def test_a_header_of_labels_side_by_side_is_no_card(tmp_path: Path) -> None:
    rows: Rows = [
        ["户籍台账"],
        [
            "楼栋",
            "单元",
            "室",
            "户主",
            "性别",
            "手机号码",
            "关系",
            "家庭成员姓名",
            "证件号码",
            "民族",
            "监护人",
            "备注",
        ],
        ["8栋", "3", "602", "江一", "女", "无", "户主", "江一", A, "汉", "", "人户分离"],
        ["", "", "同上", "", "女", "", "妻", "江二", B, "汉族", "", "户主外出"],
    ]
    for some in (rows, rows[:3]):
        roster = reading(tmp_path, some)
        assert [one.id_number for one in roster.residents] == [A, B][: len(some) - 2]
        assert not kinds(roster)


def test_notes_of_people_are_no_header(tmp_path: Path) -> None:
    header: list[Made] = ["居民姓名", "性别", "手机号码", "房屋性质", "人员类别", "幢", "单元", "室", "备注"]
    people: Rows = [
        ["江一", "女", "", "自住", "", "6", "2单元", "803室", "人户分离"],
        ["江二", "男", "13400000001、13600000001", "出租", "残疾", "6#", "2单元", "803室", "姓名有误"],
        ["江三", "男", "13800000001", "出租", "残疾", "2栋", "1", "503室", ""],
        ["江四", "男", "13800000002", "自住", "低保", "2栋", "2单元", "204室", "常住"],
    ]
    roster = reading(tmp_path, [header, *people, header, ["河一", "男", "", "自住", "", "6", "2", "804", "常住"]])
    assert [one.name for one in roster.residents] == ["江一", "江二", "江三", "江四", "河一"]


def test_labels_of_a_card_nobody_filled_in_are_nobody(tmp_path: Path) -> None:
    rows: Rows = [["居民登记卡"], ["姓名", "", "性别", "男"], ["身份证号", A, "联系电话", ""], ["住址", "3栋501"]]
    with pytest.raises(RosterProblem):
        reading(tmp_path, rows)


def test_who_stands_on_a_card_beside_its_person_is_told(tmp_path: Path) -> None:
    roster = reading(tmp_path, [*CARD[:3], ["配偶姓名", "江二", "身份证号", B], *CARD[3:]])
    assert [one.name for one in roster.residents] == ["江一"]
    assert ("row_skipped", 4) in {(one.kind, one.row) for one in roster.findings}


def test_a_phone_below_a_name_of_a_grid_is_theirs_and_a_shop_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [
        ["3栋"],
        ["501", "502"], ["江一", "江二"], ["13800000001", ""],
        ["401", "402"], ["物业用房", "江四"], ["", "13800000004"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert {one.name: one.phones for one in roster.residents} == {
        "江一": ("13800000001",), "江二": (), "江四": ("13800000004",),
    }  # fmt: skip


def test_a_sheet_of_nothing_but_headers_is_looked_at_in_few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(headers_below, "find_layout", lambda *_told: looks.append(1))
    words = ["姓名", "身份证号", "房号", "性别"]
    below = headers_below.HeadersBelow()
    same: list[list[Cell]] = [[words[(at + more) % 4] for more in range(4)] for at in range(400)]
    other: list[list[Cell]] = [[*words, f"备注{at}"] for at in range(800)]
    for rows in (same, other):
        for index in range(len(rows)):
            below.layout(rows, index, "台账", NO_MAPPING)
        assert len(looks) == (16 if rows is same else 100)


@pytest.mark.parametrize("label", ["家庭成员", "家庭成员姓名"])
def test_what_stands_behind_a_member_on_a_card_is_theirs(tmp_path: Path, label: str) -> None:
    rows: Rows = [
        ["居民信息卡"],
        ["姓名", "江一", "性别", "男"],
        ["身份证号", A, "电话", "13800000001"],
        ["住址", "3栋2单元501"],
        [label, "江二", "关系", "妻"],
    ]
    roster = reading(tmp_path, rows)
    assert told(roster) == [(2, "江一", "3|2|501", None)]
    assert roster.residents[0].phones == ("13800000001",)
    assert "others_ignored" in {one.kind for one in roster.findings}
