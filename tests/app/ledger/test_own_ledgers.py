"""What we export imports again as it is: all the same, nobody twice; one cell changed is one change."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.preview import Preview
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_export import IN_FULL, LAST_FOUR, MASKED
from gridworker.errors import RosterProblem
from gridworker.paths import Folder
from gridworker.store.meta import FIELD_ROLE, OFFICE_ROLE
from gridworker.text import LANGUAGES, use
from tests.app.conftest import made
from tests.sheets.ledgers import id_number
from tests.village import HandClock, Village

PEOPLE = ("residents", "households")
pytestmark = pytest.mark.usefixtures("chinese")
NAMES = ("王五", "李丽", "陈强", "周敏")


@pytest.fixture(scope="module", params=["office", "laptop"])
def ws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Four households with a shop, a visit and an entry of every register each; nothing in them is ever changed."""
    role, number = (OFFICE_ROLE, 0) if request.param == "office" else (FIELD_ROLE, 1)
    session = made(Folder(tmp_path_factory.mktemp("own")), HandClock(), role=role, laptop=number, person="刘芳")
    _fill(session)
    yield Workspace(session, lambda: None)
    session.store.close()


def _fill(session: Session) -> None:
    village, who = Village(session), session.who
    add = village.add
    for at, name in enumerate(NAMES):
        phone = f"1380000014{at}"
        home = village.household(
            name, "3", "1", f"{at + 2}01", contact_phone=phone, household_no=f"H01-{at}", remark="狗"
        )
        number = id_number("19700526", at)
        values = {"phones": phone if at else "", "id_number": number, "id_last4": number[-4:], "sex": str(2 - at % 2)}
        values["birth_date"] = "1970-05-26"
        village.change("resident", home.people[name], values)
        if at % 2:  # beside what is noted of them a ledger names the care that they are in
            village.change("resident", home.people[name], {"tags": "低保"} if at == 1 else {})
            village.care(home, "C5" if at == 1 else "C3", person=name, arrangement=None if at == 1 else "2")
        add(
            "merchant",
            name=f"{name}商店",
            shop_kind="individual",
            dwelling_id=home.dwelling,
            contact_name=name,
            phone=phone,
        )
        visit = village.visit(home, "2026-03-09T02:00:00Z", note="漏水")
        add("issue", title="漏水", issue_no=f"S0{at}", category="B", subcategory="0201", severity="S3", track="F2",
            source_channel="visit", reported_at="2026-03-09T03:00:00Z", household_id=home.id, visit_id=visit,
            summary="漏水", owner_id=who, place_text=f"3栋1单元{at + 2}01")  # fmt: skip
        add("need", need_no=f"N{at}", title="扶手", need_kind="housing", status="queued", raised_on="2026-03-09",
            source_channel="visit", household_id=home.id)  # fmt: skip
        add("service_request", request_no=f"D{at}", requested_on="2026-03-09", household_id=home.id, item="老年证",
            received_by=name, promised_on="2026-03-20", charge="free")  # fmt: skip
        add("volunteer_service", name=name, team="银发队", activity="理发", day="2026-03-08", hours="1.5",
            household_id=home.id)  # fmt: skip
        add("duty_shift", day=f"2026-03-0{at + 1}", slot="morning", staff_id=who)
        add("training_record", staff_id=who, topic="调解", mode="course", start_on="2026-03-02", days=2)
        add("post_assignment", post="巡护", holder=name, building_id=village.building("3"), duty="每天")
        add("disclosure", item="低保名单", item_class="committee", period="monthly", approved_by=who, channel="board")


def again(ws: Workspace, path: Path) -> Preview:
    return ws.rosters.preview(path, ws.devices.grids()[0][0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("ledger", PEOPLE)
def test_a_ledger_of_people_is_the_same(ws: Workspace, tmp_path: Path, ledger: str, suffix: str, language: str) -> None:
    use(language)
    path = tmp_path / f"out{suffix}"
    ws.rosters.export(ExportWish(path, "report", ledger=ledger))
    preview = again(ws, path)
    assert (preview.counts, preview.suspect, preview.writes) == ({"same": len(NAMES)}, 0, False)


@pytest.mark.parametrize("ws", ["office"], indirect=True)
@pytest.mark.parametrize("form", [IN_FULL, MASKED, LAST_FOUR])
@pytest.mark.parametrize("ledger", PEOPLE)
def test_a_ledger_in_a_superiors_form_is_the_same(ws: Workspace, tmp_path: Path, ledger: str, form: str) -> None:
    columns = "\n".join(column.name for column in ledgers()[ledger].columns)
    preset = f"{ledger}{form}"
    ws.presets.save({"name": preset, "ledger": ledger, "columns": columns, "number_form": form})
    ws.rosters.export(ExportWish(tmp_path / "out.xlsx", "report", ledger=ledger, preset=preset))
    preview = again(ws, tmp_path / "out.xlsx")
    assert (preview.counts, preview.suspect, preview.writes) == ({"same": len(NAMES)}, 0, False)


@pytest.mark.parametrize(
    ("ledger", "header", "text"),
    [("residents", "备注", "白天在家"), ("residents", "联系电话", "13800000999"), ("households", "备注", "夜班"),
     ("residents", "与户主关系", "租户")],
)  # fmt: skip
def test_one_cell_changed_is_one_change(ws: Workspace, tmp_path: Path, ledger: str, header: str, text: str) -> None:
    path = tmp_path / "out.xlsx"
    ws.rosters.export(ExportWish(path, "report", ledger=ledger))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (column,) = [at for at, cell in enumerate(sheet[3], 1) if cell.value == header]
    sheet.cell(5, column, text)
    book.save(path)
    preview = again(ws, path)
    assert preview.counts == {"same": len(NAMES) - 1, "changed": 1}
    assert [len(row.changes) for row in preview.rows] == [0, 1, 0, 0]


@pytest.mark.parametrize("ws", ["office"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ledger", [name for name in ledgers() if name not in PEOPLE])
def test_a_ledger_of_something_else_brings_in_nobody(ws: Workspace, tmp_path: Path, ledger: str, language: str) -> None:
    use(language)
    ws.rosters.export(ExportWish(tmp_path / "out.xlsx", "report", ledger=ledger))
    with pytest.raises(RosterProblem):
        again(ws, tmp_path / "out.xlsx")


@pytest.mark.parametrize("ledger", PEOPLE)
def test_the_same_door_of_two_estates_is_told_apart(office: Workspace, tmp_path: Path, ledger: str) -> None:
    """Nobody gave the households a number, and their heads have one name."""
    village = Village(office.session)
    for estate in ("师院南苑", "湖滨花园"):
        building = village.add("building", grid_id=village.grid, estate_name=estate, building_name="3")
        door = village.add("dwelling", building_id=building, unit_no="1", room_no="202")
        head = village.add("resident", name="陈桂芳", status="in_place")
        home = village.add("household", dwelling_id=door, head_id=head, status="active")
        village.add("household_member", household_id=home, resident_id=head, relation="02")
    path = tmp_path / "out.xlsx"
    office.rosters.export(ExportWish(path, "report", ledger=ledger))
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=3)
    (place,) = [at for at, cell in enumerate(header) if cell.value == "小区"]
    assert {row[place].value for row in rows} == {"师院南苑", "湖滨花园"}
    preview = again(office, path)
    assert (preview.counts, preview.suspect, preview.writes) == ({"same": 2}, 0, False)
