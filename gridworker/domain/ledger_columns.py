"""Columns of ledgers as the office chose them by hand: said once, read so on every computer of it (domain.md 8)."""

from typing import ClassVar

from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class LedgerColumns(Record, table=True):
    """What was chosen for one header, known by its ``fingerprint``.

    ``headers``: one a line; ``choices``: ``word=header`` a line, the word as in a mapping file. They are words of
    offices; a first row in which people stand instead of a header never comes here (sheets/remembered.py).
    """

    kind: ClassVar[Kind] = Kind(
        40, Label("Columns of a ledger"), Label("Columns of ledgers"), caption=("headers",), everywhere=True
    )

    fingerprint: str | None = field(1, Label("Known by"), required=True, max_length=32)
    headers: str | None = field(2, Label("Headers, one a line"), Type.NOTE, required=True)
    choices: str | None = field(3, Label("What was chosen"), Type.NOTE)
    chosen_at: str | None = field(4, Label("Chosen"), Type.MOMENT, required=True)
