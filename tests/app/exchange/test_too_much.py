"""More than one reply holds: the rest comes with the next ones, and nothing keeps back what has room."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.records import kind_named
from gridworker.store.store import Incoming
from gridworker.store.tables.changes import Act
from tests.circle import Circle, Family, phones


@pytest.mark.parametrize(("cap", "most"), [("MAX_OPS", 12), ("MAX_ALL_VALS", 200)])
def test_a_record_with_more_ops_than_a_reply_holds_keeps_no_other_back(
    circle: Circle, laptop: Workspace, family: Family, grid: int, monkeypatch: pytest.MonkeyPatch, cap: str, most: int
) -> None:
    later = [circle.family(grid, f"20{room}", "王秀英") for room in range(2)]
    circle.round(laptop)
    monkeypatch.setattr(f"gridworker.sync.outgoing.{cap}", most)
    for number in range(13):
        circle.office.records.save("resident", {"phones": f"138000000{number + 10}"}, family.resident)
    newcomer = circle.family(grid, "209", "李强")
    for one in later:
        circle.office.records.save("resident", {"phones": "13800000001"}, one.resident)
    for _ in range(6):
        circle.round(laptop)
    assert {phones(laptop, one.resident) for one in later} == {"13800000001"}
    assert laptop.records.show("resident", newcomer.resident).values["name"] == "李强"
    assert phones(circle.office, family.resident) == "13800000022"
    [line] = circle.office.exchange.left_out()
    assert line.startswith(f"Resident {family.resident} does not reach laptop 1: ")
    assert laptop.exchange.left_out() == []
    monkeypatch.undo()
    circle.round(laptop)
    assert phones(laptop, family.resident) == "13800000022"
    assert circle.office.exchange.left_out() == []


def test_what_more_people_wrote_than_a_reply_may_name_comes_with_several(
    circle: Circle, laptop: Workspace, family: Family, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [family, *(circle.family(grid, f"20{room}", "王秀英") for room in range(4))]
    circle.round(laptop)
    for module in ("outgoing", "format.payload"):
        monkeypatch.setattr(f"gridworker.sync.{module}.MAX_AUTHORS", 3, raising=False)
    store, kind = circle.office.session.store, kind_named("resident").kind
    phone = kind.specs["phones"].number
    rows = [
        OpRow(store.new_id(), kind.number, home.resident, What.EDIT, at,
              pack_edits(home.resident, [Edit(phone, "13800000009", (home.resident,))]))
        for at, home in enumerate(homes)
    ]  # fmt: skip
    store.apply(Incoming(rows, [Author(circle.office.session.who, scope) for scope in range(5)], Act("edit", 1)))
    for _ in range(3):
        circle.round(laptop)
    assert {phones(laptop, home.resident) for home in homes} == {"13800000009"}
    assert circle.agrees(laptop, grid)


def test_more_records_than_one_reply_may_name_leave_with_several(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [family, *(circle.family(grids[0], f"20{room}", "王秀英") for room in range(4))]
    stays = circle.family(grids[1], "909", "李强")
    circle.office.grids.give(1, list(grids))
    circle.round(laptop)
    monkeypatch.setattr("gridworker.sync.format.sections.MAX_RECORDS", 20)
    monkeypatch.setattr("gridworker.sync.passage.MOST_LEAVING", 10, raising=False)
    circle.office.grids.give(1, [grids[1]])
    circle.office.records.save("resident", {"phones": "13800000009"}, homes[-1].resident)
    for _ in range(4):
        circle.round(laptop)
    assert {one.id for one in laptop.records.page("household")} == {home.household for home in (*homes, stays)}
    circle.office.backups.make()
    for _ in range(2):
        circle.round(laptop)
    assert [one.id for one in laptop.records.page("household")] == [stays.household]
    assert circle.agrees(laptop, grids[1])
    assert laptop.exchange.agreements()[0].agrees
