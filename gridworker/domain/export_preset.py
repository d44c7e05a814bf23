"""Presets of exports: how one superior wants a ledger, laid down once and used again (domain.md 8: enter once)."""

from typing import ClassVar

from gridworker.domain import codes_export as codes
from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class ExportPreset(Record, table=True):
    """A preset of the office; every laptop has it. ``columns``: one a line, ``name``, ``name=Header`` or ``=Header``.

    Without columns it has those of the ledger; ``=Header`` is a column to be filled in by hand.
    """

    kind: ClassVar[Kind] = Kind(32, Label("Export preset"), Label("Export presets"), caption=("name",), everywhere=True)

    name: str | None = field(1, Label("Name of the preset"), required=True, max_length=40)
    ledger: str | None = field(2, Label("Which ledger"), Type.CODE, required=True, codes=codes.LEDGER)
    title: str | None = field(3, Label("Title of the table"), max_length=100)
    unit: str | None = field(4, Label("Reporting office"), max_length=60)
    columns: str | None = field(5, Label("Columns, one a line"), Type.NOTE)
    day_form: str | None = field(6, Label("How days are written"), Type.CODE, codes=codes.DAY_FORM)
    number_form: str | None = field(7, Label("How numbers are written"), Type.CODE, codes=codes.NUMBER_FORM)
