"""What a command writes takes the place of nothing that somebody else put there; a refusal leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from shutil import copy2, rmtree

import pytest

from tests.cli.script import Script, enrolled

THESIS = b"\x00 somebody's work"


def refused(script: Script, *words: object) -> str:
    code, out, said = script.run(*words)
    assert (code, out, said.count("\n")) == (1, "", 1), said
    return said


def test_a_bundle_replaces_no_file_but_one_that_was_packed_here(script: Script, office: Path) -> None:
    laptop, out = enrolled(script, office), script.folder / "thesis.gwb"
    pack = ("bundle", "pack", "--dir", laptop, "--out", out)
    out.write_bytes(THESIS)
    assert "thesis.gwb" in refused(script, *pack)
    assert out.read_bytes() == THESIS
    assert not any((laptop / "outbox").glob("*"))
    out.unlink()
    script.json(*pack)
    first = script.json("bundle", "show", out, "--dir", office)
    assert first["n"] == 1, "what was refused took no number"
    rmtree(laptop / "outbox")
    script.json(*pack)
    assert script.json("bundle", "show", out, "--dir", laptop)["n"] == 2
    copy2(script.folder / "kit.gwk", out)
    assert "thesis.gwb" in refused(script, *pack)
    assert out.read_bytes() == (script.folder / "kit.gwk").read_bytes()


def test_a_reply_and_a_bundle_of_another_computer_are_kept_too(script: Script, office: Path) -> None:
    laptop, out = enrolled(script, office), script.folder / "a.gwb"
    script.json("bundle", "pack", "--dir", laptop, "--out", out)
    script.json("bundle", "merge", out, "--dir", office)
    theirs = out.read_bytes()
    refused(script, "bundle", "pack", "--dir", office, "--out", out, "--to", "1")
    assert out.read_bytes() == theirs


@pytest.mark.parametrize("taken", ["kit", "code"])
def test_a_kit_and_its_code_replace_no_file(script: Script, office: Path, taken: str) -> None:
    files = {name: script.folder / name for name in ("kit", "code")}
    files[taken].write_bytes(THESIS)
    issue = (
        "device", "issue", "--dir", office, "--worker", "周敏", "--grid", "第一网格", "--out", files["kit"],
        "--code-file", files["code"],
    )  # fmt: skip
    refused(script, *issue)
    assert files.pop(taken).read_bytes() == THESIS
    assert not next(iter(files.values())).exists()
    assert script.json("device", "list", "--dir", office) == []


def test_keys_and_tables_replace_nothing_of_another_sort(script: Script, office: Path) -> None:
    taken = {ending: script.folder / f"taken{ending}" for ending in (".xlsx", ".csv", ".key")}
    for file in taken.values():
        file.write_bytes(THESIS)
    export = ("roster", "export", "--dir", office, "--grid", "第一网格", "--purpose", "report")
    for words in (
        (*export[:2], taken[".xlsx"], *export[2:]),
        (*export[:2], taken[".csv"], *export[2:]),
        ("audit", "--dir", office, "--purpose", "report", "--out", taken[".xlsx"]),
        ("key", "export", "--dir", office, "--out", taken[".key"]),
        ("key", "export", "--dir", office, "--secret", "--out", script.folder / "k", "--code-file", taken[".key"]),
        ("key", "export", "--dir", office, "--secret", "--out", taken[".key"], "--code-file", script.folder / "k"),
        ("key", "recovery", taken[".key"], "--dir", office),
    ):
        assert "taken." in refused(script, *words)
    assert {file.read_bytes() for file in taken.values()} == {THESIS}
    assert not (script.folder / "k").exists()


def test_a_table_is_replaced_only_where_that_is_asked_for(script: Script, office: Path) -> None:
    table = script.folder / "list.csv"
    for words in (
        ("roster", "export", table, "--dir", office, "--purpose", "report"),
        ("roster", "template", table),
        ("roster", "import", table, "--dir", office, "--grid", "第一网格", "--report", table),
        ("audit", "--dir", office, "--purpose", "report", "--out", table),
    ):
        table.write_text("somebody's list\n")
        assert refused(script, *words).endswith("name another one, or add --replace.\n")
        assert table.read_text() == "somebody's list\n"
        script.run(*words, "--replace")
        assert (table.read_text() != "somebody's list\n") is (words[1] != "import"), "what is no ledger has no report"


def test_nothing_is_no_place_to_write_to(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(script.folder)
    for words in (("bundle", "pack"), ("device", "issue", "--worker", "周敏", "--grid", "1", "--code-file", "c")):
        assert refused(script, *words, "--out", "") == "Name the file or the folder to write to.\n"
    assert list(script.folder.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("--community", "1"), ("--recovery", "{taken}"), ("--recovery", "{none}/x"), ("--divisions", "{taken}")]
)
def test_an_office_that_is_not_founded_leaves_nothing(script: Script, words: tuple[str, str]) -> None:
    taken, data = script.folder / "taken", script.folder / "data" / "office"
    taken.write_bytes(THESIS)
    given = {"--community": "420202005002", "--name": "师院社区办公室"}
    given[words[0]] = words[1].format(taken=taken, none=script.folder / "none")
    refused(script, "office", "new", "--dir", data, *(word for pair in given.items() for word in pair))
    assert list(script.folder.iterdir()) == [taken]
    assert taken.read_bytes() == THESIS
    data.mkdir(parents=True)
    refused(script, "office", "new", "--dir", data, *(word for pair in given.items() for word in pair))
    assert list(data.iterdir()) == [], "the folder that was there stays"


def bent(backup: Path) -> None:
    with (backup / "store.db").open("r+b") as file:
        file.seek(20_000)
        file.write(b"\x00" * 99)


def cut(backup: Path) -> None:
    (backup / "store.db").unlink()


@pytest.mark.parametrize("damage", [bent, cut])
@pytest.mark.parametrize("there", [False, True])
def test_a_damaged_backup_leaves_nothing_in_a_new_folder(
    script: Script, office: Path, damage: Callable[[Path], None], *, there: bool
) -> None:
    backup, new = Path(script.json("backup", "--dir", office)["path"]), script.folder / "anew" / "office"
    damage(backup)
    if there:
        new.mkdir(parents=True)
    status, out, said = script.run("restore", backup, "--dir", new)
    assert (status, out, said.count("\n")) == (1, "", 1)
    assert (new.parent.exists(), list(new.glob("*"))) == (there, [])
