"""Terminals as they are: stopped by Ctrl C, in another encoding, closed; and what a new user types first."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.cli.frame import given_object
from gridworker.cli.main import main
from gridworker.text import gettext
from tests.cli.script import PASSPHRASE, Script

RARE = "\U00020bb7网格"
"""Its first sign is not in GBK, which is what a Chinese console may write in."""


def in_a_process(
    *words: object, encoding: str = "utf-8", closed: str = "", given: bytes = b""
) -> tuple[int, bytes, bytes]:
    """Run a command where the terminal has an encoding, and an output is ``closed``."""
    code = (
        "import sys; from gridworker.store.keys import kdf; kdf.PRODUCTION = kdf.CHEAP; "
        "from gridworker.cli.main import main; sys.exit(main())"
    )
    told = subprocess.run(
        ["bash", "-c", f'exec "$@" {closed}', "", sys.executable, "-c", code, *map(str, words)],
        env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}, check=False,
        input=given, capture_output=True,
    )  # fmt: skip
    return told.returncode, told.stdout, told.stderr


def test_the_engine_does_not_speak_beside_the_program() -> None:
    """Ctrl C while a connection is closed: the pool would log it with a traceback, on standard error."""
    code = (
        "import logging; from gridworker.cli.main import main; main(['version']); "
        "logging.getLogger('sqlalchemy.pool.impl.QueuePool').error('Exception closing connection')"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stderr == ""


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("where", ["gridworker.app.workspace.Workspace.open", "gridworker.cli.commands.tree"])
def test_ctrl_c_ends_with_a_word_and_the_status_of_shells(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(where, stopped)
        assert script.run("digest", "--dir", office) == (130, "", "Stopped.\n")
    assert script.run("digest", "--dir", office)[0] == 0


def test_ctrl_c_while_the_program_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gridworker.cli.main._run", stopped)
    assert main(["version"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_console_that_lacks_signs_gets_all_the_others(script: Script, office: Path) -> None:
    script.json("grid", "add", RARE, "--dir", office)
    shown, rest = f"\\U{ord(RARE[0]):08x}{RARE[1:]}", ("--dir", office)
    status, out, err = in_a_process("grid", "list", *rest, encoding="gbk")
    assert (status, shown.encode("gbk") in out, err) == (0, True, b"")
    status, out, err = in_a_process("grid", "list", "--json", *rest, encoding="gbk")
    assert (status, err, out.isascii()) == (0, b"", True)
    assert RARE in [one["name"] for one in json.loads(out)]


@pytest.mark.parametrize(
    ("encoding", "written"), [("gbk", "gbk"), ("gbk", "utf-8"), ("utf-8", "utf-16"), ("utf-8", "utf-8-sig")]
)
def test_an_object_is_read_as_shells_hand_it_over(monkeypatch: pytest.MonkeyPatch, encoding: str, written: str) -> None:
    given = json.dumps({"name": RARE[1:]}, ensure_ascii=False).encode(written)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding=encoding))
    assert given_object() == {"name": RARE[1:]}


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_what_is_closed_is_no_fault_of_the_program(script: Script, office: Path, closed: str) -> None:
    listed = script.run("grid", "list", "--dir", office)[1].encode()
    told = in_a_process("grid", "list", "--dir", office, closed=closed)
    assert told == (0, b"" if closed.startswith(">") else listed, b"")


def test_without_standard_input_nobody_is_asked(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main(["roster", "export", str(script.folder / "a.csv"), "--dir", str(office)]) == 0
    assert (script.folder / "a.csv").is_file()
    assert capsys.readouterr().err == ""


def test_passphrases_come_by_standard_input_a_line_each(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRIDWORKER_PASSPHRASE")
    change = ("passphrase", "change", "--passphrase-file", "-", "--new-passphrase-file", "-", "--dir", office)
    assert script.run(*change, given=f"{PASSPHRASE}\r\nfour other words here\n")[0] == 0
    digest = ("digest", "--passphrase-file", "-", "--dir", office)
    assert script.run(*digest, given="four other words here")[0] == 0
    status, _, said = script.run(*digest)
    assert (status, said.startswith("The passphrase is missing")) == (1, True)
    Workspace.open(office, "four other words here").close()


def test_a_folder_is_no_passphrase_file_and_is_named(script: Script, office: Path) -> None:
    said = script.run("digest", "--passphrase-file", ".", "--dir", office)[2]
    assert said == "The passphrase file . cannot be read.\n"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_first_page_tells_the_exit_statuses(script: Script, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: language)
    status, page, _ = script.run("--help")
    told = page.partition(gettext("Exit status:"))[2]
    assert status == 0
    assert [line.split()[0] for line in told.splitlines() if line[2:3].isdigit()] == ["0", "1", "2", "70", "130"]
    assert script.run("-h")[:2] == (0, page)
    assert "Exit" not in script.run("bundle", "pack", "-h")[1]


def test_the_version_is_told_however_it_is_asked_for(script: Script) -> None:
    assert script.run("--version") == script.run("version")


def test_what_may_not_be_read_is_named_and_was_not_typed_wrongly(
    script: Script, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root nothing but the question tells, so that is answered here."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert script.run("digest", "--dir", office)[0] == 0, "the parser does not judge"


@pytest.mark.parametrize("command", ["test", "recover"])
def test_a_file_with_a_code_that_is_not_there_is_taken_for_no_code(script: Script, office: Path, command: str) -> None:
    new = script.folder / "new"
    new.write_text("four other words here")
    more = ("--new-passphrase-file", new) if command == "recover" else ()
    given = (script.folder / "recovery.age", "--code-file", script.folder / "none", "--dir", office, *more)
    assert script.run("passphrase", command, *given) == (1, "", "The file with the code, none, cannot be read.\n")
