"""Only the last four of ID numbers and a keyed hash: at once, for every way in, and people are still told apart."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from gridworker.app.exchange.views import Merged
from gridworker.app.id_keeping import IdKeeping, shortened
from gridworker.app.roster.export import ExportWish
from gridworker.app.roster.preview import Preview
from gridworker.app.workspace import Workspace
from gridworker.domain.identity import upgraded
from gridworker.errors import Denied, Invalid, Problem
from gridworker.record import Value
from gridworker.sheets.write import Table, write_table
from gridworker.store.store import Store
from gridworker.store.tables.changes import Change
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.convergence.forgotten import lies
from tests.pages import found_in
from tests.sheets.ledgers import id_number

HEADERS = ("姓名", "身份证号", "与户主关系", "楼栋", "室")
NUMBER, OTHER = id_number("19491231", 2), id_number("19491231", 4)
FATHER = ["陈建国", NUMBER, "户主", "3", "202"]


@pytest.fixture
def office(circle: Circle) -> Workspace:
    return circle.office


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第三网格")


def preview(office: Workspace, grid: int, folder: Path, *rows: list[str]) -> Preview:
    path = folder / "ledger.xlsx"
    write_table(path, Table("台账", HEADERS, rows))
    return office.rosters.preview(path, grid)


def held(circle: Circle, numbers: list[str]) -> set[str]:
    """Where any of the numbers stands, for whoever has every key there is."""
    places = {f"{name}: {place}" for name, device in circle.opened.items() for place in lies(device, numbers)}
    backups = (path for path in circle.folder.rglob("store.db") if "backups" in path.parts)
    return places | {str(path) for path in backups if found_in(path, numbers)}


def only(office: Workspace) -> dict[str, Value]:
    (person,) = office.records.page("resident")
    return dict(office.records.show("resident", person.id).values)


def test_numbers_in_the_books_are_shortened_at_once_and_new_ones_as_they_come(
    office: Workspace, grid: int, tmp_path: Path
) -> None:
    office.rosters.save(preview(office, grid, tmp_path, FATHER))
    assert office.rules.set_short_ids(True).people == 1
    assert office.rules.short_ids()
    kept = only(office)
    assert (kept["id_number"], kept["id_last4"], len(str(kept["id_hash"]))) == (None, NUMBER[-4:], 32)
    office.rosters.save(preview(office, grid, tmp_path, FATHER, ["周敏", OTHER, "妻", "3", "202"]))
    home = office.records.page("household")[0].id
    office.erasing.consents.record(home, {"purpose": "file visits", "scope": "basic id_number", "method": "oral",
                                        "given_on": "2026-01-05"})  # fmt: skip
    office.people.add(home, {"name": "李红", "id_number": id_number("19800526", 425)})
    office.records.save("resident", {"name": "李敏", "status": "in_place", "id_number": id_number("19800527", 425)})
    people = [person.values for person in office.records.page("resident")]
    assert [person["id_number"] for person in people] == [None] * 4
    assert len({person["id_hash"] for person in people}) == 4
    told = str(office.households.file(home).moments)
    assert "ID number" in told
    assert "hash" not in told
    assert office.care_of_store.check() == []


def test_a_number_that_was_shortened_is_nowhere_any_more(circle: Circle, grid: int, tmp_path: Path) -> None:
    """In log, index, bundles and backups of office and laptop; replaced numbers and those of deleted people too."""
    office, gone, replaced = circle.office, id_number("19600101", 3), id_number("19600101", 5)
    laptop = circle.enrol("周敏", grid)
    save = office.records.save
    person = save("resident", {"name": "陈建国", "status": "in_place", "id_number": replaced}).id
    save("resident", {"id_number": NUMBER}, person)
    deleted = save("resident", {"name": "李红", "status": "in_place", "id_number": gone}).id
    office.records.remove("resident", deleted)
    office.rosters.save(preview(office, grid, tmp_path, ["周敏", OTHER, "户主", "3", "202"]))
    circle.round(laptop)
    office.backups.make()
    numbers = [NUMBER, OTHER, gone, replaced]
    assert len(held(circle, numbers)) > 3, "the search finds them as long as they are there"
    (tmp_path / "ledger.xlsx").unlink()
    assert office.rules.set_short_ids(True).people == 2
    circle.round(laptop)
    circle.round(laptop)
    for device in (office, laptop):
        device.backups.make()
        assert device.care_of_store.check() == []
    assert held(circle, numbers) == set()
    kept = office.records.show("resident", person).values
    assert (kept["id_last4"], kept["id_hash"]) == (NUMBER[-4:], IdKeeping.load(office.session.store).hashed(NUMBER))


def test_no_undo_brings_a_shortened_number_back(office: Workspace) -> None:
    person = office.records.save("resident", {"name": "陈建国", "status": "in_place", "id_number": OTHER}).id
    office.records.save("resident", {"id_number": NUMBER}, person)
    office.rules.set_short_ids(True)
    before = office.records.show("resident", person).values
    office.records.undo()  # of the edit: the rule itself is passed over
    assert office.rules.short_ids()
    after = office.records.show("resident", person).values
    assert (after["id_number"], after["id_hash"]) == (None, before["id_hash"])
    assert NUMBER not in "\n".join(office.records.history_lines("resident", person))


@pytest.mark.parametrize("late", [True, False])
def test_who_was_deleted_comes_back_by_an_undo_though_their_number_was_shortened(office: Workspace, late: bool) -> None:
    person = office.records.save("resident", {"name": "陈建国", "status": "in_place", "id_number": NUMBER}).id
    if late:
        office.records.remove("resident", person)
        office.rules.set_short_ids(True)
    else:
        office.rules.set_short_ids(True)
        office.records.remove("resident", person)
    assert not office.records.undo().kept
    kept = only(office)
    assert (kept["name"], kept["id_number"]) == ("陈建国", None)
    assert office.care_of_store.check() == []


def test_a_number_a_laptop_brings_late_is_erased_when_it_comes(circle: Circle, grid: int) -> None:
    laptop = circle.enrol("周敏", grid)
    family = circle.family(grid)
    circle.round(laptop)
    circle.office.rules.set_short_ids(True)
    laptop.records.save("resident", {"id_number": NUMBER}, family.resident)
    circle.round(laptop)
    circle.round(laptop)
    for device in (circle.office, laptop):
        device.backups.make()
        kept = device.records.show("resident", family.resident).values
        assert (kept["id_number"], kept["id_last4"], bool(kept["id_hash"])) == (None, NUMBER[-4:], True)
        assert device.care_of_store.check() == []
    assert {place for place in held(circle, [NUMBER]) if "backups" not in place} == set()


def test_a_number_that_comes_while_the_rule_is_laid_down_is_shortened_too(
    circle: Circle, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watched folder takes bundles in beside the window."""
    laptop, family, gathered = circle.enrol("周敏", grid), circle.family(grid), shortened
    circle.round(laptop)
    laptop.records.save("resident", {"id_number": NUMBER}, family.resident)
    bundle, taking = laptop.exchange.pack(circle.stick), list[Future[Merged]]()

    def meanwhile(store: Store, keeping: IdKeeping) -> list[Change]:
        found = gathered(store, keeping)
        taking.append(pool.submit(circle.office.exchange.merge, bundle))
        wait(taking, timeout=2)
        return found

    monkeypatch.setattr("gridworker.app.office_rules.shortened", meanwhile)
    with ThreadPoolExecutor(1) as pool:
        circle.office.rules.set_short_ids(True)
        assert taking[0].result().problem is None
    kept = circle.office.records.show("resident", family.resident).values
    assert (kept["id_number"], kept["id_last4"], bool(kept["id_hash"])) == (None, NUMBER[-4:], True)


