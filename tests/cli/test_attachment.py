"""Photos as a script handles them: added on a laptop, carried in pieces, written out at the office, let go of."""

from pathlib import Path

import pytest

from tests.cli.script import Script, enrolled
from tests.pictures import CANARY, photo


def carry(script: Script, sender: Path, receiver: Path, *options: str) -> list[Path]:
    """Pack and merge. Returns the files."""
    files = script.json("bundle", "pack", "--dir", sender, "--out", script.folder, *options)
    for file in files:
        script.json("bundle", "merge", file, "--dir", receiver)
    return [Path(file) for file in files]


def test_a_photo_from_the_laptop_to_a_file_at_the_office(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    home = script.json("record", "save", "household", "--dir", laptop, given={"status": "active"})["id"]
    source, target = script.folder / "IMG_1.jpg", script.folder / "out.jpg"
    source.write_bytes(photo(1, 1_500_000))
    to = ("--to", "household", "--id", home)
    added = script.json("attachment", "add", source, *to, "--caption", "楼道杂物", "--dir", laptop)
    assert added["here"]
    (bare,) = carry(script, laptop, office, "--limit-mb", "0")
    assert bare.stat().st_size < 10_000, "the work goes, the photo waits"
    (first,) = carry(script, laptop, office, "--limit-mb", "1")
    assert first.stat().st_size <= 1024 * 1024
    status, out, _ = script.run("attachment", "list", "--dir", office)
    assert (status, out.endswith("楼道杂物 " + str(added["size"]) + " B still on laptop 1\n")) == (0, True)
    status, _, err = script.run("attachment", "save", added["id"], "--out", target, "--dir", office)
    assert (status, err) == (1, "The file is not here: still on laptop 1.\n")
    carry(script, laptop, office)
    script.json("attachment", "save", added["id"], "--out", target, "--dir", office)
    assert len(target.read_bytes()) == added["size"]
    assert CANARY not in target.read_bytes()
    exports = [row for row in script.json("record", "list", "audit_event", "--dir", office) if "export" in str(row)]
    assert exports, "writing a file out goes on record"


def test_letting_go_says_what_stays_and_needs_a_backup(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    home = script.json("record", "save", "household", "--dir", laptop, given={"status": "active"})["id"]
    source = script.folder / "IMG_1.jpg"
    source.write_bytes(photo(1, 50_000))
    script.json("attachment", "add", source, "--to", "household", "--id", home, "--dir", laptop)
    status, out, _ = script.run("attachment", "free", "--keep-mb", "0", "--dir", laptop)
    assert (status, out) == (0, "0 files were removed. 1 is not in the office's backup yet and stays.\n")
    carry(script, laptop, office)
    script.json("backup", "--dir", office)
    for _ in range(2):
        carry(script, office, laptop, "--to", "1")
        carry(script, laptop, office)
    assert script.run("attachment", "free", "--keep-mb", "0", "--dir", laptop)[1] == "1 file was removed.\n"
    status, _, err = script.run("attachment", "free", "--keep-mb", "0", "--dir", office)
    assert (status, err) == (1, "The office keeps all files.\n")


def test_what_cannot_be_attached_is_one_sentence(script: Script, office: Path) -> None:
    source = script.folder / "notes.txt"
    source.write_text("hello")
    status, _, err = script.run("attachment", "add", source, "--to", "grid", "--id", "1", "--dir", office)
    assert (status, err) == (
        1, "Nothing can be attached to \"grid\", only to one of these: visit, issue, issue_step, household.\n"
    )  # fmt: skip
    for path, said in (
        (script.folder / "no.jpg", "There is no file no.jpg."),
        (Path(), "Only photos (JPEG, PNG) and PDF can be attached."),
    ):
        status, _, err = script.run("attachment", "add", path, "--to", "visit", "--id", "1", "--dir", office)
        assert (status, err) == (1, f"{said}\n")


@pytest.mark.parametrize("purpose", ["report", "Report to the street office", "报街道"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_purpose_is_given_as_code_or_in_either_language(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch, purpose: str, language: str
) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: language)
    home = script.json("record", "save", "household", "--dir", office, given={"status": "active"})["id"]
    source, target = script.folder / "IMG_1.jpg", script.folder / "out.jpg"
    source.write_bytes(photo(1, 50_000))
    added = script.json("attachment", "add", source, "--to", "household", "--id", home, "--dir", office)["id"]
    save = ("attachment", "save", added, "--out", target, "--dir", office, "--purpose")
    script.json(*save, purpose)
    assert script.json("audit", "--action", "export", "--dir", office)[0]["purpose"]
    target.write_bytes(b"somebody's work")
    status, _, said = script.run(*save, purpose)
    assert (status, "out.jpg" in said, target.read_bytes()) == (1, True, b"somebody's work")
    status, _, said = script.run(*save, "whatever")
    assert (status, "report (" in said) == (1, True)
