"""Filled-in forms of the registers by script: taken in, the same again, refused with a sentence."""

from pathlib import Path

from tests.cli.script import Script, enrolled


def _form(script: Script) -> Path:
    path = script.folder / "shops.csv"
    script.json("roster", "template", path, "--ledger", "shops")
    head = path.read_text("utf-8-sig").splitlines()[-1]
    rows = ["便民副食店,Self-employed,,花园路 5 号,第一网格,,13800000144", "早点铺,No such kind,,花园路 6 号,第一网格"]
    path.write_text("\n".join([head, *rows]), "utf-8")
    return path


def test_a_form_is_taken_in_once_and_taken_back(script: Script, office: Path) -> None:
    words = ("roster", "import", _form(script), "--dir", office, "--grid", "第一网格")
    tried = script.json(*words, "--dry-run")
    assert (tried["ledger"], tried["counts"]) == ("shops", {"new": 1, "rejected": 1, "suspect": 0})
    assert script.json("record", "list", "merchant", "--dir", office) == []
    told = script.json(*words)
    assert [(row["row"], row["state"]) for row in told["rows"]] == [(2, "new"), (3, "rejected")]
    assert "B3" in told["rows"][1]["reasons"][0]
    assert script.json(*words)["counts"] == {"same": 1, "rejected": 1, "suspect": 0}
    status, out, err = script.run(*words, "--report", script.folder / "report.csv", "--purpose", "check")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "Ledger of shops"
    assert '"No such kind" is not in the list.' in out
    assert "B3" in (script.folder / "report.csv").read_text("utf-8-sig")
    script.json("undo", "--dir", office)
    assert script.json("record", "list", "merchant", "--dir", office) == []


def test_a_form_is_corrected_and_taken_in_again(script: Script, office: Path) -> None:
    path = _form(script)
    words = ("roster", "import", path, "--dir", office, "--grid", "第一网格")
    assert script.json(*words)["counts"] == {"new": 1, "rejected": 1, "suspect": 0}
    path.write_text(path.read_text("utf-8").replace("No such kind", "Self-employed"), "utf-8")
    assert script.json(*words)["counts"] == {"new": 1, "same": 1, "suspect": 0}
    path.write_text(path.read_text("utf-8").replace("13800000144", "13800000155"), "utf-8")
    told = script.json(*words)
    assert [row["state"] for row in told["rows"]] == ["changed", "same"]
    assert len(script.json("record", "list", "merchant", "--dir", office)) == 2, "and nobody is there twice"


def test_what_is_not_taken_in_says_why(script: Script, office: Path) -> None:
    for ledger in ("visits", "issues", "disputes", "needs"):
        form = script.folder / f"{ledger}.xlsx"
        script.json("roster", "template", form, "--ledger", ledger)
        status, _, err = script.run("roster", "import", form, "--dir", office, "--grid", "第一网格")
        assert (status, "they are written in the window" in err, err.count("\n")) == (1, True, 1)
    form, laptop = script.folder / "shifts.xlsx", enrolled(script, office)
    script.json("roster", "template", form, "--ledger", "shifts")
    status, _, err = script.run("roster", "import", form, "--dir", laptop, "--grid", "第一网格")
    assert (status, "is not for your role" in err) == (1, True)
