"""The next ledger over the first: who was corrected, moved, left, died, came back or was born is one person each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.sheets.write import Table, write_table
from gridworker.store import records
from gridworker.store.tables.changes import Change
from tests.sheets.ledgers import id_number

HEADERS = ("姓名", "身份证号", "与户主关系", "出生日期", "联系电话", "楼栋", "单元", "室", "人员类别", "变动情况")
OLD = id_number("19491231", 2)
FATHER = {
    "姓名": "陈建国",
    "身份证号": OLD,
    "与户主关系": "户主",
    "楼栋": "3",
    "单元": "1",
    "室": "202",
    "人员类别": "独居老人",
}
SON = {"姓名": "陈强", "与户主关系": "儿子", "出生日期": "1980-05-26", "楼栋": "3", "单元": "1", "室": "202"}
Row = dict[str, str]
Importing = Callable[..., Preview]


@pytest.fixture
def importing(office: Workspace, tmp_path: Path) -> Importing:
    """Import a ledger of these rows; the preview is given back."""
    grid = office.devices.add_grid("第三网格")

    def run(*rows: Row, save: bool = True) -> Preview:
        path = tmp_path / "ledger.xlsx"
        write_table(path, Table("台账", HEADERS, [[row.get(name, "") for name in HEADERS] for row in rows]))
        preview = office.rosters.preview(path, grid)
        if preview.writes and save:
            office.rosters.save(preview)
        return preview

    return run


def people(office: Workspace) -> dict[str, dict[str, Value]]:
    with office.session.store.db.read() as connection:  # all that is kept: scripts are told less of children
        found = [values for _, values in records.page(connection, "resident", limit=1000)]
    assert len({values["name"] for values in found}) == len(found), "somebody stands twice"
    return {str(values["name"]): dict(values) for values in found}


def active(office: Workspace) -> dict[str, str]:
    return {person["name"]: person["household_key"] for person in office.rosters.neutral()["residents"]}


BARE = {"与户主关系": "户主"}
PLACELESS = {**SON, "楼栋": "", "单元": "", "室": ""}


@pytest.mark.parametrize(
    "rows",
    [
        (FATHER, SON, {**SON, "姓名": "周敏", "变动情况": "迁出"}, {"姓名": "李红", "楼栋": "老供销社后面"}),
        (PLACELESS, {**PLACELESS, "姓名": "周敏", "出生日期": "", "联系电话": "13800000142"}, {**BARE, "姓名": "李敏"}),
    ],
    ids=["at doors", "without doors"],
)
def test_the_same_again_is_the_same(office: Workspace, importing: Importing, rows: tuple[Row, ...]) -> None:
    importing(*rows)
    assert importing(*rows).counts == {"same": len(rows)}
    assert len(people(office)) == len(rows)


def test_a_corrected_number_is_one_person(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    corrected = id_number("19491231", 4)
    assert importing({**FATHER, "身份证号": corrected}, SON).counts == {"changed": 1, "same": 1}
    assert people(office)["陈建国"]["id_number"] == corrected


def test_a_number_added_later_is_one_person(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    added = id_number("19800526", 425)
    assert importing(FATHER, {**SON, "身份证号": added}).counts == {"same": 1, "changed": 1}
    assert people(office)["陈强"]["id_number"] == added


def test_an_old_number_and_its_long_form_are_one_person(office: Workspace, importing: Importing) -> None:
    importing({**FATHER, "身份证号": OLD[:6] + OLD[8:17]})
    importing(FATHER)
    assert people(office)["陈建国"]["id_number"] == OLD


def test_the_old_form_of_a_number_comes_in_place_of_no_long_one(office: Workspace, importing: Importing) -> None:
    importing(FATHER)
    assert importing({**FATHER, "身份证号": OLD[:6] + OLD[8:17]}).counts == {"same": 1}
    assert people(office)["陈建国"]["id_number"] == OLD


def test_a_move_between_households_is_one_person(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    other = {"姓名": "周敏", "与户主关系": "户主", "楼栋": "5", "室": "101", "联系电话": "13800000142"}
    importing(other)
    importing({**FATHER, "楼栋": "5", "单元": "", "室": "101", "与户主关系": "父亲"})
    assert active(office) == {"陈建国": "5||101", "陈强": "3|1|202", "周敏": "5||101"}


def test_a_death_ends_membership_headship_and_care(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    importing({**FATHER, "变动情况": "死亡"}, {**SON, "与户主关系": "户主"})
    father = people(office)["陈建国"]
    assert father["status"] == "deceased"
    assert father["status_date"]
    assert active(office) == {"陈强": "3|1|202"}
    ended = [
        member.values["left_by"] for member in office.records.page("household_member") if member.values["valid_to"]
    ]
    assert ended == ["died"]
    assert all(care.values["end_on"] for care in office.records.page("care_membership"))
    (home,) = office.rosters.neutral()["households"]
    assert home["head"] == "陈强"


def leading(office: Workspace) -> list[tuple[str | None, list[str | None]]]:
    """The head of each household, and what its people are to it."""
    neutral = office.rosters.neutral()
    return [
        (
            home["head"],
            [one["relation"] for one in neutral["residents"] if one["household_key"].split("|")[2] == home["room"]],
        )
        for home in neutral["households"]
    ]


DAUGHTER = {**SON, "姓名": "陈红", "与户主关系": "女儿", "出生日期": "1982-05-26"}
DEAD = {**FATHER, "变动情况": "死亡"}


def test_the_one_who_stays_leads_and_it_is_said(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    preview = importing(DEAD, SON)
    assert [row.suspect for row in preview.rows] == [True, False]
    assert "leads it now" in preview.rows[0].reasons[-1]
    assert leading(office) == [("陈强", ["户主"])]
    assert importing(DEAD, SON).counts == {"same": 2}
    assert importing(FATHER, SON).counts == {"same": 2}  # goes on listing who died, marked to check
    assert leading(office) == [("陈强", ["户主"])]


def test_of_several_who_stay_none_is_guessed_and_it_is_said(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON, DAUGHTER)
    (row,) = importing({**FATHER, "变动情况": "迁出"}).rows
    assert (row.suspect, "no head now" in row.reasons[-1]) == (True, True)
    assert leading(office) == [(None, ["子", "女"])]
    importing(FATHER, SON, DAUGHTER)
    assert leading(office) == [(None, ["子", "女"])]
    importing({**SON, "与户主关系": "户主"})
    assert leading(office)[0][0] == "陈强"


def test_a_head_who_moves_to_another_door_leads_the_old_one_no_more(office: Workspace, importing: Importing) -> None:
    son = {**SON, "身份证号": id_number("19800526", 425)}
    importing(FATHER, son)
    preview = importing({**FATHER, "室": "303"})
    assert preview.rows[0].suspect
    assert leading(office) == [("陈强", ["户主"]), ("陈建国", ["户主"])]
    assert importing({**FATHER, "室": "303"}, {**son, "室": "303"}).rows[0].suspect is False
    assert leading(office) == [("陈建国", ["户主", "子"])]


def test_a_first_ledger_with_a_head_who_died_says_who_leads(office: Workspace, importing: Importing) -> None:
    preview = importing(DEAD, SON)
    assert preview.rows[0].suspect
    assert leading(office) == [("陈强", ["子"])]
    assert importing(DEAD, SON).counts == {"same": 2}


def test_who_is_gone_stays_gone_in_ledgers_that_go_on_listing_them(office: Workspace, importing: Importing) -> None:
    listed = [FATHER, SON, {**FATHER, "姓名": "周敏", "身份证号": id_number("19491231", 4)}, {**SON, "姓名": "李红"}]
    gone = [
        {**person, "变动情况": change} for person, change in zip(listed, ("迁出", "迁出", "死亡", "死亡"), strict=True)
    ]
    importing(*listed)
    importing(*gone)
    assert importing(*gone).counts == {"same": 4}
    blank = importing(*listed)
    assert (blank.counts, blank.suspect) == ({"same": 4}, 4)
    assert len(people(office)) == 4
    assert active(office) == {}


def test_who_had_moved_out_comes_back_to_another_door(office: Workspace, importing: Importing) -> None:
    importing(FATHER)
    importing({**FATHER, "变动情况": "迁出"})
    importing({**FATHER, "室": "303"})
    assert active(office) == {"陈建国": "3|1|303"}
    assert people(office)["陈建国"]["status"] == "in_place"


def test_who_had_moved_out_may_have_died_and_the_dead_move_nowhere(office: Workspace, importing: Importing) -> None:
    importing(FATHER)
    importing({**FATHER, "变动情况": "迁出"})
    importing({**FATHER, "变动情况": "死亡"})
    assert people(office)["陈建国"]["status"] == "deceased"
    importing({**FATHER, "变动情况": "迁出", "室": "303"})
    importing({**FATHER, "室": "404"})
    assert people(office)["陈建国"]["status"] == "deceased"
    assert active(office) == {}


def test_a_newborn_joins_the_household_and_gets_a_number_later(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    child = {**SON, "姓名": "陈小宝", "与户主关系": "孙子", "出生日期": "2025-03-02"}
    assert importing(FATHER, SON, child).counts == {"same": 2, "new": 1}
    assert active(office)["陈小宝"] == "3|1|202"
    numbered = {**child, "身份证号": id_number("20250302", 13)}
    assert importing(FATHER, SON, numbered).counts == {"same": 2, "changed": 1}
    assert people(office)["陈小宝"]["id_number"] == numbered["身份证号"]


def test_namesakes_with_numbers_of_their_own_stay_apart(office: Workspace, importing: Importing) -> None:
    importing(FATHER)
    importing(FATHER, {**FATHER, "身份证号": id_number("19491231", 4), "与户主关系": "其他"})
    assert len(office.records.page("resident")) == 2


def test_an_error_cell_changes_nobody_and_doubles_nobody(office: Workspace, importing: Importing) -> None:
    listed = [{**person, "联系电话": f"1380000014{at}"} for at, person in enumerate((FATHER, SON))]
    importing(*listed)
    before, living = people(office), active(office)
    for cell in ("身份证号", "楼栋", "室", "联系电话", "出生日期", "与户主关系", "人员类别", "变动情况"):
        preview = importing(*({**person, cell: "#N/A"} for person in listed))
        assert (people(office), active(office)) == (before, living), cell
        assert preview.suspect == 2, cell


NUMBERED = {**SON, "身份证号": id_number("19800526", 425)}
NAMED = {"姓名": "陈强", "楼栋": "3", "单元": "1", "室": "202"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (NUMBERED, {**NAMED, "联系电话": "13800000777"}),
        (SON, {**SON, "出生日期": "1980年5月", "联系电话": "13800000777"}),
        (SON, {**SON, "出生日期": "1980-05-28"}),
    ],
    ids=["a ledger of phones alone", "a month for a day", "a corrected birth date"],
)
def test_a_ledger_that_says_less_or_otherwise_doubles_nobody(
    office: Workspace, importing: Importing, first: Row, then: Row
) -> None:
    importing(FATHER, first)
    preview = importing(FATHER, then)
    assert len(people(office)) == 2
    assert preview.suspect == (then.get("出生日期") == "1980-05-28")
    assert people(office)["陈强"]["birth_year"] is None


def test_father_and_son_of_one_name_stay_who_they_are(office: Workspace, importing: Importing) -> None:
    father, son = {**SON, "与户主关系": "户主", "出生日期": "1950"}, {**SON, "联系电话": "13800000777"}
    importing(father, son)
    importing(son, {**father, "出生日期": "1950-02-02"})
    found = sorted((one.values["birth_date"], one.values["phones"]) for one in office.records.page("resident"))
    assert found == [("1950-02-02", None), ("1980-05-26", "13800000777")]


@pytest.mark.parametrize(
    "other",
    [
        {**NAMED, "身份证号": id_number("19810101", 425)},
        {**SON, "与户主关系": "孙子", "出生日期": "2010-01-01"},
    ],
    ids=["another number", "another generation"],
)
def test_a_namesake_behind_the_same_door_is_somebody_else(office: Workspace, importing: Importing, other: Row) -> None:
    importing(NUMBERED if "身份证号" in other else SON)
    assert importing(other).counts == {"new": 1}
    assert len(office.records.page("resident")) == 2


def test_two_estates_with_buildings_of_one_number_are_two_doors(office: Workspace, tmp_path: Path) -> None:
    grid = office.devices.add_grid("第三网格")
    rows = [["桂花苑", "3栋", "101", "陈强", OLD], ["荷花苑", "3栋", "101", "周敏", id_number("19800526", 425)]]

    def importing_so(headers: list[str], rows: list[list[str]]) -> Preview:
        write_table(tmp_path / "ledger.xlsx", Table("台账", headers, rows))
        preview = office.rosters.preview(tmp_path / "ledger.xlsx", grid)
        office.rosters.save(preview)
        return preview

    importing_so(["小区", "楼栋", "室", "姓名", "身份证号"], rows)
    found = [(one.values["building_name"], one.values["estate_name"]) for one in office.records.page("building")]
    assert sorted(found) == [("3", "桂花苑"), ("3", "荷花苑")]
    without = importing_so(["楼栋", "室", "姓名", "身份证号"], [row[1:] for row in rows])
    longer = [[f"黄石港{row[0]}小区", *row[1:]] for row in rows]
    again = importing_so(["小区", "楼栋", "室", "姓名", "身份证号"], longer)
    assert (without.counts, again.counts) == ({"same": 2}, {"same": 2})
    assert len(office.records.page("household")) == len(office.records.page("building")) == 2


MOTHER = {**FATHER, "姓名": "李芳", "与户主关系": "妻子", "身份证号": "", "出生日期": "1952-03-04"}
HERS, HIS = id_number("19520304", 2), id_number("19500101", 1)


@pytest.mark.parametrize("his", [HIS, ""], ids=["has another", "has none"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_number_that_stood_with_the_wrong_person_goes_to_its_owner(
    office: Workspace, importing: Importing, his: str, order: int
) -> None:
    importing({**FATHER, "身份证号": HERS}, MOTHER)
    importing(*[{**FATHER, "身份证号": his}, {**MOTHER, "身份证号": HERS}][::order])
    assert {name: values["id_number"] for name, values in people(office).items()} == {
        "陈建国": his or None,
        "李芳": HERS,
    }
    assert active(office) == {"陈建国": "3|1|202", "李芳": "3|1|202"}


def test_remarks_of_a_list_of_households_are_about_the_household(
    office: Workspace, importing: Importing, tmp_path: Path
) -> None:
    importing({**FATHER, "联系电话": "13800000142"}, SON)
    (home,) = office.records.page("household")
    office.records.save("household", {"remark": "门铃坏了"}, home.id)
    office.rosters.export(ExportWish(tmp_path / "ours.xlsx", "check", ledger="households"))
    grid = office.devices.grids()[0][0]
    preview = office.rosters.preview(tmp_path / "ours.xlsx", grid)
    assert [(row.name, row.state, row.changes) for row in preview.rows] == [("陈建国", "same", ())]
    rows = [["陈建国", "3", "1", "202", "狗很凶"], ["周敏", "3", "1", "303", "夜班"]]
    write_table(tmp_path / "b.xlsx", Table("住户台账", ("户主姓名", "楼栋", "单元", "室", "备注"), rows))
    preview = office.rosters.preview(tmp_path / "b.xlsx", grid)
    assert [change[1:] for change in preview.rows[0].changes] == [("门铃坏了", "狗很凶")]
    office.rosters.save(preview)
    assert {home.values["remark"] for home in office.records.page("household")} == {"狗很凶", "夜班"}
    assert {values["note"] for values in people(office).values()} == {None}


ELSEWHERE = {"楼栋": "5", "单元": "", "室": "101"}


def doubts(preview: Preview) -> list[tuple[str, bool, bool]]:
    return [
        (row.state.value, row.suspect, any("elsewhere" in reason for reason in row.reasons)) for row in preview.rows
    ]


def test_one_of_a_name_and_birth_date_moves_without_a_number_and_is_to_be_looked_at(
    office: Workspace, importing: Importing
) -> None:
    importing(FATHER, SON)
    moved = {**SON, **ELSEWHERE, "与户主关系": "户主"}
    preview = importing(FATHER, moved)
    assert doubts(preview) == [("same", False, False), ("changed", True, True)]
    assert "3栋1单元202" in preview.rows[1].reasons[-1]
    assert active(office) == {"陈建国": "3|1|202", "陈强": "5||101"}
    assert doubts(importing(FATHER, moved)) == [("same", False, False)] * 2


def test_one_taken_for_moved_is_somebody_else_where_a_person_says_so(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    moved = {**SON, **ELSEWHERE, "与户主关系": "户主"}
    preview = importing(FATHER, moved, save=False)
    assert [row.presumed for row in preview.rows] == [None, True]
    again = office.rosters.told_apart(preview, [f"台账:{preview.rows[1].row}"])
    assert [(row.state.value, row.suspect, row.presumed) for row in again.rows] == [
        ("same", False, None), ("new", False, False),
    ]  # fmt: skip
    after_all = office.rosters.again(again, again.with_turned(again.rows[1]))
    assert [row.presumed for row in after_all.rows] == [None, True]
    office.rosters.save(again)
    assert sorted(one["household_key"] for one in office.rosters.neutral()["residents"]) == [
        "3|1|202", "3|1|202", "5||101",
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["2", "9", "台账:2", "别的:3", "", "x"])
def test_a_row_that_is_taken_for_nobody_who_moved_cannot_be_told_apart(
    office: Workspace, importing: Importing, place: str
) -> None:
    importing(FATHER, SON)
    preview = importing(FATHER, {**SON, **ELSEWHERE}, save=False)
    with pytest.raises(Problem, match="nobody to tell"):
        office.rosters.told_apart(preview, [place])


def test_rows_told_apart_are_of_the_file_they_were_seen_in(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    preview = importing(FATHER, {**SON, **ELSEWHERE}, save=False)
    choices = preview.with_turned(preview.rows[1])
    importing({**SON, **ELSEWHERE}, FATHER, save=False)
    with pytest.raises(Problem, match="changed since"):
        office.rosters.again(preview, choices)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((SON, {**SON, "室": "303"}), ({**SON, **ELSEWHERE},)),
        ((SON,), (SON, {**SON, **ELSEWHERE})),
        ((SON,), ({**SON, **ELSEWHERE}, SON)),
        ((SON,), ({**SON, **ELSEWHERE}, {**SON, "出生日期": ""})),
        ((SON, {**SON, "室": "303", "出生日期": "1980"}), ({**SON, **ELSEWHERE},)),
        ((NUMBERED,), ({**SON, **ELSEWHERE, "身份证号": id_number("19800526", 427)},)),
        ((SON,), ({**SON, **ELSEWHERE, "变动情况": "迁出"},)),
        (({**SON, "联系电话": "13800000001"},), ({**SON, **ELSEWHERE, "联系电话": "13800000002"},)),
    ],
    ids=["two in the books", "two in the ledger", "the other way round", "one may be", "one may be in the books",
         "two numbers", "gone", "two phones"],
)  # fmt: skip
def test_where_there_may_be_two_of_a_name_nobody_is_moved(
    office: Workspace, importing: Importing, first: tuple[Row, ...], then: tuple[Row, ...]
) -> None:
    importing(*first)
    before = {person.id: person.values["status"] for person in office.records.page("resident")}
    homes = {one["household_key"] for one in office.rosters.neutral()["residents"]}
    importing(*then)
    after = office.records.page("resident")
    assert len(after) == len(before) + 1
    assert homes <= {one["household_key"] for one in office.rosters.neutral()["residents"]}


@pytest.mark.parametrize(
    ("cells", "suspect"),
    [
        ({}, True), ({"出生日期": "1980-05-26"}, True), ({"与户主关系": ""}, True), ({"与户主关系": "孙子"}, False),
        ({"联系电话": "13800000777"}, False), ({"联系电话": "13800000142"}, True),
    ],
)  # fmt: skip
def test_one_of_a_name_elsewhere_is_doubled_only_with_a_word(
    office: Workspace, importing: Importing, cells: Row, suspect: bool
) -> None:
    importing(FATHER, {**SON, "出生日期": "", "联系电话": "13800000142"})
    preview = importing(FATHER, {**SON, "出生日期": "", **ELSEWHERE, **cells})
    assert [(row.state.value, row.suspect) for row in preview.rows] == [("same", False), ("new", suspect)]


def test_a_namesake_behind_the_same_door_who_says_too_little_is_new_with_a_word(
    office: Workspace, importing: Importing
) -> None:
    importing(FATHER, {**NUMBERED, "出生日期": ""})
    preview = importing(FATHER, {**NAMED, "与户主关系": "孙子"})
    assert [(row.state.value, row.suspect) for row in preview.rows] == [("same", False), ("new", True)]
    assert "behind this door" in preview.rows[1].reasons[-1]


def test_who_comes_from_another_grid_is_said_to_live_there(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    other = office.devices.add_grid("第五网格")
    preview = importing(FATHER, {**SON, **ELSEWHERE}, save=False)
    there = office.rosters.preview(preview.path, other)
    door = "第三网格·3栋1单元202"
    assert [row.changes[-1].before for row in there.rows] == [door, door]
    assert any(door in reason for reason in there.rows[1].reasons)
    asked = [any("of the grid chosen" in reason for reason in row.reasons) for row in there.rows]
    assert (asked, there.suspect) == ([True, False], 2), "the same door in another grid is rather the wrong grid"


def test_who_came_in_with_a_remark_in_the_name_is_not_there_twice(office: Workspace, importing: Importing) -> None:
    importing({**SON, "出生日期": ""})
    (son,) = office.records.page("resident")
    office.records.save("resident", {"name": "陈强（户主）"}, son.id)
    importing({**SON, "出生日期": "", "姓名": "陈强（户主）"})
    assert people(office).keys() == {"陈强"}


@pytest.mark.parametrize("numbers", [True, False])
def test_a_ledger_for_the_wrong_grid_is_asked_about_once(
    office: Workspace, importing: Importing, numbers: bool
) -> None:
    told: Row = {**SON, "出生日期": "1980-05-26"}
    rows = [
        {**told, "姓名": name, "身份证号": id_number(order=at) if numbers else ""} for at, name in enumerate("甲乙丙")
    ]
    there = importing(*rows)
    other = office.devices.add_grid("第五网格")
    assert there.of_grid == office.rosters.preview(there.path, there.grid).of_grid == ""
    preview = office.rosters.preview(there.path, other)
    assert (preview.of_grid, preview.suspect) == ("第三网格", 0)


def test_care_that_ends_one_day_is_not_there_twice(office: Workspace, importing: Importing) -> None:
    importing(FATHER)
    (care,) = office.records.page("care_membership")
    ends = {"end_on": "2099-01-01"}
    office.session.write([Change("care_membership", care.id, ends)], "edit")
    assert not importing(FATHER).writes


SOLE = {"姓名": "丁", "与户主关系": "户主", "楼栋": "3", "单元": "2", "室": "802"}
CHILD = {"姓名": "张小", "与户主关系": "女儿", "出生日期": "2010", "楼栋": "3", "单元": "1", "室": "202"}
RENAMED = "another name whom the ledger leaves out"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SOLE, SOLE | {"姓名": "丁一"}),
        (SOLE | {"联系电话": "13800000142"}, SOLE | {"姓名": "丁一", "与户主关系": "", "联系电话": "13800000142"}),
        (CHILD, CHILD | {"姓名": "张晓"}),
        (SON, SON | {"姓名": "陈墙", "与户主关系": ""}),
        (SON, SON | {"姓名": "陈墙", "身份证号": id_number("19800526", 11)}),
    ],
    ids=["head", "phone", "year and relation", "day", "day by a number"],
)
def test_who_may_have_another_name_now_is_asked_about(importing: Importing, before: Row, after: Row) -> None:
    importing(FATHER, before)
    preview = importing(FATHER, after)
    assert preview.counts == {"same": 1, "new": 1}
    assert preview.suspect == 1
    assert RENAMED in " ".join(preview.rows[1].reasons)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((SOLE,), (SOLE, SOLE | {"姓名": "丁一"})),
        ((SON,), (SON, SON | {"姓名": "陈墙", "与户主关系": "儿子"})),
        ((CHILD,), (CHILD | {"姓名": "张晓", "出生日期": "2014"},)),
        ((CHILD,), (CHILD | {"姓名": "张晓", "出生日期": ""},)),
        ((SOLE | {"联系电话": "13800000142"},), (SOLE | {"姓名": "丁一", "联系电话": "13800000143"},)),
        (
            (SON | {"身份证号": OLD, "出生日期": ""},),
            (SON | {"姓名": "陈墙", "身份证号": id_number("19491231", 4), "出生日期": ""},),
        ),
        ((SON,), ({**SON, "姓名": "陈墙", "室": "301"},)),
    ],
    ids=["both there", "twins", "born later", "one of several", "other phone", "two numbers", "other door"],
)
def test_somebody_else_behind_the_door_is_not_asked_about(
    importing: Importing, before: tuple[Row, ...], after: tuple[Row, ...]
) -> None:
    importing(*before)
    preview = importing(*after)
    assert preview.suspect == 0
    assert not any(RENAMED in reason for row in preview.rows for reason in row.reasons)
