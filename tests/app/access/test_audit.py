"""The audit in words, here and at the office: what is in it, what never is, filters, pages, export."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

import gridworker
from gridworker import app, text
from gridworker.app.access.audit import LOOKING, Filter, _detail
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_office import AUDIT_ACTION, AUDIT_DETAIL
from gridworker.errors import Denied, DiskFull, Problem
from gridworker.sheets import write
from gridworker.store.engine.filesafe import full
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.queries.audit import AuditRow
from tests.app.test_gate import act_as
from tests.circle import PASSPHRASE, Circle, Family, delete, made_visit
from tests.pictures import png
from tests.village import HandClock, Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


def test_a_worker_reads_who_looked_at_whom_in_words(workspace: Workspace, chen: Home) -> None:
    workspace.people.reveal(chen.people["陈桂芳"], "phones")
    workspace.search.noted()
    looks = workspace.audit.here(Filter(actions=LOOKING))
    assert [view.action for view in looks] == ["search", "reveal"]
    reveal = looks[1]
    assert (reveal.who, reveal.did, reveal.about) == ("周敏", "Showed a masked value", "Resident 陈桂芳")
    assert reveal.detail == "Phone"
    assert (reveal.device, reveal.at) == ("Laptop 1", "2026-03-18 09:42:00")
    before = text.language()
    text.use("zh_CN")
    try:
        shown = workspace.audit.here(Filter(actions=LOOKING))[1]
        assert (shown.did, shown.about, shown.detail) == ("查看遮住的内容", "居民 陈桂芳", "电话")
    finally:
        text.use(before)


def test_names_are_covered_in_share_mode_and_for_who_reads_masked(workspace: Workspace, chen: Home) -> None:
    workspace.people.reveal(chen.people["陈桂芳"], "phones")
    assert workspace.audit.here(Filter(actions=("reveal",)), sharing=True)[0].about == "Resident 陈**"
    act_as(workspace.session, "building_head")
    assert workspace.audit.here(Filter(actions=("reveal",)))[0].about == "Resident 陈**"
    act_as(workspace.session, "auditor")
    assert workspace.audit.here(Filter(actions=("reveal",)))[0].about == f"Resident {chen.people['陈桂芳']}"
    act_as(workspace.session, "volunteer")
    with pytest.raises(Denied):
        workspace.audit.here()


def test_the_office_gets_a_laptop_s_rows_and_no_laptop_another_s(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, "101")
    one, two = circle.enrol("周敏", grid), circle.enrol("赵海", grid)
    one.people.reveal(family.resident, "phones")
    circle.round(one, two)
    circle.round(one, two)
    (seen,) = circle.office.audit.everywhere(Filter(actions=("reveal",)))
    assert (seen.who, seen.device, seen.about) == ("周敏", "Laptop 1", f"Resident {family.resident}")
    assert two.audit.here(Filter(actions=("reveal",))) == []
    assert circle.office.audit.here(Filter(actions=("reveal",))) == []


def test_the_office_s_own_log_has_no_row_of_a_laptop(circle: Circle) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    laptop.search.noted()
    circle.round(laptop)
    audit = circle.office.audit
    every, own = audit.ids(), audit.ids_here()
    assert set(own) < set(every)
    assert [one.id for one in audit.here(limit=1000)] == list(own)
    assert [one.id for one in audit.of_ids_here(every)] == list(own)
    told = laptop.audit.ids_here()
    assert [one.id for one in laptop.audit.of_ids_here(told)] == list(told)


def test_a_computer_is_called_by_its_name_with_the_number_after_it(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, "101")
    one = circle.enrol("周敏", grid)
    (laptop,) = circle.office.devices.laptops()
    circle.office.devices.retire(1)
    audit = circle.office.audit
    (state,) = audit.everywhere(Filter(actions=("edit",), record=laptop.id))
    assert state.about == f"Laptop 1 {laptop.id}"
    assert state.short == f"Laptop 1 …{laptop.id % 10**8:08d}"
    circle.office.devices.readmit(1)
    circle.office.records.save("device", {"label": "红色联想"}, laptop.id)
    one.people.reveal(family.resident, "phones")
    circle.round(one)
    (seen,) = audit.everywhere(Filter(actions=("reveal",)))
    assert seen.device == "红色联想 (1)"
    assert audit.everywhere(Filter(record=laptop.id))[0].about == f"红色联想 (1) {laptop.id}"
    assert audit.devices() == [(0, "Office"), (1, "红色联想 (1)")]


def test_by_person_device_act_and_day(circle: Circle, clock: HandClock) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, "101")
    laptop = circle.enrol("周敏", grid)
    laptop.people.reveal(family.resident, "phones")
    circle.clock.move(days=2)
    laptop.people.reveal(family.resident, "phones")
    circle.hand_in(laptop)
    audit = circle.office.audit
    people = {name: id_ for id_, name in audit.people()}
    assert {"周敏", "刘芳"} <= people.keys()
    assert {view.who for view in audit.everywhere(Filter(staff=people["周敏"]))} == {"周敏"}
    assert {view.device for view in audit.everywhere(Filter(laptop=1))} == {"Laptop 1"}
    assert {view.device for view in audit.everywhere(Filter(laptop=0))} == {"Office"}
    first, last = date(2026, 3, 18), date(2026, 3, 20)
    assert len(audit.everywhere(Filter(actions=("reveal",), since=first, until=first))) == 1
    assert len(audit.everywhere(Filter(actions=("reveal",), since=first, until=last))) == 2
    assert len(audit.everywhere(Filter(actions=("reveal",), since=last))) == 1
    assert audit.everywhere(Filter(actions=("reveal' OR '1",))) == []
    assert clock.at is not None


def test_days_are_days_here_and_not_those_of_utc(workspace: Workspace, clock: HandClock, chen: Home) -> None:
    clock.move(hours=-2)  # 07:42 here, the day before in UTC
    workspace.people.reveal(chen.people["陈桂芳"], "phones")
    here = date(2026, 3, 18)
    assert len(workspace.audit.here(Filter(actions=("reveal",), since=here, until=here))) == 1


def test_page_after_page_without_gap_or_repeat(workspace: Workspace) -> None:
    for _ in range(25):
        workspace.search.noted()
    whole = [view.id for view in workspace.audit.here()]
    paged: list[int] = []
    while found := workspace.audit.here(None, paged[-1] if paged else None, 7):
        paged += [view.id for view in found]
        workspace.search.noted()  # what is added meanwhile moves nothing
    assert paged == whole
    assert whole == sorted(whole, reverse=True)


def test_no_name_and_no_number_is_in_the_log_whatever_is_done(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    resident = chen.people["陈桂芳"]
    workspace.people.reveal(resident, "phones")
    workspace.search.find("0142")
    workspace.search.noted()
    workspace.records.save("resident", {"note": "腿脚不便"}, resident)
    delete(workspace, "household", chen.id)
    workspace.records.undo()
    village.visit(chen, "2026-03-09T02:00:00Z", note="女儿周末才能来。")
    texts = {
        str(value)
        for row in workspace.records.page("audit_event", limit=1000)
        for name, value in row.values.items()
        if name in {"action", "record_kind", "purpose", "detail"}
    }
    assert {"reveal", "phones", "resident", "number", "delete"} <= texts
    assert all(text.isascii() for text in texts)
    assert not any(character.isdigit() for text in texts for character in text)


def test_the_export_is_masked_of_nobody_and_is_itself_on_record(circle: Circle, tmp_path: Path) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, "101")
    circle.office.people.reveal(family.resident, "phones")
    out = tmp_path / "audit.csv"
    with pytest.raises(Problem, match="Say what"):
        circle.office.audit.export(out, purpose="")
    count = circle.office.audit.export(out, Filter(actions=("reveal",)), purpose="inspection")
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert (count, len(lines)) == (1, 2)
    assert "Showed a masked value" in lines[1]
    newest = circle.office.audit.everywhere(limit=1)[0]
    assert (newest.action, newest.count, newest.purpose) == ("audit_export", 1, "For an inspection")
    assert circle.office.audit.export(tmp_path / "all.xlsx", purpose="inspection") > 3


def test_what_could_not_be_written_is_not_left_on_record_as_handed_out(
    circle: Circle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row stands before anything is written, so a stick that is full or gone leaves one more that says so."""
    office = circle.office
    family = circle.family(office.devices.add_grid("第一网格"))
    photo = office.attachments.add("household", family.household, png())
    with pytest.raises(Problem):
        office.attachments.save(photo.id, tmp_path / "away" / "file", "inspection")

    def full_disk(*_: object) -> None:
        raise full()

    monkeypatch.setattr(write, "write_table", full_disk)
    with pytest.raises(DiskFull):
        office.audit.export(tmp_path / "log.csv", purpose="inspection")
    log, its, file, its_own = office.audit.everywhere(limit=4)
    assert [(one.action, one.count) for one in (log, its)] == [("audit_export", 0), ("audit_export", its.count)]
    assert [(one.action, one.count) for one in (file, its_own)] == [("export", 0), ("export", 1)]
    assert log.detail == file.detail == AUDIT_DETAIL.label("unwritten")