@pytest.mark.parametrize("late", [True, False])
def test_two_numbers_against_each_other_are_shortened_and_stay_for_a_person_to_settle(
    circle: Circle, grid: int, late: bool
) -> None:
    """Whether they come after the rule or before it."""
    laptops = [circle.enrol(name, grid) for name in ("周敏", "赵海")]
    family = circle.family(grid)
    circle.round(*laptops)
    if late:
        circle.office.rules.set_short_ids(True)
    for laptop, number in zip(laptops, (NUMBER, OTHER), strict=True):
        laptop.records.save("resident", {"id_number": number}, family.resident)
    circle.office.exchange.merge_all([laptop.exchange.pack(circle.stick) for laptop in laptops])
    if not late:
        circle.office.rules.set_short_ids(True)
    (conflict,) = circle.office.merge.conflicts()
    keeping = IdKeeping.load(circle.office.session.store)
    assert {one.name: {side.value for side in one.sides} for one in conflict.fields} == {
        "id_last4": {NUMBER[-4:], OTHER[-4:]},
        "id_hash": {keeping.hashed(NUMBER), keeping.hashed(OTHER)},
    }
    shown = circle.office.records.show("resident", family.resident).values
    assert keeping.hashed({one[-4:]: one for one in (NUMBER, OTHER)}[str(shown["id_last4"])]) == shown["id_hash"]
    circle.round(*laptops)
    circle.round(*laptops)
    assert {place for place in held(circle, [NUMBER, OTHER]) if "backups" not in place} == set()
    settled = {"id_last4": NUMBER[-4:], "id_hash": keeping.hashed(NUMBER)}
    circle.office.merge.resolve("resident", family.resident, settled)
    circle.round(*laptops)
    for device in (circle.office, *laptops):
        assert device.merge.conflicts() == []
        assert device.records.show("resident", family.resident).values["id_hash"] == keeping.hashed(NUMBER)
        assert device.care_of_store.check() == []


def test_who_may_not_erase_does_not_shorten(office: Workspace) -> None:
    act_as(office.session, "administrator")
    with pytest.raises(Denied):
        office.rules.set_short_ids(True)
    assert not office.rules.short_ids()


def test_a_draft_loses_the_number_and_nothing_else(office: Workspace) -> None:
    office.records.save("resident", {"name": "陈建国", "status": "in_place", "id_number": NUMBER})
    office.drafts.keep("visit:1", {"note": f"陈建国，{NUMBER}"})
    office.rules.set_short_ids(True)
    assert "陈建国" in str(office.drafts.get("visit:1"))
    assert NUMBER not in str(office.drafts.get("visit:1"))


