#!/usr/bin/env python3
"""Merge the parts of a catalogue, resources/locale/<language>/*.po, into the gridworker.mo beside them.

    .ci/catalogue.py            write every gridworker.mo
    .ci/catalogue.py --check    write nothing; list what is missing, unused, broken or stale, exit 1 if anything is

The same parts give the same bytes, whatever the day and the version of Babel. A message may stand in several parts
only with one translation.
"""

import argparse
import ast
import inspect
import io
import re
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

TOP = Path(__file__).resolve().parent.parent
LOCALES = TOP / "resources" / "locale"
SOURCES = TOP / "gridworker"
COMMANDS = SOURCES / "cli"
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]
UNSUITABLE = re.compile("您|(?<![申邀聘])请|系统|失败|[!！]")
"""What the product never says in Chinese: it is short and spoken, blames nobody and does not shout."""


class _Plain(Catalog):
    """A catalogue whose header holds nothing that changes by itself: no date, no version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The same for every catalogue."""
        return HEADERS

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        raise AttributeError(f"the header is fixed, so not {list(headers)}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its translation and where it stands."""

    id: str
    plural: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Use:
    """A message id in the source, or a text put together by the program, which nobody could translate."""

    id: str
    plural: str
    place: str
    broken: bool = False


# ------------------------------------------------------------------------------------------------------- the catalogue


def languages() -> list[Path]:
    """The folders with parts of a catalogue."""
    return sorted({part.parent for part in LOCALES.glob("*/*.po")})


def entries(folder: Path) -> list[Entry]:
    """All entries of the parts in ``folder``, repeated ones too. Raises PoFileError on a broken part."""
    found: list[Entry] = []
    for part in sorted(folder.glob("*.po")):
        with part.open("rb") as file:
            catalog = read_po(file, locale=folder.name, abort_invalid=True)
        found += [_entry(message, part) for message in catalog if message.id]
    return found


def _entry(message: Message, part: Path) -> Entry:
    one, many = message.id if isinstance(message.id, list | tuple) else (message.id, "")
    text = message.string[0] if isinstance(message.string, list | tuple) else message.string
    return Entry(str(one), str(many), "" if message.fuzzy else str(text), f"{_short(part)}:{message.lineno}")


def compiled(found: Iterable[Entry]) -> bytes:
    """The .mo file for these entries."""
    catalog = _Plain(fuzzy=False, charset="utf-8")
    for entry in sorted(found, key=lambda entry: entry.id):
        if entry.plural:
            catalog.add((entry.id, entry.plural), (entry.text,))
        else:
            catalog.add(entry.id, entry.text)
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def faults(found: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with the entries by themselves."""
    first: dict[str, Entry] = {}
    for entry in found:
        if not entry.text:
            yield f'{entry.place}: "{entry.id}" has no translation'
        elif _fields(entry.text) != _fields(entry.plural or entry.id):
            yield f'{entry.place}: "{entry.id}" and its translation have different {{places}}'
        other = first.setdefault(entry.id, entry)
        if (other.plural, other.text) != (entry.plural, entry.text):
            yield f'{entry.place}: "{entry.id}" is translated otherwise in {other.place}'


def unsuitable(found: Iterable[Entry]) -> Iterator[str]:
    """Translations with words the house does not write."""
    for entry in found:
        if word := UNSUITABLE.search(entry.text):
            yield f"{entry.place}: the house does not write “{word.group()}”: {entry.text}"


def _fields(text: str) -> set[str] | None:
    """The names of the {places} in a text; None where its braces do not pair."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


# ----------------------------------------------------------------------------------------------------------- the source


def uses() -> list[Use]:
    """Every message the program asks for: gettext, ngettext, Label, and the sentences of Problem and its kinds."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCES.rglob("*.py"))}
    readers = {"gettext": 0, "ngettext": 0, "Label": 0, **_problems(trees.values())}
    found = [use for path, tree in trees.items() for use in _used(tree, path, readers)]
    return found + [use for path, tree in trees.items() if path.parent == COMMANDS for use in _help(tree, path)]


def _problems(trees: Iterable[ast.Module]) -> dict[str, int]:
    """The classes of errors by name, each with the position of its sentence among the arguments."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"Problem": 0}
    grown = True
    while grown:
        grown = False
        for node in classes:
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in found]
            if bases and node.name not in found:
                found[node.name] = _position(node, found[bases[0]])
                grown = True
    return {name: position for name, position in found.items() if position >= 0}


def _position(node: ast.ClassDef, inherited: int) -> int:
    """Where the constructor of an error takes its sentence; -1 where it takes none."""
    for function in node.body:
        if isinstance(function, ast.FunctionDef) and function.name == "__init__":
            names = [argument.arg for argument in function.args.args[1:]]
            return names.index("message") if "message" in names else -1
    return inherited


def _used(tree: ast.Module, path: Path, readers: dict[str, int]) -> Iterator[Use]:
    short = _short(path)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        position = readers.get(name, -1)
        if position < 0 or len(node.args) <= position:
            continue
        place = f"{short}:{node.lineno}"
        plural = node.args[1] if name == "ngettext" and len(node.args) > 1 else None
        many = plural.value if isinstance(plural, ast.Constant) else ""
        for text in _texts(node.args[position]):
            yield Use(text or ast.unparse(node), str(many), place, broken=text is None)


def _help(tree: ast.Module, path: Path) -> Iterator[Use]:
    """What --help says: ``help=`` of options and groups, and the docstrings of commands, which all answer in JSON."""
    short = _short(path)
    for node in ast.walk(tree):
        place = f"{short}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.keyword) and node.arg == "help":
            yield from (Use(text or ast.unparse(node), "", place, broken=text is None) for text in _texts(node.value))
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = {one.arg: ast.unparse(one.annotation or ast.Constant(None)) for one in node.args.args}
            if arguments.get("as_json") == "Json":
                yield Use(inspect.cleandoc(ast.get_docstring(node) or ""), "", place)


def _texts(node: ast.expr) -> Iterator[str | None]:
    """The texts an argument may be; None for one put together on the spot. Variables are declared elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            if text:
                yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case ast.JoinedStr() | ast.BinOp():
            yield None


# ------------------------------------------------------------------------------------------------------------ the check


def missing(found: Iterable[Entry], used: Iterable[Use]) -> Iterator[str]:
    """Messages in the source that the catalogue does not have."""
    known = {(entry.id, entry.plural) for entry in found}
    for use in used:
        if use.broken:
            yield f"{use.place}: put together by the program, so no translator sees it: {use.id}"
        elif _fields(use.id) is None:
            yield f'{use.place}: braces that do not pair in "{use.id}"'
        elif (use.id, use.plural) not in known:
            yield f'{use.place}: not in the catalogue: "{use.id}"'


def unused(found: Iterable[Entry], used: Iterable[Use]) -> Iterator[str]:
    """Entries of the catalogue that the program never asks for."""
    asked = {use.id for use in used}
    for entry in found:
        if entry.id not in asked:
            yield f'{entry.place}: used nowhere: "{entry.id}"'


def stale(folder: Path, found: Iterable[Entry]) -> Iterator[str]:
    """Whether the committed .mo differs from its parts."""
    target = folder / "gridworker.mo"
    if not target.exists() or target.read_bytes() != compiled(found):
        yield f"{_short(target)}: stale; run .ci/catalogue.py"


def _short(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def main() -> int:
    """Do what the docstring of this file says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, list the faults")
    check = parser.parse_args().check
    used = uses() if check else []
    wrong: list[str] = []
    for folder in languages():
        try:
            found = entries(folder)
        except PoFileError as error:
            wrong.append(f"{_short(folder)}: {error}")
            continue
        wrong += faults(found)
        if check:
            wrong += [*unsuitable(found), *missing(found, used), *unused(found, used), *stale(folder, found)]
        elif not wrong:
            (folder / "gridworker.mo").write_bytes(compiled(found))
            print(f"{_short(folder)}: {len({entry.id for entry in found})} messages")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
