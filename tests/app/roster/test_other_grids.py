"""The ledger of a whole community, read for one of its grids: nobody of the others moves there, or stands twice."""

from pathlib import Path

import pytest

from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.sheets.read import read_book
from tests.sheets.ledgers import Looks, Rows, id_number, xlsx

HEADERS = ["所属网格", "楼栋", "室", "姓名", "身份证号", "与户主关系"]
CHEN = ["第一网格", "3", "101", "陈建国", id_number("19491231", 2), "户主"]
SON = ["", "", "", "陈强", id_number("19800526", 425), "儿子"]
LI = ["第二网格", "3", "101", "李敏", id_number("19520304", 2), "户主"]
WIFE = ["", "", "", "周敏", "", "妻子"]


@pytest.fixture
def grids(office: Workspace) -> list[int]:
    return [office.devices.add_grid(name) for name in ("第一网格", "第二网格")]


def taken(office: Workspace, grid: int, folder: Path, rows: Rows) -> Preview:
    preview = office.rosters.preview(xlsx(folder / "ledger.xlsx", {"台账": rows}), grid)
    office.rosters.save(preview)
    return preview


def lives(office: Workspace, grid: int) -> list[tuple[str, str]]:
    return [(one["name"], one["household_key"]) for one in office.rosters.neutral(grid)["residents"]]


def test_each_grid_takes_its_own_rows(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    """Also those that carry on the row above, and where two grids have doors of one number."""
    rows = [HEADERS, CHEN, SON, LI, WIFE]
    first = taken(office, grids[0], tmp_path, rows)
    assert (first.counts, lives(office, grids[0])) == (
        {"new": 2, "rejected": 2},
        [("陈建国", "3||101"), ("陈强", "3||101")],
    )
    assert {row.reasons for row in first.rows if row.state == "rejected"} == {
        ("This row is of the grid 第二网格: choose that one and import the ledger again for its people.",)
    }
    second = taken(office, grids[1], tmp_path, rows)
    assert second.counts == {"new": 2, "rejected": 2}
    assert lives(office, grids[1]) == [("李敏", "3||101"), ("周敏", "3||101")]
    assert len(lives(office, grids[0])) == 2
    assert not [one for one in (*first.notices, *second.notices) if "所属网格" in one]
    assert [one.values["head_id"] is not None for one in office.records.page("household")] == [True, True]


@pytest.mark.parametrize(
    "called", ["2", "第2网格", "二网格", "师院社区第二网格", "02", "网格2", "第二网格（周敏）", "2号网格"]
)
def test_a_grid_is_known_by_its_number(office: Workspace, grids: list[int], tmp_path: Path, called: str) -> None:
    preview = taken(office, grids[0], tmp_path, [HEADERS, CHEN, [called, *LI[1:]]])
    assert preview.counts == {"new": 1, "rejected": 1}


@pytest.mark.parametrize("called", ["1", "第12网格", "城南片", "", "师院社区", "〃", "周敏"])
def test_what_names_no_other_grid_of_the_books_is_of_the_chosen_one(
    office: Workspace, grids: list[int], tmp_path: Path, called: str
) -> None:
    preview = taken(office, grids[0], tmp_path, [HEADERS, CHEN, [called, "4", *LI[2:]]])
    assert preview.counts == {"new": 2}


def test_a_grid_merged_over_rows_is_that_of_each(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    rows = [HEADERS, CHEN, LI, ["", "3", "102", "周敏", "", "户主"], ["第一网格", "3", "103", "何芳", "", "户主"]]
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": rows}, Looks(merged={"台账": [(2, 0, 3, 0)]}))
    assert office.rosters.preview(path, grids[0]).counts == {"new": 2, "rejected": 2}


def test_a_ledger_that_is_all_of_another_grid_brings_in_nobody(
    office: Workspace, grids: list[int], tmp_path: Path
) -> None:
    preview = taken(office, grids[0], tmp_path, [HEADERS, LI, WIFE])
    assert (preview.counts, lives(office, grids[0])) == ({"rejected": 2}, [])


def test_a_grid_merged_into_another_is_that_one(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    office.grids.merge(grids[1], grids[0])
    preview = taken(office, grids[0], tmp_path, [HEADERS, CHEN, [*LI[:1], "4", *LI[2:]]])
    assert preview.counts == {"new": 2}


def test_several_in_a_row_and_usual_rows_are_told_by_it_too(
    office: Workspace, grids: list[int], tmp_path: Path
) -> None:
    rows = [[*HEADERS, "成员1", "成员1关系"], [*CHEN, "何芳", "妻子"], [*LI, "周强", "儿子"]]
    preview = taken(office, grids[0], tmp_path, rows)
    assert [name for name, _ in lives(office, grids[0])] == ["陈建国", "何芳"]
    assert preview.counts == {"new": 2, "rejected": 2}


def test_our_own_list_of_all_households_doubles_nobody(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    for grid in grids:
        taken(office, grid, tmp_path, [HEADERS, CHEN, SON, LI, WIFE])
    path = tmp_path / "households.xlsx"
    office.rosters.export(ExportWish(path, "report", ledger="households"))
    preview = office.rosters.look(path, grids[0])
    assert preview.counts == {"same": 1, "rejected": 1}


def test_our_own_list_of_all_residents_moves_nobody(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    """Two grids have doors of one number, and namesakes behind them: the list says the grid of each."""
    for grid, other in zip(grids, ("1", "2"), strict=True):
        son = ["", "", "", "陈强", id_number(f"198{other}0526", 425), "儿子"]
        taken(office, grid, tmp_path, [HEADERS, ["", *CHEN[1:4], id_number("19491231", int(other)), "户主"], son])
    path = tmp_path / "residents.xlsx"
    office.rosters.export(ExportWish(path, "report"))
    for grid in grids:
        assert office.rosters.look(path, grid).counts == {"same": 2, "rejected": 2}


def test_a_list_of_one_grid_does_not_say_which(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    taken(office, grids[0], tmp_path, [HEADERS, CHEN, SON])
    path = tmp_path / "residents.xlsx"
    office.rosters.export(ExportWish(path, "report", grid=grids[0]))
    assert "第一网格" not in {cell for row in read_book(path).sheets[0].rows() for cell in row}
    assert office.rosters.look(path, grids[0]).counts == {"same": 2}


def test_in_a_long_ledger_no_row_is_overlooked(office: Workspace, grids: list[int], tmp_path: Path) -> None:
    """Below the first rows most are read a thousand at a time."""
    rows = [
        [
            f"第{'一二'[at % 2]}网格",
            str(at // 4),
            f"{100 + at}",
            f"陈{'建强芳敏'[at % 4]}",
            id_number("19800526", at),
            "户主",
        ]
        for at in range(60)
    ]
    preview = taken(office, grids[0], tmp_path, [HEADERS, *rows])
    assert preview.counts == {"new": 30, "rejected": 30}