def test_the_next_ledger_finds_its_people_again(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rules.set_short_ids(True)
    office.rosters.save(preview(office, grid, tmp_path, FATHER))
    again = preview(office, grid, tmp_path, FATHER)
    assert (again.counts, again.writes) == ({"same": 1}, False)
    old = [FATHER[0], NUMBER[:6] + NUMBER[8:17], *FATHER[2:]]
    assert upgraded(old[1]) == NUMBER
    assert preview(office, grid, tmp_path, old).counts == {"same": 1}
    moved = preview(office, grid, tmp_path, [*FATHER[:4], "303"])
    assert moved.counts == {"changed": 1}
    corrected = preview(office, grid, tmp_path, [FATHER[0], OTHER, *FATHER[2:]])
    assert corrected.counts == {"changed": 1}
    (change,) = corrected.rows[0].changes
    assert (change.label, change.before, change.after) == ("ID number", f"****{NUMBER[-4:]}", f"****{OTHER[-4:]}")
    namesake = preview(office, grid, tmp_path, FATHER, [FATHER[0], OTHER, "其他", "3", "202"])
    assert namesake.counts == {"same": 1, "new": 1}
    first = preview(office, grid, tmp_path, [FATHER[0], OTHER, *FATHER[2:]], FATHER)
    assert [row.state for row in first.rows] == ["new", "same"]


def test_a_rule_laid_down_after_the_preview_holds_for_its_import(office: Workspace, grid: int, tmp_path: Path) -> None:
    seen = preview(office, grid, tmp_path, FATHER)
    office.rules.set_short_ids(True)
    office.rosters.save(seen)
    kept = only(office)
    assert (kept["id_number"], kept["id_last4"]) == (None, NUMBER[-4:])
    assert kept["id_hash"] == IdKeeping.load(office.session.store).hashed(NUMBER)


def test_search_duplicates_and_export_work_with_what_is_kept(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rules.set_short_ids(True)
    office.rosters.save(preview(office, grid, tmp_path, FATHER))
    found = office.search.find(NUMBER[-4:])
    assert ["陈建国" in str(hit) for part in found.parts for hit in part.hits] == [True]
    home = office.records.page("household")[0].id
    (alike,) = office.alike.to(home, {"name": "", "id_number": NUMBER})
    assert alike.name == "陈建国"
    same_end = next(n for n in (id_number("19300101", k) for k in range(1, 999)) if n[-1:] == NUMBER[-1:])
    assert office.alike.to(home, {"name": "", "id_number": same_end}) == ()
    out = tmp_path / "out.csv"
    office.presets.save({"name": "街道", "ledger": "residents", "columns": "name\nid_number"})
    office.rosters.export(ExportWish(out, "report", grid, preset="街道"))
    assert f'"陈建国","****{NUMBER[-4:]}"' in out.read_text(encoding="utf-8-sig")


def test_kept_in_full_again_numbers_come_back_with_the_ledger(office: Workspace, grid: int, tmp_path: Path) -> None:
    office.rules.set_short_ids(True)
    office.rosters.save(preview(office, grid, tmp_path, FATHER))
    office.rules.set_short_ids(False)
    office.rosters.save(preview(office, grid, tmp_path, FATHER))
    kept = only(office)
    assert (kept["id_number"], kept["id_hash"]) == (NUMBER, None)


def test_a_laptop_keeps_to_the_rule_and_makes_the_same_hash(circle: Circle, tmp_path: Path) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    circle.office.rosters.save(preview(circle.office, grid, tmp_path, FATHER))
    circle.office.rules.set_short_ids(True)
    laptop = circle.enrol("周敏", grid)
    circle.office.rules.set_short_ids(False)
    circle.round(laptop)
    circle.office.rules.set_short_ids(True)
    person = laptop.records.page("resident")[0].id
    laptop.records.save("resident", {"id_number": OTHER}, person)
    circle.round(laptop)
    for ws in (circle.office, laptop):
        assert [only(ws)[name] for name in ("id_number", "id_last4")] == [None, OTHER[-4:]]
    assert circle.office.merge.count() == 0
    laptop.records.save("resident", {"id_number": NUMBER}, person)
    assert only(laptop)["id_number"] is None
    assert preview(laptop, grid, tmp_path, FATHER).counts == {"same": 1}
    assert laptop.rules.short_ids()
    with pytest.raises((Denied, Problem)):
        laptop.rules.set_short_ids(False)


def test_a_key_that_is_none_is_not_written_and_hurts_nobody_where_it_came_in(office: Workspace, grid: int) -> None:
    community = office.records.page("community")[0].id
    with pytest.raises(Invalid):
        office.records.save("community", {"id_key": "not a key"}, community)
    office.session.write([Change("community", community, {"id_key": "not a key", "short_ids": 1})], "edit")
    assert IdKeeping.load(office.session.store) == IdKeeping()
    office.rules.set_short_ids(True)
    assert IdKeeping.load(office.session.store).short
