"""Headers found by what they say: real ones, behind titles, in several rows, merged; and sheets that are no ledger."""

from pathlib import Path

import pytest

from gridworker.errors import RosterProblem
from gridworker.sheets.header import Merged, find_layout
from gridworker.sheets.mapping import NO_MAPPING, Layout
from gridworker.sheets.meanings import header_key, meaning_of
from gridworker.sheets.roster import read_roster
from gridworker.sheets.words import Field
from tests.sheets.ledgers import TODAY, Looks, Rows, id_number, keys, only, problems, reading, xlsx

PERSON = ["1", "3", "2", "501", "张三", "户主", "男", id_number("19800526", 425), "13800000001"]
PLAIN = ["序号", "楼栋", "单元", "室", "姓名", "与户主关系", "性别", "身份证号", "联系电话"]


def layout(*rows: list[str]) -> Layout:
    found = find_layout(rows, None, NO_MAPPING)
    assert found is not None
    return found


def fields(*rows: list[str]) -> list[str]:
    return [str(column.field) for column in layout(*rows).columns]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *((text, Field.NAME) for text in ("姓名*", "姓 名", "姓　名", "* 姓名", "姓名（必填）", "居民姓名",
        "家庭成员姓名", "姓\n名")),
        *((text, Field.ID_NUMBER) for text in ("公民身份号码", "身份证号码*", "身份证", "证件号码", "身份证号(18位)",
        "公民身份号码（必填）")),
        *((text, Field.PHONE) for text in ("联系电话", "联系手机", "手机号码", "电话", "联系方式", "住宅电话",
        "联系电话1", "手机/电话")),
        *((text, Field.RELATION) for text in ("与户主关系*", "家庭关系", "与户主的关系", "和户主关系", "称谓")),
        *((text, Field.ADDRESS) for text in ("现住址", "现居地址", "居住地址", "现住门（楼）详址", "家庭住址",
        "楼栋单元房号", "现住地详址")),
        *((text, Field.BUILDING) for text in ("楼栋", "幢", "栋", "楼号", "栋号", "楼栋号", "现住小区/建筑")),
        *((text, Field.ROOM) for text in ("室", "房号", "房间号", "门牌", "门牌号", "室号", "现住详细门牌")),
        *((text, Field.BIRTH) for text in ("出生日期", "出生年月*", "出生日期（年-月-日）", "生日")),
        *((text, Field.TAGS) for text in ("人员类别", "特殊人群", "重点人群", "关爱类别", "人员类型", "困难类别")),
        *((text, Field.TAG) for text in ("低保户", "是否低保户", "残疾等级", "独居", "是否退役军人", "空巢老人",
        "残疾类型*")),
        *((text, Field.HEAD) for text in ("户主", "户主姓名", "户主姓名*")),
        *((text, Field.IGNORED) for text in (
            "监护人姓名", "户籍地址", "户籍详址", "曾用名", "工作单位", "网格员姓名", "房东电话",
            "联系人电话",
            "与户主关系备注", "所属网格*", "楼栋长", "配偶姓名", "迁往地",
        )),
        *((text, Field.SENSITIVE) for text in (
            "民族*", "宗教信仰", "血型", "政治面貌*", "文化程度", "婚姻状况*", "籍贯", "健康状况", "社区矫正",
            "是否信访", "残疾证号",
            "危险程度", "年收入(万)", "育龄妇女", "银行卡号", "身高(CM)",
        )),
        ("户主身份证号", Field.HEAD_ID),
        ("户主联系电话", Field.HEAD_PHONE),
        ("紧急联系人电话", Field.CONTACT_PHONE),
        ("紧急联系人*", Field.CONTACT),
        ("身份证号(后四位)", Field.ID_LAST4),
        ("变动情况", Field.CHANGE),
        ("是否死亡", Field.DECEASED),
        ("是否已迁出", Field.MOVED_OUT),
        ("户编号", Field.HOUSEHOLD_NO),
        ("人户状态*", Field.RESIDENCE),
    ],
)  # fmt: skip
def test_real_headers_are_known(header: str, field: Field) -> None:
    meaning = meaning_of(header_key(header))
    assert meaning is not None
    assert meaning.field is field