def test_the_auditor_reads_and_exports_and_sees_nobody(office: Workspace, tmp_path: Path) -> None:
    act_as(office.session, "auditor")
    assert office.audit.everywhere()
    assert office.audit.people()
    assert office.audit.export(tmp_path / "audit.csv", purpose="inspection") > 0
    with pytest.raises(Denied):
        office.records.page("resident")


ACTS = re.compile(r'(?:Act(?:\.note)?|\.note)\(\s*"(\w+)"|\.write\(.*, "(\w+)"[,)]')


def test_every_act_of_the_program_has_words(workspace: Workspace) -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(gridworker.__file__).parent.rglob("*.py")]
    used = {one or two for source in sources for one, two in ACTS.findall(source)}
    assert {"reveal", "export", "verdict", "merge", "login_failed", "role"} <= used
    assert used - AUDIT_ACTION.labels.keys() == set()
    assert len(workspace.audit.actions()) == len(AUDIT_ACTION.labels)


def test_an_act_of_a_newer_version_is_shown_without_its_name(workspace: Workspace) -> None:
    workspace.session.note("teleport", detail="beamed")
    newest = workspace.audit.here(limit=1)[0]
    assert (newest.did, newest.detail) == ("An act this version does not know", "beamed")


def test_what_stands_in_the_detail_is_said_in_words(workspace: Workspace, chen: Home) -> None:
    workspace.search.noted()
    workspace.session.note("key", detail="recovery made")
    workspace.session.note("approval", detail="laptop-07 minors")
    said = [view.detail for view in workspace.audit.here(limit=3)]
    assert said == ["Laptop 7, With under-14s", "Recovery sheet made", "By the end of a number"]
    look = workspace.audit.here(Filter(actions=("search",)))[0]
    assert look.count is None, "of a look there is nothing to count"
    assert chen.id


