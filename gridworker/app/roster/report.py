"""What an import did or would do, as a table to be handed on: every row of the ledger with the reason beside it.

It is an export like any other: values are masked, of under-14s nothing is told but the row, and it is on record with
its purpose before anything is written. Above the cap of a laptop the names are left out, as in share mode: the rows
are found by their numbers all the same, and no code of the office is needed.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.ledger.preview_rows import RowPlan, RowState
from gridworker.app.office_rules import OfficeRules
from gridworker.app.roster.preview import Preview
from gridworker.app.roster.values import FULL_DAY
from gridworker.app.words.purposes import checked_purpose
from gridworker.domain.consent_rules import is_child
from gridworker.domain.masking import share_name
from gridworker.errors import Problem
from gridworker.sheets.write import Plain, Table, check_table_path, write_table
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.forms import FormPreview
    from gridworker.app.session import Session

_STATES: Mapping[RowState, Label] = MappingProxyType({
    RowState.NEW: Label("New"), RowState.CHANGED: Label("Changed"), RowState.SAME: Label("Same"),
    RowState.REJECTED: Label("Not taken in"),
})  # fmt: skip
_MOST = 32_000
"""Characters of a cell: a spreadsheet holds a few more."""


def counts_line(preview: "Preview | FormPreview") -> str:
    """How many rows are new, changed, the same, rejected, and how many of them are to be looked at."""
    text = gettext("New {new}, changed {changed}, the same {same}, rejected {rejected}; to be checked {suspect}.")
    counts = {state.value: preview.counts.get(state.value, 0) for state in RowState}
    return text.format(**counts, suspect=preview.suspect)


class RosterReport:
    """The report of one preview."""

    def __init__(self, session: "Session", preview: "Preview | FormPreview") -> None:
        self._session, self._preview = session, preview

    def write(self, path: Path, purpose: str) -> int:
        """Put it on record and write it. Returns how many rows."""
        chosen = checked_purpose(purpose)
        check_table_path(path)
        refuse_data_folder(path, self._session.folder.root)
        rows = list(self._rows())
        self._session.require_writer()
        self._session.note("export", kind=self._preview.kind, count=len(rows), purpose=chosen, detail="report")
        title = gettext("Import of {file}").format(file=self._preview.file)
        try:
            said = " ".join((counts_line(self._preview), *self._preview.notices))[:_MOST]
            write_table(path, Table(title, _headers(), rows, said))
        except Problem:
            self._session.note("export", kind=self._preview.kind, count=0, detail="unwritten")
            raise
        return len(rows)

    def _rows(self) -> Iterator[list[Plain]]:
        rows, today = self._preview.rows, self._session.today()
        short = not self._session.is_office and len(rows) > OfficeRules(self._session).export_cap()
        for row in rows:
            born = row.birth_date or ""
            child = is_child(today, born if len(born) == FULL_DAY else None, int(born[:4]) if born else None)
            yield _cells(row, child=child, short=short)


def _headers() -> list[str]:
    return [
        gettext("Sheet"), gettext("Row"), gettext("What happens"), gettext("To check"), gettext("Full name"),
        gettext("Door"), gettext("What changes"), gettext("What to know"),
    ]  # fmt: skip


def _cells(row: RowPlan, *, child: bool, short: bool) -> list[Plain]:
    name = gettext("(under 14)") if child else share_name(row.name) if short and row.name else row.name
    changes = () if child or short else row.changes
    told = [
        gettext("{label}: {before} → {after}").format(
            label=change.label, before=change.before or gettext("(empty)"), after=change.after
        )
        for change in changes
    ]
    return [
        row.sheet or "", row.row, str(_STATES[row.state]), "√" if row.suspect else "", name, row.door,
        "\n".join(told)[:_MOST], "\n".join(row.reasons)[:_MOST],
    ]  # fmt: skip
