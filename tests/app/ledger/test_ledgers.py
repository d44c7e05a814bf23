"""The ledgers that leave the house: each of them, masked, in a superior's form; blank forms that import again."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gridworker import resources
from gridworker.app.ledger.cells import words_of
from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.ledger.preview_rows import RowState
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.rosters import Rosters
from gridworker.app.session import Session
from gridworker.app.words.periods import periods
from gridworker.app.workspace import Workspace
from gridworker.domain.masking import mask_in_text
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.paths import Folder
from gridworker.record import Type, Value, clean_text
from gridworker.sheets.cells import unescaped
from gridworker.sheets.roster import read_roster
from gridworker.store.meta import OFFICE_ROLE
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import LANGUAGES, use
from tests.app.conftest import made
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.sheets.payloads import PAYLOADS, cells_of, seen_by_libreoffice
from tests.village import HandClock, Home, Village

ID = "11010519491231002X"
pytestmark = pytest.mark.usefixtures("chinese")


@pytest.fixture(scope="module")
def office_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One office for all of these: exports change nothing in it but the audit, and each makes presets of its own."""
    folder = Folder(tmp_path_factory.mktemp("office"))
    session = made(folder, HandClock(), role=OFFICE_ROLE, laptop=0, person="刘芳")
    yield session
    session.store.close()


@pytest.fixture(scope="module")
def ws(office_session: Session) -> Workspace:
    return Workspace(office_session, lambda: None)


@pytest.fixture(scope="module")
def chen(office_session: Session) -> Home:
    """A household with a grandchild, a visit that became a dispute, and a shop below."""
    village = Village(office_session)
    add = village.add
    add("community", name="桂花湾社区", code="420204001006", office_name="桂花湾社区居委会")
    home = village.household("陈桂芳", "3", "1", "202", birth="1949-12-31",
                             contact_phone="13800000142", household_no="H01-0001", living_arrangement="2",
                             remark="要找她打 13800000142")  # fmt: skip
    village.change("resident", home.people["陈桂芳"], {
        "id_number": ID, "id_last4": "002X", "phones": "13800000142", "sex": "2", "tags": "独居老人",
        "note": f"证号 {ID}",
    })  # fmt: skip
    village.member(home, "陈小宝", "40", birth="2020-01-01", phones="13800000143")
    village.care(home, "C3", arrangement="2", person="陈桂芳")
    visit = village.visit(home, "2026-03-09T02:00:00Z", note="楼上漏水")
    issue = add("issue", title="漏水", issue_no="S00-260309-01", category="B", subcategory="0201", severity="S3",
                track="F2", source_channel="visit", reported_at="2026-03-09T03:00:00Z", household_id=home.id,
                visit_id=visit, summary="楼上卫生间漏水到陈家", owner_id=office_session.who)  # fmt: skip
    for action, at, more in (
        ("report", "03:00", {}), ("first_response", "03:20", {"note": "先关了水阀"}), ("accept", "03:30", {}),
        ("handle", "04:00", {"note": "两家坐下来谈"}),
        ("resolve", "05:00", {"note": "楼上修", "result": "substantial", "solve_method": "mediated"}),
        ("return_visit", "06:00", {"satisfaction": "3"}), ("close", "07:00", {}),
    ):  # fmt: skip
        add("issue_step", issue_id=issue, action=action, at=f"2026-03-09T{at}:00Z", actor_id=office_session.who, **more)
    add("issue_party", issue_id=issue, role="party", display_name="陈桂芳", resident_id=home.people["陈桂芳"])
    add("issue_party", issue_id=issue, role="party", display_name="3栋住户A")
    add("need", need_no="N00-260309-01", title="装扶手", need_kind="housing", status="queued", raised_on="2026-03-09",
        source_channel="visit", household_id=home.id, rank=1, answer="找了施工队，回 13800000142")  # fmt: skip
    add("merchant", name="便民副食店", shop_kind="individual", credit_code="91110000600037341L",
        building_id=village.building("3"), contact_name="王五", phone="13800000144",
        verified_on="2026-03-01")  # fmt: skip
    who = office_session.who
    add("service_request", request_no="D00-260309-01", requested_on="2026-03-09", household_id=home.id, item="老年证",
        materials="照片一张", promised_on="2026-03-20", charge="free", received_by="陈桂芳")  # fmt: skip
    add("volunteer_service", name="程国强", team="银发队", activity="理发", day="2026-03-08", hours="１.5小时",
        household_id=home.id)  # fmt: skip
    add("duty_shift", day="2026-03-09", slot="morning", staff_id=who, visitor_count=3)
    add("training_record", staff_id=who, topic="调解", mode="course", start_on="2026-03-02", days=2)
    add("post_assignment", post="环境卫生巡护", holder="程国强", building_id=village.building("3"))
    add("disclosure", item="低保名单", item_class="committee", period="monthly", approved_by=who, channel="board")
    return home


