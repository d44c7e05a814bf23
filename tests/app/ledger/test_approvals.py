"""Exports above the cap: refused without the office's code, written with it, once, on the laptop that asked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gridworker.app.backup.restoring import Restoring
from gridworker.app.household.export import HouseholdLedger
from gridworker.app.ledger.handed_out import COUNTS_FOR, HandedOut
from gridworker.app.office_rules import EXPORT_CAP
from gridworker.app.roster.export import ExportWish, NeedsApproval
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem
from gridworker.store.backup.carried import both_handed_out
from gridworker.store.engine.machine import since_start
from gridworker.store.keys.kdf import CHEAP
from gridworker.sync.enrolment.approval import MOST
from tests.circle import Circle, write_keys


@pytest.fixture
def grid(circle: Circle) -> int:
    """One grid with a few households."""
    made = circle.office.devices.add_grid("第一网格")
    for room in ("101", "102", "103"):
        circle.family(made, room)
    return made


@pytest.fixture
def laptop(circle: Circle, grid: int) -> Workspace:
    """周敏's, which exports two people on its own."""
    circle.office.rules.set_export_cap(2)
    enrolled = circle.enrol("周敏", grid)
    circle.round(enrolled)  # the office knows its keys from its first bundle
    return enrolled


def _exports(ws: Workspace) -> list[tuple[object, object, object]]:
    rows = [row.values for row in ws.records.page("audit_event", limit=1000)]
    return [(row["count"], row["purpose"], row["detail"]) for row in rows if row["action"] == "export"]


def test_the_cap_is_about_one_grid_until_the_office_sets_another(circle: Circle) -> None:
    assert circle.office.rules.export_cap() == EXPORT_CAP == 1000
    circle.office.rules.set_export_cap(50)
    assert circle.office.rules.export_cap() == 50
    assert circle.office.audit.everywhere()[0].action == "settings"
    for people in (-1, 1_000_001):
        with pytest.raises(Problem, match="A number from 0"):
            circle.office.rules.set_export_cap(people)


def test_every_laptop_keeps_to_the_office_s_cap_and_cannot_change_it(laptop: Workspace) -> None:
    assert laptop.rules.export_cap() == 2
    with pytest.raises(Denied):
        laptop.rules.set_export_cap(10)


