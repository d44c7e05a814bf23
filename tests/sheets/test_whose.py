"""What is said of somebody beside the resident, by the word before it or by the name it stands behind."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Made, Rows, id_number, keys, problems, reading

A, B, C, D = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 92, 93), start=1))
ONE, TWO, THREE = "13800000141", "13800000142", "13800000143"
NEAR = ["儿子", "女儿", "爱人", "老伴", "家里人", "孩子", "儿媳", "孙子", "外婆", "哥哥", "长女", "亲友"]
OTHERS = ["保姆", "看护人", "楼门长", "村长", "包户干部", "联络员", "物业管家", "社工"]


@pytest.mark.parametrize("who", [*NEAR, *OTHERS])
@pytest.mark.parametrize("word", ["电话", "手机号", "联系电话"])
def test_a_phone_of_somebody_else_is_nobodys_here(tmp_path: Path, who: str, word: str) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", "联系电话", f"{who}{word}"], ["江一", A, "3-1-501", ONE, TWO]]
    rows = [*rows, ["江二", B, "3-1-502", "", THREE]]
    roster = reading(tmp_path, rows)
    assert [one.phones for one in roster.residents] == [(ONE,), ()]
    assert f"{who}{word}" in [one.values.get("detail") for one in roster.findings]


@pytest.mark.parametrize("who", [*NEAR, *OTHERS, "经纪人", "带教"])
def test_number_birth_and_sex_of_somebody_else_are_not_the_residents(tmp_path: Path, who: str) -> None:
    header: list[Made] = ["姓名", "住址", f"{who}姓名", f"{who}身份证号", f"{who}性别", f"{who}出生日期", f"{who}电话"]
    row: list[Made] = ["江一", "3-1-501", "江二", C, "女", "1992-05-26", ONE]
    (person,) = reading(tmp_path, [header, row]).residents
    assert (person.name, person.id_number, person.sex, person.birth_date) == ("江一", None, None, None)
    assert person.phones == ()


@pytest.mark.parametrize("who", ["奶奶", "校长", "队长", "楼门长", "干部"])
def test_somebody_else_who_is_named_first_is_not_the_person(tmp_path: Path, who: str) -> None:
    rows: Rows = [[f"{who}姓名", "学生姓名", "身份证号", "住址"], ["江一", "江二", C, "3-1-501"]]
    assert [(one.name, one.id_number) for one in reading(tmp_path, rows).residents] == [("江二", C)]


def test_under_a_group_of_somebody_else_nothing_is_the_residents(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "姓名", "身份证号", "儿子信息", ""],
        ["", "", "", "姓名", "联系电话"],
        ["3-1-501", "江一", A, "江二", TWO],
        ["3-1-502", "何一", B, "", ""],
    ]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.phones) for one in roster.residents] == [("江一", ()), ("何一", ())]


@pytest.mark.parametrize("who", ["孩子", "老人", "残疾人", "干部"])
def test_whoever_alone_is_named_is_the_person(tmp_path: Path, who: str) -> None:
    rows: Rows = [[f"{who}姓名", f"{who}身份证号", f"{who}电话", "住址"], ["江一", A, ONE, "3-1-501"]]
    (person,) = reading(tmp_path, rows).residents
    assert (person.name, person.id_number, person.phones) == ("江一", A, (ONE,))


def test_a_tenants_phone_is_theirs_in_a_list_of_tenants_and_not_beside_another(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", "房东电话", "承租人电话"], ["江一", A, "3-1-501", ONE, TWO]]
    assert reading(tmp_path, rows).residents[0].phones == (TWO,)
    rows = [["姓名", "身份证号", "住址", "联系电话", "承租人电话"], ["江一", A, "3-1-501", ONE, TWO]]
    assert reading(tmp_path, rows).residents[0].phones == (ONE,)


def test_heads_stay_the_people_beside_the_phone_of_a_child(tmp_path: Path) -> None:
    rows: Rows = [["户主", "住址", "儿子姓名", "儿子电话"], ["江一", "3-1-501", "江二", ONE]]
    (person,) = reading(tmp_path, rows).residents
    assert (person.name, person.relation, person.phones) == ("江一", "户主", ())


@pytest.mark.parametrize("who", ["紧急联系人", "监护人", "家属姓名", "代办人", "子女姓名", "照料人", "亲属", "代领人"])
@pytest.mark.parametrize("word", ["关系", "称谓", "家庭关系"])
def test_what_somebody_else_is_to_the_resident_is_no_relation_to_the_head(tmp_path: Path, who: str, word: str) -> None:
    header: list[Made] = ["姓名", "身份证号", "住址", "联系电话", who, word, "电话"]
    rows: Rows = [
        header,
        ["江一", A, "3-1-501", ONE, "江二", "儿子", TWO],
        ["何一", B, "3-1-502", "", "何二", "女儿", ""],
    ]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.relation, one.phones) for one in roster.residents] == [
        ("江一", None, (ONE,)), ("何一", None, ()),
    ]  # fmt: skip
    if who == "紧急联系人":
        contact = roster.residents[0].contact
        assert contact is not None
        assert contact.relation == "儿子"


@pytest.mark.parametrize("header", [["网格员", "关系"], ["监护人", "与户主关系"]])
def test_what_the_resident_is_to_the_head_stays(tmp_path: Path, header: list[Made]) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", *header], ["江一", A, "3-1-501", "李四", "户主"]]
    roster = reading(tmp_path, [*rows, ["江二", C, "3-1-501", "李四", "子"]])
    assert [one.relation for one in roster.residents] == ["户主", "子"]
    assert keys(roster) == ["3|1|501"] * 2
    assert not problems(roster)


@pytest.mark.parametrize("who", ["网格员", "包户干部", "社区民警", "责任医生", "楼栋长"])
def test_the_phone_behind_whom_the_office_sends_is_theirs(tmp_path: Path, who: str) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", who, "电话"], ["江一", A, "3-1-501", "李四", ONE]]
    roster = reading(tmp_path, rows)
    assert [one.phones for one in roster.residents] == [()]
    assert "电话" in [one.values.get("detail") for one in roster.findings]