def written(
    ws: Workspace, path: Path, ledger: str = "", preset: str = "", grid: int | None = None
) -> list[dict[str, object]]:
    """An export, read again by its headers."""
    ws.rosters.export(ExportWish(path, "report", grid, ledger=ledger, preset=preset))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def third(ws: Workspace) -> int:
    """The grid they live in: a list of it alone does not say which one it is."""
    return next(grid.id for grid in ws.records.page("grid") if grid.values["name"] == "第三网格")


def test_residents(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    first, second = written(ws, tmp_path / "a.xlsx", grid=third(ws))
    assert first == {
        "小区": None, "楼栋": "3", "单元": "1", "室": "202", "户编号": "H01-0001", "姓名": "陈桂芳",
        "与户主关系": "户主", "性别": "女",
        "出生日期": "1949-12-31", "联系电话": "138****0142", "是否同住": "是", "状态": "在住", "关爱类别": "独居老人",
        "备注": "证号 110105********002X",
    }  # fmt: skip
    assert {name: value for name, value in second.items() if value} == {
        "楼栋": "3", "单元": "1", "室": "202", "户编号": "H01-0001", "姓名": "（不满 14 岁）", "与户主关系": "孙辈",
        "出生日期": "2020",
    }  # fmt: skip


def test_households(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "households")
    assert row == {
        "网格": "第三网格", "小区": None, "楼栋": "3", "单元": "1", "室": "202", "户编号": "H01-0001",
        "户主姓名": "陈桂芳", "联系电话": "138****0142", "人户状态": None, "居住情况": "独居", "人口数": 2,
        "走访频次": "每周",
        "备注": "要找她打 138****0142",
    }  # fmt: skip


def test_visits(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "visits")
    told = {name: row[name] for name in ("日期", "开始", "走访人", "户编号", "户主", "反映内容", "转事件号")}
    assert told == {
        "日期": "2026-03-09", "开始": "10:00", "走访人": "刘芳", "户编号": "H01-0001", "户主": "陈桂芳",
        "反映内容": "楼上漏水",
        "转事件号": "S00-260309-01",
    }  # fmt: skip


def test_a_visit_to_a_shop_stands_in_the_ledger_and_in_its_grid(office: Workspace, tmp_path: Path) -> None:
    village = Village(office.session)
    shop = village.add("merchant", name="便民副食店", shop_kind="individual", grid_id=village.grid)
    who = office.session.who
    village.add("visit", merchant_id=shop, grid_id=village.grid, started_at="2026-03-09T02:00:00Z", visitor_id=who,
                channel="door", visit_kind="merchant", outcome="met_person")  # fmt: skip
    (row,) = written(office, tmp_path / "a.xlsx", "visits")
    assert (row["户主"], row["户编号"], row["为什么来"]) == ("便民副食店", None, "商户走访")
    office.rosters.export(ExportWish(tmp_path / "b.xlsx", "report", ledger="visits", grid=village.grid))
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert len(list(sheet.iter_rows(min_row=4))) == 1


def test_a_household_is_visited_as_often_as_it_arranged(office: Workspace, tmp_path: Path) -> None:
    village = Village(office.session)
    village.household("陈桂芳", visit_policy="V1")
    village.care(village.household("吴秀英", room="203", visit_policy="V3"), "C4", cadence="V2")
    rows = written(office, tmp_path / "a.xlsx", "households")
    assert [(row["户主姓名"], row["走访频次"]) for row in rows] == [("陈桂芳", "每周"), ("吴秀英", "每月")]


def test_issues_are_folded(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "issues")
    expected = {
        "发生地点": "3栋", "首次处置时间": "2026-03-09 11:20", "首次处置": "先关了水阀", "受理时间": "2026-03-09 11:30",
        "首次处置到期": "2026-03-10 11:00", "办结时间": "2026-03-09 15:00", "是否超期": "否", "回访日期": "2026-03-09",
        "满意度": "满意", "网格": "第三网格", "化解方式": "纠纷调解",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_disputes_call_residents_by_other_names(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "disputes")
    assert (row["当事人(代称)"], row["调解过程"], row["协议要点"], row["回访1"], row["回访2"]) == (
        "陈*芳、3栋住户A", "两家坐下来谈", "楼上修", "2026-03-09 满意", None
    )  # fmt: skip


def test_needs(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "needs")
    told = {name: row[name] for name in ("需求号", "日期", "来源", "类别", "内容", "排名", "状态", "答复")}
    assert told == {
        "需求号": "N00-260309-01", "日期": "2026-03-09", "来源": "走访录入", "类别": "住房", "内容": "装扶手",
        "排名": 1,
        "状态": "排队", "答复": "找了施工队，回 138****0142",
    }  # fmt: skip


REGISTERS: list[tuple[str, dict[str, object]]] = [
    ("requests", {"编号": "D00-260309-01", "申请日期": "2026-03-09", "户编号": "H01-0001", "代办事项": "老年证",
                  "收取材料": "照片一张", "承诺时限": "2026-03-20", "费用": "无偿", "领取人确认": "陈桂芳"}),
    ("volunteering", {"姓名": "程国强", "队伍": "银发队", "活动": "理发", "日期": "2026-03-08", "时长（小时）": "1.5",
                      "服务对象户": "H01-0001"}),
    ("shifts", {"日期": "2026-03-09", "班次": "上午", "值班人": "刘芳", "来访人数": 3}),
    ("trainings", {"受训人": "刘芳", "主题": "调解", "培训形式": "短期培训", "天数": 2}),
    ("posts", {"岗位": "环境卫生巡护", "任岗人": "程国强", "责任区": "3栋"}),
    ("disclosures", {"事项": "低保名单", "类别": "居务", "公开时限": "每月", "审批人": "刘芳", "公开渠道": "公示栏"}),
]  # fmt: skip


@pytest.mark.parametrize(("ledger", "told"), REGISTERS, ids=[name for name, _ in REGISTERS])
def test_plain_registers(ws: Workspace, chen: Home, tmp_path: Path, ledger: str, told: dict[str, object]) -> None:
    (row,) = written(ws, tmp_path / "out.xlsx", ledger)
    assert {name: row.get(name) for name in told} == told


def test_what_became_of_a_visit_and_where_a_need_stands(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (visit,) = written(ws, tmp_path / "v.xlsx", "visits")
    assert visit["转需求号"] == "N00-260309-01"
    (need,) = written(ws, tmp_path / "n.xlsx", "needs")
    assert (need["反映户数"], need["得分"]) == (1, "2")  # in care; not urgent, one person, raised this month
    (issue,) = written(ws, tmp_path / "i.xlsx", "issues")
    assert {"办结期限", "延期（工作日）", "备注"} <= issue.keys()


def test_shops(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    (row,) = written(ws, tmp_path / "a.xlsx", "shops")
    assert (row["名称"], row["统一社会信用代码"], row["地址"], row["电话"], row["网格"]) == (
        "便民副食店", "91110000600037341L", "3栋", "138****0144", "第三网格"
    )  # fmt: skip


def test_head_lines_lists_and_text_cells(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    written(ws, tmp_path / "a.xlsx", grid=third(ws))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    head = "填报单位：桂花湾社区居委会    制表人：刘芳    日期：2026-03-18    用途：报街道"
    assert (sheet[1][0].value, sheet[2][0].value) == ("居民台账", head)
    assert sheet.freeze_panes == "A4"
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered["H4:H5"] == '"男,女"'
    assert offered["G4:G5"].startswith('"户主,配偶,子,')
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"@"}


def test_a_grid_is_told_apart_in_every_ledger(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    other = ws.devices.add_grid("第九网格")
    for name, _ in ws.rosters.ledgers():
        of_all = name in {"shifts", "trainings", "disclosures"}  # these are of the office, not of a grid
        assert ws.rosters.export(ExportWish(tmp_path / "a.csv", "report", other, ledger=name)) == of_all, name


@pytest.mark.parametrize("ledger", ["visits", "issues", "disputes", "needs"])
def test_only_what_lies_in_a_period(ws: Workspace, chen: Home, tmp_path: Path, ledger: str) -> None:
    ninth = date(2026, 3, 9)
    for since, until, rows in (
        (ninth, ninth, 1), (None, ninth, 1), (ninth, None, 1),
        (date(2026, 3, 10), None, 0), (None, date(2026, 3, 8), 0),
    ):  # fmt: skip
        wish = ExportWish(tmp_path / "a.csv", "report", ledger=ledger, since=since, until=until)
        assert ws.rosters.export(wish) == rows, (since, until)


def test_what_has_no_days_has_no_period(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="不分时间段"):
        ws.rosters.export(ExportWish(tmp_path / "a.csv", "report", since=date(2026, 1, 1)))
    assert list(tmp_path.glob("a.*")) == []


def test_periods_of_a_day_at_the_turn_of_a_year() -> None:
    told = {one.name: (one.since, one.until) for one in periods(date(2026, 1, 5))}
    assert told == {
        "": (None, None),
        "month": (date(2026, 1, 1), date(2026, 1, 5)),
        "before": (date(2025, 12, 1), date(2025, 12, 31)),
        "year": (date(2026, 1, 1), date(2026, 1, 5)),
        "last_year": (date(2025, 1, 1), date(2025, 12, 31)),
    }


def test_every_export_goes_on_record_by_what_it_holds(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    for name, _ in ws.rosters.ledgers():
        ws.rosters.export(ExportWish(tmp_path / f"{name}.csv", "check", ledger=name))
    events = [row.values for row in ws.records.page("audit_event", where={"action": "export"}, limit=1000)][-13:]
    told = [(event["record_kind"], event["count"], event["purpose"]) for event in events]
    assert told == [
        ("resident", 2, "check"), ("household", 1, "check"), ("visit", 1, "check"), ("issue", 1, "check"),
        ("issue", 1, "check"), ("need", 1, "check"), ("merchant", 1, "check"), *((kind, 1, "check") for kind in (
            "service_request", "volunteer_service", "duty_shift", "training_record", "post_assignment", "disclosure",
        )),
    ]  # fmt: skip


@pytest.mark.parametrize("ledger", ["visits", "shops"])
def test_more_than_the_cap_needs_the_offices_code(
    ws: Workspace, chen: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    monkeypatch.setattr("gridworker.app.office_rules.OfficeRules.export_cap", lambda _: 0)
    monkeypatch.setattr("gridworker.app.session.Session.is_office", False)
    with pytest.raises(Denied, match="1 条"):
        ws.rosters.export(ExportWish(tmp_path / "a.csv", "report", ledger=ledger))
    assert list(tmp_path.glob("a.*")) == []


# ------------------------------------------------------------------------------------------------------------ presets


def test_a_preset_says_title_columns_days_and_numbers(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    ws.presets.save({
        "name": "民政", "ledger": "residents", "title": "老年人花名册", "unit": "下陆区民政局", "day_form": "words",
        "number_form": "last4", "columns": "name=老人姓名\nid_number\nborn=生日\n=签字",
    })  # fmt: skip
    first, second = written(ws, tmp_path / "a.xlsx", preset="民政")
    assert first == {"老人姓名": "陈桂芳", "身份证号(后四位)": "002X", "生日": "1949年12月31日", "签字": None}
    assert second == {"老人姓名": "（不满 14 岁）", "身份证号(后四位)": None, "生日": "2020", "签字": None}
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert (sheet[1][0].value, str(sheet[2][0].value)[:13]) == ("老年人花名册", "填报单位：下陆区民政局  ")


@pytest.mark.parametrize(
    ("form", "told"),
    [("dash", "1949-12-31"), ("dot", "1949.12.31"), ("slash", "1949/12/31"), ("plain", "19491231")],
)
def test_days_as_a_superior_wants_them(ws: Workspace, chen: Home, tmp_path: Path, form: str, told: str) -> None:
    ws.presets.save({"name": form, "ledger": "residents", "day_form": form, "columns": "born"})
    assert written(ws, tmp_path / "a.xlsx", preset=form)[0] == {"出生日期": told}


def test_numbers_in_full_only_from_the_office(
    ws: Workspace, chen: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "id_number\nphones"
    ws.presets.save({"name": "全", "ledger": "residents", "number_form": "full", "columns": columns})
    ws.presets.save({"name": "遮", "ledger": "residents", "columns": columns})
    assert written(ws, tmp_path / "a.xlsx", preset="遮")[0] == {
        "身份证号": "110105********002X",
        "联系电话": "138****0142",
    }
    assert written(ws, tmp_path / "a.xlsx", preset="全")[0] == {"身份证号": ID, "联系电话": "13800000142"}
    last = ws.records.page("audit_event", where={"action": "export"}, limit=1000)[-1].values
    assert last["detail"] == "full"
    monkeypatch.setattr("gridworker.app.session.Session.is_office", False)
    with pytest.raises(Denied, match="只能从办公室"):
        ws.rosters.export(ExportWish(tmp_path / "b.csv", "report", preset="全"))
    assert list(tmp_path.glob("b.*")) == []


def test_presets_are_made_changed_and_removed(ws: Workspace) -> None:
    made = ws.presets.save({"name": "街道", "ledger": "residents"})
    changed = ws.presets.save({"title": "花名册"}, made.id)
    assert (changed.name, changed.values["title"]) == ("街道", "花名册")
    assert made.id in [preset.id for preset in ws.presets.all()]
    ws.presets.remove(made.id)
    assert made.id not in [preset.id for preset in ws.presets.all()]
    with pytest.raises(NotFound):
        ws.presets.named("街道")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"columns": "nonsense"}, "columns"), ({"columns": "姓名"}, "columns"), ({"columns": "="}, "columns"),
        ({"columns": "name=" + "长" * 41}, "columns"), ({"columns": "name\n" * 61}, "columns"),
        ({"name": "有"}, "name"),
    ],
)  # fmt: skip
def test_a_preset_that_cannot_be_is_refused_where_it_is_wrong(
    ws: Workspace, values: dict[str, object], field: str
) -> None:
    if "有" not in [preset.name for preset in ws.presets.all()]:
        ws.presets.save({"name": "有", "ledger": "residents"})
    with pytest.raises(Invalid) as refused:
        ws.presets.save({"name": "新", "ledger": "residents", **values})
    assert list(refused.value.faults) == [field]


def test_a_preset_of_another_ledger_is_no_way_to_this_one(ws: Workspace, chen: Home, tmp_path: Path) -> None:
    ws.presets.save({"name": "访", "ledger": "visits"})
    with pytest.raises(Problem, match="另一份台账"):
        ws.rosters.export(ExportWish(tmp_path / "a.csv", "report", ledger="residents", preset="访"))
    assert ws.rosters.export(ExportWish(tmp_path / "a.csv", "report", preset="访")) == 1


def test_a_laptop_uses_presets_and_makes_none(workspace: Workspace) -> None:
    with pytest.raises(Denied):
        workspace.presets.save({"name": "x", "ledger": "residents"})
    assert not workspace.presets.may_change()
    act_as(workspace.session, "office")  # nor does who lays them down at the office
    with pytest.raises(Problem, match="办公室"):
        workspace.presets.save({"name": "x", "ledger": "residents"})
    assert workspace.presets.all() == []


def test_presets_travel_to_every_laptop(circle: Circle, tmp_path: Path) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.office.presets.save({"name": "民政", "ledger": "residents", "columns": "name=姓名\n=签字"})
    circle.round(laptop)
    assert written(laptop, tmp_path / "a.xlsx", preset="民政") == [{"姓名": "陈建国", "签字": None}]


# ---------------------------------------------------------------------------------------------------------- templates


def filled(path: Path, *rows: dict[str, str]) -> Path:
    """A blank form with rows typed into it."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [str(cell.value).rstrip("✱") for cell in sheet[3]]
    for number, row in enumerate(rows, start=4):
        for name, value in row.items():
            sheet.cell(number, headers.index(name) + 1, value)
    book.save(path)
    return path


DOOR = {"楼栋": "3", "单元": "1"}


def test_a_filled_form_of_residents_imports_without_a_finding(office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    Rosters.template(path)
    rows = [{**DOOR, "室": "202", "户编号": "H01-1", "姓名": "陈桂芳", "与户主关系": "户主", "性别": "女",
             "出生日期": "1949-12-31", "联系电话": "13800000142", "状态": "在住", "关爱类别": "独居老人",
             "备注": "白天在家"},
            {**DOOR, "室": "202", "户编号": "H01-1", "姓名": "陈小宝", "与户主关系": "孙辈", "出生日期": "2020-05-01"},
            {**DOOR, "室": "301", "户编号": "H01-2", "姓名": "程国强", "与户主关系": "户主"}]  # fmt: skip
    first = read_roster(filled(path, *rows)).residents[0]
    preview = office.rosters.preview(path, office.devices.add_grid("第三网格"))
    assert [finding.kind for finding in preview.roster.findings] == []
    assert [row.state for row in preview.rows] == [RowState.NEW] * 3
    assert (first.tags, first.phones, first.note, first.relation_code) == (
        ("独居老人",),
        ("13800000142",),
        "白天在家",
        "02",
    )
    office.rosters.save(preview)
    again = written(office, tmp_path / "out.xlsx")
    assert [row["姓名"] for row in again] == ["陈桂芳", "（不满 14 岁）", "程国强"]
    assert {name: again[0][name] for name in rows[0]} == rows[0] | {"联系电话": "138****0142"}


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_our_own_ledger_read_again_makes_nobody_twice(ws: Workspace, chen: Home, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    ws.rosters.export(ExportWish(path, "report"))
    use("en")
    building = ws.records.show("dwelling", chen.dwelling).values["building_id"]
    preview = ws.rosters.preview(path, int(str(ws.records.show("building", int(str(building))).values["grid_id"])))
    covered = {finding.row for finding in preview.roster.findings if finding.kind == "child_covered"}
    assert {row.row for row in preview.rows if row.state is not RowState.SAME} == covered
    assert "child_covered" in {finding.kind for finding in preview.roster.findings}


def test_a_filled_form_of_households_imports_without_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    Rosters.template(path, "households")
    row = {"小区": "师院南苑", **DOOR, "室": "202", "户编号": "H01-1", "户主姓名": "陈桂芳",
           "联系电话": "13800000142", "人户状态": "人户同在", "备注": "白天在家"}  # fmt: skip
    roster = read_roster(filled(path, row))
    assert [finding.kind for finding in roster.findings] == []
    (person,) = roster.residents
    assert (person.name, person.relation_code, person.phones, person.tags) == ("陈桂芳", "02", ("13800000142",), ())


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_word_a_form_offers_is_read_as_what_it_means(tmp_path: Path, spoken: str) -> None:
    use(spoken)
    columns = {column.name: column for column in ledgers()["residents"].form}
    relation = columns["relation"].codes
    assert relation is not None
    path = tmp_path / "form.xlsx"
    Rosters.template(path)
    told = [{"relation": word} for word in words_of(columns["relation"])]
    told += [
        {"relation": told[0]["relation"], name: word} for name in ("sex", "status") for word in words_of(columns[name])
    ]
    full = {"building": "3", "unit": "1", "household_no": "H1", "name": "王建国", "born": "1950-01-02",
            "phones": "13800000142", "tags": "独居老人", "note": "白天在家"}  # fmt: skip
    rows = [
        {str(columns[name].label): value for name, value in {**full, "room": str(101 + at), **one}.items()}
        for at, one in enumerate(told)
    ]
    roster = read_roster(filled(path, *rows))
    assert {finding.kind for finding in roster.findings} == {"name_elsewhere"}, "all are of one name and birth date"
    read = [person.relation_code for person in roster.residents]
    assert read[: len(relation.first)] == list(relation.first)
    assert {person.sex for person in roster.residents} >= {"男", "女"}
    assert {person.status for person in roster.residents} == {"in_place", "moved_out", "deceased"}
    first = roster.residents[0]
    assert (first.tags, first.note, first.birth_date, first.phones) == (
        ("独居老人",), "白天在家", "1950-01-02", ("13800000142",)
    )  # fmt: skip
    Rosters.template(tmp_path / "homes.xlsx", "households")
    homes = {column.name: str(column.label) for column in ledgers()["households"].form}
    row = {
        "estate": "师院南苑",
        "building": "3",
        "room": "101",
        "household_no": "H1",
        "head": "王建国",
        "phone": "13800000142",
    }
    known = read_roster(filled(tmp_path / "homes.xlsx", {homes[name]: value for name, value in row.items()}))
    assert [finding.kind for finding in known.findings] == []
    assert [(one.name, one.relation_code) for one in known.residents] == [("王建国", "02")]


@pytest.mark.parametrize("ledger", list(ledgers()))
def test_forms_come_from_the_kinds(ledger: str, tmp_path: Path, chinese: str) -> None:
    path = tmp_path / "form.xlsx"
    Rosters.template(path, ledger)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    columns = ledgers()[ledger].form
    assert [str(cell.value).rstrip("✱") for cell in sheet[3]] == [str(column.label) for column in columns]
    assert [str(cell.value).endswith("✱") for cell in sheet[3]] == [column.required for column in columns]
    lists = sum(bool(words_of(column)) for column in columns)
    assert len(sheet.data_validations.dataValidation) == lists
    assert lists == sum(column.type in {Type.CODE, Type.FLAG} for column in columns)
    assert sheet.column_dimensions["A"].number_format == "@"


def test_the_help_names_every_ledger_and_every_column() -> None:
    told = resources.path("help", "ledgers.md").read_text("utf-8")
    lines = {
        line.split("|")[2].strip(" `"): line for line in told.splitlines() if line.startswith("| ") and "`" in line
    }
    assert set(lines) == {"--ledger", *ledgers()}
    for name, ledger in ledgers().items():
        written_down = re.findall(r"(\()?`(\w+)`", lines[name].split("|")[3])
        assert [(column, not bracket) for bracket, column in written_down] == [
            (column.name, column.usual) for column in ledger.columns
        ], name


def test_a_head_under_14_is_not_named(office: Workspace, tmp_path: Path) -> None:
    village = Village(office.session)
    village.visit(village.household("陈小宝", birth="2020-01-01"), "2026-03-09T02:00:00Z")
    for ledger in ("residents", "households", "visits"):
        (row,) = written(office, tmp_path / "a.xlsx", ledger)
        assert "陈小宝" not in row.values(), ledger
        assert "（不满 14 岁）" in row.values(), ledger


def test_a_form_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="residents"):
        Rosters.template(tmp_path / "form.xlsx", "nonsense")
    with pytest.raises(Problem, match="xlsx"):
        Rosters.template(tmp_path / "form.pdf")


def test_numbers_in_free_text() -> None:
    assert mask_in_text(f"证号 {ID}，电话13800000142。") == "证号 110105********002X，电话138****0142。"
    assert (
        mask_in_text("3-2-501 共 12345678901234567890 元，A13800000142")
        == "3-2-501 共 12345678901234567890 元，A13800000142"
    )
    parted = "座机0714-6512345或07146512345，手机 138 0000 0142、138-0000-0142，110105 19491231 002X"
    assert mask_in_text(parted) == ("座机0714-****2345或071****2345，手机 138****0142、138****0142，110105********002X")
    assert mask_in_text("S00-260309-01 2026-03-09 08:30") == "S00-260309-01 2026-03-09 08:30"


# ----------------------------------------------------------------------------------------- nothing changes on its way


def test_payloads_leave_through_every_export_unchanged(office: Workspace, tmp_path: Path) -> None:
    """By two readers here; by LibreOffice too where ``make soak`` says so."""
    kept = _with_payloads(office.session)
    for name, column in _TOLD.items():
        values = {"name": name, "ledger": name, "number_form": "full", "columns": column}
        office.presets.save(values)
    files = [tmp_path / f"{name}.{suffix}" for name in _TOLD for suffix in ("xlsx", "csv")]
    for file in files:
        office.rosters.export(ExportWish(file, "check", ledger=file.stem, preset=file.stem, minors=True))
    read = [(file, cells_of(file)) for file in files]
    if os.environ.get("GRIDWORKER_LIBREOFFICE"):
        read += seen_by_libreoffice(files, tmp_path)
    assert len(kept) > 150  # of the 200 what is left once spaces and line ends are put in order
    for file, cells in read:
        body = cells[-len(kept) :] if file.suffix == ".xlsx" else list(map(unescaped, cells[-len(kept) :]))
        assert sorted(body) == kept, file.name


_TOLD = {"residents": "note", "households": "remark", "visits": "words", "issues": "told", "disputes": "told",
         "needs": "answer", "shops": "demands"}  # fmt: skip


def _with_payloads(session: Session) -> list[str]:
    """An office in whose records each payload stands in a remark; what is kept of them, sorted."""
    kept = sorted({clean_text(text, lines=True) for text in PAYLOADS} - {""})
    grid, building, community = session.new_id(), session.new_id(), session.new_id()
    changes = [
        Change("grid", grid, {"name": "第三网格"}, create=True),
        Change("community", community, {"name": "桂花湾社区", "code": "420204001006"}, create=True),
        Change("building", building, {"grid_id": grid, "building_name": "3"}, create=True),
    ]
    for number, text in enumerate(kept):
        home, person, door = session.new_id(), session.new_id(), session.new_id()
        made: list[tuple[str, int, dict[str, Value]]] = [
            ("dwelling", door, {"building_id": building, "room_no": str(1000 + number)}),
            ("resident", person, {"name": "张三", "status": "in_place", "note": text}),
            ("household", home, {"dwelling_id": door, "head_id": person, "status": "active", "remark": text}),
            ("household_member", session.new_id(), {"household_id": home, "resident_id": person, "relation": "02"}),
            ("visit", session.new_id(), {
                "household_id": home, "visit_no": "V1", "started_at": "2026-03-09T02:00:00Z",
                "visitor_id": session.who,
                "channel": "door", "outcome": "met_person", "visit_kind": "routine", "resident_words": text,
            }),
            ("issue", session.new_id(), {
                "household_id": home, "title": "漏水", "category": "B", "severity": "S3", "summary": text,
                "reported_at": "2026-03-09T02:00:00Z",
            }),
            ("need", session.new_id(), {
                "household_id": home, "title": "扶手", "need_kind": "other", "status": "done",
                "raised_on": "2026-03-09", "answer": text,
            }),
            ("merchant", session.new_id(), {"name": "店", "shop_kind": "other", "grid_id": grid, "demands": text}),
        ]  # fmt: skip
        changes += [Change(kind, id_, kind_named(kind).checked(values), create=True) for kind, id_, values in made]
    session.write(changes, "import")
    return kept
