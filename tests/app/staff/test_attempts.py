"""Wrong passphrases: counted while the store is closed, on record with the next unlock, once."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from gridworker.app.access.audit import Filter
from gridworker.app.access.founding import Founding, found_office
from gridworker.app.backup.rescuing import Rescue
from gridworker.app.backup.restoring import Restoring
from gridworker.app.backup.way_back import newest_whole
from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import who_opens
from gridworker.app.staff import attempts
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem, StoreProblem, TooSoon, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from tests.circle import PASSPHRASE as CIRCLE_PASSPHRASE
from tests.circle import Circle

PASSPHRASE = "梧桐 面条 火车 春天"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    found_office(folder, PASSPHRASE, Founding("420202005003", "沈家营社区居委会", "刘芳"), profile=CHEAP)
    return folder


def _wrong(folder: Path, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassphrase):
            Workspace.open(folder, "梧桐 面条 火车 秋天", profile=CHEAP)


def _told(folder: Path) -> list[tuple[object, str]]:
    opened = Workspace.open(folder, PASSPHRASE, profile=CHEAP)
    try:
        rows = [row.values for row in opened.records.page("audit_event", limit=1000)]
        return [(row["count"], str(row["detail"])) for row in rows if row["action"] == "login_failed"]
    finally:
        opened.close()


def test_failures_wait_for_the_next_unlock_and_are_told_once(office: Path) -> None:
    assert _told(office) == []
    _wrong(office, 3)
    said = Folder(office).attempts.read_text()
    assert PASSPHRASE not in said
    assert "秋天" not in said
    ((count, detail),) = _told(office)
    assert count == 3
    assert all(word.endswith("Z") for word in detail.split())
    assert len(_told(office)) == 1
    _wrong(office, 2)
    assert [count for count, _ in _told(office)] == [3, 2]


def test_a_wrong_passphrase_is_on_record_with_whom_it_was_typed_for(office: Path) -> None:
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    zhou = opened.records.save("staff", {"name": "周敏", "role": "duty"}).id
    opened.people_here.add(zhou, "another one entirely")
    liu = opened.session.who
    opened.close()
    slots = {one.person: one.slot for one in who_opens(office, CHEAP)}
    for slot in (slots[zhou], slots[liu], slots[zhou], None):
        with pytest.raises(WrongPassphrase):
            Workspace.open(office, "梧桐 面条 火车 秋天", slot=slot, profile=CHEAP)
    said = json.loads(Folder(office).attempts.read_text())
    assert said["whose"] == [slots[zhou], slots[liu], slots[zhou], ""]
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    views = opened.audit.everywhere(Filter(actions=("login_failed",)))
    opened.close()
    assert {(view.who, view.kind, view.record, view.count) for view in views} == {
        ("刘芳", "staff", zhou, 2), ("刘芳", "staff", liu, 1), ("刘芳", "", None, 1),
    }  # fmt: skip
    assert {view.about for view in views} == {"Staff member 周敏", "Staff member 刘芳", ""}


@pytest.mark.parametrize("whose", [None, [], ["gone"], ["", "", "", ""]], ids=["none", "empty", "gone", "too many"])
def test_what_an_earlier_version_counted_is_told_without_whom(office: Path, whose: list[str] | None) -> None:
    """It kept moments alone; and a slot may be gone by the time it is told."""
    moments = ["2026-03-18T01:00:00Z", "2026-03-18T02:00:00Z"]
    said = {"total": 5, "moments": moments} | ({} if whose is None else {"whose": whose})
    Folder(office).attempts.write_text(json.dumps(said))
    assert _told(office) == [(5, " ".join(moments))]


def test_who_unlocks_a_window_that_only_shows_is_on_record_too(office: Path) -> None:
    """The store takes no row from it: another window is writing, and may be that of somebody who went to lunch."""
    writing = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    zhou = writing.records.save("staff", {"name": "周敏", "role": "office"}).id
    writing.people_here.add(zhou, "another one entirely")
    for passphrase in ("another one entirely", PASSPHRASE, "another one entirely"):
        shown = Workspace.open(office, passphrase, profile=CHEAP)
        assert shown.session.read_only
        shown.close()
    liu = writing.session.who
    writing.close()
    for _ in range(2):
        opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
        rows = [row.values for row in opened.records.page("audit_event", limit=1000)]
        views = opened.audit.everywhere(Filter(staff=zhou, actions=("login",)))
        opened.close()
        looks = [row for row in rows if row["action"] == "login" and str(row["detail"]).startswith("read_only")]
        assert sorted((row["staff_id"], row["count"]) for row in looks) == sorted([(zhou, 2), (liu, 1)])
        assert [view.did for view in views] == ["Opened the store"]
        assert "In a window that only showed" in views[0].detail


def test_a_cut_before_the_file_is_touched_again_tells_nothing_twice(office: Path) -> None:
    """The store remembers what it has in the audit row's own transaction, so the file need not be changed at all."""
    _wrong(office, 2)
    before = Folder(office).attempts.read_bytes()
    _told(office)
    Folder(office).attempts.write_bytes(before)
    assert [count for count, _ in _told(office)] == [2]


