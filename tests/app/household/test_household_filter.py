"""What the list of households is narrowed to, and how chosen ones leave the house: masked, on record."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridworker.app.household import filter as household_filter
from gridworker.app.household import first as household_first
from gridworker.app.household import order as household_order
from gridworker.app.household.filter import HouseholdFilter
from gridworker.app.household.households import Households
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.domain.consent_rules import in_force
from gridworker.domain.findings import household_findings, resident_findings
from gridworker.errors import Denied, Problem
from gridworker.sheets.read import read_book
from gridworker.store.queries import household_filters as rows
from gridworker.store.queries import households
from gridworker.store.queries.household_filters import missing
from tests.app.test_gate import act_as
from tests.circle import delete
from tests.village import Home, Village


@pytest.fixture
def homes(village: Village) -> dict[str, Home]:
    """Four households: in care, without anything, not visited for long, nobody written down."""
    chen = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", contact_phone="13800000142")
    cheng = village.household("程国富", "3", "1", "301")
    huang = village.household("黄志强", "5", "2", "601", birth="1970-01-01")
    dwelling = village.add("dwelling", building_id=village.building("5"), unit_no="2", room_no="602")
    nobody = Home(village.add("household", dwelling_id=dwelling, status="active"), dwelling)
    village.care(chen, "C3", arrangement="2", person="陈桂芳")
    village.care(huang, "C5")
    village.care(cheng, "C4", end="2025-12-01")
    village.visit(chen, "2026-03-09")
    village.visit(huang, "2025-12-01")
    village.visit(cheng, "2026-03-01", "nobody_home")
    village.add("consent", household_id=chen.id, purpose="file", scope="basic", method="oral", given_on="2026-03-01")
    village.add("consent", household_id=huang.id, purpose="file", scope="basic", method="oral", given_on="2024-03-01",
                expires_on="2025-03-01")  # fmt: skip
    return {"陈": chen, "程": cheng, "黄": huang, "": nobody}


LEFT = [
    (HouseholdFilter(), {"陈", "程", "黄", ""}),
    (HouseholdFilter(care="any"), {"陈", "黄"}),
    (HouseholdFilter(care="C3"), {"陈"}),
    (HouseholdFilter(unvisited="30"), {"程", "黄", ""}),
    (HouseholdFilter(unvisited="180"), {"程", ""}),
    (HouseholdFilter(missing="phone"), {"程", "黄", ""}),
    (HouseholdFilter(missing="birth"), {"程"}),
    (HouseholdFilter(missing="people"), {""}),
    (HouseholdFilter(missing="emptied"), set()),
    (HouseholdFilter(missing="consent"), {"程", "黄", ""}),
    (HouseholdFilter(missing="head"), set()),
    (HouseholdFilter(missing="one_head"), set()),
    (HouseholdFilter(missing="identity"), set()),
    (HouseholdFilter(missing="door"), set()),
    (HouseholdFilter(missing="number"), set()),
    (HouseholdFilter(care="any", unvisited="30"), {"黄"}),
]


def test_who_is_left(workspace: Workspace, homes: dict[str, Home]) -> None:
    for narrowing, left in LEFT:
        found = workspace.households.ids("", "door", narrowing)
        assert {name for name, home in homes.items() if home.id in found} == left, narrowing
        assert len(found) == len(left), narrowing


def test_what_looks_wrong_is_listed(workspace: Workspace, village: Village, homes: dict[str, Home]) -> None:
    village.member(homes["黄"], "黄小明", "02")
    village.change("resident", homes["程"].people["程国富"], {"id_number": "11010519491231002X", "sex": "1"})
    for what, name in (("one_head", "黄"), ("identity", "程")):
        assert workspace.households.ids("", "door", HouseholdFilter(missing=what)).tolist() == [homes[name].id]
    village.change("household", homes["陈"].id, {"head_id": None})
    assert not workspace.households.ids("", "door", HouseholdFilter(missing="head"))  # the membership names her
    village.change("household_member", workspace.records.page("household_member")[0].id, {"relation": "10"})
    assert workspace.households.ids("", "door", HouseholdFilter(missing="head")).tolist() == [homes["陈"].id]


@pytest.mark.parametrize("gone", ["dwelling", "building", "grid"])
def test_a_household_whose_door_leads_nowhere_is_listed(
    workspace: Workspace, village: Village, homes: dict[str, Home], gone: str
) -> None:
    """However that came about: by a bundle, an older version, an undo."""
    door = workspace.records.show("dwelling", homes["陈"].dwelling or 0)
    ids = {"dwelling": door.id, "building": door.values["building_id"], "grid": village.grid}
    delete(workspace, gone, int(str(ids[gone])))
    lost = {"dwelling": {"陈"}, "building": {"陈", "程"}, "grid": {"陈", "程", "黄", ""}}[gone]
    found = set(workspace.households.ids("", "door", HouseholdFilter(missing="door")))
    assert found == {homes[name].id for name in lost}
    village.change("household", homes["黄"].id, {"dwelling_id": None})
    assert homes["黄"].id in workspace.households.ids("", "door", HouseholdFilter(missing="door"))


def test_a_door_in_a_grid_of_its_own_leads_there(
    workspace: Workspace, village: Village, homes: dict[str, Home]
) -> None:
    other = village.add("grid", name="第四网格")
    village.change("dwelling", homes["陈"].dwelling or 0, {"grid_id": other})
    delete(workspace, "grid", village.grid)
    found = set(workspace.households.ids("", "door", HouseholdFilter(missing="door")))
    assert found == {homes[name].id for name in ("程", "黄", "")}


def test_a_number_two_households_of_one_grid_have_is_listed(
    workspace: Workspace, village: Village, homes: dict[str, Home]
) -> None:
    def twice() -> set[int]:
        return set(workspace.households.ids("", "door", HouseholdFilter(missing="number")))

    for name, number in (("陈", "17"), ("黄", "17"), ("程", "18")):
        village.change("household", homes[name].id, {"household_no": number})
    assert twice() == {homes["陈"].id, homes["黄"].id}
    other = village.add("grid", name="第四网格")
    village.change("dwelling", homes["黄"].dwelling or 0, {"grid_id": other})
    assert twice() == set()
    village.change("grid", other, {"merged_into": village.grid})
    assert twice() == {homes["陈"].id, homes["黄"].id}
    village.change("household", homes["黄"].id, {"status": "moved_out"})
    assert twice() == {homes["陈"].id}, "the number is that of the household that left"
    village.change("household", homes["陈"].id, {"household_no": None})
    assert twice() == set()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["02", "10", None]), st.booleans()), max_size=3),
    st.sampled_from([None, 0, 1, 7]),
    st.sampled_from([None, "11010519491231002X", "110105491231002", "360426199101010071", "110105209012310023", "?"]),
    st.sampled_from([None, "1949-12-31", "1991-01-01", "2026-03-19"]),
    st.sampled_from([None, "0", "1", "2"]),
)
def test_the_list_asks_columns_what_the_rules_ask_values(
    session: Session,
    relations: list[tuple[int, str | None, bool]],
    head: int | None,
    number: str | None,
    born: str | None,
    sex: str | None,
) -> None:
    """The filters are findings.py over columns: they leave a household where the rules find something, else not."""
    today = session.today()
    members = {resident: (relation, over) for resident, relation, over in relations}
    people = {"id_number": number, "birth_date": born, "sex": sex}
    with session.store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM household")
        connection.exec_driver_sql("DELETE FROM household_member")
        connection.exec_driver_sql("DELETE FROM resident")
        connection.exec_driver_sql("INSERT INTO household (id, status, head_id) VALUES (1, 'active', ?)", (head,))
        for resident, (relation, over) in members.items():
            connection.exec_driver_sql(
                "INSERT INTO household_member (id, household_id, resident_id, relation, valid_to) VALUES (?,1,?,?,?)",
                (resident, resident, relation, "2026-03-17" if over else None),
            )
            connection.exec_driver_sql(
                "INSERT INTO resident (id, id_number, birth_date, sex) VALUES (?,?,?,?)", (resident, number, born, sex)
            )
    present = [(resident, relation) for resident, (relation, over) in members.items() if not over]
    heads = {finding.code for finding in household_findings(present, head)}
    with session.store.db.read() as connection:
        left = {what for what in ("head", "one_head", "identity") if missing(connection, what, today)}
    assert ("head" in left, "one_head" in left) == ("head_missing" in heads, "head_duplicate" in heads)
    assert ("identity" in left) == bool(present and resident_findings(people, today))


DAYS = (None, "2026-03-17", "2026-03-18", "2026-03-19")
"""None, yesterday, today, tomorrow."""


def test_a_consent_counts_on_the_days_it_counts_elsewhere(workspace: Workspace, village: Village) -> None:
    today, lack = workspace.session.today(), set[int]()
    homes = []
    for at, (given_on, expires_on, withdrawn_on) in enumerate(product(DAYS[1:], DAYS, DAYS)):
        home = village.household("陈桂芳", "3", "1", f"{at + 1}01")
        homes.append(home.id)
        of_one: dict[str, Any] = {"resident_id": home.people["陈桂芳"]} if at % 2 else {"household_id": home.id}
        told: dict[str, Any] = {"given_on": given_on, "expires_on": expires_on, "withdrawn_on": withdrawn_on}
        if any(day and day < str(given_on) for day in (expires_on, withdrawn_on)):
            continue  # nobody can say that
        village.add("consent", purpose="file", scope="basic", method="oral", **of_one, **told)
        if in_force(told, today):
            lack.add(home.id)
    with workspace.session.store.db.read() as connection:
        for among in (None, homes):
            assert set(homes) - missing(connection, "consent", today, among) == lack
    assert 0 < len(lack) < len(homes)


@pytest.mark.parametrize(("at", "left"), [("2026-02-15T15:59:00Z", True), ("2026-02-15T16:00:00Z", False)])
def test_who_was_called_on_thirty_days_ago_was_so_within_them(
    workspace: Workspace, village: Village, at: str, left: bool
) -> None:
    """On 18 March from 16 February on, which begins at midnight here."""
    home = village.household("陈桂芳", "3", "1", "202")
    village.visit(home, at)
    assert list(workspace.households.ids("", narrowing=HouseholdFilter(unvisited="30"))) == ([home.id] if left else [])


def test_by_building_and_by_name_together(workspace: Workspace, village: Village, homes: dict[str, Home]) -> None:
    narrowing = HouseholdFilter(building=str(village.building("5")))
    assert workspace.households.ids("", "door", narrowing).tolist() == [homes["黄"].id, homes[""].id]
    assert workspace.households.ids("hzq", "door", narrowing).tolist() == [homes["黄"].id]
    assert not workspace.households.ids("cgf", "door", narrowing)


def test_the_newest_files_first(workspace: Workspace, homes: dict[str, Home]) -> None:
    ids = [home.id for home in homes.values()]
    assert workspace.households.ids("", "newest").tolist() == sorted(ids, reverse=True)


ORDERS = [
    ("door", False, "陈 程 黄 -"), ("door", True, "- 黄 程 陈"),
    ("name", False, "陈 程 黄 -"), ("name", True, "黄 程 陈 -"),
    ("people", False, "程 黄 陈 -"), ("people", True, "陈 程 黄 -"),
    ("care", False, "陈 黄 程 -"), ("care", True, "黄 陈 程 -"),
    ("visit", False, "程 - 黄 陈"), ("visit", True, "陈 黄 程 -"),
    ("newest", False, "- 黄 程 陈"), ("newest", True, "陈 程 黄 -"),
]  # fmt: skip
"""By the sound of names: chén, chéng, huáng. Among equals by door; without a value last, but never visited first."""


def test_in_every_order_both_ways(workspace: Workspace, village: Village, homes: dict[str, Home]) -> None:
    village.member(homes["陈"], "陈小宝", "20")
    called = {home.id: name or "-" for name, home in homes.items()}
    for order, down, expected in ORDERS:
        ids = workspace.households.ids("", order, down=down)
        assert " ".join(called[id_] for id_ in ids) == expected, (order, down)


NONE_ARE_FEW = household_first.Patience(few=0, few_in_order=0)


def test_the_first_page_is_how_the_list_begins(workspace: Workspace, homes: dict[str, Home]) -> None:
    ids = workspace.households.ids
    for order, down, _ in ORDERS:
        first = Households(workspace.session).first  # that nobody has asked for a list yet
        soon = (order, down) in {("door", False), ("door", True), ("newest", False), ("newest", True)}
        for narrowing, _ in LEFT:
            later = narrowing.missing == "number" or narrowing.care.startswith("C")  # few are put in order at once
            whole = tuple(ids("", order, narrowing, down=down))
            expected = {whole} if soon and not later else {whole, ()}
            assert first(9, order, narrowing, down=down) in expected, (order, down, narrowing)
            with patch.object(household_first, "PATIENCE", NONE_ARE_FEW):
                assert first(9, order, narrowing, down=down) in {whole, ()}
    first = Households(workspace.session).first
    assert first(2, "visit") == tuple(ids("", "visit")[:2])  # who was never visited comes first, and there are two
    assert first(3, "visit") == ()
    assert len(homes) == 4


def test_the_first_page_is_not_looked_for_for_long(workspace: Workspace, homes: dict[str, Home]) -> None:
    cared = HouseholdFilter(care="C5")
    one_lot, one_home = replace(NONE_ARE_FEW, lots=1), replace(NONE_ARE_FEW, tried=1)
    with patch.object(household_first, "PATIENCE", NONE_ARE_FEW), patch.object(household_order, "_FIRST_LOT", 1):
        none_more = replace(one_lot, lots_promised=1)
        with patch.multiple(household_first, PATIENCE=none_more, _of_all=lambda *_asked: (7,)):
            assert len(workspace.households.first(2)) == 2
            assert workspace.households.first(3) == (7,)
            assert workspace.households.first(1, "door", cared) == (7,)
        with patch.multiple(household_first, PATIENCE=one_home, _of_all=lambda *_asked: (7,)):
            assert len(workspace.households.first(2)) == 2
            assert workspace.households.first(1, "door", cared) == (7,)
        with patch.object(household_first, "PATIENCE", one_lot):
            assert len(workspace.households.first(3)) == 3, "what was met with promises a page"
            assert workspace.households.first(1, "door", cared) == (homes["黄"].id,), "of all that the filter leaves"
        assert workspace.households.first(1, "door", cared) == (homes["黄"].id,)


def test_filters_of_some_leave_what_those_of_all_leave(workspace: Workspace, homes: dict[str, Home]) -> None:
    building = str(workspace.buildings.tabs()[0].id)
    for narrowing, _ in LEFT:
        among = replace(narrowing, building=building)
        with patch.object(household_filter, "FEW", 0):
            of_all = workspace.households.ids("", "door", among)
        assert workspace.households.ids("", "door", among) == of_all
    assert homes


SOME = [
    rows.CARED_FOR, rows.VISITED, f"{rows.UNVISITED} AND {rows.AMONG}", households.OLDEST, households.NEWEST,
    *(f"SELECT h.id FROM household h WHERE {asked} AND {rows.AMONG}"
      for what, asked in rows.MISSING_OF_SOME.items() if what != "number"),
]  # fmt: skip


@pytest.mark.parametrize("statement", SOME)
def test_a_page_is_read_by_keys_and_indexes(workspace: Workspace, statement: str) -> None:
    values = {"among": "[1]", "today": "2026-03-18", "moment": "x", "group": "", "last": 1, "limit": 1}
    with workspace.session.store.db.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan
    assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step]
    assert not [step for step in plan if "TEMP B-TREE" in step or "AUTOMATIC" in step]


def test_who_may_not_see_care_gets_no_order_by_it(workspace: Workspace, homes: dict[str, Home]) -> None:
    by_door = workspace.households.ids("")
    assert workspace.households.ids("", "care") != by_door
    act_as(workspace.session, "building_head")
    assert workspace.households.ids("", "care") == by_door


def test_everything_that_can_be_chosen_is_answered(workspace: Workspace, homes: dict[str, Home]) -> None:
    for name, offered in workspace.households.choices().items():
        for choice in offered:
            found = workspace.households.ids("", "door", HouseholdFilter(**{name: choice.value}))
            assert len(found) <= len(homes)


def test_chosen_households_leave_masked_and_on_record(
    workspace: Workspace, homes: dict[str, Home], tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    assert workspace.households.ledger.write(path, [homes["黄"].id, homes["陈"].id], purpose="check") == 2
    cells = [str(cell) for sheet in read_book(path).sheets for line in sheet.rows() for cell in line]
    assert cells.index("黄志强") < cells.index("陈桂芳")
    assert "138****0142" in cells
    assert "13800000142" not in " ".join(cells)
    page = workspace.households.ledger.page([homes["陈"].id], purpose="check")
    assert "138****0142" in page
    rows = [row.values for row in workspace.records.page("audit_event", limit=1000)]
    noted = [(row["action"], row["count"], row["purpose"]) for row in rows if row["action"] in {"export", "print"}]
    assert noted == [("export", 2, "check"), ("print", 1, "check")]


def test_nothing_leaves_without_saying_what_for(workspace: Workspace, homes: dict[str, Home], tmp_path: Path) -> None:
    with pytest.raises(Problem):
        workspace.households.ledger.write(tmp_path / "out.xlsx", [homes["陈"].id], purpose=" ")
    assert list(tmp_path.glob("out*")) == []


def test_a_laptop_gives_out_no_more_households_than_the_office_lets_it(
    workspace: Workspace, homes: dict[str, Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.office_rules.OfficeRules.export_cap", lambda _: 1)
    monkeypatch.setattr("gridworker.app.session.Session.is_office", False)
    both = [homes["黄"].id, homes["陈"].id]
    with pytest.raises(Denied, match="up to 1 leave"):
        workspace.households.ledger.write(tmp_path / "out.xlsx", both, purpose="check")
    assert list(tmp_path.glob("out*")) == []
    assert workspace.households.ledger.write(tmp_path / "out.xlsx", both[:1], purpose="check") == 1


def test_chosen_households_in_a_superiors_form(
    workspace: Workspace, homes: dict[str, Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [spec.name for spec in workspace.households.ledger.fields()] == ["purpose"]
    monkeypatch.setattr("gridworker.app.session.Session.is_office", True)
    act_as(workspace.session, "office")
    workspace.presets.save({"name": "街道", "ledger": "households", "columns": "head=户主\nphone"})
    workspace.presets.save({"name": "全", "ledger": "households", "columns": "phone", "number_form": "full"})
    workspace.presets.save({"name": "居民", "ledger": "residents"})
    _, form = workspace.households.ledger.fields()
    assert form.codes is not None
    assert list(form.codes.labels) == ["全", "街道"]
    monkeypatch.setattr("gridworker.app.session.Session.is_office", False)
    path = tmp_path / "out.csv"
    workspace.households.ledger.write(path, [homes["陈"].id], purpose="check", preset="街道")
    assert path.read_text("utf-8-sig").splitlines()[1] == '"陈桂芳","138****0142"'
    with pytest.raises(Denied, match="from the office only"):
        workspace.households.ledger.write(path, [homes["陈"].id], purpose="check", preset="全")


def test_a_long_walk_is_the_same_as_a_short_one(workspace: Workspace, village: Village) -> None:
    """Many are walked through building by building, few are sorted at once: one order, whatever doors are called."""
    for estate, building, unit, room in [
        ("花湖", "10", "1", "101"), ("花湖", "2", "1", "1001"), ("花湖", "2", "1", "301"), (None, "2", "2", "101"),
        ("花湖", "A座", "1", "101"), ("花湖", "2", None, "102"),
    ]:  # fmt: skip
        house = village.add("building", grid_id=village.grid, estate_name=estate, building_name=building)
        dwelling = village.add("dwelling", building_id=house, unit_no=unit, room_no=room)
        village.add("household", dwelling_id=dwelling, status="active")
    village.add("household", status="active")
    short = workspace.households.ids()
    with patch.object(household_order, "_FIRST_LOT", 1), patch.object(household_order, "_LOT", 2):
        walked = workspace.households.ids()
        assert workspace.households.first(3) == tuple(walked[:3])
    with workspace.session.store.db.read() as connection:
        places = households.places(connection, walked)
    assert walked == short
    assert walked.tolist() == [place.household for place in household_order.in_door_order(places)]
    back = workspace.households.ids("", "door", down=True)
    assert back.tolist() == [*walked[-2::-1], walked[-1]]  # without a door it is last either way
    some = HouseholdFilter(unvisited="30")
    for order, down in [("visit", False), ("newest", False), ("name", False), ("people", False), ("door", True)]:
        with patch.object(household_order, "SOME", 2):
            parts = workspace.households.ids("", order, some, down=down)
        assert parts == workspace.households.ids("", order, some, down=down)


def test_what_could_not_be_written_is_said_so_on_record(
    workspace: Workspace, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = village.household("陈桂芳", "3", "1", "202")

    def full(*_: object) -> None:
        raise Problem("The disk is full.")

    monkeypatch.setattr("gridworker.sheets.write.write_table", full)
    with pytest.raises(Problem):
        workspace.households.ledger.write(tmp_path / "out.xlsx", [home.id], purpose="check")
    last = workspace.records.page("audit_event", where={"action": "export"})[-1].values
    assert (last["detail"], last["count"]) == ("unwritten", 0)
