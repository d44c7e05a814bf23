"""Passphrases by command: changed, shared out among people, forgotten and got past."""

from pathlib import Path

import pytest

from gridworker.cli.passphrase import NEW as NEW_VARIABLE
from tests.cli.script import PASSPHRASE, Script, enrolled, opened

NEW, SECOND = "other four words here", "second person has this"


@pytest.fixture(autouse=True)
def _new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NEW_VARIABLE, NEW)


def file_with(script: Script, words: str) -> Path:
    path = script.folder / "words.txt"
    path.write_text(f"{words}\n", encoding="utf-8")
    return path


def refused(script: Script, *words: object) -> str:
    status, _, said = script.run(*words)
    assert status == 1
    return said.strip()


def test_it_is_changed(script: Script, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert script.json("passphrase", "change", "--dir", office) == {"changed": True}
    assert refused(script, "grid", "list", "--dir", office) == "That is not the passphrase: try again."
    script.json("grid", "list", "--dir", office, "--passphrase-file", file_with(script, NEW))
    monkeypatch.setenv(NEW_VARIABLE, "short")
    said = refused(script, "passphrase", "change", "--dir", office, "--passphrase-file", file_with(script, NEW))
    assert said == "This passphrase is too short: take at least ten characters or four words."
    monkeypatch.delenv(NEW_VARIABLE)
    said = refused(script, "passphrase", "change", "--dir", office, "--passphrase-file", file_with(script, NEW))
    assert said.startswith("The new passphrase is missing")
    said = refused(script, "passphrase", "change", "--key-ring", "--dir", office, "--passphrase-file",
                   file_with(script, NEW), "--new-passphrase-file", file_with(script, NEW))  # fmt: skip
    assert "key ring" in said


@pytest.mark.parametrize("by", ["file", "input"])
def test_the_mark_that_an_editor_puts_in_front_is_no_part_of_a_passphrase(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Nobody could type it in the window afterwards."""
    monkeypatch.delenv(NEW_VARIABLE)
    marked = file_with(script, f"\ufeff{NEW}")
    source, given = (marked, "") if by == "file" else ("-", f"\ufeff{NEW}\r\n")
    change = ("passphrase", "change", "--dir", office, "--new-passphrase-file", source)
    assert script.run(*change, given=given)[0] == 0
    script.json("grid", "list", "--dir", office, "--passphrase-file", file_with(script, NEW))
    code = script.folder / "code.txt"
    code.write_text(f"{script.recovery_code}\r\n", encoding="utf-8-sig")
    sheet = script.folder / "recovery.age"
    tried = ("passphrase", "test", sheet, "--code-file", code, "--dir", office, "--passphrase-file", marked)
    assert script.run(*tried)[0] == 0


def test_people_come_and_go(script: Script, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(office) as workspace:
        workspace.devices.add_staff({"name": "王强", "role": "office"})
    monkeypatch.setenv(NEW_VARIABLE, SECOND)
    added = script.json("passphrase", "add", "王强", "--dir", office)
    assert [one["name"] for one in added] == ["刘芳", "王强"]
    second = file_with(script, SECOND)
    script.json("grid", "add", "第二网格", "--dir", office, "--passphrase-file", second)
    listed = script.json("passphrase", "list", "--dir", office)
    assert [(one["name"], one["own"]) for one in listed] == [("刘芳", True), ("王强", False)]
    rows = script.json("record", "list", "audit_event", "--dir", office)
    assert listed[1]["person"] in {row["staff_id"] for row in rows if row["action"] == "create"}
    assert refused(script, "passphrase", "add", "王强", "--dir", office).startswith("王强 is not among")
    assert [one["name"] for one in script.json("passphrase", "remove", "王强", "--dir", office)] == ["刘芳"]
    assert "last passphrase" in refused(script, "passphrase", "remove", "刘芳", "--dir", office)
    assert refused(script, "grid", "list", "--dir", office, "--passphrase-file", second).startswith("That is not")


@pytest.mark.parametrize("by_code", [True, False])
def test_a_forgotten_one_of_a_laptop(script: Script, office: Path, by_code: bool) -> None:
    laptop = enrolled(script, office)
    asked = script.json("passphrase", "ask", "--dir", laptop, "--out", script.folder)
    question = asked["code"] if by_code else asked["question"]
    answered = script.json("passphrase", "answer", question, "--dir", office, "--out", script.folder)
    assert answered["laptop"] == 1
    given = answered["code"] if by_code else answered["answer"]
    assert script.json("passphrase", "reset", given, "--dir", laptop) == {"changed": True}
    script.json("bundle", "pack", "--dir", laptop, "--out", script.folder, "--passphrase-file", file_with(script, NEW))
    assert "asked anew" in refused(script, "passphrase", "reset", given, "--dir", laptop)
    said = refused(
        script, "passphrase", "answer", question, "--dir", laptop, "--passphrase-file", file_with(script, NEW)
    )
    assert said == '"Enrol: Devices" is not for your role, Grid worker. It is for: Community office.'


def test_the_recovery_sheet(script: Script, office: Path) -> None:
    key, code = script.folder / "recovery.age", file_with(script, script.recovery_code)
    assert script.json("passphrase", "test", key, "--code-file", code, "--dir", office)["opens"]
    script.json("passphrase", "recover", key, "--code-file", code, "--dir", office)
    assert "That is not" in refused(script, "grid", "list", "--dir", office)
    script.json("grid", "list", "--dir", office, "--passphrase-file", file_with(script, NEW))


def test_it_must_be_said_whose_where_there_are_several(script: Script, office: Path) -> None:
    key, code = script.folder / "recovery.age", script.folder / "code.txt"
    code.write_text(script.recovery_code, encoding="utf-8")
    with opened(office) as workspace:
        workspace.people_here.add(workspace.devices.add_staff({"name": "王强", "role": "office"}), SECOND)
    recover = ("passphrase", "recover", key, "--code-file", code, "--dir", office)
    assert "--person" in refused(script, *recover)
    assert refused(script, *recover, "--person", "赵海").startswith("Nobody called")
    script.json(*recover, "--person", "王强")
    script.json("grid", "list", "--dir", office, "--passphrase-file", file_with(script, NEW))
    assert PASSPHRASE
    script.json("grid", "list", "--dir", office)


def test_a_second_persons_passphrase_for_a_role_that_may_do_more(script: Script, office: Path) -> None:
    third, witness = "窗户 稻田 老虎 铅笔", file_with(script, PASSPHRASE)
    with opened(office) as workspace:
        for name, role in (("何平", "administrator"), ("赵海", "office")):
            person = workspace.devices.add_staff({"name": name, "role": role})
            if role == "administrator":
                workspace.people_here.add(person, SECOND, witness="")
    files = {name: script.folder / f"{name}.txt" for name in ("administrator", "new")}
    files["administrator"].write_text(SECOND, encoding="utf-8")
    files["new"].write_text(third, encoding="utf-8")
    given = ("--passphrase-file", files["administrator"], "--new-passphrase-file", files["new"])
    add = ("passphrase", "add", "赵海", "--dir", office, *given)
    assert "types their own passphrase" in refused(script, *add)
    assert {one["name"] for one in script.json(*add, "--witness-file", witness)} >= {"何平", "赵海"}
