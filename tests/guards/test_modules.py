"""Modules stay small, are named for what they hold, silence nothing without a reason, and do nothing when imported."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

TOP = Path(__file__).parents[2]
MODULES = sorted((TOP / "gridworker").rglob("*.py"))
SOURCES = [*MODULES, *sorted(path for path in (TOP / "tests").rglob("*.py") if "data" not in path.parts)]
LONGEST = 400
BANNED = {"utils", "util", "misc", "common", "helpers", "helper", "manager", "managers", "stuff", "base"}
SILENCED = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)(?P<what>[^#]*)(?P<rest>.*)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TOP).as_posix())
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(TOP).as_posix())

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


@each_module
def test_module_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@each_module
def test_module_is_named_for_what_it_holds(path: Path) -> None:
    assert not set(path.relative_to(TOP).with_suffix("").parts) & BANNED


def test_no_imports_run_in_a_circle() -> None:
    """Nor those for types alone: whoever reads a module can read what it rests on first."""
    graph = grimp.build_graph("gridworker", cache_dir=None)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


@each_module
def test_nothing_waits_for_the_clock(path: Path) -> None:
    """Also where ruff lets through what else it bans (the store, the doors to threads and message boxes)."""
    tree = ast.parse(path.read_text("utf-8"))
    assert "sleep" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "sleep" not in {
        name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
    }


@each_source
def test_what_is_silenced_says_why(path: Path) -> None:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if path != Path(__file__) and (found := SILENCED.search(line)):
            reason = re.sub(r"^(\[[\w, -]+\]|: [A-Z0-9, ]+)", "", found["what"]) + found["rest"]
            assert len(reason.strip(" #-")) > 8, f"{path.name}:{number} gives no reason: {line.strip()}"


@each_source
def test_nothing_is_left_unfinished(path: Path) -> None:
    if path != Path(__file__):
        assert not UNFINISHED.search(path.read_text("utf-8"))


def test_importing_opens_starts_and_writes_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
