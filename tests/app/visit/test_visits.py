"""A visit from the door to the books."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gridworker.app.session import Session
from gridworker.app.visit.entry import NO_DAY, NOBODY, PHONE, HazardEntry, VisitEntry
from gridworker.app.visit.save import next_day, raised_count
from gridworker.app.workspace import Workspace
from gridworker.domain.issue_flow import State, fold
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.queries.open_issues import of_household
from tests.village import HandClock, Home, Village

FINE, BAD = "ok", "problem"


@pytest.fixture
def chen(village: Village) -> Home:
    """陈桂芳, 78, alone, weekly; her daughter is on the books with a phone."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(home, "李红", "30", birth="1975-05-05", phones="13800000867")
    village.care(home, "C3", cadence="V1", arrangement="2", person="陈桂芳")
    village.visit(home, "2026-03-02", note="送米油。")
    village.visit(home, "2026-03-09", note="女儿周末才能来，答应帮忙代买。", home_checks="gas=ok power=problem")
    return home


def kinds(session: Session, home: Home) -> dict[str, int]:
    """How many records of each kind hang on a household."""
    with session.store.db.read() as connection:
        return {
            kind: connection.exec_driver_sql(f"SELECT count(*) FROM {kind}").scalar_one()
            for kind in ("visit", "issue", "issue_step", "draft")
        }


def newest(workspace: Workspace, kind: str) -> dict[str, object]:
    found = workspace.records.page(kind, limit=1000)
    return dict(max(found, key=lambda one: one.id).values)


# ---------------------------------------------------------------------------------------------------------- the form


def test_everything_has_its_default_and_no_check_is_ticked(workspace: Workspace, chen: Home) -> None:
    opened = workspace.visits.start(chen.id)
    sheet, entry = opened.sheet, opened.entry
    assert (sheet.name, sheet.about) == ("陈桂芳", "78 y·3栋1单元202")
    assert [sign.text for sign in sheet.signs] == ["Lives alone (65+)·Weekly"]
    assert (sheet.note, sheet.note_about) == ("女儿周末才能来，答应帮忙代买。", "Last time, 9 Mar")
    assert sheet.recent == (("9 Mar", "女儿周末才能来，答应帮忙代买。"), ("2 Mar", "送米油。"))
    assert sheet.contact is not None
    assert (sheet.contact.label, sheet.contact.masked) == ("李红 (Daughter)", "138****0867")
    assert [(one.digit, one.label) for one in sheet.who] == [
        ("1", "陈桂芳"), ("2", "李红 (Daughter)"), ("3", "Other family"), ("4", "A neighbour"), ("5", "Only phoned"),
        ("0", "Nobody at home"),
    ]  # fmt: skip
    assert (entry.seen, entry.purpose, entry.checks, entry.note) == ((f"r{chen.people['陈桂芳']}",), "routine", {}, "")
    assert {item.key: item.last for item in sheet.checks}["power"] == "Last time: Problem"
    assert {item.key: item.last for item in sheet.checks}["fire"] == ""
    assert opened.kept_at is None
    assert workspace.drafts.all() == []


def test_everybody_of_a_large_household_may_have_been_there(workspace: Workspace, village: Village, chen: Home) -> None:
    """The digits go on behind the first five with those who are no members."""
    for name in ("李一", "李二", "李三", "李四", "李五", "李六"):
        village.member(chen, name, "30")
    who = workspace.visits.start(chen.id).sheet.who
    assert {f"r{resident}" for resident in chen.people.values()} <= {one.value for one in who}
    assert [one.digit for one in who] == ["1", "2", "3", "4", "5", "", "", "", "6", "7", "8", "0"]


def test_whoever_was_met_last_is_picked(workspace: Workspace, village: Village, chen: Home) -> None:
    village.visit(chen, "2026-03-16", "met_family", met=str(chen.people["李红"]))
    assert workspace.visits.start(chen.id).entry.seen == (f"r{chen.people['李红']}",)


