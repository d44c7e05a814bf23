"""D15 for what is no ledger of the roster: the audit, chosen households, the report of an import, heads of a form."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from gridworker.app.household.export import HouseholdLedger
from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.sheets.cells import unescaped
from gridworker.sheets.write import Table, write_table
from tests.circle import Circle
from tests.pictures import photo
from tests.sheets.payloads import PAYLOADS, cells_of, seen_by_libreoffice

STARTS = "=+-@\t\r＝＋－＠"
TYPED = tuple(text for text in PAYLOADS if text == text.strip() and "\u200b" not in text and "\ufeff" not in text)
SOME = TYPED[:: len(TYPED) // 25]


@pytest.fixture
def office(circle: Circle) -> Workspace:
    """Whose clerk, households and forms are called by payloads."""
    grid = circle.office.devices.add_grid("第一网格")
    for number, text in enumerate(SOME):
        family = circle.family(grid, f"{number + 1}01")
        circle.office.records.save("household", {"remark": text}, family.household)
    return circle.office


def leave_whole(files: Sequence[Path], typed: Sequence[str], place: Path) -> None:
    """No cell is a formula, and what was typed stands in cells of each file as it was."""
    read = [(file, cells_of(file)) for file in files]
    for file, cells in read:
        if file.suffix == ".csv":
            assert not [cell for cell in cells if cell[:1] and cell[0] in STARTS]
    if os.environ.get("GRIDWORKER_LIBREOFFICE"):
        read += seen_by_libreoffice(files, place)
    for file, cells in read:
        whole = set(map(unescaped, cells)) if file.suffix == ".csv" else set(cells)
        assert set(typed) <= whole, file.name


def test_payloads_among_chosen_households_leave_as_they_are(office: Workspace, tmp_path: Path) -> None:
    office.presets.save({"name": "上报", "ledger": "households", "number_form": "full", "columns": "remark"})
    chosen = [one.id for one in office.records.page("household", limit=100)]
    files = [tmp_path / "homes.xlsx", tmp_path / "homes.csv"]
    for file in files:
        HouseholdLedger(office.session).write(file, chosen, purpose="check", preset="上报")
    leave_whole(files, SOME, tmp_path)


def test_payloads_as_names_in_the_audit_and_as_heads_of_a_form(office: Workspace, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.{suffix}" for name in ("audit", "heads") for suffix in ("xlsx", "csv")]
    own = office.session.who
    names = [text for text in SOME if any(map(str.isalpha, text))]
    for text in names:
        office.session.who = office.records.save("staff", {"name": text, "role": "office", "active": True}).id
        office.session.note("search", detail="number")
    office.session.who = own
    heads = SOME[:20]
    office.presets.save(
        {"name": "上报", "ledger": "households", "columns": "\n".join(f"remark={one}" for one in heads)}
    )
    for file in files[:2]:
        office.audit.export(file, purpose="check")
    for file in files[2:]:
        office.rosters.export(ExportWish(file, "check", ledger="households", preset="上报"))
    leave_whole(files[:2], names, tmp_path)
    leave_whole(files[2:], heads, tmp_path)


def test_payloads_in_the_report_of_an_import(office: Workspace, tmp_path: Path) -> None:
    heads = ["姓名", "与户主关系", "楼栋", "单元", "室", "备注"]
    rows = [[f"张{text}", "户主", "9", "1", f"{number + 1}02", text] for number, text in enumerate(SOME)]
    write_table(tmp_path / "ledger.xlsx", Table("居民台账", heads, rows))
    preview = office.rosters.preview(tmp_path / "ledger.xlsx", office.session.grids()[0])
    files = [tmp_path / "report.xlsx", tmp_path / "report.csv"]
    for file in files:
        office.rosters.report(preview, file, purpose="check")
    leave_whole(files, [row.name for row in preview.rows if row.name], tmp_path)


def test_nothing_in_clear_is_written_into_the_data_folder(office: Workspace, tmp_path: Path) -> None:
    """Nobody would look for it there, and it goes wherever that folder is copied."""
    root = office.session.folder.root
    grid = office.session.grids()[0]
    [home] = office.records.page("household", limit=1)
    taken = office.attachments.add("household", home.id, photo(1, 5_000)).id
    write_table(tmp_path / "ledger.xlsx", Table("居民台账", ["姓名", "楼栋"], [["张三", "9"]]))
    preview = office.rosters.preview(tmp_path / "ledger.xlsx", grid)
    [person] = office.records.page("resident", limit=1)
    told = office.person_files.read(person.id)
    (root / "backups").mkdir()
    (tmp_path / "link").symlink_to(root)
    before, rows = sorted(root.rglob("*")), len(office.audit.ids_here())
    for place in (root, root / "backups", tmp_path / "link"):
        for export in (
            lambda at: office.rosters.export(ExportWish(at / "list.csv", "check", ledger="households")),
            lambda at: HouseholdLedger(office.session).write(at / "list.csv", [home.id], purpose="check"),
            lambda at: office.rosters.report(preview, at / "list.csv", purpose="check"),
            lambda at: office.rosters.check_report(at / "list.csv"),
            lambda at: office.audit.export(at / "list.csv", purpose="check"),
            lambda at: office.attachments.save(taken, at / "reset.json"),
            lambda at: office.person_files.write(told, at / "unread.json"),
        ):
            with pytest.raises(Problem, match="would lie in the data folder"):
                export(place)
    assert sorted(root.rglob("*")) == before
    assert len(office.audit.ids_here()) == rows
