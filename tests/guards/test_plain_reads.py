"""What is read by a name goes through ``plainfile.py``, so that a pipe put under that name keeps nobody waiting.

A call is named by its module and the function it stands in; those that may open by themselves say why.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gridworker

HOUSE = Path(gridworker.__file__).parent
DOOR = "plainfile.py"

SHIPPED = "comes with the program"
KERNEL = "the kernel's own"
NEW = "makes a file, and fails where something has the name"
WRITES = "opens for writing, and waits for no reader"

MAY = {
    ("app/demo/tour.py", "_enrol"): "written a moment ago into a folder of the tour's own",
    ("app/staff/attempts.py", "_steady"): KERNEL,
    ("cli/commands.py", "_disk_or_pipe"): "the null device, on purpose",
    ("cli/main.py", "_make_writable"): "the null device, on purpose",
    ("gui/look/icons.py", "_charmap"): SHIPPED,
    ("gui/look/theme.py", "sheet"): SHIPPED,
    ("gui/look/theme.py", "tokens"): SHIPPED,
    ("gui/preferences.py", "save"): NEW,
    ("gui/recovery/sheet.py", "write_pdf"): WRITES,
    ("gui/watching/drives.py", "_flag"): KERNEL,
    ("store/backup/place.py", "copy_synced"): WRITES,
    ("store/backup/raw_copy.py", "checked_hash"): "a pipe has no bytes, so it is left before",
    ("store/backup/raw_copy.py", "copied_hash"): WRITES,
    ("store/engine/diskspace.py", "_reserve"): NEW,
    ("store/engine/filesafe.py", "_begin"): NEW,
    ("store/engine/filesafe.py", "_cut"): "looked at before: a pipe is no large file",
    ("store/engine/log_room.py", "make_log_room"): WRITES,
    ("store/engine/machine.py", "_is_removable"): KERNEL,
    ("store/engine/machine.py", "_machine_id"): "the system's own",
    ("store/engine/machine.py", "_volume"): KERNEL,
    ("store/engine/machine.py", "since_start"): KERNEL,
    ("store/rekey.py", "_stage"): "made a moment ago, and open as a store until then",
    ("store/search/pinyin.py", "_dictionary"): SHIPPED,
    ("text.py", "_catalogue"): SHIPPED,
}

READS = {"read_text", "read_bytes", "FileIO", "copyfile", "copy2", "copytree"}
MODE = set("rwxab+t")


def openings(tree: ast.Module, *, dialogs: bool = False) -> Iterator[tuple[str, int]]:
    """Calls that open what a name stands for: the function they stand in, and the line.

    ``dialogs``: where windows are made, what is opened without saying how is one of them.
    """
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, within = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            within = node.name
        if isinstance(node, ast.Call) and _opens(node, dialogs=dialogs):
            yield within, node.lineno
        waiting += [(child, within) for child in ast.iter_child_nodes(node)]


def _opens(call: ast.Call, *, dialogs: bool) -> bool:
    name = call.func
    if isinstance(name, ast.Name):
        return name.id in READS | {"open"}
    if not isinstance(name, ast.Attribute):
        return False
    if name.attr != "open":
        return name.attr in READS
    if isinstance(name.value, ast.Name) and name.value.id in {"os", "io", "codecs"}:
        return True
    return _says_how(call) or not (call.args or call.keywords or dialogs)


def _says_how(call: ast.Call) -> bool:
    """``path.open("rb")``, ``path.open(encoding=...)``; not what opens a store, a page or a part of an archive."""
    how = call.args[0] if call.args else None
    mode = isinstance(how, ast.Constant) and isinstance(how.value, str) and set(how.value) <= MODE
    return mode or any(word.arg in {"mode", "encoding", "buffering"} for word in call.keywords)


@pytest.mark.parametrize(
    "line",
    [
        "open(path)", "os.open(path, os.O_RDONLY)", "path.open()", 'path.open("rb")', 'path.open(mode="rb")',
        'path.open(encoding="utf-8")', "path.read_text()", 'Path("x").read_bytes()', "io.FileIO(path)", "FileIO(path)",
        "shutil.copyfile(path, other)", "io.open(path)",
    ],
)  # fmt: skip
def test_what_opens_a_name_is_found(line: str) -> None:
    assert list(openings(ast.parse(f"def read():\n    {line}"))) == [("read", 2)]


@pytest.mark.parametrize(
    "line", ["open_plain(path)", "Store.open(db, keys)", "archive.open(member)", "vault.open(words)"]
)
def test_what_opens_something_else_is_not(line: str) -> None:
    assert list(openings(ast.parse(line))) == []


def test_names_are_opened_by_one_door() -> None:
    found: dict[tuple[str, str], list[int]] = {}
    for path in sorted(HOUSE.rglob("*.py")):
        module = path.relative_to(HOUSE).as_posix()
        for within, line in openings(ast.parse(path.read_text("utf-8")), dialogs=module.startswith("gui/")):
            if module != DOOR:
                found.setdefault((module, within), []).append(line)
    assert {place: lines for place, lines in found.items() if place not in MAY} == {}, "use plainfile.py"
    assert sorted(MAY.keys() - found.keys()) == [], "opens nothing by itself any more"
