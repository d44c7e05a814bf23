"""The ledger of chosen households (住户台账, domain.md 5.3): written to a file or printed, masked, on record."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app import days
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.office_rules import OfficeRules
from gridworker.app.purposes import checked_purpose
from gridworker.app.session import Session
from gridworker.domain.codes import HOUSEHOLD_STATUS, LIVING_ARRANGEMENT, RESIDENCE_STATUS
from gridworker.domain.codes_office import EXPORT_PURPOSE
from gridworker.domain.masking import mask_phones
from gridworker.errors import Denied
from gridworker.record import Privacy, Spec, Type
from gridworker.store.queries import household_ledger as rows
from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.sheets.write import Plain, Table


class HouseholdLedger(Service):
    """One row for each household, in the order of the list."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @needs(Action.EXPORT, Matter.PEOPLE)
    def write(self, path: Path, households: Sequence[int], *, purpose: str) -> int:
        """Write it to .xlsx or .csv. Returns how many households. Raises Denied, Problem, DiskFull."""
        from gridworker.sheets.write import check_table_path, write_table

        table, count = self._table(households, checked_purpose(purpose))
        check_table_path(path)
        self._note("export", count, purpose)
        write_table(path, table)
        return count

    @needs(Action.PRINT, Matter.PEOPLE)
    def page(self, households: Sequence[int], *, purpose: str) -> str:
        """The same as a page to be printed, in HTML. It goes on record as printed."""
        table, count = self._table(households, checked_purpose(purpose))
        head = "".join(f"<th align='left'>{html.escape(title)}</th>" for title in table.columns)
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
        self._note("print", count, purpose)
        return (
            f"<h3>{html.escape(table.title)}</h3><p>{html.escape(table.note)}</p>"
            f"<table border='1' cellspacing='0' cellpadding='3' width='100%'><tr>{head}</tr>{body}</table>"
        )

    def _note(self, action: str, count: int, purpose: str) -> None:
        """Put it on record before anything leaves; of more than the office lets a laptop give out, nothing does."""
        cap = OfficeRules(self._session).export_cap()
        if count > cap and not self._session.is_office:
            raise Denied(
                "The list has {count} households; up to {cap} leave a laptop this way. Choose fewer, or export the "
                "roster with a code from the office.",
                count=count,
                cap=cap,
            )
        self._session.require_writer()
        self._session.note(action, kind="household", count=count, purpose=purpose)

    def _table(self, households: Sequence[int], purpose: str) -> "tuple[Table, int]":
        from gridworker.sheets.write import Table

        today = self._session.today()
        with self._session.store.db.read() as connection:
            found = {row.household: row for row in rows.ledger(connection, households, today)}
        made = [_cells(found[household]) for household in households if household in found]
        note = gettext("For “{purpose}”. Made on {day}.").format(
            purpose=EXPORT_PURPOSE.label(purpose), day=days.short_day(today)
        )
        return Table(gettext("Households"), _columns(), made, note), len(made)


def purpose_spec() -> Spec:
    """The field that asks what it is for."""
    return Spec(
        "purpose", 1, Label("What for"), Type.CODE, Privacy.INTERNAL, True, 100, EXPORT_PURPOSE, None, False, None
    )


def _columns() -> list[str]:
    return [
        gettext("Grid"), gettext("Estate"), gettext("Building"), gettext("Unit"), gettext("Room"),
        gettext("Household number"), gettext("Head of household"), gettext("Contact phone"), gettext("Residence"),
        gettext("Living arrangement"), gettext("People"), gettext("Status"),
    ]  # fmt: skip


def _cells(row: rows.LedgerRow) -> "list[Plain]":
    return [
        row.grid or "", row.estate or "", row.building or "", row.unit or "", row.room or "", row.household_no or "",
        row.head or "", mask_phones(row.phone or ""),
        RESIDENCE_STATUS.label(row.residence) if row.residence else "",
        LIVING_ARRANGEMENT.label(row.arrangement) if row.arrangement else "",
        row.people or None, HOUSEHOLD_STATUS.label(row.status or ""),
    ]  # fmt: skip


def _cell(value: "Plain") -> str:
    return f"<td>{html.escape(str(value if value is not None else ''))}</td>"
