"""``gridworker audit`` and ``gridworker approval``: the log by filters, and an export that needed the office's word."""

from pathlib import Path

from tests.cli.script import Script, enrolled, opened


def test_the_log_by_filters_and_as_a_file(script: Script, office: Path) -> None:
    script.json("record", "save", "staff", "--dir", office, given={"name": "赵海", "role": "duty"})
    rows = script.json("audit", "--dir", office)
    assert {"login", "create", "role"} <= {row["action"] for row in rows}
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert [row["about"] for row in script.json("audit", "--dir", office, "--action", "role")] == ["Staff member 赵海"]
    assert script.json("audit", "--dir", office, "--person", "赵海") == []
    assert len(script.json("audit", "--dir", office, "--limit", "2")) == 2
    assert script.json("audit", "--dir", office, "--until", "2020-01-01") == []
    status, _, err = script.run("audit", "--dir", office, "--since", "yesterday")
    assert (status, err) == (1, "A day is written like 2026-03-01.\n")
    status, _, err = script.run("audit", "--dir", office, "--person", "nobody")
    assert (status, err) == (1, "Nobody called nobody is among the staff, or several are: give the number.\n")
    status, _, err = script.run("audit", "--dir", office, "--action", "nonsense")
    assert (status, err.startswith("There is no act nonsense. There are: login, ")) == (1, True)
    (role,) = script.json("audit", "--dir", office, "--action", "role")
    person = int(script.json("record", "list", "staff", "--dir", office)[-1]["id"])
    assert script.json("audit", "--dir", office, "--record", person) == [role]
    out = script.folder / "audit.csv"
    assert script.json("audit", "--dir", office, "--out", out, "--purpose", "inspection")["rows"] > 3
    assert out.read_text("utf-8-sig").startswith('"Time"')
    status, said, _ = script.run("audit", "--dir", office, "--action", "audit_export")
    assert status == 0
    assert "Exported the audit log" in said
    assert "For an inspection" in said


def test_a_laptop_shows_its_own_log(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    rows = script.json("audit", "--dir", laptop)
    assert {row["device"] for row in rows} == {"Laptop 1"}


def test_an_export_above_the_cap_from_ask_to_file(script: Script, office: Path) -> None:
    assert script.json("approval", "cap", "--dir", office)["cap"] == 1000
    assert script.json("approval", "cap", "0", "--dir", office)["cap"] == 0
    laptop = enrolled(script, office)
    with opened(laptop) as workspace:
        household = workspace.session.new_id()
        workspace.records.save("household", {"status": "active"})
        (found,) = workspace.records.page("household")
        workspace.people.add(found.id, {"name": "陈桂芳"})
        assert household
    bundle = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    assert bundle
    script.json("bundle", "merge", next(script.folder.glob("01-*.gwb")), "--dir", office)
    out = script.folder / "list.csv"
    status, _, err = script.run("roster", "export", out, "--dir", laptop, "--purpose", "report")
    assert (status, err) == (1, "People on the list: 1; up to 0 leave a laptop without a code from the office.\n")
    ask = script.json("approval", "ask", "1", "--dir", laptop)["ask"]
    status, said, _ = script.run("approval", "show", ask, "--dir", office)
    assert (status, said) == (0, "Laptop 1 of 周敏: 1 person, All grids\n")
    code = script.json("approval", "give", ask, "--dir", office)["approval"]
    words = ("roster", "export", out, "--dir", laptop, "--purpose", "report", "--approval", code)
    assert script.json(*words)["residents"] == 1
    status, _, err = script.run(*words, "--replace")
    assert status == 1
    assert err.endswith("it is for another computer, or was used already. Ask for another one.\n")
    status, _, err = script.run("approval", "give", ask, "--dir", laptop)
    assert status == 1
    assert err.startswith('"Approve an export: Households and people" is not for your role, Grid worker.')
