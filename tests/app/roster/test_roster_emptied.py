"""A household that an import leaves nobody in has moved out, and its door is vacant: as by the acts of the window."""

from pathlib import Path

import pytest

from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.sheets.read import read_book
from gridworker.store.tables.changes import Change
from tests.app.roster.test_roster_again import FATHER, SON, Importing, Row, active, importing, people

__all__ = ["importing"]

FAMILY: tuple[Row, ...] = (FATHER, SON)
AWAY: Row = {"楼栋": "5", "单元": "2", "室": "601"}
GONE: Row = {"变动情况": "迁出"}


def homes(office: Workspace) -> dict[str, tuple[Value, Value]]:
    """By room: the status of the household, and whether its door is vacant."""
    rooms = {one.id: one.values for one in office.records.page("dwelling")}
    found = {}
    for home in office.records.page("household"):
        room = rooms[int(str(home.values["dwelling_id"]))]
        found[str(room["room_no"])] = (home.values["status"], room["vacancy"])
    return found


def emptied(preview: Preview) -> list[str]:
    """Who is said to be the last to leave."""
    return [row.name for row in preview.rows if row.suspect and any("Nobody is left" in said for said in row.reasons)]


@pytest.mark.parametrize("how", [AWAY, GONE, {"变动情况": "死亡"}])
def test_a_household_that_nobody_is_left_of_has_moved_out(office: Workspace, importing: Importing, how: Row) -> None:
    importing(*FAMILY)
    before = homes(office)
    assert before == {"202": ("active", "occupied")}
    preview = importing(*({**one, **how} for one in FAMILY))
    assert emptied(preview) == ["陈强"]
    assert [said for said in preview.notices if "1 household has nobody left" in said]
    assert homes(office)["202"] == ("moved_out", "vacant")
    latest = office.rosters.latest()
    assert latest is not None
    office.rosters.undo(latest)
    assert homes(office) == before
    assert active(office) == {"陈建国": "3|1|202", "陈强": "3|1|202"}


def test_where_one_stays_or_comes_the_household_lives_on(office: Workspace, importing: Importing) -> None:
    importing(*FAMILY)
    assert not emptied(importing({**FATHER, **AWAY}))
    assert homes(office)["202"] == ("active", "occupied")
    new = {"姓名": "周一", "与户主关系": "户主", "楼栋": "3", "单元": "1", "室": "202"}
    assert not emptied(importing({**SON, **AWAY, "身份证号": ""}, new))
    assert homes(office)["202"] == ("active", "occupied")


def test_a_door_that_two_households_share_is_not_vacant(office: Workspace, importing: Importing) -> None:
    importing(*FAMILY)
    (dwelling,) = office.records.page("dwelling")
    tenants: dict[str, Value] = {"dwelling_id": dwelling.id, "status": "active"}
    office.session.write([Change("household", office.session.new_id(), tenants, create=True)], "edit")
    preview = importing(*({**one, **GONE} for one in FAMILY))
    assert emptied(preview) == ["陈强"]
    status = sorted(str(one.values["status"]) for one in office.records.page("household"))
    assert status == ["active", "moved_out"]
    assert office.records.page("dwelling")[0].values["vacancy"] == "occupied"


def test_what_was_asked_for_goes_along_with_all_and_is_over_with_those_who_moved_out(
    office: Workspace, importing: Importing
) -> None:
    importing(*FAMILY)
    (home,) = office.records.page("household")
    asked: dict[str, Value] = {
        "household_id": home.id, "title": "修楼道灯", "need_kind": "living", "status": "collected",
        "raised_on": "2025-11-01",
    }  # fmt: skip
    need = office.session.new_id()
    office.session.write([Change("need", need, asked, create=True)], "edit")
    importing(*({**one, **AWAY} for one in FAMILY))
    (moved,) = [one.id for one in office.records.page("household") if one.values["status"] == "active"]
    told = office.session.store.get("need", need)
    assert told is not None
    assert (told["household_id"], told["status"]) == (moved, "collected")
    importing(*({**one, **AWAY, **GONE} for one in FAMILY))
    told = office.session.store.get("need", need)
    assert told is not None
    assert told["status"] == "declined"


def test_who_left_with_all_stays_gone_in_ledgers_that_go_on_listing_them(
    office: Workspace, importing: Importing
) -> None:
    importing(*FAMILY)
    importing(*({**one, **GONE} for one in FAMILY))
    again = importing(*FAMILY)
    assert not again.writes
    assert {one["status"] for one in people(office).values()} == {"moved_out"}


def test_somebody_new_behind_a_vacant_door_lives_in_a_household_of_their_own(
    office: Workspace, importing: Importing
) -> None:
    importing(*FAMILY)
    importing(*({**one, **AWAY} for one in FAMILY))
    importing({"姓名": "周一", "与户主关系": "户主", "楼栋": "3", "单元": "1", "室": "202"})
    assert active(office)["周一"] == "3|1|202"
    assert len(office.records.page("household")) == 3
    assert {one.values["vacancy"] for one in office.records.page("dwelling")} == {"occupied"}


def test_a_report_says_how_many_households_move_out(office: Workspace, importing: Importing, tmp_path: Path) -> None:
    importing(*FAMILY)
    preview = importing(*({**one, **AWAY} for one in FAMILY), save=False)
    path = tmp_path / "report.xlsx"
    office.rosters.report(preview, path, purpose="check")
    told = [str(cell) for row in read_book(path).sheets[0].rows() for cell in row]
    assert [cell for cell in told if "1 household has nobody left" in cell]
