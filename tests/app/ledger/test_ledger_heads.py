"""Which file is a form of which register, and who may take it in."""

from pathlib import Path

import pytest

from gridworker.app.ledger.forms import FormPreview
from gridworker.app.ledger.heads import OtherLedger, head_of, usual_words
from gridworker.app.ledger.ledgers import ledgers
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.rosters import Rosters
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, RosterProblem
from gridworker.sheets.read import read_book
from gridworker.store.meta import FIELD_ROLE
from gridworker.text import LANGUAGES, use
from tests.app.conftest import Opener
from tests.app.forms import FILLED, REGISTERS, form, home, look, reasons, states
from tests.village import Village

pytestmark = pytest.mark.usefixtures("chinese")
HISTORIES = ("visits", "issues", "disputes", "needs")
ROSTERS = Path(__file__).parents[2] / "data" / "rosters"


@pytest.fixture
def ws(office: Workspace) -> Workspace:
    """An office with one household behind a door."""
    home(office.session)
    return office


# ------------------------------------------------------------------------------------------- which form, and whose


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("ledger", [name for name in ledgers() if name not in REGISTERS])
def test_people_and_histories_are_no_registers(ws: Workspace, tmp_path: Path, ledger: str, spoken: str) -> None:
    use(spoken)
    Rosters.template(tmp_path / "form.xlsx", ledger)
    use("zh_CN")
    if ledger not in HISTORIES:
        assert head_of(read_book(tmp_path / "form.xlsx").sheets[0].rows(), usual_words()) is None
        return
    with pytest.raises(OtherLedger, match="窗口") as refused:
        ws.rosters.look(tmp_path / "form.xlsx", ws.devices.grids()[0][0])
    assert refused.value.ledger == ledger


def test_no_list_of_residents_is_taken_for_a_register() -> None:
    found = []
    for path in sorted(ROSTERS.iterdir()):
        if path.suffix in {".xlsx", ".xls", ".csv", ".ods", ".txt"}:
            try:
                sheets = [sheet.rows() for sheet in read_book(path).sheets]
            except RosterProblem:
                continue
            found.append([head_of(rows, usual_words()) for rows in sheets])
    assert len(found) == 4
    assert not any(map(any, found))


def test_a_list_that_says_more_of_people_is_one_of_people() -> None:
    volunteers = ["姓名", "日期", "时长（小时）"]
    assert head_of([volunteers], usual_words()) is not None
    assert head_of([[*volunteers, "与户主关系", "性别", "户编号", "楼栋"]], usual_words()) is None


def test_a_form_in_a_superiors_words_is_known_by_them(ws: Workspace, tmp_path: Path) -> None:
    ws.rosters.keep(look(ws, form(tmp_path / "a.xlsx", "trainings", FILLED["trainings"])))
    columns = "person=学员\ntopic=课程\nstart_on=何时\ndays=几天\n=签字"
    ws.presets.save({"name": "区里", "ledger": "trainings", "columns": columns, "day_form": "words"})
    ws.rosters.export(ExportWish(tmp_path / "b.xlsx", "report", preset="区里"))
    preview = look(ws, tmp_path / "b.xlsx")
    assert (preview.ledger, states(preview)) == ("trainings", ["same"])


def test_a_form_without_rows_says_so(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RosterProblem, match="没有"):
        look(ws, form(tmp_path / "form.xlsx", "shops"))


def test_columns_of_a_form_are_not_those_of_people(ws: Workspace, tmp_path: Path) -> None:
    path = form(tmp_path / "form.xlsx", "volunteering", FILLED["volunteering"])
    for read in (Rosters.read, Rosters.columns):
        with pytest.raises(OtherLedger):
            read(path)


# ------------------------------------------------------------------------------------------------- scope and roles


@pytest.mark.parametrize(
    ("ledger", "duty", "allowed"),
    [("shops", "grid_worker", True), ("requests", "grid_worker", True), ("volunteering", "grid_worker", True),
     ("shifts", "grid_worker", False), ("trainings", "grid_worker", False), ("posts", "grid_worker", False),
     ("disclosures", "grid_worker", False), ("shops", "building_head", False), ("requests", "duty", True),
     ("shops", "duty", False), ("shifts", "office", False), ("posts", "office", True), ("shops", "volunteer", False)],
)  # fmt: skip
def test_who_may_take_in_what_on_a_laptop(
    open_store: Opener, tmp_path: Path, ledger: str, duty: str, allowed: bool
) -> None:
    ws = Workspace(open_store(role=FIELD_ROLE, duty=duty, person="刘芳"), lambda: None)
    home(ws.session)
    path = form(tmp_path / "form.xlsx", ledger, FILLED[ledger])
    grid = ws.session.grids()
    grid_id = grid[0] if grid else Village(ws.session).grid
    if not allowed:
        with pytest.raises(Denied) as refused:
            ws.rosters.look(path, grid_id)
        assert str(refused.value).endswith("。")
        return
    preview = ws.rosters.look(path, grid_id)
    assert isinstance(preview, FormPreview)
    assert states(preview) == ["new"]
    assert ws.rosters.keep(preview).counts["new"] == 1


def test_a_laptop_takes_nothing_into_a_grid_it_does_not_hold(session: Session, tmp_path: Path) -> None:
    ws, village = Workspace(session, lambda: None), Village(session)
    other = village.add("grid", name="第四网格")
    device = village.add("device", number=1, staff_id=session.who, state="active")
    village.add("device_grid", device_id=device, grid_id=village.grid)
    assert session.grids() == [village.grid]
    there = village.add("building", grid_id=other, building_name="9")
    door = village.add("dwelling", building_id=there, unit_no="1", room_no="101")
    village.add("household", dwelling_id=door, head_name="周平", household_no="H09", status="active")
    preview = ws.rosters.look(
        form(tmp_path / "b.xlsx", "requests", FILLED["requests"] | {"户编号": "H09"}), village.grid
    )
    assert isinstance(preview, FormPreview)
    assert states(preview) == ["rejected"]
    assert "C4" in reasons(preview)
    path = form(tmp_path / "a.xlsx", "shops", FILLED["shops"] | {"网格": "第四网格", "联系包保人": ""})
    preview = ws.rosters.look(path, village.grid)
    assert isinstance(preview, FormPreview)
    assert states(preview) == ["rejected"]
    assert "E4" in reasons(preview)
    with pytest.raises(NotFound):
        ws.rosters.look(path, other)


def test_who_watches_sees_neither_names_nor_values(ws: Workspace, tmp_path: Path) -> None:
    preview = look(ws, form(tmp_path / "a.xlsx", "volunteering", FILLED["volunteering"]))
    (row,) = preview.shared_rows()
    assert "程国强" not in str(row)