@pytest.mark.parametrize(
    "header", ["年龄", "人口数", "房屋性质", "楼栋户数", "经办日期时间", "", "桂花湾社区第三网格居民台账"]
)
def test_other_headers_name_no_person(header: str) -> None:
    meaning = meaning_of(header_key(header))
    assert meaning is None or meaning.field in {Field.IGNORED, Field.SENSITIVE}


def test_header_stands_behind_titles_and_blank_rows() -> None:
    found = layout(["桂花湾社区居民台账"], [], ["填报单位：社区", "", "2025年9月"], PLAIN, PERSON)
    assert (found.first, found.depth) == (3, 1)
    assert "桂花湾社区居民台账" in found.title


def test_two_rows_with_groups() -> None:
    found = layout(
        ["序号", "姓名", "身份证号", "现住址", "", "", "监护人", "", "重点人群", "", "", "备注"],
        ["", "", "", "楼栋", "单元", "室", "姓名", "电话", "低保", "残疾", "失能", ""],
        ["1", "张三", PERSON[7], "3", "2", "501", "李四", "13800000002", "√", "", "√", ""],
    )
    assert found.depth == 2
    assert [str(column.field) for column in found.columns] == [
        "serial", "name", "id_number", "building", "unit", "room", "ignored", "ignored", "tag", "tag", "tag", "note",
    ]  # fmt: skip
    assert [column.tag for column in found.columns][8:11] == ["低保", "残疾", "失能"]


def test_people_below_are_no_second_header() -> None:
    assert layout(PLAIN, PERSON).depth == 1
    assert layout(["姓名", "与户主关系", "人员类别"], ["低保", "户主", "低保"]).depth == 1


def test_title_over_part_of_the_header_is_no_group() -> None:
    found = layout(
        ["重点人群台账", "", "", "", "2025年9月", ""],
        ["姓名", "身份证号", "年龄", "网格", "备注", "走访人"],
        ["张三", PERSON[7]],
    )
    assert (found.first, found.depth) == (1, 1)
    assert Field.TAG not in found.fields


def test_group_of_the_head_is_not_the_member() -> None:
    rows = (
        ["户主信息", "", "", "家庭成员信息", "", ""],
        ["姓名", "身份证号", "联系电话", "姓名", "身份证号", "与户主关系"],
        ["张三", PERSON[7], "13800000001", "李四", id_number("19820303", 2), "妻"],
    )
    assert fields(*rows) == ["head", "head_id_number", "head_phone", "name", "id_number", "relation"]


def test_group_of_somebody_else_is_nobody_here() -> None:
    rows = (
        ["监护人", "", "", "居民", "", ""],
        ["姓名", "身份证号", "出生日期", "姓名", "身份证号", "与户主关系"],
        ["王五", id_number("19500101"), "1950-01-01", "张三", PERSON[7], "子"],
    )
    assert fields(*rows) == ["ignored", "ignored", "ignored", "name", "id_number", "relation"]


def test_contact_group_and_registered_address() -> None:
    rows = (
        ["姓名", "身份证号", "户籍地", "", "", "居住地址", "", "", "联系方式", ""],
        ["", "", "省", "市", "详细地址", "栋", "单元", "室", "手机", "固话"],
        ["张三", PERSON[7], "湖北", "黄石", "9栋9单元909", "3", "2", "501", "13800000001", ""],
    )
    assert fields(*rows) == [
        "name", "id_number", "ignored", "ignored", "ignored", "building", "unit", "room", "phone", "phone",
    ]  # fmt: skip


