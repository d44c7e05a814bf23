"""Every command given odd and hostile input, one parameter after the other: a sentence, a status, and nothing changed.

The commands and their parameters are found by walking the tree, so a new command is tried too. The stores are opened
once: what is tried is the commands.
"""

import inspect
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from gridworker.app.workspace import Workspace
from gridworker.cli import commands
from gridworker.cli.main import main
from gridworker.store.keys import kdf
from gridworker.text import gettext
from tests.circle import head
from tests.cli.script import PASSPHRASE

ELSEWHERE = {("tour",), ("demo",)}
"""They make everything they need, and take long."""
ANEW = {("office", "new"), ("device", "enrol"), ("restore",)}
"""They make a store."""
GIVEN = {
    "community": "420202005002", "kind": "staff", "to": "1", "worker": "周敏", "grid": "第一网格", "into": "第二网格",
    "of": "self", "fields": "name",
}  # fmt: skip
"""What fits, by name of the parameter, where one letter does not."""
WORDS = ("", "x" * 100_000, "\x01'; DROP TABLE op; -- {x}%s")
NUMBERS = (str(2**63 - 1), "9" * 30, "abc")
OBJECTS = (
    "",
    "[1]",
    "{}",
    '{"nonsense": 1}',
    '{"name": "\\ud800"}',
    '{"name": 1e999}',
    '{"name": {"a": []}}',
    "[" * 9999,
)


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands with their names."""
    if hasattr(command, "commands"):
        for name, found in command.commands.items():
            yield from leaves(found, (*path, name))
    elif path not in ELSEWHERE:
        yield path, command


TREE = commands.tree()
COMMANDS = dict(leaves(TREE))
CLOSES = frozenset({("key", "data")})
"""Makes a backup, which is on record, and then needs the store closed: those here stay open."""


@dataclass
class Ground:
    """Two stores, opened once, and files that are none."""

    folder: Path
    stores: dict[str, Workspace] = field(default_factory=dict)

    def forget_new_stores(self) -> None:
        """A command that is asked for a new folder may have made a store in an odd place."""
        for place in (self.folder / "missing", self.folder / "a folder"):
            if any(place.rglob("keys.json")):
                rmtree(place)
                (self.folder / "a folder").mkdir(exist_ok=True)

    def paths(self) -> list[str]:
        """Places a file cannot be read from or written to."""
        folder, file, loop = self.folder / "a folder", self.folder / "a file", self.folder / "loop"
        if not folder.exists():
            folder.mkdir()
            file.write_bytes(b"\x00\xff\xfe no file of ours")
            loop.symlink_to(loop)
        long = self.folder / ("x" * 300)
        places = (self.folder / "missing" / "below", folder, file, file / "below", loop, long)
        return [*map(str, places), "\udcff"]

    def run(self, *words: str, given: str = "") -> tuple[int, str, str]:
        """Run a command as the shell would."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr("sys.stdin", io.StringIO(given))
            status = main(list(words))
        return status, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = Ground(tmp_path_factory.mktemp("odd"))
    office, laptop = str(made.folder / "office"), str(made.folder / "laptop")
    kit, code = str(made.folder / "kit.gwk"), str(made.folder / "code.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDWORKER_PASSPHRASE", PASSPHRASE)
        patch.setattr(kdf, "PRODUCTION", kdf.CHEAP)
        patch.setattr("gridworker.text.system_language", lambda: "en")
        patch.chdir(made.folder)
        patch.setattr(commands, "tree", lambda: TREE)
        for words in (
            ("office", "new", "--dir", office, "--community", "420202005002", "--name", "师院社区办公室"),
            ("grid", "add", "第一网格", "--dir", office),
            ("grid", "add", "第二网格", "--dir", office),
            (
                "device",
                "issue",
                "--worker",
                "周敏",
                "--grid",
                "第一网格",
                "--out",
                kit,
                "--code-file",
                code,
                "--dir",
                office,
            ),
            ("device", "enrol", kit, "--code-file", code, "--dir", laptop),
        ):
            assert made.run(*words)[0] == 0
        made.stores = {name: Workspace.open(made.folder / name, PASSPHRASE) for name in ("office", "laptop")}
        opening, closing = Workspace.open, Workspace.close
        patch.setattr(Workspace, "close", lambda _workspace: None)
        patch.setattr(Workspace, "open", lambda folder, *_: made.stores.get(folder.name) or opening(folder, PASSPHRASE))
        yield made
        for workspace in made.stores.values():
            closing(workspace)


