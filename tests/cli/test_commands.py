"""The command line as a script uses it: answers, exit status, one plain sentence on bad input."""

from pathlib import Path

import pytest

from tests.cli.script import Script, enrolled

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
    script.json("conflict", "resolve", "resident", someone, "--dir", office, given={"note": "周三、周四在家"})
    (reply,) = script.json("bundle", "pack", "--dir", office, "--out", script.folder, "--to", "all")
    script.json("bundle", "merge", reply, "--dir", laptop)
    digests = [script.json("digest", "--dir", folder, "--grid", "第一网格") for folder in (office, laptop)]
    assert digests[0] == digests[1]
    for folder in (office, laptop):
        assert script.json("check", "--dir", folder) == {"ok": True, "faults": []}
    events = script.json("record", "history", "resident", someone, "--dir", laptop)
    assert [event["what"] for event in events][:1] == ["resolve"]


def test_a_shared_folder_needs_no_hand(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    share = script.folder / "share"
    share.mkdir()
    [first] = script.json("bundle", "exchange", share, "--dir", laptop)["packed"]
    answer = script.json("bundle", "exchange", share, "--dir", office)
    assert [one["file"] for one in answer["merged"]] == [Path(first).name]
    Path(first).with_name("01-9-00000000.gwb").write_bytes(b"half")
    assert script.json("bundle", "exchange", share, "--dir", office)["arriving"] == ["01-9-00000000.gwb"]


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
    assert [(event["record_kind"], event["count"]) for event in shown] == [("resident", 18), ("resident", 1)]


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