def test_whoever_saw_one_person_is_found_by_the_record(workspace: Workspace, chen: Home, village: Village) -> None:
    other = village.household("李强", "3", "1", "203").people["李强"]
    for person in (chen.people["陈桂芳"], other):
        workspace.people.reveal(person, "phones")
    (look,) = workspace.audit.here(Filter(actions=("reveal",), record=other))
    assert look.about == "Resident 李强"
    assert workspace.audit.here(Filter(record=1)) == []


def _bend(laptop: Workspace) -> None:
    """Write into the log of a store behind the program's back: the newest look was of another field."""
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql(
            "UPDATE op SET vals = CAST(replace(vals, CAST('phones' AS BLOB), CAST('phonez' AS BLOB)) AS BLOB) "
            "WHERE clk = (SELECT max(id) FROM audit_event WHERE action = 'reveal')"
        )


def test_a_log_that_was_altered_is_told_to_the_office_with_the_next_bundle(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.people.reveal(family.resident, "phones")
    assert circle.office.audit.alarms() == []
    _bend(laptop)
    circle.round(laptop)
    circle.round(laptop)
    (row,) = circle.office.audit.everywhere(Filter(actions=("log_fault",)))
    assert (row.who, row.device, row.count, row.detail) == ("周敏", "Laptop 1", 1, "Entries of the journal")
    (alarm,) = circle.office.audit.alarms()
    assert alarm.startswith("Laptop 1: on 2026-03-18")


def test_an_op_that_was_made_a_text_of_is_told_and_stops_no_other_work(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """The driver does not read such a cell: every bundle after it would have ended in its own words."""
    laptop.people.reveal(family.resident, "phones")
    with laptop.session.store.db.write() as connection:
        connection.exec_driver_sql(
            "UPDATE op SET vals = CAST(x'ff' || vals AS TEXT) "
            "WHERE clk = (SELECT max(id) FROM audit_event WHERE action = 'reveal')"
        )
    visit = made_visit(laptop, family.household)
    for _ in range(2):
        circle.round(laptop)
    assert circle.office.records.show("visit", visit).id == visit
    (row,) = circle.office.audit.everywhere(Filter(actions=("log_fault",)))
    assert (row.device, row.count) == ("Laptop 1", 1)
    assert [aside.laptop for aside in circle.office.asides.waiting()] == [1]
    assert laptop.self_check.daily()


def test_one_that_was_altered_long_ago_is_told_after_the_daily_check(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.people.reveal(family.resident, "phones")
    circle.round(laptop)
    _bend(laptop)
    circle.round(laptop)
    assert circle.office.audit.alarms() == []
    assert laptop.self_check.daily()
    circle.clock.move(days=1)
    assert laptop.self_check.daily()
    circle.hand_in(laptop)
    assert len(circle.office.audit.everywhere(Filter(actions=("log_fault",)))) == 1, "the same is not told every day"


def test_why_a_store_is_not_the_one_that_was_closed_is_on_record(circle: Circle, laptop: Workspace) -> None:
    folder = laptop.session.folder
    circle.close("laptop-1")
    Workspace.open(folder.root, PASSPHRASE, profile=CHEAP).close()
    folder.mark.write_bytes(b"{}")
    again = Workspace.open(folder.root, PASSPHRASE, profile=CHEAP)
    (login, before) = again.audit.here(Filter(actions=("login",)))
    assert (login.detail, before.detail) == ("The mark beside the store was damaged", "")
    again.close()


def test_every_detail_that_is_written_is_shown_in_words() -> None:
    """No row of the log is left in the words of the program."""
    raw: dict[str, str] = {}
    for source in sorted(Path(app.__path__[0]).rglob("*.py")):
        tree = ast.parse(source.read_text("utf-8"))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for named in ({one.arg: one.value for one in call.keywords} for call in calls):
            kind = _constants(named.get("kind")) or _named(tree, named.get("kind"))
            for word in _constants(named.get("detail")):
                row = AuditRow(0, "", None, None, None, kind[0] if kind else None, None, None, None, word)
                said = _detail(row)
                raw |= {word: said} if set(said.split(", ")) & set(word.split()) else {}
    assert raw == {}


def _named(module: ast.Module, name: ast.expr | None) -> list[str]:
    """What a constant of a module says."""
    if not isinstance(name, ast.Name):
        return []
    given = (one for one in module.body if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name.id)
    return [word for one in given for word in _constants(one.value)]


def _constants(node: ast.expr | None) -> list[str]:
    found = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)] if node is not None else []
    return [value for value in found if isinstance(value, str) and value.strip()]
