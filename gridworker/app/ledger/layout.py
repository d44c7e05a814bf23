"""How a ledger is laid out: its title, head lines and columns, by the usual form or by a preset of the office."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridworker.app.ledger.cells import Shown, Style
from gridworker.app.ledger.ledgers import Ledger, ledger_named
from gridworker.domain.codes_export import LAST_FOUR, LEDGER, MASKED
from gridworker.errors import Problem
from gridworker.record import Type
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Value

MOST_COLUMNS, LONGEST_HEADER = 60, 40
_LINE = re.compile(r"\s*([a-z0-9_]*)\s*(?:=(.*))?")


USUAL = Style()
"""How days and numbers are written where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What an export looks like. ``unit`` is who reports; empty is the office's own name."""

    ledger: Ledger
    title: str
    shown: tuple[Shown, ...]
    style: Style = USUAL
    unit: str = ""


def usual_layout(name: str) -> Layout:
    """A ledger as it is where nobody asks for another form."""
    ledger = ledger_named(name)
    shown = tuple(Shown(str(column.label), column) for column in ledger.usual)
    return Layout(ledger, LEDGER.label(name), shown)


def preset_layout(preset: "Mapping[str, Value]") -> Layout:
    """A ledger as a preset wants it. Raises Problem, NotFound for columns that are none."""
    usual = usual_layout(str(preset["ledger"]))
    style = Style(str(preset["day_form"] or "dash"), str(preset["number_form"] or MASKED))
    shown = tuple(_columns(usual.ledger, str(preset["columns"] or ""))) or usual.shown
    if style.number_form == LAST_FOUR:
        shown = tuple(map(_last_four, shown))
    return Layout(usual.ledger, str(preset["title"] or usual.title), shown, style, str(preset["unit"] or ""))


def column_lines(ledger: str) -> str:
    """The usual columns as a preset has them: what a person begins to change."""
    return "\n".join(f"{column.name}={column.label}" for column in ledger_named(ledger).usual)


def _columns(ledger: Ledger, lines: str) -> Iterator[Shown]:
    found = [line for line in lines.splitlines() if line.strip()]
    if len(found) > MOST_COLUMNS:
        raise Problem("At most {count} columns.", count=MOST_COLUMNS)
    for line in found:
        match = _LINE.fullmatch(line)
        name, header = (match[1], (match[2] or "").strip()) if match else ("", "")
        if not name and not header:
            names = ", ".join(column.name for column in ledger.columns)
            raise Problem("Write a column as name=Header; the names are: {names}.", names=names)
        if len(header) > LONGEST_HEADER:
            raise Problem("At most {count} characters; shorten it.", count=LONGEST_HEADER)
        column = ledger.column(name) if name else None
        yield Shown(header or (str(column.label) if column else ""), column)


def _last_four(shown: Shown) -> Shown:
    """An ID column that holds four characters says so, or it would be read again as a number that lost its digits."""
    if shown.column is None or shown.column.type is not Type.ID_NUMBER or shown.header != str(shown.column.label):
        return shown
    return replace(shown, header=gettext("ID number (last four)"))


def head_line(parts: Sequence[tuple[str, str]]) -> str:
    """The line under a title: who reports, who made it, when, what for."""
    return "    ".join(gettext("{name}: {value}").format(name=name, value=value) for name, value in parts if value)
