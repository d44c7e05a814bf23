"""Filled-in forms of the registers: what is new, changed, the same or not taken in; nothing twice, nothing lost."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_registers import DISCLOSURE_CLASS
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import LANGUAGES, use
from tests.app.forms import FILLED, REGISTERS, entries, form, home, look, reasons, states

pytestmark = pytest.mark.usefixtures("chinese")


@pytest.fixture
def ws(office: Workspace) -> Workspace:
    """An office with one household behind a door."""
    home(office.session)
    return office


# ------------------------------------------------------------------------------------------------ each of them


def test_every_register_has_a_form_here() -> None:
    assert set(FILLED) == set(REGISTERS)


@pytest.mark.parametrize("ledger", REGISTERS)
def test_a_filled_form_is_new_then_the_same(ws: Workspace, tmp_path: Path, ledger: str) -> None:
    path = form(tmp_path / "form.xlsx", ledger, FILLED[ledger])
    preview = look(ws, path)
    assert (states(preview), reasons(preview), list(preview.notices)) == (["new"], "", [])
    imported = ws.rosters.keep(preview)
    assert imported.counts["new"] == 1
    (entry,) = entries(ws, ledger)
    given = {field for one in ledgers()[ledger].form if str(one.label) in FILLED[ledger]
             for field in ledgers()[ledger].fields_of(one)[-1:]}  # fmt: skip
    loose = {"grid_id", "licence_no"}
    assert {name for name in given - loose if entry[name] is None} == set()
    again = look(ws, path)
    assert (states(again), again.writes) == (["same"], False)
    ws.rosters.keep(again)
    assert len(entries(ws, ledger)) == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("ledger", REGISTERS)
def test_what_was_exported_is_the_same(ws: Workspace, tmp_path: Path, ledger: str, suffix: str) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "form.xlsx", ledger, FILLED[ledger])))
    for spoken in LANGUAGES:
        use(spoken)
        path = tmp_path / f"{spoken}{suffix}"
        ws.rosters.export(ExportWish(path, "report", ledger=ledger))
        use("zh_CN")
        again = look(ws, path)
        assert (states(again), reasons(again), again.writes) == (["same"], "", False), spoken


def test_an_import_is_taken_back_as_a_whole_and_stands_in_the_audit(ws: Workspace, tmp_path: Path) -> None:
    second = FILLED["shops"] | {"名称": "早点铺", "统一社会信用代码": ""}
    imported = ws.rosters.keep(look(ws, form(tmp_path / "form.xlsx", "shops", FILLED["shops"], second)))
    noted = [one.values for one in ws.records.page("audit_event") if one.values["action"] == "import"]
    assert [(one["record_kind"], one["count"]) for one in noted] == [("merchant", 2)]
    undone = ws.rosters.take_back(imported)
    assert (undone.kept, entries(ws, "shops")) == (0, [])


def test_undo_takes_back_the_whole_form(ws: Workspace, tmp_path: Path) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "form.xlsx", "shops", FILLED["shops"])))
    assert ws.records.undo().act == "import"
    assert entries(ws, "shops") == []


# ---------------------------------------------------------------------------------------------------------- changes


def test_what_a_row_says_anew_is_a_change_and_what_it_leaves_blank_stays(ws: Workspace, tmp_path: Path) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "shops", FILLED["shops"])))
    later = FILLED["shops"] | {"名称": "便民超市", "负责人": "", "电话": "", "诉求": "路灯修好了"}
    preview = look(ws, form(tmp_path / "b.xlsx", "shops", later))
    assert states(preview) == ["changed"]
    told = [(one.label, one.before, one.after) for one in preview.rows[0].changes]
    assert told == [("名称", "便民副食店", "便民超市"), ("诉求", "路灯", "路灯修好了")]
    ws.rosters.keep(preview)
    (entry,) = entries(ws, "shops")
    assert [entry[name] for name in ("name", "contact_name", "phone", "demands")] == [
        "便民超市", "王五", "13800000144", "路灯修好了",
    ]  # fmt: skip


def test_a_form_without_all_that_tells_entries_apart_still_changes_the_one(ws: Workspace, tmp_path: Path) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "volunteering", FILLED["volunteering"])))
    columns = "name\nday\nhours\nteam"
    ws.presets.save({"name": "短", "ledger": "volunteering", "columns": columns})
    ws.rosters.export(ExportWish(tmp_path / "b.xlsx", "report", preset="短"))
    book: Any = openpyxl.load_workbook(tmp_path / "b.xlsx")
    book.worksheets[0].cell(4, 3, "4")
    book.save(tmp_path / "b.xlsx")
    assert states(look(ws, tmp_path / "b.xlsx")) == ["changed"]


def test_covered_numbers_never_take_the_place_of_what_is_known(ws: Workspace, tmp_path: Path) -> None:
    known = FILLED["shops"] | {"诉求": "找 13800000144 或 0714-6512345"}
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "shops", known)))
    covered = known | {"电话": "138****0144", "诉求": "找 138****0144 或 0714-****2345"}
    assert states(look(ws, form(tmp_path / "b.xlsx", "shops", covered))) == ["same"]
    edited = covered | {"诉求": "晚上找 138****0144"}
    preview = look(ws, form(tmp_path / "c.xlsx", "shops", edited))
    ws.rosters.keep(preview)
    assert entries(ws, "shops")[0]["demands"] == "晚上找 13800000144"
    other = covered | {"电话": "139****9999", "诉求": "找 139****9999"}
    preview = look(ws, form(tmp_path / "d.xlsx", "shops", other))
    assert (states(preview), preview.rows[0].suspect, len(preview.rows[0].reasons)) == (["same"], True, 2)
    assert preview.plan.changes == []


def test_a_new_entry_with_a_covered_phone_comes_without_it(ws: Workspace, tmp_path: Path) -> None:
    preview = look(ws, form(tmp_path / "a.xlsx", "shops", FILLED["shops"] | {"电话": "138****0144"}))
    assert (states(preview), preview.suspect) == (["new"], 1)
    ws.rosters.keep(preview)
    assert entries(ws, "shops")[0]["phone"] is None


def test_a_number_that_only_looks_alike_once_covered_is_a_change(ws: Workspace, tmp_path: Path) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "shops", FILLED["shops"])))
    preview = look(ws, form(tmp_path / "b.xlsx", "shops", FILLED["shops"] | {"电话": "13811110144"}))
    assert states(preview) == ["changed"]
    (change,) = preview.rows[0].changes
    assert "13811110144" not in (change.before, change.after)


def test_a_shop_that_is_closed_stays_so_and_is_not_made_twice(ws: Workspace, tmp_path: Path) -> None:
    path = form(tmp_path / "a.xlsx", "shops", FILLED["shops"])
    ws.rosters.keep(look(ws, path))
    ws.session.write([Change("merchant", ws.records.page("merchant")[0].id, {"closed_on": "2026-03-10"})], "edit")
    preview = look(ws, path)
    assert (states(preview), preview.rows[0].suspect, preview.writes) == (["same"], True, False)


def test_an_old_registration_number_stands_where_the_credit_code_does(ws: Workspace, tmp_path: Path) -> None:
    row = FILLED["shops"] | {"统一社会信用代码": "420202600123456"}
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "shops", row)))
    (entry,) = entries(ws, "shops")
    assert (entry["credit_code"], entry["licence_no"]) == (None, "420202600123456")


def test_an_address_that_is_a_door_here_is_that_door(ws: Workspace, tmp_path: Path) -> None:
    rows = [FILLED["shops"] | {"名称": name, "地址": place, "统一社会信用代码": ""}
            for name, place in (("甲", "3栋1单元202"), ("乙", "3栋"), ("丙", "花园路"))]  # fmt: skip
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "shops", *rows)))
    placed = [[entry[name] is not None for name in ("dwelling_id", "building_id", "grid_id", "address")]
              for entry in entries(ws, "shops")]  # fmt: skip
    assert placed == [[True, False, False, False], [False, True, False, False], [False, False, True, True]]


def test_requests_without_a_number_get_one_each(ws: Workspace, tmp_path: Path) -> None:
    rows = [FILLED["requests"] | {"编号": "", "代办事项": what} for what in ("老年证", "医保")]
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "requests", *rows)))
    assert [entry["request_no"] for entry in entries(ws, "requests")] == ["D00-260318-01", "D00-260318-02"]


# ------------------------------------------------------------------------------------------------------- rejections


@pytest.mark.parametrize(
    ("ledger", "wrong", "cell", "told"),
    [
        ("shops", {"名称": ""}, "A4", "要填"), ("shops", {"地址": ""}, "D4", "要填"),
        ("shops", {"网格": "第九网格"}, "E4", "第九网格"), ("shops", {"联系包保人": "无此人"}, "K4", "无此人"),
        ("shops", {"统一社会信用代码": "91110000600037341X"}, "C4", "信用代码"),
        ("shops", {"电话": "12"}, "G4", "电话"),
        ("shops", {"从业人数": "三"}, "H4", "整数"), ("shops", {"最近核实": "2026-13-01"}, "L4", "日期"),
        ("shops", {"最近核实": "2026"}, "L4", "日期"), ("requests", {"户编号": "H99"}, "C4", "H99"),
        ("requests", {"承诺时限": "2026-03-01"}, "F4", "之前"), ("volunteering", {"时长（小时）": "1.3"}, "E4", "小时"),
        ("shifts", {"签到时间": "25:00"}, "E4", "日期"), ("shifts", {"值班人": ""}, "C4", "要填"),
        ("trainings", {"结束日期": "2026-03-01"}, "E4", "早于"), ("posts", {"责任区": "99栋"}, "D4", "99栋"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_rejected_with_its_cell(
    ws: Workspace, tmp_path: Path, ledger: str, wrong: dict[str, object], cell: str, told: str
) -> None:
    preview = look(ws, form(tmp_path / "form.xlsx", ledger, FILLED[ledger] | wrong))
    assert (states(preview), preview.writes) == (["rejected"], False)
    assert cell in reasons(preview)
    assert told in reasons(preview), reasons(preview)


def test_a_word_that_is_no_code_is_named_with_those_that_are(ws: Workspace, tmp_path: Path) -> None:
    path = form(tmp_path / "form.xlsx", "disclosures", FILLED["disclosures"])
    book: Any = openpyxl.load_workbook(path)
    book.worksheets[0]["B4"] = "什么"
    book.save(path)
    preview = look(ws, path)
    assert states(preview) == ["rejected"]
    assert "B4" in reasons(preview)
    assert "什么" in reasons(preview)
    assert DISCLOSURE_CLASS.label("money") in reasons(preview)


def test_a_name_of_several_is_nobody_in_particular(ws: Workspace, tmp_path: Path) -> None:
    values = kind_named("staff").checked({"name": "刘芳", "role": "grid_worker", "active": True})
    ws.session.write([Change("staff", ws.session.new_id(), values, create=True)], "create")
    preview = look(ws, form(tmp_path / "form.xlsx", "trainings", FILLED["trainings"]))
    assert states(preview) == ["rejected"]
    assert "2" in reasons(preview)


def test_rows_that_say_the_same_twice_come_in_once(ws: Workspace, tmp_path: Path) -> None:
    path = form(tmp_path / "form.xlsx", "volunteering", FILLED["volunteering"], FILLED["volunteering"])
    for _ in range(2):
        preview = look(ws, path)
        assert states(preview)[1] == "rejected"
        ws.rosters.keep(preview)
    assert len(entries(ws, "volunteering")) == 1
    twice = FILLED["requests"] | {"代办事项": "医保"}
    assert states(look(ws, form(tmp_path / "b.xlsx", "requests", FILLED["requests"], twice))) == ["new", "rejected"]


def test_two_much_alike_are_both_taken_in_and_looked_at(ws: Workspace, tmp_path: Path) -> None:
    row = FILLED["volunteering"]
    path = form(tmp_path / "form.xlsx", "volunteering", row, row | {"时长（小时）": "2"})
    preview = look(ws, path)
    assert (states(preview), preview.suspect) == (["new", "new"], 1)
    ws.rosters.keep(preview)
    assert states(look(ws, path)) == ["same", "same"]
    third = look(ws, form(tmp_path / "c.xlsx", "volunteering", row | {"时长（小时）": "3"}))
    assert states(third) == ["rejected"]


def test_every_row_of_the_file_is_accounted_for(ws: Workspace, tmp_path: Path) -> None:
    path = form(tmp_path / "form.xlsx", "shops", FILLED["shops"])
    book: Any = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for at, cell in enumerate(sheet[3], 1):
        sheet.cell(6, at, cell.value)
    sheet["A7"] = "合计：1 家"
    sheet["M3"], sheet["N3"] = "宗教信仰", "颜色"
    sheet["M4"] = "无"
    book.create_sheet("说明").append(["怎样填写"])
    book.save(path)
    preview = look(ws, path)
    assert [(row.row, row.state.value) for row in preview.rows] == [(4, "new"), (7, "rejected")]
    told = " ".join(preview.notices)
    assert all(word in told for word in ("6", "宗教信仰", "颜色", "说明"))


def test_a_day_that_is_merged_over_its_shifts_is_that_of_each(ws: Workspace, tmp_path: Path) -> None:
    row = FILLED["shifts"] | {"签到时间": ""}
    path = form(tmp_path / "form.xlsx", "shifts", row, row | {"日期": ""})
    book: Any = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["B5"] = "下午"
    sheet.merge_cells("A4:A5")
    book.save(path)
    preview = look(ws, path)
    ws.rosters.keep(preview)
    assert [entry["day"] for entry in entries(ws, "shifts")] == ["2026-03-09"] * 2