def test_merged_two_row_header(tmp_path: Path) -> None:
    rows: Rows = [
        ["桂花湾社区台账"],
        ["姓名", "身份证号", "住址", "", "", "特殊人群", ""],
        ["", "", "栋", "单元", "室", "低保", "独居老人"],
        ["张三", PERSON[7], "3", "2", "501", "√", "×"],
        ["李四", id_number("19820303", 2), "3", "2", "502", "", "是"],
    ]
    merged = [(0, 0, 0, 6), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6)]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, Looks(merged={"台账": merged})), today=TODAY)
    assert keys(roster) == ["3|2|501", "3|2|502"]
    assert [person.tags for person in roster.residents] == [("低保",), ("独居老人",)]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    order = [8, 7, 0, 6, 5, 4, 3, 2, 1]
    person = only(reading(tmp_path, [[PLAIN[n] for n in order], [PERSON[n] for n in order]]))
    assert (person.name, person.sex, person.phones) == ("张三", "男", ("13800000001",))


def test_plain_header_wins_over_one_like_it() -> None:
    assert fields(["家庭主要成员姓名", "姓名", "身份证号"], ["李四", "张三", PERSON[7]]) == [
        "ignored",
        "name",
        "id_number",
    ]


def test_id_column_without_a_header_is_known_by_its_numbers(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "", "楼栋", "室"],
        ["张三", PERSON[7], "3", "501"],
        ["李四", id_number("19820303"), "3", "502"],
    ]
    assert [person.id_number for person in reading(tmp_path, rows).residents] == [PERSON[7], id_number("19820303")]


def test_ticks_under_an_unknown_word_give_that_tag(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "失能", "是否外出"],
        ["张三", PERSON[7], "√", "√"],
        ["李四", id_number("19820303"), "", ""],
    ]
    assert [person.tags for person in reading(tmp_path, rows).residents] == [("失能",), ()]


def test_flag_for_the_head_is_no_name(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "户主", "楼栋", "室"],
        ["张三", PERSON[7], "是", "3", "501"],
        ["李四", id_number("19820303"), "否", "3", "501"],
    ]
    roster = reading(tmp_path, rows)
    assert [person.relation for person in roster.residents] == ["户主", None]
    assert [home.head for home in roster.households] == ["张三"]


def test_year_month_and_day_in_columns_of_their_own(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "与户主关系", "出生日期", "", ""],
        ["", "", "年", "月", "日"],
        ["张三", "户主", "1980", "5", "26"],
    ]
    assert only(reading(tmp_path, rows)).birth_date == "1980-05-26"


# ------------------------------------------------------------------------------------------------- which sheets count

LEDGER: Rows = [PLAIN, PERSON]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("填表说明", [["一、本表由网格员填写"], ["姓名", "必填，与身份证一致"], ["身份证号", "18位"]]),
        ("汇总", [["楼栋", "户数", "人数"], ["3栋", 12, 40], ["5栋", 10, 31], ["合计", 22, 71]]),
        ("通讯录", [["姓名", "职务", "联系电话"], ["王主任", "书记", "13800000009"]]),
        (
            "网格员",
            [
                ["姓名", "岗位", "身份证号", "性别", "联系电话"],
                ["赵网格", "网格员", id_number("19900101"), "男", "13800000008"],
            ],
        ),
        ("空表", [PLAIN]),
        ("空白", []),
    ],
)
def test_sheets_that_are_no_ledger_yield_nothing(tmp_path: Path, name: str, rows: Rows) -> None:
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {name: rows, "台账": LEDGER}), today=TODAY)
    assert only(roster).name == "张三"
    assert problems(roster) == set()


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx", {"台账": LEDGER, "旧": [PLAIN, [*PERSON[:4], "李四", "户主"]]}, Looks(hidden=["旧"])
    )
    roster = read_roster(path, today=TODAY)
    assert only(roster).name == "张三"
    assert [finding.sheet for finding in roster.findings if finding.kind == "sheet_ignored"] == ["旧"]


def test_lists_of_households_count_where_there_is_no_list_of_people(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "单元", "室", "户主姓名", "联系电话", "人口数"], ["3", "2", "501", "张三", "13800000001", 4]]
    person = only(reading(tmp_path, rows))
    assert (person.name, person.relation, person.phones) == ("张三", "户主", ("13800000001",))
    both = read_roster(xlsx(tmp_path / "b.xlsx", {"户": rows, "台账": LEDGER}), today=TODAY)
    assert [person.sheet for person in both.residents] == ["台账"]