@pytest.mark.parametrize(
    ("seen", "day", "why"),
    [
        ((), date(2026, 3, 25), 'By "Lives alone (65+)·Weekly"'),
        ((NOBODY,), date(2026, 3, 20), "Nobody was met, so in two days"),
        (("moved_away",), None, ""),
    ],
)
def test_the_next_day_comes_from_the_plan(
    workspace: Workspace, chen: Home, seen: tuple[str, ...], day: date | None, why: str
) -> None:
    opened = workspace.visits.start(chen.id)
    entry = replace(opened.entry, seen=seen or opened.entry.seen)
    assert next_day(entry, opened.sheet) == day
    assert why in {one.why for one in opened.sheet.next_days.values()}


def test_nobody_looks_over_the_shoulder(workspace: Workspace, chen: Home) -> None:
    sheet = workspace.visits.start(chen.id, sharing=True).sheet
    assert (sheet.name, sheet.about, sheet.signs, sheet.note, sheet.recent) == ("陈**", "70s·3栋1单元202", (), "", ())
    assert sheet.contact is None
    assert "桂芳" not in repr(sheet)
    assert "李红" not in repr(sheet)


def test_no_visits_where_nobody_lives_any_more(workspace: Workspace, village: Village, chen: Home) -> None:
    village.change("household", chen.id, {"status": "moved_out"})
    with pytest.raises(Problem, match="moved away"):
        workspace.visits.start(chen.id)
    with pytest.raises(NotFound):
        workspace.visits.start(12345)


# --------------------------------------------------------------------------------------------------------- writing it


