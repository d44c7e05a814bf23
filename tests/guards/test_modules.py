"""Modules stay small, are named for what they hold, silence nothing without a reason, and do nothing when imported."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import grimp

TOP = Path(__file__).parents[2]
LONGEST = 400
BANNED = {"utils", "util", "misc", "common", "helpers", "helper", "manager", "managers", "stuff", "base"}
SILENCED = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)(?P<what>[^#]*)(?P<rest>.*)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


WATCH = """
import sys
from gridworker import resources
seen, shipped = [], str(resources.path())
def watch(event, args):
    if event == "open" and isinstance(args[0], str):
        writes = isinstance(args[1], str) and set(args[1]) & set("wax+")
        if writes or args[0].startswith(shipped):
            seen.append(f"opens {args[0]}")
    elif event in {"socket.connect", "subprocess.Popen", "sqlite3.connect", "os.mkdir", "_thread.start_new_thread"}:
        seen.append(event)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import importlib, pkgutil, gridworker
for module in pkgutil.walk_packages(gridworker.__path__, "gridworker."):
    if not module.name.endswith("__main__"):
        before = len(seen)
        importlib.import_module(module.name)
        if len(seen) > before:
            print(module.name, *seen[before:])
"""


def modules(*folders: str) -> Iterator[tuple[Path, str]]:
    """Every module under some folders, with its text."""
    for path in chain.from_iterable(sorted((TOP / folder).rglob("*.py")) for folder in folders):
        if "data" not in path.parts:
            yield path, path.read_text("utf-8")


def named(path: Path) -> str:
    """A module as it is called."""
    return path.relative_to(TOP).as_posix()


def test_modules_are_small() -> None:
    assert [named(path) for path, text in modules("gridworker") if len(text.splitlines()) > LONGEST] == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert [
        named(path) for path, _ in modules("gridworker") if set(path.relative_to(TOP).with_suffix("").parts) & BANNED
    ] == []


def test_no_imports_run_in_a_circle() -> None:
    """Nor those for types alone: whoever reads a module can read what it rests on first."""
    graph = grimp.build_graph("gridworker", cache_dir=None)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def test_nothing_waits_for_the_clock() -> None:
    """Also where ruff lets through what else it bans (the store, the doors to threads and message boxes)."""
    assert [named(path) for path, text in modules("gridworker") if "sleep" in set(called(ast.parse(text)))] == []


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names)


def test_what_is_silenced_says_why() -> None:
    without = []
    for path, text in modules("gridworker", "tests"):
        for number, line in enumerate(text.splitlines(), 1):
            if path != Path(__file__) and (found := SILENCED.search(line)):
                reason = re.sub(r"^(\[[\w, -]+\]|: [A-Z0-9, ]+)", "", found["what"]) + found["rest"]
                if len(reason.strip(" #-")) <= 8:
                    without.append(f"{named(path)}:{number} {line.strip()}")
    assert without == []


def test_nothing_is_left_unfinished() -> None:
    left = [named(path) for path, text in modules("gridworker", "tests") if UNFINISHED.search(text)]
    assert left == [named(Path(__file__))], "which names what is looked for"


def test_importing_opens_starts_and_writes_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
