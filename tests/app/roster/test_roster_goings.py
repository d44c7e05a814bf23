"""When somebody died or moved out by the word of a ledger, and who comes back by it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.sheets.write import Table, write_table
from tests.sheets.ledgers import id_number

HEADERS = ("姓名", "身份证号", "与户主关系", "楼栋", "单元", "室", "变动情况", "变动日期", "迁出日期", "死亡日期")
DOOR = {"楼栋": "3", "单元": "1", "室": "202"}
FATHER = {"姓名": "陈建国", "身份证号": id_number("19491231", 2), "与户主关系": "户主", **DOOR}
SON = {"姓名": "陈强", "身份证号": id_number("19800526", 3), "与户主关系": "子", **DOOR}
TODAY = "2026-03-18"
Row = dict[str, str]
Importing = Callable[..., Preview]


@pytest.fixture
def importing(office: Workspace, tmp_path: Path) -> Importing:
    """Import a ledger of these rows; the preview is given back."""
    grid = office.devices.add_grid("第三网格")

    def run(*rows: Row) -> Preview:
        path = tmp_path / "ledger.xlsx"
        write_table(path, Table("台账", HEADERS, [[row.get(name, "") for name in HEADERS] for row in rows]))
        preview = office.rosters.preview(path, grid)
        if preview.writes:
            office.rosters.save(preview)
        return preview

    return run


def of(office: Workspace, kind: str, name: str) -> dict[str, Value]:
    """The values of a resident, or of the one membership of theirs."""
    (person,) = [one for one in office.records.page("resident") if one.values["name"] == name]
    if kind == "resident":
        return dict(person.values)
    (member,) = [one for one in office.records.page(kind) if one.values["resident_id"] == person.id]
    return dict(member.values)


@pytest.mark.parametrize("known", [True, False], ids=["known before", "new"])
@pytest.mark.parametrize(
    ("how", "day"),
    [
        ({"变动情况": "死亡", "变动日期": "2025年10月1日"}, "2025-10-01"),
        ({"死亡日期": "2025-10-01"}, "2025-10-01"),
        ({"变动情况": "迁出", "迁出日期": "2025.9.2", "变动日期": "2025-09-30"}, "2025-09-02"),
        ({"变动情况": "迁出"}, TODAY),
        ({"变动情况": "迁出", "变动日期": "2099-01-01"}, TODAY),
        ({"变动情况": "迁出", "变动日期": "2025年9月"}, TODAY),
    ],
    ids=["death", "day of death", "day of moving out", "no day", "in the future", "no full day"],
)
def test_who_went_did_so_on_the_day_the_ledger_says(
    office: Workspace, importing: Importing, *, known: bool, how: Row, day: str
) -> None:
    if known:
        importing(FATHER, SON)
    importing(FATHER, {**SON, **how})
    assert of(office, "resident", "陈强")["status_date"] == day
    assert of(office, "household_member", "陈强")["valid_to"] == day


def test_the_day_somebody_went_is_shown_before_it_is_saved(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    preview = importing(FATHER, {**SON, "死亡日期": "2025-10-01"})
    assert [(change.label, change.after) for change in preview.rows[1].changes] == [
        ("Status", "Deceased"), ("Status date", "2025-10-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(("word", "back"), [("回迁", True), ("搬回", True), ("迁入", False), ("", False)])
def test_who_had_moved_out_is_back_where_the_ledger_says_so(
    office: Workspace, importing: Importing, word: str, *, back: bool
) -> None:
    importing(FATHER, SON)
    importing(FATHER, {**SON, "变动情况": "迁出"})
    preview = importing(FATHER, {**SON, "变动情况": word})
    assert preview.rows[1].suspect is not back
    assert (of(office, "resident", "陈强")["status"] == "in_place") is back
    assert len(office.rosters.neutral()["residents"]) == 1 + back


def test_the_dead_come_back_by_no_word(office: Workspace, importing: Importing) -> None:
    importing(FATHER, {**SON, "变动情况": "死亡"})
    assert importing(FATHER, {**SON, "变动情况": "回迁"}).rows[1].suspect
    assert of(office, "resident", "陈强")["status"] == "deceased"


def test_numbers_that_change_hands_are_to_be_looked_at(office: Workspace, importing: Importing) -> None:
    importing(FATHER, SON)
    swapped = importing({**FATHER, "身份证号": SON["身份证号"]}, {**SON, "身份证号": FATHER["身份证号"]})
    assert [row.suspect for row in swapped.rows] == [True, True]
    assert [len(swapped.rows), len(office.records.page("resident"))] == [2, 2]
