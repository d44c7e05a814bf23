"""``--help``, in the language of the product: the parser's own page is English.

What is told of a command stands where it is declared: the docstring of its function, ``help=`` of its options. They are
message ids like any other (.ci/catalogue.py collects them).
"""

import inspect
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from gridworker.text import gettext, language

PROGRAM = "gridworker"
COLUMNS = 100
_WIDE = {"zh_CN": 2}
"""Columns that a sign takes: by it lines are broken."""
HELP = {"--help", "-h"}


def page(tree: Any, arguments: Sequence[str]) -> str | None:
    """What to print instead of running a command: where ``--help`` is asked for, or a group is named without a command.

    ``tree`` is the command that holds all others.
    """
    names, command = [PROGRAM], tree
    rest = list(arguments)
    while rest and rest[0] in getattr(command, "commands", {}):
        names.append(rest.pop(0))
        command = command.commands[names[-1]]
    before = rest[: rest.index("--")] if "--" in rest else rest
    if HELP & set(before) or (hasattr(command, "commands") and not rest):
        return "\n".join(_lines(" ".join(names), command)) + "\n"
    return None


def _lines(name: str, command: Any) -> Iterator[str]:
    given = [one for one in command.params if one.name != "help"]
    words = [_metavar(one) for one in given if one.param_type_name == "argument"]
    commands = getattr(command, "commands", {})
    options = [one for one in given if one.param_type_name == "option"]
    usage = " ".join(
        [name, *([gettext("COMMAND")] if commands else []), *words, *([gettext("[OPTIONS]")] if options else [])]
    )
    yield gettext("Usage: {usage}").format(usage=usage)
    told = _words(command)
    if told:
        yield from ("", *_broken(told, COLUMNS))
    for title, rows in (
        (
            gettext("What is given:"),
            [(_metavar(one), _about(one)) for one in given if one.param_type_name == "argument"],
        ),
        (
            gettext("Options:"),
            [*((_option(one), _about(one)) for one in options), ("--help", gettext("Show this page."))],
        ),
        (gettext("Commands:"), [(one, _words(found)) for one, found in commands.items()]),
        (gettext("Exit status:"), _statuses() if name == PROGRAM else []),
    ):
        if rows:
            yield from ("", title, *_table(rows))


def _statuses() -> list[tuple[str, str]]:
    """For scripts: what the exit status says."""
    return [
        ("0", gettext("It was done.")),
        (
            "1",
            gettext(
                "It was refused, as one sentence says, or what was checked is not sound; or nobody took the answer."
            ),
        ),
        ("2", gettext("The command was not understood; nothing was done.")),
        ("70", gettext("A fault of the program; it is in the log.")),
        ("130", gettext("Stopped by Ctrl C; nothing is half done.")),
    ]


def _words(command: Any) -> str:
    """What a command is for; docstrings are broken into lines anew."""
    text = inspect.cleandoc(command.help or "")
    return gettext(text).replace("\n\n", _between()).replace("\n", " ") if text else ""


def _between() -> str:
    """What stands between two sentences: nothing in Chinese, whose full stop brings its own room."""
    return "" if language() in _WIDE else " "


def _about(parameter: Any) -> str:
    words = [gettext(parameter.help) if parameter.help else ""]
    if parameter.required and parameter.param_type_name == "option":
        words.append(gettext("(needed)"))
    elif parameter.default not in (None, "", False, 0) and not callable(parameter.default):
        words.append(gettext("(default: {value})").format(value=parameter.default))
    return _between().join(filter(None, words))


def _metavar(parameter: Any) -> str:
    name = str(parameter.metavar or parameter.name).strip("_").upper()
    several = f"{name} ..." if parameter.nargs == -1 else name
    return several if parameter.required else f"[{several}]"


def _option(parameter: Any) -> str:
    name = str(parameter.opts[0])
    kind = getattr(parameter.type_descriptor.annotation, "__name__", "")
    return name if parameter.is_flag else f"{name} {_KINDS.get(kind, 'TEXT')}"


def _broken(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns // _WIDE.get(language(), 1), break_on_hyphens=False)


_KINDS = {"int": "NUMBER", "Path": "PATH"}


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    wide = max(len(name) for name, _ in rows) + 4
    for name, told in rows:
        lines = _broken(told, max(COLUMNS - wide, 40)) or [""]
        yield f"  {name:{wide - 2}}{lines[0]}".rstrip()
        yield from (" " * wide + line for line in lines[1:])
