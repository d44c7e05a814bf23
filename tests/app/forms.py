"""Filled-in forms of the registers, and what is there after they were taken in."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from gridworker.app.ledger.forms import FormPreview
from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.roster.rosters import Rosters
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.store.records import page
from tests.village import Home, Village

REGISTERS = [name for name, ledger in ledgers().items() if ledger.told_by]

FILLED: dict[str, dict[str, object]] = {
    "shops": {
        "名称": "便民副食店", "类别": "", "统一社会信用代码": "91110000600037341L", "地址": "花园路 5 号",
        "网格": "第三网格", "负责人": "王五", "电话": "13800000144", "从业人数": 3, "经营状况": "", "诉求": "路灯",
        "联系包保人": "刘芳", "最近核实": "2026.3.1",
    },
    "requests": {
        "编号": "D-1", "申请日期": "2026-03-09", "户编号": "H01-1", "代办事项": "老年证", "承诺时限": "2026/3/20",
        "费用": "", "领取人确认": "陈桂芳", "满意度": "",
    },
    "volunteering": {
        "姓名": "程国强", "队伍": "银发队", "活动": "理发", "日期": date(2026, 3, 8), "时长（小时）": 1.5,
        "服务内容": "上门理发", "服务对象户": "H01-1",
    },
    "shifts": {
        "日期": "2026年3月9日", "班次": "", "值班人": "刘芳", "签到时间": "2026-03-09 08:30", "来访人数": "3",
    },
    "trainings": {"受训人": "刘芳", "主题": "调解", "培训形式": "", "开始日期": "20260302", "天数": "2"},
    "posts": {"岗位": "巡护", "任岗人": "程国强", "责任区": "3栋", "开始日期": "2026-01-01"},
    "disclosures": {"事项": "低保名单", "类别": "", "公开时限": "", "审批人": "刘芳", "公开渠道": ""},
}  # fmt: skip


def home(session: Session) -> Home:
    """A household behind a door, by its number H01-1."""
    return Village(session).household("陈桂芳", "3", "1", "202", household_no="H01-1")


def words(ledger: str, row: dict[str, object]) -> dict[str, object]:
    """A row with the first of its list where a code belongs: what codes are called is the catalogue's to say."""
    codes = {str(one.label): one.codes for one in ledgers()[ledger].form if one.codes}
    return {name: codes[name].label(next(iter(codes[name].labels))) if name in codes and not text else text
            for name, text in row.items()}  # fmt: skip


def form(path: Path, ledger: str, *rows: dict[str, object]) -> Path:
    """A blank form of a ledger with rows typed into it."""
    Rosters.template(path, ledger)
    book: Any = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [str(cell.value).rstrip("✱") for cell in sheet[3]]
    for number, row in enumerate(rows, start=4):
        for name, value in words(ledger, row).items():
            sheet.cell(number, headers.index(name) + 1, value)
    book.save(path)
    return path


def look(ws: Workspace, path: Path) -> FormPreview:
    preview = ws.rosters.look(path, ws.devices.grids()[0][0])
    assert isinstance(preview, FormPreview)
    return preview


def entries(ws: Workspace, ledger: str) -> list[dict[str, Value]]:
    """All there is of a ledger, as it is kept."""
    with ws.session.store.db.read() as connection:
        return [values for _, values in page(connection, ledgers()[ledger].kind)]


def states(preview: FormPreview) -> list[str]:
    return [row.state.value for row in preview.rows]


def reasons(preview: FormPreview) -> str:
    return " ".join(reason for row in preview.rows for reason in row.reasons)