def test_who_came_and_went_meanwhile_is_on_the_visit(workspace: Workspace, village: Village, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry
    workspace.people.add(chen.id, {"name": "陈小宝", "relation": "40", "birth_year": 2026}, came_by="born")
    workspace.life.do("moved_out", chen.id, {"who": str(chen.people["李红"]), "day": "2026-03-18"})
    visit = workspace.records.show("visit", workspace.visits.finish(entry).visit).values
    assert visit["roster_changes"] == "born moved_out"


def test_a_visit_is_one_act_with_the_issue_it_raises(workspace: Workspace, chen: Home, clock: HandClock) -> None:
    opened = workspace.visits.start(chen.id)
    clock.move(minutes=3)
    seen = workspace.session.stamp()
    entry = opened.entry.marked("gas", FINE).marked(
        "power", BAD, HazardEntry("床头插线板发黑", "S2", done=True, at=seen)
    )
    clock.move(minutes=4)
    finished = workspace.visits.finish(replace(entry, note="当场拔了，换上备用插板。"))
    visit = workspace.records.show("visit", finished.visit).values
    assert visit["visit_no"] == "V01-260318-01"
    assert (visit["started_at"], visit["ended_at"]) == ("2026-03-18T01:42:00Z", "2026-03-18T01:49:00Z")
    assert (visit["outcome"], visit["channel"], visit["visit_kind"]) == ("met_person", "door", "routine")
    assert (visit["met"], visit["home_checks"]) == (str(chen.people["陈桂芳"]), "gas=ok power=problem")
    assert (visit["follow_up_on"], visit["situation_note"]) == ("2026-03-25", "当场拔了，换上备用插板。")
    issue = workspace.records.show("issue", finished.issues[0]).values
    assert (issue["title"], issue["category"], issue["subcategory"]) == ("床头插线板发黑", "C", "C4")
    assert (issue["track"], issue["severity"], issue["visit_id"]) == ("F3", "S2", finished.visit)
    assert (issue["reported_at"], issue["household_id"]) == (seen, chen.id)
    with workspace.session.store.db.read() as connection:
        status = fold(of_household(connection, chen.id)[0].steps)
    assert (status.state, status.first_action_at) == (State.RESPONDED, seen)
    assert finished.text == "Visit to 陈桂芳 written down, with 1 issue."


def test_one_undo_takes_all_of_it_back_and_the_words_are_a_draft_again(workspace: Workspace, chen: Home) -> None:
    before = kinds(workspace.session, chen)
    entry = workspace.visits.start(chen.id).entry.marked("gas", BAD, HazardEntry("软管老化"))
    finished = workspace.visits.finish(replace(entry, note="换软管"))
    workspace.visits.take_back(finished)
    assert kinds(workspace.session, chen) == {**before, "draft": 1}
    again = workspace.visits.start(chen.id).entry
    assert (again.note, again.hazards["gas"].title, again.started_at) == ("换软管", "软管老化", entry.started_at)
    workspace.visits.finish(again)
    assert kinds(workspace.session, chen)["visit"] == before["visit"] + 1


def test_what_was_not_looked_at_is_not_written(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry.marked("gas", FINE).marked("gas", "not_checked")
    finished = workspace.visits.finish(entry)
    assert workspace.records.show("visit", finished.visit).values["home_checks"] is None


def test_two_hazards_are_two_issues_with_two_numbers(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry
    entry = entry.marked("gas", BAD, HazardEntry("软管")).marked("doors", BAD, HazardEntry("防盗网松了"))
    finished = workspace.visits.finish(entry)
    issues = [workspace.records.show("issue", id).values for id in finished.issues]
    assert {(one["issue_no"], one["category"], one["track"]) for one in issues} == {
        ("S01-260318-01", "C", "F3"),
        ("S01-260318-02", "A", "F1"),
    }
    assert finished.text.endswith("with 2 issues.")


def test_the_same_hazard_is_no_second_issue(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("燃气软管老化", "C", at="2026-03-16T02:00:00Z", home=chen, subcategory="C3")
    opened = workspace.visits.start(chen.id)
    assert next(item for item in opened.sheet.checks if item.key == "gas").open_issue == "Issue open since 16 Mar"
    entry = opened.entry.marked("gas", BAD, HazardEntry("又发现一次"))
    assert raised_count(entry, opened.sheet) == 0
    assert workspace.visits.finish(entry).issues == ()


def test_a_problem_may_be_marked_without_an_issue(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry.marked("gas", BAD)
    finished = workspace.visits.finish(entry)
    assert finished.issues == ()
    assert workspace.records.show("visit", finished.visit).values["home_checks"] == "gas=problem"


def test_a_hazard_without_words_is_named_by_its_check(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry.marked("passage", BAD, HazardEntry("  "))
    finished = workspace.visits.finish(entry)
    assert workspace.records.show("issue", finished.issues[0]).values["title"] == "Passage kept clear: a problem"


@pytest.mark.parametrize(
    ("seen", "outcome", "channel"),
    [
        (("family",), "met_family", "door"),
        (("neighbour",), "met_neighbour", "door"),
        ((PHONE,), "met_person", "phone"),
        (("street",), "met_person", "street"),
        ((NOBODY,), "nobody_home", "door"),
        (("declined",), "declined", "door"),
        (("wrong_address",), "wrong_address", "door"),
    ],
)
def test_who_was_seen_says_outcome_and_channel(
    workspace: Workspace, chen: Home, seen: tuple[str, ...], outcome: str, channel: str
) -> None:
    opened = workspace.visits.start(chen.id)
    entry = replace(opened.entry, seen=seen).marked("gas", BAD, HazardEntry("软管"))
    finished = workspace.visits.finish(entry)
    visit = workspace.records.show("visit", finished.visit).values
    assert (visit["outcome"], visit["channel"]) == (outcome, channel)
    looked = seen in {("family",), ("neighbour",)}
    assert (visit["home_checks"] is not None, len(finished.issues)) == (looked, int(looked))


def test_the_daughter_alone_is_family_and_not_the_person(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, seen=(f"r{chen.people['李红']}",))
    workspace.visits.finish(entry)
    assert newest(workspace, "visit")["outcome"] == "met_family"


def test_somebody_or_nobody_must_have_been_there(workspace: Workspace, chen: Home) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.visits.finish(replace(workspace.visits.start(chen.id).entry, seen=()))
    assert set(caught.value.faults) == {"seen"}
    assert kinds(workspace.session, chen)["visit"] == 2


def test_written_down_late_needs_a_reason(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, started_at="2026-03-10T01:00:00Z")
    with pytest.raises(Invalid) as caught:
        workspace.visits.finish(entry)
    assert set(caught.value.faults) == {"late_reason"}
    finished = workspace.visits.finish(replace(entry, late_reason="电脑坏了"))
    visit = workspace.records.show("visit", finished.visit).values
    assert (visit["backdated_reason"], visit["ended_at"]) == ("电脑坏了", None)


def test_the_next_visit_lies_ahead(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry
    with pytest.raises(Invalid) as caught:
        workspace.visits.finish(replace(entry, next_on="2026-03-17"))
    assert set(caught.value.faults) == {"next_on"}
    finished = workspace.visits.finish(replace(entry, next_on=NO_DAY))
    assert workspace.records.show("visit", finished.visit).values["follow_up_on"] is None


def test_an_answer_is_a_return_visit(workspace: Workspace, village: Village, chen: Home) -> None:
    issue = village.issue("楼上漏水", "B", at="2026-03-01T02:00:00Z", home=chen)
    village.step(issue, "resolve", at="2026-03-10T02:00:00Z")
    village.visit(chen, "2026-03-16")
    opened = workspace.visits.start(chen.id)
    assert [(ask.issue, ask.title, ask.about) for ask in opened.sheet.returns] == [
        (issue, "楼上漏水", "Return visit 17 Mar")
    ]
    assert opened.entry.purpose == "return"
    workspace.visits.finish(replace(opened.entry, answers={issue: "3"}))
    step = newest(workspace, "issue_step")
    assert (step["action"], step["satisfaction"], step["method"]) == ("return_visit", "3", "door")
    with workspace.session.store.db.read() as connection:
        assert fold(of_household(connection, chen.id)[0].steps).state is State.ANSWERED


def test_numbers_and_labels_in_the_words_are_pointed_out(workspace: Workspace, chen: Home) -> None:
    entry = workspace.visits.start(chen.id).entry
    assert workspace.visits.warnings(replace(entry, note="女儿电话 13800000867")) == (
        "There is a phone number in this text; it has a place of its own.",
    )
    assert workspace.visits.warnings(replace(entry, note="一切都好")) == ()


# ------------------------------------------------------------------------------------------------------- the draft


def test_a_draft_opens_as_it_was_left(workspace: Workspace, chen: Home, clock: HandClock) -> None:
    opened = workspace.visits.start(chen.id)
    entry = opened.entry.marked("power", BAD, HazardEntry("插线板", "S1", done=True, at="2026-03-18T01:45:00Z"))
    entry = replace(entry, note="写到一半", answers={7: "2"}, next_on="2026-04-01", part="note", seen=("family", PHONE))
    clock.move(minutes=1)
    assert workspace.visits.keep(entry) == clock.at
    clock.move(hours=20)
    again = workspace.visits.start(chen.id)
    assert (again.entry, again.kept_at) == (entry, clock.at.replace(hour=1, minute=43, day=18))
    assert workspace.today.view().parked[0].household == chen.id


def test_an_autosave_that_comes_late_brings_nothing_back(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, note="完")
    workspace.visits.keep(entry)
    workspace.visits.finish(entry)
    assert workspace.visits.keep(entry) is None
    assert workspace.drafts.all() == []


def test_the_same_form_is_written_down_once(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, note="完")
    workspace.visits.finish(entry)
    before = kinds(workspace.session, chen)
    with pytest.raises(Problem, match="written down already"):
        workspace.visits.finish(entry)
    assert kinds(workspace.session, chen) == before


def test_a_form_that_is_refused_stays_a_draft(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, seen=(), note="别丢")
    workspace.visits.keep(entry)
    with pytest.raises(Invalid):
        workspace.visits.finish(entry)
    assert workspace.visits.start(chen.id).entry.note == "别丢"


def test_a_draft_can_be_thrown_away_and_brought_back(workspace: Workspace, chen: Home) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, note="不要了")
    workspace.visits.keep(entry)
    fields = workspace.visits.discard(chen.id)
    assert fields is not None
    assert workspace.visits.start(chen.id).entry.note == ""
    workspace.visits.restore(chen.id, fields)
    assert workspace.visits.start(chen.id).entry.note == "不要了"


def test_a_draft_of_a_newer_version_still_opens() -> None:
    entry = VisitEntry.from_fields({
        "household": 1, "started_at": "2026-03-18T01:42:00Z", "note": "字", "photos": ["x"],
        "hazards": {"gas": {"title": "软管", "colour": "red"}},
    })  # fmt: skip
    assert (entry.note, entry.hazards["gas"]) == ("字", HazardEntry("软管"))


KILLED = """
import os, sys
from dataclasses import replace
from pathlib import Path
from gridworker.app.session import Session
from gridworker.app.visit.visits import Visits
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.store import Store
from gridworker.store.keys.vault import Keys
folder, household, who, finish = Folder(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
keys = Keys(bytes(range(32)))
store = Store.open(Database(folder.database, keys.dek), keys.derive("chain"))
visits = Visits(Session(store, folder, keys, who))
entry = visits.start(household).entry
for count in range(1, 10_000):
    entry = replace(entry, note="字" * count)
    visits.keep(entry)
    print(count, flush=True)
    if finish == "finish" and count == 5:
        visits.finish(entry)
        print("finished", flush=True)
        sys.stdin.read()
"""


def killed(session: Session, home: Home, mode: str, until: str) -> None:
    """A process that writes a form, killed after it has said ``until``."""
    program = [sys.executable, "-c", textwrap.dedent(KILLED)]
    arguments = [str(session.folder.root), str(home.id), str(session.who), mode]
    child = subprocess.Popen([*program, *arguments], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdin is not None
    for line in child.stdout:
        if line.strip() == until:
            os.kill(child.pid, signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    child.stdin.close()


def test_killed_while_typing_the_words_are_there(workspace: Workspace, chen: Home) -> None:
    killed(workspace.session, chen, "type", "20")
    assert len(workspace.visits.start(chen.id).entry.note) >= 20


def test_killed_after_finishing_there_is_one_visit_and_no_draft(workspace: Workspace, chen: Home) -> None:
    before = kinds(workspace.session, chen)
    killed(workspace.session, chen, "finish", "finished")
    assert kinds(workspace.session, chen) == {**before, "visit": before["visit"] + 1}


def test_a_fault_while_finishing_leaves_the_draft_and_no_visit(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = replace(workspace.visits.start(chen.id).entry, note="别丢")
    workspace.visits.keep(entry)
    before = kinds(workspace.session, chen)

    def broken(*_args: object) -> None:
        raise OSError("the disk went away")

    monkeypatch.setattr("gridworker.app.visit.visits.draft_rows.drop", broken)
    with pytest.raises(OSError, match="disk went away"):
        workspace.visits.finish(entry)
    assert kinds(workspace.session, chen) == before


def test_what_was_typed_is_nowhere_in_clear(workspace: Workspace, chen: Home) -> None:
    workspace.visits.keep(replace(workspace.visits.start(chen.id).entry, note="金丝雀canary4711"))
    folder: Path = workspace.session.folder.root
    for file in folder.iterdir():
        assert b"canary4711" not in file.read_bytes(), file.name


def test_a_script_writes_no_visit_to_come_and_is_told_that_one_is_late(
    workspace: Workspace, village: Village, clock: HandClock
) -> None:
    home = village.household("陈桂芳")

    def visit(**values: object) -> dict[str, object]:
        usual = {"household_id": home.id, "channel": "door", "outcome": "met_person", "visit_kind": "routine",
                 "visitor_id": workspace.session.who}  # fmt: skip
        return usual | values

    with pytest.raises(Invalid, match="still to come"):
        workspace.records.save("visit", visit(started_at="2026-03-18T02:00:00Z"))
    late = workspace.records.save("visit", visit(started_at="2026-03-01T02:00:00Z")).id
    assert workspace.records.doubts("visit", late) == ("Written down more than a week later; say why.",)
    workspace.records.save("visit", {"backdated_reason": "笔记本送修"}, late)
    assert workspace.records.doubts("visit", late) == ()
    with pytest.raises(Invalid, match="still to come"):
        workspace.records.save("visit", {"started_at": "2026-03-18T02:00:00Z"}, late)
    clock.move(days=-30)
    workspace.records.save("visit", {"situation_note": "补记"}, late)  # only what is changed is asked


def test_a_visit_begun_before_they_moved_out_can_be_finished(workspace: Workspace, village: Village) -> None:
    home = village.household("钱二", "3", "1", "301")
    entry = replace(workspace.visits.start(home.id).entry, note="箱子都打好了")
    workspace.visits.keep(entry)
    workspace.life.do("moved_out", home.id, {"who": str(home.people["钱二"]), "day": "2026-03-18"})
    (parked,) = workspace.today.view().parked
    assert parked.text.startswith("Moved out·3栋1单元301·")
    workspace.visits.finish(workspace.visits.start(home.id).entry)
    assert workspace.today.view().parked == ()
    with pytest.raises(Problem, match="moved away"):
        workspace.visits.start(home.id)
