"""The README names every command and every make target, and none that does not exist."""

import itertools
import re
from pathlib import Path
from typing import Any

import typer

from gridworker.cli.commands import build

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text("utf-8")


def _promised() -> set[str]:
    """The commands of the table: ``record list\\|show KIND`` is two, ``record list`` and ``record show``."""
    found = set()
    for row in re.findall(r"^\| `gridworker ([^`]+)`", README, re.MULTILINE):
        words = itertools.takewhile(lambda word: re.fullmatch(r"[a-z]+((-|\\\|)[a-z]+)*", word), row.split())
        found |= {" ".join(parts) for parts in itertools.product(*(word.split("\\|") for word in words))}
    return found


def _built(command: Any, name: str = "") -> set[str]:
    below = getattr(command, "commands", {})
    if not below:
        return {name}
    return set().union(*(_built(child, f"{name} {part}".strip()) for part, child in below.items()))


def test_the_table_of_commands_is_the_command_line() -> None:
    app = build()
    assert _promised() == _built(typer.main.get_command(app))


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test", "setup", "check", "bench", "demo", "tour"} <= named <= targets


def test_every_file_named_in_a_link_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (TOP / link).exists()] == []


def test_every_option_of_the_table_is_there() -> None:
    """An option of a row with several commands is one of any of them."""
    missing = []
    for row in re.findall(r"^\| `gridworker ([a-z][^`]*)`", README, re.MULTILINE):
        below: list[Any] = [typer.main.get_command(build())]
        for word in row.split():
            if not hasattr(below[0], "commands"):
                break
            below = [found.commands[part] for found in below for part in word.split("\\|")]
        there = {option for command in below for one in command.params for option in one.opts}
        missing += [(row, option) for option in re.findall(r"--[a-z-]+", row) if option not in there]
    assert missing == []