def test_a_file_that_was_removed_or_bent_keeps_nobody_out(office: Path) -> None:
    _wrong(office, 2)
    _told(office)
    for bent in (b"", b"{}", b'{"total": "x", "moments": 3}', b"\xff", b"[" * 200_000):
        Folder(office).attempts.write_bytes(bent)
        assert [count for count, _ in _told(office)] == [2]
    Folder(office).attempts.unlink()
    _wrong(office, 1)
    assert [count for count, _ in _told(office)] == [2, 1]
    assert attempts.read(Folder(office)).total == 1


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock on the wall and the one since the computer was started, in seconds; how often it was started."""
    held = [1_800_000_000, 5_000, 1]
    monkeypatch.setattr(attempts, "_steady", lambda: (held[1], f"start {held[2]}" if held[2] else ""))
    monkeypatch.setattr("time.time", lambda: held[0])
    return held


def test_after_five_in_a_row_nothing_is_tried_for_a_while_also_by_another_start(
    office: Path, clocks: list[int]
) -> None:
    _wrong(office, 5)
    with pytest.raises(TooSoon, match="Wait 30 seconds"):
        Workspace.open(office, PASSPHRASE, profile=CHEAP)
    clocks[0] += 29
    clocks[1] += 29
    assert attempts.wait_left(Folder(office)) == 1
    clocks[1] += 1
    _wrong(office, 1)
    assert attempts.wait_left(Folder(office)) == 60
    clocks[1] += 60
    _wrong(office, 1)
    assert attempts.wait_left(Folder(office)) == 120, "twice as long each time, not thirty seconds more"
    clocks[1] += 120
    assert _told(office) == [(7, _told(office)[0][1])]
    _wrong(office, 4)
    assert attempts.wait_left(Folder(office)) == 0, "whoever opened it may err five times again"


def test_who_has_a_passphrase_of_their_own_does_not_guess_a_colleague_s_for_ever(
    office: Path, clocks: list[int]
) -> None:
    """Four, their own, four more: what was tried for the other one stays until that one comes."""
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    zhou = opened.records.save("staff", {"name": "周敏", "role": "duty"}).id
    opened.people_here.add(zhou, "another one entirely")
    opened.close()
    liu = next(one.slot for one in who_opens(office, CHEAP) if one.person != zhou)

    def guess(slot: str | None) -> None:
        with pytest.raises(WrongPassphrase):
            Workspace.open(office, "梧桐 面条 火车 秋天", slot=slot, profile=CHEAP)

    def come(passphrase: str) -> None:
        Workspace.open(office, passphrase, profile=CHEAP).close()

    for _ in range(4):
        guess(liu)
    come("another one entirely")
    for way in (liu, None, liu):
        guess(way)
        with pytest.raises(TooSoon, match="Wait 30 seconds"):
            come("another one entirely")
        clocks[1] += 30
        come("another one entirely")
    come(PASSPHRASE)
    for _ in range(4):
        guess(liu)
    assert attempts.wait_left(Folder(office)) == 0, "their own passphrase ends it"


def test_slips_for_who_is_away_shut_nobody_out(office: Path, clocks: list[int]) -> None:
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    zhou = opened.records.save("staff", {"name": "周敏", "role": "duty"}).id
    opened.people_here.add(zhou, "another one entirely")
    opened.close()
    away = next(one.slot for one in who_opens(office, CHEAP) if one.person == zhou)
    for _ in range(20):
        with pytest.raises(WrongPassphrase):
            Workspace.open(office, PASSPHRASE, slot=away, profile=CHEAP)
        assert attempts.wait_left(Folder(office)) <= 30
        clocks[1] += 30
        Workspace.open(office, PASSPHRASE, profile=CHEAP).close()


def test_setting_the_clock_neither_ends_the_wait_nor_makes_it_longer(office: Path, clocks: list[int]) -> None:
    _wrong(office, 5)
    clocks[0] += 10**9
    assert attempts.wait_left(Folder(office)) == 30
    clocks[0] -= 2 * 10**9
    assert attempts.wait_left(Folder(office)) == 30


@pytest.mark.parametrize("named", [True, False], ids=["starts with names", "starts without names"])
def test_starting_the_computer_anew_with_its_clock_set_forward_shortens_no_wait(
    office: Path, clocks: list[int], *, named: bool
) -> None:
    clocks[2] = int(named)
    _wrong(office, 5)
    clocks[:] = [clocks[0] + 10**9, 3, 2 * named]
    assert attempts.wait_left(Folder(office)) == 27
    with pytest.raises(TooSoon):
        Workspace.open(office, PASSPHRASE, profile=CHEAP)
    clocks[1] = 31
    assert attempts.wait_left(Folder(office)) == 0


def test_a_start_that_is_long_ago_is_time_gone_by(office: Path, clocks: list[int]) -> None:
    """It runs for longer than the other had run: without a name of the start the wait would begin there."""
    _wrong(office, 5)
    clocks[1:] = [5_010, 2]
    assert attempts.wait_left(Folder(office)) == 0


def test_asking_the_office_is_no_way_to_go_on_guessing(office: Path, clocks: list[int]) -> None:
    """It tells that somebody has the passphrase which is to be the new one."""
    forgotten, [me] = Forgotten(office, profile=CHEAP), who_opens(office, CHEAP)
    _wrong(office, 4)
    with pytest.raises(Problem, match="cannot reset this from afar"):
        forgotten.ask("梧桐 面条 火车 冬天", me.slot)
    with pytest.raises(TooSoon):
        forgotten.ask(PASSPHRASE, me.slot)
    clocks[1] += 30
    assert attempts.wait_left(Folder(office)) == 0


def test_a_question_that_is_on_its_way_is_no_way_to_go_on_guessing(circle: Circle, clocks: list[int]) -> None:
    """The passphrase it was begun with opens the data once the office answered."""
    circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.close()
    folder = circle.folder / "laptop-1"
    Workspace.open(folder, CIRCLE_PASSPHRASE, profile=CHEAP).close()
    forgotten, [me] = Forgotten(folder, profile=CHEAP), who_opens(folder, CHEAP)
    chosen = "梧桐 面条 火车 冬天"
    _wrong(folder, 5)
    clocks[1] += 30
    forgotten.ask(chosen, me.slot)
    assert attempts.wait_left(Folder(folder)) == 60
    forgotten.again(chosen)
    for _ in range(attempts.FREE_TRIES):
        with pytest.raises(WrongPassphrase):
            forgotten.again("梧桐 面条 火车 秋天")
    left = attempts.wait_left(Folder(folder))
    assert left > 60, "it counts at the unlock page too"
    for guess in (lambda: forgotten.again(chosen), lambda: forgotten.finish("", chosen)):
        with pytest.raises(TooSoon):
            guess()
    clocks[1] += left
    forgotten.again(chosen)
    with pytest.raises(WrongPassphrase):
        forgotten.again("梧桐 面条 火车 秋天")
    assert attempts.wait_left(Folder(folder)) == 2 * left, "one that fits ends nothing: whoever asked may be a stranger"


def test_a_backup_or_a_damaged_store_is_no_way_to_go_on_guessing(office: Path, clocks: list[int]) -> None:
    """Their passphrases are those of the store. One try counts once, however many backups lie there."""
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    backup = [opened.backups.make().path, opened.backups.make().path][0]
    opened.close()
    wrong, folder = "梧桐 面条 火车 秋天", Folder(office)
    ways: list[Callable[[str], object]] = [
        lambda words: Restoring.by_passphrase(backup, office, words, profile=CHEAP),
        lambda words: Rescue.of(office, words, CHEAP),
        lambda words: newest_whole(office, words, profile=CHEAP),
    ]
    for number, way in enumerate((*ways, *ways[:2]), start=1):
        with pytest.raises(StoreProblem):
            way(wrong)
        assert attempts.read(folder).row == number
    for way in ways:
        with pytest.raises(TooSoon, match="Wait 30 seconds"):
            way(PASSPHRASE)
    clocks[1] += 30
    for way in ways:
        way(PASSPHRASE)
    assert attempts.read(folder).row == 5, "a backup that somebody brought along ends no row"
    assert [count for count, _ in _told(office)] == [5]


def test_where_there_are_no_keys_yet_nothing_is_counted(office: Path, tmp_path: Path) -> None:
    """A backup is put back into a folder that was empty, and is so still after a slip."""
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    backup = opened.backups.make().path
    opened.close()
    (tmp_path / "new").mkdir()
    with pytest.raises(WrongPassphrase):
        Restoring.by_passphrase(backup, tmp_path / "new", "梧桐 面条 火车 秋天", profile=CHEAP)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("bent", ['"x"', "1e999", "NaN", "-7", "9999999999999999999999", "[]"])
def test_a_row_that_makes_no_sense_keeps_nobody_out_for_ever(office: Path, bent: str) -> None:
    for name in ("row", "steady", "boot"):
        body = f'{{"total": 1, "moments": [], "row": 5, "steady": 1, "boot": "", "{name}": {bent}}}'
        Folder(office).attempts.write_text(body)
        assert 0 <= attempts.wait_left(Folder(office)) <= 30 * 2**20


@pytest.mark.parametrize(
    "bent",
    [
        {"total": 10**30},
        {"total": -5},
        {"total": 1, "moments": ["\ud800"]},
        {"total": 1, "moments": ["陈建国"]},
        {"looks": 10**30, "looked": [[1, "2026-03-18T01:00:00Z"]]},
        {"looks": 1, "looked": [[10**30, "2026-03-18T01:00:00Z"]]},
        {"looks": 1, "looked": [[-1, "2026-03-18T01:00:00Z"]]},
        {"looks": 1, "looked": [[1, "x"]]},
        {"total": 1, "moments": ["2026-03-18T01:00:00Z"], "whose": [7]},
        {"total": 1, "moments": ["2026-03-18T01:00:00Z"], "whose": 7},
        {"total": 1, "moments": ["2026-03-18T01:00:00Z"], "whose": ["x"] * 1000},
        {"tried": [1]},
        {"tried": {"ab": "x"}},
        {"tried": {"ab": -1}},
        {"tried": {str(number): 9 for number in range(1000)}},
    ],
)
def test_what_nobody_counted_is_not_put_on_record_and_keeps_nobody_out(office: Path, bent: dict[str, object]) -> None:
    Folder(office).attempts.write_text(json.dumps({"total": 0, "moments": [], **bent}))
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    told = [(row.action, row.count, row.detail) for row in opened.audit.here() if row.action.startswith("login")]
    opened.close()
    assert told == [("login", None, "")]


def test_an_open_window_is_no_way_to_go_on_guessing(office: Path, clocks: list[int]) -> None:
    """Where the present passphrase is asked for, to change it or to make a new data key, a wrong one counts too."""
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    ways = (lambda words: opened.people_here.change(words, "新的口令好记又不短呢"), opened.data_key.prepare)
    for number in range(5):
        with pytest.raises(WrongPassphrase):
            ways[number % 2]("梧桐 面条 火车 秋天")
    for way in ways:
        with pytest.raises(TooSoon, match="Wait 30 seconds"):
            way(PASSPHRASE)
    clocks[1] += 30
    opened.people_here.change(PASSPHRASE, PASSPHRASE + "天")
    opened.close()
    assert attempts.wait_left(Folder(office)) == 0
    again = Workspace.open(office, PASSPHRASE + "天", profile=CHEAP)
    (told,) = [row for row in again.audit.here() if row.action == "login_failed"]
    again.close()
    assert told.count == 5


def test_choosing_a_passphrase_is_no_way_to_guess_a_colleague_s(office: Path, clocks: list[int]) -> None:
    """Whether somebody has it already is told. Who gives out many, to others, need not wait."""
    opened = Workspace.open(office, PASSPHRASE, profile=CHEAP)
    zhou = opened.records.save("staff", {"name": "周敏", "role": "duty"}).id
    for _ in range(7):
        opened.people_here.change(PASSPHRASE, PASSPHRASE)
    opened.people_here.add(zhou, "another one entirely")
    for number in range(7):
        other = opened.records.save("staff", {"name": f"值班{number}", "role": "duty"}).id
        opened.people_here.add(other, f"yet another one {number}")
    assert attempts.wait_left(Folder(office)) == 0
    taken = opened.records.save("staff", {"name": "孙志", "role": "duty"}).id
    ways: list[Callable[[], object]] = [
        lambda: opened.people_here.change(PASSPHRASE, PASSPHRASE),
        lambda: opened.people_here.add(taken, "another one entirely"),
    ]
    for number in range(attempts.FREE_TRIES):
        with suppress(Problem):
            ways[number % 2]()
    for way in ways:
        with pytest.raises(TooSoon, match="Wait 30 seconds"):
            way()
    opened.close()