def test_file_without_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterProblem, match="No list of residents") as empty:
        read_roster(xlsx(tmp_path / "a.xlsx", {"表": [["项目", "金额"], ["办公", 100]]}), today=TODAY)
    assert empty.value.kind == "file_corrupt"
    with pytest.raises(RosterProblem, match="nobody") as bare:
        read_roster(xlsx(tmp_path / "b.xlsx", {"台账": [PLAIN]}), today=TODAY)
    assert bare.value.kind == "file_empty"
    with pytest.raises(RosterProblem) as blank:
        read_roster(xlsx(tmp_path / "c.xlsx", {"台账": []}), today=TODAY)
    assert blank.value.kind == "file_empty"


# -------------------------------------------------------------------------------------------- rows that are no people


@pytest.mark.parametrize(
    "aside",
    [
        ["合计", "", "", "", "2人"],
        ["小计", "", "", "1户", "2人", "", "", "", ""],
        ["", "合 计", "", "", "18"],
        ["本页合计：2人"],
        ["3栋小计", "", "", "", "40人"],
        PLAIN,
        ["序号 ", "楼 栋", "单元", "室", "姓名", "与户主关系", "性别", "身份证号", "联系电话"],
        ["桂花湾社区第三网格居民台账"],
        ["7"],
        ["8", "", "", "", "", "", "", ""],
        ["备注：1.本台账每季度更新；2.其他。"],
        ["网格员签字：           社区负责人签字：        （盖章）"],
        ["填表人：王五", "", "", "", "", "", "", "", "联系电话：0714-6000000"],
        ["以下空白"],
        ["", "", "", "", "以下空白"],
        ["", "", "", "", "制表人：王五"],
        ["", "", "", "", "空置"],
        [0, 0, 0, 0, 0, 0, 0, 0, 0],
        ["", "", "", "", "", "", "女", "", ""],
    ],
)
def test_rows_that_are_no_people(tmp_path: Path, aside: list[str]) -> None:
    roster = reading(tmp_path, [PLAIN, PERSON, aside, [*PERSON[:4], "李四", "妻", "女", id_number("19820303", 2)]])
    assert [person.name for person in roster.residents] == ["张三", "李四"]
    assert keys(roster) == ["3|2|501", "3|2|501"]
    assert problems(roster) == set()


