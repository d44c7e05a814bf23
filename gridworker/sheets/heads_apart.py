"""Ledgers with the heads in one column and everybody else in another, one person to a row: then both are names."""

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field

_LEAST = 2
"""So many rows of each kind make a rule of it."""


def heads_among(rows: list[list[Cell]], layout: Layout) -> None:
    """Put the heads among the names, where no row has both and the rows of heads have numbers of their own."""
    head, name, number = (layout.one(field) for field in (Field.HEAD, Field.NAME, Field.ID_NUMBER))
    if min(head, name, number) < 0 or layout.members:
        return
    led = named = 0
    for row in rows[layout.below :]:
        told = head < len(row) and row[head] != ""
        other = name < len(row) and row[name] != ""
        if told and (other or number >= len(row) or row[number] == ""):
            return
        led, named = led + told, named + other
    if min(led, named) < _LEAST:
        return
    for row in rows[layout.below :]:
        if head < len(row) and row[head] != "":
            row += [""] * (name + 1 - len(row))
            row[name] = f"{text_of(row[head])}（户主）"
