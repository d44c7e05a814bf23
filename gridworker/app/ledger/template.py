"""Blank forms of the ledgers, from what the kinds declare: headers, stars, lists, text cells. They import again."""

from pathlib import Path

from gridworker.app.ledger.cells import words_of
from gridworker.app.ledger.layout import head_line
from gridworker.app.ledger.ledgers import ledger_named
from gridworker.domain.codes_export import LEDGER
from gridworker.text import gettext

_BLANK = 500
_REQUIRED = "✱"


def write_template(path: Path, ledger: str) -> None:
    """Write one. Raises NotFound, Problem, StoreProblem."""
    from gridworker.sheets.write import Table, check_table_path, write_table

    check_table_path(path)
    columns = ledger_named(ledger).form
    lists = {at: words_of(column) for at, column in enumerate(columns)}
    blanks = ((gettext("Reporting office"), "＿＿＿＿"), (gettext("Made by"), "＿＿＿＿"), (gettext("Day"), "＿＿＿＿"))
    table = Table(
        LEDGER.label(ledger),
        [f"{column.label}{_REQUIRED}" if column.required else str(column.label) for column in columns],
        [],
        note=head_line(blanks),
        lists={at: words for at, words in lists.items() if words},
        blank=_BLANK,
    )
    write_table(path, table)
