"""Ledgers in: the samples reach their marks through the store, twice the same, and go again as a whole."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from gridworker.app.roster import plan as roster_plan
from gridworker.app.roster import rosters
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.rosters import Rosters
from gridworker.app.roster.values import FULL_DAY
from gridworker.app.workspace import Workspace
from gridworker.domain.resident import Resident
from gridworker.errors import RosterProblem
from gridworker.record import Value
from gridworker.sheets.write import Table, write_table
from gridworker.store.records import count

SAMPLES = Path(__file__).parents[2] / "data" / "rosters"
FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in {".xlsx", ".csv", ".ods"})
HEADERS = ("姓名", "性别", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "室", "人员类别", "变动情况")
CHEN = ["陈桂芳", "女", "11010519491231002X", "户主", "13800000142", "3", "1", "202", "独居老人", ""]


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第三网格")


def ledger(folder: Path, *rows: list[str], name: str = "ledger.xlsx") -> Path:
    path = folder / name
    write_table(path, Table("居民台账", HEADERS, rows))
    return path


def score(outcome: dict[str, object], sample: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    out = folder / "outcome.json"
    out.write_text(json.dumps(outcome, ensure_ascii=False))
    expected = sample.with_suffix(".expected.json")
    return subprocess.run(
        [sys.executable, str(SAMPLES / "score.py"), str(out), str(expected), "--min", "0.98"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_a_sample_reaches_its_mark_through_the_store(
    sample: Path, office: Workspace, grid: int, tmp_path: Path
) -> None:
    preview = office.rosters.preview(sample, grid)
    office.rosters.save(preview)
    outcome = office.rosters.neutral(grid) | {"problems": preview.roster.to_neutral()["problems"]}
    scored = score(outcome, sample, tmp_path)
    assert scored.returncode == 0, scored.stdout
    assert "CRITICAL" not in scored.stdout


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_what_an_import_takes_over_unchecked_passes_the_check_of_its_field(sample: Path) -> None:
    people = Rosters.read(sample)["residents"]
    told = {
        "id_number": [person["id_number"] for person in people if person["id_number"]],
        "phones": [" ".join(person["phones"]) for person in people if person["phones"]],
        "birth_date": [day for person in people if len(day := person["birth_date"] or "") == FULL_DAY],
    }
    for name, values in told.items():
        assert [Resident.kind.specs[name].clean(value) for value in values] == values != []


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_what_an_import_would_see_reaches_its_mark(sample: Path, tmp_path: Path) -> None:
    scored = score(Rosters.read(sample), sample, tmp_path)
    assert scored.returncode == 0, scored.stdout


@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.stem)
def test_the_same_ledger_again_changes_nothing(sample: Path, office: Workspace, grid: int) -> None:
    office.rosters.save(office.rosters.preview(sample, grid))
    before = office.care_of_store.digest()
    again = office.rosters.preview(sample, grid)
    assert set(again.counts) <= {"same", "rejected"}
    assert not again.writes
    assert office.care_of_store.digest() == before


def test_a_preview_saves_nothing(office: Workspace, grid: int, tmp_path: Path) -> None:
    before = office.care_of_store.digest()
    preview = office.rosters.preview(ledger(tmp_path, CHEN), grid)
    assert preview.counts == {"new": 1}
    assert office.care_of_store.digest() == before


def test_an_import_is_taken_back_as_a_whole(office: Workspace, grid: int, tmp_path: Path) -> None:
    before = office.care_of_store.digest()
    imported = office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    undone = office.rosters.undo(imported)
    assert undone.kept == 0
    assert office.care_of_store.digest() == before


def test_the_last_import_that_stands_is_known_for_a_while(
    office: Workspace, grid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    second = office.rosters.save(
        office.rosters.preview(ledger(tmp_path, CHEN, ["李红", *CHEN[1:2], "", "女儿", *CHEN[4:]]), grid)
    )
    latest = office.rosters.latest()
    assert latest is not None
    assert latest.batch == second.batch
    office.rosters.undo(latest)
    before = office.rosters.latest()
    assert before is not None
    assert before.batch == first.batch
    monkeypatch.setattr(rosters, "LATELY", timedelta(0))
    assert office.rosters.latest() is None


@pytest.mark.parametrize("own", [False, True])
def test_undoing_an_import_leaves_what_was_built_on(office: Workspace, grid: int, tmp_path: Path, own: bool) -> None:
    """By others, and by who had imported it: weeks later they typed what they had found out of one of many."""
    imported = office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    resident = office.records.page("resident")[0].id
    clerk = office.session.who
    if not own:
        office.session.who = office.session.new_id()
    office.records.save("resident", {"note": "每周三在家"}, resident)
    office.session.who = clerk
    assert office.rosters.undo(imported).kept > 0
    assert office.records.show("resident", resident).values["note"] == "每周三在家"
    (home,) = office.records.page("household")
    members = [one for one in office.records.page("household_member") if one.values["household_id"] == home.id]
    assert [one.values["resident_id"] for one in members] == [resident]


def _changed(office: Workspace, grid: int, folder: Path, *rows: list[str]) -> dict[str, Value]:
    office.rosters.save(office.rosters.preview(ledger(folder, CHEN), grid))
    resident = office.records.page("resident")[0].id
    office.rosters.save(office.rosters.preview(ledger(folder, *rows, name="second.xlsx"), grid))
    return dict(office.records.show("resident", resident).values)


def test_a_changed_phone_updates_and_a_blank_cell_erases_nothing(office: Workspace, grid: int, tmp_path: Path) -> None:
    row = [*CHEN]
    row[4], row[8] = "13900000143", ""
    values = _changed(office, grid, tmp_path, row)
    assert values["phones"] == "13900000143"
    assert values["tags"] == "独居老人"
    with office.session.store.db.read() as connection:
        assert count(connection, "resident") == 1


def test_people_checked_in_several_lots_are_all_there(
    office: Workspace, grid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_plan, "AT_ONCE", 2)
    names = ["陈桂芳", "李敏", "王国强", "曾乐", "周敏"]
    rows = [[name, "", "", "其他", f"1380000014{at}", "3", "1", "202", "", ""] for at, name in enumerate(names)]
    office.rosters.save(office.rosters.preview(ledger(tmp_path, *rows), grid))
    found = {person.values["name"]: person.values["phones"] for person in office.records.page("resident")}
    assert found == {name: f"1380000014{at}" for at, name in enumerate(names)}
    assert office.care_of_store.check() == []


def test_a_corrected_number_is_the_same_person(office: Workspace, grid: int, tmp_path: Path) -> None:
    row = [*CHEN]
    row[2] = "110105194912310046"
    assert _changed(office, grid, tmp_path, row)["id_number"] == "110105194912310046"
    assert len(office.records.page("resident")) == 1


def test_another_door_moves_the_person(office: Workspace, grid: int, tmp_path: Path) -> None:
    row = [*CHEN]
    row[7] = "501"
    _changed(office, grid, tmp_path, row)
    members = office.records.page("household_member")
    assert [bool(member.values["valid_to"]) for member in members] == [True, False]
    files = [office.households.file(int(str(member.values["household_id"]))) for member in members]
    assert [len(file.home.members) for file in files] == [0, 1]  # in no two lists until midnight
    (person,) = office.rosters.neutral(grid)["residents"]
    assert person["household_key"] == "3|1|501"


@pytest.mark.parametrize("door", [["", "", ""], ["#REF!", "", ""]])
def test_who_has_no_door_is_told_of_too(office: Workspace, grid: int, tmp_path: Path, door: list[str]) -> None:
    headers = HEADERS if any(door) else tuple(header for header in HEADERS if header not in {"楼栋", "单元", "室"})
    row = dict(zip(HEADERS, CHEN, strict=True)) | dict(zip(("楼栋", "单元", "室"), door, strict=True))
    path = tmp_path / "ledger.csv"
    write_table(path, Table("台账", headers, [[row[header] for header in headers]]))
    office.rosters.save(office.rosters.preview(path, grid))
    (person,) = office.rosters.neutral(grid)["residents"]
    assert (person["name"], person["household_key"]) == (CHEN[0], None)


def test_who_moved_out_leaves_the_list(office: Workspace, grid: int, tmp_path: Path) -> None:
    row = [*CHEN]
    row[9] = "迁出"
    assert _changed(office, grid, tmp_path, row)["status"] == "moved_out"
    assert office.rosters.neutral(grid)["residents"] == []


def test_namesakes_with_numbers_of_their_own_stay_apart(office: Workspace, grid: int, tmp_path: Path) -> None:
    other = [*CHEN]
    other[2], other[3] = "110105194912310046", "其他"
    _changed(office, grid, tmp_path, CHEN, other)
    assert len(office.records.page("resident")) == 2


def test_tags_open_care_once(office: Workspace, grid: int, tmp_path: Path) -> None:
    _changed(office, grid, tmp_path, CHEN)
    (care,) = office.records.page("care_membership")
    assert (care.values["care_group"], care.values["basis"]) == ("C3", "official_list")


def test_rejected_rows_say_why(office: Workspace, grid: int, tmp_path: Path) -> None:
    bad = [*CHEN]
    bad[2] = "110105194912310021"
    preview = office.rosters.preview(ledger(tmp_path, bad), grid)
    (row,) = preview.rows
    assert row.state == "rejected"
    assert row.reasons
    assert not preview.writes


@pytest.mark.parametrize(("content", "kind"), [(b"", "file_empty"), (b"PK\x03\x04 cut off", "file_corrupt")])
def test_a_file_that_is_no_ledger_changes_nothing(
    content: bytes, kind: str, office: Workspace, grid: int, tmp_path: Path
) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    before = office.care_of_store.digest()
    with pytest.raises(RosterProblem) as problem:
        office.rosters.preview(path, grid)
    assert problem.value.kind == kind
    assert office.care_of_store.digest() == before


def test_an_export_is_masked_and_put_on_record(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rosters.save(office.rosters.preview(ledger(tmp_path, CHEN), grid))
    out = tmp_path / "out.csv"
    assert office.rosters.export(ExportWish(out, "report", grid)) == 1
    text = out.read_text(encoding="utf-8-sig")
    assert "陈桂芳" in text
    assert "11010519491231002X" not in text
    assert "13800000142" not in text
    last = office.records.page("audit_event", limit=1000)[-1].values
    assert (last["action"], last["count"], last["purpose"]) == ("export", 1, "report")
