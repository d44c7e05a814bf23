"""The command line as a script uses it: answers, exit status, one plain sentence on bad input."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.errors import DiskFull
from gridworker.record import Value
from gridworker.store.tables.changes import Change
from tests.cli.script import Script, enrolled, opened

SAMPLE = Path(__file__).parents[1] / "data" / "rosters" / "01_title_merged_address.xlsx"


def test_the_circle_by_script(script: Script, office: Path) -> None:
    imported = script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    assert len(imported["residents"]) == 18
    laptop = enrolled(script, office)
    people = script.json("record", "list", "resident", "--dir", laptop)
    someone = people[0]["id"]
    script.json("record", "save", "resident", someone, "--dir", laptop, given={"note": "周三在家"})
    script.json("record", "save", "resident", someone, "--dir", office, given={"note": "周四在家"})
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    shown = script.json("bundle", "show", bundle, "--dir", office)
    assert shown["n"] == 1
    script.json("bundle", "merge", bundle, "--dir", office)
    (conflict,) = script.json("conflict", "list", "--dir", office)
    assert {side["value"] for side in conflict["fields"]["note"]} == {"周三在家", "周四在家"}
    assert "masked" not in script.run("conflict", "list", "--dir", office)[1]
    script.json("conflict", "resolve", "resident", someone, "--dir", office, given={"note": "周三、周四在家"})
    (reply,) = script.json("bundle", "pack", "--dir", office, "--out", script.folder, "--to", "all")
    script.json("bundle", "merge", reply, "--dir", laptop)
    digests = [script.json("digest", "--dir", folder, "--grid", "第一网格") for folder in (office, laptop)]
    assert digests[0] == digests[1]
    for folder in (office, laptop):
        assert script.json("check", "--dir", folder) == {"ok": True, "faults": []}
    events = script.json("record", "history", "resident", someone, "--dir", laptop)
    assert [event["what"] for event in events][:1] == ["resolve"]


def test_a_reference_that_leads_nowhere_is_refused_and_is_a_fault_where_it_stands(script: Script, office: Path) -> None:
    """Two ways in: a person who saves, and a program that writes past the checks."""
    wanted = {"building_name": "3栋", "grid_id": 999}
    code, out, said = script.run("record", "save", "building", "--dir", office, given=json.dumps(wanted))
    assert (code, out, said.count("\n")) == (1, "", 1)
    assert 'no record 999 of kind "Grid"' in said
    with opened(office) as workspace:
        nowhere, home = workspace.session.new_id(), workspace.session.new_id()
        values: dict[str, Value] = {"status": "active", "dwelling_id": nowhere}
        workspace.session.write([Change("household", home, values, create=True)], "create")
        (finding,) = workspace.self_check.daily()
        assert finding.sentence.startswith("1 reference leads to a record that is not here.")
        assert finding.todo.startswith("Nothing is lost by it."), "a backup would not mend it"
        assert finding.calm
        assert not finding.of_store
        assert workspace.self_check.last() == (finding,)
    code, out, _ = script.run("check", "--dir", office, "--json")
    answer = json.loads(out)
    assert (code, answer["ok"]) == (1, False)
    assert [fault["where"] for fault in answer["faults"]] == ["references"]
    assert all(str(id_) in answer["faults"][0]["sentence"] for id_ in (nowhere, home))
    assert script.json("record", "save", "household", home, "--dir", office, given={"status": "active"})
    assert script.json("record", "save", "household", home, "--dir", office, given={"dwelling_id": None})
    assert script.json("check", "--dir", office)["ok"]


def test_a_person_whom_the_index_lost_is_missed_and_found_again(script: Script, office: Path) -> None:
    script.json("record", "save", "resident", "--dir", office, given={"name": "陈桂芳", "status": "in_place"})
    with opened(office) as workspace:
        with workspace.session.store.db.write() as connection:
            connection.exec_driver_sql("DELETE FROM search_index")
        (finding,) = workspace.self_check.daily()
        assert finding.todo.startswith("Close the program first.")
        assert "gridworker check --mend-index" in finding.sentence
    code, out, _ = script.run("check", "--dir", office)
    assert (code, out.count("\n")) == (1, 1)
    code, out, _ = script.run("check", "--mend-index", "--dir", office)
    assert (code, out.splitlines()) == (0, ["The search index was made anew.", "Everything is sound."])
    with opened(office) as workspace:
        assert "陈桂芳" in str(workspace.search.find("cgf").parts)


def test_a_name_that_ends_in_a_slash_is_a_folder(script: Script, office: Path) -> None:
    stick, taken = script.folder / "new" / "stick", script.folder / "taken"
    _, silent, said = script.run("bundle", "pack", "--dir", office, "--out", f"{stick}/")
    assert (silent, said.count("\n")) == ("", 1)  # nobody to pack for is said, too
    kit = script.json(
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格",
        "--out", f"{stick}/", "--code-file", script.folder / "code.txt",
    )["kit"]  # fmt: skip
    assert Path(kit).is_file()
    laptop = script.folder / "laptop"
    script.json("device", "enrol", kit, "--code-file", script.folder / "code.txt", "--dir", laptop)
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", f"{stick}/")
    assert {Path(kit).parent, Path(bundle).parent} == {stick}
    taken.write_text("")
    code, _, said = script.run("bundle", "pack", "--dir", laptop, "--out", script.folder / "stik")
    assert code == 1
    assert "There is no folder" in said
    assert not (script.folder / "stik").exists()
    code, _, said = script.run("bundle", "pack", "--dir", laptop, "--out", f"{taken}/")
    assert (code, said.count("\n")) == (1, 1)
    assert "taken" in said


def test_grids_are_cut_anew(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    second = script.json("grid", "add", "第二网格", "--dir", office)["id"]
    scope = script.json("device", "scope", "1", "--grid", "第一网格", "--grid", second, "--dir", office)
    assert [grid["name"] for grid in scope["grids"]] == ["第一网格", "第二网格"]
    script.json("grid", "rename", "第一网格", "北网格", "--dir", office)
    house = script.json("record", "save", "building", "--dir", office, given={"grid_id": second, "building_name": "7"})
    new = script.json("grid", "split", "第二网格", "--name", "第三网格", "--building", house["id"], "--dir", office)[
        "id"
    ]
    assert len(script.json("device", "scope", "1", "--dir", office)["grids"]) == 3
    script.json("grid", "merge", "第三网格", "--into", "北网格", "--dir", office)
    assert [grid["name"] for grid in script.json("grid", "list", "--dir", office)] == ["北网格", "第二网格"]
    moved = script.json("record", "show", "building", house["id"], "--dir", office)
    assert moved["grid_id"] not in (new, second)
    assert script.run("device", "scope", "1", "--grid", "第二网格", "--dir", laptop)[0] == 1


def test_a_shared_folder_needs_no_hand(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    share = script.folder / "share"
    share.mkdir()
    [first] = script.json("bundle", "exchange", share, "--dir", laptop)["packed"]
    answer = script.json("bundle", "exchange", share, "--dir", office)
    assert [one["file"] for one in answer["merged"]] == [Path(first).name]
    Path(first).with_name("01-3-00000000.gwb").write_bytes(b"half")
    status, out, _ = script.run("bundle", "exchange", share, "--dir", office, "--json")
    assert (status, json.loads(out)["arriving"]) == (1, ["01-3-00000000.gwb"])


def test_removing_and_undoing(script: Script, office: Path) -> None:
    saved = script.json("record", "save", "staff", "--dir", office, given={"name": "赵海", "role": "grid_worker"})
    script.json("record", "remove", "staff", saved["id"], "--dir", office)
    status, _, err = script.run("record", "show", "staff", saved["id"], "--dir", office)
    assert (status, err.count("\n")) == (1, 1)
    script.json("undo", "--dir", office)
    assert script.json("record", "show", "staff", saved["id"], "--dir", office) == saved


def test_showing_people_in_clear_is_put_on_record(script: Script, office: Path) -> None:
    script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    people = script.json("record", "list", "resident", "--dir", office)
    script.json("record", "show", "resident", people[0]["id"], "--dir", office)
    shown = [
        event for event in script.json("record", "list", "audit_event", "--dir", office) if event["action"] == "reveal"
    ]
    assert [(event["record_kind"], event["count"]) for event in shown] == [
        ("resident", 18),  # what the import answered
        ("resident", 18),
        ("resident", 1),
    ]


def test_a_dry_run_imports_nothing(script: Script, office: Path) -> None:
    script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格", "--dry-run")
    assert script.json("record", "list", "resident", "--dir", office) == []


def test_reading_a_ledger_needs_no_store(script: Script) -> None:
    neutral = script.json("roster", "read", SAMPLE)
    assert set(neutral) == {"households", "residents", "problems"}


def test_exporting_writes_the_file(script: Script, office: Path) -> None:
    script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    out = script.folder / "out.xlsx"
    assert script.json("roster", "export", out, "--dir", office) == {"file": str(out), "residents": 18}
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(
    "words",
    [
        ("record", "list", "nonsense", "--dir", "{office}"),
        ("record", "show", "resident", "1", "--dir", "{office}"),
        ("roster", "import", "{missing}", "--dir", "{office}", "--grid", "第一网格"),
        ("roster", "import", str(SAMPLE), "--dir", "{office}", "--grid", "第九网格"),
        ("bundle", "show", "{missing}", "--dir", "{office}"),
        ("bundle", "pack", "--dir", "{office}", "--out", "{tmp}", "--to", "77"),
        ("digest", "--dir", "{tmp}"),
        ("grid", "add", "第一网格", "--dir", "{office}"),
        ("device", "enrol", str(SAMPLE), "--code-file", "{missing}", "--dir", "{tmp}/laptop"),
        ("office", "new", "--dir", "{tmp}/other", "--community", "1", "--name", "x"),
        ("undo", "--dir", "{office}", "--passphrase-file", "{missing}"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_bad_input_is_one_sentence_and_no_traceback(words: tuple[str, ...], script: Script, office: Path) -> None:
    filled = [word.format(office=office, missing=script.folder / "missing", tmp=script.folder) for word in words]
    before = script.json("digest", "--dir", office)
    status, _, err = script.run(*filled)
    assert status != 0
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert script.json("digest", "--dir", office) == before


def test_a_wrong_passphrase_is_one_sentence(script: Script, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWORKER_PASSPHRASE", "something else")
    status, _, err = script.run("digest", "--dir", office)
    assert (status, len(err.strip().splitlines())) == (1, 1)


def test_a_bundle_that_is_cut_short_changes_nothing(script: Script, office: Path) -> None:
    cut = script.folder / "01-1-00000000.gwb"
    cut.write_bytes(b"age-encryption.org/v1\n-> X25519 cut")
    before = script.json("digest", "--dir", office)
    status, out, _ = script.run("bundle", "merge", cut, "--dir", office)
    assert status == 1
    assert len(out.strip().splitlines()) == 1
    assert script.json("digest", "--dir", office) == before


@pytest.mark.parametrize("words", [("nonsense",), ("record",), ("grid", "add")])
def test_usage_errors_do_not_end_with_a_traceback(words: tuple[str, ...], script: Script) -> None:
    status, _, err = script.run(*words)
    assert status != 0
    assert "Traceback" not in err


def test_a_demo_is_made(script: Script) -> None:
    made = script.json("demo", "--dir", script.folder / "d", "--people", 30)
    assert Path(made["office"]).name == "office"
    assert [Path(laptop).name for laptop in made["laptops"]] == ["laptop-1", "laptop-2"]


def test_what_was_set_aside_is_listed_and_ruled_on(script: Script, office: Path) -> None:
    with opened(office) as workspace, workspace.session.store.db.write() as connection:
        for clk, laptop, reason in ((3 << 22 | 1 << 6, 1, "out_of_scope"), (4 << 22 | 2 << 6, 2, "many_deletions")):
            connection.exec_driver_sql(
                "INSERT INTO aside (clk, kind, record, what, who, scope, vals, reason, source) "
                "VALUES (?, 6, ?, 1, 0, 0, x'93020100', ?, x'0102')",
                (clk, laptop, reason),
            )
    first, second = script.json("bundle", "aside", "list", "--dir", office)
    assert (first["reason"], first["laptop"], first["ruling"]) == ("out_of_scope", 1, None)
    assert second["acceptable"]
    status, out, err = script.run("bundle", "aside", "list", "--limit", 1, "--dir", office)
    assert (status, len(out.splitlines()), err) == (0, 1, "Listed: the first 1 of 2\n")
    status, _, err = script.run("bundle", "aside", "refuse", "--dir", office)
    assert (status, err) == (1, "Name what is meant by its number, or say --all.\n")
    answer = script.json("bundle", "aside", "refuse", "--all", "--laptop", 1, "--note", "别处", "--dir", office)
    assert answer == {"refused": 1, "left": 1}
    answer = script.json("bundle", "aside", "accept", second["id"], "--dir", office)
    assert answer == {"accepted": 1, "left": 0}
    listed = script.json("bundle", "aside", "list", "--ruled", "--dir", office)
    assert [one["ruling"] for one in listed] == ["refused", "accepted"]
    _, out, _ = script.run("bundle", "aside", "list", "--ruled", "--dir", office)
    assert "laptop 2" in out


def test_a_laptop_is_taken_out_of_use_and_into_it_again(script: Script, office: Path) -> None:
    kit, code = script.folder / "kit.gwk", script.folder / "code.txt"
    script.json(
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格", "--out", kit, "--code-file", code
    )
    for command, state in (("retire", "retired"), ("revoke", "revoked"), ("readmit", "active")):
        assert script.json("device", command, 1, "--dir", office) == {"number": 1, "state": state}
    (listed,) = script.json("device", "list", "--dir", office)
    assert (listed["state"], listed["agrees"]) == ("active", None)
    assert script.json("bundle", "missing", "--dir", office) == []
    status, _, err = script.run("device", "retire", 9, "--dir", office)
    assert (status, err) == (1, "There is no laptop 9.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bundle", "pack"), "还缺 --out。用法见 gridworker bundle pack --help。"),
        (("bundle", "merge"), "还缺 FILES。用法见 gridworker bundle merge --help。"),
        (("record", "show", "resident", "abc"), "ID 给的不对，要填数字。用法见 gridworker record show --help。"),
        (("bundle", "pack", "--out"), "还缺 --out。"),
        (("--nonsense",), "没有 --nonsense 这个选项。"),
        (("nonsense",), "没有这样的命令。"),
    ],
)
def test_usage_errors_are_told_in_the_language_of_the_product(
    words: tuple[str, ...], said: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: "zh_CN")
    status, _, err = script.run(*words)
    assert status == 2
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_the_state_of_a_laptop_is_told_in_words(script: Script, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(script, office)
    monkeypatch.setattr("gridworker.text.system_language", lambda: "zh_CN")
    assert "  在用\n" in script.run("device", "list", "--dir", office)[1]
    assert script.run("device", "retire", 1, "--dir", office)[1] == "1 号设备：已停用\n"


def test_an_office_whose_recovery_key_cannot_be_kept_is_not_founded(script: Script) -> None:
    where = script.folder / "new"
    words = ("office", "new", "--dir", where, "--community", "420202005002", "--name", "师院社区办公室", "--recovery")
    kept = script.folder / "kept.age"
    kept.write_bytes(b"the key of another office")
    for path in (script.folder / "gone" / "recovery.age", kept):
        status, _, err = script.run(*words, path)
        assert (status, err.count("\n")) == (1, 1)
        assert not list(where.glob("*"))
    assert kept.read_bytes() == b"the key of another office"


@pytest.mark.parametrize("command", ["office", "device"])
def test_a_passphrase_that_the_window_would_not_take_is_refused(
    command: str, script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, code = script.folder / "kit.gwk", script.folder / "code.txt"
    script.json(
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格", "--out", kit, "--code-file", code
    )
    monkeypatch.setenv("GRIDWORKER_PASSPHRASE", "abc")
    where = script.folder / "new"
    words: dict[str, tuple[object, ...]] = {
        "office": ("office", "new", "--community", "420202005002", "--name", "师院社区办公室"),
        "device": ("device", "enrol", kit, "--code-file", code),
    }
    status, _, err = script.run(*words[command], "--dir", where)
    assert (status, err) == (1, "This passphrase is too short: take at least ten characters or four words.\n")
    assert not where.exists()


def test_a_folder_that_is_not_there_is_called_so(script: Script, office: Path) -> None:
    status, _, err = script.run("roster", "export", script.folder / "gone" / "list.xlsx", "--dir", office)
    assert (status, err) == (1, 'There is no folder for "list.xlsx". Nothing was changed. Choose another one.\n')


def test_undo_says_what_it_took_back(script: Script, office: Path) -> None:
    script.json("record", "save", "staff", "--dir", office, given={"name": "赵海", "role": "grid_worker"})
    _, out, _ = script.run("undo", "--dir", office)
    assert out.startswith("Taken back: Changed a role; 1 record changed")


@pytest.mark.parametrize("given", ["[" * 200_000, '{"name": ', "[1]", "7"])
def test_what_is_no_object_is_told_in_a_sentence(given: str, script: Script, office: Path) -> None:
    status, _, err = script.run("record", "save", "staff", "--dir", office, given=given)
    assert status == 1
    assert err.startswith("What came in is no JSON object")
    assert err.count("\n") == 1


def test_a_store_without_its_keys_is_not_called_empty(script: Script, office: Path) -> None:
    for name in ("keys.json", "keys.bak.json"):
        (office / name).unlink()
    status, _, err = script.run("digest", "--dir", office)
    assert status == 1
    assert err.startswith("The key files are damaged")


def test_a_wrong_clock_is_told_and_corrected(script: Script, office: Path) -> None:
    enrolled(script, office)
    status, out, _ = script.run("device", "clock", 1, "--dir", office)
    assert (status, out) == (0, "Nothing says that its clock is wrong.\n")
    given = ("--since", "2045-01-01T00:00:00Z", "--seconds", "-600")
    answer = script.json("device", "clock", 1, *given, "--dir", office)
    assert [(one["laptop"], one["until"], one["seconds"]) for one in answer["corrections"]] == [(1, None, -600)]
    _, out, _ = script.run("device", "clock", 1, "--dir", office)
    assert "Corrected from 2045-01-01T00:00:00Z to …: -600 seconds" in out
    status, _, err = script.run("device", "clock", 1, "--since", "yesterday", "--seconds", 5, "--dir", office)
    assert (status, err.count("\n")) == (1, 1)


def test_what_was_taken_back_is_told_as_a_change_and_not_as_a_conflict_settled(script: Script, office: Path) -> None:
    person = script.json("record", "save", "resident", "--dir", office, given={"name": "陈桂芳", "status": "in_place"})
    script.json("record", "save", "resident", person["id"], "--dir", office, given={"sex": "2"})
    script.json("record", "save", "resident", person["id"], "--dir", office, given={"sex": "1"})
    script.json("undo", "--dir", office)
    _, out, _ = script.run("record", "history", "resident", person["id"], "--dir", office)
    assert "changed  Sex: Male → Female" in out
    assert "settled" not in out


def test_what_happened_and_what_came_is_told_in_words(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = enrolled(script, office)
    person = script.json("record", "save", "resident", "--dir", laptop, given={"name": "陈桂芳", "status": "in_place"})
    script.json("record", "save", "resident", person["id"], "--dir", laptop, given={"phones": "13800000142"})
    script.json("record", "save", "resident", person["id"], "--dir", laptop, given={"sex": "2"})
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    monkeypatch.setattr("gridworker.text.system_language", lambda: "zh_CN")
    _, out, _ = script.run("bundle", "show", bundle, "--dir", office)
    assert "发往办公室的包" in out
    assert "居民 1" in out
    _, out, _ = script.run("bundle", "merge", bundle, "--dir", office)
    assert "新增 1 条" in out
    _, out, _ = script.run("record", "history", "resident", person["id"], "--dir", office)
    assert "周敏  修改  性别：" in out.replace(": ", "：")
    assert "女" in out
    assert "13800000142" not in out
    for code in ("sex", "edit", "in_place", "None"):
        assert code not in out


def test_every_ledger_and_its_blank_form_by_name(script: Script, office: Path) -> None:
    for ledger in ("households", "visits", "issues", "disputes", "needs", "shops"):
        out = script.folder / ledger
        told = script.json("roster", "export", out, "--ledger", ledger, "--format", "csv", "--dir", office)
        assert (told["file"], Path(told["file"]).is_file()) == (f"{out}.csv", True)
        form = script.folder / f"{ledger}.xlsx"
        assert script.json("roster", "template", form, "--ledger", ledger) == {"file": str(form), "ledger": ledger}
    assert told["rows"] == 0
    out = script.folder / "visits.csv"
    words = ("roster", "export", out, "--ledger", "visits", "--dir", office, "--replace")
    assert script.json(*words, "--since", "2026-03-01", "--until", "2026-03-31")["rows"] == 0
    status, _, err = script.run(*words, "--since", "March")
    assert (status, err) == (1, "Write the date as year-month-day, like 2026-03-18.\n")
    status, _, err = script.run("roster", "template", script.folder / "x.xlsx", "--ledger", "nonsense")
    assert (status, "residents" in err) == (1, True)


def test_presets_from_made_to_removed(script: Script, office: Path) -> None:
    columns = ("--column", "name=Name", "--column", "id_number", "--column", "=Signature")
    made = script.json("preset", "save", "Street", "--numbers", "last4", *columns, "--dir", office)
    assert (made["ledger"], made["number_form"]) == ("residents", "last4")
    changed = script.json("preset", "save", "Street", "--title", "For the street office", "--dir", office)
    assert (changed["id"], changed["columns"], changed["title"]) == (
        made["id"],
        made["columns"],
        "For the street office",
    )
    out = script.folder / "street.csv"
    assert script.json("roster", "export", out, "--preset", "Street", "--dir", office)["rows"] == 0
    assert out.read_text("utf-8-sig").splitlines()[0] == '"Name","ID number (last four)","Signature"'
    assert [one["name"] for one in script.json("preset", "list", "--dir", office)] == ["Street"]
    script.json("preset", "remove", "Street", "--dir", office)
    assert script.json("preset", "list", "--dir", office) == []
    status, _, err = script.run("preset", "save", "Bad", "--column", "nonsense", "--dir", office)
    assert (status, "nonsense" in err) == (1, True)


def test_columns_given_by_a_file_are_taken_and_remembered(script: Script, office: Path) -> None:
    told = script.json("roster", "columns", SAMPLE)
    assert told["fields"]["与户主关系"] == "relation"
    map_ = script.folder / "map.json"
    map_.write_text(json.dumps({**told, "fields": {**told["fields"], "与户主关系": "ignored"}}))
    read = script.json("roster", "read", SAMPLE, "--map", map_)
    args = ("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    first = script.json(*args, "--map", map_)
    script.json("undo", "--dir", office)
    again = script.json(*args)
    for outcome in (read, first, again):
        assert {person["relation"] for person in outcome["residents"]} == {None}


def test_an_import_writes_its_report(script: Script, office: Path) -> None:
    out = script.folder / "report.xlsx"
    args = ("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格", "--report")
    status, _, err = script.run(*args, script.folder / "report.doc")
    assert (status, len(err.splitlines())) == (1, 1)
    assert script.json("record", "list", "resident", "--dir", office) == []
    script.json(*args, out)
    assert out.stat().st_size > 1000


def test_a_report_that_is_not_written_does_not_deny_the_import(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever believes that nothing was changed goes looking for what is wrong with the ledger."""
    out, full = script.folder / "report.xlsx", Mock(side_effect=DiskFull("The disk is full, so nothing was changed."))
    args = ("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格", "--report", out)
    for wrong in (("--purpose", "nonsense"), ("--report", office / "report.xlsx")):
        assert script.run(*args, *wrong)[0] == 1
        assert script.json("record", "list", "resident", "--dir", office) == [], "what can be told before is"
    with monkeypatch.context() as patch:
        patch.setattr("gridworker.app.roster.report.write_table", full)
        assert script.run(*args, "--dry-run")[2] == "The disk is full, so nothing was changed.\n"
        status, told, err = script.run(*args)
    assert status == 1
    assert told.startswith("New ")
    assert err.startswith('The ledger was taken in, but its report was not written: is there room for "report.xlsx"')
    assert script.json("record", "list", "resident", "--dir", office)
    assert "new" not in script.json(*args)["counts"], "nobody is taken in twice"
    assert out.exists()


def test_the_office_shortens_id_numbers(script: Script, office: Path) -> None:
    script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    assert script.json("office", "ids", "--dir", office) == {"keep": "full", "shortened": 0, "elsewhere": []}
    assert script.json("office", "ids", "--keep", "last4", "--dir", office)["shortened"] > 10
    again = script.json("roster", "import", SAMPLE, "--dir", office, "--grid", "第一网格")
    assert "new" not in again["counts"]
    assert {person["id_number"] for person in again["residents"]} == {None}