def is_flag(one: Any) -> bool:
    """Whether it is an option without a value."""
    return bool(getattr(one, "is_flag", False))


def line(command: Any, odd: Any = None, value: str = "") -> list[str]:
    """The words of a command with all it needs, one of them odd."""
    options, rest = [], []
    for one in command.params:
        if one.name in {"help", "dir_", "passphrase_file", "as_json"} or not (one.required or one is odd):
            continue
        kind = one.type_descriptor.annotation
        fits = "1" if kind is int else "fits.bin" if kind is Path else GIVEN.get(one.name, "x")
        word = value if one is odd else fits
        if one.param_type_name == "argument":
            rest.append(word)
        else:
            options += [one.opts[0]] if is_flag(one) else [one.opts[0], word]
    return [*options, "--", *rest] if rest else options


def odd_lines(command: Any, ground: Ground) -> Iterator[list[str]]:
    """The command as it is, and with each of its parameters odd."""
    yield line(command)
    for one in command.params:
        if one.name in {"help", "dir_", "passphrase_file", "as_json"}:
            continue
        kind = str(one.type_descriptor.annotation)
        values = [""] if is_flag(one) else ground.paths() if "Path" in kind else NUMBERS if "int" in kind else WORDS
        yield from (line(command, one, value) for value in values)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_odd_input_is_one_sentence_and_changes_nothing(path: tuple[str, ...], ground: Ground) -> None:
    lines = list(odd_lines(COMMANDS[path], ground))
    objects = OBJECTS if path in {("record", "save"), ("conflict", "resolve")} else ("",)
    tried = [*((lines[0], given) for given in objects), *((words, objects[0]) for words in lines[1:])]
    for words, given in tried:
        for name, workspace in list(ground.stores.items())[: 2 if words == lines[0] else 1]:
            before = head(workspace)
            status, _, err = ground.run(
                *path, "--dir", str(ground.folder / ("fresh" if path in ANEW else name)), *words, given=given
            )
            shown = f"{name}: {' '.join(word[:60] for word in words)} {given[:40]}"
            if status:
                assert path in CLOSES or head(workspace) == before, shown
                assert path[:1] == ("bundle",) or len(err.strip().splitlines()) == 1, shown
            assert "Traceback" not in err, shown
            assert not (ground.folder / "fresh" / ".setup").exists(), shown
            ground.forget_new_stores()


@pytest.mark.parametrize("option", ["--passphrase-file", "--dir"])
def test_a_folder_or_a_passphrase_that_is_none_is_one_sentence(option: str, ground: Ground) -> None:
    large = ground.folder / "large"
    large.write_bytes(b"four words are enough\n" * 1000)
    for place in (*ground.paths(), str(large)):
        words = ["digest", "--dir", str(ground.folder / "other")] if option == "--passphrase-file" else ["digest"]
        status, out, err = ground.run(*words, option, place)
        assert (status != 0, out, len(err.strip().splitlines())) == (True, "", 1), place


def test_an_answer_nobody_takes_ends_without_a_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gridworker", "version"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_closed_standard_input_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRIDWORKER_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", None)
    for words in (["digest", "--dir", "nowhere"], ["record", "save", "staff", "--dir", "nowhere"]):
        assert main(words) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_stopping_at_the_prompt_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("gridworker.cli.frame.folder", stop)
    assert main(["digest"]) == 130
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_help_is_whole_in_both_languages(
    each_language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gridworker.text.system_language", lambda: each_language)
    for path, command in COMMANDS.items():
        assert main([*path, "--help"]) == 0
        told = capsys.readouterr().out
        for one in command.params:
            name = one.opts[0] if one.param_type_name == "option" else (one.metavar or one.name).strip("_").upper()
            assert name.upper() in told.upper(), path
        if each_language == "zh_CN":
            given = [command.help, *(one.help for one in command.params if one.name != "help")]
            assert [told for told in map(inspect.cleandoc, given) if gettext(told) == told] == [], path
    assert main(["bundle"]) == 2