@pytest.mark.parametrize(
    "below",
    [
        ["填写说明", "必填", "", "必填", "与身份证一致，必填", "请选择", "请选择", "18位，文本格式", "多个用;分隔"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        ["示例", "3", "2", "501", "张某某", "户主", "男", "42020219900101001X", "13800000000"],
        ["选填", "如：3栋", "如：2单元", "如：501", "必填", "下拉选择", "下拉选择", "必填", "选填"],
    ],
)
def test_guidance_below_the_header(tmp_path: Path, below: list[str]) -> None:
    roster = reading(tmp_path, [PLAIN, below, PERSON])
    assert only(roster).row == 3
    assert problems(roster) == set()


def test_another_table_in_the_same_sheet_has_its_own_columns(tmp_path: Path) -> None:
    rows: Rows = [
        PLAIN,
        PERSON,
        [],
        ["二、租户"],
        ["姓名", "身份证号", "楼栋", "单元", "室"],
        ["李四", id_number("19820303", 2), "5", "1", "301"],
    ]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|501", "5|1|301"]
    assert len(roster.layouts) == 2


def test_merged_ranges_are_told_by_row() -> None:
    merged = Merged(((1, 0, 3, 0), (5, 2, 5, 4)))
    assert list(merged.in_row(2)) == [(1, 0, 3, 0)]
    assert merged.down([0], 1) == {(2, 0): 1, (3, 0): 1}
    assert merged.down([0], 2) == {}


def test_a_header_merged_down_to_the_lowest_row_counts_there(tmp_path: Path) -> None:
    rows: Rows = [["家庭住址", "家长信息", ""], ["", "姓名", "身份证号"], ["2栋3单元601", "张三", id_number()]]
    path = xlsx(tmp_path / "l.xlsx", {"台账": rows}, Looks(merged={"台账": [(0, 0, 1, 0), (0, 1, 0, 2)]}))
    assert keys(read_roster(path)) == ["2|3|601"]


def test_another_table_below_a_title_of_its_own_is_read_by_its_own_header(tmp_path: Path) -> None:
    rows: Rows = [["一、常住人口"], ["姓名", "与户主关系", "身份证号", "楼栋", "单元", "室"]]
    rows = [
        *rows,
        ["张三", "户主", id_number(), "9", "1", "101"],
        [],
        ["二、流动人口登记表"],
        ["填报单位：社区", "", "日期"],
    ]
    rows = [*rows, ["序号", "姓名", "现住地址", "身份证号", "户籍地", "来源地"]]
    found = reading(tmp_path, [*rows, [1, "李四", "9栋1单元102", id_number(order=1), "湖南", "长沙"]])
    assert [one.name for one in found.residents] == ["张三", "李四"]
    assert keys(found) == ["9|1|101", "9|1|102"]


def test_a_column_says_head_or_member(tmp_path: Path) -> None:
    rows: Rows = [["门牌", "户主/成员", "姓名", "Mobile"], ["1-2-301", "户主", "张三", "13800000001"]]
    roster = reading(tmp_path, [*rows, ["1-2-301", "成员", "李四", ""]])
    assert [(one.name, one.relation, one.phones) for one in roster.residents] == [
        ("张三", "户主", ("13800000001",)),
        ("李四", None, ()),
    ]
    assert problems(roster) == set()


@pytest.mark.parametrize("papers", ["证件", "身份证件", "身份"])
def test_what_stands_under_papers_and_homes_is_number_and_door(tmp_path: Path, papers: str) -> None:
    rows: Rows = [
        ["序号", "姓名", papers, "", "房屋", "", "", "备注"],
        ["", "", "类型", "号码", "栋", "单元", "号", ""],
        [1, "张三", "身份证", id_number(), 3, 1, "0101", ""],
        [2, "李四", "身份证", id_number(order=1), 3, 1, 102, ""],
    ]
    roster = reading(tmp_path, rows)
    assert [one.id_number for one in roster.residents] == [id_number(), id_number(order=1)]
    assert keys(roster) == ["3|1|101", "3|1|102"]
    assert problems(roster) == set()


def test_a_house_number_under_an_address_is_no_room(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "与户主关系", "住房", ""], ["", "", "小区", "号"], ["张三", "户主", "桂花苑", "12"]]
    assert keys(reading(tmp_path, rows)) == ["12||"]


@pytest.mark.parametrize(
    "rows",
    [
        [["户主", "楼栋", "室"], ["张伟", "3", "101"], ["李四", "3", "103"]],
        [["房号", "户主", "联系电话"], ["101", "张伟", "13800000001"], ["103", "李四", ""]],
        [["3栋住户"], ["房号", "户主姓名"], ["101", "张伟"], ["103", "李四"]],
    ],
)
def test_heads_and_rooms_are_a_list_of_households_however_little_else_there_is(tmp_path: Path, rows: Rows) -> None:
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", {"3栋": rows}), today=TODAY)
    assert [(one.name, one.relation) for one in roster.residents] == [("张伟", "户主"), ("李四", "户主")]
    assert keys(roster) == ["3||101", "3||103"]


def test_a_list_of_heads_and_rooms_says_the_doors_of_the_people_beside_it(tmp_path: Path) -> None:
    people = [["张伟", "张伟", "户主", id_number("19700101", 1)], ["张伟", "王芳", "妻", id_number("19720101", 2)]]
    homes: Rows = [["户主", "楼栋", "室"], ["张伟", "1", "101"], ["李四", "1", "103"]]
    sheets: dict[str, Rows] = {"户表": homes, "人员": [["户主", "姓名", "与户主关系", "身份证号"], *people]}
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", sheets), today=TODAY)
    assert keys(roster) == ["1||101", "1||101"]