def test_above_the_cap_only_with_the_code_and_once(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    out = tmp_path / "list.csv"
    with pytest.raises(NeedsApproval, match="People on the list: 3; up to 2") as refused:
        laptop.rosters.export(ExportWish(out, "report", grid))
    assert not out.exists()
    assert _exports(laptop) == []
    asked = laptop.approvals.ask(grid, int(str(refused.value.values["count"])))
    said = circle.office.approvals.asked(asked)
    assert (said.worker, said.grid, said.count, said.minors) == ("周敏", "第一网格", 3, False)
    code = circle.office.approvals.approve(asked)
    assert laptop.rosters.export(ExportWish(out, "report", grid, approval=code)) == 3
    assert _exports(laptop) == [(3, "report", "approved")]
    with pytest.raises(Denied, match="does not approve"):
        laptop.rosters.export(ExportWish(out, "report", grid, approval=code))
    assert len(_exports(laptop)) == 1


def test_a_code_that_was_used_is_none_again_once_a_backup_is_put_back(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    """The backup still knows of the ask as of one that waits."""
    write_keys(laptop.session.folder)
    laptop.session.profile = CHEAP
    code = circle.office.approvals.approve(laptop.approvals.ask(grid, 3))
    backup, keys = laptop.backups.make().path, laptop.session.keys
    wish = ExportWish(tmp_path / "list.csv", "report", grid, approval=code)
    assert laptop.rosters.export(wish) == 3
    circle.close("laptop-1")
    Restoring(backup, laptop.session.folder.root, keys, profile=CHEAP).restore()
    back = circle.open("laptop-1")
    circle.round(back)
    with pytest.raises(Denied, match="does not approve"):
        back.rosters.export(replace(wish, path=tmp_path / "again.csv"))
    anew = circle.office.approvals.approve(back.approvals.ask(grid, 3))
    assert back.rosters.export(replace(wish, approval=anew)) == 3


def test_the_cap_of_a_day_is_not_begun_anew_by_putting_a_backup_back(
    circle: Circle, laptop: Workspace, tmp_path: Path
) -> None:
    write_keys(laptop.session.folder)
    laptop.session.profile = CHEAP
    *two, third = [one.id for one in laptop.records.page("household")]
    backup, keys = laptop.backups.make().path, laptop.session.keys
    laptop.households.ledger.write(tmp_path / "two.csv", two, purpose="report")
    circle.close("laptop-1")
    Restoring(backup, laptop.session.folder.root, keys, profile=CHEAP).restore()
    back = circle.open("laptop-1")
    circle.round(back)
    with pytest.raises(Denied, match="handed out in the last 24 hours"):
        back.households.ledger.write(tmp_path / "third.csv", [third], purpose="report")
    back.households.ledger.write(tmp_path / "again.csv", two, purpose="report")


def test_of_two_states_of_a_store_the_later_clock_counts_and_of_people_both() -> None:
    def said(time: float, **people: dict[str, float]) -> str:
        return json.dumps({"time": time, "wall": 0.0, "steady": time, "boot": "", "marks": people})

    both = both_handed_out(said(20, a={"1": 5, "2": 9}), said(10, a={"2": 3, "3": 4}, b={"4": 7}))
    assert both is not None
    merged = HandedOut.of(both, "", 0)
    assert (merged.time, merged.marks) == (20, {"a": {"1": 5, "2": 9, "3": 4}, "b": {"4": 7}})
    assert both_handed_out("", said(10)) == said(10)
    assert both_handed_out("", "") is None


def test_what_an_older_version_kept_of_today_counts_on_and_of_another_day_no_more() -> None:
    kept = json.dumps({"day": "2026-03-18", "7": ["a1", "b2"]})
    before = HandedOut.of(kept, "2026-03-18", 1000)
    assert before.at(1060, 500, "start").by(7) == {"a1", "b2"}
    assert before.at(1060, 500, "start").at(1060, 500 + COUNTS_FOR, "start").by(7) == frozenset()
    assert HandedOut.of(kept, "2026-03-19", 1000).by(7) == frozenset()


def test_a_clock_that_is_set_forward_begins_no_new_cap(circle: Circle, laptop: Workspace, tmp_path: Path) -> None:
    one, two, three = sorted(row.id for row in laptop.records.page("household"))
    export = HouseholdLedger(laptop.session)
    export.write(tmp_path / "two.csv", [one, two], purpose="report")
    clock = circle.clock_of("laptop-1")
    clock.set_forward(days=1)
    for at in ("the same start of the computer", "the next one, with the clock as it was left"):
        with pytest.raises(Denied, match="in the last 24 hours these are 3 people or entries; up to 2 in 24 hours"):
            export.write(tmp_path / "more.csv", [three], purpose="report")
        clock.start = at
    clock.set_forward(days=-1)
    with pytest.raises(Denied, match="in the last 24 hours"):
        export.write(tmp_path / "more.csv", [three], purpose="report")
    clock.set_forward(days=1)
    clock.move(hours=23)
    with pytest.raises(Denied, match="in the last 24 hours"):
        export.write(tmp_path / "more.csv", [three], purpose="report")
    clock.move(hours=1)
    assert export.write(tmp_path / "more.csv", [three], purpose="report") == 1


def test_hours_in_which_the_computer_was_off_count(circle: Circle, laptop: Workspace, tmp_path: Path) -> None:
    one, two, three = sorted(row.id for row in laptop.records.page("household"))
    export = HouseholdLedger(laptop.session)
    export.write(tmp_path / "two.csv", [one, two], purpose="report")
    clock = circle.clock_of("laptop-1")
    clock.move(hours=24)
    clock.start = "another morning"
    assert export.write(tmp_path / "more.csv", [three], purpose="report") == 1


def test_the_computer_tells_its_start_from_another_and_counts_on() -> None:
    first, second = since_start(), since_start()
    assert 0 < first[0] <= second[0]
    assert first[1] == second[1] != ""


def test_lists_below_the_cap_add_up_over_a_day_but_not_the_same_list_again(
    circle: Circle, laptop: Workspace, tmp_path: Path
) -> None:
    """Else a grid goes out in slices and nobody at the office has to say a word."""
    one, two, three = sorted(row.id for row in laptop.records.page("household"))
    export = HouseholdLedger(laptop.session)
    for number, households in enumerate(([one], [two], [one, two], [two])):
        export.write(tmp_path / f"{number}.csv", households, purpose="report")
    for more in ([three], [one, three]):
        with pytest.raises(Denied, match="in the last 24 hours these are 3 people"):
            export.write(tmp_path / "more.csv", more, purpose="report")
    with pytest.raises(NeedsApproval):
        laptop.rosters.export(ExportWish(tmp_path / "more.csv", "report", ledger="households"))
    assert not (tmp_path / "more.csv").exists()
    circle.clock.move(days=1)
    assert export.write(tmp_path / "more.csv", [three], purpose="report") == 1


def test_a_code_is_for_its_laptop_its_grid_and_its_count(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    other = circle.enrol("赵海", grid)
    circle.round(other)
    code = circle.office.approvals.approve(laptop.approvals.ask(grid, 3))
    other.approvals.ask(grid, 3)
    out = tmp_path / "list.csv"
    bound = r"does not approve this export: it is for up to 3 people, 第一网格\."
    for ws, wish, why in (
        (other, ExportWish(out, "report", grid, approval=code), "for another computer, or was used already"),
        (laptop, ExportWish(out, "report", None, approval=code), bound),
        (laptop, ExportWish(out, "report", grid, minors=True, approval=code), "for one in which of under-14s"),
    ):
        with pytest.raises(Denied, match=why):
            ws.rosters.export(wish)
    circle.family(grid, "104")
    circle.round(laptop)
    with pytest.raises(Denied, match=bound):
        laptop.rosters.export(ExportWish(out, "report", grid, approval=code))
    assert not out.exists()


def test_a_file_that_cannot_be_written_does_not_use_the_code_up(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    code = circle.office.approvals.approve(laptop.approvals.ask(grid, 3))
    taken = tmp_path / "list.csv"
    taken.mkdir()
    with pytest.raises(Problem):
        laptop.rosters.export(ExportWish(taken, "report", grid, approval=code))
    assert _exports(laptop) == [(3, "report", "approved"), (0, None, "unwritten")]
    assert laptop.rosters.export(ExportWish(tmp_path / "other.csv", "report", grid, approval=code)) == 3


def test_asking_and_approving_are_on_record_at_both_ends(circle: Circle, laptop: Workspace, grid: int) -> None:
    code = laptop.approvals.ask(grid, 3)
    circle.office.approvals.approve(code)
    circle.hand_in(laptop)
    acts = {view.action: view for view in circle.office.audit.everywhere()}
    assert (acts["approval_asked"].who, acts["approval_asked"].count) == ("周敏", 3)
    assert (acts["approval"].who, acts["approval"].count, acts["approval"].detail) == ("刘芳", 3, "Laptop 1")


def test_only_the_office_approves_and_only_for_laptops_in_use(circle: Circle, laptop: Workspace, grid: int) -> None:
    code = laptop.approvals.ask(grid, 3)
    with pytest.raises(Denied, match="Community office"):
        laptop.approvals.approve(code)
    circle.office.devices.revoke(1)
    with pytest.raises(NotFound, match="There is no laptop 1"):
        circle.office.approvals.approve(code)
    with pytest.raises(Problem, match="The office needs no code"):
        circle.office.approvals.ask(grid, 3)


def test_a_laptop_that_never_handed_in_cannot_be_answered_yet(circle: Circle, grid: int) -> None:
    code = circle.enrol("赵海", grid).approvals.ask(grid, 3)
    with pytest.raises(NotFound, match="Laptop 1 has handed nothing in yet"):
        circle.office.approvals.approve(code)


def test_a_purpose_is_asked_for_and_is_one_of_the_list(circle: Circle, grid: int, tmp_path: Path) -> None:
    for purpose in ("", "给陈建国的邻居"):
        with pytest.raises(Problem, match="Say what the export is for"):
            circle.office.rosters.export(ExportWish(tmp_path / "list.csv", purpose, grid))
    assert circle.office.rosters.export(ExportWish(tmp_path / "list.csv", "Checking the ledger", grid)) == 3
    assert _exports(circle.office) == [(3, "check", None)]


def test_of_children_only_relation_and_year_leave_the_store(circle: Circle, grid: int, tmp_path: Path) -> None:
    family = circle.family(grid, "105")
    circle.office.records.save(
        "resident", {"name": "陈小宝", "birth_date": "2019-05-06", "basis": "official_ledger"}, family.resident
    )
    out = tmp_path / "list.csv"
    circle.office.rosters.export(ExportWish(out, "report", grid))
    text = out.read_text(encoding="utf-8-sig")
    assert "陈小宝" not in text
    assert "(under 14)" in text
    assert "2019-05" not in text
    assert "2019" in text
    circle.office.rosters.export(ExportWish(out, "report", grid, minors=True))
    assert "陈小宝" in out.read_text(encoding="utf-8-sig")
    assert [row[2] for row in _exports(circle.office)] == [None, "minors"]


def test_more_of_children_leaves_a_laptop_only_with_a_code(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    circle.office.rules.set_export_cap(100)
    circle.round(laptop)
    out = tmp_path / "list.csv"
    with pytest.raises(NeedsApproval, match="under-14s"):
        laptop.rosters.export(ExportWish(out, "report", grid, minors=True))
    code = circle.office.approvals.approve(laptop.approvals.ask(grid, 3, minors=True))
    assert laptop.rosters.export(ExportWish(out, "report", grid, minors=True, approval=code)) == 3


def test_a_list_in_clear_is_no_way_round_the_cap(circle: Circle, laptop: Workspace) -> None:
    shown = [one.id for one in laptop.records.page("resident")]
    assert len(shown) == 3
    with pytest.raises(Denied, match="These are 3 records in clear; up to 2"):
        laptop.records.note_shown("resident", shown)
    laptop.records.note_shown("resident", shown[:2])
    circle.office.records.note_shown("resident", shown)


def test_nor_are_its_records_one_by_one_or_beside_a_ledger(
    circle: Circle, laptop: Workspace, grid: int, tmp_path: Path
) -> None:
    one, other, third = (found.id for found in laptop.records.page("resident"))
    for again in (one, other, one):
        laptop.records.note_shown("resident", [again], one=True)
    with pytest.raises(Denied, match="last 24 hours these are 3"):
        laptop.records.note_shown("resident", [third], one=True)
    with pytest.raises(NeedsApproval):
        laptop.rosters.export(ExportWish(tmp_path / "list.csv", "report", grid))
    rows = [row.values for row in laptop.records.page("audit_event", limit=1000)]
    assert [row["record"] for row in rows if row["action"] == "reveal"] == [one, other, one]
    circle.clock.move(days=1)
    laptop.records.note_shown("resident", [third], one=True)


def test_more_than_a_code_can_say_is_refused_and_not_cut(laptop: Workspace) -> None:
    with pytest.raises(Problem, match="at most"):
        laptop.approvals.ask(None, MOST + 1)
    assert "approval_asked" not in [row.values["action"] for row in laptop.records.page("audit_event", limit=1000)]
    laptop.approvals.ask(None, MOST)
