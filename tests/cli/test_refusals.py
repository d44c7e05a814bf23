"""What a command refuses before it has done anything, and how it says so."""

import json
import logging
from pathlib import Path

import pytest

from gridworker.paths import log_file
from tests.cli.script import Script


def said(script: Script, *words: object, given: str = "") -> str:
    """The one sentence on a refusal."""
    status, out, err = script.run(*words, given=given)
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    return err.strip()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"PK\x03\x04 cut off", "file_corrupt"),
        ("a.csv", "一句话\n".encode(), "file_corrupt"),
    ],
)
def test_a_refused_ledger_is_told_to_machines_too(script: Script, name: str, data: bytes, kind: str) -> None:
    path = script.folder / name
    path.write_bytes(data)
    status, out, err = script.run("roster", "read", path, "--json")
    neutral = json.loads(out)
    (problem,) = neutral["problems"]
    assert (status, len(err.splitlines())) == (1, 1)
    assert (neutral["households"], neutral["residents"]) == ([], [])
    assert (problem["kind"], problem["row"], problem["sheet"], problem["action"]) == (kind, None, None, "refuse")
    assert problem["detail"] == err.strip()
    assert said(script, "roster", "read", path) == err.strip()


def test_the_pictures_have_a_place_before_the_circle_begins(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path] = []
    monkeypatch.setattr("gridworker.app.demo.tour.Circle", begun.append)
    (script.folder / "file").write_text("x")
    assert '"file"' in said(script, "tour", "--shots", script.folder / "file")
    assert '"shots"' in said(script, "tour", "--shots", script.folder / "file" / "shots")
    assert begun == []


def test_what_does_not_fit_says_what_does(script: Script) -> None:
    _, _, choice = script.run("office", "ids", "--keep", "all")
    _, _, number = script.run("device", "retire", "two")
    assert "full, last4" in choice
    assert "has to be a number" in number


def test_a_number_out_of_bounds_is_told_the_bounds(script: Script) -> None:
    for given in ("-3", "1000001", "many"):
        _, _, number = script.run("bundle", "pack", "--out", "stick", f"--limit-mb={given}")
        assert "--limit-mb does not fit: it has to be a number from 0 to 1000000." in number
    _, _, number = script.run("attachment", "free", "--keep-mb=-1")
    assert "--keep-mb does not fit: it has to be a number, 0 or more." in number
    _, _, number = script.run("attachment", "caption", "--", "-5", "words")
    assert "ATTACHMENT does not fit: it has to be a number. " in number


@pytest.mark.parametrize("place", ["", "office", "laptop-2"])
def test_a_sample_goes_into_no_folder_that_is_in_use(script: Script, place: str) -> None:
    used = script.folder / "used" / place
    used.mkdir(parents=True)
    (used / "store.db").write_bytes(b"somebody's")
    before = set(script.folder.rglob("*"))
    assert said(script, "demo", "--dir", script.folder / "used").startswith("There is a store in this folder")
    assert set(script.folder.rglob("*")) == before


def test_trouble_with_a_new_folder_names_that_folder(script: Script) -> None:
    (script.folder / "file").write_text("x")
    given = ("--community", "420202005002", "--name", "师院社区办公室")
    assert '"office"' in said(script, "office", "new", "--dir", script.folder / "file" / "office", *given)


@pytest.mark.parametrize("clerk", ["", "刘芳"])
def test_an_office_has_a_name(script: Script, clerk: str) -> None:
    given = ("--community", "420202005002", "--name", " ", "--clerk", clerk)
    assert said(script, "office", "new", "--dir", script.folder / "office", *given) == "The office needs a name."
    assert not (script.folder / "office").exists()


@pytest.mark.parametrize("kind", ["issue_step", "household"])
def test_who_names_no_field_is_told_that_there_is_nothing_to_write(script: Script, office: Path, kind: str) -> None:
    words = ("record", "save", kind, 7, "--dir", office)
    assert said(script, *words, given="{}") == "There is nothing to write: name a field and its value."


def test_a_fault_of_the_program_says_where_and_nothing_of_what_was_typed(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers go into files of scripts, and those lie about."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("陈桂芳 13800000142")

    monkeypatch.setenv("XDG_CACHE_HOME", str(script.folder))
    log = log_file()
    monkeypatch.setattr("gridworker.app.roster.rosters.Rosters.template", broken)
    status, out, err = script.run("roster", "template", script.folder / "form.xlsx")
    assert (status, out) == (70, "")
    assert "ValueError" in err
    assert err.splitlines()[-1].endswith(f"log: {log}")
    assert "ValueError" in log.read_text("utf-8")
    assert not any(word in err + log.read_text("utf-8") for word in ("陈桂芳", "13800000142"))
    for handler in [one for one in logging.getLogger("gridworker").handlers if isinstance(one, logging.FileHandler)]:
        logging.getLogger("gridworker").removeHandler(handler)
        handler.close()
